"""Which characters a font file can draw: its `cmap` table (OpenType), read without opening the font."""

import struct
from bisect import bisect_right
from functools import cache
from pathlib import Path
from typing import BinaryIO

Ranges = tuple[list[int], list[int]]
"""First and last characters of the stretches that are there, ascending."""
LONGEST = 1 << 20
"""Bytes of a table that is still believed."""


@cache
def covered(path: Path, face: int = 0) -> Ranges:
    """The characters of a font file, or of one face of a collection; none of a file that is not a font."""
    try:
        with path.open("rb") as file:
            return _ranges(_table(file, face))
    except (OSError, struct.error, IndexError):
        return [], []


def covers(path: Path, face: int, character: str) -> bool:
    firsts, lasts = covered(path, face)
    at = bisect_right(firsts, ord(character)) - 1
    return at >= 0 and ord(character) <= lasts[at]


def face_at(file: BinaryIO, face: int) -> int:
    """Where the table directory of a face begins; 0 in a file of one face."""
    file.seek(0)
    if file.read(4) != b"ttcf":
        return 0
    file.seek(12 + 4 * face)
    return int(struct.unpack(">I", file.read(4))[0])


def _table(file: BinaryIO, face: int) -> bytes:
    file.seek(face_at(file, face) + 4)
    (tables,) = struct.unpack(">H6x", file.read(8))
    for _ in range(tables):
        tag, offset, length = struct.unpack(">4s4xII", file.read(16))
        if tag == b"cmap":
            file.seek(offset)
            return file.read(min(length, LONGEST))
    return b""


def _ranges(table: bytes) -> Ranges:
    """The Unicode subtable with the most characters: format 12 before format 4."""
    (number,) = struct.unpack_from(">H", table, 2)
    starts = [struct.unpack_from(">4xI", table, 4 + 8 * at)[0] for at in range(number)]
    formats = {struct.unpack_from(">H", table, start)[0]: start for start in starts}
    if 12 in formats:
        (groups,) = struct.unpack_from(">I", table, formats[12] + 12)
        found = [struct.unpack_from(">II", table, formats[12] + 16 + 12 * at) for at in range(groups)]
    else:
        found = _segments(table, formats[4]) if 4 in formats else []
    return [first for first, _ in found], [last for _, last in found]


def _segments(table: bytes, start: int) -> list[tuple[int, int]]:
    """Format 4; a character that maps to no glyph through its segment's list is left out."""
    (twice,) = struct.unpack_from(">H", table, start + 6)
    count = twice // 2

    def column(number: int) -> tuple[int, ...]:
        gap = 2 if number else 0
        return struct.unpack_from(f">{count}H", table, start + 14 + gap + twice * number)

    lasts, firsts, deltas, offsets = (column(number) for number in range(4))
    found: list[tuple[int, int]] = []
    for at in range(count):
        if not offsets[at]:
            found.append((firsts[at], lasts[at]))
            continue
        place = start + 16 + twice * 3 + 2 * at + offsets[at]
        for code in range(firsts[at], lasts[at] + 1):
            (glyph,) = struct.unpack_from(">H", table, place + 2 * (code - firsts[at]))
            if glyph and (glyph + deltas[at]) % 65536:
                found.append((code, code))
    return found
