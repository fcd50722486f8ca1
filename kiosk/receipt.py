"""A closed sale as a receipt: blocks of message keys and amounts that paper, screen and web draw alike.

Nothing here is a finished sentence but what the shop itself wrote (its name, product names, promotion labels,
the terminal's slip). Contents follow the French and German rules of what a receipt must name.
"""

import re
from typing import Literal, Protocol

from msgspec import Struct

from kiosk.blocks import (
    Barcode,
    Block,
    CardSlip,
    Cut,
    Deposit,
    Discount,
    Fact,
    Heading,
    LineItem,
    Moment,
    Plain,
    QrCode,
    Receipt,
    Rule,
    SignHere,
    TaxRow,
    TaxTable,
    TenderRow,
    Text,
    TotalRow,
)
from kiosk.checkout.model import Line
from kiosk.checkout.money import PaymentResult, Tender
from kiosk.checkout.records import ClosedSale, FiscalSignature, HandedOver
from kiosk.fiscal import qr
from kiosk.msg import msg
from kiosk.pricing import PricedLine, of_weight
from kiosk.units import LineNo, Minor, UnitPrice

__all__ = [
    "TENDERS", "Barcode", "Block", "CardSlip", "Cut", "Deposit", "Discount", "Fact", "HasAddress",
    "Heading", "LineItem", "Moment", "Plain", "QrCode", "Receipt", "Rule", "ShopDetails", "SignHere",
    "TaxRow", "TaxTable", "TenderRow", "Text", "TotalRow", "goods", "head", "masked", "number", "number_of",
    "parts_of", "pieces", "receipt", "receipt_address", "signature_blocks", "slips", "software",
    "tender_row", "total", "where",
]  # fmt: skip

TENDERS = {
    "card": msg("Card"),
    "cash": msg("Cash"),
    "credit": msg("Member credit"),
    "deposit_voucher": msg("Deposit voucher"),
    "gift_card": msg("Gift card"),
    "meal_voucher": msg("Meal voucher"),
    "training": msg("Training, no money"),
    "voucher": msg("Member voucher"),
    "wallet": msg("Phone wallet"),
}
CARD_NUMBER = re.compile(r"(?<![A-Za-z\d])\d(?:[ -]?\d){12,}")  # but not an AID, which begins with a letter
ALL_BUT_FOUR = re.compile(r"\d(?=(?:[ -]?\d){4})")


class ShopDetails(Struct, frozen=True, kw_only=True):
    """What the shop's configuration says of itself on every receipt.

    `address`, `registrations` (SIRET, VAT number, serial numbers) and `footer` are finished lines. The name of
    a sale's page is put behind `receipt_url` in the QR code; empty: no QR code. `software` is a name, the sale has
    its version. `signature_as` is how a fiscal device's signature stands there: as its own QR code, or in words.
    `unit_price` is by which weight the shop writes what loose goods cost.
    """

    name: str
    address: tuple[str, ...] = ()
    registrations: tuple[str, ...] = ()
    footer: tuple[str, ...] = ()
    receipt_url: str = ""
    software: str = "kiosk"
    exponent: int = 2
    timezone: str = "UTC"
    signature_as: Literal["qr", "text"] = "qr"
    unit_price: UnitPrice = "kg"


class HasAddress(Protocol):
    """A shop's rules or details, as far as they say where receipts are shown."""

    @property
    def receipt_url(self) -> str: ...


def number_of(closed: ClosedSale) -> str:
    """The number on the receipt: store, lane and the lane's gap-free number."""
    return number(closed, closed.number)


def number(place: ClosedSale, count: int) -> str:
    """The so-many-th number of the lane that made that sale."""
    return f"{place.store}-{place.lane}-{count:06d}"


def receipt_address(shop: HasAddress, closed: ClosedSale) -> str:
    """Where the store server shows this receipt; empty where it does not. The only place that makes this address."""
    name = closed.receipt or closed.id
    return shop.receipt_url + name if shop.receipt_url and not closed.training else ""


def receipt(
    closed: ClosedSale,
    shop: ShopDetails,
    *,
    copy: int = 0,
    signature: FiscalSignature | None = None,
    excerpt: str = "",
) -> Receipt:
    """The receipt of a sale; `copy` above 0 marks the so-many-th duplicate.

    `signature` is what a fiscal device said of it, None where none is wanted; `excerpt` a piece of its ledger line's
    hash.
    """
    blocks = [
        *head(shop, copy),
        *([TRAINING] if closed.training else []),
        Text(msg("Receipt {number}"), {"number": number_of(closed)}),
        Moment(closed.started, closed.ended, shop.timezone),
        where(closed.store, closed.lane),
        *([Fact(msg("Served by"), closed.cashier)] if closed.cashier else []),
        Rule(),
        *goods(closed, shop.unit_price),
        *_totals(closed),
        *_money(closed),
        *signature_blocks(signature, shop, closed.language),
        *_foot(closed, shop, excerpt),
    ]
    return Receipt(closed.language, closed.currency, shop.exponent, tuple(blocks))


TRAINING = Text(msg("TRAINING, not a receipt"), strong=True)


def head(shop: ShopDetails, copy: int) -> list[Block]:
    """Whose paper this is, and the mark of a duplicate."""
    blocks: list[Block] = [Heading(shop.name)]
    blocks += [Plain(line) for line in (*shop.address, *shop.registrations)]
    blocks.append(Rule())
    if copy:
        blocks.append(Text(msg("DUPLICATE no. {n}"), {"n": copy}, strong=True))
    return blocks


def where(store: str, lane: str) -> Text:
    return Text(msg("Store {store}, checkout {lane}"), {"store": store, "lane": lane})


def goods(closed: ClosedSale | HandedOver, unit: UnitPrice) -> list[Block]:
    """What was sold, line by line, with what came off and what was put down for it."""
    priced = {line.no: line for line in closed.priced.lines}
    blocks: list[Block] = []
    for line in closed.lines:
        if (sums := priced.get(LineNo(line.no))) is None:
            continue
        blocks.append(_item(line, sums, closed.language, unit))
        blocks += [Discount(applied.label, applied.amount) for applied in sums.discounts]
        if sums.deposit:
            each = line.item.deposit if line.item.deposit * line.qty == sums.deposit else None
            blocks.append(Deposit(line.qty, each, sums.deposit, line.item.deposit_tax))
    return [*blocks, Rule()]


def _item(line: Line, sums: PricedLine, language: str, unit: UnitPrice) -> LineItem:
    item = line.item
    each = line.price if line.price is not None else item.price
    per_kg = item.price_per_kg if line.price is None else None
    if line.grams is not None:
        each = None
        if per_kg is not None and of_weight(per_kg, line.grams) != sums.gross:
            per_kg = None
    elif each is not None and each * line.qty != sums.gross:
        each = None
    return LineItem(
        item.called(language),
        sums.gross,
        item.tax,
        line.qty,
        each,
        line.grams,
        per_kg if line.grams is not None else None,
        line.tare,
        unit,
    )


def _totals(closed: ClosedSale) -> list[Block]:
    return [*parts_of(closed), total(closed, msg("TOTAL")), pieces(closed)]


def parts_of(closed: ClosedSale | HandedOver) -> list[Block]:
    """How the total comes about, where it is not just the sum of the lines."""
    priced = closed.priced
    untaxed = Minor(priced.goods_net + priced.deposits - priced.deposit_returns)
    rows = [
        TotalRow(msg("Discounts"), Minor(-priced.discount)),
        TotalRow(msg("Deposits"), priced.deposits),
        TotalRow(msg("Deposits returned"), Minor(-priced.deposit_returns)),
        TotalRow(msg("Tax"), Minor(priced.total - untaxed)),
    ]
    parts: list[Block] = [row for row in rows if row.amount]
    return [TotalRow(msg("Subtotal"), priced.gross), *parts] if parts else []


def total(closed: ClosedSale | HandedOver, key: str) -> TotalRow:
    return TotalRow(key, closed.priced.total, big=True)


def pieces(closed: ClosedSale | HandedOver) -> Fact:
    """How many things that are; what was weighed counts once."""
    count = sum(1 if line.grams is not None else line.qty for line in closed.lines)
    return Fact(msg("Number of items"), str(count))


def _money(closed: ClosedSale) -> list[Block]:
    blocks: list[Block] = [Rule()]
    blocks += [tender_row(tender) for tender in closed.tenders]
    if closed.priced.rounding:
        blocks.append(TotalRow(msg("Cash rounding"), closed.priced.rounding))
    rows = [TaxRow(tax.code, tax.rate, tax.net, tax.vat, tax.gross) for tax in closed.priced.taxes]
    if rows:
        blocks += [Rule(), TaxTable(tuple(rows))]
    return [*blocks, *slips(closed.tenders)]


def slips(tenders: tuple[Tender, ...]) -> list[Block]:
    """What the terminal said of each, in its own lines or in ours."""
    results = [tender.result for tender in tenders if tender.result is not None]
    return [block for result in results if (said := _slip(result)) for block in (Rule(), *said)]


def tender_row(tender: Tender, sign: int = 1) -> TenderRow:
    return TenderRow(TENDERS.get(tender.kind, msg("Other")), Minor(sign * tender.amount), _card(tender))


def _card(tender: Tender) -> str:
    if tender.result is None:
        return ""
    last4 = f"**** {tender.result.last4}" if tender.result.last4 else ""
    return f"{masked(tender.result.card_name)} {last4}".strip()


def _slip(card: PaymentResult) -> list[Block]:
    if card.slip:
        return [CardSlip(tuple(masked(line) for line in card.slip))]
    facts = {
        msg("Card terminal"): card.terminal_id,
        msg("Receipt number there"): card.receipt_no,
        msg("Trace number"): card.trace,
        msg("Authorisation"): card.authorisation,
    }
    return [Fact(key, masked(value)) for key, value in facts.items() if value]


def masked(text: str) -> str:
    """The text with every number of 13 and more digits cut down to its last four: no card number on paper."""
    return CARD_NUMBER.sub(lambda number: ALL_BUT_FOUR.sub("*", number[0]), text)


def signature_blocks(signature: FiscalSignature | None, shop: ShopDetails, language: str) -> list[Block]:
    """What KassenSichV wants of the fiscal device: its code, the same in words, or that it is out."""
    if signature is None:
        return []
    if not signature.serial:
        out: list[Block] = [Rule(), Text(msg("TSE out of order"), strong=True)]
        return out if language == "de" else [*out, Plain("TSE ausgefallen")]
    if shop.signature_as == "qr":
        return [Rule(), Text(msg("Signed by the TSE")), QrCode(qr.code(signature))]
    return [
        Rule(),
        Fact(msg("TSE transaction"), str(signature.transaction)),
        Fact(msg("Signature counter"), str(signature.counter)),
        Fact(msg("Began"), qr.iso(signature.started)),
        Fact(msg("Ended"), qr.iso(signature.finished)),
        Text(msg("Serial number of the till")),
        Plain(signature.client),
        Text(msg("Serial number of the TSE")),
        Plain(signature.serial),
        Text(msg("Check value")),
        Plain(signature.signature),
    ]


def _foot(closed: ClosedSale, shop: ShopDetails, excerpt: str) -> list[Block]:
    priced = closed.priced
    blocks: list[Block] = [Rule()]
    if priced.discount:
        blocks.append(TotalRow(msg("You saved"), priced.discount))
    if closed.member is not None:
        blocks.append(Fact(msg("Points earned"), str(priced.points)))
        if closed.member.points:
            blocks.append(Fact(msg("Points now"), str(closed.member.points + priced.points)))
    if priced.loyalty_credit:
        blocks.append(TotalRow(msg("Put on your loyalty card"), priced.loyalty_credit))
    if len(blocks) > 1:
        blocks.append(Rule())
    blocks += [Plain(line) for line in shop.footer]
    if address := receipt_address(shop, closed):
        blocks += [Text(msg("This receipt on your phone")), QrCode(address)]
    blocks += [TRAINING] if closed.training else [Barcode(number_of(closed))]
    return [*blocks, *software(shop, closed.version, excerpt), Cut()]


def software(shop: ShopDetails, version: str, excerpt: str = "") -> list[Block]:
    """What made this paper, and a piece of the hash that chains it to the one before."""
    blocks: list[Block] = [
        Text(msg("Software: {name} {version}"), {"name": shop.software, "version": version})
    ]
    if excerpt:
        blocks.append(Text(msg("Signature: {excerpt}"), {"excerpt": excerpt}))
    return blocks
