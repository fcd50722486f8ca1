"""Everything that can happen. A Fact is journaled and may change what is kept; a Hint passes and may not."""

from typing import Literal

from kiosk.barcode import Carrier, Code
from kiosk.checkout.events_money import BackPressed as BackPressed
from kiosk.checkout.events_money import EmailTaken as EmailTaken
from kiosk.checkout.events_money import FinishPressed as FinishPressed
from kiosk.checkout.events_money import NoAnswer as NoAnswer
from kiosk.checkout.events_money import OfMoney as OfMoney
from kiosk.checkout.events_money import PayPressed as PayPressed
from kiosk.checkout.events_money import Printed as Printed
from kiosk.checkout.events_money import PrintFailed as PrintFailed
from kiosk.checkout.events_money import ReadyToSend as ReadyToSend
from kiosk.checkout.events_money import ReceiptChosen as ReceiptChosen
from kiosk.checkout.events_money import ResultReceived as ResultReceived
from kiosk.checkout.events_money import TenderChosen as TenderChosen
from kiosk.checkout.events_money import TerminalAnswered as TerminalAnswered
from kiosk.checkout.events_money import TotalsReceived as TotalsReceived
from kiosk.checkout.events_money import ValueAnswered as ValueAnswered
from kiosk.checkout.events_money import WalletShown as WalletShown
from kiosk.checkout.events_staff import Approved as Approved
from kiosk.checkout.events_staff import AssistBegun as AssistBegun
from kiosk.checkout.events_staff import AssistEnded as AssistEnded
from kiosk.checkout.events_staff import AuditBegun as AuditBegun
from kiosk.checkout.events_staff import AuditCounted as AuditCounted
from kiosk.checkout.events_staff import AuditEnded as AuditEnded
from kiosk.checkout.events_staff import AuditSolved as AuditSolved
from kiosk.checkout.events_staff import CaseCleared as CaseCleared
from kiosk.checkout.events_staff import CountersignDropped as CountersignDropped
from kiosk.checkout.events_staff import DayClosed as DayClosed
from kiosk.checkout.events_staff import JobDropped as JobDropped
from kiosk.checkout.events_staff import LaneClosed as LaneClosed
from kiosk.checkout.events_staff import LaneOpened as LaneOpened
from kiosk.checkout.events_staff import LineVoided as LineVoided
from kiosk.checkout.events_staff import OutcomeDecided as OutcomeDecided
from kiosk.checkout.events_staff import PinAccepted as PinAccepted
from kiosk.checkout.events_staff import PinRefused as PinRefused
from kiosk.checkout.events_staff import PriceOverridden as PriceOverridden
from kiosk.checkout.events_staff import PrintedAgain as PrintedAgain
from kiosk.checkout.events_staff import ReceiptNamed as ReceiptNamed
from kiosk.checkout.events_staff import RefundAllChosen as RefundAllChosen
from kiosk.checkout.events_staff import RefundBegun as RefundBegun
from kiosk.checkout.events_staff import RefundConfirmed as RefundConfirmed
from kiosk.checkout.events_staff import RefundEnded as RefundEnded
from kiosk.checkout.events_staff import RefundLineChosen as RefundLineChosen
from kiosk.checkout.events_staff import Refused as Refused
from kiosk.checkout.events_staff import SaleCancelled as SaleCancelled
from kiosk.checkout.events_staff import Staffed as Staffed
from kiosk.checkout.events_staff import StaffEnded as StaffEnded
from kiosk.checkout.events_staff import TrainingChosen as TrainingChosen
from kiosk.checkout.fact import Fact as Fact
from kiosk.checkout.model import Item
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
from kiosk.units import Grams, ItemId, LineNo, Minor

Barred = Literal["", "recalled", "sold"]


# ---- the lane


class Restarted(Fact, frozen=True):
    """The process began, with these rules; the first event after every replay."""

    policy: Policy


class OffersTaken(Fact, frozen=True):
    """Answer to TakeOffers: promotions and taxes that the basket just opened uses until it closes.

    `date` is the shop's local ISO date, empty while the lane's clock cannot be believed.
    `receipt` is drawn for its page at the store server: 128 random bits that nobody can guess. `lot` is drawn below a
    million, and decides whether this basket is among the few that are scanned again (as it is: never).
    """

    offers: Offers
    date: str
    receipt: str = ""
    lot: int = 1_000_000


class Reminded(Fact, frozen=True):
    """A Remind has run out."""

    key: str


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


class HelpPressed(Fact, frozen=True, omit_defaults=True):
    """`accessible`: by somebody who has the screen set to be easier to use."""

    accessible: bool = False


class PriceDisputed(Fact, frozen=True):
    """The shelf says less for that line, says the shopper."""

    line: LineNo


class HelpCancelled(Fact, frozen=True):
    pass


class MemberFound(Fact, frozen=True, omit_defaults=True):
    """The store server knows who that is: a token, and what goes with it (see Member)."""

    token: str
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


# ---- the books


class FiscalDone(Fact, frozen=True):
    """The fiscal device has signed the record of that id, or is out, which its signature says, too."""

    id: str
    signature: FiscalSignature


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
    | PriceDisputed
    | HelpCancelled
    | MemberFound
    | MemberLeft
    | WeightSettled
    | BagScaleSeen
    | LaneWanted
    | Tampered
    | OfMoney
    | Staffed
    | FiscalDone
    | SaleFound
    | SaleNotHere
    | SaleUnknown
    | (PutAside | NameDrawn | BasketWanted | BasketAnswered | BasketUnheard | CameBack)
)

Event = Happened | Passed
