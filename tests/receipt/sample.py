"""A sale with everything that a receipt can show."""

from msgspec.structs import replace

from kiosk import pricing
from kiosk.checkout.model import Item, Line, Member
from kiosk.checkout.money import Outcome, PaymentResult, Tender, TenderKind
from kiosk.checkout.records import ClosedSale
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
        member=Member("token", "Ada"),
    )
    return replace(sale, **changes)
