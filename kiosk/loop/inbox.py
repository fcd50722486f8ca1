"""The one door into the deciding thread."""

import queue
import time
from typing import NamedTuple

from msgspec import Struct

from kiosk.checkout.events import Event
from kiosk.wire import LinkEvent


class Woken(Struct, frozen=True):
    """Nothing but a nudge: there is something to be read from the screen."""


Message = Event | LinkEvent | Woken


class Taken(NamedTuple):
    """A message and when it was put in, in monotonic nanoseconds."""

    message: Message
    at: int


class Inbox:
    """Frozen messages from any thread, taken out by one."""

    def __init__(self) -> None:
        self._queue: queue.SimpleQueue[Taken] = queue.SimpleQueue()

    def put(self, message: Message) -> None:
        self._queue.put(Taken(message, time.monotonic_ns()))

    @property
    def empty(self) -> bool:
        return self._queue.empty()

    def take(self, timeout: float) -> Taken | None:
        """The oldest message; None after `timeout` seconds without one."""
        try:
            return self._queue.get(timeout=timeout) if timeout > 0 else self._queue.get_nowait()
        except queue.Empty:
            return None
