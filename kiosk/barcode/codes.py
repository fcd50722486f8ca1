"""What a scan can be: the closed union that the scanners hand to the till."""

from typing import Literal, TypeAlias

from msgspec import Struct

from kiosk.barcode.digits import Reason
from kiosk.units import Grams, Gtin, Minor

Measure = Literal["grams", "price", "count"]
Carrier = Literal["", "linear", "matrix"]  # the kind of symbol that was read, where the scanner tells


class Pack(Struct, frozen=True, omit_defaults=True):
    """What the symbol says of this very pack besides its number; dates as in 2026-11-30. Empty: it does not say."""

    batch: str = ""
    serial: str = ""
    use_by: str = ""
    best_before: str = ""


class Product(Struct, frozen=True, tag=True, omit_defaults=True):
    """A trade item; printed is what stood on the pack."""

    gtin: Gtin
    printed: str = ""
    pack: Pack = Pack()


class Measured(Struct, frozen=True, tag=True, omit_defaults=True):
    """A label with its measure in the number: one of grams, price and count is given, and is more than zero.

    item is the same number with the measure zeroed and the check digit made right: what the catalogue knows.
    """

    item: Gtin
    grams: Grams | None = None
    price: Minor | None = None
    count: int | None = None
    printed: str = ""
    pack: Pack = Pack()


class Produce(Struct, frozen=True, tag=True):
    """A produce number from a sticker or the keypad."""

    plu: int
    organic: bool = False


class Member(Struct, frozen=True, tag=True):
    """A member's card. Its number is a secret: the driver keeps it, as `split` gives it, for a worker."""


class Badge(Struct, frozen=True, tag=True):
    """An attendant's badge. Its number is a secret, kept by the driver like a member's."""


class GiftCard(Struct, frozen=True, tag=True):
    """A shop's gift card. Its number is a secret, kept by the driver like a member's."""


class DepositVoucher(Struct, frozen=True, tag=True):
    """A slip of a bottle machine. Its number is worth money, and kept by the driver like a member's."""


class EuroCoupon(Struct, frozen=True, tag=True):
    """A coupon that carries its value (minor units), or gives an item `free`; issuer and promotion say for what."""

    issuer: str
    promotion: str
    value: Minor
    free: bool


class Purchase(Struct, frozen=True):
    """What a North American coupon wants bought: `amount` of what `kind` says, of a maker (empty: any) and family.

    Kinds are the purchase requirement codes: 0 pieces, 1 value of the items, 2 of the whole basket, 3 pounds,
    4 kilograms, 9 nothing said here.
    """

    issuer: str
    kind: int
    amount: int
    family: str


class UsCoupon(Struct, frozen=True, tag=True, omit_defaults=True):
    """A North American coupon: its numbers, and what it says itself unless its offer stands in a file (AI 8112).

    `save_code` says what `save` counts (0 cents, 1 cents that a free piece may cost, 2 free pieces, 5 percent, 6 cents
    of the basket), `item` which purchase it is taken off, `rule` how several purchases go together. Dates as in
    2026-11-30, empty where it does not say.
    """

    issuer: str
    offer: str
    serial: str = ""
    save: int = 0
    purchases: tuple[Purchase, ...] = ()
    rule: int = 0
    starts: str = ""
    expires: str = ""
    retailer: str = ""
    save_code: int = 0
    item: int = 0
    store_coupon: bool = False
    multiplies: bool = True


class GlobalCoupon(Struct, frozen=True, tag=True, omit_defaults=True):
    """A coupon known by its number alone (GCN, AI 255)."""

    number: str
    serial: str = ""


class ReceiptCode(Struct, frozen=True, tag=True):
    """The number of a receipt of this shop's lanes: store-lane-number."""

    number: str


class BasketName(Struct, frozen=True, tag=True):
    """The name of a basket that was set aside, from its slip."""

    name: str


class PaymentCard(Struct, frozen=True, tag=True):
    """Somebody scanned or swiped a payment card here; nothing of it is kept."""


class Unreadable(Struct, frozen=True, tag=True):
    """Refused; nothing of the text is kept."""

    reason: Reason


Code: TypeAlias = (
    Product
    | Measured
    | Produce
    | Member
    | Badge
    | GiftCard
    | DepositVoucher
    | EuroCoupon
    | UsCoupon
    | GlobalCoupon
    | ReceiptCode
    | BasketName
    | PaymentCard
    | Unreadable
)
