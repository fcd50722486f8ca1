"""Baskets that were set aside, on their way to the lane that takes one up: from loop to link to server, and back."""

from typing import Literal

from msgspec import Struct

from kiosk.checkout.records import HandedOver
from kiosk.checkout.records import Released as Released
from kiosk.checkout.records import Resumed as Resumed
from kiosk.wire.held import Key


class TakeBasket(Struct, frozen=True, tag=True):
    """Who asks for a basket that was set aside: by the name on its slip, or by its number. `request` is the lane's own,
    and gets one answer however often it is made.

    The link answers with BasketGiven, or with BasketUnheard where the server was not reached or its answer was lost.
    """

    request: Key
    key: Key


class BasketGiven(Struct, frozen=True, tag=True):
    """The server's answer: with `yours` the basket, which nobody else gets; `lane` is where it was set aside.

    unknown: there is none. taken: somebody has it, or this request is used up. kept: its lane has not let it go.
    ambiguous: several have that number.
    """

    request: Key
    answer: Literal["yours", "unknown", "taken", "kept", "ambiguous"]
    basket: HandedOver | None = None
    lane: str = ""


class BasketUnheard(Struct, frozen=True, tag=True):
    """The server may have handed the basket out for that request, or not."""

    request: Key
