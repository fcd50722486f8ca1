"""One command that moves money, from its first byte until the terminal has ended it: a payment, or one given back."""

from msgspec.structs import replace

from drivers.line import LineLost
from drivers.terminals.currencies import CURRENCIES
from drivers.terminals.zvt.config import Config
from drivers.terminals.zvt.layout import Message
from drivers.terminals.zvt.meaning import Sought, is_new, prompt, refuses, result, why
from drivers.terminals.zvt.messages import (
    NOT_ISSUED,
    NOT_YET,
    PRESENT_CARD,
    Abort,
    Authorisation,
    Completion,
    IntermediateStatus,
    Negative,
    Positive,
    PrintBlock,
    PrintLine,
    Refund,
    Reversal,
    StatusInformation,
)
from drivers.terminals.zvt.slip import Slip
from drivers.terminals.zvt.talk import Ended, Talk
from drivers.worker import Emit
from kiosk.checkout.effects import Abort as AbortWish
from kiosk.checkout.effects import Acknowledge, Authorise, Deed, Reverse
from kiosk.checkout.events import ResultReceived
from kiosk.checkout.money import Mark, Outcome, PaymentResult, TenderKind
from kiosk.checkout.passed import TerminalSays

ALREADY_REVERSED = 0xB4


def code_of(ended: Ended) -> int | None:
    """The code that a command ended with."""
    match ended:
        case Negative():
            return ended.reason
        case Completion():
            return ended.status
        case Abort():
            return ended.result_code


def in_hex(code: int | None) -> str:
    return "" if code is None else f"{code:02X}"


class Move:
    """The command of one attempt, its result taken down here before it is acknowledged to the terminal."""

    def __init__(self, deed: Authorise | Reverse, mark: Mark, config: Config, talk: Talk, emit: Emit) -> None:
        self._attempt = deed.attempt
        self._sought = Sought(deed.amount, CURRENCIES[deed.currency], mark)
        self._config, self._talk, self._emit = config, talk, emit
        self._slip = Slip()
        self._approved: StatusInformation | None = None
        self._failed: StatusInformation | None = None
        self._acknowledged = self._waiting = self._broken = False
        self._doubt = False

    # ---- what a payment and its reversal differ in

    def command(self) -> Message:
        raise NotImplementedError

    def hold(self) -> Message:
        """The answer to an approval that is not yet written down here."""
        raise NotImplementedError

    def failed(self, ended: Ended) -> PaymentResult:
        """What came of it where the terminal approved nothing."""
        raise NotImplementedError

    # ---- what they share

    def run(self) -> Ended:
        self._talk.meanwhile = self._break
        try:
            return self._talk.perform(self.command(), self._hear)
        finally:
            self._talk.meanwhile = lambda deed: False

    def end(self, ended: Ended) -> PaymentResult:
        """What it came to, once the terminal has ended it."""
        if self._approved is None:
            return self.failed(ended)
        if isinstance(ended, Completion) and self._acknowledged and not self._doubt:
            return replace(result(self._approved, Outcome.APPROVED), slip=self._slip.lines)
        return self.unknown()

    def unknown(self) -> PaymentResult:
        """What is known while its end is not."""
        known = self._approved or self._failed
        return result(known, Outcome.UNKNOWN) if known else PaymentResult(Outcome.UNKNOWN)

    def _break(self, deed: Deed) -> bool:
        if deed != AbortWish(self._attempt):
            return False
        self._talk.interrupt()
        self._broken = True
        return True

    def _hear(self, message: Message) -> Message:
        match message:
            case IntermediateStatus():
                self._waiting = message.status == PRESENT_CARD
                if words := prompt(message):
                    self._emit(TerminalSays(words))
            case StatusInformation(result_code=0):
                return self._approve(message)
            case StatusInformation(result_code=None):  # neither yes nor no
                self._approved, self._doubt = self._approved or message, True
                return Negative(reason=NOT_ISSUED)
            case StatusInformation():
                self._failed = message
            case PrintLine() | PrintBlock():
                self._slip.add(message)
        return Positive()

    def _approve(self, status: StatusInformation) -> Message:
        """Acknowledge once the result is durable; refuse what contradicts the attempt or what was said before."""
        if self._approved is None:
            self._approved = status
            if is_new(status, self._sought):
                self._answer_by = self._talk.now + self._config.commit
                self._talk.forget(Acknowledge(self._attempt))
                self._emit(ResultReceived(self._attempt, result(status, Outcome.APPROVED)))
            else:
                self._doubt = True
        self._doubt |= self._failed is not None
        self._doubt |= result(status, Outcome.APPROVED) != result(self._approved, Outcome.APPROVED)
        if self._doubt:
            return Negative(reason=NOT_ISSUED)
        if not self._acknowledged:
            return self.hold()
        return Positive()

    def _written_down(self, seconds: float) -> bool:
        """Whether the result is durable within so many seconds."""
        self._acknowledged = self._talk.wait_for(seconds, Acknowledge(self._attempt)) is not None
        return self._acknowledged

    def _result_of(self, ended: Ended) -> tuple[int | None, PaymentResult]:
        """The code with which it failed, and all that was said with it."""
        code = self._failed.result_code if self._failed else None
        if code is None and not isinstance(ended, Completion):
            code = code_of(ended)
        return code, result(self._failed or StatusInformation(result_code=code), Outcome.NOT_CHARGED)


class Payment(Move):
    """06 01. The terminal waits for the goods: "not yet" is said every `pace` until the result is durable."""

    def __init__(self, deed: Authorise, mark: Mark, config: Config, talk: Talk, emit: Emit) -> None:
        super().__init__(deed, mark, config, talk, emit)
        self._sought = self._sought._replace(partial=deed.partial)
        self._voucher = deed.kind is TenderKind.MEAL_VOUCHER

    def command(self) -> Authorisation:
        sought, config = self._sought, self._config
        return Authorisation(
            amount=sought.amount,
            currency=sought.currency,
            payment_type=config.voucher_payment_type if self._voucher else None,
            timeout=config.issue,
            mirrored_receipt_no=int(sought.mark.receipt_no or 0) if config.mirrors else None,
        )

    def hold(self) -> Message:
        if self._written_down(self._config.pace):
            return Positive()
        self._doubt = self._talk.now >= self._answer_by
        return Negative(reason=NOT_ISSUED if self._doubt else NOT_YET)

    def failed(self, ended: Ended) -> PaymentResult:
        if isinstance(ended, Completion) and not self._failed:
            return self.unknown()
        code, told = self._result_of(ended)
        reason = "cancelled" if self._broken else why(code, self._waiting)
        return replace(told, reason=reason, slip=self._slip.lines)


class GivingBack(Move):
    """06 30 of the whole receipt, or 06 31 of an amount, for which the card is held out again."""

    def __init__(self, deed: Reverse, mark: Mark, config: Config, talk: Talk, emit: Emit) -> None:
        super().__init__(deed, mark, config, talk, emit)
        self._original = deed.original
        self._refund = deed.refund or deed.original.amount not in (None, deed.amount)
        self._sought = self._sought._replace(reverses=deed.original)

    def impossible(self) -> PaymentResult | None:
        """Why this terminal cannot take it back: it is another one, or nobody knows the receipt. Any can pay out."""
        here, there = self._sought.mark.terminal_id, self._original.terminal_id
        if self._refund:
            return None
        if here and there and here != there:
            return PaymentResult(Outcome.NOT_CHARGED, terminal_id=here, reason="other_terminal")
        if not self._original.receipt_no:
            return PaymentResult(Outcome.NOT_CHARGED, terminal_id=here, reason="no_receipt")
        return None

    def command(self) -> Reversal | Refund:
        password, amount, currency = self._config.password, self._sought.amount, self._sought.currency
        if self._refund:
            return Refund(password=password, amount=amount, currency=currency)
        return Reversal(password=password, receipt_no=self._original.receipt_no, amount=amount)

    def hold(self) -> Message:
        """There is no "not yet" here: the terminal waits as long as for any answer."""
        if self._written_down(min(self._config.commit, self._config.t3)):
            return Positive()
        raise LineLost("what was given back could not be written down in time")

    def failed(self, ended: Ended) -> PaymentResult:
        code, told = self._result_of(ended)
        told = replace(told, slip=self._slip.lines)
        if code == ALREADY_REVERSED and not self._refund:
            return replace(told, outcome=Outcome.APPROVED, receipt_no=self._original.receipt_no)
        if isinstance(ended, Negative) or refuses(code):
            return replace(told, reason="cancelled" if self._broken else why(code, self._waiting))
        return replace(told, outcome=Outcome.UNKNOWN)
