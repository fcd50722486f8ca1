"""What a terminal driver is told and what it answers: orders that wait their turn, and the contract of one attempt."""

import base64
from collections import deque
from hashlib import blake2b

from drivers.line import Line
from drivers.worker import Emit, Orders
from kiosk.checkout.effects import Abort, Acknowledge, AskTerminal, Authorise, Deed, EndOfDay, Reverse
from kiosk.checkout.events import Event, NoAnswer, ReadyToSend, ResultReceived, TerminalAnswered
from kiosk.checkout.money import Mark, Outcome, PaymentResult
from kiosk.units import AttemptId

Attempted = Authorise | Reverse

AWAY = PaymentResult(Outcome.NOT_CHARGED, reason="terminal_away")
CANNOT = PaymentResult(Outcome.NOT_CHARGED, reason="not_supported")
UNKNOWN = PaymentResult(Outcome.UNKNOWN)


def refused(deed: Deed) -> tuple[Event, ...]:
    """The answer to an order of which nothing was sent: no money can have moved, and nothing was asked."""
    match deed:
        case Authorise() | Reverse():
            return (TerminalAnswered(deed.attempt, AWAY),)
        case AskTerminal():
            return (NoAnswer(deed.attempt),)
        case EndOfDay():
            return (NoAnswer(deed.id),)
        case _:
            return ()


def original_of(deed: Attempted | AskTerminal) -> PaymentResult | None:
    """What a reversal gives back, None for a payment."""
    match deed:
        case Reverse():
            return deed.original
        case AskTerminal():
            return deed.reverses
        case _:
            return None


def short(attempt: AttemptId, size: int) -> str:
    """A name of that many characters (12 at most) for an attempt, the same whenever it is made.

    The letters A-Z and 2-7 of the id's BLAKE2b hash, five bits each: two of a million attempts share one of ten
    characters with a probability of 1 in 2,000, and only two that follow each other could be taken for one another.
    """
    return base64.b32encode(blake2b(attempt.encode(), digest_size=10).digest())[:size].decode("ascii")


class Desk:
    """The driver's side of the contract. Orders that come amid something else wait in `later`."""

    def __init__(self, orders: Orders, emit: Emit, commit: float) -> None:
        self.later: deque[Deed] = deque()
        self._orders, self.emit, self._commit = orders, emit, commit

    @property
    def now(self) -> float:
        return self._orders.clock.now()

    def next_order(self, timeout: float, line: Line | None = None) -> Deed | None:
        """What to do next; None after so many seconds, or as soon as there is something to read."""
        return self.later.popleft() if self.later else self._orders.wait(line, timeout)

    def watch(self, line: Line, timeout: float) -> None:
        """Wait until there is something to read, an order came (it is kept), or so many seconds have passed."""
        if (deed := self._orders.wait(line, timeout)) is not None:
            self.later.append(deed)

    def wait_for(self, timeout: float, *wanted: Deed) -> Deed | None:
        """The first of those orders to come within so many seconds; the others are kept."""
        until = self.now + timeout
        while True:
            for deed in self.later:
                if deed in wanted:
                    self.later.remove(deed)
                    return deed
            if (left := until - self.now) <= 0:
                return None
            if (new := self._orders.wait(None, left)) is not None:
                self.later.append(new)

    def aborted(self, attempt: AttemptId) -> bool:
        """Whether the wish to break that attempt off has come."""
        self._look()
        return Abort(attempt) in self.later

    def begin(self, deed: Attempted, mark: Mark) -> bool:
        """Say that the terminal is ready; whether the first byte may leave. If not, that has been answered."""
        self._forget(Acknowledge(deed.attempt))
        self.emit(ReadyToSend(deed.attempt, mark))
        go, stop = Acknowledge(deed.attempt), Abort(deed.attempt)
        word = self.wait_for(self._commit, go, stop)
        if word == go and stop not in self.later:
            return True
        reason = "cancelled" if word else ""
        self.answer(deed, PaymentResult(Outcome.NOT_CHARGED, reason=reason))
        return False

    def durable(self, deed: Attempted, result: PaymentResult) -> bool:
        """Hand over a result; whether it is on disk, which is waited for."""
        self._forget(Acknowledge(deed.attempt))
        self.emit(ResultReceived(deed.attempt, result))
        return self.wait_for(self._commit, Acknowledge(deed.attempt)) is not None

    def answer(self, deed: Attempted | AskTerminal, result: PaymentResult) -> None:
        """The end of an attempt, or of a look-up."""
        self.later = deque(other for other in self.later if other != Abort(deed.attempt))
        self.emit(TerminalAnswered(deed.attempt, result))

    def close(self) -> None:
        """Refuse whatever was not begun."""
        while self.later:
            for event in refused(self.later.popleft()):
                self.emit(event)

    def _forget(self, deed: Deed) -> None:
        """Drop an order that came already: it cannot be the answer to what is asked next."""
        self._look()
        self.later = deque(other for other in self.later if other != deed)

    def _look(self) -> None:
        """Take in what has come by now."""
        while (early := self._orders.wait(None, 0.0)) is not None:
            self.later.append(early)
