"""The price of a basket: a pure function of its lines, the offers and the context."""

from collections.abc import Iterable, Sequence

from kiosk.pricing.index import Index, compiled
from kiosk.pricing.model import Context, Line, LoyaltyPoints, Offers, Tax, Tender
from kiosk.pricing.result import Applied, Priced, PricedLine, RefusedLine, TaxSum
from kiosk.pricing.rules import days_left
from kiosk.pricing.stages import Good, coupons_in_order, eligible, holds, items_and_groups
from kiosk.pricing.tenders import pay
from kiosk.units import HUNDRED_PERCENT, Minor, half_up, percent_of


def price(
    lines: Sequence[Line],
    offers: Offers,
    context: Context,
    coupons: Sequence[str] = (),
    tenders: Sequence[Tender] = (),
) -> Priced:
    """Price a whole basket.

    `coupons` are the ids of presented coupons, in order. Raises ValueError, naming the line, if an article
    has no price for how it was scanned or a tax code that the offers' table does not know; line numbers are unique.
    """
    index = compiled(offers)
    sold, refused = _sold(lines, context.today)
    goods = [Good(line, line.article, context.today) for line in sold if line.article is not None]
    choice = items_and_groups(goods, index, context)
    refused_coupons = coupons_in_order(goods, index, context, coupons)
    taxes = _taxes(sold, goods, index, context)
    total = Minor(sum(tax.gross for tax in taxes))
    payment = pay(total, sum(good.net for good in goods if good.article.meal_voucher), tenders)
    gross, net = sum(good.gross for good in goods), sum(good.net for good in goods)
    return Priced(
        lines=_lines(sold, goods, index),
        gross=Minor(gross),
        promotions=_promotions(goods, index),
        discount=Minor(gross - net),
        goods_net=Minor(net),
        deposits=Minor(sum(_deposit(line) for line in sold)),
        deposit_returns=Minor(sum(line.deposit_return.amount for line in sold if line.deposit_return)),
        taxes=taxes,
        total=total,
        loyalty_credit=Minor(_loyalty(goods, index, context, points=False)),
        points=_loyalty(goods, index, context, points=True),
        rounding=payment.rounding,
        tenders=payment.paid,
        due=payment.due,
        rejected=(*(RefusedLine(line.no, "expired") for line in refused), *refused_coupons),
        proven=choice.proven,
        nodes=choice.nodes,
    )


def _sold(lines: Sequence[Line], today: str) -> tuple[list[Line], list[Line]]:
    """The lines that are sold, and those refused because their date is past."""
    if len({line.no for line in lines}) < len(lines):
        raise ValueError("two lines have the same number")
    sold: list[Line] = []
    refused: list[Line] = []
    for line in lines:
        if not line.voided:
            past = line.expiry is not None and days_left(line.expiry, today) < 0
            (refused if past else sold).append(line)
    return sold, refused


def _deposit(line: Line) -> int:
    if line.article is None or not line.article.deposit:
        return 0
    return line.article.deposit * (line.qty if line.grams is None else 1)


def _applied(discounts: dict[str, int], index: Index) -> tuple[Applied, ...]:
    return tuple(
        Applied(name, index.by_id[name].label or name, Minor(discounts[name])) for name in sorted(discounts)
    )


def _lines(sold: Iterable[Line], goods: Iterable[Good], index: Index) -> tuple[PricedLine, ...]:
    by_line = {good.line.no: good for good in goods}
    priced = []
    for line in sold:
        good = by_line.get(line.no)
        if good is not None:
            discounts = _applied(good.discounts, index)
            gross, net, deposit = Minor(good.gross), Minor(good.net), Minor(_deposit(line))
            priced.append(PricedLine(no=line.no, gross=gross, discounts=discounts, net=net, deposit=deposit))
        elif line.deposit_return is not None:
            back = Minor(-line.deposit_return.amount)
            priced.append(PricedLine(no=line.no, gross=back, net=back))
        else:
            raise ValueError(f"line {line.no}: neither an article nor a deposit return")
    return tuple(priced)


def _promotions(goods: Iterable[Good], index: Index) -> tuple[Applied, ...]:
    sums: dict[str, int] = {}
    for good in goods:
        for name, amount in good.discounts.items():
            sums[name] = sums.get(name, 0) + amount
    return _applied(sums, index)


def _taxes(sold: Iterable[Line], goods: Iterable[Good], index: Index, context: Context) -> tuple[TaxSum, ...]:
    sums: dict[str, int] = {}

    def add(line: Line, code: str, amount: int) -> None:
        if code not in index.taxes:
            raise ValueError(f"line {line.no}: tax code `{code}` is not in the tax table")
        sums[code] = sums.get(code, 0) + amount

    for good in goods:
        add(good.line, good.article.tax, good.net)
    for line in sold:
        if line.article is not None and line.article.deposit:
            add(line, line.article.deposit_tax or line.article.tax, _deposit(line))
        if line.deposit_return is not None:
            add(line, line.deposit_return.tax, -line.deposit_return.amount)
    return tuple(
        tax_sum(index.taxes[code], sums[code], context.tax_mode == "inclusive") for code in sorted(sums)
    )


def tax_sum(tax: Tax, amount: int, inclusive: bool) -> TaxSum:
    """The tax of a sum, once, half up: taken out of it if prices include it, else added to it."""
    if inclusive:
        vat = half_up(amount * tax.rate, HUNDRED_PERCENT + tax.rate)
        return TaxSum(tax.code, tax.rate, Minor(amount), Minor(amount - vat), Minor(vat))
    vat = percent_of(amount, tax.rate)
    return TaxSum(tax.code, tax.rate, Minor(amount + vat), Minor(amount), Minor(vat))


def _loyalty(goods: Sequence[Good], index: Index, context: Context, points: bool) -> int:
    if not context.member:
        return 0
    earned = 0
    for promotion in index.loyalty:
        if holds(promotion, context) and isinstance(promotion, LoyaltyPoints) == points:
            net = sum(good.net for good in eligible(goods, promotion))
            if isinstance(promotion, LoyaltyPoints):
                earned += net // promotion.per * promotion.points
            else:
                earned += percent_of(net, promotion.pct)
    return earned
