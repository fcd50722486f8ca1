"""What carries nexo's exchanges in virtual time: like the HTTPS carrier, one request and one answer each, or none."""

import socket
from collections.abc import Callable
from contextlib import suppress

from drivers.line import Clock, FileLine
from drivers.terminals.nexo.frames import Frame, Frames, How, framed
from tests.prove.wire import Net, Wire

CONNECT = 3.0


class Carrier:
    """The other end of the driver's line. A request that finds no terminal is UNSENT, one whose line breaks is LOST."""

    def __init__(self, net: Net, number: int, patience: float) -> None:
        self.net, self.number, self.patience, self.life = net, number, patience, net.life
        ours, self._driver = socket.socketpair()
        self._driver.setblocking(False)
        self.ours = ours
        self._terminal: socket.socket | None = None
        self._wire: Wire | None = None
        self._asked, self._told = Frames(), Frames()
        self._open: set[int] = set()
        self._base = net.hub.random.randrange(
            1 << 30
        )  # whose answer it is, a connection of its own would tell
        net.hub.pumps.insert(0, self.pump)

    def line(self, clock: Clock) -> FileLine:
        return FileLine(self.ours.detach(), "terminal", clock=clock)

    def pump(self) -> None:
        if self.life.dead:
            self._end()
            return
        self._from(self._driver, self._asked, self._ask, self._end)
        if self._terminal is not None:
            self._from(self._terminal, self._told, self._answer, self._lost)

    def _from(
        self, end: socket.socket, frames: Frames, do: Callable[[Frame], None], over: Callable[[], None]
    ) -> None:
        try:
            data = end.recv(65536)
        except BlockingIOError:
            return
        except OSError:
            data = b""
        if not data:
            over()
            return
        for frame in frames.feed(data):
            do(frame)

    def _ask(self, frame: Frame) -> None:
        net, hub = self.net, self.net.hub
        if self._terminal is not None and self._wire is not None and self._wire.dead:
            self._terminal.close()  # another request goes over another connection; this one is waited for
            self._terminal = None
        if self._terminal is None and (terminal := net.reach(self.number)) is not None:
            self._terminal, self._wire = terminal, net.wires[-1]
            self._told = Frames()
        if self._terminal is None:
            wait = min(CONNECT, max(0.0, net.held_until - hub.now)) + 0.01
            hub.later(wait, lambda: self._say(Frame(frame.number, How.UNSENT, b"no connection")))
            return
        self._terminal.setblocking(False)
        self._open.add(frame.number)
        self._terminal.send(framed(frame._replace(number=frame.number + self._base)))
        hub.later(self.patience, lambda: self._give_up(frame.number))

    def _answer(self, frame: Frame) -> None:
        number = frame.number - self._base
        if number in self._open:
            self._open.discard(number)
            self._say(frame._replace(number=number))

    def _give_up(self, number: int) -> None:
        if number in self._open:
            self._open.discard(number)
            self._say(Frame(number, How.LOST, b"timed out"))

    def _lost(self) -> None:
        """The connection is broken, and with it every exchange on it."""
        if self._terminal is not None:
            self._terminal.close()
            self._terminal = None
        while self._open:
            self._say(Frame(self._open.pop(), How.LOST, b"reset"))

    def _say(self, frame: Frame) -> None:
        if not self.life.dead:
            with suppress(OSError):
                self._driver.send(framed(frame))

    def _end(self) -> None:
        if self.pump in self.net.hub.pumps:
            self.net.hub.pumps.remove(self.pump)
        self._driver.close()
        if self._terminal is not None:
            self._terminal.close()
            self._terminal = None
