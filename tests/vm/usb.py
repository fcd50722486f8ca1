"""A guest's USB serial port, joined to a simulated device outside; unplugged and plugged in again."""

import selectors
import socket
import threading
import time
from pathlib import Path
from typing import Self

PLUGGED_WITHIN = 10.0  # seconds


class UsbLine:
    """Plugged in, the port of QEMU at `path` is connected with a simulated device's port, bytes going both ways.

    A guest sees the device appear when QEMU's side is connected, and vanish when it is not.
    """

    def __init__(self, path: Path, device: int) -> None:
        self.path, self.device = path, device
        self._stop, self._stopped = socket.socketpair()
        self._thread: threading.Thread | None = None

    def plug(self) -> None:
        """Put the plug in; done when the guest can see it."""
        guest = _connected(self.path)
        outside = socket.create_connection(("127.0.0.1", self.device), PLUGGED_WITHIN)
        outside.settimeout(None)
        self._thread = threading.Thread(
            target=self._join, args=(guest, outside), name=self.path.name, daemon=True
        )
        self._thread.start()

    def unplug(self) -> None:
        """Pull it out; done when the guest can see it."""
        if self._thread is not None:
            self._stop.send(b"x")
            self._thread.join()
            self._stopped.recv(1)
            self._thread = None

    def __enter__(self) -> Self:
        self.plug()
        return self

    def __exit__(self, *_: object) -> None:
        self.unplug()
        self._stop.close()
        self._stopped.close()

    def _join(self, guest: socket.socket, outside: socket.socket) -> None:
        ways = {guest: outside, outside: guest}
        with selectors.DefaultSelector() as selector, guest, outside:
            for end in (*ways, self._stopped):
                selector.register(end, selectors.EVENT_READ)
            while self._stopped not in (ready := [key.fileobj for key, _ in selector.select()]):
                for end in ways.keys() & ready:
                    data = _heard(end)
                    if data:
                        ways[end].sendall(data)
                    else:
                        selector.unregister(end)  # the other side stays: a cable whose far end is loose


def _heard(end: socket.socket) -> bytes:
    try:
        return end.recv(65536)
    except OSError:
        return b""


def _connected(path: Path) -> socket.socket:
    """QEMU listens there soon after it has started."""
    until = time.monotonic() + PLUGGED_WITHIN
    while True:
        end = socket.socket(socket.AF_UNIX)
        try:
            end.connect(str(path))
            return end
        except OSError:
            end.close()
            if time.monotonic() > until:
                raise
            time.sleep(0.05)
