"""A terminal in a process of its own: what crosses the unix socket, and the loop's end of it.

`kiosk terminal` is the other end. Only orders for a terminal go in and only its events come out; each connection has
a driver of its own over there, so one that is cut leaves nothing behind that could still begin to send.
"""

from typing import TypeAlias

import msgspec

from drivers.line import CLOCK, Clock, Line, LineLost, open_line
from drivers.terminals.desk import UNKNOWN, Attempted, refused
from drivers.worker import Emit, Orders, Worker
from kiosk.checkout.effects import (
    Abort,
    Acknowledge,
    AskTerminal,
    Authorise,
    Deed,
    EndOfDay,
    Reverse,
    TestDevice,
)
from kiosk.checkout.events import (
    Event,
    NoAnswer,
    ReadyToSend,
    ResultReceived,
    TerminalAnswered,
    TotalsReceived,
)
from kiosk.checkout.passed import DeviceSeen, TerminalSays
from kiosk.frames import FrameError, Frames, framed
from kiosk.units import AttemptId

TerminalDeed: TypeAlias = Authorise | Acknowledge | Abort | AskTerminal | Reverse | EndOfDay | TestDevice
TerminalEvent: TypeAlias = (
    ReadyToSend | ResultReceived | TerminalAnswered | NoAnswer | TotalsReceived | TerminalSays | DeviceSeen
)


def deeds() -> Frames[TerminalDeed]:
    return Frames(msgspec.msgpack.Decoder(TerminalDeed))


def events() -> Frames[TerminalEvent]:
    return Frames(msgspec.msgpack.Decoder(TerminalEvent))


class Apart:
    """Hands orders over and passes events on; when the other process is gone, it answers what is still open."""

    def __init__(self, name: str) -> None:
        self._name = name

    def run(self, line: Line, orders: Orders, emit: Emit) -> None:
        """Work until the line is lost or the worker stopped."""
        unanswered = Unanswered()
        frames = events()
        try:
            while True:
                deed = orders.wait(line)
                if isinstance(deed, TerminalDeed):
                    unanswered.ordered(deed)
                    line.write(framed(deed))
                elif deed is None:
                    for event in frames.feed(line.read(0)):
                        self._pass_on(event, unanswered, emit)
        except FrameError as error:
            raise LineLost(f"what came is none of a terminal's events: {error}") from error
        finally:
            for answer in unanswered.answers():
                emit(answer)

    def refuse(self, deed: Deed) -> tuple[Event, ...]:
        """While the other process is away nothing can have been sent, nor can anything be asked."""
        return refused(deed)

    def _pass_on(self, event: TerminalEvent, unanswered: "Unanswered", emit: Emit) -> None:
        if isinstance(event, DeviceSeen) and event.device.name != self._name:
            raise LineLost(f"it speaks for {event.device.name}")
        unanswered.heard(event)
        emit(event)


class Unanswered:
    """What was handed over and not answered yet. Nothing of an attempt leaves before it was acknowledged."""

    def __init__(self) -> None:
        self._attempts: dict[AttemptId, Attempted] = {}
        self._acknowledged: set[AttemptId] = set()
        self._asked: list[AttemptId] = []

    def ordered(self, deed: TerminalDeed) -> None:
        match deed:
            case Authorise() | Reverse():
                self._attempts[deed.attempt] = deed
            case Acknowledge():
                self._acknowledged.add(deed.attempt)
            case AskTerminal():
                self._asked.append(deed.attempt)
            case EndOfDay():
                self._asked.append(deed.id)

    def heard(self, event: TerminalEvent) -> None:
        match event:
            case TerminalAnswered():
                self._attempts.pop(event.attempt, None)
                self._acknowledged.discard(event.attempt)
                self._done(event.attempt)
            case NoAnswer():
                self._done(event.attempt)
            case TotalsReceived():
                self._done(event.id)

    def answers(self) -> list[Event]:
        """What to say of all that, now that nobody else will."""
        said: list[Event] = [NoAnswer(id) for id in self._asked]
        for id, deed in self._attempts.items():
            said.extend([TerminalAnswered(id, UNKNOWN)] if id in self._acknowledged else refused(deed))
        return said

    def _done(self, id: AttemptId) -> None:
        if id in self._asked:
            self._asked.remove(id)


def worker(name: str, socket: str, emit: Emit, clock: Clock = CLOCK) -> Worker[Line]:
    """The loop's end of that socket in a thread of its own, not yet started."""
    return Worker(name, lambda: open_line(f"unix://{socket}", clock=clock), Apart(name), emit, clock)
