"""What every simulated card terminal has: a world, a book of its own, and a script of what goes wrong at which step."""

from collections.abc import Callable
from datetime import datetime, timedelta
from enum import Enum
from functools import partial

from drivers.simulated.peer import Peer
from drivers.simulated.terminal_book import Book, State
from drivers.simulated.world import Card, World

BUSY_AFTER_REBOOT = 2


class Fault(Enum):
    """What happens at one step of a conversation: one whole message that is heard or said."""

    CUT_BEFORE = "the connection ends before it"
    CUT_AFTER = "the connection ends after it"
    LOSE = "nobody gets it, the connection stays"
    LATE = "it comes too late"
    TWICE = "it comes twice"
    REBOOT = "the terminal starts again after it"
    GARBLE = "one bit of it is wrong"
    SPLIT = "every byte of it is its own packet"
    GLUE = "it is held back, and sent together with the next one"


class TerminalPeer(Peer):
    """A terminal without a language. Set its attributes at any time.

    A family overrides `received`, cuts it into messages and passes each to `hear`; what it says goes through `say`.
    It overrides `heed`, and where it frames `wire`, and `hung_up` to end what is going on.

    `script` says what goes wrong at which of the `steps`, which are counted over the life of the peer; `on_step` is
    told of each. `authorises` is an amount instead of the one asked for, `busy_with` an amount of before that the
    next payment is of, once. `busy_answers` so many questions are answered with "busy". `clock_skew` is how far its
    own clock is off, `late_seconds` what LATE means, `log` every message as it was.
    """

    def __init__(self, world: World | None = None, number: int = 0) -> None:
        self.world = world or World()
        self.book = Book()
        self.terminal_id = "29001006"
        self.currency = 978
        self.authorises: int | None = None
        self.busy_with: int | None = None
        self.busy_answers = 0
        self.clock_skew = timedelta()
        self.card_seconds, self.late_seconds = 30.0, 6.0
        self.steps: list[str] = []
        self.on_step: Callable[[str], None] = lambda step: None
        self.script: dict[int, Fault] = {}
        self.log: list[bytes] = []
        self._held = b""
        self._visit = 0
        super().__init__(number)
        self.world.watch(lambda scene: self.later(0.0, partial(self.shown, scene.card)))

    # ---- what a family is

    def heed(self, frame: bytes) -> None:
        """Do what a whole message of the till says. What cannot be read is the family's to refuse."""
        raise NotImplementedError

    def wire(self, frame: bytes) -> bytes:
        """A message as it goes over the line."""
        return frame

    def garbled(self, data: bytes) -> bytes:
        """The bytes of a message, on the line, with one bit wrong."""
        return bytes([data[0] ^ 0x40]) + data[1:]

    def shown(self, card: Card | None) -> None:
        """Something in the world has changed: this card is held out, or none."""

    def hung_up(self) -> None:
        """The till is gone: end what is going on with it."""

    # ---- what a family uses

    def hear(self, name: str, frame: bytes) -> None:
        """One whole message has come; `name` is what `steps` call it."""
        self.log.append(frame)
        self._step(f"hear {name}", frame, self.heed)

    def say(self, name: str, frame: bytes) -> None:
        """Say one whole message, and whatever was held back before it."""
        self.log.append(frame)
        self._step(f"say {name}", self.wire(frame), self._send, said=True)

    def takes(self, asked: int) -> int:
        """The amount that is really taken when that much is asked for, in minor units."""
        amount, self.busy_with = self.busy_with, None
        if amount is None:
            amount = self.authorises
        return asked if amount is None else amount

    def busy(self) -> bool:
        """Whether it is still busy; each time it is asked counts."""
        busy, self.busy_answers = self.busy_answers > 0, max(0, self.busy_answers - 1)
        return busy

    def now(self) -> datetime:
        """The time by the terminal's own clock."""
        return self.book.clock() + self.clock_skew

    def reboot(self) -> None:
        """Start again: the book survives, and its rule says what becomes of what was not acknowledged."""
        self.busy_answers = max(self.busy_answers, BUSY_AFTER_REBOOT)
        self._hang_up()
        for entry in [entry for entry in self.book.entries if entry.state is State.PENDING]:
            self.book.undecided(entry)

    # ---- the script

    def _step(self, name: str, data: bytes, do: Callable[[bytes], None], said: bool = False) -> None:
        fault = self.script.get(len(self.steps))
        self.steps.append(name)
        self.on_step(name)
        visit = self._visit
        match fault:
            case Fault.CUT_BEFORE:
                self._hang_up()
                return
            case Fault.LOSE:
                return
            case Fault.LATE:
                self.later(self.late_seconds, lambda: do(data) if self._visit == visit else None)
                return
            case Fault.GLUE if said:
                self._held += data
                return
            case Fault.SPLIT if said:
                for byte in data:
                    do(bytes([byte]))
                return
            case Fault.GARBLE:
                data = self.garbled(data)
            case Fault.TWICE:
                do(data)
        do(data)
        if fault is Fault.CUT_AFTER:
            self.later(self.faults.delay, self._hang_up)
        if fault is Fault.REBOOT:
            self.later(self.faults.delay, self.reboot)

    def _send(self, data: bytes) -> None:
        data, self._held = self._held + data, b""
        if self.faults.delay:
            self.send(data)
        else:
            self._say(data)

    def _hang_up(self) -> None:
        super()._hang_up()
        self._visit += 1
        self._held = b""
        self.hung_up()
