"""The physics of a simulated scale: what lies on one plate of the world, moving, rounded, tared, zeroed."""

import random
import time
from collections.abc import Callable
from typing import Literal

from msgspec import Struct

from drivers.simulated.peer import Peer
from drivers.simulated.world import World

Plate = Literal["produce", "bag"]


class Make(Struct, frozen=True):
    """What differs between scales. Grams; `settle` seconds.

    A scale moves for `settle` after its load has changed, rounds to `division`, weighs up to `capacity` and
    zeroes loads up to 2 % of that. `fixed` are status bits that a maker always sets in Toledo 8217: 0x40 Diva, 0x60
    BenchPro. `parity` sends 7E1 as an 8N1 line reads it.
    """

    division: int = 5
    capacity: int = 15_000
    settle: float = 0.4
    fixed: int = 0x40
    parity: bool = False


class Load(Struct, frozen=True):
    """What the scale sees: grams and how they are."""

    gross: int
    net: int
    tare: int
    moving: bool
    over: bool
    under: bool

    @property
    def weighs(self) -> bool:
        return not (self.moving or self.over or self.under)


class Balance:
    """A scale without its language: no bytes, no thread."""

    def __init__(
        self,
        world: World,
        plate: Plate,
        make: Make = Make(),  # noqa: B008
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.make = make
        self.clock = clock
        self._world, self._plate = world, plate
        self._random = random.Random(8217)
        self._offset = self._tare = 0
        self._load = self._on_plate()
        self._still_at = clock()

    def answer(self, data: bytes) -> list[bytes]:
        """The answers to the questions complete in what was heard so far; a language says how."""
        raise NotImplementedError

    def look(self) -> Load:
        now, load = self.clock(), self._on_plate()
        if load != self._load:
            self._load, self._still_at = load, now + self.make.settle
        gross = self._gross()
        return Load(
            gross=gross,
            net=gross - self._tare,
            tare=self._tare,
            moving=now < self._still_at,
            over=gross > self.make.capacity,
            under=gross - self._tare < 0,
        )

    def zero(self) -> bool:
        """Call what lies there zero; whether that was done."""
        load = self.look()
        if load.moving or load.tare or abs(load.gross) * 50 > self.make.capacity:
            return False
        self._offset = self._load
        return True

    def take_off(self, tare: int) -> None:
        self._tare = tare

    def _on_plate(self) -> int:
        return int(getattr(self._world.scene, self._plate))

    def _gross(self) -> int:
        noise = self._world.scene.noise
        load = self._load - self._offset + (self._random.randint(-noise, noise) if noise else 0)
        return (2 * load + self.make.division) // (2 * self.make.division) * self.make.division


def kilograms(grams: int) -> bytes:
    """`01.250`, with a sign in front where it is below zero."""
    sign = b"-" if grams < 0 else b""
    return sign + b"%02d.%03d" % divmod(abs(grams), 1000)


class ScalePeer(Peer):
    """A balance and its language on a TCP port."""

    def __init__(self, balance: Balance, number: int = 0) -> None:
        self.balance = balance
        super().__init__(number)

    def received(self, data: bytes) -> None:
        for frame in self.balance.answer(data):
            self.send(frame)
