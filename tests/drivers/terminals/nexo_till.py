"""A till at a simulated nexo terminal: the driver in its worker, events in a queue, doubts settled as the core does."""

import queue
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

import msgspec

from drivers.line import open_line
from drivers.simulated.terminal_nexo import NexoTerminal
from drivers.simulated.world import Card, Scene, World
from drivers.terminals.apart import worker as apart_worker
from drivers.terminals.nexo import Config
from drivers.terminals.nexo.driver import Terminal, worker
from drivers.worker import Worker
from kiosk.checkout.effects import Abort, Acknowledge, AskTerminal, Authorise, Deed, Reverse
from kiosk.checkout.events import Event, NoAnswer, ReadyToSend, ResultReceived, TerminalAnswered
from kiosk.checkout.money import Mark, Outcome, PaymentResult
from kiosk.checkout.passed import DeviceSeen
from kiosk.checkout.session import Health
from kiosk.units import AttemptId, Minor
from tests.drivers.terminals.conftest import Hurried

PATIENCE = 20.0
LONG = 50 * PATIENCE
E = TypeVar("E")


def config_of(terminal: NexoTerminal, **settings: Any) -> Config:
    """Times are long: they run out only where a test wants it."""
    long = dict.fromkeys(("patience", "answer", "commit", "poll", "life"), LONG)
    address = {"url": "http://127.0.0.1/sync", "poi_id": terminal.poi_id, "sale_id": "LANE-1", "retry": 0.5}
    return Config(**(long | address | settings))


def asked(terminal: NexoTerminal, category: str) -> list[dict[str, Any]]:
    """The requests of that category that the terminal has heard."""
    heard = [msgspec.json.decode(each[9:]) for each in terminal.log if b"SaleToPOIRequest" in each]
    requests = [each["SaleToPOIRequest"] for each in heard if "MessageHeader" in each["SaleToPOIRequest"]]
    return [each for each in requests if each["MessageHeader"]["MessageCategory"] == category]


class Till:
    """Acknowledges at once, unless told not to. `http` has the driver's own worker open the line over HTTPS, `apart`
    is the socket of a terminal's own process."""

    attempt = AttemptId("lane-1-7-1")
    amount = Minor(2040)

    def __init__(
        self, terminal: NexoTerminal, *, http: bool = False, apart: Path | None = None, **settings: Any
    ) -> None:
        self.terminal = terminal
        self.config = config_of(terminal, **settings)
        self.events: list[Event] = []
        self.acknowledges = True
        self.marks: dict[str, Mark] = {}
        self.clock = Hurried()
        self._inbox: queue.Queue[Any] = queue.Queue()
        if apart:
            self._worker = apart_worker("terminal", str(apart), self._inbox.put)
        elif http:
            self._worker = worker("terminal", self.config, self._inbox.put, self.clock)
        else:
            driver = Terminal(self.config)
            self._worker = Worker(
                "terminal", lambda: open_line(terminal.port), driver, self._inbox.put, self.clock
            )
        self._worker.start()

    def close(self) -> None:
        assert self._worker.stop(PATIENCE)

    def notice(self, thing: object) -> None:
        self._inbox.put(thing)

    def order(self, deed: Deed) -> None:
        self._worker.order(deed)

    def until(self, kind: type[E], that: Callable[[E], bool] = lambda event: True) -> E:
        """The next event of that kind; those before it are kept, and acknowledged where that is awaited."""
        while True:
            event = self._inbox.get(timeout=PATIENCE)
            self.events.append(event)
            if isinstance(event, ReadyToSend):
                self.marks[event.attempt] = event.mark
            if isinstance(event, ReadyToSend | ResultReceived) and self.acknowledges:
                self.order(Acknowledge(event.attempt))
            if isinstance(event, kind) and that(event):
                return event

    def until_health(self, health: Health) -> DeviceSeen:
        return self.until(DeviceSeen, lambda seen: seen.device.health is health)

    def authorise(self, **settings: Any) -> None:
        self.order(Authorise(self.attempt, self.amount, "EUR", **settings))

    def answer(self, attempt: AttemptId | None = None) -> PaymentResult:
        """The next answer about that attempt; a late one about another is passed over."""
        id = attempt or self.attempt
        return self.until(TerminalAnswered, lambda event: event.attempt == id).result

    def pay(self, **settings: Any) -> PaymentResult:
        self.authorise(**settings)
        return self.answer()

    def reverse(self, original: PaymentResult, amount: int | None = None, number: int = 1) -> PaymentResult:
        deed = self.reversal(original, amount, number)
        self.order(deed)
        return self.answer(deed.attempt)

    def reversal(self, original: PaymentResult, amount: int | None = None, number: int = 1) -> Reverse:
        id = AttemptId(f"{self.attempt}-r{number}")
        return Reverse(id, self.attempt, Minor(amount or self.amount), "EUR", original)

    def ask(self, attempt: AttemptId | None = None, **settings: Any) -> PaymentResult | None:
        """What the terminal says of that attempt now; None where it could not be asked."""
        id = attempt or self.attempt
        self.order(AskTerminal(id, self.amount, "EUR", self.marks.get(id, Mark()), **settings))
        said = self.until(NoAnswer | TerminalAnswered, lambda event: event.attempt == id)  # type: ignore[arg-type]
        return said.result if isinstance(said, TerminalAnswered) else None

    def settle(
        self, first: PaymentResult, attempt: AttemptId | None = None, **settings: Any
    ) -> PaymentResult:
        """Ask until it is known: "not found" counts after an abort, and the second time only, further apart than the
        longest life of a request."""
        missed, until = None, self.clock.now() + 50 * PATIENCE
        if first.outcome is Outcome.UNKNOWN:
            self.order(Abort(attempt or self.attempt))
        while first.outcome is Outcome.UNKNOWN and self.clock.now() < until:
            first = self.ask(attempt, **settings) or first
            if first.reason == "not_found":
                missed = missed or self.clock.now()
                if self.clock.now() - missed > self.config.life:
                    return PaymentResult(Outcome.NOT_CHARGED, reason="never_began")
        return first


@contextmanager
def till_at(terminal: NexoTerminal, **settings: Any) -> Iterator[Till]:
    till = Till(terminal, **settings)
    try:
        till.until_health(Health.READY)
        yield till
    finally:
        till.close()


def terminal_with(card: Card | None) -> NexoTerminal:
    return NexoTerminal(World(Scene(card=card)))
