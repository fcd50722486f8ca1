"""`python -m tests.vm.whole [--image FILE]`: the lane in a box. The image is built, started, made a lane, and sells.

Scanner, scales and printer are on its USB, a second scanner is a keyboard there; card terminal and store server are on
its network; all of them are outside. What is on its glass is compared with what the program would draw, pixel by pixel.
Then it is harmed, and each time how long it takes to be well again is told.
"""

import argparse
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from pathlib import Path

from drivers.simulated.lane import SimulatedLane
from drivers.simulated.world import Card
from kiosk.checkout.passed import ScaleRead
from kiosk.checkout.session import LiveWeight, Reading
from kiosk.units import Grams
from tests.conftest import ROOT
from tests.vm.channel import Silence
from tests.vm.device import APPEND, SEEN, USB, Device, disk, laid, machine
from tests.vm.guest import Guest
from tests.vm.machine import Drive
from tests.vm.plug import TERMINAL
from tests.vm.store import DOOR, Store
from tests.vm.usb import UsbLine

LANE = "4"
LIFE = 900.0
START = 300.0
"""Seconds that a start may take, on a machine that has much else to do."""
MILK, YOGHURT = ("3850108020908", 1062), ("3850354009726", 159)
DEVICES = ("scanner", "scanner 2", "produce", "bag", "terminal", "printer")
NEEDED = ("qemu-system-x86_64", "mmdebstrap", "mksquashfs", "veritysetup", "rauc", "mcopy")
BANANAS, WEIGHED = "4011", 1240
ORDER, RESULT, HELD = "hear 06 01", "say 04 0f", 5.0
"""Once it was told to take money, the terminal's word at which a payment is held up, and for how many seconds."""
PYTHON = "/opt/kiosk/current/bin/python -S -E"
TIMES = (
    'import sqlite3; db = sqlite3.connect("file:/var/lib/kiosk/journal/journal.db?mode=ro", uri=True); '
    'print(*[at for at, in db.execute("SELECT at FROM turns ORDER BY seq")])'
)
MARKS = (
    ("kernel, first file system", "systemctl show -P UserspaceTimestampMonotonic"),
    ("system initialised", "systemctl show -P ActiveEnterTimestampMonotonic sysinit.target"),
    (
        "its configuration, its journal checked",
        "systemctl show -P InactiveExitTimestampMonotonic kiosk.service",
    ),
    ("the program, to its first page", "systemctl show -P ActiveEnterTimestampMonotonic kiosk.service"),
)
FULL, LEFT = "/var/lib/kiosk/full", "df -k --output=avail /var/lib/kiosk | tail -n 1"
STATE = "systemctl is-active kiosk.service"
KIOSK = "systemctl show --property=MainPID --value kiosk.service"


class Report:
    """What was measured, line by line; `failed` counts what was not as it must be."""

    def __init__(self) -> None:
        self.failed = 0

    def row(self, what: str, seconds: float, goal: float | None = None) -> None:
        good = goal is None or seconds <= goal
        self.failed += not good
        told = "" if goal is None else f"  goal {goal:g} s{'' if good else '  MISSED'}"
        print(f"{what:<56} {seconds:6.1f} s{told}", flush=True)

    def check(self, what: str, good: bool, detail: object = "") -> None:
        self.failed += not good
        print(f"{what:<56} {'ok' if good else f'FAILED {detail}'}", flush=True)


class Box:
    """A device out of its box, and the shop around it."""

    def __init__(self, image: Path, folder: Path, lane: SimulatedLane, store: Store, report: Report) -> None:
        self.lane, self.store, self.report, self.folder = lane, store, report, folder
        invitation = store.invite(LANE, TERMINAL)
        self.disk = disk(image, folder / "disk.img", {**laid(), "enrol.toml": invitation.encode()})

    def on(self, ends: ExitStack) -> Device:
        """Power on, with everything plugged in."""
        doors = {TERMINAL: self.lane.terminal.number, DOOR: self.store.port}
        guest = ends.enter_context(Guest(machine(Drive("disk", file=self.disk), doors), LIFE))
        device = Device(guest, self.folder)
        self.plugs = {
            name: ends.enter_context(UsbLine(guest.folder / name, getattr(self.lane, name).number))
            for name in USB
        }
        return device

    def put(self, grams: int) -> None:
        self.lane.world.put("bag", grams)


def first_start(box: Box, device: Device) -> None:
    """Out of the box to the page that waits for shoppers, enrolled by the file on the boot partition."""
    device.wake()
    device.until("the first word", lambda d: bool(d.status), START)
    box.report.row("power on to the first page, first start", device.age)
    device.until("a lane", lambda d: bool(d.status.get("ready")), START)
    device.until("all devices", lambda d: d.well(*DEVICES), START)
    box.report.row("power on to a lane that sells, first start", device.age)
    device.until("goods", lambda d: d.status["devices"].get("catalogue", "ready") == "ready", START)
    device.look("the page that waits for shoppers")


def bag(box: Box, device: Device, thing: tuple[str, int], scan: Callable[[str], object]) -> None:
    """A thing before a scanner, and into the bag."""
    wanted = device.pieces + 1
    scan(thing[0])
    device.until(f"piece {wanted}", lambda d: d.pieces == wanted)
    box.put(thing[1])
    device.until("the bag to be at rest", lambda d: not d.pending)
    device.look(f"the page with {wanted} pieces")


def weigh(box: Box, device: Device) -> None:
    """Bananas by their number, on the produce scale, and into the bag."""
    wanted = device.pieces + 1
    device.twin.feel(ScaleRead("produce", LiveWeight(Reading.ZERO)))
    device.guest.qmp.type(BANANAS + "\n")
    device.until("the page for weighing", lambda d: d.panel == "weigh")
    box.lane.world.change(produce=WEIGHED)
    device.twin.feel(ScaleRead("produce", LiveWeight(Reading.WEIGHT, Grams(WEIGHED))))
    device.tap("add", "the bananas", lambda d: d.pieces == wanted)
    box.lane.world.change(produce=0)
    box.put(WEIGHED)
    device.until("the bag to be at rest", lambda d: not d.pending)
    device.look(f"the page with {wanted} pieces")


def sale(box: Box, device: Device) -> None:
    """Two things by two scanners, one weighed, paid by card, printed; the store server has it."""
    papers, sold = len(box.lane.printer.papers), len(box.store.sales())
    charged = box.lane.terminal.book.charged
    bag(box, device, MILK, box.lane.scanner.scan)
    bag(box, device, YOGHURT, lambda code: device.guest.qmp.type(code + "\n"))
    weigh(box, device)
    due = device.total
    pay(box, device)
    device.tap("print", "the paper", lambda d: len(box.lane.printer.papers) > papers)
    text = box.lane.printer.papers[-1].text
    box.report.check("the receipt says what was due", f"{due // 100}.{due % 100:02}" in text, text)
    taken = box.lane.terminal.book.charged - charged
    box.report.check("the terminal has charged it once", taken == due > 240, (taken, due))
    waited = device.outside("the sale at the store server", lambda: len(box.store.sales()) > sold)
    box.report.row("paid to the sale at the store server", waited)
    leave(box, device)


def pay(box: Box, device: Device) -> None:
    box.lane.world.change(card=Card())
    device.tap("pay", "the page for paying", lambda d: d.phase("Paying") or d.phase("Finishing"))
    device.until("paid", lambda d: d.phase("Finishing"))
    device.look("the page that says paid")


def leave(box: Box, device: Device) -> None:
    """She goes, with her bag, and the scale has seen it."""
    if not device.thanked:
        device.tap("Done", "goodbye", lambda d: d.thanked or d.phase("Idle"))
    box.lane.world.change(bag=0)
    device.until("the empty plate", lambda d: d.twin.bag == 0)
    device.until("the next shopper", lambda d: d.phase("Idle"))


def paid(box: Box, device: Device) -> None:
    """Pay without a paper, and make room for the next shopper."""
    sold, due, charged = len(box.store.sales()), device.total, box.lane.terminal.book.charged
    pay(box, device)
    leave(box, device)
    device.outside("the sale at the store server", lambda: len(box.store.sales()) == sold + 1)
    taken = box.lane.terminal.book.charged - charged
    box.report.check("charged once, and at the store server once", taken == due, (taken, due))


def unplugged(box: Box, device: Device) -> None:
    """Each plug is pulled and put in again; the page is right each time."""
    for name, plug in box.plugs.items():
        plug.unplug()
        gone = device.until(f"{name} gone", lambda d, name=name: not d.well(name))  # type: ignore[misc]
        plug.plug()
        back = device.until(f"{name} back", lambda d, name=name: d.well(name))  # type: ignore[misc]
        box.report.row(f"{name} unplugged: noticed", gone, 3.0)
        box.report.row(f"{name} plugged in: ready", back, 3.0)
    device.look("the page that waits for shoppers")


def stopped(box: Box, device: Device) -> None:
    """systemctl stop while nobody is here."""
    began = time.monotonic()
    device.shell.good("systemctl stop kiosk.service")
    box.report.row("systemctl stop, idle", time.monotonic() - began, 3.0)
    began = time.monotonic()
    begun_anew(device)
    box.report.row("systemctl start to ready", time.monotonic() - began)
    device.until("all devices", lambda d: d.well(*DEVICES), START)


def strange(box: Box, device: Device) -> None:
    """Something on USB that is not on the lane's list gets current, and no driver."""
    device.guest.qmp.do("device_add", driver="usb-ccid", bus="xhci.0", id="strange")
    count = "cat /sys/bus/usb/devices/*:*/authorized | grep -c 0"
    device.until("the device", lambda d: d.shell.run(count).output.strip() not in ("", "0"))
    bound = device.shell.run("ls -d /sys/bus/usb/devices/*:*/driver | wc -l").output.strip()
    box.report.check("a card reader on USB is not let in", int(bound) >= len(USB), bound)
    device.guest.qmp.do("device_del", id="strange")


def stopped_paying(box: Box, device: Device) -> None:
    """systemctl stop while a card is at the terminal: the end comes after the payment's."""
    bag(box, device, MILK, box.lane.scanner.scan)
    due, charged, sold = device.total, box.lane.terminal.book.charged, len(box.store.sales())
    there, go = threading.Event(), threading.Event()
    terminal, before = box.lane.terminal, len(box.lane.terminal.steps)

    def step(name: str) -> None:
        if name == RESULT and ORDER in terminal.steps[before:] and not there.is_set():
            there.set()
            go.wait(SEEN)

    terminal.on_step = step
    box.lane.world.change(card=Card())
    device.tap("pay", "the page for paying", lambda d: d.phase("Paying"))
    device.outside("the card at the terminal", there.is_set)
    device.shell.good("systemctl --no-block stop kiosk.service")
    time.sleep(HELD)
    state = device.shell.run("systemctl is-active kiosk.service").output.strip()
    box.report.check("told to stop in a payment, it waits for the end", state == "deactivating", state)
    go.set()
    began = time.monotonic()
    device.until("the end", lambda d: d.shell.run(STATE).output.strip() == "inactive")
    box.report.row("from the terminal's answer to the end", time.monotonic() - began, 10.0)
    begun_anew(device)
    device.look("the page that says paid")
    leave(box, device)
    device.outside("the sale at the store server", lambda: len(box.store.sales()) == sold + 1)
    taken = box.lane.terminal.book.charged - charged
    box.report.check("charged once", taken == due, (taken, due))
    device.until("all devices", lambda d: d.well(*DEVICES), START)


def begun_anew(device: Device) -> None:
    device.until("silence", lambda d: not d.status)
    device.shell.good("systemctl start kiosk.service", START)
    device.until("ready", lambda d: bool(d.status.get("ready")), START)


def full(box: Box, device: Device) -> None:
    """The disk fills up under a basket: she pays; nobody begins another until there is room."""
    bag(box, device, MILK, box.lane.scanner.scan)
    device.shell.good(f"fallocate -l $(( $({LEFT}) - 4096 ))k {FULL}", SEEN)
    paid(box, device)
    box.lane.scanner.scan(MILK[0])
    device.until("the disk to be missed", lambda d: d.status["devices"].get("storage") == "fault")
    device.look("the page that takes a break")
    box.report.check("on a full disk no basket begins", device.pieces == 0 and device.phase("Idle"))
    device.shell.good(f"rm {FULL}")
    box.report.row("room again, to a lane that sells", device.until("room", lambda d: d.well("storage")), 3.0)
    bag(box, device, MILK, box.lane.scanner.scan)
    paid(box, device)


def set_back(box: Box, device: Device) -> None:
    """The clock goes back by two hours, and the lane starts so: sales keep their order."""
    device.shell.good("systemctl stop kiosk.service; date -s '2 hours ago'")
    begun_anew(device)
    device.until("all devices", lambda d: d.well(*DEVICES), START)
    bag(box, device, MILK, box.lane.scanner.scan)
    paid(box, device)
    times = device.shell.good(f"{PYTHON} -c '{TIMES}'").split()
    box.report.check(
        "with the clock set back, sales keep their order", times == sorted(times, key=int), times
    )
    device.shell.good("systemctl stop kiosk.service; date -s '2 hours'")
    begun_anew(device)
    device.until("all devices", lambda d: d.well(*DEVICES), START)


def hung(box: Box, device: Device) -> None:
    """The whole process stands still with a basket open; its watchdog ends it."""
    bag(box, device, MILK, box.lane.scanner.scan)
    was = device.shell.good(KIOSK)
    device.shell.good(f"kill -STOP {was}")
    began = time.monotonic()
    device.until("another process", lambda d: d.shell.good(KIOSK) not in ("0", was), START)
    device.status, device.starts = {}, 0
    device.until("the kiosk again", lambda d: bool(d.status.get("ready")) and d.restarted, START)
    device.look("the basket")
    box.report.row("a program that hangs: the basket is there again", time.monotonic() - began, 25.0)
    box.report.check("nothing of the basket is lost", device.pieces == 1, device.pieces)
    device.until("all devices", lambda d: d.well(*DEVICES), START)
    paid(box, device)


def panicked(box: Box, device: Device) -> None:
    """The kernel gives up with a basket open; the machine starts anew by itself."""
    bag(box, device, MILK, box.lane.scanner.scan)
    device.status = {}
    device.shell.channel.send(b"echo c >/proc/sysrq-trigger\n")
    began = time.monotonic()
    device.wake()
    device.until("the kiosk again", lambda d: bool(d.status.get("ready")), START)
    device.look("the basket")
    box.report.row("a kernel that panics: the basket is there again", time.monotonic() - began, 60.0)
    steps(box, device, began)
    box.report.check("nothing of the basket is lost", device.pieces == 1, device.pieces)
    device.until("all devices", lambda d: d.well(*DEVICES), START)
    paid(box, device)


def steps(box: Box, device: Device, began: float) -> None:
    """Where the seconds of a start went that began then, by the kernel's clock and systemd's marks."""
    up = float(device.shell.good("cut -d ' ' -f 1 /proc/uptime"))
    box.report.row("    of it: firmware and boot loader", time.monotonic() - began - up)
    before = 0.0
    for what, command in MARKS:
        at = int(device.shell.good(command)) / 1e6
        box.report.row(f"    of it: {what}", at - before)
        before = at


PARTS = (
    first_start, sale, unplugged, strange, stopped, stopped_paying, full, set_back, hung, panicked,
)  # fmt: skip


def built(folder: Path, arch: str) -> Path:
    """The image for these tests: as delivered, but for a console and a root shell on a serial line."""
    words = [sys.executable, "-m", "image.build", arch, "--out", str(folder), "--append", APPEND[arch]]
    subprocess.run(words, check=True, cwd=ROOT, stdout=subprocess.DEVNULL)
    return folder / f"kiosk-{arch}.img"


def asked(program: str, about: str | None) -> argparse.ArgumentParser:
    """What every proof with the image may be told."""
    parser = argparse.ArgumentParser(prog=f"python -m {program}", description=about)
    parser.add_argument(
        "--image", type=Path, help="one that is built already, with APPEND of tests/vm/device.py"
    )
    parser.add_argument(
        "--folder", type=Path, default=ROOT / "out" / "vm", help="for the image, and what failed"
    )
    return parser


def lacking(*more: str) -> bool:
    """Whether a program is missing; it says which."""
    missing = [program for program in (*NEEDED, *more) if shutil.which(program) is None]
    if missing:
        print(f"NOT RUN: the lane in a box needs {', '.join(missing)}")
    return bool(missing)


def main(arguments: Sequence[str]) -> int:
    options = asked("tests.vm.whole", __doc__).parse_args(arguments)
    if lacking():
        return 1
    began, report = time.monotonic(), Report()
    options.folder.mkdir(parents=True, exist_ok=True)
    image = options.image or built(options.folder, "amd64")
    report.row("the image is built", time.monotonic() - began)
    with ExitStack() as ends:
        folder = Path(ends.enter_context(tempfile.TemporaryDirectory(prefix="box-", dir=options.folder)))
        lane, store = ends.enter_context(SimulatedLane()), ends.enter_context(Store(folder))
        box = Box(image, folder, lane, store, report)
        device = box.on(ends)
        for part in PARTS:
            try:
                part(box, device)
            except (Silence, LookupError, RuntimeError, OSError) as wrong:
                report.check(part.__name__, False, f"{wrong} {device.guest.said}")
                device.evidence(options.folder)
                break
    print(f"{report.failed} failed, {time.monotonic() - began:.0f} s")
    return 1 if report.failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
