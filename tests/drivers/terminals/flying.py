"""A French terminal, its driver and a till in one thread, where time passes only while somebody waits.

What the till does about an answer is what the core does: it acknowledges, asks about what nobody knows, and believes
"not found" only twice, further apart than a request lives. What stays UNKNOWN is left to a colleague.
"""

from types import ModuleType
from typing import Any

from msgspec.structs import replace

from drivers.simulated.terminal import TerminalPeer
from drivers.simulated.world import Card, Scene, World
from drivers.terminals.caisse import driver as caisse
from drivers.worker import Worker
from kiosk.checkout.effects import Abort, Acknowledge, AskTerminal, Authorise, Deed, Reverse
from kiosk.checkout.events import Event, NoAnswer, ReadyToSend, ResultReceived, TerminalAnswered
from kiosk.checkout.money import Mark, Outcome, PaymentResult
from kiosk.checkout.passed import DeviceSeen
from kiosk.checkout.session import Health
from kiosk.units import AttemptId
from tests.drivers.rig import FlyClock
from tests.drivers.terminals.virtual import AMOUNT, ASK_AGAIN, VirtualPeer
from tests.drivers.terminals.virtual import LAST as TOO_LONG

ASKS = 60


class FlyingTill:
    """One driver at one peer. `charged` is what the book had when the last attempt began, `asked` its look-ups."""

    def __init__(self, family: ModuleType, kind: type[TerminalPeer], **settings: Any) -> None:
        self.clock = FlyClock()
        made = type(kind.__name__, (kind, VirtualPeer), {"clock": self.clock})
        self.peer: Any = made(World(Scene(card=Card(last4="4111"))))
        self.clock.pump = self.peer.pump
        self.config = family.Config(port="flying", **settings)
        self.events: list[Event] = []
        self._driver = family.Terminal(self.config)
        self._calls = family is caisse

    def __enter__(self) -> "FlyingTill":
        return self

    def __exit__(self, *_: object) -> None:
        self.peer.close()

    def pay(self, number: int = 1) -> PaymentResult:
        return self._do(Authorise(AttemptId(f"0a1b2c3d4e5f-7-{number}"), AMOUNT, "EUR"))

    def give_back(self, paid: PaymentResult, number: int = 1) -> PaymentResult:
        of = AttemptId(f"0a1b2c3d4e5f-7-{number}")
        return self._do(Reverse(AttemptId(f"{of}-r1"), of, AMOUNT, "EUR", paid))

    def check(self, word: PaymentResult) -> None:
        """The last word on an attempt is what the book says that it did."""
        sign = -1 if isinstance(self._deed, Reverse) else 1
        moved = {Outcome.APPROVED: {sign * AMOUNT}, Outcome.NOT_CHARGED: {0}}
        known = moved.get(word.outcome, {0, sign * AMOUNT})
        assert self.peer.book.charged - self.charged in known, (word, self.peer.steps)

    def _do(self, deed: Authorise | Reverse) -> PaymentResult:
        """Run the driver's worker until there is a last word on that deed, or nothing more can be learned."""
        self._deed, self._word, self._missed, self._mark = deed, None, None, Mark()
        self.asked, self._began = 0, False
        self.charged = self.peer.book.charged
        peer = self.peer
        opened = (lambda: caisse.Dial(peer.open)) if self._calls else peer.open
        self._worker: Worker[Any] = Worker("terminal", opened, self._driver, self._emit, self.clock)
        self.clock.at(self.clock.time + TOO_LONG, self._worker._orders.stop)
        self._worker.live()
        assert self._word is not None, "no word in two hours"
        return self._word

    def _emit(self, event: Event) -> None:
        self.events.append(event)
        match event:
            case DeviceSeen() if event.device.health is Health.READY and not self._began:
                self._began = True
                self._worker.order(self._deed)
            case ReadyToSend():
                self._mark, self.charged = event.mark, self.peer.book.charged
                self._worker.order(Acknowledge(event.attempt))
            case ResultReceived():
                self._worker.order(Acknowledge(event.attempt))
            case TerminalAnswered(result=result):
                self._answered(result)
            case NoAnswer():
                self._ask_later(PaymentResult(Outcome.UNKNOWN))

    def _answered(self, result: PaymentResult) -> None:
        missed = result.reason == "not_found"
        if missed and self._missed is not None and self.clock.time - self._missed > self.config.life:
            result = replace(result, outcome=Outcome.NOT_CHARGED)
        if missed and self._missed is None:
            self._missed = self.clock.time
        if result.outcome is not Outcome.UNKNOWN:
            self._end(result)
            return
        if self.asked == 0:
            self._worker.order(Abort(self._deed.attempt))
        self._ask_later(result)

    def _ask_later(self, result: PaymentResult) -> None:
        self.asked += 1
        if self.asked > ASKS:
            self._end(result)
            return
        deed, worker = self._deed, self._worker
        reverses = deed.original if isinstance(deed, Reverse) else None
        question: Deed = AskTerminal(deed.attempt, deed.amount, "EUR", self._mark, reverses=reverses)
        self.clock.at(self.clock.time + ASK_AGAIN, lambda: worker.order(question))

    def _end(self, word: PaymentResult) -> None:
        self._word = word
        self._worker._orders.stop()
