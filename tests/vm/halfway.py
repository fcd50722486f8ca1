"""The power goes in the middle of an update: while the other slot is written, and while the lane changes over.

The cache of the device's disk is volatile (volatile.py). After every cut the same disk starts again: from a slot, to a
lane that is ready and known to be good, with everything in its journal that was seen there before.
"""

import subprocess
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from random import Random
from typing import NamedTuple

from tests.vm.bench import Bench, begin, slots, started, switched, written
from tests.vm.channel import Silence
from tests.vm.device import Device
from tests.vm.machine import Drive
from tests.vm.nbd import NbdServer
from tests.vm.volatile import Remains, VolatileDisk
from tests.vm.whole import DEVICES, MILK, START, bag, first_start, pay

HALFWAY = ("0.6.0", "0.7.0")
"""Two releases that may come after each other in any order: both are signed as recoveries."""
CHANGING = 0.4
"""The share of cuts that come after the change-over has begun."""
WRITING = 0.6
"""The share of cuts that come in the middle of what is written."""
INSTALL, CHANGE = 60.0, 90.0
"""Seconds that both take before it was measured here."""
WRITES_WITHIN = 20.0
WRONG = (Silence, RuntimeError, LookupError, ValueError)
"""What a device that is not as it must be is noticed by."""
HEAD = " cut  up s  slot  cut at              after s    kept  dropped  found"


class Promised(NamedTuple):
    """What was seen in the lane's journal before the cut: the last turn, and the things in the basket."""

    turn: int = 0
    pieces: int = 0


class Halfway:
    """One disk through all its cuts. `seconds` are what an install and a change-over take, once known."""

    def __init__(self, box: Bench, seed: str) -> None:
        self.box, self.random = box, Random(f"halfway {seed}")
        self.disk, self.socket = VolatileDisk(box.disk), box.folder / "nbd"
        self.promised, self.slot = Promised(), ""
        self.seconds = {"install": INSTALL, "change-over": CHANGE}

    @contextmanager
    def powered(self) -> Iterator[Device]:
        """The device on that disk; at the end the plug is pulled, and the disk has done all that had reached it."""
        with NbdServer(self.disk, self.socket) as server:
            with ExitStack() as ends:
                device = self.box.on(ends, Drive("disk", nbd=self.socket))
                yield device
                device.guest.cut()
            server.idle.wait(60)

    def up(self, device: Device) -> list[str]:
        """Wait until it is a lane again; what is not as it was."""
        began = time.monotonic()
        try:
            (self.slot,) = started(device, "", "ab", START)
            device.until("ready", lambda d: bool(d.status.get("ready")), START)
            device.until("known to be good", lambda d: proved(d), START)
            device.until("all devices", lambda d: d.well(*DEVICES), START)
        except WRONG as wrong:
            return [f"boots: {wrong}"]
        turn, pieces = self.promised
        with suppress(Silence):
            device.until("the journal", lambda d: d.seq >= turn)
        found = [] if device.seq >= turn else [f"{turn} turns were seen, {device.seq} are there"]
        if device.pieces < pieces:
            found.append(f"{pieces} things were in the basket, {device.pieces} are there")
        self.seconds["up"] = time.monotonic() - began
        return found

    def sell(self, device: Device, emptied: bool) -> None:
        """A thing more in the basket; or it is paid and taken away, so that the lane may change over."""
        bag(self.box, device, MILK, self.box.lane.scanner.scan)
        if emptied:
            pay(self.box, device)
            papers = len(self.box.lane.printer.papers)
            device.tap("print", "the paper", lambda d: len(self.box.lane.printer.papers) > papers)
            self.box.lane.world.change(bag=0)
            device.until("the next shopper", lambda d: d.phase("Idle"), 120)
        self.promised = Promised(device.seq, device.pieces)

    def update(self, device: Device) -> tuple[str, float]:
        """Install and perhaps change over, and be cut meanwhile; in what, and after how many seconds of it."""
        what = "change-over" if self.random.random() < CHANGING else "install"
        version = next(version for version in HALFWAY if version != device.status["version"])
        self.sell(device, emptied=what == "change-over")
        moment = self.random.uniform(0.0, self.seconds[what])
        began = time.monotonic()
        begin(device, version, "--again")  # a cut may look like a release that did not come up
        if what == "change-over":
            written(device)
            self.seconds["install"] = time.monotonic() - began
            self.promised = Promised(device.seq, device.pieces)
            began = time.monotonic()
            switched(device)
        while (left := began + moment - time.monotonic()) > 0:
            device.hear(min(left, 1.0))
        self.promised = Promised(device.seq, device.pieces)
        if self.random.random() < WRITING:
            self.disk.after(self.random.randint(1, 6), device.guest.cut)
            with suppress(subprocess.TimeoutExpired):
                device.guest.wait(WRITES_WITHIN)
        device.guest.cut()
        return what, time.monotonic() - began

    def cut(self) -> Remains:
        return self.disk.cut(self.random)


def proved(device: Device) -> bool:
    now = slots(device)
    return bool(now[now["running"]]["state"] == "good")


def cut(box: Bench, cuts: int, seed: str) -> None:
    """So many power cuts of one device, and the start after the last one."""
    halfway = Halfway(box, seed)
    with halfway.powered() as device:
        first_start(box, device)
        device.until("known to be good", proved, START)
    halfway.cut()
    print(f"\n== the power goes in an update, seed {seed}\n{HEAD}", flush=True)
    wrong = 0
    for number in range(1, cuts + 2):
        at, after = "-", 0.0
        with halfway.powered() as device:
            found = halfway.up(device)
            if not found and number <= cuts:
                try:
                    at, after = halfway.update(device)
                except WRONG as fault:
                    found = [f"sells: {fault}"]
            if found:
                device.evidence(box.folder.parent)
        remains = halfway.cut()
        print(
            f"{number:>4} {halfway.seconds.get('up', 0.0):5.0f}  {halfway.slot:<4}  {at:<18} {after:8.1f} "
            f"{len(remains.kept):7} {len(remains.dropped):8}  {'; '.join(found) or 'nothing'}",
            flush=True,
        )
        wrong += len(found)
        if found and found[0].startswith("boots"):
            break
    halfway.disk.close()
    box.report.check(f"{cuts} cuts in updates: it always starts and nothing is lost", not wrong)
