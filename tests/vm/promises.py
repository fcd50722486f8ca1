"""What people were told at a lane, kept outside of it, and held against its books after each start."""

from collections import Counter
from typing import Any

from drivers.simulated.terminal import TerminalPeer
from tests.prove.doomed import unequal


class Promises:
    """`found` is what was not kept, each beginning with its invariant; `compared` how often the books were seen."""

    def __init__(self, terminal: TerminalPeer) -> None:
        self.terminal = terminal
        self.acknowledged: set[str] = set()
        self.last: dict[str, Any] = {"phase": "Idle", "pieces": 0}
        self.found: list[str] = []
        self.compared = 0

    def again(self, first: dict[str, Any], cancels: bool) -> None:
        """The first page after a start: what was scanned is there, unless the basket was being given up."""
        before = self.last
        basket = before.get("phase") == "Shopping" and first.get("phase") in ("Idle", "Shopping")
        if basket and first["pieces"] < before["pieces"] and not cancels:
            self.found.append(f"I7: {before['pieces']} things were scanned, {first['pieces']} are there")
        self.see(first)

    def see(self, now: dict[str, Any]) -> None:
        """What people are told now; the sale that they see paid is acknowledged."""
        self.last = now
        if "broken" in now:
            self.found.append(f"boots: {now['broken']}")
        if now.get("sale"):
            self.acknowledged.add(now["sale"])
        if "books" in now:
            self.compared += 1
            self._compare(now["books"])

    def sold(self, wanted: int) -> bool:
        return len(self.acknowledged) >= wanted

    @property
    def where(self) -> str:
        return where(self.last)

    def _compare(self, books: dict[str, Any]) -> None:
        """The lane's own books, beside what people were told and what the terminal has charged."""
        sold = [sale for sale, _ in books["sales"]]
        if lost := self.acknowledged - set(sold):
            self.found.append(f"I1: {len(lost)} acknowledged sales of {len(self.acknowledged)} are lost")
        if len(sold) != len(set(sold)):
            self.found.append("I1: a sale is there twice")
        amounts = Counter(amount for _, tenders in books["sales"] for amount in tenders)
        self.found += unequal(self.terminal.book.entries, amounts, Counter(books["cases"]))
        if books["broken"] is not None or books["unreported"]:
            self.found.append(
                f"I10: the chain breaks at {books['broken']}, {books['unreported']} lines are not to be reported"
            )


def where(now: dict[str, Any]) -> str:
    """A page, and how far the money on it is."""
    giving = f"giving back, {now['giving'][0][1]}" if now.get("giving") else ""
    return f"{now.get('phase', '-')} {now.get('stage') or giving}".strip()
