"""The check that shops have today, at its fairest: a fixed tolerance about the catalogue's weights, and no learning.

A change may match what was scanned and is not yet there: the oldest, the first few, or all; things nobody knows the
weight of are accepted. What leaves must have been voided, come back, or be everything after the payment. A bag is
accepted if it was announced or is named on the card. What else does not fit gets a card first; who answers that all is
well gets an attendant, whose approval takes over the weight.
"""

from msgspec import Struct

from kiosk.weight import talk
from kiosk.weight.talk import Decision, Event, Name

BAG = 500.0


class Unit(Struct, frozen=True):
    """One thing of a line, and its weight in the catalogue."""

    line: Name
    grams: float | None


class Fixed:
    """Tolerance: the greater of `grams` and `share` of what is expected."""

    def __init__(self, grams: float, share: float) -> None:
        self._grams, self._share = grams, share
        self._master: dict[Name, float | None] = {}
        self._clear()

    def _clear(self) -> None:
        self._level = self._w = 0.0  # what is accounted for; the last reading
        self._pending: list[Unit] = []
        self._placed: list[Unit] = []
        self._leaving: list[Unit] = []
        self._items: dict[Name, tuple[Name, int]] = {}
        self._bag = self._full = self._paid = False

    def decide(self, event: Event) -> Decision:
        match event:
            case talk.Store():
                self._master = {name: grams for name, grams, _ in event.items}
            case talk.BasketStart() | talk.BasketEnd():
                self._clear()
            case talk.Scan():
                self._items[event.line] = event.item, event.qty
                self._expect(event.line, event.item, event.qty)
            case talk.Qty():
                item, before = self._items[event.line]
                self._items[event.line] = item, event.qty
                self._expect(event.line, item, event.qty - before)
            case talk.Void():
                self._void(event.line)
            case talk.Settled():
                self._w = event.w
            case talk.Press():
                return self._pressed(event)
            case talk.Staff(verdict=verdict):
                if verdict != "open":
                    self._take_over()
            case talk.Pay():
                return "ok" if self._fits() and not self._missing() else "ask"
            case talk.Paid():
                self._paid = True
            case talk.Tick():
                pass
        return "ok" if self._fits() else "ask"

    def _expect(self, line: Name, item: Name, more: int) -> None:
        unit = Unit(line, self._master.get(item))
        self._pending += [unit] * max(0, more)
        for _ in range(-more):
            self._withdraw(unit)

    def _void(self, line: Name) -> None:
        for unit in [unit for unit in (*self._pending, *self._placed) if unit.line == line]:
            self._withdraw(unit)

    def _withdraw(self, unit: Unit) -> None:
        if unit in self._pending:
            self._pending.remove(unit)
        elif unit in self._placed:
            self._placed.remove(unit)
            self._leaving.append(unit)

    def _pressed(self, press: talk.Press) -> Decision:
        change = self._w - self._level
        well = self._fits()
        match press.key:
            case "help":
                return "staff"
            case "bag" if well:
                self._bag = True
            case "bag":
                self._bag = True
                well = self._fits()
                self._bag = False
            case "bag_full" if well:
                self._full = True
            case "bag_full" if change < 0:
                self._emptied()
            case "skip":
                self._pending = [unit for unit in self._pending if unit.line != press.line]
            case _ if not well:
                return "staff"
            case "fine" | "moved" if self._missing():
                return "staff"
        return "ok" if self._fits() else "ask"

    def _fits(self) -> bool:
        """Account for the change since the last level, if it can be."""
        change = self._w - self._level
        if change > 0 and self._match(self._pending, change, self._placed):
            return True
        if change < 0 and self._match(self._leaving, -change):
            return True
        if abs(change) <= self._grams:
            self._level = self._w
            return True
        if change > 0 and self._bag:
            return self._with_bag(change)
        if change < 0 and (self._full or (self._paid and self._w <= self._grams)):
            self._emptied()
            return self._fits()
        return False

    def _with_bag(self, change: float) -> bool:
        """A bag was announced: it came alone, or with as many things as leave it a bag's weight."""
        for many in range(len(self._pending), -1, -1):
            known = sum(unit.grams or 0.0 for unit in self._pending[:many])
            if 0 < change - known <= BAG:
                self._accept(self._pending, many, self._placed)
                self._bag = False
                return True
        return False

    def _match(self, pool: list[Unit], change: float, goes_to: list[Unit] | None = None) -> bool:
        known, unknown = 0.0, False
        for many, unit in enumerate(pool, 1):
            known += unit.grams or 0.0
            unknown = unknown or unit.grams is None
            off = change - known
            if abs(off) <= self._tolerance(known) or (unknown and off > 0):
                self._accept(pool, many, goes_to)
                return True
        return False

    def _accept(self, pool: list[Unit], many: int, goes_to: list[Unit] | None) -> None:
        if goes_to is not None:
            goes_to += pool[:many]
        del pool[:many]
        self._level = self._w

    def _tolerance(self, grams: float) -> float:
        return max(self._grams, self._share * grams)

    def _missing(self) -> bool:
        """Whether something that weighs anything was scanned and is not there."""
        return sum(unit.grams or 0.0 for unit in self._pending) > self._grams

    def _emptied(self) -> None:
        """Everything was taken away; what lies there now came after."""
        self._level, self._full = 0.0, False
        self._placed, self._leaving = [], []

    def _take_over(self) -> None:
        self._level = self._w
        self._placed += self._pending
        self._pending, self._leaving = [], []
