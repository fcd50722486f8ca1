"""The one door into the deciding thread."""

import math
import os
import queue
import select
import time
import weakref
from collections.abc import Iterable
from contextlib import suppress
from typing import NamedTuple

from msgspec import Struct

from kiosk.checkout.events import Event
from kiosk.wire import LinkEvent

REST = 2  # ms in which a descriptor that has just woken the loop is left alone, so that it is read meanwhile


class Woken(Struct, frozen=True):
    """Nothing but a nudge: there is something to be read from the screen."""


Message = Event | LinkEvent | Woken


class Taken(NamedTuple):
    """A message and when it was put in, in monotonic nanoseconds."""

    message: Message
    at: int


class Inbox:
    """Frozen messages from any thread, taken out by one, which sleeps until one comes or a finger does."""

    def __init__(self) -> None:
        self._queue: queue.SimpleQueue[Taken] = queue.SimpleQueue()
        self._bell = os.eventfd(0, os.EFD_CLOEXEC | os.EFD_NONBLOCK)
        weakref.finalize(self, os.close, self._bell)
        self._messages, self._both = select.poll(), select.poll()
        for poll in (self._messages, self._both):
            poll.register(self._bell, select.POLLIN)
        self._woken = 0

    def watch(self, screen: Iterable[int]) -> None:
        """Be woken, too, when one of these descriptors can be read; whoever is woken has it read."""
        for fd in screen:
            self._both.register(fd, select.POLLIN)

    def put(self, message: Message) -> None:
        self._queue.put(Taken(message, time.monotonic_ns()))
        os.eventfd_write(self._bell, 1)

    @property
    def empty(self) -> bool:
        return self._queue.empty()

    def take(self, timeout: float) -> Taken | None:
        """The oldest message, or a nudge; None after `timeout` seconds without either."""
        with suppress(queue.Empty):
            return self._queue.get_nowait()
        poll, most = self._both, math.ceil(max(0, timeout) * 1000)
        if time.monotonic_ns() < self._woken + REST * 1_000_000:
            poll, most = self._messages, min(most, REST)
        ready = {fd for fd, _ in poll.poll(most)}
        if self._bell in ready:
            ready.discard(self._bell)
            with suppress(BlockingIOError):
                os.eventfd_read(self._bell)
            with suppress(queue.Empty):
                return self._queue.get_nowait()
        if not ready:
            return None
        self._woken = time.monotonic_ns()
        return Taken(Woken(), self._woken)
