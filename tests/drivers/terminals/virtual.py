"""A terminal's driver and its peer in one thread, where time passes only while somebody waits, and a till that asks on.

What the till does about an answer is what the core does: it acknowledges what it has, asks about what nobody knows,
has it broken off, and believes "not found" only twice, further apart than a request lives.
"""

import socket
from collections import deque
from contextlib import suppress
from typing import Any

from msgspec.structs import replace

from drivers.line import FileLine, Line, LineLost
from drivers.simulated.peer import Faults, Peer
from drivers.simulated.terminal import TerminalPeer
from drivers.simulated.world import Card, Scene, World
from drivers.worker import Driver, Worker
from kiosk.checkout.effects import Abort, Acknowledge, AskTerminal, Authorise, Deed, EndOfDay, Reverse
from kiosk.checkout.events import (
    Event,
    NoAnswer,
    ReadyToSend,
    ResultReceived,
    TerminalAnswered,
    TotalsReceived,
)
from kiosk.checkout.money import Mark, Outcome, PaymentResult
from kiosk.checkout.passed import DeviceSeen
from kiosk.checkout.session import Health
from kiosk.units import AttemptId, Minor
from tests.drivers.rig import FlyClock

AMOUNT = Minor(2040)
ASK_AGAIN = 5.0
LAST = 7200.0
"""No payment takes two hours: whoever waits for that long waits for ever."""


class VirtualPeer(Peer):
    """In place of a peer's socket and thread: a pair of sockets and the driver's own clock."""

    clock: FlyClock

    def __init__(self, number: int = 0) -> None:
        self.faults = Faults()
        self.number, self.port = number, "virtual"
        self._connection: socket.socket | None = None
        self._plugged = True
        self._packets: deque[bytes] = deque()

    def later(self, seconds: float, what: Any) -> None:
        self.clock.at(self.clock.time + seconds, what)

    def open(self) -> Line:
        return FileLine(self.connect().detach(), "virtual", clock=self.clock)

    def connect(self) -> socket.socket:
        """The other end of a new connection."""
        if not self._plugged:
            raise LineLost("unplugged")
        self._hang_up()
        ours, theirs = socket.socketpair()
        theirs.setblocking(False)
        self._connection = theirs
        self.connected()
        return ours

    def pull(self) -> None:
        """The cable is pulled out."""
        self._plugged = False
        self._hang_up()

    def push(self) -> None:
        """The cable is put in again."""
        self._plugged = True

    def pump(self) -> None:
        """Take whatever has come, then let one packet out."""
        if self._connection:
            with suppress(BlockingIOError):
                try:
                    data = self._connection.recv(65536)
                except ConnectionError:
                    data = b""
                if data:
                    self.received(data)
                else:
                    self._hang_up()
        if self._connection and self._packets:
            with suppress(OSError):
                self._connection.sendall(self._packets.popleft())

    def close(self) -> None:
        self._hang_up()

    def _say(self, frame: bytes) -> None:
        if self._connection:
            self._packets.extend(self.faults.applied(frame))

    def _hang_up(self) -> None:
        if self._connection:
            with suppress(OSError):
                for packet in self._packets:
                    self._connection.sendall(packet)
            self._connection.close()
            self._connection = None
        self._packets.clear()


class Till:
    """One driver at one peer. `pay`, `reverse` and `end_of_day` return the final word, after every look-up.

    Where it does not ask on, that is the first word.
    """

    def __init__(self, kind: type[TerminalPeer], driver: Driver[Line], life: float, **how: Any) -> None:
        self.clock = FlyClock()
        made = type(kind.__name__, (kind, VirtualPeer), {"clock": self.clock})
        self.peer: Any = made(World(Scene(card=Card(last4="4111"))), **how)
        self.clock.pump = self.peer.pump
        self.events: list[Event] = []
        self.acknowledges = self.asks_on = True
        self._life, self._driver = life, driver
        self._marks: dict[str, Mark] = {}
        self._wanted: Deed | None = None
        self._missed: float | None = None
        self.final: Any = None
        self.wrap: Any = lambda line: line

    def pay(self, number: int = 1, partial: bool = False) -> PaymentResult:
        return self._do(Authorise(AttemptId(f"a-{number}"), AMOUNT, "EUR", partial=partial))

    def reverse(self, paid: PaymentResult, amount: int = AMOUNT, refund: bool = False) -> PaymentResult:
        return self._do(
            Reverse(AttemptId("a-1-r1"), AttemptId("a-1"), Minor(amount), "EUR", paid, refund=refund)
        )

    def end_of_day(self) -> TotalsReceived:
        return self._do(EndOfDay(AttemptId("d-1")))

    def _do(self, deed: Deed) -> Any:
        """Run the driver's worker until there is a final word on that deed."""
        self._wanted, self._missed, self.final = deed, None, None
        self._worker = Worker(
            "terminal", lambda: self.wrap(self.peer.open()), self._driver, self._emit, self.clock
        )
        self.clock.at(self.clock.time + LAST, self._worker._orders.stop)
        self._started = False
        self._worker.live()
        assert self.final is not None, "no final word in two hours"
        return self.final

    def _emit(self, event: Event) -> None:
        self.events.append(event)
        match event:
            case DeviceSeen() if event.device.health is Health.READY and not self._started:
                self._started = True
                self._worker.order(self._wanted)
            case ReadyToSend():
                self._marks[event.attempt] = event.mark
                self._acknowledge(event.attempt)
            case ResultReceived():
                self._acknowledge(event.attempt)
            case TerminalAnswered(result=result):
                self._answered(event.attempt, result)
            case NoAnswer():
                self._later(self._question())
            case TotalsReceived():
                self._end(event)

    def _acknowledge(self, attempt: AttemptId) -> None:
        if self.acknowledges:
            self._worker.order(Acknowledge(attempt))

    def _answered(self, attempt: AttemptId, result: PaymentResult) -> None:
        if result.outcome is not Outcome.UNKNOWN or not self.asks_on:
            self._end(result)
        elif (
            result.reason == "not_found"
            and self._missed is not None
            and self.clock.time - self._missed > self._life
        ):
            self._end(replace(result, outcome=Outcome.NOT_CHARGED))
        else:
            if result.reason == "not_found" and self._missed is None:
                self._missed = self.clock.time
            if not any(isinstance(event, NoAnswer) for event in self.events):
                self._worker.order(Abort(attempt))
            self._later(self._question())

    def _question(self) -> Deed:
        """What is asked after an answer that settles nothing."""
        match self._wanted:
            case Authorise() as deed:
                return AskTerminal(
                    deed.attempt,
                    deed.amount,
                    deed.currency,
                    self._marks[deed.attempt],
                    deed.kind,
                    deed.partial,
                )
            case Reverse() as deed:
                return AskTerminal(
                    deed.attempt,
                    deed.amount,
                    deed.currency,
                    self._marks[deed.attempt],
                    reverses=deed.original,
                )
            case _:
                assert self._wanted is not None
                return self._wanted

    def _later(self, deed: Deed) -> None:
        worker = self._worker
        self.clock.at(self.clock.time + ASK_AGAIN, lambda: worker.order(deed))

    def _end(self, word: Any) -> None:
        self.final = word
        self._worker._orders.stop()
