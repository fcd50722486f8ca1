"""The book of a simulated card terminal: what really happened to the money, whoever knows of it."""

from collections.abc import Callable, Sequence
from datetime import datetime
from enum import Enum, StrEnum

from drivers.simulated.world import Card

TIMED_OUT = 0x6C
LAST_RECEIPT, LAST_TRACE = 9999, 999999


class State(StrEnum):
    """How an entry stands. PENDING: the bank has paid, the till has not yet taken the result."""

    PENDING = "pending"
    STORED = "stored"
    REVERSED = "reversed"
    FAILED = "failed"


class Rule(Enum):
    """What becomes of a payment that is never acknowledged, and what a repeat of the receipt then shows.

    The manual of ZVT has both: 2.2.8 reverses, chapter 4 keeps. After a reversal the last receipt may be
    the one before, the reversal with a number of its own, or the payment with a result code.
    """

    KEEPS = "keeps"
    REVERSES = "reverses, shows what was before"
    REVERSES_AND_SHOWS_IT = "reverses, shows the reversal"
    REVERSES_AND_SHOWS_FAILED = "reverses, shows the payment as failed"


class Entry:
    """One line of the book. `reverses` is the trace number of what it takes back; a `refund` pays out."""

    def __init__(
        self, receipt: int, trace: int, amount: int, currency: int, card: Card, state: State, when: datetime
    ) -> None:
        self.receipt, self.trace = receipt, trace
        self.amount, self.currency, self.card = amount, currency, card
        self.state = state
        self.when = when
        self.result = 0
        self.reverses: int | None = None
        self.refund = False


class Book:
    """Entries with their receipt and trace numbers, which start again at 1 after all nines.

    `clock` gives the date and time that is written beside an entry, and decides nothing.
    """

    def __init__(
        self, receipt: int = 470, trace: int = 733, clock: Callable[[], datetime] = datetime.now
    ) -> None:
        self.rule = Rule.KEEPS
        self.clock = clock
        self.receipt, self.trace = receipt, trace
        self.before: Entry | None = Entry(receipt, trace, 100, 978, Card(), State.STORED, clock())
        self.entries: list[Entry] = []
        self._closed = 0

    @property
    def charged(self) -> int:
        """Minor units that shoppers have really paid, and not got back."""
        return net(self.entries)

    @property
    def last(self) -> Entry | None:
        """The entry that a repeat of the last receipt shows."""
        shown = [e for e in self.entries if e.state in (State.STORED, State.FAILED)]
        return shown[-1] if shown else self.before

    def open(self, amount: int, currency: int, card: Card) -> Entry:
        """The bank has said yes."""
        self.receipt = self.receipt % LAST_RECEIPT + 1
        self.trace = self.trace % LAST_TRACE + 1
        entry = Entry(self.receipt, self.trace, amount, currency, card, State.PENDING, self.clock())
        self.entries.append(entry)
        return entry

    def reverse(self, entry: Entry) -> Entry:
        """Give back what an entry took; the reversal is an entry of its own."""
        entry.state = State.REVERSED
        reversal = self.open(entry.amount, entry.currency, entry.card)
        reversal.state, reversal.reverses = State.STORED, entry.trace
        return reversal

    def begin_reversal(self, entry: Entry) -> Entry:
        """The bank will give back what an entry took, once the till has taken that."""
        reversal = self.open(entry.amount, entry.currency, entry.card)
        reversal.reverses = entry.trace
        return reversal

    def pay_out(self, amount: int, currency: int, card: Card) -> Entry:
        """The bank will pay that much to a card, once the till has taken that."""
        entry = self.open(amount, currency, card)
        entry.refund = True
        return entry

    def store(self, entry: Entry) -> None:
        """The till has taken the result."""
        entry.state = State.STORED
        if (taken_back := self._taken_back(entry)) is not None:
            taken_back.state = State.REVERSED

    def undecided(self, entry: Entry) -> None:
        """The till never said that it took the result."""
        match self.rule:
            case Rule.KEEPS:
                self.store(entry)
            case Rule.REVERSES_AND_SHOWS_IT:
                self.reverse(entry)
            case Rule.REVERSES_AND_SHOWS_FAILED:
                entry.state, entry.result = State.FAILED, TIMED_OUT
            case Rule.REVERSES:
                entry.state = State.REVERSED
                self.receipt = entry.receipt - 1 or LAST_RECEIPT

    def find(self, receipt: int) -> Entry | None:
        """The payment of this day with that receipt number."""
        found = [e for e in self.today if e.receipt == receipt and e.reverses is None and not e.refund]
        return found[-1] if found else None

    @property
    def today(self) -> list[Entry]:
        """What has been written since the day before was closed."""
        return self.entries[self._closed :]

    def close_day(self) -> None:
        self._closed = len(self.entries)

    def _taken_back(self, entry: Entry) -> Entry | None:
        found = [e for e in self.entries if e.trace == entry.reverses]
        return found[-1] if found else None


def net(entries: Sequence[Entry]) -> int:
    """What entries come to: payments less what was paid out; what was reversed counts nothing."""
    counted = [e for e in entries if e.state is State.STORED and e.reverses is None]
    return sum(-e.amount if e.refund else e.amount for e in counted)
