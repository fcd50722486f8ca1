"""Everything that can happen. A Fact is journaled and may change what is kept; a Hint passes and may not."""

from typing import Literal

from kiosk.barcode import Carrier, Code
from kiosk.checkout.fact import Fact as Fact
from kiosk.checkout.model import Item
from kiosk.checkout.money import Mark, Outcome, PaymentResult
from kiosk.checkout.passed import Passed
from kiosk.checkout.records import ClosedSale, FiscalSignature, Refund
from kiosk.checkout.session import Policy
from kiosk.checkout.suspending import (
    BasketAnswered,
    BasketUnheard,
    BasketWanted,
    CameBack,
    NameDrawn,
    PutAside,
)
from kiosk.pricing import Offers
from kiosk.units import AttemptId, Grams, ItemId, LineNo, Minor, SaleId

Barred = Literal["", "recalled", "sold"]


# ---- the lane


class Restarted(Fact, frozen=True):
    """The process began, with these rules; the first event after every replay."""

    policy: Policy


class OffersTaken(Fact, frozen=True):
    """Answer to TakeOffers: promotions and taxes that the basket just opened uses until it closes.

    `date` is the shop's local ISO date, empty while the lane's clock cannot be believed.
    `receipt` is drawn for its page at the store server: 128 random bits that nobody can guess.
    """

    offers: Offers
    date: str
    receipt: str = ""


class Reminded(Fact, frozen=True):
    """A Remind has run out."""

    key: str


# ---- the shopper's things


class Started(Fact, frozen=True):
    """Start was pressed on the attract screen."""


class LanguageChosen(Fact, frozen=True):
    language: str


class Scanned(Fact, frozen=True, omit_defaults=True):
    """A code that is neither a member's card nor a payment card, and what kind of symbol carried it.

    `by_camera`: read from a picture, on which even a right check digit may be a misreading.
    """

    code: Code
    carrier: Carrier = ""
    by_camera: bool = False


class ItemFound(Fact, frozen=True, omit_defaults=True):
    """Answer to LookUp and LookUpItem: what the catalogue has under that code, which came by that kind of symbol.

    `barred`: a recall names this pack, or one of its number and serial was sold at this lane and not given back.
    """

    code: Code | None
    item: Item
    carrier: Carrier = ""
    barred: Barred = ""


class ItemUnknown(Fact, frozen=True, omit_defaults=True):
    code: Code | None
    by_camera: bool = False


class Recalled(Fact, frozen=True):
    """Answer to AskRecalled."""

    lines: tuple[LineNo, ...]


class Picked(Fact, frozen=True):
    """A product chosen by the shopper from the finder or a list."""

    item: ItemId


class AddWeighed(Fact, frozen=True):
    """Add was pressed on the weighing page: net grams and tare as shown there."""

    item: Item
    grams: Grams
    tare: Grams


class LineChosen(Fact, frozen=True):
    """A line of the slip was touched: it becomes the headline."""

    line: LineNo


class QuantityChosen(Fact, frozen=True):
    line: LineNo
    qty: int


class RemovePressed(Fact, frozen=True):
    line: LineNo


class UndoPressed(Fact, frozen=True):
    """Undo of the removal that is still on the slip."""


class LeaveOutPressed(Fact, frozen=True):
    """Skip bagging: the line stays out of the bag."""

    line: LineNo


class OwnBagPressed(Fact, frozen=True):
    pass


class BagAnswered(Fact, frozen=True):
    """What the shopper says about a weight that was not expected: own_bag, moved, full, fine, left_out, not_scanned,
    or colleague."""

    answer: str


class HelpPressed(Fact, frozen=True):
    pass


class HelpCancelled(Fact, frozen=True):
    pass


class MemberFound(Fact, frozen=True, omit_defaults=True):
    """The store server knows who that is: a token, and what goes with it (see Member)."""

    token: str
    first_name: str = ""
    points: int = 0
    credit: Minor = Minor(0)
    vouchers: tuple[Minor, ...] = ()
    tiers: tuple[str, ...] = ()
    spends: bool = False


class MemberLeft(Fact, frozen=True):
    """ "Not me": the basket is nobody's again."""


class WeightSettled(Fact, frozen=True):
    """The bag scale's level has changed and held: gross grams before and after."""

    before: Grams
    after: Grams


class BagScaleSeen(Fact, frozen=True):
    """The bag scale answers, or does not: without it no weight is expected of anybody."""

    present: bool


# ---- money


class PayPressed(Fact, frozen=True):
    pass


class BackPressed(Fact, frozen=True):
    """Back to the basket from the payment page."""


class ReadyToSend(Fact, frozen=True):
    """The terminal is ready for that attempt. Nothing has left; the first byte leaves on Acknowledge."""

    attempt: AttemptId
    mark: Mark


class ResultReceived(Fact, frozen=True):
    """The terminal's result, not yet acknowledged to it: it waits for Acknowledge."""

    attempt: AttemptId
    result: PaymentResult


class TerminalAnswered(Fact, frozen=True):
    """The end of one attempt, or the answer of a look-up: the outcome is final unless UNKNOWN."""

    attempt: AttemptId
    result: PaymentResult


class NoAnswer(Fact, frozen=True):
    """A command's deadline passed in silence."""

    attempt: AttemptId


class TotalsReceived(Fact, frozen=True):
    """The terminal has closed its day: what it took less what it gave back, None where it does not say."""

    id: AttemptId
    amount: Minor | None
    currency: str | None = None


class TenderChosen(Fact, frozen=True):
    """Another way to pay was chosen, or "handover": cash at a staffed till."""

    kind: str


class ValueAnswered(Fact, frozen=True):
    """What the store server says of value that it holds: the end of that attempt unless UNKNOWN.

    Heard of attempts at the server only; it can never speak for a card terminal.
    """

    attempt: AttemptId
    result: PaymentResult


class WalletShown(Fact, frozen=True):
    """The server has opened a wallet payment: the text of the code that the shopper's phone reads."""

    attempt: AttemptId
    code: str


class CaseCleared(Fact, frozen=True):
    """A colleague has seen to an open case about money."""

    id: AttemptId


class ReceiptChosen(Fact, frozen=True):
    """print, phone, email or none."""

    kind: str


class Printed(Fact, frozen=True):
    """The printer has confirmed the whole job."""

    job: str


class PrintFailed(Fact, frozen=True):
    """Why the job is not known to be on paper: lost (it may be), paper_out, cover_open, offline, absent (it is not)."""

    job: str
    why: str


class EmailTaken(Fact, frozen=True):
    """The server has, or has not, taken an address for that receipt."""

    sale: SaleId
    taken: bool


class FinishPressed(Fact, frozen=True):
    pass


# ---- the books


class FiscalDone(Fact, frozen=True):
    """The fiscal device has signed the record of that id, or is out, which its signature says, too."""

    id: str
    signature: FiscalSignature


class DayClosed(Fact, frozen=True):
    """A colleague ends the day: closing of the books, and the terminal's."""


class TrainingChosen(Fact, frozen=True):
    """A colleague switches training on or off, at an idle lane."""

    on: bool


# ---- giving back


class RefundBegun(Fact, frozen=True):
    """A colleague takes something back: the receipt is asked for."""


class ReceiptNamed(Fact, frozen=True):
    """The number of a receipt was typed."""

    number: str


class SaleFound(Fact, frozen=True):
    """The sale of a receipt, and what was already given back of it."""

    sale: ClosedSale
    refunds: tuple[Refund, ...] = ()


class SaleNotHere(Fact, frozen=True):
    """No sale of that number in this lane's ledger: the server may know it."""

    number: str


class SaleUnknown(Fact, frozen=True):
    """Nobody knows a sale of that number, or nobody can be asked now."""

    number: str


class RefundLineChosen(Fact, frozen=True):
    """So many pieces of that line are given back; 0 takes it off the list again."""

    line: LineNo
    qty: int


class RefundAllChosen(Fact, frozen=True):
    """All that may still be given back of this sale."""


class RefundConfirmed(Fact, frozen=True):
    reason: str


class RefundEnded(Fact, frozen=True):
    """Back to the lane, refunded or not."""


# ---- the staff


class PinAccepted(Fact, frozen=True):
    person: str
    name: str
    technician: bool = False


class PinRefused(Fact, frozen=True):
    person: str


class StaffEnded(Fact, frozen=True):
    pass


class Approved(Fact, frozen=True):
    """A colleague answers an open question with yes; `age` how old she judged at least."""

    why: str
    line: LineNo | None = None


class Refused(Fact, frozen=True):
    why: str
    line: LineNo | None = None


class LineVoided(Fact, frozen=True):
    line: LineNo


class PriceOverridden(Fact, frozen=True):
    line: LineNo
    price: Minor
    reason: str


class SaleCancelled(Fact, frozen=True):
    pass


class LaneClosed(Fact, frozen=True):
    reason: str


class LaneOpened(Fact, frozen=True):
    pass


class LaneWanted(Fact, frozen=True):
    """The shop, from afar, wants this lane open, or closed for a reason, between two sales."""

    open: bool
    reason: str = ""


class Tampered(Fact, frozen=True):
    """Something that is not the lane's was plugged in: what, as it calls itself, and whether it can do nothing."""

    what: str
    name: str
    usb: str
    port: str
    held: bool


class OutcomeDecided(Fact, frozen=True):
    """A colleague has read the terminal and says what happened to an UNKNOWN payment."""

    attempt: AttemptId
    outcome: Outcome


class PrintedAgain(Fact, frozen=True):
    """A colleague wants that document printed, marked as a duplicate if it may be on paper already.

    Without a name: the receipt on the screen, or else the last one.
    """

    of: str = ""


class JobDropped(Fact, frozen=True):
    """A colleague says that nobody waits for that paper any more."""

    of: str


# A closed union, so that the type checker names a case that was forgotten.
Happened = (
    Restarted
    | OffersTaken
    | Reminded
    | Started
    | LanguageChosen
    | Scanned
    | ItemFound
    | ItemUnknown
    | Recalled
    | Picked
    | AddWeighed
    | LineChosen
    | QuantityChosen
    | RemovePressed
    | UndoPressed
    | LeaveOutPressed
    | OwnBagPressed
    | BagAnswered
    | HelpPressed
    | HelpCancelled
    | MemberFound
    | MemberLeft
    | WeightSettled
    | BagScaleSeen
    | PayPressed
    | BackPressed
    | ReadyToSend
    | ResultReceived
    | TerminalAnswered
    | NoAnswer
    | ReceiptChosen
    | Printed
    | PrintFailed
    | FinishPressed
    | PinAccepted
    | PinRefused
    | StaffEnded
    | Approved
    | Refused
    | LineVoided
    | PriceOverridden
    | SaleCancelled
    | LaneClosed
    | LaneOpened
    | LaneWanted
    | Tampered
    | OutcomeDecided
    | CaseCleared
    | PrintedAgain
    | JobDropped
    | TotalsReceived
    | TenderChosen
    | ValueAnswered
    | WalletShown
    | EmailTaken
    | FiscalDone
    | DayClosed
    | TrainingChosen
    | RefundBegun
    | ReceiptNamed
    | SaleFound
    | SaleNotHere
    | SaleUnknown
    | RefundLineChosen
    | RefundAllChosen
    | RefundConfirmed
    | RefundEnded
    | (PutAside | NameDrawn | BasketWanted | BasketAnswered | BasketUnheard | CameBack)
)

Event = Happened | Passed
