"""Bytes to ESC/POS commands, however they are cut. Written from Epson's command reference, not from our driver."""

from collections.abc import Iterator

from msgspec import Struct

FIXED = {
    b"\x1b": {
        b"@": 0, b"!": 1, b" ": 1, b"-": 1, b"2": 0, b"3": 1, b"=": 1, b"E": 1, b"G": 1, b"J": 1, b"M": 1, b"R": 1,
        b"T": 1, b"V": 1, b"a": 1, b"c": 2, b"d": 1, b"e": 1, b"i": 0, b"m": 0, b"p": 3, b"r": 1, b"t": 1, b"u": 1,
        b"v": 0, b"{": 1, b"$": 2, b"\\": 2, b"S": 0, b"L": 0, b"W": 8,
    },
    b"\x1d": {
        b"!": 1, b"B": 1, b"H": 1, b"I": 1, b"L": 2, b"P": 2, b"W": 2, b"a": 1, b"b": 1, b"f": 1, b"h": 1, b"r": 1,
        b"w": 1, b"/": 1, b"$": 2, b"\\": 2, b"^": 3, b"T": 1,
    },
    b"\x1c": {b".": 0, b"&": 0, b"!": 1, b"-": 1, b"C": 1, b"S": 2, b"p": 2},
    b"\x10": {b"\x04": 1, b"\x05": 1, b"\x14": 3},
}  # fmt: skip
"""How many bytes follow each command that always has the same number of them."""


class Command(Struct, frozen=True):
    """`name` is the lead byte and the letter, or a single control byte; `data` all that follows. Letters: b""."""

    name: bytes
    data: bytes


class Tokens:
    """Keeps what is not complete yet."""

    def __init__(self) -> None:
        self._rest = b""

    def feed(self, data: bytes) -> Iterator[Command]:
        self._rest += data
        while self._rest:
            size = length(self._rest)
            if size is None or size > len(self._rest):
                return
            token, self._rest = self._rest[:size], self._rest[size:]
            lead = token[:1]
            if lead in FIXED:
                yield Command(token[:2], token[2:])
            elif lead < b" ":
                yield Command(lead, b"")
            else:
                yield Command(b"", token)

    def clear(self) -> None:
        self._rest = b""


def length(data: bytes) -> int | None:
    """How many bytes the command at the start of data has; None: not to be seen yet."""
    lead = data[:1]
    if lead not in FIXED:
        return 1 if lead < b" " else _letters(data)
    if len(data) < 2:
        return None
    name = data[1:2]
    if name in FIXED[lead]:
        return 2 + FIXED[lead][name]
    if lead == b"\x1d":
        return _of_gs(name, data)
    if lead == b"\x1b" and name == b"*":
        return _number(data, 3, 2, times=3 if data[2:3] > b"\x01" else 1, before=5)
    if lead == b"\x1b" and name == b"D":
        return _until_zero(data, 2)
    return 2


def _letters(data: bytes) -> int:
    return next((i for i, byte in enumerate(data) if byte < 0x20), len(data))


def _of_gs(name: bytes, data: bytes) -> int | None:
    if name == b"(":
        return _number(data, 3, 2, before=5)
    if name == b"8":
        return _number(data, 3, 4, before=7)
    if name == b"k":
        if len(data) < 4:
            return None
        return 4 + data[3] if data[2] >= 65 else _until_zero(data, 3)
    if name == b"V":
        return None if len(data) < 3 else 3 if data[2] in (0, 1, 48, 49) else 4
    if name == b"v":
        if len(data) < 8:
            return None
        return 8 + int.from_bytes(data[4:6], "little") * int.from_bytes(data[6:8], "little")
    if name == b"*":
        return None if len(data) < 4 else 4 + data[2] * data[3] * 8
    return 2


def _number(data: bytes, at: int, size: int, *, before: int, times: int = 1) -> int | None:
    if len(data) < at + size:
        return None
    return before + int.from_bytes(data[at : at + size], "little") * times


def _until_zero(data: bytes, start: int) -> int | None:
    end = data.find(b"\x00", start)
    return None if end < 0 else end + 1
