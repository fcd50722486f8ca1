"""The driver of every scale that is asked and answers: poll, believe what is said twice, age, settle."""

from typing import Protocol

from msgspec import Struct

from drivers.line import Line, LineLost
from drivers.scales.settling import Settling
from drivers.worker import Emit, Orders
from kiosk.checkout.effects import Deed, TestDevice
from kiosk.checkout.events import DeviceSeen, Event, ScaleRead
from kiosk.checkout.model import Device, Health, LiveWeight, Reading

ANSWER_SECONDS = 1.0
LOST_SECONDS = 3.0
GAP_SECONDS = 0.1
ZERO_SCALES = "zero_scales"

MOVING = LiveWeight(Reading.MOVING)
STALE = LiveWeight(Reading.STALE)
ABSENT = LiveWeight(Reading.ABSENT)


class BadFrame(ValueError):  # noqa: N818
    """These bytes are no complete and valid answer. The only error that a scale's codec raises."""


class Answer(Struct, frozen=True):
    """What one complete and valid frame says. `trouble` is for technicians: what the scale needs to weigh."""

    live: LiveWeight
    trouble: str = ""


class Codec(Protocol):
    """What a scale's wire language must tell the driver."""

    def ask(self) -> bytes:
        """The request for a weight."""

    def zero(self) -> bytes:
        """The request to call the present load zero."""

    def read(self, received: bytes) -> Answer:
        """The last complete answer in all that came after a request; BadFrame if there is none (yet)."""


class Scale:
    """Asks `rate` times a second, two wake-ups a poll. `name` is produce or bag; `settling` is the bag's.

    A weight counts once it was said twice running, for these lines carry no check bytes. One second without a
    good answer makes the reading STALE; three lose the line. A line that is lost makes it ABSENT.
    """

    def __init__(self, name: str, codec: Codec, rate: float, settling: Settling | None = None) -> None:
        self._name = name
        self._codec = codec
        self._period = 1 / rate
        self._settling = settling
        self._shown = ABSENT
        self._said = ABSENT

    def run(self, line: Line, orders: Orders, emit: Emit) -> None:
        self._said = ABSENT
        try:
            self._poll(line, orders, emit)
        except LineLost:
            self._show(ABSENT, orders.clock.now(), emit)
            raise

    def refuse(self, deed: Deed) -> tuple[Event, ...]:
        return ()

    def _poll(self, line: Line, orders: Orders, emit: Emit) -> None:
        clock = orders.clock
        good = due = clock.now()
        while True:
            deed = orders.wait(None, due - clock.now())
            if isinstance(deed, TestDevice) and deed.name == ZERO_SCALES:
                self._exchange(line, orders, self._codec.zero())
            if clock.now() < due:
                continue
            due = max(due + self._period, clock.now())
            answer = self._exchange(line, orders, self._codec.ask())
            now = clock.now()
            if answer:
                good = now
                health = Health.FAULT if answer.trouble else Health.READY
                emit(DeviceSeen(Device(self._name, health, answer.trouble)))
                self._show(self._believed(answer.live), now, emit)
            elif now - good >= LOST_SECONDS:
                raise LineLost(f"no valid answer for {LOST_SECONDS:.0f} s")
            elif now - good >= ANSWER_SECONDS:
                self._show(STALE, now, emit)

    def _exchange(self, line: Line, orders: Orders, request: bytes) -> Answer | None:
        """One question and its answer; None for silence and garbage. Late answers are thrown away first."""
        line.drain()
        line.write(request)
        received = b""
        until = orders.clock.now() + ANSWER_SECONDS
        while (left := until - orders.clock.now()) > 0:
            data = line.read(min(left, GAP_SECONDS) if received else left)
            if not data:
                return None
            received += data
            try:
                return self._codec.read(received)
            except BadFrame:
                continue
        return None

    def _believed(self, live: LiveWeight) -> LiveWeight:
        again, self._said = live == self._said, live
        return live if again or live.reading not in (Reading.WEIGHT, Reading.ZERO) else MOVING

    def _show(self, live: LiveWeight, now: float, emit: Emit) -> None:
        if live != self._shown:
            self._shown = live
            emit(ScaleRead(self._name, live))
        settled = self._settling.feed(now, live) if self._settling else None
        if settled:
            emit(settled)
