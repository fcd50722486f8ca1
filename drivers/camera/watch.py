"""A stream of frames to the codes that count: one stage a frame, and only while something moves."""

import time
from collections.abc import Callable, Sequence

import numpy as np

from drivers.camera.change import Change
from drivers.camera.decode import Stage
from drivers.camera.grey import Grey
from drivers.camera.presence import LOST, Presence
from drivers.camera.reads import Read

ROUNDS = 2  # how often each stage looks at a scene that has come to rest
REST = LOST + 0.2  # seconds that it is looked at, so that what was taken away is lost before the looking ends


SPARED = 3  # seconds of the share that may be saved up


class Purse:
    """Keeps looking to its share of a core: `spent()` are the seconds of processor time used so far."""

    def __init__(self, share: float, spent: Callable[[], float]) -> None:
        self._share, self._spent = share, spent
        self._credit, self._then = SPARED * share, 0.0

    def allows(self, now: float) -> bool:
        income = (now - self._then) * self._share
        self._credit, self._then = min(SPARED * self._share, self._credit + income), now
        return self._credit > 0

    def pay(self, look: Stage, grey: Grey) -> list[Read]:
        before = self._spent()
        reads = look(grey)
        self._credit -= self._spent() - before
        return reads


class Watch:
    """Remembers what is before the camera from one frame to the next, also while nobody listens."""

    def __init__(
        self, stages: Sequence[Stage], share: float = 1.0, spent: Callable[[], float] = time.thread_time
    ) -> None:
        self._stages = stages
        self._purse = Purse(share, spent)
        self._turn = 0
        self._change = Change()
        self._presence = Presence(ROUNDS * len(stages))
        self._looks, self._until = 0, 0.0
        self._last: Grey | None = None

    def look(self, grey: Grey, now: float) -> list[Read]:
        """The codes that count from this frame on, seen at `now` seconds. A frame that comes again is none."""
        if self._change.seen(grey):
            self._looks, self._until = ROUNDS * len(self._stages), now + REST
        resting = self._looks <= 0 and now > self._until
        if resting or (self._last is not None and np.array_equal(grey, self._last)):
            self._presence.still(now)
            return []
        if not self._purse.allows(now):
            return []
        self._last = grey
        self._looks -= 1
        reads = self._purse.pay(self._stages[self._turn], grey)
        counts = self._presence.look(reads, now)
        if not any(read.gtin or self._presence.awaits(read) for read in reads):
            self._turn = (self._turn + 1) % len(self._stages)
        return counts

    def resumed(self, now: float) -> None:
        """Nobody has looked for a while; what is before the camera still is not read again."""
        self._presence.resumed(now)
