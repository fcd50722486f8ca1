"""A scale's driver with a simulated scale, or with bytes from a manual, at the other end of a TCP line; time flies."""

import random
import socket
import struct
import time
from collections.abc import Callable
from contextlib import suppress
from fcntl import ioctl
from termios import FIONREAD
from typing import Any

import msgspec

from drivers.line import FileLine, LineLost
from drivers.scales.config import AnyScale
from drivers.scales.models import MODULES, driver
from drivers.simulated.balance import Balance, Make
from drivers.simulated.scale_hid import Hid
from drivers.simulated.scales import balance
from drivers.simulated.world import World
from kiosk.checkout.events import WeightSettled
from kiosk.checkout.passed import DeviceSeen, ScaleRead
from kiosk.checkout.session import Device, LiveWeight
from tests.drivers.rig import Rig

MODELS = tuple(MODULES)
REPORT_SECONDS = 0.05
PATIENCE = 5.0


def config_of(model: str, **fields: Any) -> AnyScale:
    return msgspec.convert({"model": model, "port": "socket://127.0.0.1:1"} | fields, AnyScale)


def tcp() -> tuple[socket.socket, socket.socket]:
    """Two ends of a TCP connection on the loopback."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        ours = socket.create_connection(listener.getsockname())
        theirs, _ = listener.accept()
    for end in (ours, theirs):
        end.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return ours, theirs


class Counted(FileLine):
    """Knows how many bytes it has written."""

    sent = 0

    def write(self, data: bytes) -> None:
        super().write(data)
        self.sent += len(data)


class TcpRig(Rig):
    """The rig over TCP. What one end has sent has arrived at the other before time goes on."""

    def __init__(self, device: Callable[[bytes], list[bytes]] = lambda data: []) -> None:
        super().__init__(device)
        self.line.close()
        self._theirs.close()
        ours, self._theirs = tcp()
        self._theirs.setblocking(False)
        self.line: Counted = Counted(ours.detach(), "rig", clock=self.clock)

    def arrive(self) -> None:
        """What was said stands in the driver's line, before anybody reads it."""
        self._pump()

    def _pump(self) -> None:
        with suppress(OSError):  # unplugged
            before, rest = self._waiting(), len(self._outgoing)
            super()._pump()
            self._until(lambda: self._waiting() == before + rest - len(self._outgoing))
            while len(self.heard) < self.line.sent:
                self._until(lambda: struct.unpack("i", ioctl(self._theirs, FIONREAD, b"\0" * 4))[0] > 0)
                super()._pump()

    def _waiting(self) -> int:
        return int(struct.unpack("i", ioctl(self.line.fileno(), FIONREAD, b"\0" * 4))[0])

    def _until(self, so: Callable[[], bool]) -> None:
        patience = time.monotonic() + PATIENCE
        while not so():
            assert time.monotonic() < patience, "what was sent does not arrive"


class Bench:
    """A driver and its scale. `answers(data)` is a scale of bytes; without it a simulated one stands in a world."""

    def __init__(
        self,
        model: str,
        answers: Callable[[bytes], list[bytes]] | None = None,
        name: str = "bag",
        make: Make = Make(),  # noqa: B008
        **fields: Any,
    ) -> None:
        self.config = config_of(model, **fields)
        self.rig = TcpRig(answers or (lambda data: self.balance.answer(data)))
        self.world = World()
        self.balance: Balance = balance(model, self.world, "bag", make, self.rig.clock.now)
        self.driver = driver(name, self.config)
        if answers is None and isinstance(self.balance, Hid):
            self.stream(self.balance.report)

    @property
    def period(self) -> float:
        return max(REPORT_SECONDS, 1 / self.config.rate)

    def stream(self, report: Callable[[], bytes], every: float = REPORT_SECONDS) -> None:
        """Say a report again and again, unasked."""

        def say() -> None:
            for packet in self.rig.through(report()):
                self.rig.say(packet)
            self.rig.clock.at(self.rig.clock.time + every, say)

        self.rig.clock.at(self.rig.clock.time + 0.01, say)

    def at(self, time: float, **scene: object) -> None:
        self.rig.clock.at(time, lambda: self.world.change(**scene))

    def through(self, time: float, packets: Callable[[bytes], list[bytes]]) -> None:
        """From then on answers become these packets."""
        self.rig.clock.at(time, lambda: setattr(self.rig, "through", packets))

    def run(self, seconds: float) -> LineLost | None:
        return self.rig.run(self.driver, seconds)

    @property
    def shown(self) -> list[tuple[float, LiveWeight]]:
        return [(time, event.live) for time, event in self.rig.events if isinstance(event, ScaleRead)]

    @property
    def readings(self) -> list[LiveWeight]:
        return [live for _, live in self.shown]

    def reading(self, time: float) -> LiveWeight | None:
        """What was shown at that time."""
        return next((live for at, live in reversed(self.shown) if at <= time), None)

    @property
    def settled(self) -> list[tuple[int, int]]:
        return [(event.before, event.after) for event in self.rig.said(WeightSettled)]

    @property
    def devices(self) -> list[Device]:
        return [event.device for event in self.rig.said(DeviceSeen)]


class Hiss:
    """Makes `share` of all bytes others; counts answers and those that were hurt."""

    def __init__(self, seed: object, share: float = 0.01) -> None:
        self._chance = random.Random(str(seed))
        self._share = share
        self.answers = self.hurt = 0

    def __call__(self, answer: bytes) -> list[bytes]:
        noisy = bytes(self._other(byte) for byte in answer)
        self.answers += 1
        self.hurt += noisy != answer
        return [noisy]

    def _other(self, byte: int) -> int:
        return self._chance.randrange(256) if self._chance.random() < self._share else byte
