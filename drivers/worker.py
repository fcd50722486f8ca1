"""The thread that a driver lives in: open, run, back off, report health, take orders, stop by a deadline."""

import logging
import os
import threading
from collections import deque
from collections.abc import Callable
from math import inf
from typing import Generic, Protocol, TypeVar

from drivers.line import CLOCK, Absent, Clock, LineLost
from kiosk.checkout.effects import Deed
from kiosk.checkout.events import Event
from kiosk.checkout.passed import DeviceSeen
from kiosk.checkout.session import Device, Health

log = logging.getLogger(__name__)

FIRST_BACKOFF = 0.1
LAST_BACKOFF = 0.5

Emit = Callable[[Event], None]


class Stopped(Exception):  # noqa: N818
    """The worker is being stopped: a driver lets it pass."""


class HasFile(Protocol):
    def fileno(self) -> int: ...


class Orders:
    """What a driver was told to do, in order. One thread waits, any thread puts."""

    def __init__(self, clock: Clock = CLOCK) -> None:
        self.clock = clock
        self._deeds: deque[Deed] = deque()
        self._bell = os.eventfd(0, os.EFD_NONBLOCK | os.EFD_CLOEXEC)
        self._stopped = False

    def put(self, deed: Deed) -> None:
        self._deeds.append(deed)
        os.eventfd_write(self._bell, 1)

    def stop(self) -> None:
        self._stopped = True
        os.eventfd_write(self._bell, 1)

    def wait(self, line: HasFile | None, timeout: float = inf) -> Deed | None:
        """The next order, or None as soon as `line` can be read or `timeout` seconds have passed.

        Raises Stopped. With timeout 0 it only looks. No bytes are read here.
        """
        until = self.clock.now() + timeout
        while True:
            self._silence()
            if self._stopped:
                raise Stopped
            if self._deeds:
                return self._deeds.popleft()
            left = until - self.clock.now()
            if left <= 0:
                return None
            files = [self._bell] if line is None else [self._bell, line.fileno()]
            if any(file != self._bell for file in self.clock.wait(files, left)):
                return None

    def left(self) -> tuple[Deed, ...]:
        """What nobody took before the stop."""
        deeds = tuple(self._deeds)
        self._deeds.clear()
        return deeds

    def _silence(self) -> None:
        try:
            os.eventfd_read(self._bell)
        except BlockingIOError:
            return

    def __del__(self) -> None:
        os.close(self._bell)


class Closable(Protocol):
    def close(self) -> None: ...


L = TypeVar("L", bound=Closable)
LineOf = TypeVar("LineOf", contravariant=True)


class Driver(Protocol[LineOf]):
    """Bytes to events and orders to bytes, on an open line.

    It emits DeviceSeen(READY) itself, and only once the device has really answered. An order that it took is
    its own to answer, also when the line is lost half-way; orders that it never saw go to `refuse`.
    """

    def run(self, line: LineOf, orders: Orders, emit: Emit) -> None:
        """Work until LineLost or Stopped is raised."""

    def refuse(self, deed: Deed) -> tuple[Event, ...]:
        """The answer to an order that comes while there is no line; () where silence is the answer."""


class Worker(Generic[L]):
    """Keeps one driver at work in a thread of its own, whatever happens to line and driver."""

    def __init__(
        self,
        name: str,
        open: Callable[[], L],  # noqa: A002
        driver: Driver[L],
        emit: Emit,
        clock: Clock = CLOCK,
    ) -> None:
        self.name = name
        self._open = open
        self.driver = driver
        self._out = emit
        self._orders = Orders(clock)
        self._clock = clock
        self._seen: Device | None = None
        self._backoff = FIRST_BACKOFF
        self._thread = threading.Thread(target=self.live, name=name, daemon=True)

    def start(self) -> None:
        self._thread.start()

    def order(self, deed: Deed) -> None:
        """Hand over an effect; from any thread, returns at once, wakes a driver that waits."""
        self._orders.put(deed)

    def stop(self, deadline: float) -> bool:
        """Tell the driver to end and wait `deadline` seconds for it; whether it did."""
        self._orders.stop()
        if self._thread.ident is not None:
            self._thread.join(deadline)
        return not self._thread.is_alive()

    def live(self) -> None:
        """The thread's whole life; tests with a clock of their own call it directly."""
        try:
            while True:
                self._work()
                self._rest()
        except Stopped:
            for deed in self._orders.left():
                self._refuse(deed)

    def _work(self) -> None:
        try:
            line = self._open()
            try:
                self.driver.run(line, self._orders, self._emit)
            finally:
                line.close()
        except Stopped:
            raise
        except Absent as lost:
            self._emit(DeviceSeen(Device(self.name, Health.ABSENT, str(lost))))
            self._backoff = inf
        except LineLost as lost:
            if self._seen and self._seen.health is Health.READY:
                self._backoff = FIRST_BACKOFF
            self._emit(DeviceSeen(Device(self.name, Health.OFFLINE, str(lost))))
        except Exception as crash:
            log.exception("driver %s crashed", self.name)
            self._emit(DeviceSeen(Device(self.name, Health.FAULT, f"{type(crash).__name__}, see the log")))

    def _rest(self) -> None:
        until = self._clock.now() + self._backoff
        if self._backoff < inf:
            self._backoff = min(self._backoff * 2, LAST_BACKOFF)
        while (left := until - self._clock.now()) > 0:
            deed = self._orders.wait(None, left)
            if deed is not None:
                self._refuse(deed)

    def _refuse(self, deed: Deed) -> None:
        for event in self.driver.refuse(deed):
            self._emit(event)

    def _emit(self, event: Event) -> None:
        """Pass on, but the same health of this device only once."""
        if isinstance(event, DeviceSeen) and event.device.name == self.name:
            if event.device == self._seen:
                return
            self._seen = event.device
        self._out(event)
