"""A scanner that is a keyboard: 24-byte input records (linux/input.h, 64 bit) to texts."""

import fcntl
import os
import stat
import struct
from pathlib import Path
from typing import Annotated

from msgspec import Meta, Struct

from drivers.line import CLOCK, Clock, Line, LineLost, masked, open_line
from drivers.scanners.layouts import DEAD, KEYPAD, LAYOUTS, Name, composed
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
ALT_DIGITS = 4


class Keys:
    """Reads input records: shift, AltGr (or Ctrl and Alt), caps lock, dead keys, keypad, Alt codes, and Ctrl.

    With Ctrl a key that is no letter counts by its US place, for scanners think so: Ctrl+] is GS.
    """

    def __init__(self, layout: Name) -> None:
        self._layout, self._dead = LAYOUTS[layout], DEAD[layout]
        self._bytes = b""
        self._text = self._spoiled = ""
        self._down: set[int] = set()
        self._caps = False
        self._alt_code = self._accent = ""
        self._skipping = False

    @property
    def waiting(self) -> bool:
        return bool(self._text or self._accent or self._spoiled)

    def feed(self, data: bytes) -> list[Scan]:
        data = self._bytes + data
        size = len(data) - len(data) % RECORD.size
        self._bytes = data[size:]
        scans: list[Scan] = []
        for _, _, kind, code, value in RECORD.iter_unpack(data[:size]):
            for char in self._typed(kind, code, value):
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
        self._text = self._spoiled = self._alt_code = self._accent = ""
        return "", why

    def _typed(self, kind: int, code: int, value: int) -> str:
        """What this record adds to the text: mostly one character or none."""
        if kind == EV_SYN and code == SYN_DROPPED:
            self._spoiled, self._skipping, self._caps = "dropped", True, False
            self._alt_code = self._accent = ""
            self._down.clear()
        elif kind == EV_SYN and code == SYN_REPORT:
            self._skipping = False
        elif kind == EV_KEY and not self._skipping and value in (DOWN, UP):
            char, dead = self._pressed(code) if value == DOWN else (self._released(code), False)
            if char:
                accent, self._accent = self._accent, char if dead else ""
                return accent if dead else composed(accent, char) if accent else char
        return ""

    def _pressed(self, code: int) -> tuple[str, bool]:
        """The character of a key with all that is held down now, and whether it is a dead key."""
        self._down.add(code)
        if code == CAPS_LOCK:
            self._caps = not self._caps
        ctrl, alt = bool(self._down & CTRLS), ALT in self._down
        if code in KEYPAD:
            if not alt:
                return KEYPAD[code], False
            self._alt_code = (self._alt_code + KEYPAD[code])[-ALT_DIGITS:]
            return "", False
        chars = self._layout.get(code, ("", "", ""))
        upper = bool(self._down & SHIFTS) ^ (self._caps and chars[0].isalpha())
        level = 2 if ALT_GR in self._down or (ctrl and alt) else int(upper)
        if ctrl and level < 2:
            return _control(code, chars[0]), False
        return chars[level], (code, level) in self._dead

    def _released(self, code: int) -> str:
        self._down.discard(code)
        if code != ALT:
            return ""
        typed, self._alt_code = self._alt_code, ""
        return _numbered(typed) if typed.isdecimal() else ""


def _numbered(typed: str) -> str:
    """The character of an Alt code as Windows has it: three digits by code page 437, with a 0 before by 1252."""
    byte = bytes([int(typed) & 0xFF])
    if byte.isascii():
        return byte.decode("ascii")
    return byte.decode("cp1252" if typed.startswith("0") else "cp437", "replace")


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
    driver = Scanner(name, lambda: Keys(config.layout), config.gap, shop, secret)
    record = Path(config.record) if config.record else None
    return Worker(
        name,
        lambda: grab(open_line(config.port, record=record, redact=masked, clock=clock)),
        driver,
        emit,
        clock,
    )
