"""A sale with everything that a receipt can show."""

from msgspec.structs import replace

from kiosk import pricing
from kiosk.checkout.jobs import TerminalSlip
from kiosk.checkout.model import Item, Line, Member
from kiosk.checkout.money import Outcome, PaymentResult, Tender, TenderKind
from kiosk.checkout.records import ClosedSale, HandedOver, Refund, RefundedLine
from kiosk.receipt import ShopDetails
from kiosk.units import AttemptId, Grams, ItemId, LineNo, Millis, Minor, Rate, SaleId

SHOP = ShopDetails(
    name="Marché Lumière",
    address=("12 rue des Lilas", "69003 Lyon"),
    registrations=("SIRET 552 100 554 00025", "TVA FR 32 552100554"),
    footer=("www.marche-lumiere.example",),
    receipt_url="https://r.marche-lumiere.example/",
    timezone="Europe/Paris",
)

OFFERS = pricing.Offers(
    version="7",
    promotions=(
        pricing.BuyNPayM(id="3for2", label="3 for 2", n=3, m=2, groups=("yoghurt",)),
        pricing.PctOffItems(id="bread", label="Bakery evening −20 %", pct=Rate(200_000), groups=("bread",)),
        pricing.LoyaltyPoints(id="points", per=Minor(100), points=1),
    ),
    taxes=(pricing.Tax("A", Rate(200_000)), pricing.Tax("B", Rate(55_000))),
)

YOGHURT = Item(
    id=ItemId(1), name="Plain yoghurt 4 × 125 g", names={"fr": "Yaourt nature 4 × 125 g", "de": "Naturjoghurt"},
    price=Minor(189), tax="B", groups=("yoghurt",),
)  # fmt: skip
BREAD = Item(id=ItemId(2), name="Sourdough loaf", price=Minor(345), tax="B", groups=("bread",))
BANANAS = Item(id=ItemId(3), name="Organic bananas", price_per_kg=Minor(229), tax="B", tare=Grams(5))
WATER = Item(
    id=ItemId(4), name="Sparkling mineral water from the volcanoes of Auvergne, 1.5 l", price=Minor(79), tax="B",
    deposit=Minor(25), deposit_tax="A",
)  # fmt: skip
WINE = Item(id=ItemId(5), name="Crémant d'Alsace brut 75 cl", price=Minor(1090), tax="A", min_age=18)
CHEESE = Item(id=ItemId(6), name="Comté 18 months", price=Minor(0), tax="B")

LINES = (
    Line(LineNo(1), YOGHURT, qty=3),
    Line(LineNo(2), BREAD),
    Line(LineNo(3), BANANAS, grams=Grams(756), tare=Grams(5)),
    Line(LineNo(4), WATER, qty=6),
    Line(LineNo(5), WINE),
    Line(LineNo(6), CHEESE, price=Minor(612)),
)

CARD = PaymentResult(
    Outcome.APPROVED,
    amount=Minor(2938),
    currency="EUR",
    terminal_id="52013579",
    receipt_no="0042",
    trace="000871",
    authorisation="A7K21Q",
    card_name="Visa",
    last4="0119",
)


def priced(lines: tuple[Line, ...], *, member: bool = True) -> pricing.Priced:
    goods = [
        pricing.Line(no=line.no, article=line.item, qty=line.qty, grams=line.grams, price_override=line.price)
        for line in lines
    ]
    return pricing.price(goods, OFFERS, pricing.Context(today="2026-11-21", member=member))


def closed(
    lines: tuple[Line, ...] = LINES, language: str = "en", number: int = 42, **changes: object
) -> ClosedSale:
    sums = priced(lines)
    sale = ClosedSale(
        id=SaleId(f"2026-11-21-1-{number}"),
        number=number,
        store="0001",
        lane="1",
        currency="EUR",
        language=language,
        started=Millis(1_795_271_400_000),
        ended=Millis(1_795_271_580_000),
        version="0.1.0",
        lines=lines,
        priced=sums,
        tenders=(Tender(TenderKind.CARD, sums.total, AttemptId("a1"), replace(CARD, amount=sums.total)),),
        member=Member("token"),
    )
    return replace(sale, **changes)


def refund(language: str = "en", **changes: object) -> Refund:
    """Two yoghurts, the bananas and three bottles of it go back: by card, and what a voucher had paid."""
    sale = closed(language=language)
    back = (
        RefundedLine(LineNo(1), 2, Minor(252)),
        RefundedLine(LineNo(3), 1, Minor(173)),
        RefundedLine(LineNo(4), 3, Minor(312)),
    )
    card = Tender(TenderKind.CARD, Minor(600), AttemptId("a1-r1"), replace(CARD, amount=Minor(600)))
    voucher = Tender(TenderKind.DEPOSIT_VOUCHER, Minor(137), AttemptId("a2-r1"))
    given = Refund(
        id="r-1",
        number=57,
        original=sale,
        ended=Millis(1_795_275_180_000),
        version="0.1.0",
        language=language,
        lines=back,
        amount=Minor(737),
        tenders=(card, voucher),
        by="Sam (17)",
        reason="damaged",
    )
    return replace(given, **changes)


def handed_over(language: str = "en") -> HandedOver:
    sale = closed(language=language)
    return HandedOver(
        SaleId("a1b2c3d4e5f6-42"), "0001", "1", "EUR", language, sale.ended, sale.lines, sale.priced
    )


def slip(language: str = "en", rule: str = "card_failed") -> TerminalSlip:
    lines = ("K-U-N-D-E-N-B-E-L-E-G", "Visa **** 0119", "31,53 EUR", "ABGELEHNT  05")
    return TerminalSlip(
        "a-1", "0001", "1", "EUR", language, Millis(1_795_271_580_000), Minor(3153), lines, rule
    )
