"""The greatest saving of stages 1 and 2 by trying every grouping; of kiosk.pricing it knows the data only."""

from collections.abc import Iterator, Sequence
from decimal import ROUND_HALF_UP, Decimal
from functools import cache
from itertools import combinations, permutations

from kiosk.pricing import (
    AmountOffItems,
    Article,
    BuyNPayM,
    BuyXGetY,
    Line,
    LoyaltyPrice,
    MealDeal,
    MixMatchFixed,
    NthDiscount,
    PctOffItems,
    Promotion,
    WeightPerKgOff,
    WeightTierPrice,
)


def whole(value: Decimal) -> int:
    return int(value.quantize(Decimal(1), ROUND_HALF_UP))


def pct(amount: int, rate: int) -> int:
    return whole(Decimal(amount) * rate / 1_000_000)


def within(promotion: Promotion, article: Article) -> bool:
    groups, items = getattr(promotion, "groups", ()), getattr(promotion, "items", ())
    return (not groups and not items) or article.id in items or bool(set(groups) & set(article.groups))


def price_of(line: Line) -> int:
    assert line.article is not None
    if line.grams is not None:
        return whole(Decimal(line.article.price_per_kg or 0) * line.grams / 1000)
    return line.article.price or 0


def alone(promotion: Promotion, line: Line) -> int:
    """What a promotion takes off one unit of a line without any other."""
    price, grams = price_of(line), line.grams
    assert line.article is not None
    if not within(promotion, line.article):
        return 0
    match promotion:
        case PctOffItems():
            return pct(price, promotion.pct)
        case AmountOffItems():
            return min(price, promotion.amount)
        case LoyaltyPrice():
            return max(0, price - (promotion.price or 0)) if grams is None else 0
        case WeightPerKgOff() if grams is not None:
            return min(price, whole(Decimal(promotion.off_per_kg) * grams / 1000))
        case WeightTierPrice() if grams is not None and grams >= promotion.min_grams:
            return max(0, price - whole(Decimal(promotion.price_per_kg) * grams / 1000))
    return 0


def groups_with(
    promotion: Promotion, unit: int, rest: Sequence[int], lines: Sequence[Line]
) -> Iterator[tuple[set[int], int]]:
    """Every application that uses `unit` and others of `rest`: the units and what it saves."""

    def price(one: int) -> int:
        return price_of(lines[one])

    def tags(one: int) -> set[str]:
        article = lines[one].article
        assert article is not None
        return set(article.groups)

    match promotion:
        case MealDeal():
            for others in combinations(rest, len(promotion.slots) - 1):
                for seats in permutations((unit, *others)):
                    if all(tags(one) & set(slot) for one, slot in zip(seats, promotion.slots, strict=True)):
                        yield set(seats), sum(map(price, seats)) - promotion.price
                        break
        case BuyXGetY():
            for others in combinations(rest, promotion.x):
                for reward in (unit, *others):
                    buys = {unit, *others} - {reward}
                    if tags(reward) & set(promotion.get) and all(
                        tags(one) & set(promotion.buy) for one in buys
                    ):
                        yield {unit, *others}, pct(price(reward), promotion.pct)
        case BuyNPayM() | NthDiscount() | MixMatchFixed():
            size = promotion.nth if isinstance(promotion, NthDiscount) else promotion.n
            for others in combinations(rest, size - 1):
                chosen = sorted((price(one) for one in (unit, *others)), reverse=True)
                if not all(within(promotion, lines[one].article) for one in (unit, *others)):  # type: ignore[arg-type]
                    continue
                if isinstance(promotion, BuyNPayM):
                    yield {unit, *others}, sum(chosen[promotion.m :])
                elif isinstance(promotion, NthDiscount):
                    yield {unit, *others}, pct(chosen[-1], promotion.pct)
                else:
                    yield {unit, *others}, sum(chosen) - promotion.price


def greatest_saving(units: Sequence[Line], promotions: Sequence[Promotion]) -> int:
    """The most that the promotions can take off these lines of one unit each, whatever the grouping."""

    @cache
    def best(left: frozenset[int], uses: tuple[int, ...]) -> int:
        if not left:
            return 0
        unit, *rest = sorted(left)
        found = best(frozenset(rest), uses) + max((alone(one, units[unit]) for one in promotions), default=0)
        for at, promotion in enumerate(promotions):
            limit = getattr(promotion, "limit", None)
            if limit is None or uses[at] < limit:
                after = (*uses[:at], uses[at] + 1, *uses[at + 1 :])
                for taken, saving in groups_with(promotion, unit, rest, units):
                    if saving > 0:
                        found = max(found, saving + best(left - taken, after))
        return found

    return best(frozenset(range(len(units))), (0,) * len(promotions))
