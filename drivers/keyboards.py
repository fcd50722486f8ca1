"""Keyboards that do not belong to the lane: grabbed, so that they type nothing, never read, and reported once a plug.

A thing that looks like a scanner and types commands is the way into a kiosk. Every input node that can type is looked
at; those of the lane's own scanners are left to their drivers, and so are those that the configuration allows. A second
keyboard on the same USB device as a scanner is grabbed as well, but is nobody's attack.
"""

import os
import struct
from collections.abc import Iterable
from contextlib import suppress
from typing import Any, NamedTuple, Protocol

from msgspec import Struct

from drivers.line import CLOCK, Absent, Clock, Line, LineLost, open_line
from drivers.scanners.evdev import grab
from drivers.worker import Emit, Orders, Worker
from kiosk.checkout.effects import Deed
from kiosk.checkout.events import Event, Tampered
from kiosk.checkout.passed import DeviceSeen
from kiosk.checkout.session import Device, Health


class Config(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """With this table unknown keyboards are kept from typing. `allowed`: nodes of those that may, as a keypad for
    shoppers who do not see the screen (/dev/input/by-path/…-event-kbd)."""

    allowed: tuple[str, ...] = ()


LOOK = 1.0  # seconds; uevents only make it faster, for udev's own never reach a private network namespace
NAME = "keyboards"
LETTERS = 60

# ---- what is plugged in


class Node(NamedTuple):
    """One input node. `plug` is the device that it belongs to, another one after each replug."""

    path: str
    name: str
    usb: str
    port: str
    plug: str
    keys: str


class Monitor(Protocol):
    """What udev knows; it can be waited for."""

    def fileno(self) -> int: ...

    def drain(self) -> None:
        """Throw away what has come: nodes() tells everything anew."""

    def nodes(self) -> list[Node]:
        """Every input node that udev has named and given its rights."""

    def plug_of(self, path: str) -> str:
        """The plug behind a device file, "" where there is none."""

    def close(self) -> None: ...


class Udev:
    """The kernel's uevents and udev's names. Raises Absent where this machine has no udev."""

    def __init__(self) -> None:
        try:
            import pyudev

            self._devices, self._unknown = pyudev.Devices, pyudev.DeviceNotFoundError
            self._context = pyudev.Context()
            self._monitor = pyudev.Monitor.from_netlink(self._context, "kernel")
            self._monitor.filter_by("input")
            self._monitor.start()
        except (ImportError, OSError) as error:
            raise Absent(f"no udev: {error}") from error

    def fileno(self) -> int:
        return int(self._monitor.fileno())

    def drain(self) -> None:
        with suppress(OSError):  # more has come than it could keep
            while self._monitor.poll(0) is not None:
                pass

    def nodes(self) -> list[Node]:
        found = self._context.list_devices(subsystem="input", sys_name="event*").match_is_initialized()
        return [node_of(each) for each in found if each.device_node and each.parent is not None]

    def plug_of(self, path: str) -> str:
        try:
            return plugged(self._devices.from_device_file(self._context, path))[1]
        except self._unknown:
            return ""

    def close(self) -> None:
        self._monitor = None


def plugged(device: Any) -> tuple[Any, str]:
    """The USB device behind a device of udev's (or, on another bus, its own parent), and the name of this plug."""
    usb = device.find_parent("usb", "usb_device")
    if usb is None:
        return None, device.parent.device_path if device.parent is not None else device.device_path
    return usb, f"{usb.device_path}#{_text(usb, 'devnum')}"


def node_of(device: Any) -> Node:
    """A device of udev's as a node."""
    usb, plug = plugged(device)
    return Node(
        path=device.device_node,
        name=clean(_text(device.parent, "name")),
        usb=f"{_text(usb, 'idVendor')}:{_text(usb, 'idProduct')}" if usb is not None else "",
        port=usb.sys_name if usb is not None else clean(plug),
        plug=plug,
        keys=_text(device.parent, "capabilities/key"),
    )


def _text(device: Any, attribute: str) -> str:
    return str(device.attributes.get(attribute, b"").decode("utf-8", "replace")).strip()


def clean(text: str) -> str:
    """What a device calls itself, without anything that could do harm in a log or on a page."""
    return "".join(char if " " <= char <= "~" else "?" for char in text)[:LETTERS]


# ---- who can type

WORD = struct.calcsize("l") * 8  # the kernel writes its bitmaps in words of this size
TYPING = frozenset({*range(2, 12), *range(16, 26), 28, *range(30, 39), *range(44, 51), *range(71, 84), 96})
"""Digits, letters, keypad and Enter of linux/input-event-codes.h."""


def can_type(keys: str) -> bool:
    """Whether a bitmap of keys, hexadecimal words with the highest first, has one that types."""
    words = reversed(keys.split())
    bits = sum(int(word, 16) << WORD * place for place, word in enumerate(words))
    return any(bits >> key & 1 for key in TYPING)


# ---- run


class Guard:
    """Looks whenever something is plugged in, and once a second. It holds what it grabbed until it is unplugged."""

    def __init__(self, scanners: Iterable[str], allowed: Iterable[str]) -> None:
        """`scanners`: the ports of the lane's own, of whatever kind."""
        self._scanners = [port for port in scanners if "://" not in port]
        self._allowed = tuple(allowed)
        self._told: set[str] = set()

    def run(self, line: Monitor, orders: Orders, emit: Emit) -> None:
        held: dict[Node, Line | None] = {}
        try:
            while True:
                self._look(line, held, emit)
                orders.wait(line, LOOK)
                line.drain()
        finally:
            for grabbed in held.values():
                if grabbed is not None:
                    grabbed.close()

    def refuse(self, deed: Deed) -> tuple[Event, ...]:
        return ()

    def _look(self, monitor: Monitor, held: dict[Node, Line | None], emit: Emit) -> None:
        """Grab what is new, let go what is gone, and tell of each strange plug once."""
        nodes = [node for node in monitor.nodes() if can_type(node.keys)]
        for gone in held.keys() - set(nodes):
            if (line := held.pop(gone)) is not None:
                line.close()
        own = {os.path.realpath(port) for port in (*self._scanners, *self._allowed)}
        scanners = {monitor.plug_of(port) for port in self._scanners}
        strange = []
        for node in nodes:
            if node.path in own:
                continue
            if held.get(node) is None:
                held[node] = taken(node.path)
            if node.plug not in scanners:
                strange.append(node)
        for node in strange:
            if node.plug not in self._told:
                self._told.add(node.plug)
                emit(Tampered("keyboard", node.name, node.usb, node.port, held[node] is not None))
        emit(DeviceSeen(health(strange, held)))
        self._told &= {node.plug for node in nodes}


def taken(path: str) -> Line | None:
    """The node, for nobody but us; None if it cannot be had (it is looked at again)."""
    try:
        return grab(open_line(path))
    except LineLost:
        return None


def health(strange: list[Node], held: dict[Node, Line | None]) -> Device:
    if not strange:
        return Device(NAME, Health.READY)
    said = (
        f"{node.usb} {node.name} at {node.port}{'' if held[node] else ', not grabbed'}" for node in strange
    )
    return Device(NAME, Health.FAULT, "unknown: " + "; ".join(said))


def worker(config: Config, scanners: Iterable[str], emit: Emit, clock: Clock = CLOCK) -> Worker[Udev]:
    """The guard in a thread of its own, not yet started."""
    return Worker(NAME, Udev, Guard(scanners, config.allowed), emit, clock)
