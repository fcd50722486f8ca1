"""What crosses a border: messages between kiosk and store server (JSON over HTTPS), and between the kiosk's loop
and its link process (msgpack over a unix socket)."""

import hashlib
import hmac
from typing import Annotated, Any, Literal, TypeAlias

from msgspec import Meta, Struct

from kiosk.checkout.about import Allergen as Allergen
from kiosk.checkout.about import Facts as Facts
from kiosk.checkout.model import Item as Item
from kiosk.checkout.records import ClosedSale as ClosedSale
from kiosk.checkout.records import Refund as Refund
from kiosk.checkout.suggestion import Suggestion as Suggestion
from kiosk.pricing import Offers as Offers
from kiosk.pricing import Promotion as Promotion
from kiosk.pricing import Tax as Tax
from kiosk.units import Gtin, ItemId, Millis, Minor
from kiosk.wire.asked import Asked as Asked
from kiosk.wire.baskets import BasketGiven as BasketGiven
from kiosk.wire.baskets import BasketUnheard as BasketUnheard
from kiosk.wire.baskets import TakeBasket as TakeBasket
from kiosk.wire.held import Currency as Currency
from kiosk.wire.held import HandedOver as HandedOver
from kiosk.wire.held import Key as Key
from kiosk.wire.held import ReceiptMail as ReceiptMail
from kiosk.wire.held import ReserveValue as ReserveValue
from kiosk.wire.held import SaleAnswer as SaleAnswer
from kiosk.wire.held import SaleQuestion as SaleQuestion
from kiosk.wire.held import Signed as Signed
from kiosk.wire.held import TakenOver as TakenOver
from kiosk.wire.held import TakeOver as TakeOver
from kiosk.wire.held import ValueDecision as ValueDecision
from kiosk.wire.held import ValueKind as ValueKind
from kiosk.wire.held import ValueState as ValueState
from kiosk.wire.members import FindMember as FindMember
from kiosk.wire.members import MemberAnswer as MemberAnswer
from kiosk.wire.members import MemberFound as MemberFound
from kiosk.wire.members import MemberQuestion as MemberQuestion
from kiosk.wire.members import MemberUnknown as MemberUnknown
from kiosk.wire.recall import Recall as Recall
from kiosk.wire.status import LaneStatus as LaneStatus
from kiosk.wire.weights import SharedWeights as SharedWeights
from kiosk.wire.weights import Teach as Teach
from kiosk.wire.weights import Weighed as Weighed
from kiosk.wire.weights import WeightsPage as WeightsPage
from kiosk.wire.weights import WeightsTaken as WeightsTaken
from kiosk.wire.weights import WeightSums as WeightSums

Day: TypeAlias = Annotated[str, Meta(pattern=r"^\d{4}-\d{2}-\d{2}$")]

# ---- catalogue: server to kiosk


class Entry(Struct, frozen=True, omit_defaults=True):
    """One item with every code it is found under. `rank` is its place in the order of what sells (0: best), `facts`
    what the shop says of it besides."""

    item: Item
    codes: tuple[Annotated[Gtin, Meta(ge=0, lt=10**14)], ...] = ()
    rank: Annotated[int, Meta(ge=0, lt=2**22)] = 0
    facts: Facts | None = None


class Colleague(Struct, frozen=True):
    """Somebody of the shop. `pin_hash` is argon2id in PHC form; the PIN itself is nowhere."""

    person: str
    name: str
    role: Literal["attendant", "technician"]
    pin_hash: str


def peppered(pin: str, pepper: bytes) -> bytes:
    """The PIN as argon2id gets it on both sides: useless to whoever has the hashes and not the shop's pepper."""
    return hmac.digest(pepper, pin.encode(), hashlib.sha256)


class DatedPromotion(Struct, frozen=True, omit_defaults=True):
    """A promotion and its first and last day (shop's local dates, both included; None: open)."""

    promotion: Promotion
    valid_from: Day | None = None
    valid_to: Day | None = None


class DatedTax(Struct, frozen=True, omit_defaults=True):
    """A tax rate and its first and last day (both included; None: open)."""

    tax: Tax
    valid_from: Day | None = None
    valid_to: Day | None = None


class Terms(Struct, frozen=True):
    """The small tables, always sent whole."""

    staff: tuple[Colleague, ...] = ()
    promotions: tuple[DatedPromotion, ...] = ()
    taxes: tuple[DatedTax, ...] = ()
    recalls: tuple[Recall, ...] = ()
    suggestions: tuple[Suggestion, ...] = ()


class CataloguePage(Struct, frozen=True):
    """A page of all that changed after version `since` (0: everything) of the catalogue named `source`.

    `version` is the one the round of pages leads to, `latest` the one in force while this page was made: if it is
    higher on the last page, another round follows. Items come by ascending id; `after` is the highest id looked at.
    The last page carries the terms.
    """

    source: str
    since: int
    version: int
    latest: int
    after: ItemId
    entries: tuple[Entry, ...]
    gone: tuple[ItemId, ...] = ()
    last: bool = False
    terms: Terms | None = None


# ---- kiosk to server


class Stored(Struct, frozen=True):
    """The server has it on disk. `again`: it had it before."""

    id: str
    again: bool = False


class Record(Struct, frozen=True):
    """Anything for the server's books that is no sale: a line of the ledger, a business event.

    A line comes with its `number`, the `hash` of its chain in hex, and its `body` byte for byte as the ledger has it;
    closings and anchors with the device key's `signature`, in hex.
    """

    kind: Annotated[str, Meta(pattern="^[a-z_]{1,20}$")]
    at: Millis
    number: Annotated[int, Meta(ge=0)] = 0
    body: dict[str, Any] = {}
    hash: Annotated[str, Meta(max_length=128)] = ""
    name: Annotated[str, Meta(max_length=100)] = ""
    fields: dict[str, str | int] = {}
    signature: Annotated[str, Meta(max_length=128)] = ""


class Sample(Struct, frozen=True):
    """One measured value by its Prometheus name; labels of few values only, never a basket, item or person."""

    name: Annotated[str, Meta(pattern=r"^sco_[a-z][a-z0-9_]*$", max_length=80)]
    value: float
    labels: dict[
        Literal[
            "device", "code", "method", "phase", "state", "result", "resolution", "decision", "what", "le"
        ],
        Annotated[str, Meta(max_length=40)],
    ] = {}


class DeviceState(Struct, frozen=True):
    """One device by its UnifiedPOS category name and health word."""

    name: Annotated[str, Meta(max_length=40)]
    health: Annotated[str, Meta(max_length=20)]
    detail: Annotated[str, Meta(max_length=200)] = ""


class Heartbeat(Struct, frozen=True):
    """How a lane is. `state` is one word (closed, idle, shopping, paying, finishing, needs_help; away: its link is
    alone), `queue` how many messages wait for the server, `catalogue` the version it sells by, `asked` what colleagues
    are wanted for."""

    at: Millis
    version: str
    state: Annotated[str, Meta(max_length=20)]
    since: Millis
    catalogue: int = 0
    queue: int = 0
    devices: Annotated[tuple[DeviceState, ...], Meta(max_length=40)] = ()
    samples: Annotated[tuple[Sample, ...], Meta(max_length=2000)] = ()
    asked: Annotated[tuple[Asked, ...], Meta(max_length=100)] = ()


class HeartbeatAnswer(Struct, frozen=True):
    """The catalogue in force, by name and version, and whether the lane is wanted open. `weights` is the version of
    what was weighed, None: this server does not share it."""

    source: str
    catalogue: int
    open: bool = True
    reason: str = ""
    weights: int | None = None


class Problem(Struct, frozen=True):
    """Why the server did not do it, in words for a technician."""

    status_code: int
    detail: str


# ---- loop to link


class Deliver(Struct, frozen=True, tag=True):
    """Bring this to the server, exactly once. `id` is the outbox row, `key` what the server knows it by (the sale's
    id; for the rest, unique within the lane for ever), `body` the JSON of a ClosedSale, a ValueOrder or a Record."""

    id: int
    key: Key
    kind: Literal["sale", "value", "record"]
    body: bytes


class Status(Struct, frozen=True, tag=True):
    """What the next heartbeats say, until the next Status; the link puts in the catalogue's version."""

    heartbeat: Heartbeat


class Reserve(Struct, frozen=True, tag=True):
    """Have the server set value aside; answered by ValueAnswered or NoValueAnswer, a wallet by WalletShown first.

    `again`: bytes of it may have left before. The number is dropped once it was asked.
    """

    id: Key
    kind: ValueKind
    amount: Minor
    currency: str
    number: bytes = b""
    again: bool = False


class AskServer(Struct, frozen=True, tag=True):
    """What became of that reservation? Answered by ValueAnswered or NoValueAnswer."""

    id: Key


class Withdraw(Struct, frozen=True, tag=True):
    """Do not reserve it any more, if it is not reserved yet; answered by ValueAnswered or NoValueAnswer."""

    id: Key


class AskSale(Struct, frozen=True, tag=True):
    """Answered by SaleFound or SaleUnknown with the same number."""

    number: str


class EmailReceipt(Struct, frozen=True, tag=True):
    """Hand an address to the server; answered by EmailTaken. It is dropped once it was handed over."""

    sale: str
    address: bytes


LinkOrder: TypeAlias = (
    Deliver
    | FindMember
    | Status
    | Reserve
    | AskServer
    | Withdraw
    | AskSale
    | TakeBasket
    | EmailReceipt
    | Teach
)

# ---- link to loop: no terminal answer, and nothing that moves money at one


class LinkJoined(Struct, frozen=True, tag=True):
    """A link process has come: give it the whole outbox again, it remembers nothing."""


class LinkParted(Struct, frozen=True, tag=True):
    """The link process is gone."""


class ServerSeen(Struct, frozen=True, tag=True):
    """Is the store server there; what is wrong with it, in words for a technician."""

    server: bool
    detail: str = ""


class Delivered(Struct, frozen=True, tag=True):
    """The server has that outbox row on disk."""

    id: int


class NotTaken(Struct, frozen=True, tag=True):
    """The server will never take that outbox row, and says why; it was not retried."""

    id: int
    why: str


class ValueAnswered(Struct, frozen=True, tag=True):
    """What the server says of value that it holds: the end of it unless unknown (not_found, in_progress)."""

    id: Key
    outcome: Literal["approved", "not_charged", "unknown"]
    amount: Minor | None = None
    currency: str | None = None
    last4: str = ""
    reference: str = ""
    reason: str = ""


class NoValueAnswer(Struct, frozen=True, tag=True):
    """The server was not reached, or its answer was lost: whatever was asked of it may have been done."""

    id: Key


class WalletShown(Struct, frozen=True, tag=True):
    """The text of the code that the shopper's phone reads."""

    id: Key
    code: str


class SaleFound(Struct, frozen=True, tag=True):
    number: str
    sale: ClosedSale
    refunds: tuple[Refund, ...] = ()


class SaleUnknown(Struct, frozen=True, tag=True):
    """No sale of that number that may be given back here; `reason`: unknown, claimed (by another lane), away."""

    number: str
    reason: Literal["unknown", "claimed", "away"]


class EmailTaken(Struct, frozen=True, tag=True):
    sale: str
    taken: bool


class CatalogueChanged(Struct, frozen=True, tag=True):
    """The local catalogue is now at this version."""

    version: int


class LaneWanted(Struct, frozen=True, tag=True):
    """The shop wants this lane open, or closed for a reason; between two sales."""

    open: bool
    reason: str = ""


class OwnAddress(Struct, frozen=True, tag=True):
    """By which address this machine reaches the store server: the loop has no network to see it by."""

    address: str


LinkEvent: TypeAlias = (
    LinkJoined
    | LinkParted
    | ServerSeen
    | Delivered
    | NotTaken
    | MemberFound
    | MemberUnknown
    | ValueAnswered
    | NoValueAnswer
    | WalletShown
    | SaleFound
    | SaleUnknown
    | BasketGiven
    | BasketUnheard
    | EmailTaken
    | CatalogueChanged
    | LaneWanted
    | OwnAddress
)
