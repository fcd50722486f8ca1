"""The driver of a ZVT terminal: registers, takes payments, and finds out what became of one.

Unplugged: reconnects, the worker does that. Silent: T3, T4, then the line is given up. Manual: PA00P015 rev
13.08, PA00P016 issue 03. Tape of a real terminal: none yet.

Nothing that may have left is ever taken for not charged without the terminal's word: what cannot be told is
UNKNOWN, and `AskTerminal` finds out. No command is ever sent a second time on silence, though the manual
would allow it.
"""

from pathlib import Path

from msgspec.structs import replace

from drivers.line import CLOCK, Clock, Line, LineLost, open_line
from drivers.terminals.zvt.config import Config
from drivers.terminals.zvt.layout import Message
from drivers.terminals.zvt.meaning import CURRENCIES, result, settled, trace, why
from drivers.terminals.zvt.messages import (
    BUSY,
    Abort,
    Completion,
    Negative,
    Positive,
    PrintBlock,
    PrintLine,
    Registration,
    RepeatReceipt,
    Reversal,
    StatusEnquiry,
    StatusInformation,
)
from drivers.terminals.zvt.payment import Payment, code_of
from drivers.terminals.zvt.redact import redact
from drivers.terminals.zvt.serial import SerialLine
from drivers.terminals.zvt.slip import Slip
from drivers.terminals.zvt.talk import Ended, Talk
from drivers.worker import Emit, Orders, Worker
from kiosk.checkout.effects import Abort as AbortWish
from kiosk.checkout.effects import Acknowledge, AskTerminal, Authorise, Deed, Reverse, TestDevice
from kiosk.checkout.events import (
    DeviceSeen,
    Event,
    NoAnswer,
    ReadyToSend,
    TerminalAnswered,
    TerminalSays,
)
from kiosk.checkout.money import Mark, Outcome, PaymentResult
from kiosk.checkout.session import Device, Health

TEXT_BLOCKS = b"\x06\xd3"
SILENT_REPEAT = 0x03
ALREADY_REVERSED = 0xB4
CARD_INSIDE = 0xDC
GIVEN_UP = 0x6C
WRONG_CURRENCY = 0x6F
NOT_POSSIBLE = 0x83
NOTHING_SENT = PaymentResult(Outcome.NOT_CHARGED, reason="terminal_away")


class Terminal:
    """Drives one terminal, on one connection after the other."""

    def __init__(self, config: Config, name: str = "terminal") -> None:
        self._config = config
        self._name = name

    def run(self, line: Line, orders: Orders, emit: Emit) -> None:
        """Work until the line is lost or the worker stopped."""
        talk = Talk(line, orders, self._config.charset, self._config.t3, self._config.t4)
        try:
            Connection(self._config, self._name, talk, emit).live()
        finally:
            for deed in talk.later:
                for event in self.refuse(deed):
                    emit(event)

    def refuse(self, deed: Deed) -> tuple[Event, ...]:
        """While there is no line nothing can have been sent, nor can anything be asked."""
        match deed:
            case Authorise():
                return (TerminalAnswered(deed.attempt, NOTHING_SENT),)
            case AskTerminal():
                return (NoAnswer(deed.attempt),)
            case Reverse():
                return (TerminalAnswered(deed.attempt, PaymentResult(Outcome.UNKNOWN)),)
            case _:
                return ()


class Connection:
    """What is done with a terminal from its registration until the line is lost."""

    def __init__(self, config: Config, name: str, talk: Talk, emit: Emit) -> None:
        self._config, self._name, self._talk, self._emit = config, name, talk, emit
        self._currency = CURRENCIES[config.currency]
        self._terminal_id = self._software = ""

    def live(self) -> None:
        """Register, then do what is ordered. Raises LineLost and Stopped."""
        self._register()
        self._enquire()
        while True:
            deed = self._talk.next_order(self._config.poll)
            match deed:
                case Authorise():
                    self._authorise(deed)
                case AskTerminal():
                    self._ask(deed)
                case Reverse():
                    self._reverse(deed)
                case TestDevice(name=self._name):
                    self._enquire()
                case None:
                    self._listen()
                case _:
                    pass  # an Acknowledge or an Abort that came too late

    # ---- is it there, and well?

    def _register(self) -> None:
        ended = self._talk.perform(
            Registration(
                password=self._config.password,
                config=self._config.registration,
                currency=self._currency,
                permits=(TEXT_BLOCKS,),
            )
        )
        if not isinstance(ended, Completion):
            raise LineLost(f"registration refused, {code_of(ended)}")
        self._terminal_id = ended.terminal_id or ended.long_terminal_id or ""
        if self._config.terminal_id not in ("", self._terminal_id):
            raise LineLost(f"this is terminal {self._terminal_id}, not {self._config.terminal_id}")

    def _enquire(self) -> int:
        """The terminal's status byte (0 ready, 9C busy, DC card inside), told to the lane as well."""
        ended = self._talk.perform(StatusEnquiry())
        if isinstance(ended, Completion):
            self._software, status = ended.sw_version or self._software, ended.status or 0
        else:
            status = (ended.reason if isinstance(ended, Negative) else ended.result_code) or NOT_POSSIBLE
        well = status in (0, BUSY, CARD_INSIDE)
        words = (self._terminal_id, self._software, "" if well else f"status {status:02X}")
        health = Health.READY if well else Health.FAULT
        self._emit(DeviceSeen(Device(self._name, health, " ".join(filter(None, words)))))
        return status

    def _listen(self) -> None:
        """Nothing was ordered: take what the terminal says unasked, or ask how it is."""
        message = self._talk.hear(self._talk.now + 0.001)
        match message:
            case None:
                self._enquire()
            case Positive() | Negative():
                pass
            case StatusInformation():
                raise LineLost("the result of something that was not begun here")
            case _:
                self._talk.say(Positive())

    def _ready(self, stop: AbortWish | None = None) -> int | None:
        """Wait until the terminal is ready: None, or what it says instead when the time is up or `stop` comes."""
        until = self._talk.now + self._config.ready
        while status := self._enquire():
            if status not in (BUSY, CARD_INSIDE) or self._talk.now >= until:
                return status
            self._emit(TerminalSays("remove_card" if status == CARD_INSIDE else "please_wait"))
            if self._talk.wait_for(self._config.ask, *filter(None, [stop])):
                return GIVEN_UP
        return None

    # ---- a payment

    def _authorise(self, deed: Authorise) -> None:
        try:
            mark = self._prepare(deed)
        except Exception:
            self._answer(deed, NOTHING_SENT)
            raise
        if mark is None:
            return
        payment = Payment(deed, mark, self._currency, self._config, self._talk, self._emit)
        try:
            ended = payment.run()
        except Exception:
            self._answer(deed, payment.unknown())
            raise
        self._answer(deed, payment.end(ended))

    def _prepare(self, deed: Authorise) -> Mark | None:
        """Everything before the first byte of the payment; None if there will be none, which is answered."""
        stop = AbortWish(deed.attempt)
        status = self._ready(stop) if CURRENCIES.get(deed.currency) == self._currency else WRONG_CURRENCY
        if status is not None:
            reason = why(status) or "terminal_away"
            self._answer(deed, PaymentResult(Outcome.NOT_CHARGED, result_code=f"{status:02X}", reason=reason))
            return None
        last, ended = self._repeat()
        if isinstance(ended, Negative) and ended.reason != NOT_POSSIBLE:
            self._answer(deed, PaymentResult(Outcome.NOT_CHARGED, result_code=code_of(ended), reason="busy"))
            return None
        mark = Mark(self._terminal_id)
        if last:
            mark = Mark(last.terminal_id or self._terminal_id, last.receipt_no or "", trace(last))
        self._talk.forget(Acknowledge(deed.attempt))
        self._emit(ReadyToSend(deed.attempt, mark))
        go = Acknowledge(deed.attempt)
        word = self._talk.wait_for(self._config.commit, go, stop)
        if word == go and stop not in self._talk.later:
            return mark
        self._answer(deed, PaymentResult(Outcome.NOT_CHARGED, reason="cancelled" if word else ""))
        return None

    def _repeat(self) -> tuple[StatusInformation | None, Ended]:
        """The last receipt's status, and how the question ended."""
        heard: list[StatusInformation] = []

        def keep(message: Message) -> Message:
            if isinstance(message, StatusInformation):
                heard.append(message)
            return Positive()

        command = RepeatReceipt(password=self._config.password, service_byte=SILENT_REPEAT)
        ended = self._talk.perform(command, keep)
        return (heard[-1] if heard and isinstance(ended, Completion) else None), ended

    def _ask(self, deed: AskTerminal) -> None:
        try:
            if self._ready() is not None:
                self._emit(NoAnswer(deed.attempt))
                return
            last, ended = self._repeat()
        except Exception:
            self._emit(NoAnswer(deed.attempt))
            raise
        if isinstance(ended, Negative):
            self._emit(NoAnswer(deed.attempt))
        elif last is None:
            self._answer(deed, PaymentResult(Outcome.UNKNOWN, result_code=code_of(ended)))
        else:
            currency = CURRENCIES.get(deed.currency, 0)
            outcome = settled(last, deed.amount, currency, self._terminal_id, deed.mark)
            found = result(last, outcome)
            try:
                if outcome is Outcome.APPROVED:
                    found = replace(found, slip=self._slip())
            finally:
                self._answer(deed, found)

    def _slip(self) -> tuple[str, ...]:
        """The last receipt as text, once more."""
        slip = Slip()

        def keep(message: Message) -> Message:
            if isinstance(message, PrintLine | PrintBlock):
                slip.add(message)
            return Positive()

        self._talk.perform(RepeatReceipt(password=self._config.password), keep)
        return slip.lines

    def _reverse(self, deed: Reverse) -> None:
        reversed_ = False

        def hear(message: Message) -> Message:
            nonlocal reversed_
            if isinstance(message, StatusInformation):
                reversed_ = message.result_code == 0 and message.amount in (None, deed.amount)
            return Positive()

        command = Reversal(
            password=self._config.password,
            receipt_no=deed.original.receipt_no,
            amount=deed.amount,
        )
        try:
            ended = self._talk.perform(command, hear)
        except Exception:
            self._answer(deed, PaymentResult(Outcome.UNKNOWN))
            raise
        done = isinstance(ended, Completion) and reversed_
        already = isinstance(ended, Abort) and ended.result_code == ALREADY_REVERSED
        outcome = Outcome.APPROVED if done or already else Outcome.UNKNOWN
        self._answer(
            deed, PaymentResult(outcome, result_code=code_of(ended), receipt_no=deed.original.receipt_no)
        )

    def _answer(self, deed: Authorise | AskTerminal | Reverse, what: PaymentResult) -> None:
        self._emit(TerminalAnswered(deed.attempt, what))


def worker(name: str, config: Config, emit: Emit, clock: Clock = CLOCK) -> Worker[Line]:
    """The terminal in a thread of its own, not yet started."""
    record = Path(config.record) if config.record else None

    def connect() -> Line:
        line = open_line(config.port, baud=config.baud, stopbits=2, record=record, redact=redact, clock=clock)
        return SerialLine(line, clock) if config.framing == "serial" else line

    return Worker(name, connect, Terminal(config, name), emit, clock)
