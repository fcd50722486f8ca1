"""What happens to baskets that are set aside: put away, wanted back, handed out, taken up again by whoever comes back.

Facts, all of them; the closed union is in `events`.
"""

from typing import Literal, TypeAlias

from kiosk.checkout.fact import Fact
from kiosk.checkout.records import HandedOver

Given: TypeAlias = Literal["yours", "unknown", "taken", "kept", "ambiguous"]


class PutAside(Fact, frozen=True):
    """The basket is to be set aside: by a colleague with her PIN, or by the shopper who has to go."""


class NameDrawn(Fact, frozen=True):
    """Answer to DrawName: the name in the code on the slip, 128 random bits, and the number that people can type."""

    name: str
    code: str
    why: str
    by: str = ""


class BasketWanted(Fact, frozen=True):
    """The number of a basket that was set aside was typed."""

    code: str


class BasketAnswered(Fact, frozen=True):
    """The store server's answer to TakeBasket: with `yours` the basket is this lane's alone.

    unknown: no such basket there (yet). taken: another lane has it. kept: lane `lane` has not let it go. ambiguous:
    two baskets have that number.
    """

    request: str
    answer: Given
    basket: HandedOver | None = None
    lane: str = ""


class BasketUnheard(Fact, frozen=True):
    """The server was not reached, or its answer was lost: it may have handed the basket out for that request."""

    request: str


class CameBack(Fact, frozen=True):
    """Somebody at a locked basket says that it is hers."""
