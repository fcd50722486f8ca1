"""The device itself: the image's own disk, started by its own firmware, and what a technician lays on it.

Nothing in the guest is made for a test but the root shell and the witness that runs in it.
"""

import json
import os
import shutil
import subprocess
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from kiosk.checkout.basket import total
from kiosk.checkout.passed import DeviceSeen
from kiosk.checkout.session import Device as DeviceOf
from kiosk.checkout.session import Health, Session
from screens.theme import Panel
from tests.conftest import ROOT
from tests.vm.channel import Silence
from tests.vm.guest import Guest
from tests.vm.machine import Drive, Machine
from tests.vm.twin import Twin, differing

SIZE = 3 << 30
"""Bytes of its disk; the data partition is what the slots leave."""
ESP = 1 << 20
"""Where its boot partition begins."""
FIRMWARE = {
    "amd64": Path("/usr/share/ovmf/OVMF.fd"),
    "arm64": Path("/usr/share/qemu-efi-aarch64/QEMU_EFI.fd"),
}
APPEND = {
    "amd64": "console=ttyS0 systemd.debug_shell=ttyS1",
    "arm64": "console=ttyAMA0 systemd.debug_shell=ttyS0",
}
"""What an image for these tests adds to its kernel's command line: a console, and a root shell."""
SHELL = 240.0
"""Seconds from power-on to a root shell, on a machine with much else to do."""
SEEN = 60.0
AGAIN, TAPS = 6.0, 5
LOOK = 0.3
PANEL = Panel(px=(1024, 768), mm=(304, 228))
USB = ("scanner", "produce", "bag", "printer")
NAMES = "".join(
    f'SUBSYSTEM=="tty", ATTRS{{idVendor}}=="0403", ATTRS{{serial}}=="{name}", SYMLINK+="kiosk/{name}"\n'
    for name in USB
) + (
    'SUBSYSTEM=="input", KERNEL=="event*", ATTRS{name}=="QEMU QEMU USB Keyboard", SYMLINK+="kiosk/scanner-2"\n'
)
ALLOWED = (
    'ATTR{bInterfaceClass}=="03", ATTRS{idVendor}=="0627", ATTRS{idProduct}=="0001", GOTO="kiosk_usb_allow"\n'
    'ATTR{bInterfaceClass}=="ff", ATTRS{idVendor}=="0403", ATTRS{idProduct}=="6001", GOTO="kiosk_usb_allow"\n'
)
"""QEMU's keyboard and touch, and its serial ports; anything else on USB gets current and no more."""


def laid() -> dict[str, bytes]:
    """What a technician lays on the boot partition, besides the invitation."""
    usb = (ROOT / "systemd/72-kiosk-usb.rules").read_text()
    return {
        "lane/kiosk.toml": Path(__file__).with_name("lane.toml").read_bytes(),
        "lane/71-kiosk-names.rules": NAMES.encode(),
        "lane/72-kiosk-usb.rules": usb.replace("# ALLOWED\n", f"# ALLOWED\n{ALLOWED}").encode(),
    }


def disk(image: Path, there: Path, files: Mapping[str, bytes]) -> Path:
    """A disk as it comes out of the box, with files on its boot partition."""
    subprocess.run(["cp", "--sparse=always", image, there], check=True)
    os.truncate(there, SIZE)
    made = set()
    for name, body in files.items():
        place = f"{there}@@{ESP}"
        for folder in list(reversed(Path(name).parents))[1:]:
            if folder not in made:
                subprocess.run(["mmd", "-i", place, f"::{folder}"], check=True)
                made.add(folder)
        subprocess.run(["mcopy", "-i", place, "-", f"::{name}"], input=body, check=True)
    return there


def machine(disk: Drive, doors: Mapping[int, int], arch: str = "amd64") -> Machine:
    return Machine((disk,), firmware=FIRMWARE[arch], arch=arch, screen=PANEL.px, usb=USB, doors=doors)


class Device:
    """A guest that runs the image. `status` is what the kiosk says of itself, `twin` its session."""

    def __init__(self, guest: Guest, kept: Path) -> None:
        """`kept` is a folder for pictures that are not as they should be."""
        self.guest, self.shell, self.kept, self.began = guest, guest.shell, kept, time.monotonic()
        self.twin = Twin(PANEL)
        self.status: dict[str, Any] = {}
        self.seq = self.starts = 0

    def wake(self) -> None:
        """Wait for the root shell, and have the witness begin."""
        self.shell.ready(SHELL)
        self.watch()

    def watch(self) -> None:
        """As the kiosk's user: whoever looks first at a new journal makes SQLite's files beside it."""
        body = Path(__file__).with_name("witness.py").read_text()
        self.shell.good(f"cat >/run/witness.py <<'WITNESS'\n{body}WITNESS")
        python = "/opt/kiosk/current/bin/python -S -E"
        told = "</dev/null >/dev/virtio-ports/seen 2>/run/witness.err &)"
        self.shell.good("until [ -e /dev/virtio-ports/seen ]; do sleep 0.2; done")
        kiosk = "setpriv --reuid=kiosk --regid=kiosk --init-groups"
        self.shell.good(f"(setsid {kiosk} {python} /run/witness.py {self.seq} {told}")

    def until(self, what: str, wanted: Callable[["Device"], bool], seconds: float = SEEN) -> float:
        """Wait until it is so; how many seconds that took."""
        began = time.monotonic()
        while not wanted(self):
            left = min(began + seconds - time.monotonic(), 1.0)
            if left <= 0 or self.guest.seen.ended:
                phase = type(self.session.kept.phase).__name__
                raise Silence(f"{what}: not within {seconds:.0f} s; {phase}, {self.status}")
            self.hear(left)
        return time.monotonic() - began

    def hear(self, seconds: float) -> None:
        """Take in what the witness says next, if it says anything in that time."""
        with suppress(Silence):
            self._hear(self.guest.seen.line(max(0.0, seconds)))

    def _hear(self, line: bytes) -> None:
        try:
            told = json.loads(line)
        except ValueError:
            return  # the first half of it was said before a cut
        self.status = told["status"]
        for seq, at, facts in told["turns"]:
            self.seq = seq
            self.starts += '"Restarted"' in facts
            self.twin.take(at, facts, dict(told["offers"]))
        for name, health in self.status.get("devices", {}).items():
            self.twin.feel(DeviceSeen(DeviceOf(name, Health(health))))

    @property
    def session(self) -> Session:
        return self.twin.session

    @property
    def pieces(self) -> int:
        sale = getattr(self.session.kept.phase, "sale", None)
        return sum(line.qty for line in sale.lines) if sale else 0

    @property
    def panel(self) -> str:
        """What lies over the phase's own page; empty: nothing does."""
        panel = self.session.passing.panel
        return panel.name if panel else ""

    @property
    def total(self) -> int:
        """What is due for the open basket, in minor units."""
        sale = getattr(self.session.kept.phase, "sale", None)
        return total(sale) if sale else 0

    @property
    def thanked(self) -> bool:
        """Whether she has said what receipt she wants."""
        return bool(getattr(self.session.kept.phase, "receipt", ""))

    @property
    def pending(self) -> bool:
        """Whether the lane still waits for something to be put into the bag."""
        sale = getattr(self.session.kept.phase, "sale", None)
        return bool(sale and (sale.bag.pending or sale.open))

    @property
    def restarted(self) -> bool:
        """Whether the program has begun anew since this was last asked."""
        starts, self.starts = self.starts, 0
        return starts > 0

    def outside(self, what: str, wanted: Callable[[], bool], seconds: float = SEEN) -> float:
        """Wait until something outside is so; how many seconds that took."""
        return self.until(what, lambda _: wanted(), seconds)

    def evidence(self, folder: Path) -> None:
        """What a test that failed leaves: the glass, the console and the log."""
        with suppress(Exception):
            self.guest.picture(folder / "glass.png")
            (folder / "console.log").write_bytes(self.guest.console.heard)
            log = self.shell.run("journalctl --no-pager -b -n 200", 60).output
            (folder / "journal.log").write_text(log)
            for name in ("ours.png", "theirs.png"):
                shutil.copy(self.kept / name, folder / name)

    def phase(self, name: str) -> bool:
        return type(self.session.kept.phase).__name__ == name

    def well(self, *names: str) -> bool:
        return all(self.status.get("devices", {}).get(name) == "ready" for name in names)

    def look(self, what: str, seconds: float = SEEN) -> None:
        """Wait until the picture on the glass is the one that the twin would show, pixel by pixel."""
        there, until = self.guest.folder / "glass.png", time.monotonic() + seconds
        while True:
            self.twin.show(round(time.time() * 1000))
            ours = self.twin.picture()
            if (apart := differing(ours, self.guest.picture(there))) is None:
                return
            if time.monotonic() > until:
                ours.save(self.kept / "ours.png")
                shutil.copy(there, self.kept / "theirs.png")
                raise Silence(
                    f"{what}: the glass differs at {apart}, see ours.png and theirs.png in {self.kept}"
                )
            self.hear(LOOK)

    def tap(self, key: str, what: str, wanted: Callable[["Device"], bool]) -> None:
        """As a person does: see the key, put a finger on it, and once more if nothing comes of it."""
        for _ in range(TAPS):
            self.look(f"the page with {key}")
            if wanted(self):
                return
            self.guest.qmp.touch(*self.twin.where(key), PANEL.px)
            with suppress(Silence):
                self.until(what, wanted, AGAIN)
                return
        raise Silence(f"{what}: {key} was touched {TAPS} times in vain")

    @property
    def age(self) -> float:
        """Seconds since power-on."""
        return time.monotonic() - self.began
