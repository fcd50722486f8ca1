"""One payment on the wire, from the first byte of 06 01 until the terminal has ended it."""

from msgspec.structs import replace

from drivers.terminals.zvt.config import Config
from drivers.terminals.zvt.layout import Message
from drivers.terminals.zvt.meaning import is_payment, prompt, result, why
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
    StatusInformation,
)
from drivers.terminals.zvt.slip import Slip
from drivers.terminals.zvt.talk import Ended, Talk
from drivers.worker import Emit
from kiosk.checkout.effects import Abort as AbortWish
from kiosk.checkout.effects import Acknowledge, Authorise, Deed
from kiosk.checkout.events import ResultReceived, TerminalSays
from kiosk.checkout.money import Mark, Outcome, PaymentResult


def code_of(ended: Ended) -> str:
    """The code that a command ended with, in hex, or nothing."""
    match ended:
        case Negative():
            return f"{ended.reason:02X}"
        case Completion():
            return "" if ended.status is None else f"{ended.status:02X}"
        case Abort():
            return "" if ended.result_code is None else f"{ended.result_code:02X}"


class Payment:
    """One 06 01 from its first byte to its end."""

    def __init__(
        self, deed: Authorise, mark: Mark, currency: int, config: Config, talk: Talk, emit: Emit
    ) -> None:
        self._deed, self._mark, self._currency = deed, mark, currency
        self._config, self._talk, self._emit = config, talk, emit
        self._slip = Slip()
        self._approved: StatusInformation | None = None
        self._failed: StatusInformation | None = None
        self._acknowledged = self._waiting = self._broken = False
        self._doubt = False
        self._answer_by = 0.0

    def run(self) -> Ended:
        self._talk.meanwhile = self._break
        try:
            return self._talk.perform(
                Authorisation(
                    amount=self._deed.amount,
                    currency=self._currency,
                    timeout=self._config.issue,
                ),
                self._hear,
            )
        finally:
            self._talk.meanwhile = lambda deed: False

    def end(self, ended: Ended) -> PaymentResult:
        """What the payment came to, once the terminal has ended it."""
        if isinstance(ended, Completion) and self._approved and self._acknowledged and not self._doubt:
            return replace(result(self._approved, Outcome.APPROVED), slip=self._slip.lines)
        if self._approved or (isinstance(ended, Completion) and not self._failed):
            return self.unknown()
        code = self._failed.result_code if self._failed else None
        if code is None and not isinstance(ended, Completion):
            code = ended.result_code if isinstance(ended, Abort) else ended.reason
        told = result(self._failed or StatusInformation(result_code=code), Outcome.NOT_CHARGED)
        reason = "cancelled" if self._broken else why(code, self._waiting)
        return replace(told, reason=reason, slip=self._slip.lines)

    def unknown(self) -> PaymentResult:
        """What is known of a payment whose end is not."""
        known = self._approved or self._failed
        return result(known, Outcome.UNKNOWN) if known else PaymentResult(Outcome.UNKNOWN)

    def _break(self, deed: Deed) -> bool:
        if deed != AbortWish(self._deed.attempt):
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
            case StatusInformation():
                self._failed = message
            case PrintLine() | PrintBlock():
                self._slip.add(message)
        return Positive()

    def _approve(self, status: StatusInformation) -> Message:
        """Say "goods issued" once the result is durable, and "not issued" if it is not what was asked for."""
        if self._approved is None:
            self._approved = status
            if is_payment(status, self._deed.amount, self._currency, self._mark):
                self._answer_by = self._talk.now + self._config.commit
                self._talk.forget(Acknowledge(self._deed.attempt))
                self._emit(ResultReceived(self._deed.attempt, result(status, Outcome.APPROVED)))
            else:
                self._doubt = True
        self._doubt |= self._failed is not None
        self._doubt |= result(status, Outcome.APPROVED) != result(self._approved, Outcome.APPROVED)
        if self._doubt:
            return Negative(reason=NOT_ISSUED)
        if not self._acknowledged:
            word = self._talk.wait_for(self._config.pace, Acknowledge(self._deed.attempt))
            self._acknowledged = word is not None
        if self._acknowledged:
            return Positive()
        self._doubt = self._talk.now >= self._answer_by
        return Negative(reason=NOT_ISSUED if self._doubt else NOT_YET)
