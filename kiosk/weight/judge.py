"""The weight check as a shop outside asks it, line by line: beliefs that learn, one check a visit, one word an event."""

from math import log, sqrt
from statistics import fmean, pstdev

from msgspec.structs import replace

from kiosk.weight import check as checks
from kiosk.weight.account import Setting, Unit
from kiosk.weight.belief import Belief, Market, believe
from kiosk.weight.check import Check
from kiosk.weight.policy import Patience, suspicion
from kiosk.weight.sums import Sums
from kiosk.weight.talk import (
    BasketEnd,
    BasketStart,
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


class Item:
    __slots__ = ("candidates", "id", "master", "number", "older", "price", "seen", "sums")

    def __init__(self, id, master, price, number):
        self.id, self.master, self.price, self.number = id, master, price, number
        self.sums = Sums()
        self.older = None
        self.candidates = []
        self.seen = 0


class Judge:
    def __init__(self, tau: float = 0.0) -> None:
        self.patience = Patience(tau=tau)
        self.items: dict[object, Item] = {}
        self.setting = Setting()
        self.baskets = 0

    def decide(self, event) -> str:
        return getattr(self, "on_" + type(event).__name__.lower())(event)

    def on_store(self, event: Store) -> str:
        division = event.scale.d
        noise = max(1.0, 0.35 * division)
        masters = [(log(m), log(m / p)) for _, m, p in event.items if m and p]
        market = Market()
        if len(masters) > 20:
            weights = [m for m, _ in masters]
            cents = [c for _, c in masters]
            market = Market(fmean(weights), max(0.3, pstdev(weights)), fmean(cents), max(0.1, pstdev(cents)))
        self.setting = Setting(
            division=division, blur=2 * noise * noise + division * division / 6, market=market
        )
        for number, (id, master, price) in enumerate(event.items):
            self.items[id] = Item(id, master, price, number)
        return "ok"

    def on_basketstart(self, event: BasketStart) -> str:
        self.check = Check(setting=self.setting)
        self.lines: dict[int, tuple[object, int]] = {}
        self.baskets += 1
        self.quiet = 0
        self.asked = 0
        self.episode = 0
        self.paying = self.paid = self.staffed = False
        self.assisted = False
        self.fixes = 0
        return "ok"

    def unit(self, line: int, id, price: int) -> Unit:
        item = self.items.get(id)
        if item is None:
            item = self.items[id] = Item(id, None, price, len(self.items))
        if item.candidates:
            pass
        since = self.baskets - item.seen
        belief = believe(item.master, price, item.sums, self.setting.market, self.setting.blur, since)
        if item.candidates and not belief.wide:
            belief = replace(belief, change=max(belief.change, 0.15))
        return Unit(line, item.number, price, belief)

    def on_scan(self, event: Scan) -> str:
        self.lines[event.line] = (event.item, event.price)
        unit = self.unit(event.line, event.item, event.price)
        self.check = checks.scanned(self.check, (unit,) * event.qty)
        return self.answer()

    def on_qty(self, event: Qty) -> str:
        id, price = self.lines[event.line]
        have = sum(
            1 for i, u in enumerate(self.check.units) if u.line == event.line and i not in self.check.void
        )
        if event.qty > have:
            unit = self.unit(event.line, id, price)
            self.check = checks.scanned(self.check, (unit,) * (event.qty - have))
        elif event.qty < have:
            self.check = checks.voided(self.check, event.line, have - event.qty)
        return self.answer()

    def on_void(self, event: Void) -> str:
        self.check = checks.voided(self.check, event.line)
        return self.answer()

    def on_settled(self, event: Settled) -> str:
        self.check = checks.settled(self.check, float(event.w))
        return self.answer()

    def on_tick(self, event: Tick) -> str:
        self.quiet += 1
        self.check = checks.waited(self.check, 1.0 if not self.paying else 0.6)
        return self.answer(tick=True)

    def on_pay(self, event: Pay) -> str:
        self.paying = True
        self.quiet = 0
        return self.answer()

    def on_paid(self, event: Paid) -> str:
        self.check = replace(self.check, paid=True)
        self.paying = False
        return "ok"

    def on_staff(self, event: Staff) -> str:
        if event.verdict == "open":
            self.staffed = True
            return "ok"
        self.staffed = False
        self.check = checks.accepted(self.check)
        self.assisted = True
        self.episode = 0
        return "ok"

    def on_press(self, event: Press) -> str:
        check, key = self.check, event.key
        asked = self.episode > 0
        if key == "bag":
            if asked:
                check = checks.weighted(check, lambda a: 0.45 if a.wrong else 0.9 if a.unsaid else 0.1)
            else:
                check = replace(check, announced=True)
        elif key == "bag_full":
            check = checks.carried_off(check) if asked else replace(check, full=True)
        elif key == "moved":
            check = checks.weighted(
                check, lambda a: 0.3 if a.wrong else 0.6 if a.lean or a.loose < 0 else 0.3
            )
        elif key == "skip":
            doubt = checks.doubtful_skip(check, event.line) if asked else 0.0
            check = checks.skipped(check, event.line)
            if doubt > self.patience.staff:
                self.check, self.episode, self.quiet = check, 3, 0
                return "staff"
        elif key == "fine":
            check = checks.weighted(check, lambda a: 0.3 if a.wrong else 0.05 if a.loose or a.lean else 0.9)
        self.check = check
        self.quiet = 0
        if key == "help":
            self.episode = 3
            return "staff"
        if asked:
            self.check = checks.bag_known(self.check)
        said = self.answer(pressed=True)
        if asked and said in ("ok", "wait"):
            self.check = checks.weighted(self.check, lambda a: 0.01 if a.wrong else 1.0)
            if self.paying:
                self.check = checks.let_be(self.check)
        return said

    def answer(self, tick: bool = False, pressed: bool = False) -> str:
        if self.staffed:
            return "ok"
        found = checks.verdict(self.check, self.paying and (self.quiet > 0 or self.episode > 0))
        p = self.patience
        wrong = suspicion(found, p)
        stuck = self.paying and (self.quiet > 1 or self.episode)
        if stuck:
            missing = found.missing
            if pressed and checks.worth_missing(self.check) < 100:
                missing = 0.0
            wrong = min(1.0, wrong + found.unfinished + missing + found.leaning)
        if found.bag > 0.3:
            wrong = max(wrong, found.bag)
        if self.episode:
            if wrong < (p.staff if pressed else p.ask):
                said = self.calm(found, wrong)
                if said == "ok" or pressed or tick:
                    return said
                self.episode = 1
                return "ask"
            return "staff" if pressed else "ask"
        if self.paying and not stuck and (found.missing + found.unfinished + found.leaning > 0.3):
            return "wait"
        if wrong > p.ask and (tick or self.paying or self.check.paid):
            self.episode = 1
            self.asked += 1
            return "ask"
        return self.calm(found, wrong)

    def calm(self, found, wrong) -> str:
        p = self.patience
        self.episode = 0
        if wrong > p.silent or found.unfinished > 0.3 or found.leaning > 0.3:
            return "wait"
        if self.paying and found.missing > 0.5:
            return "wait"
        self.quiet = 0
        return "ok"

    def on_basketend(self, event: BasketEnd) -> str:
        self.learn()
        return "ok"

    def learn(self) -> None:
        account = self.check.accounts[0]
        if account.wrong:
            return
        byno = {}
        for unit, grams in account.weighed:
            if unit in self.check.void:
                continue
            id, _ = self.lines[self.check.units[unit].line]
            self.observe(self.items[id], grams, self.check.units[unit].belief)

    def observe(self, item: Item, grams: float, belief: Belief) -> None:
        grams = round(grams)
        item.seen = self.baskets
        near = (
            abs(grams - belief.mean) < 5 * sqrt(belief.var + self.setting.blur) if not belief.wide else True
        )
        if item.sums.n == 0 and not belief.wide and not near:
            near = True  # nobody has weighed it yet: the catalogue may be wrong
        if near:
            s = item.sums
            item.sums = Sums(s.n + 1, s.sum + grams, s.squares + grams * grams)
            item.candidates = item.candidates[1:]
            return
        item.candidates = [*item.candidates, grams][-4:]
        three = item.candidates[-3:]
        need = 2 if item.sums.n < 3 else 3
        if len(three) >= need and max(three) - min(three) < 0.06 * fmean(three) + 10:
            item.older = item.sums
            item.sums = Sums(len(three), sum(three), sum(g * g for g in three))
            item.candidates = []
