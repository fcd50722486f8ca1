"""The other end of a wire: a TCP peer on the loopback that misbehaves on command."""

import heapq
import itertools
import os
import random
import select
import socket
import threading
import time
from collections.abc import Callable
from functools import partial
from typing import Self

SEND_SECONDS = 5.0
GARBAGE = bytes([0x00, 0xFF, 0x7F, 0x80, 0x15])


class Faults:
    """What goes wrong between a peer and its driver. May be set at any time from any thread."""

    def __init__(self) -> None:
        self.split: tuple[int, ...] = ()
        """Cut what is sent into pieces of these sizes in turn, each its own packet."""
        self.delay = 0.0
        """Seconds before each answer."""
        self.hiss = 0.0
        """The share of bytes that become others on the way."""
        self.half_open = False
        """Connected, but hears nothing and says nothing."""
        self._random = random.Random(1)
        self._lock = threading.Lock()
        self._counts = {"drop": 0, "corrupt": 0, "duplicate": 0, "garbage": 0}

    def drop(self, frames: int = 1) -> None:
        """The next so many frames are not sent."""
        self._set("drop", frames)

    def corrupt(self, frames: int = 1) -> None:
        """The next so many frames have one bit of the middle byte flipped."""
        self._set("corrupt", frames)

    def duplicate(self, frames: int = 1) -> None:
        """The next so many frames are sent twice."""
        self._set("duplicate", frames)

    def garbage(self, frames: int = 1) -> None:
        """Line noise goes before the next so many frames."""
        self._set("garbage", frames)

    def _set(self, name: str, frames: int) -> None:
        with self._lock:
            self._counts[name] = frames

    def _take(self, name: str) -> bool:
        with self._lock:
            due = self._counts[name] > 0
            self._counts[name] -= due
            return due

    def applied(self, frame: bytes) -> list[bytes]:
        """The packets that really leave for this frame."""
        if self.half_open or self._take("drop"):
            return []
        if self._take("corrupt"):
            middle = len(frame) // 2
            frame = frame[:middle] + bytes([frame[middle] ^ 0x08]) + frame[middle + 1 :]
        if self._take("duplicate"):
            frame = frame + frame
        if self._take("garbage"):
            frame = GARBAGE + frame
        if self.hiss:
            frame = bytes(self._hissed(byte) for byte in frame)
        if not self.split:
            return [frame]
        packets, sizes = [], itertools.cycle(self.split)
        while frame:
            size = next(sizes)
            packets.append(frame[:size])
            frame = frame[size:]
        return packets

    def _hissed(self, byte: int) -> int:
        return self._random.randrange(256) if self._random.random() < self.hiss else byte


class Peer:
    """A device with one line, on 127.0.0.1, in a thread that ends on close().

    A subclass implements `received` and answers by `send`; the hooks run in the peer's thread, which runs from
    the end of __init__ here, so a subclass sets its own fields first. A new
    connection takes the place of the present one, as on a serial line. `port` is what a configuration names.
    """

    def __init__(self, number: int = 0) -> None:
        self.faults = Faults()
        self._listener = _bound(number)
        self._listener.listen()
        self.number: int = self._listener.getsockname()[1]
        self.port = f"socket://127.0.0.1:{self.number}"
        self._connection: socket.socket | None = None
        self._plugged = True
        self._ended = False
        self._agenda: list[tuple[float, int, Callable[[], None]]] = []
        self._order = itertools.count()
        self._lock = threading.Lock()
        self._bell = os.eventfd(0, os.EFD_NONBLOCK | os.EFD_CLOEXEC)
        self._thread = threading.Thread(target=self._live, name=type(self).__name__, daemon=True)
        self._thread.start()

    # ---- what a device is

    def connected(self) -> None:
        """Somebody has opened the line."""

    def received(self, data: bytes) -> None:
        """Bytes have come, cut anywhere."""

    def send(self, frame: bytes) -> None:
        """Say one frame, through the faults; from any thread; nobody connected, nobody hears."""
        self.later(self.faults.delay, partial(self._say, frame))

    def later(self, seconds: float, what: Callable[[], None]) -> None:
        """Do something in the peer's thread, so many seconds from now; from any thread."""
        with self._lock:
            if self._ended:
                return
            heapq.heappush(self._agenda, (time.monotonic() + seconds, next(self._order), what))
            os.eventfd_write(self._bell, 1)

    # ---- what can be done to it

    def unplug(self) -> None:
        """Cut the present connection and refuse new ones; done when it returns."""
        self._now(self._unplug)

    def replug(self) -> None:
        """Be there again under the same port; done when it returns."""
        self._now(self._replug)

    def close(self) -> None:
        """End the thread and free the port."""
        self._now(self._end)
        if threading.current_thread() is not self._thread:
            self._thread.join()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    # ---- the thread

    def _now(self, what: Callable[[], None]) -> None:
        if threading.current_thread() is self._thread:
            what()
        elif self._thread.is_alive():
            done = threading.Event()

            def do() -> None:
                what()
                done.set()

            self.later(0.0, do)
            while not done.wait(0.1) and self._thread.is_alive():
                pass

    def _live(self) -> None:
        while not self._ended:
            self._do_due()
            if not self._ended:
                self._listen()
        self._hang_up()
        self._listener.close()
        with self._lock:
            os.close(self._bell)

    def _do_due(self) -> None:
        while not self._ended:
            with self._lock:
                if not self._agenda or self._agenda[0][0] > time.monotonic():
                    return
                what = heapq.heappop(self._agenda)[2]
            what()

    def _listen(self) -> None:
        poll = select.poll()
        poll.register(self._bell, select.POLLIN)
        if self._plugged:
            poll.register(self._listener, select.POLLIN)
        if self._connection and not self.faults.half_open:
            poll.register(self._connection, select.POLLIN)
        with self._lock:
            timeout = max(0.0, self._agenda[0][0] - time.monotonic()) * 1000 if self._agenda else None
        for file, _ in poll.poll(timeout):
            if file == self._bell:
                os.eventfd_read(self._bell)
            elif file == self._listener.fileno():
                self._accept()
            elif self._connection and file == self._connection.fileno():
                self._hear()

    def _accept(self) -> None:
        try:
            connection, _ = self._listener.accept()
        except OSError:  # gone again already
            return
        self._hang_up()
        connection.settimeout(SEND_SECONDS)
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._connection = connection
        self.connected()

    def _hear(self) -> None:
        assert self._connection
        try:
            data = self._connection.recv(65536)
        except OSError:
            data = b""
        if data:
            self.received(data)
        else:
            self._hang_up()

    def _say(self, frame: bytes) -> None:
        for packet in self.faults.applied(frame):
            if self._connection:
                try:
                    self._connection.sendall(packet)
                except OSError:
                    self._hang_up()

    def _hang_up(self) -> None:
        if self._connection:
            self._connection.close()
            self._connection = None

    def _unplug(self) -> None:
        if self._plugged:
            self._plugged = False
            self._hang_up()
            self._listener.close()
            self._listener = _bound(self.number)  # keeps the number; not listening, it refuses

    def _replug(self) -> None:
        if not self._plugged:
            self._plugged = True
            self._listener.listen()

    def _end(self) -> None:
        self._ended = True


def _bound(number: int) -> socket.socket:
    listener = socket.socket()
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.bind(("127.0.0.1", number))
    listener.setblocking(False)
    return listener
