"""The goods of a simulated shop: what each item truly weighs, what the catalogue says, and packs that change."""

from bisect import bisect
from itertools import accumulate
from math import log
from random import Random

from msgspec import Struct

from drivers.simulated.shop.rates import Rates
from kiosk.weight.talk import Name


class Sku(Struct, eq=False):
    """An item of the shop: its true mean and spread now, its master weight if it has one, its price in cents."""

    name: Name
    mass: float
    spread: float
    master: float | None
    price: int
    loose: bool


class Thing(Struct, frozen=True, eq=False):
    """One piece of an item, with a mass and a price of its own."""

    sku: Sku
    mass: float
    price: int


class Stock:
    """All items, drawn by popularity."""

    def __init__(self, rates: Rates, rng: Random) -> None:
        self._rates = rates
        self.skus = [
            self._sku(f"i{number}" if rates.letters else number, rng) for number in range(1, rates.items + 1)
        ]
        ranks = [rank**-rates.popularity for rank in range(1, rates.items + 1)]
        rng.shuffle(ranks)
        self._sold = list(accumulate(ranks))
        self.lightest = sorted(self.skus, key=lambda sku: sku.mass)[:10]

    def pick(self, rng: Random) -> Sku:
        return self.skus[bisect(self._sold, rng.random() * self._sold[-1])]

    def piece(self, sku: Sku, rng: Random) -> Thing:
        mass = max(sku.mass / 3, rng.gauss(sku.mass, sku.spread))
        price = max(1, round(sku.price * mass / sku.mass)) if sku.loose else sku.price
        return Thing(sku, mass, price)

    def change(self, rng: Random) -> Sku:
        """One item gets another pack; the catalogue is not told."""
        sku = self.pick(rng) if self._rates.popular_change else rng.choice(self.skus)
        factor = 1 + rng.uniform(*self._rates.changed_by)
        sku.mass *= factor
        sku.spread *= factor
        return sku

    def _sku(self, name: Name, rng: Random) -> Sku:
        rates = self._rates
        least, most = rates.masses
        mass = 0.0
        while not least <= mass <= most:
            mass = rng.lognormvariate(log(rates.median), rates.breadth)
        loose = rng.random() < rates.loose
        shares, variations = zip(*rates.variation, strict=True)
        variation = 0.25 if loose else rng.choices(variations, shares)[0]
        price = max(rates.least_price, round(mass * rng.uniform(*rates.cents_per_gram)))
        master = self._master(mass, rng)
        return Sku(
            name, mass, max(rates.least_spread, variation * mass), None if loose else master, price, loose
        )

    def _master(self, mass: float, rng: Random) -> float | None:
        rates = self._rates
        kind = rng.random()
        right = mass * (1 + rng.uniform(-rates.master_off, rates.master_off))
        wrong = mass * (1 + rng.choice(rates.wrong_by))
        if kind < rates.master_unknown:
            return None
        return float(max(1, round(wrong if kind < rates.master_unknown + rates.master_wrong else right)))
