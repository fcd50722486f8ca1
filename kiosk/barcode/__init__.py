"""Placeholder of the barcode room's names until the room itself is merged."""

from msgspec import Struct

from kiosk.units import Grams, Gtin, Minor


class Product(Struct, frozen=True, tag=True):
    gtin: Gtin
    printed: str = ""


class Measured(Struct, frozen=True, tag=True):
    item: Gtin
    grams: Grams | None = None
    price: Minor | None = None
    count: int | None = None
    printed: str = ""


class Produce(Struct, frozen=True, tag=True):
    plu: int
    organic: bool = False


class Member(Struct, frozen=True, tag=True):
    pass


class Badge(Struct, frozen=True, tag=True):
    pass


class PaymentCard(Struct, frozen=True, tag=True):
    pass


class Unreadable(Struct, frozen=True, tag=True):
    reason: str


Code = Product | Measured | Produce | Member | Badge | PaymentCard | Unreadable


class ShopCodes(Struct, frozen=True):
    measures: tuple[str, ...] = ()
    member: tuple[str, ...] = ()
    badge: tuple[str, ...] = ()


def read(text: str, aim: str | None, shop: ShopCodes) -> Code:
    raise NotImplementedError
