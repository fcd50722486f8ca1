"""A HID device as a line of records: the report descriptor comes first, then each report as the device sends it.

A hidraw node hands over one report a read; on any other carrier (TCP, a tape) two bytes of length part them.
"""

import fcntl
import os
import struct
from collections.abc import Callable
from pathlib import Path

from drivers.hid import record, records
from drivers.line import CLOCK, CONNECT_SECONDS, Clock, FileLine, Line, LineLost, Tape, open_line

HIDIOCGRDESCSIZE, HIDIOCGRDESC = 0x80044801, 0x90044802  # linux/hidraw.h
MOST = 4096


class HidrawLine(FileLine):
    """/dev/hidraw…, or /dev/kiosk/… that leads there. Raises LineLost where it is none."""

    def __init__(self, port: str, tape: Tape | None, clock: Clock) -> None:
        try:
            file = os.open(port, os.O_RDWR | os.O_NONBLOCK | os.O_CLOEXEC)
        except OSError as error:
            if tape:
                tape.close()
            raise LineLost(f"{port}: {error.strerror}") from error
        super().__init__(file, port, tape=tape, clock=clock)
        try:
            (size,) = struct.unpack("i", fcntl.ioctl(file, HIDIOCGRDESCSIZE, bytes(4)))
            answer = fcntl.ioctl(file, HIDIOCGRDESC, struct.pack("I", size) + bytes(MOST))
        except OSError as error:
            self.close()
            raise LineLost(f"{port}: not a hidraw node: {error.strerror}") from error
        self._descriptor = answer[4 : 4 + size]

    def _now(self) -> bytes | None:
        if self._descriptor:
            said, self._descriptor = self._descriptor, b""
            return record(said)
        report = super()._now()
        return None if report is None else record(report)

    def write(self, data: bytes) -> None:
        """Records; each report begins with its number, 0 where it has none."""
        if self._tape:
            self._tape.note("out", data)
        for report in records(data)[0]:
            try:
                os.write(self._file, report)
            except OSError as error:
                raise LineLost(f"{self.name}: {error.strerror}") from error


def open_hid(
    port: str, *, record: Path | None, redact: Callable[[bytes], bytes], clock: Clock = CLOCK
) -> Line:
    """The line of records behind `port`: a hidraw node, `socket://host:port` or `tape://file`. Raises LineLost."""
    if "://" in port:
        return open_line(port, record=record, redact=redact, clock=clock)
    try:
        tape = Tape(record, redact, clock) if record else None
    except OSError as error:
        raise LineLost(f"{record}: {error.strerror}") from error
    return HidrawLine(port, tape, clock)


def described(line: Line, clock: Clock = CLOCK) -> tuple[bytes, bytes]:
    """The descriptor, and whatever came after it. Raises LineLost where none comes within CONNECT_SECONDS."""
    said, until = b"", clock.now() + CONNECT_SECONDS
    while not (whole := records(said)[0]):
        left = until - clock.now()
        data = line.read(max(0.0, left))
        if left <= 0 and not data:
            raise LineLost("no HID descriptor came")
        said += data
    return whole[0], said[len(record(whole[0])) :]
