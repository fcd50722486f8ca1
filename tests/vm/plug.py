"""A lane whose plug is pulled: its guest, its disk, the terminal outside, and whether the books still agree."""

import json
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path
from random import Random
from typing import Any, NamedTuple

import msgspec

from drivers.simulated.terminal import TerminalPeer
from image.tree import DATA
from tests.vm.channel import Silence
from tests.vm.evidence import Evidence
from tests.vm.guest import Guest
from tests.vm.machine import Drive, Machine
from tests.vm.nbd import NbdServer
from tests.vm.promises import Promises, where
from tests.vm.regular import Regular
from tests.vm.small import KERNEL, Small
from tests.vm.volatile import SECTOR, Remains, VolatileDisk

TERMINAL = 20007
BOOT = 180.0
"""Seconds within which a lane shows its first page, on a machine that has much else to do."""
WRITES_WITHIN = 10.0
"""Seconds within which a lane that sells writes something."""
SUPERBLOCK = (1 << 20) + 1024
"""Bytes from the start of the disk, whose only partition begins after one MiB. The first of its two sectors counts the
mounts, among much else; the second has the checksum."""
MOUNTS = 0x34
TORN = b"Superblock invalid, trying backup blocks"
"""What e2fsck says of a superblock whose sectors are of two times."""
NUDGE = 6.0
"""Seconds after which somebody who sees nothing happen does the same again."""


class Control(NamedTuple):
    """How the lane is set up; what makes it lose sales is a negative control."""

    name: str
    mount: str = DATA
    append: str = ""
    loses: bool = False


HONEST = Control("as delivered")
CONTROLS = (
    Control("WAL, synchronous NORMAL", append="lane.SYNCHRONOUS=NORMAL", loses=True),
    Control("ext4 without barriers", mount=f"{DATA},barrier=0", loses=True),
)


class Cut(NamedTuple):
    """One life of the lane, up to the cut. `found` is what was wrong with the books when it had come to rest."""

    booted: float
    resumed: str
    lived: float
    at: str
    remains: Remains
    found: list[str]


class Written(NamedTuple):
    """What one sale costs the disk: bytes, and waits for it."""

    bytes: int
    flushes: float


class Lane:
    """One disk through all its cuts, and what was told to people meanwhile."""

    def __init__(
        self, small: Small, folder: Path, terminal: TerminalPeer, control: Control, seed: str
    ) -> None:
        self.control, self.terminal, self.seed = control, terminal, seed
        self.random = Random(f"{seed} {control.name}")
        self.shopper = Regular(terminal, self.random)
        self.disk = VolatileDisk(small.new(folder))
        self.socket = folder / "nbd"
        drives = (Drive("root", file=small.root, readonly=True), Drive("data", nbd=self.socket))
        self.machine = Machine(
            drives,
            kernel=small.kernel,
            initrd=small.initrd,
            append=f"{KERNEL} data={control.mount} {control.append}",
            memory=512,
            processors=1,
            screen=None,
            keyboard=False,
            watchdog=False,
            doors={TERMINAL: terminal.number},
        )
        self.promises = Promises(terminal)
        self.evidence, self.remains = Evidence(self.disk.path), Remains([], [])
        self.console = self.shown = b""
        self.torn = 0

    def close(self) -> None:
        self.disk.close()

    def live(
        self,
        seconds: float,
        from_start: bool = False,
        writes: int = 0,
        enough: Callable[[], bool] = lambda: False,
    ) -> Cut:
        """Boot, sell for so many seconds from the first page (or from power-on) or until enough, and be cut off.

        With `writes` the cut comes only with the so-manieth write to the disk after that.
        """
        self.promises.found = []
        self.evidence.begins(self.remains)
        began = time.monotonic()
        with self.powered(BOOT + seconds) as guest:
            until = began + seconds if from_start else None
            first = self.first(guest, until)
            booted = time.monotonic() - began
            if first:
                self.sell(guest, until or time.monotonic() + seconds, enough)
            if writes and guest.running:
                self.disk.after(writes, guest.cut)
                if first:
                    self.sell(guest, time.monotonic() + WRITES_WITHIN, lambda: self.disk.alarmed)
                with suppress(subprocess.TimeoutExpired):
                    guest.wait(WRITES_WITHIN)
        lived = time.monotonic() - began - booted
        at = self.promises.where if first else "starting"
        self.remains = self.disk.cut(self.random)
        return Cut(booted, where(first), lived, at, self.remains, self.promises.found)

    def tear(self) -> None:
        """Of the superblock one sector is older than the other, as a cut between them leaves it."""
        sector = bytearray(self.disk.read(SUPERBLOCK, SECTOR))
        sector[MOUNTS] = (sector[MOUNTS] + 1) % 256
        self.disk.write(SUPERBLOCK, bytes(sector), through=True)

    @contextmanager
    def powered(self, life: float) -> Iterator[Guest]:
        """The guest on its disk; at the end the plug is pulled, and the disk has done all that had reached it."""
        with NbdServer(self.disk, self.socket) as server:
            with Guest(self.machine, life + 60) as guest:
                yield guest
                guest.cut()
                self.console, self.shown = guest.console.heard, guest.shell.channel.heard
                self.torn += TORN in self.console
            server.idle.wait(60)

    def weigh(self, sales: int, items: int) -> Written:
        """What so many card sales of so many items write, as the disk sees it."""
        with self.powered(2 * BOOT) as guest:
            until = time.monotonic() + 2 * BOOT
            if not self.first(guest, None):
                raise Silence(str(self.promises.found))
            self.shopper.items = items
            counts = []
            for more in (2, sales):  # the first two may have begun before, with other items
                wanted = len(self.promises.acknowledged) + more
                self.sell(guest, until, partial(self.promises.sold, wanted))
                counts.append((guest.qmp.written("data"), self.disk.flushes))
        (bytes_, flushes), (bytes_then, flushes_then) = counts
        return Written((bytes_then - bytes_) // sales, (flushes_then - flushes) / sales)

    def sell(self, guest: Guest, until: float, enough: Callable[[], bool] = lambda: False) -> None:
        """React to what is seen until that time of the steady clock."""
        promises = self.promises
        while "broken" not in promises.last and not enough() and (left := until - time.monotonic()) > 0:
            try:
                promises.see(page(guest.shell.channel.line(min(left, NUDGE))))
            except Silence:
                if guest.shell.channel.ended and not enough():
                    promises.found.append("boots: the guest is gone")
                if guest.shell.channel.ended:
                    return
            for fact in self.shopper.react(promises.last):
                with suppress(OSError):  # the plug was pulled meanwhile
                    guest.shell.channel.send(msgspec.json.encode(fact) + b"\n")

    def first(self, guest: Guest, until: float | None) -> dict[str, Any]:
        """The first page after the start; empty if the cut comes before it."""
        seconds = BOOT if until is None else max(0.0, until - time.monotonic())
        try:
            first = page(guest.shell.channel.line(seconds))
        except Silence:
            if until is None:
                console = guest.console.heard[-300:].decode(errors="replace")
                self.promises.found.append(f"boots: no page within {BOOT:.0f} s: {console}")
            return {}
        if "broken" in first:
            first["broken"] += f"; {guest.console.heard[-300:].decode(errors='replace')}"
        self.shopper.began = False
        self.promises.again(first, self.shopper.cancels)
        return first


def page(line: bytes) -> dict[str, Any]:
    """What a lane shows; whatever else a guest says is a lane that is broken."""
    try:
        shown: dict[str, Any] = json.loads(line)
    except ValueError:
        return {"broken": line.decode(errors="replace")}
    return shown
