"""What the ledger holds: one frozen struct per kind of line. The ledger gives each its gap-free number and its hash.

`kind` is the name that its column bears. Nothing in here is ever changed or taken back: a correction is another
line. No line holds a card number, a PIN or a person's data; colleagues are named, members are tokens.
"""

from typing import ClassVar, TypeAlias

from msgspec import Struct

from kiosk.checkout.model import Line, Member, Settled
from kiosk.checkout.money import PaymentResult, Tender, TenderKind
from kiosk.pricing import Priced
from kiosk.units import AttemptId, LineNo, Millis, Minor, SaleId


class ClosedSale(Struct, frozen=True, omit_defaults=False):
    """A finished sale as it goes to the ledger, the store server and the receipt.

    `number` is gap-free per lane; `priced` carries lines, taxes, totals; `version` is the software's. A `training`
    sale counts in no total. `receipt` is the unguessable name of its page at the store server, `cashier` the colleague
    who served.
    """

    kind: ClassVar[str] = "sale"

    id: SaleId
    number: int
    store: str
    lane: str
    currency: str
    language: str
    started: Millis
    ended: Millis
    version: str
    lines: tuple[Line, ...]
    priced: Priced
    tenders: tuple[Tender, ...]
    member: Member | None = None
    settled: tuple[Settled, ...] = ()
    voided: tuple[Line, ...] = ()
    training: bool = False
    receipt: str = ""
    cashier: str = ""


class RefundedLine(Struct, frozen=True):
    """So many pieces of a line (all of it, if it was weighed), and what was really paid for them, deposit included."""

    no: LineNo
    qty: int
    amount: Minor


class Refund(Struct, frozen=True):
    """Money given back for a sale, to the tenders that paid it: never more of a line or a tender than was paid.

    `number` counts with the sales; `whole` says that the sale was taken back whole (a void). Amounts are positive.
    `second` is the colleague who said yes to one above the shop's limit.
    """

    kind: ClassVar[str] = "refund"

    id: str
    number: int
    original: ClosedSale
    ended: Millis
    version: str
    language: str
    lines: tuple[RefundedLine, ...]
    amount: Minor
    tenders: tuple[Tender, ...]
    by: str
    reason: str
    whole: bool = False
    second: str = ""


class Cancelled(Struct, frozen=True):
    """A basket that ended without a sale. `by` is empty where the shopper left it; `reason` is the colleague's."""

    kind: ClassVar[str] = "void"

    id: SaleId
    at: Millis
    lines: tuple[Line, ...]
    total: Minor
    by: str = ""
    training: bool = False
    reason: str = ""
    settled: tuple[Settled, ...] = ()


class HandedOver(Struct, frozen=True):
    """A basket that leaves this lane unpaid. A staffed till takes it over by this id.

    One that is set aside has a `name`, too, under which any lane may take it up, and a `code` for people to type;
    `why` is staff, shopper or left, `by` the colleague, and what pricing and the questions need goes with it. No
    offers do: they are those of the day and the lane where it is paid.
    """

    kind: ClassVar[str] = "handover"

    id: SaleId
    store: str
    lane: str
    currency: str
    language: str
    at: Millis
    lines: tuple[Line, ...]
    priced: Priced
    member: Member | None = None
    name: str = ""
    code: str = ""
    why: str = ""
    by: str = ""
    coupons: tuple[str, ...] = ()
    settled: tuple[Settled, ...] = ()
    voided: tuple[Line, ...] = ()


class Released(Struct, frozen=True):
    """From here on the store server alone hands this basket out: the lane that had it has let it go."""

    kind: ClassVar[str] = "released"

    id: SaleId
    at: Millis


class Resumed(Struct, frozen=True):
    """A basket that was set aside goes on here as that sale: the link between the two."""

    kind: ClassVar[str] = "resumed"

    id: SaleId
    sale: SaleId
    at: Millis
    by: str = ""


class Reversal(Struct, frozen=True):
    """A payment at a terminal, or a part of one, that went back: undone, come too late, or refunded."""

    kind: ClassVar[str] = "reversal"

    id: AttemptId
    of: AttemptId
    at: Millis
    tender: TenderKind
    amount: Minor
    result: PaymentResult | None = None


class ValueOrder(Struct, frozen=True):
    """What the server has to do with what it set aside; told until it is heard.

    commit: book it for good. cancel: set it free. credit: give so much of what was booked back, for that refund.
    """

    kind: ClassVar[str] = "value"

    id: AttemptId
    do: str
    tender: TenderKind
    amount: Minor
    refund: str = ""


class FiscalSignature(Struct, frozen=True):
    """What a fiscal device said of one record (KassenSichV): what the receipt's QR code and DSFinV-K need.

    Times are UTC milliseconds, `signature` and `public_key` base64. Empty `serial`: the device was out, and `outage`
    says since when it has been.
    """

    serial: str = ""
    client: str = ""
    transaction: int = 0
    counter: int = 0
    started: Millis = Millis(0)
    finished: Millis = Millis(0)
    process_type: str = ""
    process_data: str = ""
    algorithm: str = ""
    time_format: str = ""
    signature: str = ""
    public_key: str = ""
    outage: Millis = Millis(0)


class Signed(Struct, frozen=True):
    """What the fiscal device said of a sale, a refund or a cancelled basket."""

    kind: ClassVar[str] = "fiscal"

    of: str
    at: Millis
    signature: FiscalSignature


class Duplicate(Struct, frozen=True):
    """The so-many-th copy of a receipt, and why: asked (by a colleague) or doubt (nobody knows of the one before)."""

    kind: ClassVar[str] = "duplicate"

    of: str
    copy: int
    at: Millis
    why: str
    by: str = ""


class Technical(Struct, frozen=True):
    """An event that a tax officer wants to see: start, stop, clock, update, key, offline, export, case, fault …"""

    kind: ClassVar[str] = "technical"

    name: str
    at: Millis
    fields: dict[str, str | int] = {}


class DayEnded(Struct, frozen=True):
    """The day's books are to be closed: the ledger adds its totals when it writes this line (kind `closing`)."""

    kind: ClassVar[str] = "closing"

    date: str
    at: Millis
    by: str = ""


Record: TypeAlias = (
    ClosedSale
    | Refund
    | Cancelled
    | HandedOver
    | Released
    | Resumed
    | Reversal
    | ValueOrder
    | Signed
    | Duplicate
    | Technical
    | DayEnded
)
