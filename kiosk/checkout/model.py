"""What a checkout knows: the Session and the nouns inside it. Frozen data, nothing decides here."""

from enum import StrEnum
from typing import Literal

from msgspec import Struct

from kiosk.pricing import Article, Hint, Offers, Priced
from kiosk.units import AttemptId, Grams, Gtin, LineNo, Millis, Minor, SaleId
from kiosk.weight import Bag


class Item(Article, frozen=True, kw_only=True, omit_defaults=True):
    """A thing the shop sells, as the local catalogue has it.

    `grams` is what one piece weighs with its packaging and `spread` one standard deviation of it, both
    None where nobody knows. `content` is the printed net quantity ("500 g"), `per_unit` the price per kilogram
    or litre with its unit ("kg" or "L") for the shelf-price law.
    """

    name: str
    names: dict[str, str] = {}
    department: str = "other"
    symbol: str = ""
    content: str = ""
    per_unit: tuple[Minor, str] | None = None
    gtin: Gtin | None = None
    plu: int | None = None
    grams: Grams | None = None
    spread: Grams | None = None
    min_age: int = 0
    restriction: str = ""
    tare: Grams = Grams(0)
    origin: str = ""

    @property
    def by_weight(self) -> bool:
        return self.price_per_kg is not None

    def called(self, language: str) -> str:
        return self.names.get(language, self.name)


class Line(Struct, frozen=True):
    """One line of the basket. `grams` is net and only for goods sold by weight; `price` replaces the item's own
    (label price or an attendant's override)."""

    no: LineNo
    item: Item
    qty: int = 1
    grams: Grams | None = None
    tare: Grams = Grams(0)
    price: Minor | None = None
    printed: str = ""
    bagged: bool = True
    by: str = ""


class Why(StrEnum):
    """Why a person of the shop, or the shopper herself, has to look (domain words of interventions)."""

    WEIGHT_UNEXPECTED = "weight.unexpected"
    WEIGHT_MISMATCH = "weight.mismatch"
    WEIGHT_MISSING = "weight.missing"
    WEIGHT_REMOVED = "weight.removed"
    AGE_RESTRICTED = "age.restricted"
    ITEM_NOT_FOUND = "item.not_found"
    ITEM_PRICE_REQUIRED = "item.price_required"
    VOID_LIMIT = "item.void_limit"
    HELP_REQUESTED = "help.requested"
    PAYMENT_UNKNOWN = "payment.unknown_result"
    IDLE_ABANDONED = "idle.abandoned"


class Intervention(Struct, frozen=True):
    """One open question. `asked_staff` once a colleague was called; `grams` what the bag scale cannot explain."""

    why: Why
    raised: Millis
    line: LineNo | None = None
    grams: Grams = Grams(0)
    age: int = 0
    printed: str = ""
    answer: str = ""
    asked_staff: bool = False


class Resolution(StrEnum):
    APPROVED = "approved"
    REJECTED = "rejected"
    SELF_FIXED = "self_fixed"
    TIMEOUT = "timeout"


class Settled(Struct, frozen=True):
    """A question that was answered: how, when and by whom (empty: the shopper)."""

    intervention: Intervention
    resolution: Resolution
    at: Millis
    by: str = ""


class Member(Struct, frozen=True):
    """A loyalty member as a salted token; the number itself stays in the worker."""

    token: str
    first_name: str = ""


class Outcome(StrEnum):
    APPROVED = "approved"
    NOT_CHARGED = "not_charged"
    UNKNOWN = "unknown"


class CardResult(Struct, frozen=True):
    """What a card terminal said about one payment; `last4` is all that is kept of a card number.

    `amount` and `currency` (ISO 4217 letters) are what was really authorised. `trace`, `receipt_no` and
    `terminal_id` find the payment again on the terminal.
    """

    outcome: Outcome
    amount: Minor | None = None
    currency: str | None = None
    terminal_id: str = ""
    receipt_no: str = ""
    trace: str = ""
    authorisation: str = ""
    card_name: str = ""
    last4: str = ""
    result_code: str = ""
    reason: str = ""
    slip: tuple[str, ...] = ()


class Mark(Struct, frozen=True):
    """Where a terminal's own book stood before a payment: what a later look-up compares with.

    In the terminal's own spelling; `receipt_no` and `trace` are empty where it has none to tell.
    """

    terminal_id: str = ""
    receipt_no: str = ""
    trace: str = ""


class Stage(StrEnum):
    """How far a payment attempt has come; each step is on disk before the next byte leaves."""

    INTENT = "intent"
    SENT = "may_be_sent"
    RESULT = "result"
    CHECKING = "checking"
    WITH_STAFF = "with_staff"


class Attempt(Struct, frozen=True):
    """One try to take money by card, found again by its id; `mark` is None while no byte of it can have left."""

    id: AttemptId
    amount: Minor
    started: Millis
    stage: Stage = Stage.INTENT
    mark: Mark | None = None
    result: CardResult | None = None
    cancelled: bool = False
    asked: int = 0


class Tender(Struct, frozen=True):
    """Money taken. `kind` is a POSLog tender type in lower case (card, cash, gift_card, meal_voucher)."""

    kind: str
    amount: Minor
    attempt: AttemptId | None = None
    card: CardResult | None = None


class Sale(Struct, frozen=True):
    """One visit, from the first thing scanned to the money. `hint` is what one more of the focus line would save."""

    id: SaleId
    started: Millis
    date: str
    offers: Offers
    lines: tuple[Line, ...] = ()
    removed: tuple[Line, ...] = ()
    next_line: LineNo = LineNo(1)
    focus: LineNo | None = None
    bag: Bag = Bag()
    open: tuple[Intervention, ...] = ()
    settled: tuple[Settled, ...] = ()
    approved_age: int = 0
    member: Member | None = None
    tenders: tuple[Tender, ...] = ()
    attempts: int = 0
    priced: Priced | None = None
    hint: Hint | None = None


class ClosedSale(Struct, frozen=True, omit_defaults=False):
    """A finished sale as it goes to the ledger, the store server and the receipt.

    `number` is gap-free per lane; `priced` carries lines, taxes, totals; `version` is the software's.
    """

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


# ---- phases: each with only its own data


class Idle(Struct, frozen=True, tag=True):
    """Nobody is here: the attract page."""


class Shopping(Struct, frozen=True, tag=True):
    sale: Sale


class Paying(Struct, frozen=True, tag=True):
    """Money is being asked for. `declined` explains why the last attempt took none."""

    sale: Sale
    attempt: Attempt | None = None
    declined: str = ""


class Finishing(Struct, frozen=True, tag=True):
    """Paid. `receipt` is what the shopper chose (empty: not yet), `printed` how the paper went."""

    closed: ClosedSale
    receipt: str = ""
    job: str = ""
    printed: str = ""
    bag: Bag = Bag()


class OutOfService(Struct, frozen=True, tag=True):
    """Closed by a colleague, who is named."""

    reason: str
    by: str = ""


Phase = Idle | Shopping | Paying | Finishing | OutOfService


class Lockout(Struct, frozen=True):
    """Wrong PINs of one person at this lane, and until when she may not try again."""

    person: str
    failures: int
    until: Millis = Millis(0)


class Staff(Struct, frozen=True):
    """A colleague whose PIN was accepted: she may do one thing, before `until`."""

    person: str
    name: str
    until: Millis
    technician: bool = False


class Policy(Struct, frozen=True, kw_only=True):
    """The shop's rules that decide, as its configuration had them when the process started.

    `receipt_url` is what a sale's id is put behind in the QR code (empty: the receipt itself, as text);
    `produce_plate` what must be read beside the produce scale ("Max 15 kg  Min 100 g  e = 5 g  Class III").
    """

    store: str = "0001"
    lane: str = "1"
    shop: str = ""
    journal: str = ""
    version: str = ""
    currency: str = "EUR"
    exponent: int = 2
    country: str = ""
    languages: tuple[str, ...] = ("en", "fr", "de")
    conflict: Literal["best_for_customer", "priority"] = "best_for_customer"
    tax_mode: Literal["inclusive", "exclusive"] = "inclusive"
    utc_offset_minutes: int = 0
    bag_scale: bool = True
    produce_scale: bool = True
    bag_division: Grams = Grams(5)
    own_bag_max: Grams = Grams(400)
    void_limit: int = 5
    void_value_limit: Minor = Minor(5000)
    receipt_default: str = "ask"
    receipt_url: str = ""
    produce_plate: str = ""
    pin_digits: int = 6
    weigh_wait: int = 2_000
    suspend_after: int = 300_000
    idle_prompt: int = 45_000
    idle_countdown: int = 30_000
    receipt_wait: int = 30_000
    thank_you: int = 8_000
    undo: int = 5_000
    staff_seconds: int = 60_000
    terminal_wait: int = 240_000
    ask_again: int = 5_000
    ask_limit: int = 12
    free_tries: int = 5
    lockout_first: int = 15_000


class Kept(Struct, frozen=True):
    """What is journaled, and comes back after a power cut.

    `sales` and `numbers` count the sales opened and closed, `level` is the bag scale's last settled reading,
    `bag_watch` whether that scale answers, `closing` why the shop wants the lane closed, `cases` payments that a
    colleague has to clear with the terminal, `concluded` how the last attempts ended.
    """

    phase: Phase = Idle()
    language: str = "en"
    policy: Policy = Policy()
    offers: Offers | None = None
    sales: int = 0
    numbers: int = 0
    lockouts: tuple[Lockout, ...] = ()
    staff: Staff | None = None
    cases: tuple[Attempt, ...] = ()
    concluded: tuple[tuple[AttemptId, Outcome], ...] = ()
    level: Grams = Grams(0)
    bag_watch: bool = False
    closing: str = ""


# ---- what is forgotten at a restart


class Health(StrEnum):
    """UnifiedPOS power and status words, reduced to what somebody acts on."""

    ABSENT = "absent"
    OFFLINE = "offline"
    READY = "ready"
    FAULT = "fault"


class Device(Struct, frozen=True):
    """One device as the lane sees it: `detail` is for technicians, `paper` only for printers (ok, low, out)."""

    name: str
    health: Health
    detail: str = ""
    since: Millis = Millis(0)
    paper: str = ""


class Reading(StrEnum):
    """Six things a scale can say that are not the same, and the one that is a weight."""

    WEIGHT = "weight"
    ZERO = "zero"
    MOVING = "moving"
    BELOW_ZERO = "below_zero"
    OVERLOADED = "overloaded"
    STALE = "stale"
    ABSENT = "absent"


class LiveWeight(Struct, frozen=True):
    """The last reading of one scale; grams only with WEIGHT or ZERO, net of the scale's own tare if any."""

    reading: Reading = Reading.ABSENT
    grams: Grams = Grams(0)


class Panel(Struct, frozen=True):
    """What lies over the phase's own page: finder, weigh, language, access, help, quantity, remove, more,
    staff_number, staff_pin, staff, price, service, coupon, limits, price_check.

    `item` and `line` say of what; `digits` turns the finder's letters into a number pad.
    """

    name: str
    item: Item | None = None
    line: LineNo | None = None
    person: str = ""
    digits: bool = False


class Passing(Struct, frozen=True):
    """What may be lost: panels, typing, device health, live weights, the terminal's own words."""

    panel: Panel | None = None
    typed: str = ""
    found: tuple[Item, ...] = ()
    next_letters: str = ""
    page: int = 0
    notice: str = ""
    undo: Line | None = None
    more_time: bool = False
    devices: tuple[Device, ...] = ()
    produce: LiveWeight = LiveWeight()
    bag: LiveWeight = LiveWeight()
    terminal_says: str = ""
    server: bool = False
    queue: int = 0
    priced_item: Item | None = None
    pin_wrong: bool = False
    large: bool = False
    contrast: bool = False
    dark: bool = False
    low_reach: bool = False


class Session(Struct, frozen=True):
    kept: Kept = Kept()
    passing: Passing = Passing()
