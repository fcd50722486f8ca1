"""A till at a French terminal: the driver in its worker, on the wire, with a core that commits at once or not."""

import queue
from collections.abc import Callable, Sequence
from types import ModuleType
from typing import Any, TypeVar

from drivers.line import Clock
from drivers.simulated.terminal import TerminalPeer
from kiosk.checkout.effects import Acknowledge, AskTerminal, Authorise, Deed, Reverse
from kiosk.checkout.events import Event, NoAnswer, ReadyToSend, ResultReceived, TerminalAnswered
from kiosk.checkout.money import Mark, Outcome, PaymentResult, TenderKind
from kiosk.checkout.passed import DeviceSeen
from kiosk.checkout.session import Health
from kiosk.units import AttemptId, Minor

PATIENCE = 20.0
FASTER = 50
E = TypeVar("E")


class Hurried(Clock):
    """The driver's clock, fifty times as fast as the world's."""

    def now(self) -> float:
        return super().now() * FASTER

    def wait(self, files: Sequence[int], timeout: float, *, writing: bool = False) -> list[int]:
        return super().wait(files, timeout / FASTER, writing=writing)


class Till:
    """Times are long: they run out only where a test wants it."""

    attempt = AttemptId("0a1b2c3d4e5f-7-1")
    amount = Minor(2040)

    def __init__(self, family: ModuleType, terminal: TerminalPeer, **settings: object) -> None:
        self.terminal = terminal
        self.events: list[Any] = []
        self.acknowledges = True
        self.mark = Mark()
        self.inbox: queue.Queue[Any] = queue.Queue()
        config = family.Config(port=terminal.port, **settings)
        self._worker = family.worker("terminal", config, self.inbox.put, Hurried())
        self._worker.start()

    def close(self) -> None:
        assert self._worker.stop(PATIENCE)

    def order(self, deed: Deed) -> None:
        self._worker.order(deed)

    def until(self, kind: type[E] | Any, that: Callable[[E], bool] = lambda event: True) -> E:
        """The next event of that kind; those before it are kept, and acknowledged where that is awaited."""
        while True:
            event: Event = self.inbox.get(timeout=PATIENCE)
            self.events.append(event)
            if isinstance(event, ReadyToSend):
                self.mark = event.mark
            if isinstance(event, ReadyToSend | ResultReceived) and self.acknowledges:
                self.order(Acknowledge(event.attempt))
            if isinstance(event, kind) and that(event):  # type: ignore[arg-type]
                return event  # type: ignore[return-value]

    def until_health(self, health: Health) -> DeviceSeen:
        return self.until(DeviceSeen, lambda seen: seen.device.health is health)

    def answered(self) -> PaymentResult:
        return self.until(TerminalAnswered).result

    def pay(self, amount: int = amount, **more: Any) -> PaymentResult:
        self.order(Authorise(self.attempt, Minor(amount), "EUR", **more))
        return self.answered()

    def voucher(self, amount: int = amount) -> PaymentResult:
        return self.pay(amount, kind=TenderKind.MEAL_VOUCHER, partial=True)

    def ask(self, attempt: AttemptId = attempt, amount: int = amount, **more: Any) -> PaymentResult:
        """Ask what became of an attempt, once more when the terminal is there again and nobody answered."""
        while True:
            self.order(AskTerminal(attempt, Minor(amount), "EUR", self.mark, **more))
            answer = self.until(NoAnswer | TerminalAnswered)
            if isinstance(answer, TerminalAnswered):
                return answer.result
            self.until_health(Health.READY)

    def settle(self) -> PaymentResult:
        """Pay, and ask if it is not known what became of it."""
        first = self.pay()
        return self.ask() if first.outcome is Outcome.UNKNOWN else first

    def give_back(self, paid: PaymentResult, amount: int = amount, **more: Any) -> PaymentResult:
        attempt = AttemptId(f"{self.attempt}-r1")
        self.order(Reverse(attempt, self.attempt, Minor(amount), "EUR", paid, **more))
        return self.answered()

    def check(self, result: PaymentResult, paid: int = 0) -> None:
        """What is known is what the terminal's book says, after `paid` minor units before."""
        if result.outcome is not Outcome.UNKNOWN:
            approved = self.amount if result.outcome is Outcome.APPROVED else 0
            assert self.terminal.book.charged == paid + approved, self.terminal.steps
