"""What a stretch of the ledger comes to: by VAT code and by tender, for closings and for what is compared with them."""

from collections.abc import Iterable

from msgspec import Struct
from msgspec.structs import replace

from kiosk.checkout.money import Tender, TenderKind
from kiosk.checkout.records import Cancelled, ClosedSale, HandedOver, Refund
from kiosk.pricing import TaxSum
from kiosk.units import HUNDRED_PERCENT, LineNo, Minor, Rate, half_up


class TenderSum(Struct, frozen=True):
    """What was taken by one kind of tender, less what was given back."""

    kind: TenderKind
    amount: Minor


class Totals(Struct, frozen=True):
    """Counts and sums of a stretch of the ledger. `gross` is what was sold less what was taken back.

    `taxes` are sums of what each receipt shows by code, so they are exactly what customers were told. Training is
    counted, and is in no sum.
    """

    sales: int = 0
    refunds: int = 0
    voids: int = 0
    training: int = 0
    gross: Minor = Minor(0)
    taxes: tuple[TaxSum, ...] = ()
    tenders: tuple[TenderSum, ...] = ()

    def __add__(self, other: "Totals") -> "Totals":
        """Two stretches together: a month of days, or the perpetual totals and one more day."""
        return Totals(
            sales=self.sales + other.sales,
            refunds=self.refunds + other.refunds,
            voids=self.voids + other.voids,
            training=self.training + other.training,
            gross=Minor(self.gross + other.gross),
            taxes=_taxes((*self.taxes, *other.taxes)),
            tenders=_tenders((*self.tenders, *other.tenders)),
        )


def totals(records: Iterable[object]) -> Totals:
    """The totals of these ledger lines; kinds that carry no turnover count for nothing."""
    sales = refunds = voids = training = 0
    taxes: list[TaxSum] = []
    tenders: list[TenderSum] = []
    for record in records:
        match record:
            case ClosedSale(training=True) | Cancelled(training=True):
                training += 1
                continue
            case Cancelled():
                voids += 1
                continue
            case ClosedSale():
                sales += 1
            case Refund():
                refunds += 1
            case _:
                continue
        taxes += taxes_of(record)
        tenders += [TenderSum(tender.kind, tender.amount) for tender in tenders_of(record)]
    gross = Minor(sum(tax.gross for tax in taxes))
    return Totals(sales, refunds, voids, training, gross, _taxes(taxes), _tenders(tenders))


def taxes_of(record: ClosedSale | Refund | Cancelled | HandedOver) -> tuple[TaxSum, ...]:
    """Gross, net and VAT by code as the till sees them: what is given back is negative."""
    match record:
        case ClosedSale() | HandedOver():
            return record.priced.taxes
        case Refund():
            return _given_back(record)
        case Cancelled():
            return ()


def tenders_of(record: ClosedSale | Refund | Cancelled | HandedOver) -> tuple[Tender, ...]:
    """What was paid as the till sees it: what is given back is negative."""
    match record:
        case ClosedSale():
            return record.tenders
        case Refund():
            return tuple(replace(tender, amount=Minor(-tender.amount)) for tender in record.tenders)
        case _:
            return ()


def _given_back(refund: Refund) -> tuple[TaxSum, ...]:
    original = refund.original.priced
    if refund.amount == original.total:
        return tuple(
            TaxSum(tax.code, tax.rate, Minor(-tax.gross), Minor(-tax.net), Minor(-tax.vat))
            for tax in original.taxes
        )
    rates = {tax.code: tax.rate for tax in original.taxes}
    gross: dict[str, int] = {}
    for code, amount in shares(refund):
        gross[code] = gross.get(code, 0) + amount
    return tuple(_taken_out(code, rates[code], -amount) for code, amount in gross.items() if amount)


def shares(refund: Refund) -> list[tuple[str, Minor]]:
    """For each line that comes back what is paid for the goods, then for the deposit on them, with its tax code."""
    lines = {line.no: line for line in refund.original.lines}
    priced = {line.no: line for line in refund.original.priced.lines}
    parts: list[tuple[str, Minor]] = []
    for back in refund.lines:
        line, sums = lines[back.no], priced[LineNo(back.no)]
        pieces = 1 if line.grams is not None else line.qty
        deposit = half_up(sums.deposit * min(back.qty, pieces), pieces)
        parts.append((line.item.tax, Minor(back.amount - deposit)))
        if deposit:
            parts.append((line.item.deposit_tax, Minor(deposit)))
    return parts


def _taken_out(code: str, rate: Rate, gross: int) -> TaxSum:
    vat = vat_in(gross, rate)
    return TaxSum(code, rate, Minor(gross), Minor(gross - vat), Minor(vat))


def vat_in(gross: int, rate: Rate) -> Minor:
    """The VAT that is in an amount, rounded as pricing rounds it."""
    return Minor(half_up(gross * rate, HUNDRED_PERCENT + rate))


def _taxes(taxes: Iterable[TaxSum]) -> tuple[TaxSum, ...]:
    sums: dict[tuple[str, Rate], TaxSum] = {}
    for tax in taxes:
        so_far = sums.get((tax.code, tax.rate), TaxSum(tax.code, tax.rate, Minor(0), Minor(0), Minor(0)))
        sums[tax.code, tax.rate] = TaxSum(
            tax.code,
            tax.rate,
            Minor(so_far.gross + tax.gross),
            Minor(so_far.net + tax.net),
            Minor(so_far.vat + tax.vat),
        )
    return tuple(sums[key] for key in sorted(sums))


def _tenders(tenders: Iterable[TenderSum]) -> tuple[TenderSum, ...]:
    sums: dict[TenderKind, int] = {}
    for tender in tenders:
        sums[tender.kind] = sums.get(tender.kind, 0) + tender.amount
    return tuple(TenderSum(kind, Minor(sums[kind])) for kind in sorted(sums))
