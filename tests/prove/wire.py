"""The cable between kiosk and terminal in virtual time: late, held up, cut, half open; and the peer at its end."""

import itertools
import socket
import threading
from collections.abc import Callable
from contextlib import suppress

from drivers.line import UNDELIVERED_MILLIS
from drivers.simulated.peer import Faults, Peer
from tests.prove.hub import Hub, Life

BUFFER = 1 << 20


class Net:
    """All cables of one run. `held_until`: bytes wait so long, as TCP makes them; `down_until`: nobody connects.

    On a `serial` cable what is held is lost, and neither end is told that the other has gone.
    """

    def __init__(self, hub: Hub, serial: bool) -> None:
        self.hub, self.serial = hub, serial
        self.peers: dict[int, VirtualPeer] = {}
        self.wires: list[Wire] = []
        self.held_until = 0.0
        self.down_until = 0.0
        self.half_open = False
        self.life = Life()
        self.noted: Callable[[str, bytes], None] = lambda way, data: None
        self.cut_send: Callable[[bytes], bytes] = lambda data: data
        hub.pumps.append(self.pump)

    @property
    def back(self) -> float:
        """When the cable is whole again."""
        return max(self.held_until, self.down_until)

    def connect(self, address: tuple[str, int], timeout: float) -> socket.socket:
        hub, life = self.hub, self.life
        if hub.now < self.held_until:
            hub.sleep(min(timeout, self.held_until - hub.now))
            if hub.now < self.held_until:
                raise TimeoutError("timed out")
        hub.sleep(0.001)
        if (ours := self.reach(address[1], life)) is None:
            raise ConnectionRefusedError(111, "Connection refused")
        return ours

    def reach(self, number: int, life: Life | None = None) -> socket.socket | None:
        """The driver's end of a new connection, if there is somebody to connect to."""
        peer = self.peers.get(number)
        if self.hub.now < max(self.down_until, self.held_until) or peer is None or not peer.there:
            return None
        ours, theirs = socket.socketpair()
        for end in (ours, theirs):
            end.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, BUFFER)
        wire = Wire(self, peer, theirs, life or self.life)
        self.wires.append(wire)
        peer.plugged_into(wire)
        return ours

    def pump(self) -> None:
        for wire in tuple(self.wires):
            wire.pump()

    def reset(self) -> None:
        """Every connection breaks, and both ends know."""
        for wire in tuple(self.wires):
            wire.reset()

    def loses(self) -> None:
        """Every connection there is now carries nothing any more, and nobody is told."""
        for wire in self.wires:
            wire.dead = True

    def killed(self, tells: bool) -> None:
        """The kiosk's process ended: what it had sent is on its way; `tells`: the terminal sees it go."""
        for wire in tuple(self.wires):
            wire.pump()
            wire.gone = True
            if tells:
                wire.eof()
            else:
                wire.dead = True
                wire.close_ours()

    def close(self) -> None:
        for wire in tuple(self.wires):
            wire.close_ours()
        self.wires.clear()


class Wire:
    """One connection, as the peer has it; `theirs` is our side of the socket that the driver reads and writes."""

    def __init__(self, net: Net, peer: "VirtualPeer", theirs: socket.socket, life: Life) -> None:
        self.net, self.peer, self.life = net, peer, life
        self.dead = net.half_open
        self.gone = False
        self._theirs: socket.socket | None = theirs
        theirs.setblocking(False)
        self._said_until = self._heard_until = 0.0

    # ---- what the peer does with it

    def sendall(self, data: bytes) -> None:
        self._said_until = self._carry(self._said_until, lambda: self._give(data))

    def close(self) -> None:
        if not self.dead:
            self._carry(self._said_until, self.close_ours)

    def fileno(self) -> int:
        return -1

    # ---- the way there and back

    def _carry(self, after: float, what: Callable[[], None]) -> float:
        hub, net = self.net.hub, self.net
        at = max(after, hub.now + hub.random.choice((0.0005, 0.002, 0.02)))
        if at < net.held_until and not net.serial:
            at = net.held_until + hub.random.random()
        hub.later(at - hub.now, what)
        return at

    def _give(self, data: bytes) -> None:
        if self.dead or self._theirs is None:
            return
        if self.net.hub.now < self.net.held_until:  # the cable went while it was on its way
            if not self.net.serial:
                self._said_until = self._carry(self._said_until, lambda: self._give(data))
            return
        with suppress(OSError):
            self._theirs.send(data)
            self.net.noted("in", data)

    def pump(self) -> None:
        """Take what the driver has written, or see that it closed."""
        if self._theirs is None or self.gone:
            return
        try:
            data = self._theirs.recv(65536)
        except BlockingIOError:
            return
        except OSError:
            data = b""
        if not data:
            self.eof()
            return
        if self.dead:
            return
        data = self.net.cut_send(data)
        self.net.noted("out", data)
        self._bring(data)

    def _bring(self, data: bytes) -> None:
        """On to the peer; what is not confirmed in time never arrives, and the line is lost."""
        self._heard_until = self._carry(self._heard_until, lambda: self._deliver(data))
        if self._heard_until - self.net.hub.now > UNDELIVERED_MILLIS / 1000 and not self.net.serial:
            self.net.hub.later(UNDELIVERED_MILLIS / 1000, self._given_up)

    def _given_up(self) -> None:
        self.dead = True
        self.close_ours()

    def _deliver(self, data: bytes) -> None:
        if self.dead or not (self.peer._connection is self or self.peer.many):
            return
        if self.net.hub.now < self.net.held_until:
            if not self.net.serial:
                self._bring(data)
            return
        self.peer.received(data)

    def eof(self) -> None:
        """The driver has closed: the peer hears of it behind the last bytes."""
        self.gone = True
        if not self.dead and not self.net.serial:
            self._carry(self._heard_until, self._end)
        self.close_ours()

    def _end(self) -> None:
        if self.peer._connection is self:
            self.peer._hang_up()

    def reset(self) -> None:
        self.close_ours()
        self.dead = True
        if not self.net.serial:
            self._end()

    def close_ours(self) -> None:
        if self._theirs is not None:
            self._theirs.close()
            self._theirs = None
        if self in self.net.wires:
            self.net.wires.remove(self)


class VirtualPeer(Peer):
    """The peer's own hooks, carried by a hub instead of a thread; stands last among the bases of a device."""

    net: Net
    """Where the next one that is made will be."""
    many = False
    """It has more than one connection: what was sent on an old one may yet arrive."""

    def __init__(self, number: int = 0) -> None:
        self.net = VirtualPeer.net
        self.faults = Faults()
        self.number = number or 7_000 + len(self.net.peers)
        self.port = f"socket://127.0.0.1:{self.number}"
        self._connection = None
        self._plugged = True
        self._ended = False
        self._agenda = []
        self._order = itertools.count()
        self._lock = threading.Lock()
        self.net.peers[self.number] = self

    @property
    def there(self) -> bool:
        return self._plugged and not self._ended

    def later(self, seconds: float, what: Callable[[], None]) -> None:
        self.net.hub.later(seconds, lambda: None if self._ended else what())

    def plugged_into(self, wire: Wire) -> None:
        if not self.net.serial:
            self._hang_up()
        self._connection = wire  # type: ignore[assignment]
        self.connected()

    def unplug(self) -> None:
        if self._plugged:
            self._plugged = False
            self._hang_up()

    def replug(self) -> None:
        self._plugged = True

    def close(self) -> None:
        self._hang_up()
        self._ended = True
