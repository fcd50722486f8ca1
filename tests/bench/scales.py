"""A weight changes on the plate of a scale that says so at once: when the lane has read it, and when it has settled.

The floor is the poll: a change is on average half a period old before anybody asks, and a new weight is asked about
twice. A Dialog 06 prices, and a HID scale reports every 50 ms, unasked.
"""

import random
import time
from collections.abc import Iterator
from contextlib import ExitStack

import msgspec

from drivers.scales.config import AnyScale
from drivers.scales.models import MODULES, worker
from drivers.simulated.balance import Make
from drivers.simulated.scales import peer
from drivers.simulated.world import World
from kiosk.checkout.events import Event, WeightSettled
from kiosk.checkout.passed import ScaleRead
from kiosk.checkout.session import Reading
from tests.bench import Row
from tests.bench.rig import percentile

GOAL = 0.150  # seconds
REPORTS = 0.05
PATIENCE = 5.0


class Watch:
    """What one lane was told, and when."""

    def __init__(self) -> None:
        self._events: list[tuple[float, Event]] = []
        self.first: list[float] = []
        self.read: list[float] = []
        self.settled: list[float] = []

    def emit(self, event: Event) -> None:
        self._events.append((time.monotonic(), event))

    def note(self, since: float, grams: int) -> None:
        """How long after `since` that weight was read, and settled; whatever else was read first, counts as the first
        word."""
        events = [(at - since, event) for at, event in list(self._events) if at >= since]
        first = [at for at, event in events if isinstance(event, ScaleRead)]
        read = [
            at
            for at, event in events
            if isinstance(event, ScaleRead)
            and (event.live.reading, event.live.grams) == (Reading.WEIGHT, grams)
        ]
        assert read, f"{grams} g were never read: {events}"
        self.first.append(first[0])
        self.read.append(read[0])
        self.settled += [at for at, e in events if isinstance(e, WeightSettled) and e.after == grams][:1]


def rows(quick: bool) -> Iterator[Row]:
    changes, chance = 8 if quick else 60, random.Random(1)
    world, watches = World(), {model: Watch() for model in MODULES}
    periods = {}
    with ExitStack() as stack:
        for model, watch in watches.items():
            scale = stack.enter_context(peer(model, world, "bag", Make(settle=0.0)))
            config = msgspec.convert({"model": model, "port": scale.port}, AnyScale)
            periods[model] = max(REPORTS, 1 / config.rate)
            thread = worker("produce" if model == "dialog06" else "bag", config, watch.emit)
            thread.start()
            stack.callback(thread.stop, PATIENCE)
        time.sleep(2.0)
        for change in range(1, changes + 1):
            grams = 1000 + 50 * change
            since = time.monotonic()
            world.change(bag=grams)
            time.sleep(1.2 + chance.random())
            for watch in watches.values():
                watch.note(since, grams)
    for model, watch in watches.items():
        yield row(model, watch, periods[model])


def row(model: str, watch: Watch, period: float) -> Row:
    def millis(times: list[float], share: int) -> str:
        return f"{1000 * percentile(times, share):.0f}" if times else "-"

    p95 = percentile(watch.read, 95)
    return Row(
        what=f"scale, {model}: change on the plate at the wire -> new weight read, p95",
        goal=f"<= {1000 * GOAL:.0f} ms",
        measured=(
            f"{millis(watch.read, 95)} ms, p50 {millis(watch.read, 50)}; first word p95 {millis(watch.first, 95)};"
            f" settled p95 {millis(watch.settled, 95)}; asked every {1000 * period:.0f} ms"
        ),
        ratio=p95 / period,
        ok=p95 <= GOAL,
    )
