"""Every other paper that is no receipt of a sale: refunds, baskets handed over, the terminal's own slips.

document(record, shop, copy=…)     whatever the record is, as the document that is printed of it
"""

from kiosk.checkout.jobs import TerminalSlip
from kiosk.checkout.model import Line
from kiosk.checkout.records import ClosedSale, FiscalSignature, HandedOver, Refund, RefundedLine
from kiosk.msg import msg
from kiosk.receipt import (
    Barcode,
    Block,
    CardSlip,
    Cut,
    Fact,
    LineItem,
    Moment,
    QrCode,
    Receipt,
    Rule,
    ShopDetails,
    SignHere,
    TaxRow,
    TaxTable,
    Text,
    TotalRow,
    goods,
    head,
    masked,
    number,
    number_of,
    parts_of,
    pieces,
    receipt,
    signature_blocks,
    slips,
    software,
    tender_row,
    total,
    where,
)
from kiosk.units import Minor, half_up

WHOLE = 1_000_000  # a rate of 100 %

Document = ClosedSale | Refund | HandedOver | TerminalSlip


REASONS = {
    "return": msg("Brought back"),
    "defect": msg("Defect"),
    "mistake": msg("Rung up wrongly"),
}
"""Why something was given back, as a colleague chose it."""


def reason(key: str) -> Block:
    return Text(REASONS[key]) if key in REASONS else Fact(msg("Reason"), key)


def document(
    record: Document,
    shop: ShopDetails,
    *,
    copy: int = 0,
    signature: FiscalSignature | None = None,
    excerpt: str = "",
) -> Receipt:
    """What is printed of a record; `copy` above 0 marks the so-many-th duplicate, the rest is as in `receipt`."""
    match record:
        case ClosedSale():
            return receipt(record, shop, copy=copy, signature=signature, excerpt=excerpt)
        case Refund():
            return refund_slip(record, shop, copy=copy, signature=signature, excerpt=excerpt)
        case HandedOver():
            return handover_slip(record, shop, copy=copy)
        case TerminalSlip():
            return terminal_slip(record, shop, copy=copy)


# ---- money given back


def refund_slip(
    refund: Refund,
    shop: ShopDetails,
    *,
    copy: int = 0,
    signature: FiscalSignature | None = None,
    excerpt: str = "",
) -> Receipt:
    """What was given back for which receipt, to which tenders, by whom and why; with room to sign."""
    original = refund.original
    title = msg("VOID OF A SALE") if refund.whole else msg("REFUND")
    blocks: list[Block] = [
        *head(shop, copy),
        Text(title, strong=True),
        Text(msg("Receipt {number}"), {"number": number(original, refund.number)}),
        Moment(refund.ended, refund.ended, shop.timezone),
        where(original.store, original.lane),
        Fact(msg("Original receipt"), number_of(original)),
        Rule(),
        *_given_back(refund),
        TotalRow(msg("REFUNDED"), Minor(-refund.amount), big=True),
        Rule(),
        *(tender_row(tender, -1) for tender in refund.tenders),
        *_taxes(refund),
        *slips(refund.tenders),
        *signature_blocks(signature, shop, refund.language),
        Rule(),
        Fact(msg("Colleague"), refund.by),
        reason(refund.reason),
        SignHere(msg("Signature of the customer")),
        Barcode(number(original, refund.number)),
        *software(shop, refund.version, excerpt),
        Cut(),
    ]
    return Receipt(refund.language, original.currency, shop.exponent, tuple(blocks))


def _sold(refund: Refund) -> list[tuple[RefundedLine, Line]]:
    lines = {line.no: line for line in refund.original.lines}
    return [(back, lines[back.no]) for back in refund.lines if back.no in lines]


def _given_back(refund: Refund) -> list[Block]:
    """The lines as they were sold, at what was really paid for them, deposit included."""
    rows: list[Block] = []
    for back, line in _sold(refund):
        name, tax = line.item.called(refund.language), line.item.tax
        even = line.grams is None and back.amount % back.qty == 0
        each = Minor(back.amount // back.qty) if even else None
        rows.append(LineItem(name, Minor(-back.amount), tax, back.qty, each, line.grams, tare=line.tare))
    return [*rows, Rule()]


def _taxes(refund: Refund) -> list[Block]:
    """The tax that was in it, at the rates of the sale; where tax comes on top of prices no such table is made."""
    rates = {tax.code: tax.rate for tax in refund.original.priced.taxes}
    if sum(tax.gross for tax in refund.original.priced.taxes) != refund.original.priced.total:
        return []
    sums: dict[str, int] = {}
    for back, line in _sold(refund):
        deposit = min(back.amount, line.item.deposit * back.qty)
        for code, part in ((line.item.tax, back.amount - deposit), (line.item.deposit_tax, deposit)):
            if part and code in rates:
                sums[code] = sums.get(code, 0) + part
    rows = []
    for code, gross in sorted(sums.items()):
        net = half_up(gross * WHOLE, WHOLE + rates[code])
        rows.append(TaxRow(code, rates[code], Minor(-net), Minor(net - gross), Minor(-gross)))
    return [Rule(), TaxTable(tuple(rows))] if rows else []


# ---- a basket that is paid elsewhere, and a card that was not charged


def handover_slip(basket: HandedOver, shop: ShopDetails, *, copy: int = 0) -> Receipt:
    """What the basket is taken over by at a staffed till, or taken up again by at any lane. Nothing was paid."""
    unpaid = Text(msg("NOT A RECEIPT, NOT PAID"), strong=True)
    where_to = msg("Please pay at a till with a colleague.")
    codes: tuple[Block, ...] = (QrCode(basket.id), Barcode(basket.id))
    if basket.name:
        where_to = msg("Set aside. Hold this code to any checkout, or type the number.")
        codes = (QrCode(basket.name), Fact(msg("Number"), basket.code))
    blocks: list[Block] = [
        *head(shop, copy),
        unpaid,
        Text(where_to),
        Moment(basket.at, basket.at, shop.timezone),
        where(basket.store, basket.lane),
        Rule(),
        *goods(basket, shop.unit_price),
        *parts_of(basket),
        total(basket, msg("TO PAY")),
        pieces(basket),
        Rule(),
        *codes,
        unpaid,
        Cut(),
    ]
    return Receipt(basket.language, basket.currency, shop.exponent, tuple(blocks))


def terminal_slip(slip: TerminalSlip, shop: ShopDetails, *, copy: int = 0) -> Receipt:
    """The terminal's own lines of a payment that was not made, or was given back."""
    titles = {
        "card_failed": msg("CARD PAYMENT NOT MADE"),
        "card_reversed": msg("CARD PAYMENT GIVEN BACK"),
    }
    blocks: list[Block] = [
        *head(shop, copy),
        *([Text(titles[slip.rule], strong=True)] if slip.rule in titles else []),
        Moment(slip.at, slip.at, shop.timezone),
        where(slip.store, slip.lane),
        Rule(),
        CardSlip(tuple(masked(line) for line in slip.lines)),
        Cut(),
    ]
    return Receipt(slip.language, slip.currency, shop.exponent, tuple(blocks))
