"""The Session: what a checkout is in the middle of, and what it knows while it is. Frozen data, decides nothing."""

from enum import StrEnum
from typing import Literal

from msgspec import Struct

from kiosk.checkout.about import About
from kiosk.checkout.jobs import PrintJob
from kiosk.checkout.model import Item, Line, Sale
from kiosk.checkout.money import Attempt, Case, Ended, TenderKind
from kiosk.checkout.records import Cancelled, ClosedSale, HandedOver, Refund
from kiosk.checkout.restrictions import Restriction
from kiosk.checkout.setaside import Aside, Fetch
from kiosk.checkout.suggestion import Offered
from kiosk.pricing import Offers
from kiosk.units import AttemptId, Grams, LineNo, Millis, Minor, SaleId, UnitPrice
from kiosk.weight.check import Check

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
    """Paid. `receipt` is what the shopper chose (empty: not yet); how the paper went is in its print job.

    `email` is how far an address came: asked, taken, not_taken.
    """

    closed: ClosedSale
    receipt: str = ""
    email: str = ""
    bag: Check = Check()


class Handover(Struct, frozen=True, tag=True):
    """Nothing was paid here: the staffed till takes the basket over, or it is set aside."""

    record: HandedOver


class Refunding(Struct, frozen=True, tag=True):
    """A colleague gives back: of which sale, what was given back before, what she has chosen, and what came of it."""

    by: str
    sale: ClosedSale | None = None
    made: tuple[Refund, ...] = ()
    chosen: tuple[tuple[LineNo, int], ...] = ()
    done: Refund | None = None


class OutOfService(Struct, frozen=True, tag=True):
    """Closed by a colleague, who is named."""

    reason: str
    by: str = ""


Phase = Idle | Shopping | Paying | Finishing | Handover | Refunding | OutOfService


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


class Countersign(Struct, frozen=True):
    """What one colleague has asked for, and another one has to say yes to before `until`: price or refund."""

    what: Literal["price", "refund"]
    by: str
    name: str
    until: Millis
    reason: str
    amount: Minor
    line: LineNo = LineNo(0)


class Policy(Struct, frozen=True, kw_only=True):
    """The shop's rules that decide, as its configuration had them when the process started.

    `receipt_url` is what a sale's id is put behind in the QR code (empty: the receipt itself, as text);
    `produce_plate` what must be read beside the produce scale ("Max 15 kg  Min 100 g  e = 5 g  Class III"): what it
    says is kept to, and without it nothing is weighed for sale. `tare_max` is what a shopper's own container may weigh,
    `unit_price` by which weight the shop writes what loose goods cost.
    `tenders` are what this lane takes, `handover` whether cash is paid at a staffed till. `request_life` is how long
    (ms) a request can be under way to the terminal at most, `terminal_omits` which of amount, currency, terminal_id
    it never says, `terminal_totals` whether it tells its day's sum. `fiscal`: a device signs each sale.
    `best_before`: what becomes of a pack whose best-before day is past (a colleague is asked). `suspended_for` (ms):
    a basket set aside that long before a day turns into the next is not cancelled with the others.
    `receipt_choices` are what the country lets shoppers choose from, `receipt_unanswered` what one gets who walks away,
    `receipt_notice` whether it wants said, where one pays, that paper is printed for whom asks only.
    `member_phone`: members may say who they are by phone number; `offers`: one thing more is suggested, once a basket.
    `receipt_default` is ask, print or none (paper only for whom asks), `receipt_must` the rules by which paper comes
    unasked: weighed, card_failed, card_reversed.
    `restricted` are classes of goods with hours, caps or security tags, `qty_limit` how many of one line a shopper
    may take alone, `skip_limit` and `skip_value_limit` how many things, and of what value, she may leave out of the
    bag; what weighs `skip_heavy` or more may always stay out. From `override_limit` and `refund_limit` on (0: never) a
    second colleague says yes. `audit`: some baskets are scanned again, with a chance of `audit_least` to `audit_most`
    in a million, `audit_items` lines of each. A staffed till ends with its `sale`, or when its cashier ends it, and
    in any case after `assist_after` ms in which nothing happens. `staff_codes`: a rotating code is as good as a PIN.
    `reasons` are what colleagues may name, by action,
    where the shop has a list of its own.
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
    best_before: Literal["sell", "ask", "refuse"] = "ask"
    receipt_default: str = "ask"
    receipt_must: tuple[str, ...] = ()
    receipt_url: str = ""
    produce_plate: str = ""
    tare_max: Grams = Grams(500)
    unit_price: UnitPrice = "kg"
    pin_digits: int = 6
    staff_codes: bool = False
    weigh_wait: int = 2_000
    suspend_after: int = 300_000
    suspended_for: int = 7_200_000
    idle_prompt: int = 45_000
    idle_countdown: int = 30_000
    receipt_wait: int = 30_000
    thank_you: int = 8_000
    undo: int = 5_000
    staff_seconds: int = 60_000
    ask_again: int = 5_000
    ask_limit: int = 12
    free_tries: int = 5
    lockout_first: int = 15_000
    tenders: tuple[TenderKind, ...] = (TenderKind.CARD,)
    request_life: int = 200_000
    terminal_omits: tuple[str, ...] = ()
    terminal_totals: bool = False
    meal_voucher_cap: Minor = Minor(2500)
    fiscal: bool = False
    fiscal_wait: int = 10_000
    receipt_choices: tuple[str, ...] = ("print", "phone", "email", "none")
    receipt_notice: bool = False
    receipt_unanswered: str = "none"
    email: bool = False
    handover: bool = False
    member_phone: bool = False
    offers: bool = False
    restricted: tuple[Restriction, ...] = ()
    qty_limit: int = 99
    skip_limit: int = 5
    skip_value_limit: Minor = Minor(5000)
    skip_heavy: Grams = Grams(3000)
    override_limit: Minor = Minor(0)
    refund_limit: Minor = Minor(0)
    audit: bool = False
    audit_least: int = 7_500
    audit_most: int = 60_000
    audit_items: int = 3
    assist: Literal["sale", "ended"] = "ended"
    assist_after: int = 300_000
    reasons: dict[str, tuple[str, ...]] = {}


class Awaited(Struct, frozen=True):
    """A record that the fiscal device has not answered for: exactly one of the four is there.

    `overdue`: paper of it went out, or may go out, without the signature.
    """

    since: Millis
    sale: ClosedSale | None = None
    refund: Refund | None = None
    cancelled: Cancelled | None = None
    handed: HandedOver | None = None
    overdue: bool = False

    @property
    def record(self) -> ClosedSale | Refund | Cancelled | HandedOver:
        record = self.sale or self.refund or self.cancelled or self.handed
        assert record is not None
        return record


class Kept(Struct, frozen=True):
    """What is journaled, and comes back after a power cut.

    `sales` and `numbers` count the sales opened and closed (or refunded), `reversals` all that was ever to go back.
    `level` is the bag scale's last settled reading, `bag_watch` whether that scale answers, `closing` why the shop
    wants the lane closed, `concluded` how the last attempts ended. `cases` about money wait for a colleague.
    `giving_back` are reversals still to be done, the first one under way. `day` is the local date whose books are
    open, `days_closed` the last receipt's number of those that are not, `taken` what the terminal should say of it
    when it is closed: what was paid there less what was reversed, payments that a colleague decided included;
    `totals` is the end of day that it has not answered yet. `jobs` are the documents to print, oldest first: those
    that are open, and the last few that are not. `fiscal` are records that the fiscal device has not answered for,
    `fiscal_out` since when it has been out (0: it is not). `aside` are baskets set aside here whose fate is not known,
    `fetches` what the server was asked to hand out, the how manieth in `fetched`; `resuming` waits for its offers
    within a turn. `cashier` is the colleague at whose staffed till this is one, `countersign` what a second colleague
    is waited for.
    """

    phase: Phase = Idle()
    language: str = "en"
    policy: Policy = Policy()
    offers: Offers | None = None
    sales: int = 0
    numbers: int = 0
    lockouts: tuple[Lockout, ...] = ()
    staff: Staff | None = None
    cashier: Staff | None = None
    countersign: Countersign | None = None
    cases: tuple[Case, ...] = ()
    concluded: tuple[Ended, ...] = ()
    level: Grams = Grams(0)
    bag_watch: bool = False
    closing: str = ""
    giving_back: tuple[Attempt, ...] = ()
    day: str = ""
    days_closed: int = 0
    totals: AttemptId = AttemptId("")
    training: bool = False
    reversals: int = 0
    taken: Minor = Minor(0)
    jobs: tuple[PrintJob, ...] = ()
    fiscal: tuple[Awaited, ...] = ()
    fiscal_out: Millis = Millis(0)
    aside: tuple[Aside, ...] = ()
    fetches: tuple[Fetch, ...] = ()
    fetched: int = 0
    resuming: HandedOver | None = None

    @property
    def colleague(self) -> Staff | None:
        """Who may act: for one action by her PIN, or as often as she likes at her staffed till."""
        return self.staff or self.cashier


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
    staff_number, staff_pin, staff, price, service, coupon, limits, price_check, gift_card, deposit_voucher, other_ways,
    email, phone, basket_code, reason, repair, report.

    `item`, `line` and `act` (reason; repair: a device) say of what; `digits` turns letters into digits and signs;
    `tare` is the container that was weighed first (weigh); `department` what is shown before a letter is
    typed (finder).
    """

    name: str
    item: Item | None = None
    line: LineNo | None = None
    person: str = ""
    digits: bool = False
    tare: Grams = Grams(0)
    department: str = ""
    act: str = ""


class Hearing(Struct, frozen=True):
    """Audio mode as this shopper has it: a headset is plugged in, how loud and how fast (levels 1 to 10), the screen is
    black, and what is being said."""

    headset: bool = False
    volume: int = 5
    pace: int = 5
    curtain: bool = False
    said: str = ""


class Passing(Struct, frozen=True):
    """What may be lost: panels, typing, device health, live weights, the terminal's own words.

    `undo` is the line that was just removed, `back` the line whose quantity was, with what it was before, `lost` the
    promotion that the rest of the basket lost by either; all three for a few seconds. `zeroed`: the produce scale was
    seen at zero, and nothing has been sold from it since. `weighing_module` is what a price by weight comes from: its
    version and the hash of its code. `left` is how long (ms) the question for more time stays. `offer` is what is
    suggested now, `offered` the basket that has had its one offer. `slower` and `speaking`: whoever is here has three
    times as long; `speaking`: audio mode is on, as `hearing` has it.
    """

    panel: Panel | None = None
    typed: str = ""
    found: tuple[Item, ...] = ()
    next_letters: str = ""
    departments: tuple[str, ...] = ()
    page: int = 0
    notice: str = ""
    undo: Line | None = None
    back: tuple[LineNo, int] | None = None
    lost: str = ""
    more_time: bool = False
    left: int = 0
    devices: tuple[Device, ...] = ()
    produce: LiveWeight = LiveWeight()
    bag: LiveWeight = LiveWeight()
    zeroed: bool = False
    weighing_module: str = ""
    terminal_says: str = ""
    server: bool = False
    queue: int = 0
    priced_item: Item | None = None
    about: About = About()
    offer: Offered | None = None
    offered: SaleId = SaleId("")
    pin_wrong: bool = False
    large: bool = False
    contrast: bool = False
    dark: bool = False
    low_reach: bool = False
    slower: bool = False
    speaking: bool = False
    hearing: Hearing = Hearing()


class Session(Struct, frozen=True):
    kept: Kept = Kept()
    passing: Passing = Passing()
