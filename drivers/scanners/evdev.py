"""A scanner that is a keyboard: 24-byte input records (linux/input.h, 64 bit) to texts."""

import fcntl
import os
import stat
import struct
from pathlib import Path
from typing import Annotated

from msgspec import Meta, Struct

from drivers.line import CLOCK, Clock, Line, LineLost, masked, open_line
from drivers.scanners.layouts import KEYPAD, LAYOUTS, Layout, Name
from drivers.scanners.scanner import LONGEST, Scan, Scanner, Secret
from drivers.worker import Emit, Worker
from kiosk.barcode import ShopCodes

# ---- config


class Config(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, tag_field="model", tag="evdev"):
    """`port`: /dev/input/by-id/…-event-kbd or socket://host:port. `layout`: what the scanner is set to. `gap`:
    seconds of silence after which half a scan is thrown away. `record`: a tape, on which keys are masked."""

    port: Annotated[str, Meta(min_length=1)]
    layout: Name = "us"
    gap: Annotated[float, Meta(ge=0.02, le=5)] = 0.2
    record: str = ""


# ---- decode

RECORD = struct.Struct("@llHHi")  # seconds, microseconds, type, code, value
EV_SYN, EV_KEY = 0, 1
SYN_REPORT, SYN_DROPPED = 0, 3
UP, DOWN = 0, 1  # 2 is a held key repeating
SHIFTS, CTRLS, ALT, ALT_GR, CAPS_LOCK = {42, 54}, {29, 97}, 56, 100, 58
ENDS = "\r\n\t"


class Keys:
    """Reads input records: shift, AltGr, caps lock, keypad, Alt codes, and Ctrl (Ctrl+] is GS).

    With Ctrl a key that is no letter counts by its US place, for scanners think so.
    """

    def __init__(self, layout: Layout) -> None:
        self._layout = layout
        self._bytes = b""
        self._text = ""
        self._down: set[int] = set()
        self._caps = False
        self._alt_code = ""
        self._spoiled = ""
        self._skipping = False

    @property
    def waiting(self) -> bool:
        return bool(self._text or self._spoiled)

    def feed(self, data: bytes) -> list[Scan]:
        data = self._bytes + data
        size = len(data) - len(data) % RECORD.size
        self._bytes = data[size:]
        scans: list[Scan] = []
        for _, _, kind, code, value in RECORD.iter_unpack(data[:size]):
            for char in self._char(kind, code, value):
                if char in ENDS:
                    if self.waiting:
                        scans.append(("" if self._spoiled else self._text, self._spoiled))
                    self.cut()
                elif len(self._text) < LONGEST:
                    self._text += char
                else:
                    self._spoiled = "too_long"
        return scans

    def cut(self) -> Scan:
        why = self._spoiled or "cut"
        self._text = self._spoiled = ""
        return "", why

    def _char(self, kind: int, code: int, value: int) -> str:
        """The character that this record types, or ""."""
        if kind == EV_SYN and code == SYN_DROPPED:
            self._spoiled, self._skipping = "dropped", True
            self._down.clear()
        elif kind == EV_SYN and code == SYN_REPORT:
            self._skipping = False
        elif kind == EV_KEY and not self._skipping:
            if value == DOWN:
                return self._pressed(code)
            if value == UP:
                return self._released(code)
        return ""

    def _pressed(self, code: int) -> str:
        self._down.add(code)
        if code == CAPS_LOCK:
            self._caps = not self._caps
        if code in KEYPAD:
            if ALT not in self._down:
                return KEYPAD[code]
            self._alt_code += KEYPAD[code]
            return ""
        plain, shifted, alt_gr = self._layout.get(code, ("", "", ""))
        if self._down & CTRLS and ALT_GR not in self._down:
            return _control(code, plain)
        if ALT_GR in self._down:
            return alt_gr
        upper = bool(self._down & SHIFTS) ^ (self._caps and plain.isalpha())
        return shifted if upper else plain

    def _released(self, code: int) -> str:
        self._down.discard(code)
        if code == ALT and self._alt_code:
            typed, self._alt_code = self._alt_code[-3:], ""
            return chr(int(typed) & 0xFF) if typed.isdecimal() else ""
        return ""


def _control(code: int, plain: str) -> str:
    """The control character of a key: Ctrl+A is 0x01, Ctrl+] 0x1D."""
    us_plain, us_shifted, _ = LAYOUTS["us"].get(code, ("", "", ""))
    if plain.isascii() and plain.isalpha():
        named = plain.upper()
    else:
        named = us_shifted if us_plain in ("2", "6", "-") else us_plain
    return chr(ord(named) & 0x1F) if "@" <= named <= "_" else ""


# ---- run

EVIOCGRAB = 0x40044590


def grab(line: Line) -> Line:
    """Take an input node for us alone, so that its keys reach neither the screen nor a console."""
    if stat.S_ISCHR(os.fstat(line.fileno()).st_mode):
        try:
            fcntl.ioctl(line.fileno(), EVIOCGRAB, 1)
        except OSError as error:
            line.close()
            raise LineLost(f"cannot be grabbed: {error.strerror}") from error
    return line


def worker(
    name: str, config: Config, shop: ShopCodes, secret: Secret, emit: Emit, clock: Clock = CLOCK
) -> Worker[Line]:
    """The scanner in a thread of its own, not yet started; every opening grabs its node anew."""
    driver = Scanner(name, lambda: Keys(LAYOUTS[config.layout]), config.gap, shop, secret)
    record = Path(config.record) if config.record else None
    return Worker(
        name,
        lambda: grab(open_line(config.port, record=record, redact=masked, clock=clock)),
        driver,
        emit,
        clock,
    )
