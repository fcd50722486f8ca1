"""What one promotion gives: on a single unit, and on a set of free units.

Units are whole numbers in canonical order: dearest first, then lower line, then lower piece. So sorting
them is the sorting that every group promotion is defined by.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import NamedTuple

from kiosk.pricing.index import BUY, GET
from kiosk.pricing.model import (
    AmountOffItems,
    BuyNPayM,
    BuyXGetY,
    CountedPromotion,
    ExpiryMarkdown,
    GroupPromotion,
    ItemPromotion,
    LoyaltyPrice,
    MealDeal,
    MixMatchFixed,
    PctOffItems,
    WeightPerKgOff,
    WeightTierPrice,
)
from kiosk.units import Grams, Minor, half_up, percent_of, share

Roles = Mapping[int, Sequence[int]]  # unit → the roles it can play in the promotion


class Application(NamedTuple):
    """One application of a group promotion: the units it uses up, and what it takes off each."""

    units: tuple[int, ...]
    cuts: tuple[Minor, ...]


def of_weight(price_per_kg: int, grams: int) -> Minor:
    """The price of a weight, half up: 2.49 per kg x 1234 g is 3.07."""
    return Minor(half_up(price_per_kg * grams, 1000))


def days_left(expiry: str, today: str) -> int:
    """Days from today to the expiry date, both ISO dates; negative: past."""
    return (date.fromisoformat(expiry) - date.fromisoformat(today)).days


def item_saving(promotion: ItemPromotion, price: Minor, grams: Grams | None, days: int | None) -> Minor:
    """What an item promotion takes off one unit of this price: 0 to the price.

    `grams` only for a weighed line, `days` until its expiry date only if the code told one.
    """
    return Minor(max(0, min(_wanted(promotion, price, grams, days), price)))


def _wanted(promotion: ItemPromotion, price: Minor, grams: Grams | None, days: int | None) -> int:
    if isinstance(promotion, PctOffItems):
        return percent_of(price, promotion.pct)
    if isinstance(promotion, AmountOffItems):
        return promotion.amount
    if isinstance(promotion, ExpiryMarkdown):
        fitting = [] if days is None else [tier for tier in promotion.tiers if tier.max_days >= days]
        return percent_of(price, min(fitting, key=lambda tier: tier.max_days).pct) if fitting else 0
    if isinstance(promotion, LoyaltyPrice) and promotion.price is not None:
        return price - promotion.price if grams is None else 0
    if grams is None:
        return 0
    if isinstance(promotion, WeightPerKgOff):
        return of_weight(promotion.off_per_kg, grams)
    if isinstance(promotion, WeightTierPrice) and grams < promotion.min_grams:
        return 0
    assert promotion.price_per_kg is not None
    return price - of_weight(promotion.price_per_kg, grams)


def size(promotion: CountedPromotion) -> int:
    """How many units one application takes."""
    return promotion.n if isinstance(promotion, BuyNPayM | MixMatchFixed) else promotion.nth


def cut_at(promotion: CountedPromotion, place: int, price: Minor) -> Minor:
    """What the unit at this place of its group saves (dearest is 0); a fixed price is shared instead."""
    if isinstance(promotion, BuyNPayM):
        return price if place >= promotion.m else Minor(0)
    if isinstance(promotion, MixMatchFixed):
        return Minor(0)
    return percent_of(price, promotion.pct) if place == promotion.nth - 1 else Minor(0)


def apply(
    promotion: GroupPromotion, units: Sequence[int], prices: Sequence[Minor], roles: Roles
) -> list[Application]:
    """The promotion's own rule: applied as often as it can to these free units, given sorted."""
    if isinstance(promotion, MealDeal):
        chosen = _meals(promotion, units, roles)
    elif isinstance(promotion, BuyXGetY):
        chosen = _rewards(promotion, units, roles)
    else:
        n = size(promotion)
        chosen = [[(unit, 0) for unit in units[at : at + n]] for at in range(0, len(units) - n + 1, n)]
    made = (_application(promotion, group, prices) for group in chosen)
    return [application for application in made if sum(application.cuts) > 0][: promotion.limit]


def arrange(
    promotion: GroupPromotion, cast: Sequence[tuple[int, int]], prices: Sequence[Minor]
) -> list[Application]:
    """The applications made of units that were given their roles: (unit, role), sorted; counts fit."""
    if isinstance(promotion, MealDeal):
        slots = [[pair for pair in cast if pair[1] == slot] for slot in range(len(promotion.slots))]
        groups = [list(group) for group in zip(*slots, strict=True)]
    elif isinstance(promotion, BuyXGetY):
        buys = [pair for pair in reversed(cast) if pair[1] == BUY]
        gets = [pair for pair in cast if pair[1] == GET]
        groups = [[get, *buys[at * promotion.x : (at + 1) * promotion.x]] for at, get in enumerate(gets)]
    else:
        n = size(promotion)
        groups = [list(cast[at : at + n]) for at in range(0, len(cast), n)]
    made = (_application(promotion, group, prices) for group in groups)
    return [application for application in made if sum(application.cuts) > 0]


def _application(
    promotion: GroupPromotion, group: Sequence[tuple[int, int]], prices: Sequence[Minor]
) -> Application:
    units = tuple(sorted(unit for unit, _ in group))
    if isinstance(promotion, MealDeal | MixMatchFixed):
        weights = [prices[unit] for unit in units]
        return Application(units, tuple(share(max(0, sum(weights) - promotion.price), weights)))
    if isinstance(promotion, BuyXGetY):
        reward = next(unit for unit, role in group if role == GET)
        off = percent_of(prices[reward], promotion.pct)
        return Application(units, tuple(off if unit == reward else Minor(0) for unit in units))
    return Application(
        units, tuple(cut_at(promotion, place, prices[unit]) for place, unit in enumerate(units))
    )


def _meals(promotion: MealDeal, units: Sequence[int], roles: Roles) -> list[list[tuple[int, int]]]:
    free, meals = list(units), []
    while meal := _dearest_meal(len(promotion.slots), free, roles):
        meals.append([(unit, slot) for slot, unit in enumerate(meal)])
        free = [unit for unit in free if unit not in meal]
    return meals


def _dearest_meal(slots: int, units: Sequence[int], roles: Roles) -> list[int] | None:
    """The dearest units that fill every slot: each in turn is seated if those before can move over for it."""
    seated: list[int] = [-1] * slots

    def seat(unit: int, asked: set[int]) -> bool:
        for slot in roles[unit]:
            if slot not in asked:
                asked.add(slot)
                if seated[slot] < 0 or seat(seated[slot], asked):
                    seated[slot] = unit
                    return True
        return False

    for unit in units:
        if seat(unit, set()) and -1 not in seated:
            return seated
    return None


def _rewards(promotion: BuyXGetY, units: Sequence[int], roles: Roles) -> list[list[tuple[int, int]]]:
    gets = [unit for unit in units if GET in roles[unit]]
    buys = [unit for unit in reversed(units) if BUY in roles[unit]]
    used: set[int] = set()
    groups = []
    for get in gets:
        qualifiers = [unit for unit in buys if unit not in used and unit != get][: promotion.x]
        if get not in used and len(qualifiers) == promotion.x:
            used.update(qualifiers, [get])
            groups.append([(get, GET), *((unit, BUY) for unit in qualifiers)])
    return groups
