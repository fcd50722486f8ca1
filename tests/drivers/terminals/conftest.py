"""A simulated terminal, the driver in its worker, and a till that commits at once or not at all."""

import queue
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import Any, TypeVar

import pytest
from msgspec.structs import replace

from drivers.line import Clock
from drivers.simulated.terminal_zvt import ZvtTerminal
from drivers.simulated.world import Card, Scene, World
from drivers.terminals.zvt import Config
from drivers.terminals.zvt.driver import worker
from kiosk.checkout.effects import Abort, Acknowledge, AskTerminal, Authorise, Deed, Reverse
from kiosk.checkout.events import Event, NoAnswer, ReadyToSend, ResultReceived, TerminalAnswered
from kiosk.checkout.money import Mark, Outcome, PaymentResult
from kiosk.checkout.passed import DeviceSeen
from kiosk.checkout.session import Health
from kiosk.units import AttemptId, Minor

PATIENCE = 20.0
E = TypeVar("E")


class Hurried(Clock):
    """The driver's clock, fifty times as fast as the world's."""

    def now(self) -> float:
        return super().now() * 50

    def wait(self, files: Sequence[int], timeout: float, *, writing: bool = False) -> list[int]:
        return super().wait(files, timeout / 50, writing=writing)


class Rig:
    """Everything that a payment needs. Times are long: they run out only where a test wants it."""

    attempt = AttemptId("a-1")
    reversal = AttemptId("a-1-r1")
    amount = Minor(2040)

    def __init__(self, terminal: ZvtTerminal, **settings: object) -> None:
        self.terminal = terminal
        self.events: list[Event] = []
        self.acknowledges = True
        self.mark: Mark | None = None
        self.well = False
        self._inbox: queue.Queue[Any] = queue.Queue()
        long: dict[str, object] = dict.fromkeys(
            ("t1", "t2", "t3", "t4", "commit", "pace", "poll", "ready"), 50 * PATIENCE
        )
        self.config = Config(port=terminal.port, **(long | settings))  # type: ignore[arg-type]
        self._worker = worker("terminal", self.config, self._inbox.put, Hurried())
        self._worker.start()

    def close(self) -> None:
        assert self._worker.stop(PATIENCE)

    def notice(self, thing: object) -> None:
        """Put something of the test's own among the events, from any thread."""
        self._inbox.put(thing)

    def order(self, deed: Deed) -> None:
        self._worker.order(deed)

    def until(self, kind: type[E], that: Callable[[E], bool] = lambda event: True) -> E:
        """The next event of that kind; those before it are kept, and acknowledged where that is awaited."""
        while True:
            event = self._inbox.get(timeout=PATIENCE)
            self.events.append(event)
            if isinstance(event, ReadyToSend):
                self.mark = event.mark
            if isinstance(event, DeviceSeen):
                self.well = event.device.health is Health.READY
            if isinstance(event, ReadyToSend | ResultReceived) and self.acknowledges:
                self.order(Acknowledge(event.attempt))
            if isinstance(event, kind) and that(event):
                return event

    def until_health(self, health: Health) -> DeviceSeen:
        return self.until(DeviceSeen, lambda seen: seen.device.health is health)

    def authorise(self, amount: Minor = amount) -> None:
        self.order(Authorise(self.attempt, amount, "EUR"))

    def pay(self, amount: Minor = amount) -> PaymentResult:
        self.authorise(amount)
        return self.until(TerminalAnswered).result

    def ask(self, amount: Minor = amount) -> PaymentResult:
        """Ask what became of the payment, as the core does: what is not found is broken off and asked for again."""
        assert self.mark, "nothing was sent"
        first = self.answer_to(AskTerminal(self.attempt, amount, "EUR", self.mark))
        if first.reason != "not_found":
            return first
        self.order(Abort(self.attempt))
        again = self.answer_to(AskTerminal(self.attempt, amount, "EUR", self.mark))
        return replace(again, outcome=Outcome.NOT_CHARGED) if again.reason == "not_found" else again

    def answer_to(self, question: AskTerminal) -> PaymentResult:
        """The answer, asked for once more when the terminal is there again and nobody answered."""
        while True:
            self.order(question)
            answer = self.until(NoAnswer | TerminalAnswered)  # type: ignore[arg-type]
            if isinstance(answer, TerminalAnswered):
                return answer.result
            if not self.well:  # else it was only busy, and is asked again
                self.until_health(Health.READY)

    def reverse(self, paid: PaymentResult, amount: Minor = amount, refund: bool = False) -> PaymentResult:
        """Give back, under an attempt of its own; what is said first."""
        self.order(Reverse(self.reversal, self.attempt, amount, "EUR", paid, refund=refund))
        return self.until(TerminalAnswered).result

    def settle(self) -> PaymentResult:
        """Pay, and ask if it is not known what became of it."""
        first = self.pay()
        return self.ask() if first.outcome == "unknown" else first


@pytest.fixture
def terminal() -> Iterator[ZvtTerminal]:
    peer = ZvtTerminal(World(Scene(card=Card(last4="4111"))))
    yield peer
    peer.close()


@pytest.fixture
def serial_terminal() -> Iterator[ZvtTerminal]:
    peer = ZvtTerminal(World(Scene(card=Card(last4="4111"))), serial=True)
    yield peer
    peer.close()


@pytest.fixture
def rig_of() -> Iterator[Callable[..., Rig]]:
    """Makes the rig of a terminal, with settings of its configuration."""
    rigs: list[Rig] = []

    def make(terminal: ZvtTerminal, **settings: object) -> Rig:
        for before in rigs:  # one line has one till: two would take it from each other for ever
            before.close()
        rigs.append(Rig(terminal, **settings))
        rigs[-1].until_health(Health.READY)
        return rigs[-1]

    yield make
    for made in rigs:
        made.close()


@pytest.fixture
def rig(terminal: ZvtTerminal, rig_of: Callable[..., Rig]) -> Callable[..., Rig]:
    """Makes the rig of the terminal."""
    return partial(rig_of, terminal)
