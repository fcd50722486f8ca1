"""What a few more of the item just added would save: "1 more: 2 for 3.00 and 0.78 saved"."""

from collections.abc import Sequence

from kiosk.pricing.index import GET, Index, Part, compiled
from kiosk.pricing.model import BuyXGetY, Context, Line, MealDeal, Offers
from kiosk.pricing.result import Hint
from kiosk.pricing.rules import days_left, size
from kiosk.pricing.stages import Good, holds, items_and_groups
from kiosk.units import LineNo, Minor


def one_more(lines: Sequence[Line], offers: Offers, context: Context, line_no: LineNo) -> Hint | None:
    """The promotion that the fewest more units of this line's article would complete once more.

    `saving` is how much more the item and group promotions take off the basket with those units in it. Only
    the lines that share a promotion with the article are looked at, so it costs little.
    """
    index = compiled(offers)
    goods = [_good(line, context) for line in lines if _counts(line, context)]
    mine = next((good for good in goods if good.line.no == line_no), None)
    if mine is None or mine.grams is not None:
        return None
    parts = _parts(mine, index, context)
    near = _connected(goods, index, parts)
    before, saved = _outcome(near, index, context)
    for missing in range(1, max((_most(index, part) for part in parts), default=0) + 1):
        mine.count += missing
        after, saving = _outcome(near, index, context)
        mine.count -= missing
        grown = [rank for rank in sorted({part.promotion for part in parts}) if _more(rank, before, after)]
        if grown and saving > saved:
            rank = max(grown, key=lambda rank: (after[rank][1] - before.get(rank, (0, 0))[1], -rank))
            promotion = index.ranked[rank]
            return Hint(promotion.id, promotion.label or promotion.id, missing, Minor(saving - saved))
    return None


Counts = dict[int, tuple[int, int]]  # rank → how often it is applied, and what it saves


def _counts(line: Line, context: Context) -> bool:
    if (
        line.voided
        or line.article is None
        or line.price_override is not None
        or not line.article.discountable
    ):
        return False
    return line.expiry is None or days_left(line.expiry, context.today) >= 0


def _good(line: Line, context: Context) -> Good:
    assert line.article is not None
    return Good(line, line.article, context.today)


def _parts(good: Good, index: Index, context: Context) -> list[Part]:
    reach = index.reach(good.article)
    return [part for part in reach.parts if holds(index.ranked[part.promotion], context)]


def _connected(goods: Sequence[Good], index: Index, parts: Sequence[Part]) -> list[Good]:
    """The lines that share a group promotion with these parts, directly or through one another."""
    ranks = {part.promotion for part in parts}
    reached = [(good, {part.promotion for part in index.reach(good.article).parts}) for good in goods]
    while True:
        more = {rank for _, theirs in reached if theirs & ranks for rank in theirs} - ranks
        if not more:
            return [good for good, theirs in reached if theirs & ranks]
        ranks |= more


def _most(index: Index, part: Part) -> int:
    """How many units of one article an application can be short of, at most."""
    promotion = index.ranked[part.promotion]
    if isinstance(promotion, MealDeal):
        return len(promotion.slots)
    if isinstance(promotion, BuyXGetY):
        return 1 if part.role == GET else promotion.x
    return size(promotion) - 1  # type: ignore[arg-type]


def _outcome(goods: Sequence[Good], index: Index, context: Context) -> tuple[Counts, int]:
    fresh = [good.copy() for good in goods]
    choice = items_and_groups(fresh, index, context)
    counts: Counts = {}
    for rank, application in choice.uses:
        times, amount = counts.get(rank, (0, 0))
        counts[rank] = times + 1, amount + sum(application.cuts)
    return counts, sum(sum(good.discounts.values()) for good in fresh)


def _more(rank: int, before: Counts, after: Counts) -> bool:
    return after.get(rank, (0, 0))[0] > before.get(rank, (0, 0))[0]
