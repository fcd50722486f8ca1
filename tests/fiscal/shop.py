"""Sales of a German shop, refunds of them, and random ones, for tests of what the tax office wants."""

from random import Random

from msgspec.structs import replace

from kiosk import pricing
from kiosk.checkout.model import Item, Line
from kiosk.checkout.money import Outcome, PaymentResult, Tender, TenderKind
from kiosk.checkout.records import (
    Cancelled,
    ClosedSale,
    FiscalSignature,
    HandedOver,
    Record,
    Refund,
    RefundedLine,
    Signed,
)
from kiosk.receipt import ShopDetails
from kiosk.units import AttemptId, Grams, Gtin, ItemId, LineNo, Millis, Minor, Rate, SaleId

SHOP = ShopDetails(
    name="Lindenmarkt",
    address=("Lindenallee 12", "10115 Berlin"),
    registrations=("USt-IdNr. DE123456789",),
    timezone="Europe/Berlin",
)
OFFERS = pricing.Offers(
    version="7",
    promotions=(
        pricing.BuyNPayM(id="3for2", label="3 für 2", n=3, m=2, groups=("yoghurt",)),
        pricing.BasketThreshold(id="5off", label="Ab 60 € 5 € sparen", min=Minor(6000), amount=Minor(500)),
    ),
    taxes=(pricing.Tax("A", Rate(190_000)), pricing.Tax("B", Rate(70_000))),
)
YOGHURT = Item(
    id=ItemId(1),
    name="Naturjoghurt",
    price=Minor(189),
    tax="B",
    groups=("yoghurt",),
    gtin=Gtin(4006381333931),
)
BREAD = Item(id=ItemId(2), name="Sauerteigbrot", price=Minor(345), tax="B", department="bakery")
BANANAS = Item(id=ItemId(3), name="Bananen", price_per_kg=Minor(229), tax="B", tare=Grams(5))
WATER = Item(
    id=ItemId(4), name="Mineralwasser 1,5 l", price=Minor(79), tax="B", deposit=Minor(25), deposit_tax="A"
)
WINE = Item(id=ItemId(5), name="Riesling 0,75 l", price=Minor(1159), tax="A", min_age=16)
GOODS = (YOGHURT, BREAD, BANANAS, WATER, WINE)

LINES = (
    Line(LineNo(1), YOGHURT, qty=3),
    Line(LineNo(2), BREAD),
    Line(LineNo(3), BANANAS, grams=Grams(1408), tare=Grams(5)),
    Line(LineNo(4), WATER, qty=6),
    Line(LineNo(5), WINE),
)
CARD = PaymentResult(
    Outcome.APPROVED, currency="EUR", terminal_id="52013579", receipt_no="0042", trace="000871", card_name="girocard",
    last4="0119",
)  # fmt: skip
START = 1_795_271_400_000


def priced(lines: tuple[Line, ...]) -> pricing.Priced:
    goods = [
        pricing.Line(no=line.no, article=line.item, qty=line.qty, grams=line.grams, price_override=line.price)
        for line in lines
    ]
    return pricing.price(goods, OFFERS, pricing.Context(today="2026-11-21"))


def closed(
    lines: tuple[Line, ...] = LINES, number: int = 42, language: str = "de", **changes: object
) -> ClosedSale:
    sums = priced(lines)
    sale = ClosedSale(
        id=SaleId(f"j-{number}"),
        number=number,
        store="0187",
        lane="4",
        currency="EUR",
        language=language,
        started=Millis(START + number * 200_000),
        ended=Millis(START + number * 200_000 + 90_000),
        version="0.1.0",
        lines=lines,
        priced=sums,
        tenders=(Tender(TenderKind.CARD, sums.total, AttemptId("a1"), replace(CARD, amount=sums.total)),),
    )
    return replace(sale, **changes)


def handed_over(sale: ClosedSale) -> HandedOver:
    return HandedOver(
        sale.id, sale.store, sale.lane, sale.currency, sale.language, sale.ended, sale.lines, sale.priced
    )


def refund_of(sale: ClosedSale, *pieces: tuple[int, int], number: int = 43) -> Refund:
    """So many pieces of those lines at what was paid for them, or all of it."""
    sums = {line.no: line for line in sale.priced.lines}
    chosen = pieces or tuple((line.no, 1 if line.grams is not None else line.qty) for line in sale.lines)
    lines = tuple(_back(sale, sums[LineNo(no)], qty) for no, qty in chosen)
    amount = sale.priced.total if not pieces else Minor(sum(line.amount for line in lines))
    return Refund(
        id=f"{sale.id}-r{number}",
        number=number,
        original=sale,
        ended=Millis(sale.ended + 30_000),
        version=sale.version,
        language=sale.language,
        lines=lines,
        amount=amount,
        tenders=(Tender(TenderKind.CARD, amount, AttemptId("r1")),),
        by="7",
        reason="damaged",
        whole=not pieces,
    )


def _back(sale: ClosedSale, sums: pricing.PricedLine, qty: int) -> RefundedLine:
    line = next(each for each in sale.lines if each.no == sums.no)
    pieces = 1 if line.grams is not None else line.qty
    return RefundedLine(sums.no, qty, Minor((sums.net + sums.deposit) * qty // pieces))


def random_sale(random: Random, number: int) -> ClosedSale:
    lines = tuple(
        Line(LineNo(no), item, grams=Grams(random.randint(20, 3000)), tare=item.tare)
        if item.by_weight
        else Line(LineNo(no), item, qty=random.randint(1, 12))
        for no, item in enumerate(random.choices(GOODS, k=random.randint(1, 9)), 1)
    )
    sale = closed(lines, number, training=random.random() < 0.1)
    total = sale.priced.total
    part = random.randint(0, total)
    kind = random.choice(
        [TenderKind.GIFT_CARD, TenderKind.MEAL_VOUCHER, TenderKind.DEPOSIT_VOUCHER, TenderKind.WALLET]
    )
    tenders = (Tender(kind, Minor(part)), replace(sale.tenders[0], amount=Minor(total - part)))
    return replace(sale, tenders=tuple(tender for tender in tenders if tender.amount))


def random_day(random: Random, first: int, count: int) -> list[Record]:
    """So many sales, some of them given back in part or whole, some baskets left, all of it signed or in an outage."""
    records: list[Record] = []
    number = first
    for _ in range(count):
        sale = random_sale(random, number)
        number += 1
        business: list[ClosedSale | Refund | Cancelled] = [sale]
        if random.random() < 0.2 and not sale.training:
            line = random.choice(sale.lines)
            pieces = 1 if line.grams is not None else line.qty
            part = ((line.no, random.randint(1, pieces)),) if random.random() < 0.7 else ()
            business.append(refund_of(sale, *part, number=number))
            number += 1
        if random.random() < 0.1:
            business.append(Cancelled(SaleId(f"left-{number}"), sale.ended, sale.lines, sale.priced.total))
        for one in business:
            records.append(one)
            records.append(
                Signed(one.id, Millis(sale.ended + 500), signature(number, out=random.random() < 0.1))
            )
    return records


def signature(number: int, *, out: bool = False) -> FiscalSignature:
    """Figures of the right shape; nobody signed them."""
    if out:
        return FiscalSignature(outage=Millis(START))
    return FiscalSignature(
        serial="ab" * 32,
        client="0187-4",
        transaction=number,
        counter=2 * number,
        started=Millis(START),
        finished=Millis(START + 60_000),
        process_type="Kassenbeleg-V1",
        process_data="Beleg^",
        algorithm="ecdsa-plain-SHA256",
        time_format="unixTime",
        signature="c2lnbmF0dXJl",
        public_key="a2V5",
    )
