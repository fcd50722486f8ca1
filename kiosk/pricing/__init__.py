"""Placeholder of the pricing room's names until the room itself is merged."""

from msgspec import Struct

from kiosk.units import Grams, ItemId, Minor, Rate


class Article(Struct, frozen=True, kw_only=True):
    id: ItemId
    price: Minor | None = None
    price_per_kg: Minor | None = None
    tax: str = ""
    groups: tuple[str, ...] = ()
    deposit: Minor = Minor(0)
    deposit_tax: str = ""
    discountable: bool = True
    meal_voucher: bool = False


class Tax(Struct, frozen=True):
    code: str
    rate: Rate


class Offers(Struct, frozen=True):
    version: str
    promotions: tuple[str, ...] = ()
    taxes: tuple[Tax, ...] = ()


class Discount(Struct, frozen=True):
    promotion: str
    amount: Minor
    label: str = ""


class PricedLine(Struct, frozen=True):
    no: int
    gross: Minor
    discounts: tuple[Discount, ...]
    net: Minor
    deposit: Minor


class TaxSum(Struct, frozen=True):
    code: str
    rate: Rate
    gross: Minor
    net: Minor
    tax: Minor


class Hint(Struct, frozen=True):
    promotion: str
    label: str
    missing: int
    saving: Minor


class Priced(Struct, frozen=True):
    lines: tuple[PricedLine, ...]
    gross: Minor
    discount: Minor
    goods_net: Minor
    deposits: Minor
    taxes: tuple[TaxSum, ...]
    total: Minor
    points: int = 0


_ = Grams
