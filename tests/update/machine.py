"""A machine with two slots and a boot loader whose files are real: what a firmware does with them is played here."""

import shutil
import struct
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from kiosk.update.boot import SystemdBoot, Tryboot
from kiosk.update.keeper import Keeper
from kiosk.update.rauc import RaucError
from kiosk.update.slots import OTHER, Name, Slots, Started


class Cut(BaseException):
    """The power is gone in this very moment."""


def uki(version: str) -> bytes:
    """The least that is a unified kernel image with an os-release in it."""
    osrel = f'ID=debian\nVERSION_ID="13"\nIMAGE_ID=kiosk\nIMAGE_VERSION="{version}"\n'.encode()
    stub = b"MZ" + bytes(58) + struct.pack("<I", 64)
    coff = b"PE\0\0" + struct.pack("<HHIIIHH", 0x8664, 2, 0, 0, 0, 16, 0) + bytes(16)
    place = len(stub) + len(coff) + 80
    text = struct.pack("<8sIIII16x", b".text", 0, 0, 0, place)
    section = struct.pack("<8sIIII16x", b".osrel", len(osrel), 0, len(osrel), place)
    return stub + coff + text + section + osrel


class Machine:
    """`slots`: what a slot holds, None for half of something. A `dead` release does not even start the keeper, a
    `sick` one never sells. `cut_in` counts the writes down to the one that is the last."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.slots: dict[str, str | None] = {"a": "1.0", "b": None}
        self.dead: set[str] = set()
        self.sick: set[str] = set()
        self.cut_in: int | None = None
        self.kept: Slots = Slots("a")
        self.running: Name = "a"
        self.starts = 0
        self.tried: list[str] = []
        self.keeper = Keeper(self, self, self.restart)

    # ---- the disk and the power

    @contextmanager
    def wear(self) -> Iterator[None]:
        """A write: the power may go before it, or right behind it."""
        self._count()
        yield
        self._count()

    def _count(self) -> None:
        if self.cut_in is not None:
            self.cut_in -= 1
            if self.cut_in < 0:
                self.cut_in = None
                raise Cut

    def load(self) -> Slots:
        return self.kept

    def save(self, slots: Slots) -> None:
        with self.wear():
            self.kept = slots

    # ---- what RAUC does

    loader: SystemdBoot | Tryboot

    def install(self, bundle: Path) -> None:
        idle = OTHER[self.running]
        with self.wear():
            self.loader.mark(idle, False)
        with self.wear():
            self.slots[idle] = None
        if bundle.name == "damaged":
            raise RaucError("the payload is damaged")
        with self.wear():
            self.slots[idle] = bundle.name
        self.lay(idle, bundle.name)

    def lay(self, slot: Name, version: str) -> None:
        """The kernel beside it, where the boot loader wants one."""

    def activate(self, slot: Name, running: Name) -> None:
        with self.wear():
            self.loader.choose(slot)

    def commit(self) -> None:
        with self.wear():
            self.loader.mark(self.running, True)

    def bar(self, slot: Name, running: Name) -> None:
        with self.wear():
            self.loader.mark(slot, False)

    def restart(self, trying: bool) -> None:
        self.start(trying)

    # ---- what the firmware does

    def next(self, trying: bool) -> Name:
        """The slot that it starts, counted as it does."""
        raise NotImplementedError

    def start(self, trying: bool = False) -> None:
        """Start until a release is up: a dead one, or half of one, is reset by the watchdog."""
        for _ in range(10):
            slot = self.next(trying)
            trying = False
            version = self.slots[slot]
            if version is None or version in self.dead:
                continue
            self.running, self.starts = slot, self.starts + 1
            if version != self.kept.slot(slot).version or self.kept.slot(slot).state not in ("good",):
                self.tried.append(version)
            self.keeper.take(Started(slot, str(self.starts), version))
            return
        raise AssertionError(f"it does not come up any more: {self.slots}")

    @property
    def well(self) -> bool:
        return self.slots[self.running] not in self.sick


class Pc(Machine):
    """systemd-boot, which counts in the names of files."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        (folder / "kiosk-a.efi").write_bytes(uki("1.0"))
        self.loader: SystemdBoot = SystemdBoot(folder)

    def lay(self, slot: Name, version: str) -> None:
        kernel = self.folder / "kernel"
        kernel.write_bytes(uki(version))
        with self.wear():
            self.loader.put(slot, kernel)

    def next(self, trying: bool) -> Name:
        slot = self.loader.primary()
        path = self.loader._found()[slot]
        left = self.loader._left(path)
        if left:
            done = int(path.stem.partition("-")[2].partition("-")[2] or 0)
            path.rename(path.with_name(f"kiosk-{slot}+{left - 1}-{done + 1}.efi"))
        return "a" if slot == "a" else "b"


class Pi(Machine):
    """The firmware of a Pi, which forgets the single try before it begins it."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        text = "[all]\ntryboot_a_b=1\nboot_partition=2\n[tryboot]\nboot_partition=2\n"
        (folder / "autoboot.txt").write_text(text)
        self.loader: Tryboot = Tryboot(folder)

    def next(self, trying: bool) -> Name:
        normal, once = self.loader._read()
        return "b" if (once if trying and once else normal) == "b" else "a"


def made(kind: type[Machine], folder: Path) -> Machine:
    """A machine that runs its first release, in an emptied folder."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    machine = kind(folder)
    machine.start()
    return machine
