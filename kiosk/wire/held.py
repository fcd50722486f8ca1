"""What is asked of the store server about money that passes by no terminal here: gift cards, vouchers, wallets; sales
of other lanes, for refunds; baskets that are paid elsewhere; receipts by e-mail."""

from typing import Annotated, Literal, TypeAlias

from msgspec import Meta, Struct

from kiosk.checkout.records import ClosedSale, Refund
from kiosk.checkout.records import HandedOver as HandedOver
from kiosk.checkout.records import Signed as Signed
from kiosk.units import Millis, Minor

Key: TypeAlias = Annotated[str, Meta(min_length=1, max_length=100)]
ValueKind: TypeAlias = Literal["gift_card", "deposit_voucher", "coupon", "credit", "voucher", "wallet"]
Currency: TypeAlias = Annotated[str, Meta(pattern="^[A-Z]{3}$")]


class ReserveValue(Struct, frozen=True):
    """Set aside up to `amount` under the kiosk's own `id`; the same may be asked again and changes nothing.

    `number` as scanned or typed (empty for a wallet): kept by neither side.
    """

    id: Key
    kind: ValueKind
    amount: Annotated[int, Meta(gt=0, lt=2**53)]
    currency: Currency
    number: Annotated[str, Meta(max_length=128)] = ""


class ValueState(Struct, frozen=True):
    """Where a reservation stands.

    pending: a wallet whose shopper has not paid, `code` is what to show her. reserved: `amount` is set aside (or, of
    a wallet, paid) until commit or cancel. refused, cancelled: nothing was taken and nothing will be, `reason` says
    why. committed: booked for good. `left` is what the card still holds, None where that is nobody's business.
    """

    id: Key
    kind: str
    state: Literal["pending", "reserved", "committed", "cancelled", "refused"]
    amount: Minor = Minor(0)
    currency: str = ""
    last4: str = ""
    reference: str = ""
    reason: str = ""
    code: str = ""
    left: Minor | None = None


class ValueDecision(Struct, frozen=True):
    """What a lane's ledger says of a reservation: a ValueOrder. `refund` is what a credit is given for."""

    id: Key
    do: Literal["commit", "cancel", "credit"]
    tender: Annotated[str, Meta(max_length=20)]
    amount: Annotated[int, Meta(ge=0)]
    refund: Annotated[str, Meta(max_length=100)] = ""


# ---- sales of other lanes, receipts by e-mail, baskets handed over


class SaleQuestion(Struct, frozen=True):
    """The number on a receipt (store-lane-number), or a sale's id."""

    number: Annotated[str, Meta(min_length=1, max_length=100)]


class SaleAnswer(Struct, frozen=True):
    """That sale, and what was given back of it; it is the asking lane's to refund until she is done."""

    sale: ClosedSale
    refunds: tuple[Refund, ...] = ()


class ReceiptMail(Struct, frozen=True):
    """Send the receipt of that sale there, once for one `id`; the address is dropped when it was sent."""

    id: Key
    sale: Key
    address: Annotated[str, Meta(pattern=r"^[^@\s<>,;:\"]{1,64}@[^@\s<>,;:\"]{1,190}$")]


class TakeOver(Struct, frozen=True):
    """Who takes a basket over at a staffed till."""

    by: Annotated[str, Meta(min_length=1, max_length=60)]


class TakenOver(Struct, frozen=True):
    """A basket that was handed over; `by` is empty while nobody has taken it."""

    basket: HandedOver
    by: str = ""
    at: Millis = Millis(0)
