"""The driver of a Concert E+ terminal: asks for money once, and believes nothing but the answer to that.

Unplugged: opened again, the worker does that. Silent: `answer` seconds, then the outcome is UNKNOWN. Sources: see
layout.py; no tape of a real terminal yet. That a session without a request harms nothing, by which it is asked whether
it is well, was not seen in any of them.

The protocol has no question about an earlier payment: what is UNKNOWN ends with a colleague, unless the terminal tells
its result late and unasked, under our private data.
"""

from collections import deque

from msgspec.structs import replace

from drivers.line import CLOCK, Clock, Line, LineLost
from drivers.terminals.concert import layout
from drivers.terminals.concert.config import Config
from drivers.terminals.concert.layout import Answer, Ask, redact
from drivers.terminals.concert.meaning import judged, result
from drivers.terminals.concert.talk import Put, Talk
from drivers.terminals.currencies import CURRENCIES
from drivers.terminals.desk import AWAY, CANNOT, UNKNOWN, Attempted, Desk, original_of, refused, short
from drivers.worker import Emit, Orders, Worker
from kiosk.checkout.effects import Abort, AskTerminal, Authorise, Deed, EndOfDay, Reverse, TestDevice
from kiosk.checkout.events import Event, NoAnswer, TotalsReceived
from kiosk.checkout.money import Mark, Outcome, PaymentResult, TenderKind
from kiosk.checkout.passed import DeviceSeen, TerminalSays
from kiosk.checkout.session import Device, Health

REMEMBERED = 8


class Terminal:
    """Drives one terminal, on one line after the other; results that came unasked outlive the line."""

    def __init__(self, config: Config, name: str = "terminal") -> None:
        self._config = config
        self._name = name
        self._unasked: deque[Answer] = deque(maxlen=REMEMBERED)

    def run(self, line: Line, orders: Orders, emit: Emit) -> None:
        """Work until the line is lost or the worker stopped."""
        desk = Desk(orders, emit, self._config.commit)
        try:
            Session(self._config, self._name, line, desk, self._unasked).live()
        finally:
            desk.close()

    def refuse(self, deed: Deed) -> tuple[Event, ...]:
        """While there is no line nothing is sent, nor can anything be asked."""
        return refused(deed)


class Session:
    """What is done with a terminal until the line is lost."""

    def __init__(self, config: Config, name: str, line: Line, desk: Desk, unasked: deque[Answer]) -> None:
        self._config, self._name, self._line, self._desk = config, name, line, desk
        self._unasked = unasked
        self._talk = Talk(line, desk, config.byte)

    def live(self) -> None:
        """Raises LineLost and Stopped."""
        self._ping()
        while True:
            deed = self._desk.next_order(self._config.poll, self._line)
            match deed:
                case Authorise() | Reverse():
                    self._attempt(deed)
                case AskTerminal():
                    self._ask(deed)
                case EndOfDay():
                    self._desk.emit(TotalsReceived(deed.id, None))  # the protocol has no such thing
                case TestDevice(name=self._name):
                    self._ping()
                case None:
                    self._listen()
                case _:
                    pass  # an Acknowledge or an Abort that came too late

    # ---- is it there, and has it nothing else to do?

    def _ping(self) -> None:
        if not self._is_free():
            raise LineLost("asked, and does not answer")

    def _is_free(self) -> bool:
        """Whether it takes a session from us, which is ended at once."""
        free = self._talk.knock()
        if free:
            self._talk.leave()
            self._desk.emit(DeviceSeen(Device(self._name, Health.READY)))
        self._keep_unasked()
        return free

    def _listen(self) -> None:
        """Nothing was ordered: take what the terminal says unasked, or ask how it is."""
        if self._talk.listen():
            self._keep_unasked()
        else:
            self._ping()

    def _keep_unasked(self) -> None:
        self._unasked.extend(self._talk.unasked)
        self._talk.unasked.clear()

    def _not_free(self, deed: Attempted) -> PaymentResult | None:
        """Wait until what went on before has ended: None, or why nothing will be sent."""
        until = self._desk.now + self._config.ready
        while not self._is_free():
            if self._desk.now >= until:
                return PaymentResult(Outcome.NOT_CHARGED, reason="busy")
            self._desk.emit(TerminalSays("please_wait"))
            if self._desk.wait_for(self._config.ask, Abort(deed.attempt)):
                return PaymentResult(Outcome.NOT_CHARGED, reason="cancelled")
        return None

    # ---- money

    def _attempt(self, deed: Attempted) -> None:
        """One payment or reversal, from the question whether the terminal is free to its last byte."""
        sent = False
        try:
            ask = self._money(deed)
            why = CANNOT if ask is None else self._not_free(deed)
            if ask is None or why is not None:
                self._desk.answer(deed, why or CANNOT)
                return
            if not self._desk.begin(deed, Mark()):
                return
            if not self._talk.knock():
                self._desk.answer(deed, PaymentResult(Outcome.NOT_CHARGED, reason="busy"))
                return
            sent = True
            told = self._put(deed, ask)
        except Exception:
            self._desk.answer(deed, UNKNOWN if sent else AWAY)
            raise
        self._desk.answer(deed, told)

    def _put(self, deed: Attempted, ask: Ask) -> PaymentResult:
        """Ask for the money and wait for the answer, which is acknowledged once it is durable here."""
        if self._talk.put(ask) is Put.REFUSED:
            return PaymentResult(Outcome.NOT_CHARGED)
        self._desk.emit(TerminalSays("look_at_terminal"))
        answer = self._talk.hear(self._desk.now + self._config.answer)
        if answer is None:
            return UNKNOWN
        told = self._judged(deed, ask, answer)
        if told.outcome is Outcome.APPROVED and not self._desk.durable(deed, told):
            return replace(told, outcome=Outcome.UNKNOWN)
        if not self._talk.acknowledge(answer) and told.outcome is Outcome.APPROVED:
            return replace(told, outcome=Outcome.UNKNOWN)
        return told

    def _judged(self, deed: Attempted, ask: Ask, answer: Answer) -> PaymentResult:
        partial = isinstance(deed, Authorise) and deed.partial
        told = result(answer, judged(answer, ask, partial=partial, echoes=self._config.echoes))
        if told.outcome is Outcome.NOT_CHARGED and self._desk.aborted(deed.attempt):
            return replace(told, reason="cancelled")
        return told

    # ---- what became of it

    def _ask(self, deed: AskTerminal) -> None:
        """Only what the terminal told late and unasked settles an attempt, and only under our private data."""
        try:
            free = self._is_free()
        except Exception:
            self._desk.emit(NoAnswer(deed.attempt))
            raise
        ask = self._money(deed)
        late = [judged(a, ask, partial=deed.partial, echoes=True) for a in self._unasked] if ask else []
        for answer, outcome in zip(self._unasked, late, strict=False):
            if outcome is not Outcome.UNKNOWN:
                self._desk.answer(deed, result(answer, outcome))
                return
        self._desk.answer(deed, UNKNOWN if free else replace(UNKNOWN, reason="in_progress"))

    def _money(self, deed: Attempted | AskTerminal) -> Ask | None:
        """The request of a payment or a reversal; None if this terminal cannot be asked for it."""
        if deed.currency != self._config.currency or not 0 < deed.amount < 10**8:
            return None
        kind, mode = layout.DEBIT, layout.CARD
        if original := original_of(deed):
            whole = original.amount in (None, deed.amount) and not (isinstance(deed, Reverse) and deed.refund)
            kind = layout.CANCEL if whole else layout.CREDIT
        if deed.kind is TenderKind.MEAL_VOUCHER:
            mode = self._config.meal_voucher
        if not mode:
            return None
        return Ask(
            pos=self._config.till,
            amount=deed.amount,
            currency=CURRENCIES[deed.currency],
            private=short(deed.attempt, layout.PRIVATE.length),
            type=kind,
            mode=mode,
            auto=layout.ONLINE if self._config.online else layout.AS_THE_BANK_LIKES,
        )


def worker(name: str, config: Config, emit: Emit, clock: Clock = CLOCK) -> Worker[Line]:
    """The terminal in a thread of its own, not yet started."""
    return Worker(name, lambda: config.open(redact, clock), Terminal(config, name), emit, clock)
