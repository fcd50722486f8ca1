"""The weight check as a shop outside asks it: a message for everything that happens, one word for each.

It begins without any weighing and learns from the first visit to the last, as one lane does.
"""

from msgspec.structs import replace

from kiosk.weight import check as checks
from kiosk.weight.account import Setting, Unit
from kiosk.weight.belief import Market, believe, epoch_of
from kiosk.weight.check import Check
from kiosk.weight.decision import Decision, decide, doubtful
from kiosk.weight.sums import HEAVIEST, LANE_MOST, Known, Sums, Weighings, together
from kiosk.weight.talk import (
    BasketEnd,
    BasketStart,
    Event,
    Name,
    Paid,
    Pay,
    Press,
    Qty,
    Scan,
    Settled,
    Staff,
    Store,
    Tick,
    Void,
)

EPOCHS_KEPT = 6
MOST_TAU = 50
SAYS = {
    "bag": checks.says_bag,
    "bag_full": checks.says_full,
    "moved": checks.says_moved,
    "fine": checks.says_fine,
}


class OutOfOrderError(ValueError):
    """A message that cannot come now; says what was expected."""


class Item:
    """What is known of one item: the catalogue's word, and its own weighings by pack."""

    def __init__(self, number: int, master: float | None) -> None:
        self.number, self.master = number, master
        self.weighed: list[Known] = []
        self.weighings: Weighings | None = None

    def learn(self, grams: int, epoch: int) -> None:
        """One more weighing of that pack; of packs long gone nothing is kept."""
        old = next((one for one in self.weighed if one.epoch == epoch), None)
        sums = old.sums.at_most(LANE_MOST - 1) + Sums.of(grams) if old else Sums.of(grams)
        rest = [one for one in self.weighed if one is not old]
        self.weighed = sorted([*rest, Known(epoch, sums, 0, 0)], key=lambda one: one.epoch)[-EPOCHS_KEPT:]
        self.weighings = together(self.weighed, (), 0)


class Judge:
    """`tau`, of at most MOST_TAU either way, shifts the threshold: higher, fewer alarms. Raises OutOfOrderError."""

    def __init__(self, tau: float = 0.0) -> None:
        if not abs(tau) <= MOST_TAU:
            raise ValueError(f"tau: expected -{MOST_TAU} to {MOST_TAU}, not {tau}")
        self._tau = tau
        self._items: dict[Name, Item] | None = None
        self._setting = Setting()
        self._check: Check | None = None
        self._basket: Name = ""
        self._lines: dict[Name, tuple[int, Name, float]] = {}
        self._staffed = False

    def decide(self, event: Event) -> Decision:
        match event:
            case Store():
                return self._store(event)
            case BasketStart():
                return self._start(event)
            case Staff(verdict=verdict):
                return self._staff(verdict)
            case BasketEnd():
                return self._end(event)
            case Tick():
                return self._answer(checks.reminded(self._visit(event)), reminder=True)
            case Press():
                return self._press(event)
            case _:
                return self._answer(self._happened(event))

    def _visit(self, event: Event) -> Check:
        if self._check is None:
            raise OutOfOrderError(f"{_name(event)}: expected basket_start before it")
        return self._check

    def _store(self, event: Store) -> Decision:
        if self._items is not None:
            raise OutOfOrderError("store: expected once, first")
        if event.scale.d <= 0:
            raise OutOfOrderError(f"store: expected a division of more than 0 g, not {event.scale.d}")
        items = {name: Item(number, master) for number, (name, master, _) in enumerate(event.items)}
        if len(items) < len(event.items):
            raise OutOfOrderError("store: expected each item once")
        self._items = items
        market = Market.of([(master, price) for _, master, price in event.items if master])
        self._setting = Setting.of(max(1, round(event.scale.d)), market=market)
        return "ok"

    def _start(self, event: BasketStart) -> Decision:
        if self._items is None or self._check is not None:
            wanted = "store" if self._items is None else "basket_end"
            raise OutOfOrderError(f"basket_start: expected {wanted} before it")
        self._check, self._lines, self._staffed = Check(setting=self._setting), {}, False
        self._basket = event.basket
        return "ok"

    def _end(self, event: BasketEnd) -> Decision:
        check = self._visit(event)
        if event.basket != self._basket:
            raise OutOfOrderError(f"basket_end: expected basket {self._basket!r}, not {event.basket!r}")
        self._learn(check)
        self._check = None
        return "ok"

    def _staff(self, verdict: str) -> Decision:
        check = self._visit(Staff(verdict="open"))
        if (verdict == "open") == self._staffed:
            raise OutOfOrderError(
                f"staff {verdict}: expected {'open before it' if verdict != 'open' else 'a verdict'}"
            )
        self._staffed = verdict == "open"
        if not self._staffed:
            self._check = checks.approved(check, corrected=verdict == "corrected")
        return "ok"

    def _happened(self, event: Event) -> Check:
        check = self._visit(event)
        match event:
            case Scan(line=line, item=item, qty=qty, price=price):
                if line in self._lines:
                    raise OutOfOrderError(f"scan: expected a new line, not {line!r} again")
                self._lines[line] = len(self._lines), item, price
                return checks.scanned(check, *[self._unit(line)] * qty)
            case Qty(line=line, qty=qty):
                return self._counted(check, line, qty)
            case Void(line=line):
                return checks.voided(check, self._number(event, line))
            case Settled(w=w):
                return checks.settled(check, w)
            case Pay():
                return replace(check, paying=True, quiet=0)
            case Paid():
                return replace(check, paying=False, paid=True)
            case _:
                raise OutOfOrderError(f"{_name(event)}: not expected")

    def _counted(self, check: Check, line: Name, qty: int) -> Check:
        number = self._number(Qty(line=line, qty=qty), line)
        have = sum(unit.line == number and i not in check.void for i, unit in enumerate(check.units))
        if qty > have:
            return checks.scanned(check, *[self._unit(line)] * (qty - have))
        return checks.voided(check, number, have - qty) if qty < have else check

    def _number(self, event: Event, line: Name | None) -> int:
        if line is None or line not in self._lines:
            raise OutOfOrderError(f"{_name(event)}: expected a line that was scanned, not {line!r}")
        return self._lines[line][0]

    def _unit(self, line: Name) -> Unit:
        number, name, price = self._lines[line]
        item = self._item(name)
        setting = self._setting
        belief = believe(item.master, item.weighings, round(price), setting.market, setting.blur)
        return Unit(number, item.number, round(price), belief)

    def _item(self, name: Name) -> Item:
        assert self._items is not None
        if name not in self._items:
            self._items[name] = Item(len(self._items), None)
        return self._items[name]

    def known(self, name: Name) -> Weighings | None:
        """What was weighed of an item so far."""
        return self._item(name).weighings

    def _press(self, event: Press) -> Decision:
        check = self._visit(event)
        if event.key == "help":
            self._check = replace(check, card=True)
            return "staff"
        if event.key == "skip":
            number = self._number(event, event.line)
            if doubtful(check, number):
                return "staff"
            check = checks.says_left_out(check, number)
        else:
            check = SAYS[event.key](check)
        return self._answer(replace(check, quiet=0), answer=check.card)

    def _answer(self, check: Check, *, reminder: bool = False, answer: bool = False) -> Decision:
        if self._staffed:
            self._check = check
            return "ok"
        said, self._check = decide(check, reminder=reminder, answer=answer, tau=self._tau)
        return said

    def _learn(self, check: Check) -> None:
        """What was put down alone, in a visit in which nothing was wrong, teaches what its item weighs."""
        if check.best.wrong:
            return
        items = {number: name for number, name, _ in self._lines.values()}
        for i, grams in check.best.alone:
            unit = check.units[i]
            if i not in check.void and 0 <= grams <= HEAVIEST:
                item = self._item(items[unit.line])
                item.learn(
                    round(grams), epoch_of(item.weighings, unit.belief, round(grams), self._setting.blur)
                )


def _name(event: Event) -> str:
    return str(type(event).__struct_config__.tag)
