"""A scale that speaks Toledo 8217, with what lies on one plate of the world."""

import re

from drivers.simulated.balance import Balance, Load, Make, Plate, ScalePeer, kilograms
from drivers.simulated.world import World

MOTION, OVER, UNDER, OUTSIDE, CENTRE, NET, BAD_COMMAND = 0x01, 0x02, 0x04, 0x08, 0x10, 0x20, 0x40
COMMAND = re.compile(rb"T(\d{5})?\r|[^T\r]\r?|\r")


class Mechanism(Balance):
    """The scale itself: bytes in, bytes out, no thread. A tare needs its CR."""

    _heard = b""

    def answer(self, data: bytes) -> list[bytes]:
        self._heard += data
        answers = []
        while command := COMMAND.match(self._heard):
            self._heard = self._heard[command.end() :]
            if command[0] != b"\r":
                answer = b"\x02" + self._done(command[0].rstrip(b"\r"), command[1]) + b"\r"
                answers.append(bytes(map(_with_parity, answer)) if self.make.parity else answer)
        return answers

    def _done(self, command: bytes, digits: bytes | None) -> bytes:
        load = self.look()
        if command == b"W":
            return self._weight(load) if load.weighs else self._status()
        if command == b"Z":
            done = self.zero() or load.moving or load.tare
            return self._status(0 if done else OUTSIDE)
        if command.startswith(b"T"):
            if load.weighs:
                self.take_off(int(digits) if digits else load.gross)
        elif command == b"C":
            if not load.moving:
                self.take_off(0)
        else:
            return self._status(BAD_COMMAND)
        return self._status()

    def _status(self, more: int = 0) -> bytes:
        load = self.look()
        bits = (
            (MOTION if load.moving else 0)
            | (OVER if load.over else 0)
            | (UNDER if load.under else 0)
            | (CENTRE if load.gross == 0 else 0)
            | (NET if load.tare else 0)
        )
        return bytes([0x3F, bits | more | self.make.fixed])

    def _weight(self, load: Load) -> bytes:
        return kilograms(load.net) + (b"N" if load.tare else b"")


def _with_parity(byte: int) -> int:
    return byte | (byte.bit_count() & 1) << 7


class Scale8217(ScalePeer):
    """The mechanism on a TCP port."""

    def __init__(
        self,
        world: World,
        plate: Plate,
        make: Make = Make(),  # noqa: B008
        *,
        number: int = 0,
    ) -> None:
        super().__init__(Mechanism(world, plate, make), number)
