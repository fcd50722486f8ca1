"""Reminders by key: the same key again replaces the one before, zero takes it back."""

import heapq

from kiosk.checkout.effects import Fade, Remind
from kiosk.checkout.events import Reminded
from kiosk.checkout.passed import Faded


class Timers:
    """Times are milliseconds of a clock that never goes back."""

    def __init__(self) -> None:
        self._due: dict[tuple[type, str], int] = {}
        self._heap: list[tuple[int, str, type]] = []

    def set(self, wish: Remind | Fade, now: int) -> None:
        kind = Reminded if isinstance(wish, Remind) else Faded
        if wish.after <= 0:
            self._due.pop((kind, wish.key), None)
            return
        self._due[kind, wish.key] = now + wish.after
        heapq.heappush(self._heap, (now + wish.after, wish.key, kind))

    def next(self) -> int | None:
        """When the next one is due."""
        while self._heap:
            at, key, kind = self._heap[0]
            if self._due.get((kind, key)) == at:
                return at
            heapq.heappop(self._heap)
        return None

    def take(self, now: int) -> Reminded | Faded | None:
        """One that is due, and gone with that."""
        at = self.next()
        if at is None or at > now:
            return None
        _, key, kind = heapq.heappop(self._heap)
        del self._due[kind, key]
        event: Reminded | Faded = kind(key)
        return event
