"""Everything that can be done. A Question is local and answered within the turn; a Deed goes out after the commit."""

from msgspec import Struct

from kiosk.barcode import Code
from kiosk.checkout.model import ClosedSale, Mark
from kiosk.units import AttemptId, ItemId, Minor


class Question(Struct, frozen=True, tag=True):
    """Local and read-only: the loop answers with an event before the turn ends."""


class Deed(Struct, frozen=True, tag=True):
    """Leaves the process, and so only after the commit of its turn."""


class LookUp(Question, frozen=True):
    """Answered by ItemFound or ItemUnknown."""

    code: Code


class LookUpItem(Question, frozen=True):
    item: ItemId


class TakeOffers(Question, frozen=True):
    """Answered by OffersTaken."""


class Search(Question, frozen=True):
    """Answered by Found."""

    text: str
    language: str


class CheckPrice(Question, frozen=True):
    """Answered by PriceFound."""

    code: Code


class Authorise(Deed, frozen=True):
    """Take that much. Answered by ReadyToSend, ResultReceived and TerminalAnswered, in this order.

    The first two wait for Acknowledge; TerminalAnswered may come at once.
    """

    attempt: AttemptId
    amount: Minor
    currency: str


class Acknowledge(Deed, frozen=True):
    """The driver's last ReadyToSend or ResultReceived of that attempt is durable here: it may go on."""

    attempt: AttemptId


class Abort(Deed, frozen=True):
    """A wish: the outcome still comes as TerminalAnswered."""

    attempt: AttemptId


class AskTerminal(Deed, frozen=True):
    """What happened to that attempt, of which a byte may have left? `mark` is what ReadyToSend said.

    Answered by TerminalAnswered (UNKNOWN: asked, and the answer does not settle it) or NoAnswer (not asked).
    """

    attempt: AttemptId
    amount: Minor
    currency: str
    mark: Mark


class Reverse(Deed, frozen=True):
    """Give the money of that attempt back. Answered by TerminalAnswered: NOT_CHARGED once it is reversed, or
    UNKNOWN; the same deed may be given again, it never reverses twice."""

    attempt: AttemptId
    amount: Minor
    receipt_no: str


class Print(Deed, frozen=True):
    """Put the receipt of a closed sale on paper; answered by Printed or PrintFailed."""

    job: str
    closed: ClosedSale
    duplicate: bool = False


class Report(Deed, frozen=True):
    """A closed sale into the ledger and to the store server, exactly once."""

    closed: ClosedSale


class Note(Deed, frozen=True):
    """A business event for the store server that carries no money and no person: intervention, timing, security."""

    name: str
    fields: dict[str, str | int]


class FindMember(Deed, frozen=True):
    """Ask the store server who the card just scanned belongs to; the field keeps the number."""


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
    | TakeOffers
    | Search
    | CheckPrice
    | Authorise
    | Acknowledge
    | Abort
    | AskTerminal
    | Reverse
    | Print
    | Report
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
