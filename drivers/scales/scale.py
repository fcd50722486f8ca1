"""The driver of every scale that is asked and answers: poll, believe what is said twice, age, settle."""

from collections import deque
from contextlib import suppress
from typing import Protocol

from msgspec import Struct

from drivers.line import Line, LineLost
from drivers.scales.settling import Settling
from drivers.worker import Emit, Orders
from kiosk.checkout.effects import Deed, TestDevice
from kiosk.checkout.events import Event
from kiosk.checkout.passed import DeviceSeen, ScaleRead
from kiosk.checkout.session import Device, Health, LiveWeight, Reading

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

    These lines carry no check bytes, so a weight counts only if one of the two answers before said the same.
    One second without a valid answer makes the reading STALE; three lose the line, which makes it ABSENT.
    """

    def __init__(self, name: str, codec: Codec, rate: float, settling: Settling | None = None) -> None:
        self._name = name
        self._codec = codec
        self._period = 1 / rate
        self._settling = settling
        self._shown = ABSENT
        self._said: deque[LiveWeight] = deque(maxlen=2)
        self._heard, self._answer = b"", Answer(ABSENT)  # the same bytes say the same

    def run(self, line: Line, orders: Orders, emit: Emit) -> None:
        self._said.clear()
        now = orders.clock.now
        good = due = now()
        try:
            while True:
                deed = orders.wait(None, due - now())
                if isinstance(deed, TestDevice) and deed.name == ZERO_SCALES:
                    with suppress(BadFrame):
                        self._exchange(line, orders, self._codec.zero())
                if now() < due:
                    continue
                due = max(due + self._period, now())
                try:
                    answer = self._exchange(line, orders, self._codec.ask())
                    good = now()
                    self._tell(answer, good, emit)
                except BadFrame as bad:
                    if now() - good >= LOST_SECONDS:
                        raise LineLost(f"no valid answer for {LOST_SECONDS:.0f} s: {bad}") from bad
                    if now() - good >= ANSWER_SECONDS:
                        self._show(STALE, now(), emit)
        except LineLost:
            self._show(ABSENT, now(), emit)
            raise

    def refuse(self, deed: Deed) -> tuple[Event, ...]:
        return ()

    def _exchange(self, line: Line, orders: Orders, request: bytes) -> Answer:
        """One question and its answer; BadFrame for silence and garbage. Late answers are thrown away first."""
        line.drain()
        line.write(request)
        received, bad = b"", BadFrame("silence")
        until = orders.clock.now() + ANSWER_SECONDS
        while (left := until - orders.clock.now()) > 0:
            data = line.read(min(left, GAP_SECONDS) if received else left)
            if not data:
                break
            received += data
            if received == self._heard:
                return self._answer
            try:
                self._answer, self._heard = self._codec.read(received), received
                return self._answer
            except BadFrame as error:
                bad = error
        raise bad

    def _tell(self, answer: Answer, now: float, emit: Emit) -> None:
        health = Health.FAULT if answer.trouble else Health.READY
        emit(DeviceSeen(Device(self._name, health, answer.trouble)))
        live = answer.live
        again = live in self._said
        self._said.append(live)
        is_weight = live.reading in (Reading.WEIGHT, Reading.ZERO)
        self._show(live if again or not is_weight else MOVING, now, emit)

    def _show(self, live: LiveWeight, now: float, emit: Emit) -> None:
        if live != self._shown:
            self._shown = live
            emit(ScaleRead(self._name, live))
        settled = self._settling.feed(now, live) if self._settling else None
        if settled:
            emit(settled)
