"""The driver of every scale, whatever it speaks: ask, believe what is said twice, age, settle."""

from collections import deque
from collections.abc import Callable
from contextlib import suppress
from typing import Protocol, TypeVar

from msgspec import Struct

from drivers.line import Clock, Line, LineLost
from drivers.scales.frames import BadFrame, Frame, Silence, Status, Weight
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

ASIDE = {"net", "metric", "high_range"}  # flags that are no reason for anything
PASSES = {"ok", "no_motion_since_last"}  # reasons that pass by themselves

T = TypeVar("T")


class Answer(Struct, frozen=True):
    """What one complete and valid frame says. `trouble` is for technicians: what the scale needs to weigh."""

    live: LiveWeight
    trouble: str = ""


def answer(frame: Frame) -> Answer:
    """What a weight or a status means for the lane. Raises BadFrame for every other frame."""
    if isinstance(frame, Weight):
        return weighed(frame)
    if isinstance(frame, Status):
        return why_not(frame.flags)
    raise BadFrame(f"neither weight nor status: {frame}")


def weighed(frame: Weight) -> Answer:
    grams = frame.grams
    if grams < 0:
        return Answer(LiveWeight(Reading.BELOW_ZERO))
    if not frame.stable:
        return Answer(MOVING)
    trouble = f"its price {frame.price} is not weight x {frame.unit_price}" if frame.price_mismatch else ""
    return Answer(LiveWeight(Reading.WEIGHT if grams else Reading.ZERO, grams), trouble)


def why_not(flags: frozenset[str]) -> Answer:
    """The reading for a status without a weight; a reason that does not pass by itself is trouble."""
    for reading, reasons in (
        (Reading.OVERLOADED, {"over_capacity"}),
        (Reading.MOVING, {"motion", "not_finished"}),
        (Reading.BELOW_ZERO, {"under_zero", "under_capacity"}),
    ):
        if not flags.isdisjoint(reasons):
            return Answer(LiveWeight(reading))
    if flags - ASIDE == {"center_of_zero"}:
        return Answer(LiveWeight(Reading.ZERO))
    if flags and flags <= PASSES:
        return Answer(STALE)
    return Answer(STALE, f"no weight: {' '.join(sorted(flags)) or 'no reason given'}")


class Talk:
    """One conversation with the scale on an open line."""

    def __init__(self, line: Line, clock: Clock) -> None:
        self._line = line
        self.now = clock.now

    def ask(self, request: bytes, read: Callable[[bytes], T]) -> T:
        """A question and its answer; what came late for an earlier one is thrown away first."""
        self.drain()
        self.tell(request)
        return self.hear(read)

    def tell(self, request: bytes) -> None:
        self._line.write(request)

    def drain(self) -> None:
        self._line.drain()

    def hear(
        self, read: Callable[[bytes], T], seconds: float = ANSWER_SECONDS, gap: float = GAP_SECONDS
    ) -> T:
        """What `read` makes of all that comes until it is quiet for a `gap`. Raises Silence, or the BadFrame of it.

        An answer that was late comes before the one to this question: all that is there is taken before it is read.
        """
        received, bad = b"", BadFrame("")
        until = self.now() + seconds
        while (left := until - self.now()) > 0:
            data = self._line.read(min(left, gap) if received else left)
            if not data:
                break
            while data and self.now() < until:
                received += data
                data = self._more()
            try:
                return read(received + data)
            except BadFrame as error:
                bad = error
        raise bad if received else Silence("silence")

    def _more(self) -> bytes:
        """What else is there; a line that is lost now is lost for the next question, this answer had come."""
        try:
            return self._line.read(0)
        except LineLost:
            return b""


class Codec(Protocol):
    """How to converse in a scale's wire language. Made anew for each line that is opened."""

    def weigh(self, talk: Talk) -> Answer:
        """What the scale says now. Raises BadFrame."""

    def zero(self, talk: Talk) -> None:
        """Call the present load zero, where the language can; BadFrame if the scale does not answer."""


class Scale:
    """Asks `rate` times a second, two wake-ups a poll. `name` is produce or bag; `settling` is the bag's.

    A flipped bit makes another weight, so a weight counts only if one of the two answers before said the same; a
    new one is asked about again at once. One second without a valid answer makes the reading STALE; three lose the
    line, which makes it ABSENT.
    """

    def __init__(
        self, name: str, codec: Callable[[], Codec], rate: float, settling: Settling | None = None
    ) -> None:
        self._name = name
        self._codec = codec
        self._period = 1 / rate
        self._settling = settling
        self._shown = ABSENT
        self._said: deque[Answer] = deque(maxlen=2)

    def run(self, line: Line, orders: Orders, emit: Emit) -> None:
        self._said.clear()
        talk, codec = Talk(line, orders.clock), self._codec()
        now = orders.clock.now
        good = due = now()
        again = False
        try:
            while True:
                deed = orders.wait(None, due - now())
                if isinstance(deed, TestDevice) and deed.name == ZERO_SCALES:
                    with suppress(BadFrame):
                        codec.zero(talk)
                if now() < due:
                    continue
                due = max(due + self._period, now())
                try:
                    counts = self._tell(codec.weigh(talk), now(), emit)
                    good = now()
                    again = not counts and not again
                    due = good if again else due
                except BadFrame as bad:
                    self._miss(bad, now(), now() - good, emit)
        except LineLost:
            self._show(ABSENT, now(), emit)
            raise

    def refuse(self, deed: Deed) -> tuple[Event, ...]:
        return ()

    def _miss(self, bad: BadFrame, now: float, since: float, emit: Emit) -> None:
        """No valid answer for `since` seconds."""
        if since >= LOST_SECONDS:
            raise LineLost(f"no valid answer for {LOST_SECONDS:.0f} s: {bad}") from bad
        if since >= ANSWER_SECONDS:
            self._show(STALE, now, emit)

    def _tell(self, said: Answer, now: float, emit: Emit) -> bool:
        """Show what the scale says; whether all of it counts already. Trouble must be said twice, too."""
        again = said in self._said
        self._said.append(said)
        if again or not said.trouble:
            health = Health.FAULT if said.trouble else Health.READY
            emit(DeviceSeen(Device(self._name, health, said.trouble)))
        is_weight = said.live.reading in (Reading.WEIGHT, Reading.ZERO)
        self._show(MOVING if is_weight and not again else said.live, now, emit)
        return again or not (is_weight or said.trouble)

    def _show(self, live: LiveWeight, now: float, emit: Emit) -> None:
        if live != self._shown:
            self._shown = live
            emit(ScaleRead(self._name, live))
        settled = self._settling.feed(now, live) if self._settling else None
        if settled:
            emit(settled)
