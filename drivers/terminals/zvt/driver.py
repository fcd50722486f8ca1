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
from drivers.terminals.currencies import CURRENCIES, LETTERS
from drivers.terminals.zvt.asking import end_of_day, last_receipt, last_slip
from drivers.terminals.zvt.config import Config
from drivers.terminals.zvt.meaning import NOT_FOUND, Sought, result, settled, trace, why
from drivers.terminals.zvt.messages import (
    BUSY,
    Completion,
    Diagnosis,
    Initialisation,
    Negative,
    Positive,
    Registration,
    StatusEnquiry,
    StatusInformation,
)
from drivers.terminals.zvt.payment import GivingBack, Payment, code_of, in_hex
from drivers.terminals.zvt.redact import redact
from drivers.terminals.zvt.serial import SerialLine
from drivers.terminals.zvt.talk import Talk
from drivers.worker import Emit, Orders, Worker
from kiosk.checkout.effects import Abort as AbortWish
from kiosk.checkout.effects import Acknowledge, AskTerminal, Authorise, Deed, EndOfDay, Reverse, TestDevice
from kiosk.checkout.events import Event, NoAnswer, ReadyToSend, TerminalAnswered, TotalsReceived
from kiosk.checkout.money import Mark, Outcome, PaymentResult
from kiosk.checkout.passed import DeviceSeen, TerminalSays
from kiosk.checkout.session import Device, Health
from kiosk.units import Minor

TEXT_BLOCKS = b"\x06\xd3"
NEEDS_INITIALISATION, NEEDS_DIAGNOSIS = 0x01, 0x02
CARD_INSIDE = 0xDC
GIVEN_UP = 0x6C
WRONG_CURRENCY = 0x6F
NOT_POSSIBLE = 0x83
NOTHING_SENT = PaymentResult(Outcome.NOT_CHARGED, reason="terminal_away")
STILL_AT_IT = PaymentResult(Outcome.UNKNOWN, reason="in_progress")


class Terminal:
    """Drives one terminal, on one connection after the other.

    What has to be broken off waits for the next connection. Whether a day was closed whose end was not heard is
    never known, so `day_unclear` says that its next totals are not those of a whole day.
    """

    def __init__(self, config: Config, name: str = "terminal") -> None:
        self._config = config
        self._name = name
        self._wishes: list[AbortWish] = []
        self.day_unclear = False

    def run(self, line: Line, orders: Orders, emit: Emit) -> None:
        """Work until the line is lost or the worker stopped."""
        talk = Talk(line, orders, self._config.charset, self._config.t3, self._config.t4)
        talk.later.extend(self._wishes)
        self._wishes.clear()
        try:
            Connection(self._config, self._name, self, talk, emit).live()
        finally:
            for deed in talk.later:
                for event in self.refuse(deed):
                    emit(event)

    def refuse(self, deed: Deed) -> tuple[Event, ...]:
        """While there is no line nothing can have been sent, nor can anything be asked."""
        match deed:
            case Authorise() | Reverse():
                return (TerminalAnswered(deed.attempt, NOTHING_SENT),)
            case AskTerminal():
                return (NoAnswer(deed.attempt),)
            case EndOfDay():
                return (NoAnswer(deed.id),)
            case AbortWish():
                self._wishes = [deed]
                return ()
            case _:
                return ()


class Connection:
    """What is done with a terminal from its registration until the line is lost."""

    def __init__(self, config: Config, name: str, owner: Terminal, talk: Talk, emit: Emit) -> None:
        self._config, self._name, self._owner, self._talk, self._emit = config, name, owner, talk, emit
        self._currency = CURRENCIES[config.currency]
        self._terminal_id = self._software = ""

    def live(self) -> None:
        """Register, then do what is ordered. Raises LineLost and Stopped."""
        self._register()
        self._enquire()
        while True:
            deed = self._talk.next_order(self._config.poll)
            match deed:
                case Authorise() | Reverse():
                    self._move(deed)
                case AskTerminal():
                    self._ask(deed)
                case EndOfDay():
                    self._end_of_day(deed)
                case AbortWish():
                    self._talk.break_off()
                case TestDevice(name=self._name):
                    self._talk.perform(Diagnosis())
                    self._enquire()
                case None:
                    self._listen()
                case _:
                    pass  # an Acknowledge that came too late

    # ---- is it there, and well?

    def _register(self) -> None:
        ended = self._talk.perform(
            Registration(
                password=self._config.password,
                config=self._config.registration,
                currency=self._currency,
                permits=(TEXT_BLOCKS,),
                msg_seq_id=0 if self._config.numbers else None,
            )
        )
        if not isinstance(ended, Completion):
            raise LineLost(f"registration refused, {in_hex(code_of(ended))}")
        self._talk.numbered = self._config.numbers and ended.msg_seq_id is not None
        self._terminal_id = ended.terminal_id or ended.long_terminal_id or ""
        if self._config.terminal_id not in ("", self._terminal_id):
            raise LineLost(f"this is terminal {self._terminal_id}, not {self._config.terminal_id}")
        wants = ended.registration_status or 0
        if wants & NEEDS_INITIALISATION:
            self._talk.perform(Initialisation(password=self._config.password))
        if wants & NEEDS_DIAGNOSIS:
            self._talk.perform(Diagnosis())

    def _enquire(self) -> int:
        """The terminal's status byte (0 ready, 9C busy, DC card inside), told to the lane as well."""
        ended = self._talk.perform(StatusEnquiry())
        if isinstance(ended, Completion):
            self._software, status = ended.sw_version or self._software, ended.status or 0
        else:
            status = code_of(ended) or NOT_POSSIBLE
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
                self._talk.answer(message, Positive())

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

    # ---- an attempt to take or to give back

    def _move(self, deed: Authorise | Reverse) -> None:
        try:
            mark = self._prepare(deed)
        except Exception:
            self._answer(deed, NOTHING_SENT)
            raise
        if mark is None:
            return
        if isinstance(deed, Authorise):
            move: Payment | GivingBack = Payment(deed, mark, self._config, self._talk, self._emit)
        else:
            move = GivingBack(deed, mark, self._config, self._talk, self._emit)
            if (impossible := move.impossible()) is not None:
                self._answer(deed, impossible)
                return
        try:
            ended = move.run()
        except Exception:
            self._answer(deed, move.unknown())
            raise
        self._answer(deed, move.end(ended))

    def _prepare(self, deed: Authorise | Reverse) -> Mark | None:
        """Everything before the first byte of the attempt; None if there will be none, which is answered."""
        stop = AbortWish(deed.attempt)
        status = self._ready(stop) if CURRENCIES.get(deed.currency) == self._currency else WRONG_CURRENCY
        if status is not None:
            reason = why(status) or "terminal_away"
            told = PaymentResult(Outcome.NOT_CHARGED, result_code=in_hex(status), reason=reason)
            self._answer(deed, told)
            return None
        last, ended = last_receipt(self._talk, self._config.password)
        if last is None and isinstance(ended, Completion):  # without a mark nothing can be found again
            last, ended = last_receipt(self._talk, self._config.password)
        if isinstance(ended, Negative) and ended.reason != NOT_POSSIBLE:
            code = in_hex(ended.reason)
            self._answer(deed, PaymentResult(Outcome.NOT_CHARGED, result_code=code, reason="busy"))
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

    # ---- what became of one

    def _ask(self, deed: AskTerminal) -> None:
        try:
            status = self._ready()
            last, ended = last_receipt(self._talk, self._config.password) if status is None else (None, None)
        except Exception:
            self._emit(NoAnswer(deed.attempt))
            raise
        if status in (BUSY, CARD_INSIDE):
            self._answer(deed, STILL_AT_IT)
        elif ended is None or isinstance(ended, Negative):
            self._emit(NoAnswer(deed.attempt))
        elif last is None:
            self._answer(deed, PaymentResult(Outcome.UNKNOWN, result_code=in_hex(code_of(ended))))
        else:
            self._found(deed, last)

    def _found(self, deed: AskTerminal, last: StatusInformation) -> None:
        currency = CURRENCIES.get(deed.currency, 0)
        sought = Sought(deed.amount, currency, deed.mark, deed.partial, deed.reverses)
        outcome, reason = settled(last, sought, self._terminal_id)
        if reason == NOT_FOUND:
            self._answer(deed, PaymentResult(outcome, reason=reason))
            return
        found = result(last, outcome)
        try:
            if outcome is Outcome.APPROVED:
                found = replace(found, slip=last_slip(self._talk, self._config.password))
        finally:
            self._answer(deed, found)

    # ---- the day

    def _end_of_day(self, deed: EndOfDay) -> None:
        try:
            if self._ready() is not None:
                self._emit(NoAnswer(deed.id))
                return
            whole, self._owner.day_unclear = not self._owner.day_unclear, True
            totals, ended = end_of_day(self._talk, self._config.password)
        except Exception:
            self._emit(NoAnswer(deed.id))
            raise
        self._owner.day_unclear = False
        if not isinstance(ended, Completion):
            self._owner.day_unclear = not whole
            self._emit(NoAnswer(deed.id))
            return
        amount = totals.totals.amount if totals and totals.totals and whole else None
        currency = LETTERS.get(totals.currency) if totals and totals.currency else None
        self._emit(TotalsReceived(deed.id, None if amount is None else Minor(amount), currency))

    def _answer(self, deed: Authorise | AskTerminal | Reverse, what: PaymentResult) -> None:
        self._emit(TerminalAnswered(deed.attempt, what))


def worker(name: str, config: Config, emit: Emit, clock: Clock = CLOCK) -> Worker[Line]:
    """The terminal in a thread of its own, not yet started."""
    record = Path(config.record) if config.record else None

    def connect() -> Line:
        line = open_line(config.port, baud=config.baud, stopbits=2, record=record, redact=redact, clock=clock)
        if config.framing == "serial":
            return SerialLine(line, clock, config.t1, config.t2)
        return line

    return Worker(name, connect, Terminal(config, name), emit, clock)
