"""Scales that speak NCI, CAS, SMA, Adam's language or DIGI's type B, with what lies on one plate of the world."""

import re
from functools import reduce
from operator import xor

from drivers.simulated.balance import Balance, Load, kilograms


class Nci(Balance):
    """ECR SCP-02: six characters of weight, the status alone where there is none."""

    _heard = b""

    def answer(self, data: bytes) -> list[bytes]:
        *commands, self._heard = (self._heard + data).split(b"\r")
        return [b"\n" + self._done(command) + b"\r\x03" for command in commands]

    def _done(self, command: bytes) -> bytes:
        if command == b"Z":
            self.zero()
        elif command not in (b"W", b"S"):
            return b"?"
        load = self.look()
        h1 = 0x30 | (1 if load.moving else 0) | (2 if load.gross == 0 else 0)
        h2 = 0x30 | (1 if load.under else 0) | (2 if load.over else 0)
        weight = kilograms(load.net) + b"KG\r\n" if command == b"W" and load.weighs else b""
        return weight + b"S" + bytes([h1, h2])


class Cas(Balance):
    """ENQ, ACK, DC1; a NAK now and then where it is `busy`."""

    busy = 0

    def answer(self, data: bytes) -> list[bytes]:
        return [self._done(byte) for byte in data if byte in b"\x05\x11"]

    def _done(self, byte: int) -> bytes:
        if byte == 0x05:
            self.busy -= (busy := self.busy > 0)
            return b"\x15" if busy else b"\x06"
        load = self.look()
        state = b"U" if load.moving else b"S"
        digits = b"FFFFFFF" if load.over else kilograms(load.net).rjust(7)
        checked = state + digits + b"kg"
        return b"\x01\x02" + checked + bytes([reduce(xor, checked)]) + b"\x03\x04"


class Sma(Balance):
    """SCP-0499, level 1."""

    COMMAND = re.compile(rb"\n([^\r])\r")
    _heard = b""

    def answer(self, data: bytes) -> list[bytes]:
        self._heard += data
        answers = []
        while command := self.COMMAND.search(self._heard):
            self._heard = self._heard[command.end() :]
            answers.append(b"\n" + self._done(command[1]) + b"\r")
        return answers

    def _done(self, command: bytes) -> bytes:
        if command == b"Z":
            self.zero()
        elif command != b"W":
            return b"?"
        load = self.look()
        status = b"O" if load.over else b"U" if load.under else b"Z" if load.gross == 0 else b" "
        weight = kilograms(load.net).replace(b"0", b"", 1) if abs(load.net) < 10_000 else kilograms(load.net)
        kind, motion = b"N" if load.tare else b"G", b"M" if load.moving else b" "
        return status + b"1" + kind + motion + b" " + weight.rjust(10) + b"kg_"


class Adam(Balance):
    """`silent` is an AZextra: it answers once for each new stable weight, and for nothing else."""

    silent = True
    _heard = b""
    _told = 0

    def answer(self, data: bytes) -> list[bytes]:
        *commands, self._heard = (self._heard + data).split(b"\r\n")
        answers = [self._done(command) for command in commands]
        return [answer for answer in answers if answer]

    def _done(self, command: bytes) -> bytes:
        if command == b"Z":
            self.zero()
        load = self.look()
        if not load.weighs or not load.net:
            self._told = 0
        if command != b"P":
            return b""
        if self.silent:
            if not load.weighs or load.net in (0, self._told):
                return b""
            self._told = load.net
        return self._line(load)

    def _line(self, load: Load) -> bytes:
        if load.over:
            return b"OL,GS\r\n"
        state = b"US" if load.moving else b"ST"
        return state + b",GS" + b"%8.3f" % (load.net / 1000) + b"kg\r\n"


class Digi(Balance):
    """Type B, without prices."""

    def answer(self, data: bytes) -> list[bytes]:
        return [self._frame() for byte in data if byte == 0x05]

    def _frame(self) -> bytes:
        load = self.look()
        condition = 0x40 | (load.gross == 0) | (not load.moving) << 1 | load.under << 2 | load.over << 3
        net = b"OF    " if load.over else kilograms(load.net).rjust(6)
        tare = kilograms(load.tare).rjust(6)
        flags = bytes([0x42 if load.tare else 0x40, condition])
        return flags + b"\r0" + net[-6:] + b"\r4" + tare + b"\rU" + b" " * 6 + b"\rT" + b" " * 7 + b"\r\n"
