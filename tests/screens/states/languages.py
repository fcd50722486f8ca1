"""All sixteen languages of the house on one lane, and goods whose names run the other way."""

from msgspec.structs import replace

from kiosk.checkout.passed import Paged
from tests.screens.sessions import POLICY, Shop

SIXTEEN = tuple("en fr de es it nl pl pt ar he hi zh ja ru uk tr".split())


def sixteen() -> Shop:
    return Shop(replace(POLICY, languages=SIXTEEN))


BUILD = {
    "start-sixteen-languages": sixteen,
    "language-sixteen-more": lambda: sixteen().full().open("language").play(Paged(1)),
    "language-sixteen": lambda: sixteen().full().open("language"),
}
