"""A shopper who comes again and again: one visit after the other, whatever happens to the lane's power."""

from random import Random
from typing import Any

from drivers.simulated.terminal import TerminalPeer
from kiosk.barcode import Product
from kiosk.checkout.events import Happened, Scanned, TenderChosen
from kiosk.checkout.model import Item
from tests.prove.doomed import SPLIT, TENDERS, Shopper
from tests.prove.shop import SANDWICH, THINGS

SCENARIOS = ("sale", "sale", "sale", "declined", "split", "reversal")


class Regular(Shopper):
    """Chooses what to buy, and which misfortune to have, by lot. `items` of each basket; None: one to four."""

    def __init__(self, terminal: TerminalPeer, random: Random, items: int | None = None) -> None:
        self.random, self.items = random, items
        self.basket: list[Item] = []
        super().__init__("sale", terminal)

    def come(self) -> None:
        """A new visit."""
        self.scenario = "sale" if self.items else self.random.choice(SCENARIOS)
        self.cancels = False
        self.basket = self.random.choices(THINGS, k=self.items or self.random.randint(1, 4))
        if self.scenario not in TENDERS:
            self.basket = [SANDWICH, *self.basket]
        self.hold("declines" if self.scenario == "declined" else "approves")

    def react(self, now: dict[str, Any]) -> list[Happened]:
        if now["phase"] == "Idle" and now["ready"] and not now["giving"]:
            self.come()
            return self._scan(0)
        if now["phase"] == "Shopping" and now["pieces"] < len(self.basket) and not self.cancels:
            return self._scan(now["pieces"])
        return super().react(now) or []

    def _scan(self, number: int) -> list[Happened]:
        gtin = self.basket[number].gtin
        assert gtin is not None
        return [Scanned(Product(gtin))]

    def _choose(self, now: dict[str, Any]) -> list[Happened]:
        if now["declined"] == "nothing_for_it":  # said twice to a slow lane, another thing is in the basket
            self.scenario = "sale"
        if self.scenario not in TENDERS or now["giving"]:
            return super()._choose(now)
        if now["declined"]:
            self.hold("approves")
        return [TenderChosen(SPLIT[-1])]
