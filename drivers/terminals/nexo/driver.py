"""The driver of a terminal that speaks the Terminal API (nexo, Adyen flavour), in the cloud or on the shop's network.

Away: asked again every `retry`. Silent: each exchange has its own deadline; nothing is ever sent a second time. The
answer to a payment is the terminal's last word, there is nothing to acknowledge to it; what of it was lost is asked
for by the ServiceID of the attempt. Source: payments reference 3.3. Tape of a real terminal: none yet.

A mark holds the POIID, the ServiceID as trace, and category and time of the request as receipt_no.
"""

import logging
from collections.abc import Callable
from datetime import UTC, datetime
from random import Random, SystemRandom
from typing import NamedTuple

from drivers.line import CLOCK, Clock, Line
from drivers.terminals.desk import AWAY, UNKNOWN, Attempted, Desk, refused
from drivers.terminals.nexo.asking import Asking
from drivers.terminals.nexo.config import Config
from drivers.terminals.nexo.frames import Frame
from drivers.terminals.nexo.identity import anew, of_attempt, read
from drivers.terminals.nexo.meaning import Asked, day, found, judged
from drivers.terminals.nexo.messages import Answer, MessageHeader, NexoError, Request, TransactionID
from drivers.terminals.nexo.talk import Silence, Talk, answered
from drivers.worker import Emit, Orders, Worker
from kiosk.checkout.effects import Abort, AskTerminal, Authorise, Deed, EndOfDay, Reverse, TestDevice
from kiosk.checkout.events import Event, NoAnswer, TotalsReceived
from kiosk.checkout.money import Mark, Outcome, PaymentResult
from kiosk.checkout.passed import DeviceSeen, TerminalSays
from kiosk.checkout.session import Device, Health
from kiosk.units import AttemptId

log = logging.getLogger(__name__)

BUSY = PaymentResult(Outcome.NOT_CHARGED, reason="busy")
NEVER = PaymentResult(Outcome.NOT_CHARGED, reason="no_reference")


class Sent(NamedTuple):
    """A request about money that is on its way, and what its answer must be of."""

    deed: Attempted
    header: MessageHeader
    asked: Asked


def utc() -> datetime:
    return datetime.now(UTC)


class Terminal:
    """Drives one terminal, on one line after the other. `today` tells the date and time, `chance` draws ServiceIDs."""

    def __init__(
        self,
        config: Config,
        name: str = "terminal",
        today: Callable[[], datetime] = utc,
        chance: Random | None = None,
    ) -> None:
        self._config, self._name, self._today = config, name, today
        self._chance = chance or SystemRandom()

    def run(self, line: Line, orders: Orders, emit: Emit) -> None:
        """Work until the line is lost or the worker stopped."""
        desk = Desk(orders, emit, self._config.commit)
        try:
            Connection(self._config, self._name, Talk(line, desk), desk, self._today, self._chance).live()
        finally:
            desk.close()

    def refuse(self, deed: Deed) -> tuple[Event, ...]:
        """While there is no line nothing can have been sent, nor can anything be asked."""
        return refused(deed)


class Connection:
    """What is done with a terminal on one line."""

    def __init__(
        self,
        config: Config,
        name: str,
        talk: Talk,
        desk: Desk,
        today: Callable[[], datetime],
        chance: Random,
    ) -> None:
        self._config, self._name, self._talk, self._desk = config, name, talk, desk
        self._today, self._chance = today, chance
        self._asking = Asking(config)
        self._well = False
        self._enquire_at = 0.0
        self._late: dict[int, Sent] = {}
        self._reversals: set[AttemptId] = set()
        talk.stray = self._stray

    def live(self) -> None:
        """Do what is ordered, and see now and then whether the terminal is well. Raises LineLost and Stopped."""
        self._enquire()
        while True:
            deed = self._talk.next_order(self._enquire_at - self._desk.now)
            match deed:
                case Authorise():
                    self._authorise(deed)
                case Reverse():
                    self._reverse(deed)
                case AskTerminal():
                    self._ask(deed)
                case Abort():
                    self._abort(deed.attempt)
                case EndOfDay():
                    self._end_day(deed)
                case TestDevice(name=self._name):
                    self._enquire()
                case None if self._desk.now >= self._enquire_at:
                    self._enquire()
                case _:
                    pass

    # ---- is it there, and well?

    def _enquire(self) -> str:
        """The terminal's own word on how it is (OK, Busy …), told to the lane as well; empty if it is not there."""
        answer = self._exchange(self._asking.diagnosis(anew(self._chance)))
        said = answer.diagnosis_response if isinstance(answer, Answer) else None
        if isinstance(answer, Silence) or said is None:
            self._seen(Health.OFFLINE, answer.value if isinstance(answer, Silence) else "")
            return ""
        status = (said.poi_status.global_status if said.poi_status else None) or "OK"
        if said.response.result != "Success" and said.response.error_condition != "Busy":
            status = said.response.error_condition or "Failure"
        well = status in ("OK", "Busy")
        self._seen(Health.READY if well else Health.FAULT, "" if well else status)
        return "Busy" if said.response.error_condition == "Busy" else status

    def _seen(self, health: Health, trouble: str = "") -> None:
        self._well = health is Health.READY
        self._enquire_at = self._desk.now + (self._config.poll if self._well else self._config.retry)
        self._desk.emit(DeviceSeen(Device(self._name, health, f"{self._config.poi_id} {trouble}".strip())))

    def _exchange(self, request: Request) -> Answer | Silence:
        """Ask something that moves no money, and wait for the answer."""
        number = self._talk.begin(request)
        answer = self._talk.end(number, request.message_header, self._config.answer)
        if isinstance(answer, Silence):
            self._enquire_at = self._desk.now
        return answer

    # ---- money

    def _authorise(self, deed: Authorise) -> None:
        asked = self._asked("Payment", deed.attempt, deed)
        request = self._asking.payment(deed, asked, self._now())
        if deed.currency != self._config.currency:
            self._desk.answer(deed, PaymentResult(Outcome.NOT_CHARGED, reason="currency"))
            return
        if not (self._well or self._there(deed)):
            self._desk.answer(deed, AWAY)
            return
        self._move(deed, request, asked)

    def _there(self, deed: Attempted) -> str:
        """What the terminal says of itself now, empty if it is not well; an error answers the attempt, too."""
        try:
            status = self._enquire()
            return status if self._well else ""
        except Exception:
            self._desk.answer(deed, AWAY)
            raise

    def _reverse(self, deed: Reverse) -> None:
        status = self._there(deed) if deed.currency == self._config.currency else ""
        if status != "OK":
            self._desk.answer(deed, BUSY if status else AWAY)
            return
        try:
            original = self._original(deed)
        except Exception:
            self._desk.answer(deed, AWAY)
            raise
        if isinstance(original, Silence):
            self._desk.answer(deed, AWAY)
            return
        self._reversals.add(deed.attempt)
        category = "Payment" if original is None else "Reversal"
        asked = self._asked(category, deed.attempt, deed)._replace(exact=True)
        if original is not None:
            self._move(deed, self._asking.reversal(deed, asked, original, self._now()), asked)
        elif deed.refund:
            self._move(deed, self._asking.refund(deed, asked, self._now()), asked)
        else:
            self._move(deed, None, asked)

    def _original(self, deed: Reverse) -> TransactionID | Silence | None:
        """What finds the payment at the terminal: its reference, else what a look-up of it says, None if nothing."""
        try:
            return read(deed.original.reference)
        except NexoError:
            asked = self._asked("Payment", deed.of, deed)
        answer = self._exchange(self._asking.status(asked, anew(self._chance)))
        if isinstance(answer, Silence) or answer.transaction_status_response is None:
            return answer if isinstance(answer, Silence) else Silence.ALIEN
        seen = found(
            answer.transaction_status_response, asked._replace(amount=deed.original.amount or deed.amount)
        )
        return read(seen.reference) if seen.outcome is Outcome.APPROVED and seen.reference else None

    def _move(self, deed: Attempted, request: Request | None, asked: Asked) -> None:
        """The attempt from its mark to its end. None for a request is one that cannot be made, which is told then."""
        mark = Mark(asked.poiid, f"{asked.category} {self._now()}", asked.service_id)
        try:
            ready = self._desk.begin(deed, mark)
        except Exception:
            self._desk.answer(deed, AWAY)
            raise
        if ready and request is None:
            self._desk.answer(deed, NEVER)
        elif ready and request is not None:
            self._send(Sent(deed, request.message_header, asked), request)

    def _send(self, sent: Sent, request: Request) -> None:
        """From here on an error means that nobody knows, unless the terminal's word has been heard."""
        known = UNKNOWN
        self._talk.meanwhile = lambda deed: self._break(deed, sent)
        try:
            number = self._talk.begin(request)
            self._desk.emit(
                TerminalSays("present_card" if sent.asked.category == "Payment" else "please_wait")
            )
            answer = self._talk.end(number, sent.header, self._config.patience)
            known = self._result(answer, sent)
            if answer is Silence.LATE:
                self._late[number] = sent
            self._talk.meanwhile = lambda deed: False
            if known.outcome is Outcome.APPROVED:
                self._desk.durable(sent.deed, known)
        finally:
            self._talk.meanwhile = lambda deed: False
            self._desk.answer(sent.deed, known)

    def _result(self, answer: Answer | Silence, sent: Sent) -> PaymentResult:
        if answer is Silence.UNSENT:
            self._enquire_at = self._desk.now
            return AWAY
        if isinstance(answer, Silence):
            self._enquire_at = self._desk.now
            return UNKNOWN
        header = answer.message_header
        return judged(header, answer.payment_response or answer.reversal_response, sent.asked)

    def _break(self, deed: Deed, sent: Sent) -> bool:
        """Wish the running transaction to end; what comes of it is told by its own answer."""
        if deed != Abort(sent.deed.attempt):
            return False
        self._abort(sent.deed.attempt)
        return True

    def _abort(self, attempt: AttemptId) -> None:
        category = "Reversal" if attempt in self._reversals else "Payment"
        self._talk.begin(self._asking.abort(category, of_attempt(attempt), anew(self._chance)))

    # ---- what became of it?

    def _ask(self, deed: AskTerminal) -> None:
        asked = self._asked("Reversal" if deed.reverses else "Payment", deed.attempt, deed)
        category, _, time = deed.mark.receipt_no.partition(" ")
        asked = asked._replace(
            category=category or asked.category,
            service_id=deed.mark.trace or asked.service_id,
            exact=deed.reverses is not None,
        )
        if deed.mark.terminal_id not in ("", self._config.poi_id):
            self._desk.answer(deed, PaymentResult(Outcome.UNKNOWN, reason="another_terminal"))
            return
        try:
            answer = self._exchange(self._asking.status(asked, anew(self._chance)))
        except Exception:
            self._desk.emit(NoAnswer(deed.attempt))
            raise
        if isinstance(answer, Silence) or answer.transaction_status_response is None:
            self._desk.emit(NoAnswer(deed.attempt))
            return
        result = found(answer.transaction_status_response, asked)
        if result.reason == "not_found" and self._forgotten(time):
            result = PaymentResult(Outcome.UNKNOWN, result_code=result.result_code, reason="forgotten")
        self._desk.answer(deed, result)

    def _forgotten(self, time: str) -> bool:
        """Whether a request of then may be one that the terminal has known and does not remember."""
        try:
            return (self._today() - datetime.fromisoformat(time)).total_seconds() > self._config.remembers
        except (ValueError, TypeError):
            return False

    def _stray(self, frame: Frame) -> None:
        """An answer that nobody waits for any more: if it is that of a payment, it is the terminal's last word."""
        sent = self._late.pop(frame.number, None)
        if sent is None:
            return
        result = self._result(answered(frame, sent.header), sent)
        if result.outcome is not Outcome.UNKNOWN:
            self._desk.answer(sent.deed, result)

    # ---- the end of the day

    def _end_day(self, deed: EndOfDay) -> None:
        try:
            answer = self._exchange(self._asking.reconciliation(anew(self._chance)))
        except Exception:
            self._desk.emit(NoAnswer(deed.id))
            raise
        totals = answer.reconciliation_response if isinstance(answer, Answer) else None
        if totals is None or totals.response.result != "Success":
            self._desk.emit(NoAnswer(deed.id))
            return
        amount = day(totals, self._config.currency)
        self._desk.emit(TotalsReceived(deed.id, amount, None if amount is None else self._config.currency))

    # ---- small things

    def _asked(self, category: str, attempt: AttemptId, deed: Attempted | AskTerminal) -> Asked:
        ours = (self._config.sale_id, self._config.poi_id)
        return Asked(category, of_attempt(attempt), *ours, attempt, deed.amount, deed.currency)

    def _now(self) -> str:
        return self._today().isoformat(timespec="seconds")


def worker(name: str, config: Config, emit: Emit, clock: Clock = CLOCK) -> Worker[Line]:
    """The terminal in a thread of its own, not yet started."""

    def connect() -> Line:
        from drivers.terminals.nexo.carrier import carried

        return carried(config, clock)

    return Worker(name, connect, Terminal(config, name), emit, clock)
