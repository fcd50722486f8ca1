"""Records as positions whose gross, net and VAT add up, to the cent, to what the receipt says by code."""

from collections.abc import Iterator, Sequence
from itertools import groupby

from msgspec import Struct
from msgspec.structs import replace

from kiosk.checkout.model import Item, Line
from kiosk.checkout.records import Cancelled, ClosedSale, HandedOver, Refund
from kiosk.fiscal.totals import taxes_of, vat_in
from kiosk.pricing import Applied, PricedLine, TaxSum, of_weight
from kiosk.units import LineNo, Minor, Rate, half_up

GOODS, DEPOSIT, DEPOSIT_BACK = "Umsatz", "Pfand", "PfandRueckzahlung"
"""What kind of business a position is (DSFinV-K, Anhang C)."""


class Position(Struct, frozen=True, kw_only=True):
    """One position: what it cost before (`base`) and after discounts, VAT inside. Given back, all is negative.

    `quantity` is pieces or grams (`by_weight`). `undone` marks one that takes an earlier position back. `rate` is None
    where nobody knows it: nothing of that code was sold.
    """

    text: str
    kind: str = GOODS
    item: Item | None = None
    quantity: int = 1
    by_weight: bool = False
    code: str
    rate: Rate | None = None
    base: Minor
    discounts: tuple[Applied, ...] = ()
    gross: Minor
    net: Minor = Minor(0)
    vat: Minor = Minor(0)
    undone: bool = False


def positions(record: ClosedSale | Refund | Cancelled | HandedOver) -> list[Position]:
    """All positions of a record, those that the shopper took out again as pairs that come to nothing."""
    match record:
        case ClosedSale():
            return [*_sold(record), *_taken_out(record)]
        case HandedOver():
            return _sold(record)
        case Refund():
            return _given_back(record)
        case Cancelled():
            return [_scanned(line) for line in record.lines]


def _sold(record: ClosedSale | HandedOver) -> list[Position]:
    priced = {line.no: line for line in record.priced.lines}
    found: list[Position] = []
    for line in record.lines:
        if (sums := priced.get(LineNo(line.no))) is not None:
            found += _of_line(line, sums, record.language)
    return balanced(found, taxes_of(record))


def _of_line(line: Line, sums: PricedLine, language: str) -> list[Position]:
    item = line.item
    goods = Position(
        text=item.called(language),
        item=item,
        quantity=line.qty if line.grams is None else line.grams,
        by_weight=line.grams is not None,
        code=item.tax,
        base=sums.gross,
        discounts=sums.discounts,
        gross=sums.net,
    )
    if not sums.deposit:
        return [goods]
    deposit = Position(
        text=DEPOSIT,
        kind=DEPOSIT,
        quantity=line.qty,
        code=item.deposit_tax,
        base=sums.deposit,
        gross=sums.deposit,
    )
    return [goods, deposit]


def _taken_out(sale: ClosedSale) -> Iterator[Position]:
    """What was scanned and taken out again: there and back."""
    rates = {tax.code: tax.rate for tax in sale.priced.taxes}
    for line in sale.voided:
        scanned = _scanned(line)
        there = _with_net(scanned, rates[scanned.code]) if scanned.code in rates else scanned
        yield there
        yield replace(negative(there), undone=True)


def _scanned(line: Line) -> Position:
    """A line at its plain price."""
    item = line.item
    each = line.price if line.price is not None else item.price or Minor(0)
    amount = each * line.qty
    if line.grams is not None and line.price is None:
        amount = of_weight(item.price_per_kg or 0, line.grams)
    return Position(
        text=item.name,
        item=item,
        quantity=line.qty if line.grams is None else line.grams,
        by_weight=line.grams is not None,
        code=item.tax,
        base=Minor(amount),
        gross=Minor(amount),
    )


def _given_back(refund: Refund) -> list[Position]:
    lines = {line.no: line for line in refund.original.lines}
    priced = {line.no: line for line in refund.original.priced.lines}
    found: list[Position] = []
    for back in refund.lines:
        line, sums = lines[back.no], priced[LineNo(back.no)]
        pieces = 1 if line.grams is not None else line.qty
        deposit = half_up(sums.deposit * min(back.qty, pieces), pieces)
        paid = Minor(back.amount - deposit)
        part = PricedLine(no=sums.no, gross=paid, net=paid, deposit=Minor(deposit))
        some = replace(line, qty=back.qty) if line.grams is None else line
        found += [negative(each) for each in _of_line(some, part, refund.language)]
    return balanced(found, taxes_of(refund))


def negative(position: Position) -> Position:
    """The same the other way round."""
    return replace(
        position,
        quantity=-position.quantity,
        base=Minor(-position.base),
        gross=Minor(-position.gross),
        net=Minor(-position.net),
        vat=Minor(-position.vat),
    )


def balanced(found: Sequence[Position], taxes: Sequence[TaxSum]) -> list[Position]:
    """Positions with net and VAT of their own, so that each code comes to what the receipt says of it.

    What the lines leave of a code is containers that were brought back; cents of rounding go to its largest position.
    """
    rates = {tax.code: tax.rate for tax in taxes}
    complete = list(found)
    for tax in taxes:
        rest = tax.gross - sum(each.gross for each in found if each.code == tax.code)
        if rest:
            amount = Minor(rest)
            kind = DEPOSIT_BACK if rest < 0 else GOODS
            complete.append(Position(text=kind, kind=kind, code=tax.code, base=amount, gross=amount))
    with_net = [_with_net(each, rates[each.code]) if each.code in rates else each for each in complete]
    for tax in taxes:
        ours = [i for i, each in enumerate(with_net) if each.code == tax.code]
        if not ours:
            continue
        cents = tax.net - sum(with_net[i].net for i in ours)
        largest = max(ours, key=lambda i: (abs(with_net[i].gross), -i))
        one = with_net[largest]
        with_net[largest] = replace(one, net=Minor(one.net + cents), vat=Minor(one.vat - cents))
    return with_net


def _with_net(position: Position, rate: Rate) -> Position:
    vat = vat_in(position.gross, rate)
    return replace(position, rate=rate, net=Minor(position.gross - vat), vat=vat)


def by_kind(found: Sequence[Position]) -> list[tuple[str, list[Position]]]:
    """Positions of one kind of business together."""
    ordered = sorted(found, key=lambda each: each.kind)
    return [(kind, list(group)) for kind, group in groupby(ordered, key=lambda each: each.kind)]
