"""HID report descriptors as the places of their fields (USB HID 1.11, 6.2.2), and reports cut out of a stream."""

import struct
from collections.abc import Iterator
from typing import NamedTuple

LENGTH = struct.Struct("<H")
MOST_BITS = 8 * 4096  # of one report; the kernel has no longer ones
KINDS = {0x80: "input", 0x90: "output", 0xB0: "feature"}
GLOBALS = {0x04: "page", 0x74: "size", 0x84: "report", 0x94: "values"}
LONG_ITEM, CONSTANT = 0xFE, 0x01


class HidError(Exception):
    """The descriptor cannot be read; says at which byte and why."""


class Field(NamedTuple):
    """`values` of `size` bits one after the other, from bit `at` of the report on, its number not counted.

    `kind` is input, output or feature, `report` the report's number (0: it has none), `usage` page << 16 | id.
    """

    kind: str
    report: int
    usage: int
    at: int
    size: int
    values: int


class Globals(NamedTuple):
    page: int = 0
    size: int = 0
    report: int = 0
    values: int = 0


def fields(descriptor: bytes) -> tuple[Field, ...]:
    """Every field in order; padding is one without a usage (0). Raises HidError."""
    now, saved = Globals(), list[Globals]()
    usages: list[range] = []
    first = 0
    ends: dict[tuple[str, int], int] = {}
    found: list[Field] = []
    for at, tag, size, value in items(descriptor):
        usage = value if size == 4 else now.page << 16 | value  # one of four bytes names its own page
        match tag:
            case 0x04 | 0x74 | 0x84 | 0x94:
                now = now._replace(**{GLOBALS[tag]: value})
            case 0xA4:  # push
                saved.append(now)
            case 0xB4 if saved:  # pop
                now = saved.pop()
            case 0x08:  # usage
                usages.append(range(usage, usage + 1))
            case 0x18:  # usage minimum
                first = usage
            case 0x28:  # usage maximum
                usages.append(range(first, usage + 1))
            case 0x80 | 0x90 | 0xB0:
                place = (KINDS[tag], now.report)
                start = ends.get(place, 0)
                ends[place] = start + now.size * now.values
                if max(ends[place], len(found) + now.values) > MOST_BITS:
                    raise HidError(f"HID descriptor, byte {at}: more than {MOST_BITS} bits or values")
                found += spread(place, [] if value & CONSTANT else usages, start, now)
                usages = []
            case 0xA0 | 0xC0:  # a collection and its end
                usages = []
    return tuple(found)


def items(descriptor: bytes) -> Iterator[tuple[int, int, int, int]]:
    """(place, tag, size of the value, value) of each short item; long ones are passed over."""
    at = 0
    while at < len(descriptor):
        head = descriptor[at]
        size = (0, 1, 2, 4)[head & 3]
        if head == LONG_ITEM:
            size = 2 + descriptor[at + 1] if at + 1 < len(descriptor) else 2
        value = descriptor[at + 1 : at + 1 + size]
        if len(value) < size:
            raise HidError(f"HID descriptor, byte {at}: {size} bytes expected, {len(value)} are there")
        if head != LONG_ITEM:
            yield at, head & 0xFC, size, int.from_bytes(value, "little")
        at += 1 + size


def spread(place: tuple[str, int], usages: list[range], start: int, now: Globals) -> Iterator[Field]:
    """One field per usage, in their order; the last one has whatever is left of the values."""
    left, at = now.values, start
    for number, run in enumerate(usages or [range(1)]):
        for usage in run[:left]:
            last = number == len(usages) - 1 and usage == run[-1]
            values = left if last else 1
            yield Field(*place, usage, at, now.size, values)
            at, left = at + values * now.size, left - values


# ---- reports in a stream


def record(report: bytes) -> bytes:
    """A report as it goes over a line that knows no packets: its length in two bytes, low first, and itself."""
    return LENGTH.pack(len(report)) + report


def records(data: bytes) -> tuple[list[bytes], bytes]:
    """The whole reports of a stream, and what is left of it."""
    reports = []
    while len(data) >= LENGTH.size and len(data) >= (end := LENGTH.size + LENGTH.unpack_from(data)[0]):
        reports.append(data[LENGTH.size : end])
        data = data[end:]
    return reports, data
