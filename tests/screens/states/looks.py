"""What a removal costs: the bread is no longer one of two."""

from collections.abc import Callable

from msgspec.structs import replace

from kiosk.checkout.effects import TakeOffers
from kiosk.checkout.events import Happened, OffersTaken, RemovePressed
from kiosk.checkout.passed import Passed
from kiosk.pricing import BuyNPayM
from kiosk.units import ItemId, LineNo
from tests.lane import Lane
from tests.screens.sessions import OFFERS, Shop

TWO = BuyNPayM(
    id="B2",
    label="2 for 1",
    labels={"fr": "2 pour 1", "de": "2 für 1"},
    n=2,
    m=1,
    items=(ItemId(3), ItemId(5)),
)


class TwoForOne(Shop):
    """Bread and eggs are two for the price of the dearer one."""

    def answer(self, question: object) -> Happened | Passed:
        if isinstance(question, TakeOffers):
            return OffersTaken(replace(OFFERS, promotions=(TWO,)), "2026-11-21")
        return super().answer(question)


def removed_of_an_offer() -> Lane:
    return TwoForOne().full().play(RemovePressed(LineNo(3)))


BUILD: dict[str, Callable[[], Lane]] = {"removed-of-an-offer": removed_of_an_offer}
