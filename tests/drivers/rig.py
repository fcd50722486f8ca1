"""A driver on a real line in one thread, with a clock that flies and a device that answers when looked at."""

import heapq
import itertools
import socket
from collections.abc import Callable, Sequence
from contextlib import suppress

from drivers.line import Clock, FileLine, LineLost
from drivers.worker import Driver, Orders, Stopped
from kiosk.checkout.events import Event


class FlyClock(Clock):
    """Time passes only where a driver waits, and then at once. `at` puts something on the agenda."""

    def __init__(self) -> None:
        self.time = 0.0
        self.waits = 0
        self.pump: Callable[[], None] = lambda: None
        self._agenda: list[tuple[float, int, Callable[[], None]]] = []
        self._order = itertools.count()

    def now(self) -> float:
        return self.time

    def at(self, time: float, what: Callable[[], None]) -> None:
        heapq.heappush(self._agenda, (time, next(self._order), what))

    def wait(self, files: Sequence[int], timeout: float, *, writing: bool = False) -> list[int]:
        self.waits += timeout > 0
        until = self.time + timeout
        while True:
            self.pump()
            ready = super().wait(files, 0, writing=writing)
            if ready:
                return ready
            if not self._agenda or self._agenda[0][0] > until:
                self.time = until
                return []
            time, _, what = heapq.heappop(self._agenda)
            self.time = max(self.time, time)
            what()


class Rig:
    """`device(data) -> answers` is asked whenever the driver waits; answers pass `through` and come `late`
    seconds after. `say` speaks unasked."""

    def __init__(self, device: Callable[[bytes], list[bytes]] = lambda data: []) -> None:
        self.clock = FlyClock()
        self.clock.pump = self._pump
        self.orders = Orders(self.clock)
        self.events: list[tuple[float, Event]] = []
        self.heard = b""
        self.late = 0.0
        self.through: Callable[[bytes], list[bytes]] = lambda answer: [answer]
        self._device = device
        self._outgoing = b""
        ours, self._theirs = socket.socketpair()
        self._theirs.setblocking(False)
        self.line = FileLine(ours.detach(), "rig", clock=self.clock)

    def say(self, data: bytes) -> None:
        self._outgoing += data

    def unplug(self) -> None:
        self._pump()
        self._theirs.close()

    def run(self, driver: Driver, seconds: float) -> LineLost | None:
        """Let the driver live for so long; the answer is how it lost its line, if it did."""
        self.clock.at(self.clock.time + seconds, self.orders.stop)
        try:
            driver.run(self.line, self.orders, self.emit)
        except LineLost as lost:
            return lost
        except Stopped:
            return None
        finally:
            self.line.close()
            self._theirs.close()
        raise AssertionError("a driver came back by itself")

    def emit(self, event: Event) -> None:
        self.events.append((self.clock.time, event))

    def said(self, *kinds: type) -> list[Event]:
        return [event for _, event in self.events if isinstance(event, kinds)]

    def _pump(self) -> None:
        with suppress(OSError):
            if self._outgoing:
                self._outgoing = self._outgoing[self._theirs.send(self._outgoing) :]
        with suppress(OSError):
            data = self._theirs.recv(65536)
            self.heard += data
            for answer in self._device(data):
                for packet in self.through(answer):
                    self.clock.at(self.clock.time + self.late, lambda packet=packet: self.say(packet))
