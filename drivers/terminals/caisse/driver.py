"""The driver of a Caisse-AP terminal: one call a request, and no word of a payment but its own answer believed.

Unplugged: called again, the worker does that. Silent: `answer` seconds, then the call is ended and the outcome is
UNKNOWN. Sources: see tags.py; no tape of a real terminal yet.

There is no portable way to ask what became of a payment. Where the terminal's profile has none, a colleague reads the
terminal and decides.
"""

from pathlib import Path

from msgspec.structs import replace

from drivers.line import CLOCK, Clock, Line, LineLost, open_line
from drivers.terminals.caisse import tags
from drivers.terminals.caisse.calls import Dial, Talk
from drivers.terminals.caisse.config import Config
from drivers.terminals.caisse.meaning import fingerprint, found, is_well, judged, result
from drivers.terminals.caisse.messages import Message, unmarked
from drivers.terminals.caisse.redact import redact
from drivers.terminals.currencies import CURRENCIES
from drivers.terminals.desk import AWAY, CANNOT, UNKNOWN, Attempted, Desk, original_of, refused, short
from drivers.worker import Emit, Orders, Worker
from kiosk.checkout.effects import Abort, AskTerminal, Authorise, Deed, EndOfDay, Reverse, TestDevice
from kiosk.checkout.events import Event, NoAnswer, TotalsReceived
from kiosk.checkout.money import Mark, Outcome, PaymentResult, TenderKind
from kiosk.checkout.passed import DeviceSeen, TerminalSays
from kiosk.checkout.session import Device, Health
from kiosk.units import AttemptId

LONGEST_REFERENCE = 32  # CF may have 99 characters, but HiPay gives 32 of them back
TICKET_FOR_THE_SHOPPER = "100"


class Terminal:
    """Drives one terminal, which is called by whatever the worker opens."""

    def __init__(self, config: Config, name: str = "terminal") -> None:
        self._config = config
        self._name = name

    def run(self, line: Dial, orders: Orders, emit: Emit) -> None:
        """Work until the terminal cannot be called any more or the worker is stopped."""
        desk = Desk(orders, emit, self._config.commit)
        try:
            Calls(self._config, self._name, line, desk).live()
        finally:
            desk.close()

    def refuse(self, deed: Deed) -> tuple[Event, ...]:
        """While the terminal cannot be called nothing is sent, nor can anything be asked."""
        return refused(deed)


class Calls:
    """What is done with a terminal from its first answer until it cannot be called."""

    def __init__(self, config: Config, name: str, dial: Dial, desk: Desk) -> None:
        self._config, self._name, self._desk = config, name, desk
        self._serial = ""
        self._talk = Talk(dial, desk, config.quiet, config.newline)

    def live(self) -> None:
        """Raises LineLost and Stopped."""
        self._ping()
        while True:
            deed = self._desk.next_order(self._config.poll)
            match deed:
                case Authorise() | Reverse():
                    self._attempt(deed)
                case AskTerminal():
                    self._ask(deed)
                case EndOfDay():
                    self._end_of_day(deed)
                case None | TestDevice(name=self._name):
                    self._ping()
                case _:
                    pass  # an Acknowledge or an Abort that came too late

    # ---- is it there, and has it nothing else to do?

    def _ping(self) -> None:
        """Raises LineLost if it cannot be called or does not answer."""
        if self._identify() is None:
            raise LineLost("called, and does not answer")

    def _identify(self) -> Message | None:
        """Its answer to an identification, None if there is none in time, which a busy one may owe us."""
        heard = self._talk.ask(self._request(tags.IDENTIFICATION), self._config.ping)
        if heard is not None:
            busy = "" if is_well(heard) else f"busy {heard.get('AE')}/{heard.why}"
            self._serial = unmarked(heard.get("AQ"))
            detail = " ".join(filter(None, (self._serial, busy)))
            self._desk.emit(DeviceSeen(Device(self._name, Health.READY, detail)))
        return heard

    def _not_free(self, deed: Attempted) -> PaymentResult | None:
        """Wait until what went on before has ended: None, or why nothing will be sent."""
        until, heard = self._desk.now + self._config.ready, False
        while True:
            said = self._identify()
            if said is not None and is_well(said):
                return None
            heard = heard or said is not None
            if self._desk.now >= until:
                return PaymentResult(Outcome.NOT_CHARGED, reason="busy") if heard else AWAY
            self._desk.emit(TerminalSays("please_wait"))
            if self._desk.wait_for(self._config.ask, Abort(deed.attempt)):
                return PaymentResult(Outcome.NOT_CHARGED, reason="cancelled")

    # ---- money

    def _attempt(self, deed: Attempted) -> None:
        """One payment or reversal, from the question whether the terminal is free to the end of its call."""
        sent = False
        try:
            request = self._money(deed)
            why = CANNOT if request is None else self._not_free(deed)
            if request is None or why is not None:
                self._desk.answer(deed, why or CANNOT)
                return
            if not self._desk.begin(deed, self._mark()):
                return
            with self._talk.call() as line:
                sent = True
                self._desk.emit(TerminalSays("look_at_terminal"))
                told = self._judged(deed, request, self._talk.put(line, request, self._config.answer))
                if told.outcome is Outcome.APPROVED:
                    self._desk.durable(deed, told)  # not in time: what was said stays true all the same
        except Exception:
            self._desk.answer(deed, UNKNOWN if sent else AWAY)
            raise
        self._desk.answer(deed, told)

    def _judged(self, deed: Attempted, request: Message, answer: Message | None) -> PaymentResult:
        if answer is None:
            return UNKNOWN
        partial = isinstance(deed, Authorise) and deed.partial
        outcome = judged(answer, request, partial=partial, echoes=self._config.echoes)
        told = self._told(answer, outcome)
        if outcome is Outcome.NOT_CHARGED and self._desk.aborted(deed.attempt):
            return replace(told, reason="cancelled")
        return told

    def _told(self, answer: Message, outcome: Outcome) -> PaymentResult:
        """What is kept; a serial number that only some answers carry is no terminal id."""
        told = result(answer, outcome)
        return replace(told, terminal_id="") if "terminal_id" in self._config.omits else told

    def _mark(self) -> Mark:
        """Which terminal it is, if it always says so, and its last ticket before a payment, if it can be asked."""
        here = "" if "terminal_id" in self._config.omits else self._serial
        if self._config.status != "duplicate":
            return Mark(here)
        last = self._talk.ask(self._request(tags.DUPLICATE, CK=TICKET_FOR_THE_SHOPPER), self._config.ping)
        return Mark(here, fingerprint(last) if last else "")

    # ---- what became of it

    def _ask(self, deed: AskTerminal) -> None:
        try:
            told = self._found(deed)
        except Exception:
            self._desk.emit(NoAnswer(deed.attempt))
            raise
        self._desk.answer(deed, told)

    def _found(self, deed: AskTerminal) -> PaymentResult:
        """UNKNOWN but for the terminal's own word about this very attempt; "not found" is for the core to believe."""
        request = self._money(deed)
        said = self._identify()
        if request is None or said is None or not is_well(said):
            return self._late(deed, request, said)
        match self._config.status:
            case "T":
                question = self._request(tags.STATUS, CF=request.get("CF"), CH=request.get("CF"))
            case "duplicate":
                question = self._request(tags.DUPLICATE, CK=TICKET_FOR_THE_SHOPPER)
            case _:
                return UNKNOWN
        answer = self._talk.ask(question, self._config.ping)
        if answer is None or answer.get("CD") != question.get("CD"):
            return UNKNOWN
        if fingerprint(answer) and fingerprint(answer) == deed.mark.receipt_no:
            return replace(UNKNOWN, reason="not_found")
        outcome = found(answer, request, deed.partial)
        return UNKNOWN if outcome is Outcome.UNKNOWN else self._told(answer, outcome)

    def _late(self, deed: AskTerminal, request: Message | None, said: Message | None) -> PaymentResult:
        """A terminal that answers our question with an earlier payment's result may settle that very payment."""
        if request is not None and said is not None and said.get("CF") == request.get("CF"):
            outcome = judged(said, request, partial=deed.partial, echoes=True)
            if outcome is not Outcome.UNKNOWN:
                return self._told(said, outcome)
        return replace(UNKNOWN, reason="in_progress")

    def _end_of_day(self, deed: EndOfDay) -> None:
        """Payments are sent in, where it does that for us; the protocol has no totals."""
        if not self._config.telecollection:
            self._desk.emit(TotalsReceived(deed.id, None))
            return
        try:
            answer = self._talk.ask(self._request(tags.TELECOLLECTION), self._config.answer)
        except Exception:
            self._desk.emit(NoAnswer(deed.id))
            raise
        done = answer is not None and (answer.get("CD"), answer.get("AE")) == (
            tags.TELECOLLECTION,
            tags.PERFORMED,
        )
        self._desk.emit(TotalsReceived(deed.id, None) if done else NoAnswer(deed.id))

    # ---- requests

    def _request(self, action: str, **more: str) -> Message:
        base = {"CZ": self._config.version, "CJ": self._config.caller, "CA": self._config.till, "CD": action}
        return Message(base | more)

    def _money(self, deed: Attempted | AskTerminal) -> Message | None:
        """The request of a payment or a reversal; None if this terminal cannot be asked for it."""
        if deed.currency != self._config.currency or not 0 < deed.amount < 10**12:
            return None
        more = {"CE": f"{CURRENCIES[deed.currency]:03}", "BA": "0", "CB": f"{deed.amount:02}"}
        more["CF"] = reference(deed.attempt)
        if self._config.status == "T":
            more["CH"] = more["CF"]
        if self._config.ticket:
            more["CK"] = TICKET_FOR_THE_SHOPPER
        if original := original_of(deed):
            whole = original.amount in (None, deed.amount) and not (isinstance(deed, Reverse) and deed.refund)
            if whole and self._config.reversal == "cancel":
                return self._request(tags.CANCEL, **more)
            if original.reference:
                more["IM"] = original.reference
            return self._request(tags.CREDIT, **more)
        if deed.kind is TenderKind.MEAL_VOUCHER:
            if not self._config.meal_voucher:
                return None
            more["CC"] = self._config.meal_voucher
        return self._request(tags.DEBIT, **more)


def reference(attempt: AttemptId) -> str:
    """An attempt's name in CF: its id, or its short form where that is too long or has other than plain letters."""
    plain = attempt.isascii() and attempt.isprintable() and len(attempt) <= LONGEST_REFERENCE
    return attempt if plain else short(attempt, 12)


def worker(name: str, config: Config, emit: Emit, clock: Clock = CLOCK) -> Worker[Dial]:
    """The terminal in a thread of its own, not yet started."""
    record = Path(config.record) if config.record else None

    def connect() -> Line:
        return open_line(config.port, record=record, redact=redact, clock=clock)

    return Worker(name, lambda: Dial(connect), Terminal(config, name), emit, clock)
