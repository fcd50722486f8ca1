"""A lane with fresh goods whose symbols say dates, batches and serials, and with markdowns by days left."""

from msgspec.structs import replace

from kiosk.barcode import Carrier, Measured, Pack, Product
from kiosk.checkout.events import (
    OffersTaken,
    PinAccepted,
    Restarted,
)
from kiosk.checkout.model import Item, Why
from kiosk.checkout.session import Policy
from kiosk.pricing import ExpiryMarkdown, Offers, Tax, Tier
from kiosk.units import Grams, Minor, Rate
from tests.lane import MILK, POLICY, TIN, WINE, YOGHURT, Lane, item

L: Carrier = "linear"
M: Carrier = "matrix"
MEAT = item(8, "Minced beef", None, price_per_kg=Minor(1190), grams=None)
CREAM = item(9, "Cream 250 g", 199, groups=("fresh",))
TOMORROW, YESTERDAY, LATER = "2026-11-22", "2026-11-20", "2026-12-24"
TAXES = (Tax(code="R", rate=Rate(55_000)), Tax(code="N", rate=Rate(200_000)))
SOON = ExpiryMarkdown(
    id="SOON",
    label="Short date",
    tiers=(Tier(0, Rate(500_000)), Tier(2, Rate(300_000))),
    groups=("fresh",),
)


class Shop(Lane):
    """A lane with fresh goods, and markdowns by days left."""

    offers = Offers(version="2", promotions=(SOON,), taxes=TAXES)

    def __init__(self, policy: Policy = POLICY) -> None:
        super().__init__(items=(MILK, YOGHURT, WINE, TIN, MEAT, CREAM))
        self.play(Restarted(policy))

    def answer(self, question: object) -> object:  # type: ignore[override]
        answer = super().answer(question)
        return replace(answer, offers=self.offers) if isinstance(answer, OffersTaken) else answer

    def staff(self, *events: object) -> "Shop":
        return self.play(PinAccepted("17", "Sam"), *events)  # type: ignore[arg-type]


def code(of: Item, **pack: str) -> Product:
    assert of.gtin is not None
    return Product(of.gtin, pack=Pack(**pack))


def counted(lane: Lane) -> int:
    return sum(line.qty for line in lane.sale.lines)


def opened(lane: Lane) -> list[Why]:
    return [question.why for question in lane.sale.open]


def measured(grams: int | None = None, price: int | None = None, **pack: str) -> Measured:
    assert MEAT.gtin is not None
    weight = None if grams is None else Grams(grams)
    return Measured(MEAT.gtin, weight, None if price is None else Minor(price), pack=Pack(**pack))


def discounts(lane: Lane) -> list[tuple[int, int, int]]:
    assert lane.sale.priced is not None
    qty = {line.no: line.qty for line in lane.sale.lines}
    return [(qty[line.no], line.gross, line.gross - line.net) for line in lane.sale.priced.lines]
