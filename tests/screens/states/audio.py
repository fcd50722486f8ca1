"""Audio mode: what is spoken is printed, nothing moves, and the screen can be dark."""

from collections.abc import Callable

from kiosk.checkout.events import Started
from kiosk.checkout.passed import AudioChosen, CurtainPressed, Faded, HeadsetSeen, LookChosen, Spoken, WhyNot
from tests.lane import Lane
from tests.screens.sessions import Shop

QUANTITY = "Quantity."
WELCOME = (
    "This checkout speaks. Left and right go through the keys, up and down through the page."
    " OK presses. 0 says it again."
)


def heard(shop: Lane, text: str) -> Lane:
    """Headphones are in, and this is being said."""
    return shop.play(HeadsetSeen(True), Spoken(text))


BUILD: dict[str, Callable[[], Lane]] = {
    "audio-start": lambda: heard(Shop(), WELCOME),
    "audio-empty": lambda: heard(Shop().play(Started()), "Scan your first product."),
    "audio-basket": lambda: heard(Shop().full(), QUANTITY),
    "audio-basket-large": lambda: heard(Shop().full().play(LookChosen("large")), QUANTITY),
    "audio-basket-why": lambda: heard(
        Shop().play(Started(), WhyNot("Scan a product first.")), "Scan a product first."
    ),
    "audio-curtain": lambda: heard(
        Shop().full().play(AudioChosen(True), CurtainPressed()), "The screen is dark."
    ),
    "audio-finder": lambda: heard(
        Shop().full().open("finder").type("to"), "t, o. Vine tomatoes. €3.49 per kg."
    ),
    "audio-paid": lambda: heard(Shop().paid(), "Paid: €16.78. Card ending in 4417."),
    "audio-present": lambda: heard(Shop().paying(), "Please present your card."),
    "audio-more-time": lambda: heard(Shop().full().play(Faded("idle")), "15 seconds."),
}
