"""A scale that speaks Toledo 8217, with what lies on one plate of the world."""

import random
import re
import time
from collections.abc import Callable
from typing import Literal

from msgspec import Struct

from drivers.simulated.peer import Peer
from drivers.simulated.world import World

MOTION, OVER, UNDER, OUTSIDE, CENTRE, NET, BAD_COMMAND = 0x01, 0x02, 0x04, 0x08, 0x10, 0x20, 0x40
COMMAND = re.compile(rb"T(\d{5})?\r|[^T\r]\r?|\r")


class Make(Struct, frozen=True):
    """What differs between scales. Grams; `settle` seconds.

    A scale moves for `settle` after its load has changed, rounds to `division`, weighs up to `capacity` and
    zeroes loads up to 2 % of that. `fixed` are status bits that a maker always sets: 0x40 Diva, 0x60 BenchPro.
    `parity` sends 7E1 as an 8N1 line reads it.
    """

    division: int = 5
    capacity: int = 15_000
    settle: float = 0.4
    fixed: int = 0x40
    parity: bool = False


class Mechanism:
    """The scale itself: bytes in, bytes out, no thread. A tare needs its CR."""

    def __init__(
        self,
        world: World,
        plate: Literal["produce", "bag"],
        make: Make = Make(),  # noqa: B008
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._world, self._plate, self._make, self._clock = world, plate, make, clock
        self._random = random.Random(8217)
        self._offset = self._tare = 0
        self._load = self._on_plate()
        self._still_at = clock()
        self._heard = b""

    def answer(self, data: bytes) -> list[bytes]:
        """The answers to the commands complete in what was heard so far."""
        self._heard += data
        answers = []
        while command := COMMAND.match(self._heard):
            self._heard = self._heard[command.end() :]
            if command[0] != b"\r":
                answer = b"\x02" + self._done(command[0].rstrip(b"\r"), command[1]) + b"\r"
                answers.append(bytes(map(_with_parity, answer)) if self._make.parity else answer)
        return answers

    def _done(self, command: bytes, digits: bytes | None) -> bytes:
        status = self._status()
        if command == b"W":
            return self._status_bytes(status) if status & ~(CENTRE | NET) else self._weight()
        if command == b"Z":
            if status & MOTION or self._tare:
                return self._status_bytes(status)
            if abs(self._gross()) * 50 > self._make.capacity:
                return self._status_bytes(status | OUTSIDE)
            self._offset = self._load
        elif command.startswith(b"T"):
            if status & (MOTION | OVER | UNDER):
                return self._status_bytes(status)
            self._tare = int(digits) if digits else self._gross()
        elif command == b"C":
            self._tare = 0 if not status & MOTION else self._tare
        else:
            return self._status_bytes(status | BAD_COMMAND)
        return self._status_bytes(self._status())

    def _on_plate(self) -> int:
        return int(getattr(self._world.scene, self._plate))

    def _gross(self) -> int:
        noise = self._world.scene.noise
        load = self._load - self._offset + (self._random.randint(-noise, noise) if noise else 0)
        return (2 * load + self._make.division) // (2 * self._make.division) * self._make.division

    def _status(self) -> int:
        now, load = self._clock(), self._on_plate()
        if load != self._load:
            self._load, self._still_at = load, now + self._make.settle
        gross = self._gross()
        return (
            (MOTION if now < self._still_at else 0)
            | (OVER if gross > self._make.capacity else 0)
            | (UNDER if gross - self._tare < 0 else 0)
            | (CENTRE if gross == 0 else 0)
            | (NET if self._tare else 0)
        )

    def _status_bytes(self, status: int) -> bytes:
        return bytes([0x3F, status | self._make.fixed])

    def _weight(self) -> bytes:
        grams = max(0, self._gross() - self._tare)
        return b"%02d.%03d" % divmod(grams, 1000) + (b"N" if self._tare else b"")


def _with_parity(byte: int) -> int:
    return byte | (byte.bit_count() & 1) << 7


class Scale8217(Peer):
    """The mechanism on a TCP port."""

    def __init__(
        self,
        world: World,
        plate: Literal["produce", "bag"],
        make: Make = Make(),  # noqa: B008
        *,
        number: int = 0,
    ) -> None:
        self._mechanism = Mechanism(world, plate, make)
        super().__init__(number)

    def received(self, data: bytes) -> None:
        for frame in self._mechanism.answer(data):
            self.send(frame)
