"""Random small baskets and promotions of every kind for the property tests."""

from hypothesis import strategies as st

from kiosk.pricing import (
    AmountOffItems,
    Article,
    BuyNPayM,
    BuyXGetY,
    Context,
    Line,
    LoyaltyPrice,
    MealDeal,
    MixMatchFixed,
    NthDiscount,
    Offers,
    PctOffItems,
    Promotion,
    Tax,
    WeightPerKgOff,
    WeightTierPrice,
)
from kiosk.units import Grams, ItemId, LineNo, Minor, Rate

TAXES = (Tax("A", Rate(200_000)), Tax("C", Rate(55_000)))
MEMBER = Context(today="2026-05-14", member=True)
GROUPS = ("a", "b", "c")

prices = st.integers(0, 500).map(Minor)
rates = st.sampled_from([100_000, 125_000, 333_333, 500_000, 1_000_000]).map(Rate)
groups = st.lists(st.sampled_from(GROUPS), unique=True, max_size=3).map(tuple)
some_groups = st.lists(st.sampled_from(GROUPS), unique=True, min_size=1, max_size=2).map(tuple)
limits = st.none() | st.integers(1, 2)


@st.composite
def articles(draw: st.DrawFn, number: int) -> Article:
    weighed = draw(st.integers(0, 4)) == 0
    return Article(
        id=ItemId(number),
        price=None if weighed else draw(prices),
        price_per_kg=draw(prices) if weighed else None,
        tax=draw(st.sampled_from("AC")),
        groups=draw(groups),
    )


@st.composite
def baskets(draw: st.DrawFn, units: int = 7) -> tuple[Line, ...]:
    lines = []
    while units > 0 and (draw(st.integers(0, 5)) or not lines):
        article = draw(articles(len(lines) + 1))
        grams = Grams(draw(st.integers(1, 3000))) if article.price is None else None
        qty = draw(st.integers(1, min(3, units))) if grams is None else 1
        lines.append(Line(no=LineNo(len(lines) + 1), article=article, qty=qty, grams=grams))
        units -= qty
    return tuple(lines)


@st.composite
def group_promotions(draw: st.DrawFn, at: int) -> Promotion:
    common = {"id": f"G{at}", "priority": draw(st.integers(0, 3)), "limit": draw(limits)}
    kind = draw(st.integers(0, 4))
    if kind == 0:
        n = draw(st.integers(2, 4))
        return BuyNPayM(n=n, m=draw(st.integers(1, n - 1)), groups=draw(groups), **common)
    if kind == 1:
        return NthDiscount(nth=draw(st.integers(1, 3)), pct=draw(rates), groups=draw(groups), **common)
    if kind == 2:
        return MixMatchFixed(n=draw(st.integers(1, 3)), price=draw(prices), groups=draw(groups), **common)
    if kind == 3:
        slots = draw(st.lists(some_groups, min_size=1, max_size=3).map(tuple))
        return MealDeal(slots=slots, price=draw(prices), **common)
    return BuyXGetY(
        x=draw(st.integers(1, 2)), buy=draw(some_groups), get=draw(some_groups), pct=draw(rates), **common
    )


@st.composite
def item_promotions(draw: st.DrawFn, at: int) -> Promotion:
    common = {"id": f"I{at}", "priority": draw(st.integers(0, 3)), "groups": draw(groups)}
    kind = draw(st.integers(0, 4))
    if kind == 0:
        return PctOffItems(pct=draw(rates), **common)
    if kind == 1:
        return AmountOffItems(amount=draw(prices), **common)
    if kind == 2:
        return LoyaltyPrice(price=draw(prices), **common)
    if kind == 3:
        return WeightPerKgOff(off_per_kg=draw(prices), **common)
    return WeightTierPrice(min_grams=Grams(draw(st.integers(0, 2000))), price_per_kg=draw(prices), **common)


@st.composite
def offers(draw: st.DrawFn, grouped: int = 3, single: int = 2) -> Offers:
    promotions = [draw(group_promotions(at)) for at in range(draw(st.integers(0, grouped)))]
    promotions += [draw(item_promotions(at)) for at in range(draw(st.integers(0, single)))]
    return Offers(promotions=tuple(promotions), taxes=TAXES)


def apart(lines: tuple[Line, ...]) -> list[Line]:
    """The same basket, one unit a line."""
    singles = [line for line in lines for _ in range(line.qty)]
    return [
        Line(no=LineNo(at), article=line.article, grams=line.grams)
        for at, line in enumerate(singles, start=1)
    ]
