"""A basket that is left, locked, set aside, and comes back."""

from kiosk.checkout.effects import TakeOffers
from kiosk.checkout.events import OffersTaken, PinAccepted, Reminded
from kiosk.checkout.passed import Faded, LookChosen, Opened
from kiosk.checkout.session import Panel
from kiosk.checkout.suspending import BasketAnswered, BasketUnheard, BasketWanted, PutAside
from kiosk.pricing import Offers
from tests.lane import OFFERS
from tests.screens.sessions import MILK, Shop, part_paid

SAM = PinAccepted("17", "Sam")


def aside() -> Shop:
    """Set aside by a colleague; its page is still there."""
    return Shop().full().play(SAM, PutAside())


def repriced() -> Shop:
    """Meanwhile the shop has ended its offers."""
    shop, answer = aside(), Shop.answer
    offers = OffersTaken(Offers(taxes=OFFERS.taxes), "2026-11-21")
    shop.answer = lambda question: offers if isinstance(question, TakeOffers) else answer(shop, question)  # type: ignore[method-assign]
    return shop.play(BasketWanted("000001"))


def asked() -> Shop:
    """The server is asked for a basket that this lane does not keep."""
    return Shop().play(BasketWanted("481516"))


BUILD = {
    "more-time-later": lambda: Shop().full().play(Faded("idle"), Faded("left")),
    "more-time-large": lambda: Shop().full().play(LookChosen("large"), Faded("idle")),
    "more-time-slower": lambda: Shop().full().play(LookChosen("slower"), Faded("idle")),
    "ways-more-time": lambda: part_paid().play(Faded("idle")),
    "whose": lambda: Shop().full().play(Reminded("abandon")),
    "whose-large": lambda: Shop().full().play(LookChosen("large"), Reminded("abandon")),
    "access-slower": lambda: Shop().play(LookChosen("slower"), Opened(Panel("access"))),
    "set-aside": aside,
    "set-aside-large": lambda: Shop().full().play(LookChosen("large"), SAM, PutAside()),
    "staff-set-aside": lambda: aside().play(Reminded("thanks"), SAM),
    "basket-code": lambda: Shop().open("basket_code"),
    "basket-code-typed": lambda: Shop().open("basket_code").type("481516"),
    "basket-asked": asked,
    "basket-unheard": lambda: asked().play(BasketUnheard("j0-f1")),
    "basket-unknown": lambda: asked().play(BasketAnswered("j0-f1", "unknown")),
    "basket-elsewhere": lambda: asked().play(BasketAnswered("j0-f1", "taken")),
    "basket-ambiguous": lambda: asked().play(BasketAnswered("j0-f1", "ambiguous")),
    "basket-kept-there": lambda: asked().play(BasketAnswered("j0-f1", "kept", None, "5")),
    "basket-first": lambda: aside().play(Reminded("thanks")).buy(MILK).play(BasketWanted("000001")),
    "basket-back": lambda: aside().play(BasketWanted("000001")),
    "basket-repriced": lambda: repriced(),
}
