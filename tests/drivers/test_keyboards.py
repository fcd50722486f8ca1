"""Keyboards that nobody expects: grabbed, never read, told of once a plug; those of the lane's own are left alone."""

import os
import queue
import socket
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import pytest

from drivers import keyboards
from drivers.keyboards import Guard, Node, Udev, can_type, clean, node_of
from drivers.line import LineLost
from drivers.simulated.keyboard import strokes
from drivers.worker import Orders, Stopped
from kiosk.checkout.events import Event, Tampered
from kiosk.checkout.passed import DeviceSeen
from kiosk.checkout.session import Health
from tests.drivers.rig import FlyClock

FULL = "1000000000007 ff9f207ac14057ff febeffdfffefffff fffffffffffffffe"  # a PC keyboard
POWER_BUTTON = "10000000000000 0"
TOUCH = "400 0 0 0 0 0"


class Desk:
    """A machine that keyboards are plugged into, their nodes as pipes in a folder; it is a Monitor."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.typists: dict[str, int] = {}
        self._plugged: dict[str, Node] = {}
        self._plugs = 0
        self._rings, self._bell = socket.socketpair()
        self._bell.setblocking(False)

    def plug(self, name: str, usb: str = "1d6b:0104", keys: str = FULL, plug: str = "") -> str:
        """A device is plugged in; the path of its node."""
        self._plugs += 1
        path = str(self.folder / name)
        if not Path(path).exists():
            os.mkfifo(path)
        node = Node(path, name, usb, "1-1.3", plug or f"/devices/usb1/1-1.3#{self._plugs}", keys)
        self._plugged[path] = node
        self._rings.send(b"!")
        return path

    def unplug(self, path: str) -> None:
        del self._plugged[path]
        self._rings.send(b"!")

    def type(self, path: str, text: str) -> None:
        """What is typed waits in the pipe, for there is somebody who holds the other end."""
        self.typists[path] = os.open(path, os.O_WRONLY | os.O_NONBLOCK)
        os.write(self.typists[path], strokes(text))

    def taken(self, path: str) -> bool:
        """Whether somebody holds the node."""
        try:
            os.close(os.open(path, os.O_WRONLY | os.O_NONBLOCK))
        except OSError:
            return False
        return True

    def fileno(self) -> int:
        return self._bell.fileno()

    def drain(self) -> None:
        try:
            self._bell.recv(4096)
        except BlockingIOError:
            return

    def nodes(self) -> list[Node]:
        return list(self._plugged.values())

    def plug_of(self, path: str) -> str:
        real = os.path.realpath(path)
        return self._plugged[real].plug if real in self._plugged else ""

    def close(self) -> None:
        self._rings.close()
        self._bell.close()
        for typist in self.typists.values():
            os.close(typist)


class Rig:
    def __init__(self, desk: Desk, scanners: tuple[str, ...] = (), allowed: tuple[str, ...] = ()) -> None:
        self.desk, self.clock = desk, FlyClock()
        self.orders = Orders(self.clock)
        self.events: list[tuple[float, Event]] = []
        self._guard = Guard(scanners, allowed)

    def at(self, time: float, what: Callable[[], object]) -> None:
        self.clock.at(time, lambda: what() and None)

    def run(self, seconds: float) -> list[Tampered]:
        self.clock.at(self.clock.time + seconds, self.orders.stop)
        with pytest.raises(Stopped):
            self._guard.run(
                self.desk, self.orders, lambda event: self.events.append((self.clock.time, event))
            )
        return [event for _, event in self.events if isinstance(event, Tampered)]

    @property
    def health(self) -> Health:
        return [event.device.health for _, event in self.events if isinstance(event, DeviceSeen)][-1]


@pytest.fixture
def desk(tmp_path):
    desk = Desk(tmp_path)
    yield desk
    desk.close()


def test_a_keyboard_that_nobody_expects_is_grabbed_and_told_of_at_once(desk):
    rig = Rig(desk)
    rig.at(10.25, lambda: desk.plug("event7"))
    seen = []
    rig.at(11.5, lambda: seen.append(desk.taken(str(desk.folder / "event7"))))
    assert rig.run(60) == [Tampered("keyboard", "event7", "1d6b:0104", "1-1.3", True)]
    assert [time for time, event in rig.events if isinstance(event, Tampered)] == [10.25]
    assert rig.health is Health.FAULT and seen == [True]


def test_it_is_told_of_once_a_plug(desk):
    rig = Rig(desk)
    for time in (1, 11, 21):
        rig.at(time, lambda: desk.plug("event7"))
        rig.at(time + 5, lambda: desk.unplug(str(desk.folder / "event7")))
    assert len(rig.run(60)) == 3
    assert rig.health is Health.READY
    assert not desk.taken(str(desk.folder / "event7"))


def test_a_replug_that_is_seen_only_afterwards_is_one(desk):
    rig = Rig(desk)
    rig.at(1, lambda: desk.plug("event7"))
    rig.at(5.5, lambda: (desk.unplug(str(desk.folder / "event7")), desk.plug("event7")))
    assert len(rig.run(60)) == 2


def test_a_new_line_to_udev_is_no_new_plug(desk):
    rig = Rig(desk)
    desk.plug("event7")
    assert len(rig.run(10)) == 1
    rig.orders = Orders(rig.clock)
    assert len(rig.run(10)) == 1
    desk.unplug(str(desk.folder / "event7"))


def test_a_device_with_three_keyboards_is_one(desk):
    rig = Rig(desk)
    for number in range(7, 10):
        rig.at(1, lambda number=number: desk.plug(f"event{number}", plug="1-1.3#4"))
    taken = []
    rig.at(
        5, lambda: taken.extend(desk.taken(str(desk.folder / f"event{number}")) for number in range(7, 10))
    )
    assert len(rig.run(60)) == 1
    assert taken == [True] * 3


def test_nothing_of_what_it_types_is_ever_read(desk, caplog):
    rig = Rig(desk)
    path = desk.plug("event7")
    rig.at(2, lambda: desk.type(path, "rm -rf\n4111111111111111\n"))
    left = []
    rig.at(30, lambda: left.append(os.read(os.open(path, os.O_RDONLY | os.O_NONBLOCK), 65536)))
    rig.run(60)
    assert left == [strokes("rm -rf\n4111111111111111\n")]
    assert "4111" not in repr(rig.events) + caplog.text


def test_a_scanner_of_the_lane_is_left_to_its_driver(desk):
    link = desk.folder / "scanner"
    link.symlink_to(desk.plug("event3"))
    rig = Rig(desk, scanners=(str(link), "socket://127.0.0.1:7102"))
    taken = []
    rig.at(5, lambda: taken.append(desk.taken(str(desk.folder / "event3"))))
    assert rig.run(60) == []
    assert taken == [False] and rig.health is Health.READY


def test_a_second_keyboard_of_the_scanner_is_grabbed_and_is_no_attack(desk):
    link = desk.folder / "scanner"
    link.symlink_to(desk.plug("hidraw0", keys="0", plug="1-1#9"))  # the scanner is a HID POS device beside it
    second = desk.plug("event4", plug="1-1#9")
    rig = Rig(desk, scanners=(str(link),))
    taken = []
    rig.at(5, lambda: taken.append(desk.taken(second)))
    assert rig.run(60) == []
    assert taken == [True] and rig.health is Health.READY


def test_a_keypad_that_is_allowed_may_type(desk):
    rig = Rig(desk, allowed=(desk.plug("event5"),))
    taken = []
    rig.at(5, lambda: taken.append(desk.taken(str(desk.folder / "event5"))))
    assert rig.run(60) == []
    assert taken == [False]


def test_one_that_cannot_be_grabbed_is_told_of_and_looked_at_again(desk):
    rig = Rig(desk)
    path = desk.plug("event7")
    Path(path).unlink()
    rig.at(9.5, lambda: os.mkfifo(path))
    taken = []
    rig.at(11, lambda: taken.append(desk.taken(path)))
    (told,) = rig.run(60)
    assert not told.held and taken == [True]
    details = [event.device.detail for _, event in rig.events if isinstance(event, DeviceSeen)]
    assert details[0].endswith(", not grabbed") and not details[-1].endswith(", not grabbed")


@pytest.mark.parametrize(
    ("keys", "types"), [(FULL, True), (POWER_BUTTON, False), (TOUCH, False), ("10000000", True), ("", False)]
)
def test_who_can_type(keys, types):
    assert can_type(keys) is types


def test_what_a_device_calls_itself_does_no_harm():
    assert clean("Key\x1b[2Jboard\r\nINFO fine" + "x" * 99) == ("Key?[2Jboard??INFO fine" + "x" * 99)[:60]


def device(**more):
    """As pyudev tells of one."""
    usb = SimpleNamespace(
        device_path="/devices/usb1/1-1.3",
        sys_name="1-1.3",
        attributes={"idVendor": b"1d6b", "idProduct": b"0104\n", "devnum": b"17"},
    )
    parent = SimpleNamespace(
        device_path="/devices/usb1/1-1.3/input12",
        attributes={"name": b"Multi\xff Gadget\n", "capabilities/key": FULL.encode()},
    )
    fields = {"device_node": "/dev/input/event7", "parent": parent, "find_parent": lambda *kind: usb} | more
    return SimpleNamespace(**fields)


def test_a_node_as_udev_tells_of_it():
    assert node_of(device()) == Node(
        "/dev/input/event7", "Multi? Gadget", "1d6b:0104", "1-1.3", "/devices/usb1/1-1.3#17", FULL
    )
    other = node_of(device(find_parent=lambda *kind: None))
    assert (other.usb, other.port) == ("", "/devices/usb1/1-1.3/input12")


def test_this_machines_own_udev_answers():
    try:
        udev = Udev()
    except LineLost as absent:
        assert "no udev" in str(absent)
        return
    assert all(node.path.startswith("/dev/input/") for node in udev.nodes())
    assert udev.plug_of(os.devnull) and not udev.plug_of("/dev/kiosk/nothing")
    udev.drain()
    udev.close()


def test_the_worker_says_so_where_there_is_no_udev_and_stops_when_it_is_told():
    events: queue.Queue[Event] = queue.Queue()
    worker = keyboards.worker(keyboards.Config(), (), events.put)
    worker.start()
    seen = events.get(timeout=30)
    assert isinstance(seen, DeviceSeen) and seen.device.name == "keyboards"
    assert worker.stop(30)
