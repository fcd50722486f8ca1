"""The loop's side of the socket: it listens, and one link process at a time may come in."""

import logging
import selectors
import socket
import threading
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from kiosk.link.frames import FrameError, Frames, events, framed
from kiosk.wire import LinkEvent, LinkJoined, LinkOrder, LinkParted

WAITING = 1000  # orders not yet taken by the link
_log = logging.getLogger("kiosk.link.door")


class Door:
    """`on_event` is called from the door's own thread with LinkJoined, with what the link says, and with LinkParted.

    A link that comes later takes the place of the one before. Nothing here ever blocks the caller.
    """

    def __init__(self, path: Path, on_event: Callable[[LinkEvent], None]) -> None:
        self._path = path
        self._on_event = on_event
        path.unlink(missing_ok=True)
        self._listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self._listener.bind(str(path))
        path.chmod(0o660)
        self._listener.listen(2)
        self._listener.setblocking(False)
        self._wake, self._woken = socket.socketpair()
        self._wake.setblocking(False)
        self._woken.setblocking(False)
        self._selector = selectors.DefaultSelector()
        self._selector.register(self._listener, selectors.EVENT_READ)
        self._selector.register(self._woken, selectors.EVENT_READ)
        self._link: socket.socket | None = None
        self._frames: Frames[LinkEvent] = events()
        self._orders: deque[LinkOrder] = deque()
        self._unsent = b""
        self._closing = False
        self._thread = threading.Thread(target=self._run, name="link-door", daemon=True)
        self._thread.start()

    def send(self, order: LinkOrder) -> bool:
        """Hand an order to the link; False where none is there, or it is far behind: nothing will come of it.

        A link that goes away before it has answered is followed by LinkParted, never by an answer.
        """
        if self._link is None or len(self._orders) >= WAITING:
            return False
        self._orders.append(order)
        self._ring()
        return True

    def close(self) -> None:
        """Shut the door; no event comes any more once this returns."""
        self._closing = True
        self._ring()
        self._thread.join()

    def _ring(self) -> None:
        with suppress(BlockingIOError):  # full: it is awake anyway
            self._wake.send(b".")

    def _run(self) -> None:
        while not self._closing:
            for key, _ in self._selector.select():
                if key.fileobj is self._listener:
                    self._let_in()
                elif key.fileobj is self._woken:
                    self._drain()
                elif key.fileobj is self._link:
                    self._read()
            self._write()
        self._part(tell=False)
        self._selector.close()
        for each in (self._listener, self._wake, self._woken):
            each.close()
        self._path.unlink(missing_ok=True)

    def _drain(self) -> None:
        with suppress(BlockingIOError):
            self._woken.recv(4096)

    def _let_in(self) -> None:
        try:
            link, _ = self._listener.accept()
        except OSError:
            return
        self._part()
        link.setblocking(False)
        self._orders.clear()
        self._frames, self._unsent, self._link = events(), b"", link
        self._selector.register(link, selectors.EVENT_READ)
        self._on_event(LinkJoined())

    def _part(self, tell: bool = True) -> None:
        if (link := self._link) is None:
            return
        self._link = None
        self._selector.unregister(link)
        link.close()
        if tell:
            self._on_event(LinkParted())

    def _read(self) -> None:
        assert self._link is not None
        try:
            data = self._link.recv(65536)
            messages = self._frames.feed(data)
        except BlockingIOError:
            return
        except (OSError, FrameError) as error:
            _log.warning("the link was let go: %s", error)
            self._part()
            return
        for message in messages:
            self._on_event(message)
        if not data:
            self._part()

    def _write(self) -> None:
        """Send as much as the socket takes; the rest when it has room again."""
        while self._link is not None and (self._unsent or self._orders):
            if not self._unsent:
                self._unsent = framed(self._orders.popleft())
            try:
                sent = self._link.send(self._unsent)
            except BlockingIOError:
                break
            except OSError as error:
                _log.warning("the link was let go: %s", error)
                self._part()
                return
            self._unsent = self._unsent[sent:]
        if self._link is not None:
            wanted = selectors.EVENT_READ | (selectors.EVENT_WRITE if self._unsent else 0)
            self._selector.modify(self._link, wanted)
