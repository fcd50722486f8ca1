"""The time of day that the lane goes by: the system's while it can be believed, else its own, counted on.

A board without a battery wakes in 1970, and a clock is set wrong by hand. What the journal holds has happened, so no
time before it is believed, and none a month after what the lane last knew: until somebody says that it is right, the
lane counts on from there by the steady clock. Sales keep their order and time-outs their length, whatever happens.
"""

import time
from collections.abc import Callable

from kiosk.units import Millis

BEHIND = 5 * 60_000
"""Milliseconds that a clock may be set back and still be followed."""
AHEAD = 31 * 86_400_000
"""Milliseconds that it may gain at once, as it does after a weekend without power."""
EARLIEST = 1_767_225_600_000
"""2026-01-01 UTC: this software did not exist before."""
DAY, HOUR, MINUTE = 86_400_000, 3_600_000, 60_000


def system_wall() -> int:
    return time.time_ns() // 1_000_000


def system_steady() -> int:
    return time.monotonic_ns() // 1_000_000


class Clock:
    """`newest` is the latest time that the lane's own books know (0: none, and any later time is believed)."""

    def __init__(
        self,
        newest: int = 0,
        wall: Callable[[], int] = system_wall,
        steady: Callable[[], int] = system_steady,
    ) -> None:
        self._wall, self._steady = wall, steady
        self._at, self._then, self._new = max(newest, EARLIEST), steady(), newest == 0
        self._off = 0

    def now(self) -> Millis:
        """UTC milliseconds: never long before a time that was given already."""
        wall, steady = self._wall(), self._steady()
        own = self._at + steady - self._then
        off = wall - own
        if -BEHIND <= off and (off <= AHEAD or self._new):
            self._at, self._then, self._off, self._new = wall, steady, 0, False
            return Millis(wall)
        self._off = off
        return Millis(own)

    @property
    def believed(self) -> bool:
        """Whether the date may decide about goods."""
        self.now()
        return self._off == 0

    @property
    def detail(self) -> str:
        """How far off the system's clock is, for technicians; empty while it is believed."""
        if self.believed:
            return ""
        far, where = abs(self._off), "ahead" if self._off > 0 else "behind"
        if far >= 2 * DAY:
            return f"{far // DAY} days {where}"
        return f"{far // HOUR} h {far % HOUR // MINUTE} min {where}"

    def trust(self) -> None:
        """Somebody has looked at it: the system's time is right."""
        self._at, self._then, self._off = self._wall(), self._steady(), 0
