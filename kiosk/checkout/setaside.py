"""Baskets set aside, as the lane keeps them in mind. Frozen data, decides nothing."""

from msgspec import Struct

from kiosk.checkout.records import HandedOver
from kiosk.units import Millis


class Aside(Struct, frozen=True):
    """A basket that was set aside here. Until it is `released` this lane alone may take it up, and needs nobody for
    that; from then on only the store server can hand it out. `over`: its day has ended, and it is to be cancelled."""

    basket: HandedOver
    released: bool = False
    over: bool = False

    def bears(self, key: str) -> bool:
        """Whether that is its name or its number."""
        return key in (self.basket.name, self.basket.code)


class Fetch(Struct, frozen=True):
    """The server was asked for the basket of that name or number under this lane's own `request`: open until it has
    answered, however often it is asked. `by` is the colleague who wants it, `over` says that it is to be cancelled."""

    request: str
    key: str
    since: Millis
    by: str = ""
    over: bool = False
