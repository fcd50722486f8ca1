"""Everything that can be done. A Question is local and answered within the turn; a Deed goes out after the commit."""

from typing import Literal

from msgspec import Struct

from kiosk.barcode import Carrier, Code
from kiosk.checkout.jobs import TerminalSlip
from kiosk.checkout.model import Item, Line
from kiosk.checkout.money import Mark, PaymentResult, TenderKind
from kiosk.checkout.records import Cancelled, ClosedSale, FiscalSignature, HandedOver, Record, Refund
from kiosk.units import AttemptId, ItemId, Minor, SaleId

Printable = ClosedSale | Refund | HandedOver | TerminalSlip


class Question(Struct, frozen=True, tag=True):
    """Local and read-only: the loop answers with an event before the turn ends."""


class Deed(Struct, frozen=True, tag=True):
    """Leaves the process, and so only after the commit of its turn."""


class LookUp(Question, frozen=True):
    """Answered by ItemFound or ItemUnknown; the kind of symbol comes back with the item."""

    code: Code
    carrier: Carrier = ""
    by_camera: bool = False


class LookUpItem(Question, frozen=True):
    item: ItemId


class AskRecalled(Question, frozen=True):
    """Which of these lines does a recall name? Answered by Recalled."""

    lines: tuple[Line, ...]


class TakeOffers(Question, frozen=True):
    """Answered by OffersTaken."""


class DrawName(Question, frozen=True):
    """A name and a number that nobody can guess, for a basket to be set aside; answered by NameDrawn."""

    why: str
    by: str = ""


class Search(Question, frozen=True):
    """Answered by Found. Without a text: what sells of a department, or of all."""

    text: str
    language: str
    department: str = ""


class CheckPrice(Question, frozen=True):
    """What the shop says of the item under that code, or of that id; answered by PriceFound."""

    code: Code | None
    item: ItemId | None = None


class FindOffer(Question, frozen=True):
    """What would go with these items? Answered by OfferFound."""

    items: tuple[Item, ...]


class LookUpSale(Question, frozen=True):
    """A sale of this lane's own ledger by the number on its receipt; answered by SaleFound or SaleNotHere."""

    number: str


class LookUpDocument(Question, frozen=True):
    """The ledger's line of that kind and id, to be printed as that job; answered by DocumentFound or PrintFailed."""

    job: str
    kind: str
    of: str


# ---- the card terminal


class Authorise(Deed, frozen=True):
    """Take that much. Answered by ReadyToSend, ResultReceived and TerminalAnswered, in this order.

    The first two wait for Acknowledge; TerminalAnswered may come at once. With `partial` the terminal may
    authorise less, which is an approval of what it says.
    """

    attempt: AttemptId
    amount: Minor
    currency: str
    kind: TenderKind = TenderKind.CARD
    partial: bool = False


class Acknowledge(Deed, frozen=True):
    """The driver's last ReadyToSend or ResultReceived of that attempt is durable here: it may go on."""

    attempt: AttemptId


class Abort(Deed, frozen=True):
    """A wish: the outcome still comes as TerminalAnswered. Of an attempt that is not known to run: to be sure."""

    attempt: AttemptId


class AskTerminal(Deed, frozen=True):
    """What happened to that attempt, of which a byte may have left? `mark` is what ReadyToSend said.

    Answered by TerminalAnswered or NoAnswer (not asked). UNKNOWN: asked, and the answer does not settle it; with
    reason "not_found" the terminal knows of no such attempt, which the core believes only in time, and with
    "in_progress" it is still at it. `reverses` is given where the attempt is a reversal.
    """

    attempt: AttemptId
    amount: Minor
    currency: str
    mark: Mark
    kind: TenderKind = TenderKind.CARD
    partial: bool = False
    reverses: PaymentResult | None = None


class Reverse(Deed, frozen=True):
    """Give that much of what `original` took back. An attempt of its own, answered like Authorise.

    APPROVED: it was given back (or had been). NOT_CHARGED: it was not, and will not be by this attempt. Less than
    the whole, or `refund`: paid out where the terminal can only do so, for which it may need the card again.
    """

    attempt: AttemptId
    of: AttemptId
    amount: Minor
    currency: str
    original: PaymentResult
    kind: TenderKind = TenderKind.CARD
    refund: bool = False


class EndOfDay(Deed, frozen=True):
    """Have the terminal close its day; answered by TotalsReceived or NoAnswer with this id."""

    id: AttemptId


# ---- value that the store server holds: every one of these may be given again


class Reserve(Deed, frozen=True):
    """Have the server set aside up to that much under this id; answered by ValueAnswered or NoAnswer.

    Card or voucher number stay with whoever read them; of what is a member's own, `member` is her token. A wallet is
    answered by WalletShown first.
    """

    attempt: AttemptId
    amount: Minor
    currency: str
    kind: TenderKind
    member: str = ""


class AskServer(Deed, frozen=True):
    """What became of that reservation? Answered by ValueAnswered or NoAnswer (not asked)."""

    attempt: AttemptId


class Withdraw(Deed, frozen=True):
    """The shopper does not want it any more; the outcome still comes as ValueAnswered."""

    attempt: AttemptId


class AskSale(Deed, frozen=True):
    """A sale that is in no ledger here, by the number on its receipt: answered by SaleFound or SaleUnknown."""

    number: str


class TakeBasket(Deed, frozen=True):
    """Have the server hand out the basket of that name or number, to this lane alone; the same request may be made
    again and gets the same answer. Answered by BasketAnswered or BasketUnheard."""

    request: str
    key: str


class EmailReceipt(Deed, frozen=True):
    """Hand the address that was typed to the server for this receipt; answered by EmailTaken. The field keeps it."""

    sale: SaleId


# ---- paper and books


class Print(Deed, frozen=True):
    """Put a document on paper; answered by Printed or PrintFailed. `copy` above 0 marks the so-many-th duplicate.

    `signature` is what the fiscal device said of it: with an empty serial that it is out, None where there is none.
    `excerpt` is a piece of its ledger line's hash, where the country wants it; the loop knows it.
    """

    job: str
    document: Printable
    copy: int = 0
    signature: FiscalSignature | None = None
    excerpt: str = ""


class Report(Deed, frozen=True):
    """One more line of the ledger, and what of it the store server has to have, exactly once."""

    record: Record


class LearntItem(Struct, frozen=True):
    """`n` weighings of one piece of that item, of the pack `epoch`: their sum in grams, and that of their squares."""

    item: ItemId
    epoch: int
    n: int
    sum: int
    squares: int


class Learnt(Deed, frozen=True):
    """What a basket has taught about weights, when it ends: added to the lane's own sums in the commit of its turn.

    Only what was placed alone and unmistakably, never what somebody has approved. Nothing is answered.
    """

    sums: tuple[LearntItem, ...]


class FiscalStart(Deed, frozen=True):
    """A basket has opened: the country's fiscal device begins a transaction for it."""

    sale: SaleId


class FiscalFinish(Deed, frozen=True):
    """Have the fiscal device sign what is in the ledger; answered by FiscalDone. The same may be given again."""

    record: ClosedSale | Refund | Cancelled | HandedOver


class Note(Deed, frozen=True):
    """A business event for the store server that carries no money and no person: intervention, timing, security."""

    name: str
    fields: dict[str, str | int]


class FindMember(Deed, frozen=True):
    """Ask the store server whose that is: the card or code just scanned, or the phone number in its field.

    Scanner or field keep it. Answered by MemberFound or MemberUnknown.
    """

    by: Literal["card", "phone"] = "card"


class CheckPin(Deed, frozen=True):
    """Compare the PIN field with what is stored of that person; the field keeps the digits."""

    person: str


class Beep(Deed, frozen=True):
    """scan, removed, saving, needs_you, person_called or done."""

    sound: str


class Light(Deed, frozen=True):
    """The lane light: idle, in_use, help, alarm, closed."""

    state: str


class Remind(Deed, frozen=True):
    """Send Reminded(key) after so many milliseconds; the same key again replaces it, 0 takes it back."""

    key: str
    after: int


class Fade(Deed, frozen=True):
    """Send Faded(key) after so many milliseconds; 0 takes it back."""

    key: str
    after: int


class HoldScanner(Deed, frozen=True):
    """Switch the scanner's light off while nothing may be scanned."""

    held: bool


class TestDevice(Deed, frozen=True):
    """Technician's test of one device."""

    name: str


Effect = (
    LookUp
    | LookUpItem
    | AskRecalled
    | TakeOffers
    | DrawName
    | Search
    | CheckPrice
    | FindOffer
    | LookUpSale
    | LookUpDocument
    | Authorise
    | Acknowledge
    | Abort
    | AskTerminal
    | Reverse
    | EndOfDay
    | Reserve
    | AskServer
    | Withdraw
    | AskSale
    | TakeBasket
    | EmailReceipt
    | Print
    | Report
    | Learnt
    | FiscalStart
    | FiscalFinish
    | Note
    | FindMember
    | CheckPin
    | Beep
    | Light
    | Remind
    | Fade
    | HoldScanner
    | TestDevice
)
