"""The stages that take discounts off the lines: items and groups, coupons, staff, thresholds."""

from collections.abc import Iterable, Sequence
from copy import copy

from kiosk.pricing.best import Choice, Pool, best_for_customer, by_priority
from kiosk.pricing.index import Index, Part, covers
from kiosk.pricing.model import (
    Article,
    BasketThreshold,
    Context,
    CouponBasket,
    CouponItem,
    Filtered,
    GroupPromotion,
    ItemPromotion,
    Line,
    LoyaltyPrice,
    Promotion,
)
from kiosk.pricing.result import Reason, RefusedCoupon
from kiosk.pricing.rules import days_left, item_saving, of_weight
from kiosk.units import Grams, LineNo, Minor, percent_of, share

NEVER = 1 << 30  # a rank behind all promotions


class Good:
    """A line of goods being priced: `count` units of one `price`, and what was taken off so far.

    Raises ValueError if the line cannot be priced.
    """

    def __init__(self, line: Line, article: Article, today: str) -> None:
        self.line, self.article = line, article
        self.grams: Grams | None = None
        self.count, self.days = 1, None if line.expiry is None else days_left(line.expiry, today)
        if line.qty < 1:
            raise ValueError(f"line {line.no}: the quantity must be at least 1, not {line.qty}")
        if line.price_override is not None:
            self.price = line.price_override
        elif article.price_per_kg is not None and line.grams is not None:
            self.price, self.grams = of_weight(article.price_per_kg, line.grams), line.grams
        elif article.price is not None:
            self.price, self.count = article.price, line.qty
        else:
            raise ValueError(
                f"line {line.no}: article {article.id} has neither a price nor a weight for its price per kg"
            )
        if self.price < 0:
            raise ValueError(f"line {line.no}: the price must not be negative, not {self.price}")
        self.gross = self.price * self.count
        self.net = self.gross
        self.discounts: dict[str, int] = {}
        self.cuts: dict[int, int] = {}

    def copy(self) -> "Good":
        """The same line, nothing taken off yet."""
        fresh = copy(self)
        fresh.net = fresh.gross
        fresh.discounts, fresh.cuts = {}, {}
        return fresh

    def take(self, promotion: str, amount: int) -> None:
        """A promotion takes an amount off the line."""
        if amount:
            self.discounts[promotion] = self.discounts.get(promotion, 0) + amount
            self.net -= amount

    def take_from(self, unit: int, promotion: str, amount: int) -> None:
        """A promotion takes an amount off one unit of the line."""
        self.cuts[unit] = self.cuts.get(unit, 0) + amount
        self.take(promotion, amount)

    def left(self, unit: int) -> int:
        """The remaining net of a unit."""
        return self.price - self.cuts.get(unit, 0)

    def dearest_unit(self) -> int:
        """The unit with the greatest remaining net, the first of equals."""
        return min(range(self.count), key=lambda unit: self.cuts.get(unit, 0))

    def singles(self, index: Index, ranks: Sequence[int]) -> list[tuple[int, Minor]]:
        """(rank, saving per unit) of the item promotions that save something, by rank."""
        found = []
        for rank in ranks:
            promotion = index.ranked[rank]
            assert isinstance(promotion, ItemPromotion)
            saving = item_saving(promotion, Minor(self.price), self.grams, self.days)
            if saving:
                found.append((rank, saving))
        return found


def holds(promotion: Promotion, context: Context) -> bool:
    """Whether the promotion is for this shopper."""
    if promotion.tier:
        return context.member and promotion.tier in context.tiers
    return context.member or not (promotion.member_only or isinstance(promotion, LoyaltyPrice))


def items_and_groups(goods: Sequence[Good], index: Index, context: Context) -> Choice:
    """Stages 1 and 2. Each unit takes part in at most one application of one promotion."""
    open_to = [holds(promotion, context) for promotion in index.ranked]
    alone: list[tuple[Good, list[tuple[int, Minor]]]] = []
    grouped = []
    for good in goods:
        if good.article.discountable and good.line.price_override is None:
            reach = index.reach(good.article)
            singles = good.singles(index, [rank for rank in reach.items if open_to[rank]])
            parts = [part for part in reach.parts if open_to[part.promotion]]
            alone.append((good, singles))
            if parts:
                grouped.append((good, singles, parts))
    by_saving = context.conflict == "best_for_customer"
    units = [(good, unit, singles, parts) for good, singles, parts in grouped for unit in range(good.count)]
    units.sort(key=lambda entry: (-entry[0].price, entry[0].line.no, entry[1]))
    pool = _pool(index, [(good, singles, parts) for good, _, singles, parts in units])
    choice = best_for_customer(pool) if by_saving else Choice(by_priority(pool, pool.roles), True, 0)
    taken: dict[int, set[int]] = {}
    for rank, application in choice.uses:
        for at, cut in zip(application.units, application.cuts, strict=True):
            good, unit = units[at][:2]
            taken.setdefault(good.line.no, set()).add(unit)
            good.take_from(unit, index.ranked[rank].id, cut)
    for good, singles in alone:
        if singles:
            rank, saving = (
                max(singles, key=lambda single: (single[1], -single[0])) if by_saving else singles[0]
            )
            used = taken.get(good.line.no, ())
            for unit in range(good.count):
                if unit not in used:
                    good.take_from(unit, index.ranked[rank].id, saving)
    return choice


def _pool(index: Index, units: Iterable[tuple[Good, list[tuple[int, Minor]], list[Part]]]) -> Pool:
    pool = Pool({}, [], [], [], {})
    for at, (good, singles, parts) in enumerate(units):
        pool.prices.append(Minor(good.price))
        pool.spare.append(max((saving for _, saving in singles), default=Minor(0)))
        pool.first.append(singles[0][0] if singles else NEVER)
        for rank, role in parts:
            promotion = index.ranked[rank]
            assert isinstance(promotion, GroupPromotion)
            pool.promotions[rank] = promotion
            roles = pool.roles.setdefault(rank, {})
            roles[at] = (*roles.get(at, ()), role)
    return pool


def eligible(goods: Iterable[Good], promotion: Filtered) -> list[Good]:
    """The lines that count for a basket promotion."""
    return [good for good in goods if good.article.discountable and covers(promotion, good.article)]


def coupons_in_order(
    goods: Sequence[Good], index: Index, context: Context, presented: Sequence[str]
) -> list[RefusedCoupon]:
    """Stages 3 to 6: item coupons, staff, thresholds, basket coupons. Returns the coupons refused."""
    refused: list[RefusedCoupon] = []
    used: dict[str, int] = {}
    known = [(name, index.coupons.get(name)) for name in presented]
    for name, coupon in known:
        if not isinstance(coupon, CouponBasket):
            _use(name, _item_coupon(goods, coupon, context, used), used, refused)
    if context.staff:
        _staff(goods, index, context)
    _thresholds(goods, index, context)
    nets = {good.line.no: good.net for good in goods}
    for name, coupon in known:
        if isinstance(coupon, CouponBasket):
            _use(name, _basket_coupon(goods, coupon, context, used, nets), used, refused)
    return refused


def _use(name: str, reason: Reason | None, used: dict[str, int], refused: list[RefusedCoupon]) -> None:
    if reason is None:
        used[name] = used.get(name, 0) + 1
    else:
        refused.append(RefusedCoupon(name, reason))


def _item_coupon(
    goods: Sequence[Good], coupon: CouponItem | None, context: Context, used: dict[str, int]
) -> Reason | None:
    if coupon is None or not holds(coupon, context):
        return "not_applicable"
    if used.get(coupon.id, 0) >= coupon.max_per_basket:
        return "limit"
    units = [(good, good.dearest_unit()) for good in eligible(goods, coupon)]
    if not units:
        return "not_applicable"
    good, unit = max(units, key=lambda pair: (pair[0].left(pair[1]), -pair[0].line.no))
    left = good.left(unit)
    wanted = coupon.amount if coupon.pct is None else percent_of(left, coupon.pct)
    amount = min(left, wanted or 0)
    if amount <= 0:
        return "not_applicable"
    good.take_from(unit, coupon.id, amount)
    return None


def _staff(goods: Sequence[Good], index: Index, context: Context) -> None:
    for promotion in index.staff:
        if holds(promotion, context):
            lines = eligible(goods, promotion)
            if promotion.exclude_promoted:
                lines = [good for good in lines if not good.discounts]
            _spread(promotion.id, percent_of(sum(good.net for good in lines), promotion.pct), lines)


def _thresholds(goods: Sequence[Good], index: Index, context: Context) -> None:
    """All are compared with the nets after stage 4, so that one does not take the other away."""
    nets = {good.line.no: good.net for good in goods}
    for promotion in index.thresholds:
        lines = eligible(goods, promotion) if holds(promotion, context) else []
        reached = sum(nets[good.line.no] for good in lines)
        if lines and reached >= promotion.min:
            _spread(promotion.id, _off(promotion, reached), lines)


def _off(promotion: BasketThreshold, reached: int) -> int:
    if promotion.pct is not None:
        return percent_of(reached, promotion.pct)
    return (promotion.amount or 0) * (reached // promotion.min if promotion.repeat else 1)


def _basket_coupon(
    goods: Sequence[Good],
    coupon: CouponBasket,
    context: Context,
    used: dict[str, int],
    nets: dict[LineNo, int],
) -> Reason | None:
    """All are compared with the nets after stage 5; the discount is at most what is left."""
    if not holds(coupon, context):
        return "not_applicable"
    if used.get(coupon.id, 0) >= coupon.max_per_basket:
        return "limit"
    lines = eligible(goods, coupon)
    if not lines:
        return "not_applicable"
    reached = sum(nets[good.line.no] for good in lines)
    if reached < coupon.min:
        return "minimum_not_met"
    wanted = coupon.amount if coupon.pct is None else percent_of(reached, coupon.pct)
    return None if _spread(coupon.id, wanted or 0, lines) else "not_applicable"


def _spread(promotion: str, amount: int, lines: Sequence[Good]) -> int:
    """Share an amount, at most their nets, over lines by largest remainder; returns what was taken."""
    ordered = sorted(lines, key=lambda good: good.line.no)
    nets = [good.net for good in ordered]
    taken = min(amount, sum(nets))
    if taken > 0:
        for good, part in zip(ordered, share(taken, nets), strict=True):
            good.take(promotion, part)
    return max(0, taken)
