"""The tactile keypad of a shopper who does not see the screen, and the switch in the headphone socket: input records to
what was pressed. A key that is held repeats nothing, and the same key again within the debounce is the same press."""

import fcntl
import os
import stat
from math import inf
from typing import Annotated, Literal

from msgspec import Meta, Struct

from drivers.line import CLOCK, Clock, Line, open_line
from drivers.scanners.evdev import DOWN, EV_KEY, EV_SYN, RECORD, SYN_DROPPED, SYN_REPORT, grab
from drivers.worker import Emit, Orders, Worker
from kiosk.checkout.effects import Deed
from kiosk.checkout.events import Event
from kiosk.checkout.passed import DeviceSeen, HeadsetSeen, KeypadPressed
from kiosk.checkout.session import Device, Health

# ---- config

Name = Literal[
    "left", "right", "up", "down", "ok", "back", "help", "repeat", "louder", "quieter", "faster", "slower",
    "audio", "curtain", "erase", "plugged", "unplugged", "0", "1", "2", "3", "4", "5", "6", "7", "8", "9",
]  # fmt: skip


class Config(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`port`: /dev/input/by-path/…-event-kbd or socket://host:port. `jack`: the input node of the headphone socket's
    switch, where it is not the keypad's own. `codes`: key codes (linux/input-event-codes.h) that this keypad sends for
    other keys than the usual ones; plugged and unplugged are for one that tells of its socket by keys. `debounce`:
    seconds within which the same key counts once."""

    port: Annotated[str, Meta(min_length=1)]
    jack: str = ""
    codes: dict[Name, Annotated[int, Meta(ge=1, le=767)]] = {}
    debounce: Annotated[float, Meta(ge=0, le=2)] = 0.08


# ---- decode

USUAL: dict[int, Name] = {
    105: "left", 106: "right", 103: "up", 108: "down", 28: "ok", 96: "ok", 1: "back", 14: "erase", 59: "help",
    55: "repeat", 115: "louder", 114: "quieter", 104: "faster", 109: "slower", 60: "audio", 61: "curtain",
}  # fmt: skip
"""Arrows, Enter, Esc, Backspace, F1, *, the volume keys, Page Up and Down, F2, F3."""
DIGITS: dict[int, Name] = {
    11: "0", 2: "1", 3: "2", 4: "3", 5: "4", 6: "5", 7: "6", 8: "7", 9: "8", 10: "9",
    82: "0", 79: "1", 80: "2", 81: "3", 75: "4", 76: "5", 77: "6", 71: "7", 72: "8", 73: "9",
}  # fmt: skip
"""The row above the letters, and the number pad."""
EV_SW, SW_HEADPHONE_INSERT = 5, 2


def keys(config: Config) -> dict[int, Name]:
    """What each key code means."""
    return USUAL | DIGITS | {code: name for name, code in config.codes.items()}


class Keys:
    """Reads input records. `feed(data, now)` gives what happened; no bytes make it raise."""

    def __init__(self, config: Config) -> None:
        self._names, self._debounce = keys(config), config.debounce
        self._bytes = b""
        self._pressed: dict[int, float] = {}
        self._skipping = False

    def feed(self, data: bytes, now: float) -> list[Event]:
        data = self._bytes + data
        size = len(data) - len(data) % RECORD.size
        self._bytes = data[size:]
        found: list[Event] = []
        for _, _, kind, code, value in RECORD.iter_unpack(data[:size]):
            found += self._event(kind, code, value, now)
        return found

    def _event(self, kind: int, code: int, value: int, now: float) -> list[Event]:
        if kind == EV_SYN:
            self._skipping = code == SYN_DROPPED or (self._skipping and code != SYN_REPORT)
        elif kind == EV_SW and code == SW_HEADPHONE_INSERT:
            return [HeadsetSeen(bool(value))]
        elif kind == EV_KEY and value == DOWN and not self._skipping:
            last = self._pressed.get(code, -inf)
            self._pressed[code] = now
            name = self._names.get(code)
            if name in ("plugged", "unplugged"):
                return [HeadsetSeen(name == "plugged")]
            if name is not None and now - last >= self._debounce:
                return [KeypadPressed(name)]
        return []


# ---- run

EVIOCGSW = 0x8002451B  # the switches of a node as they are now, two bytes


def switches(line: Line) -> list[Event]:
    """Whether a headset is in as the node is opened; the kernel only tells of changes."""
    if not stat.S_ISCHR(os.fstat(line.fileno()).st_mode):
        return []
    state = bytearray(2)
    try:
        fcntl.ioctl(line.fileno(), EVIOCGSW, state)
    except OSError:
        return []
    inserted = bool(state[0] >> SW_HEADPHONE_INSERT & 1)
    return [HeadsetSeen(True)] if inserted else []


class Keypad:
    """What is pressed becomes an event. A keypad or socket that is unplugged takes its headset with it."""

    def __init__(self, name: str, config: Config) -> None:
        self._name, self._config = name, config

    def run(self, line: Line, orders: Orders, emit: Emit) -> None:
        reader, heard = Keys(self._config), False
        emit(DeviceSeen(Device(self._name, Health.READY)))
        found = switches(line)
        try:
            while True:
                for event in found:
                    heard = event.plugged if isinstance(event, HeadsetSeen) else heard
                    emit(event)
                orders.wait(line, inf)
                found = reader.feed(line.read(0), orders.clock.now())
        finally:
            if heard:
                emit(HeadsetSeen(False))

    def refuse(self, deed: Deed) -> tuple[Event, ...]:
        return ()


def workers(config: Config, emit: Emit, clock: Clock = CLOCK) -> dict[str, Worker[Line]]:
    """The keypad, and the socket's switch where that is a node of its own; each in a thread, not yet started."""
    ports = {"keypad": config.port, "headset": config.jack}

    def worker(name: str, port: str) -> Worker[Line]:
        return Worker(name, lambda: grab(open_line(port, clock=clock)), Keypad(name, config), emit, clock)

    return {name: worker(name, port) for name, port in ports.items() if port}
