"""One end of a line to QEMU: what comes in is kept by a thread, so that the guest never waits for a reader."""

import re
import socket
import threading
import time
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")


class Silence(Exception):  # noqa: N818
    """What was waited for did not come in time; says what came last."""


class Channel:
    """A stream of bytes, both ways, over a connected socket."""

    def __init__(self, ours: socket.socket, name: str = "channel") -> None:
        self.name = name
        self._socket = ours
        self._heard = bytearray()
        self._read = 0
        self._more = threading.Condition()
        self.ended = False
        self._thread = threading.Thread(target=self._listen, name=name, daemon=True)
        self._thread.start()

    @property
    def heard(self) -> bytes:
        """Everything so far."""
        with self._more:
            return bytes(self._heard)

    def send(self, data: bytes) -> None:
        """Raises OSError when the other end is gone."""
        self._socket.sendall(data)

    def take(self, found: Callable[[bytes], tuple[T, int] | None], seconds: float, what: str) -> T:
        """What `found` finds in the bytes not yet taken, and how many of them that used up."""
        until = time.monotonic() + seconds
        with self._more:
            while True:
                if (result := found(bytes(self._heard[self._read :]))) is not None:
                    self._read += result[1]
                    return result[0]
                left = until - time.monotonic()
                if self.ended or left <= 0:
                    last = bytes(self._heard[-400:]).decode(errors="replace")
                    why = "the other end is gone" if self.ended else f"not within {seconds:.0f} s"
                    raise Silence(f"{self.name}: {what}: {why}; the last that came:\n{last}")
                self._more.wait(left)

    def until(self, pattern: bytes, seconds: float) -> "re.Match[bytes]":
        """Wait for that pattern; whatever came before it, and the pattern itself, is taken."""
        search = re.compile(pattern, re.S | re.M).search

        def found(data: bytes) -> "tuple[re.Match[bytes], int] | None":
            match = search(data)
            return (match, match.end()) if match else None

        return self.take(found, seconds, repr(pattern))

    def line(self, seconds: float) -> bytes:
        """The next whole line, without its end."""
        return self.until(rb"([^\n]*?)\r?\n", seconds)[1]

    def close(self) -> None:
        try:
            self._socket.shutdown(socket.SHUT_RDWR)
        except OSError:  # the other end was quicker
            pass
        self._thread.join()
        self._socket.close()

    def _listen(self) -> None:
        while True:
            try:
                data = self._socket.recv(65536)
            except OSError:
                data = b""
            with self._more:
                self._heard += data
                self.ended = not data
                self._more.notify_all()
            if not data:
                return
