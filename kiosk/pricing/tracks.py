"""How far a group promotion has come while units are dealt out to it, dearest first.

A track's state is one whole number: how many units it holds in each role. Because every rule sorts its units
by price, that number and the next unit say exactly what the unit saves. Gains are what a unit saves in the
group less what it would save on its own (`spare`). A fixed price, and the reward of a buy-x-get-y, are spread
over the units beforehand: that changes no total of complete groups but makes the bounds tight.
"""

from collections.abc import Iterable
from typing import NamedTuple, Protocol

from kiosk.pricing.index import BUY, GET
from kiosk.pricing.model import BuyNPayM, BuyXGetY, CountedPromotion, GroupPromotion, MealDeal, MixMatchFixed
from kiosk.pricing.rules import cut_at, size
from kiosk.units import Minor, percent_of, share


class Kind(NamedTuple):
    """Units that no promotion of the search can tell apart: price, saving on their own, roles by track."""

    price: Minor
    spare: Minor
    roles: tuple[tuple[int, int], ...]


class Track(Protocol):
    """One promotion in the search."""

    roles: int
    states: int

    def move(self, state: int, role: int, kind: Kind) -> tuple[int, int] | None:
        """The state after a unit of this kind in this role, and its gain; None: it cannot take it."""

    def complete(self, state: int) -> bool:
        """Whether no application is left half done."""

    def hope(self, role: int, kind: Kind) -> int:
        """At most what a unit of this kind adds in this role, credit aside."""

    def credit(self, state: int, dearest: Minor, left: tuple[int, ...]) -> int | None:
        """At most what the half-done application adds to the hopes; None: it cannot be completed.

        `dearest` is the price of the dearest unit to come, `left` how many are to come for each role.
        """


class CountedTrack:
    """n units of a range: the state is how many of them are held (of the group, or of all if limited)."""

    def __init__(self, promotion: CountedPromotion, supply: int) -> None:
        self.promotion, self.roles = promotion, 1
        self.n = size(promotion)
        limit = promotion.limit
        self.most = limit * self.n if limit is not None and limit < supply // self.n else None
        self.states = self.n if self.most is None else self.most + 1
        price = promotion.price if isinstance(promotion, MixMatchFixed) else 0
        self.parts = share(price, [1] * self.n)
        self.paid = promotion.m if isinstance(promotion, BuyNPayM) else self.n - 1

    def move(self, state: int, role: int, kind: Kind) -> tuple[int, int] | None:
        if state == self.most:
            return None
        place = state % self.n
        if isinstance(self.promotion, MixMatchFixed):
            gain = kind.price - self.parts[place]
        else:
            gain = cut_at(self.promotion, place, kind.price)
        return (state + 1 if self.most is not None else (state + 1) % self.n), gain - kind.spare

    def complete(self, state: int) -> bool:
        return state % self.n == 0

    def hope(self, role: int, kind: Kind) -> int:
        if isinstance(self.promotion, MixMatchFixed):
            return kind.price - self.parts[-1] - kind.spare
        free = self.n - self.paid
        return -(-free * cut_at(self.promotion, self.n - 1, kind.price) // self.n) - kind.spare

    def credit(self, state: int, dearest: Minor, left: tuple[int, ...]) -> int | None:
        held = state % self.n
        if held == 0:
            return 0
        if left[0] < self.n - held:
            return None
        if isinstance(self.promotion, MixMatchFixed):
            return 0
        share_of = held * (self.n - self.paid) if held <= self.paid else (self.n - held) * self.paid
        return -(-share_of * cut_at(self.promotion, self.n - 1, dearest) // self.n)


class MealTrack:
    """A meal deal: the state counts the units in each slot, in a number system of base `most + 1`."""

    def __init__(self, promotion: MealDeal, supply: list[int], prices: list[int]) -> None:
        self.most = min([*supply, *([promotion.limit] if promotion.limit is not None else [])])
        self.roles = len(supply)
        self.places = [(self.most + 1) ** slot for slot in range(len(promotion.slots))]
        self.states = (self.most + 1) ** len(promotion.slots)
        self.parts = share(promotion.price, prices)

    def _held(self, state: int) -> list[int]:
        return [state // place % (self.most + 1) for place in self.places]

    def move(self, state: int, role: int, kind: Kind) -> tuple[int, int] | None:
        if state // self.places[role] % (self.most + 1) == self.most:
            return None
        return state + self.places[role], self.hope(role, kind)

    def complete(self, state: int) -> bool:
        return len(set(self._held(state))) == 1

    def hope(self, role: int, kind: Kind) -> int:
        return kind.price - self.parts[role] - kind.spare

    def credit(self, state: int, dearest: Minor, left: tuple[int, ...]) -> int | None:
        held = self._held(state)
        most = max(held)
        return 0 if all(most - count <= more for count, more in zip(held, left, strict=True)) else None


class RewardTrack:
    """Buy x get y: the state counts rewards, and qualifiers above them."""

    def __init__(self, promotion: BuyXGetY, supply: list[int], dearest: int) -> None:
        self.promotion, self.roles = promotion, 2
        limits = [supply[GET], supply[BUY] // promotion.x]
        self.most = min([*limits, *([promotion.limit] if promotion.limit is not None else [])])
        self.states = (self.most + 1) * (self.most * promotion.x + 1)
        self.toll = percent_of(dearest, promotion.pct) // (promotion.x + 1)

    def move(self, state: int, role: int, kind: Kind) -> tuple[int, int] | None:
        bought, got = divmod(state, self.most + 1)
        if (got if role == GET else bought) == (self.most if role == GET else self.most * self.promotion.x):
            return None
        return state + (1 if role == GET else self.most + 1), self.hope(role, kind)

    def complete(self, state: int) -> bool:
        bought, got = divmod(state, self.most + 1)
        return bought == got * self.promotion.x

    def hope(self, role: int, kind: Kind) -> int:
        if role == BUY:
            return self.toll - kind.spare
        return percent_of(kind.price, self.promotion.pct) - self.toll * self.promotion.x - kind.spare

    def credit(self, state: int, dearest: Minor, left: tuple[int, ...]) -> int | None:
        bought, got = divmod(state, self.most + 1)
        over = bought - got * self.promotion.x
        possible = -over <= left[BUY] if over <= 0 else -(-over // self.promotion.x) <= left[GET]
        return 0 if possible else None


def roles_of(promotion: GroupPromotion) -> int:
    """How many roles a promotion has."""
    if isinstance(promotion, MealDeal):
        return len(promotion.slots)
    return 2 if isinstance(promotion, BuyXGetY) else 1


def track(promotion: GroupPromotion, place: int, kinds: Iterable[tuple[Kind, int]]) -> Track:
    """The track that a promotion has at this place of the search, over kinds of units and their counts."""
    supply, dearest = [0] * roles_of(promotion), [0] * roles_of(promotion)
    for kind, count in kinds:
        for at, role in kind.roles:
            if at == place:
                supply[role] += count
                dearest[role] = max(dearest[role], kind.price)
    if isinstance(promotion, MealDeal):
        return MealTrack(promotion, supply, dearest)
    if isinstance(promotion, BuyXGetY):
        return RewardTrack(promotion, supply, dearest[GET])
    return CountedTrack(promotion, supply[0])
