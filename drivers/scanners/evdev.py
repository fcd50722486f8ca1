"""A scanner that is a keyboard: 24-byte input records (linux/input.h, 64 bit) to texts."""

import fcntl
import os
import stat
import struct
from pathlib import Path
from typing import Annotated

from msgspec import Meta, Struct

from drivers.line import CLOCK, Clock, Line, LineLost, masked, open_line
from drivers.scanners import LONGEST, Secret, scanned
from drivers.worker import Emit, Orders, Worker
from kiosk.barcode import ShopCodes
from kiosk.checkout.effects import Deed, HoldScanner
from kiosk.checkout.events import DeviceSeen, Event, UnreadableScanned
from kiosk.checkout.model import Device, Health

# ---- config


class Config(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, tag_field="model", tag="evdev"):
    """`port`: /dev/input/by-id/…-event-kbd or socket://host:port. `gap`: seconds of silence after which half
    a scan is thrown away. `record`: a tape, on which keys are masked."""

    port: Annotated[str, Meta(min_length=1)]
    gap: Annotated[float, Meta(ge=0.02, le=5)] = 0.2
    record: str = ""


# ---- decode

RECORD = struct.Struct("@llHHi")  # seconds, microseconds, type, code, value
EV_SYN, EV_KEY = 0, 1
SYN_REPORT, SYN_DROPPED = 0, 3
UP, DOWN = 0, 1  # 2 is a held key repeating
SHIFTS, CTRLS, ALTS, CAPS_LOCK = {42, 54}, {29, 97}, {56, 100}, 58


def _row(first: int, plain: str, shifted: str) -> dict[int, tuple[str, str]]:
    return {first + i: pair for i, pair in enumerate(zip(plain, shifted, strict=True))}


US = (  # key code of linux/input-event-codes.h: (plain, shifted)
    _row(2, "1234567890-=", "!@#$%^&*()_+")
    | _row(15, "\tqwertyuiop[]\n", "\tQWERTYUIOP{}\n")
    | _row(30, "asdfghjkl;'`", 'ASDFGHJKL:"~')
    | _row(43, "\\zxcvbnm,./", "|ZXCVBNM<>?")
    | {57: (" ", " ")}
)
KEYPAD = {
    82: "0", 79: "1", 80: "2", 81: "3", 75: "4", 76: "5", 77: "6", 71: "7", 72: "8", 73: "9",
    83: ".", 55: "*", 74: "-", 78: "+", 98: "/", 96: "\n",
}  # fmt: skip
ENDS = "\r\n\t"


class Keys:
    """Input records to texts: US layout with shift, caps lock, keypad, Alt codes, and Ctrl (Ctrl+] is GS)."""

    def __init__(self) -> None:
        self._bytes = b""
        self._text = ""
        self._down: set[int] = set()
        self._caps = False
        self._alt_code = ""
        self._spoiled = ""
        self._skipping = False

    @property
    def waiting(self) -> bool:
        """Half a scan is here."""
        return bool(self._text or self._spoiled)

    def feed(self, data: bytes) -> list[tuple[str, str]]:
        """The scans that `data` completes, as (text, "") or ("", why it is spoiled)."""
        data = self._bytes + data
        size = len(data) - len(data) % RECORD.size
        self._bytes = data[size:]
        scans = []
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

    def cut(self) -> str:
        """Throw half a scan away; the answer says why it is one."""
        why = self._spoiled or "cut"
        self._text = self._spoiled = ""
        return why

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
            if self._down & ALTS and KEYPAD[code].isdecimal():
                self._alt_code += KEYPAD[code]
                return ""
            return KEYPAD[code]
        plain, shifted = US.get(code, ("", ""))
        if self._down & CTRLS:
            named = shifted if plain in ("2", "6", "-") else plain.upper()
            return chr(ord(named) & 0x1F) if "@" <= named <= "_" else ""
        upper = bool(self._down & SHIFTS) ^ (self._caps and plain.isalpha())
        return shifted if upper else plain

    def _released(self, code: int) -> str:
        self._down.discard(code)
        if code in ALTS and self._alt_code:
            typed, self._alt_code = int(self._alt_code[-3:]), ""
            return chr(typed & 0xFF)
        return ""


# ---- run

EVIOCGRAB = 0x40044590


def grab(line: Line) -> None:
    """Take an input node for us alone, so that its keys reach neither the screen nor a console."""
    if not stat.S_ISCHR(os.fstat(line.fileno()).st_mode):
        return
    try:
        fcntl.ioctl(line.fileno(), EVIOCGRAB, 1)
    except OSError as error:
        raise LineLost(f"cannot be grabbed: {error.strerror}") from error


class WedgeScanner:
    """A keyboard wedge. What was typed while nothing may be scanned is thrown away: it has no off switch."""

    def __init__(self, name: str, config: Config, shop: ShopCodes, secret: Secret) -> None:
        self._name = name
        self._config = config
        self._shop = shop
        self._secret = secret
        self._held = False

    def run(self, line: Line, orders: Orders, emit: Emit) -> None:
        grab(line)
        keys = Keys()
        emit(DeviceSeen(Device(self._name, Health.READY)))
        while True:
            deed = orders.wait(line, self._config.gap if keys.waiting else 3600.0)
            if isinstance(deed, HoldScanner):
                self._held = deed.held
            elif deed is None:
                self._hear(line.read(0), keys, emit)

    def refuse(self, deed: Deed) -> tuple[Event, ...]:
        if isinstance(deed, HoldScanner):
            self._held = deed.held
        return ()

    def _hear(self, data: bytes, keys: Keys, emit: Emit) -> None:
        scans = keys.feed(data)
        if not data and keys.waiting:
            scans.append(("", keys.cut()))
        for text, spoiled in scans if not self._held else ():
            emit(UnreadableScanned(spoiled) if spoiled else scanned(text, self._shop, self._secret))


def worker(
    name: str, config: Config, shop: ShopCodes, secret: Secret, emit: Emit, clock: Clock = CLOCK
) -> Worker[Line]:
    """The scanner in a thread of its own, not yet started."""
    driver = WedgeScanner(name, config, shop, secret)
    record = Path(config.record) if config.record else None
    return Worker(
        name,
        lambda: open_line(config.port, record=record, redact=masked, clock=clock),
        driver,
        emit,
        clock,
    )
