"""What happens around money and paper: ways to pay, a terminal's words, the server's, and the receipt."""

from kiosk.checkout.fact import Fact
from kiosk.checkout.money import Mark, PaymentResult
from kiosk.units import AttemptId, Minor, SaleId


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


OfMoney = (
    PayPressed
    | BackPressed
    | ReadyToSend
    | ResultReceived
    | TerminalAnswered
    | NoAnswer
    | TotalsReceived
    | TenderChosen
    | ValueAnswered
    | WalletShown
    | ReceiptChosen
    | Printed
    | PrintFailed
    | EmailTaken
    | FinishPressed
)
