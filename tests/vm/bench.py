"""A lane that takes releases: where they lie for it, and what a technician asks and is told in it."""

import json
import time
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import Any

from drivers.simulated.lane import SimulatedLane
from tests.vm.channel import Silence
from tests.vm.device import USB, Device, machine
from tests.vm.guest import Guest
from tests.vm.machine import Drive
from tests.vm.plug import TERMINAL
from tests.vm.store import DOOR, Store
from tests.vm.usb import UsbLine
from tests.vm.whole import START, Box, Report

LIFE = 3600.0
WRITING = 400.0
"""Seconds that an install may take, on a machine that has much else to do."""
KIOSK = "/opt/kiosk/current/bin/kiosk"
STICK = "/run/stick"


class Bench(Box):
    """A device with the releases on a disk beside its own; `releases` are where they lie outside."""

    def __init__(
        self, image: Path, folder: Path, lane: SimulatedLane, store: Store, report: Report, releases: Path
    ) -> None:
        super().__init__(image, folder, lane, store, report)
        self.releases = releases

    def on(self, ends: ExitStack, own: Drive | None = None) -> Device:
        """Power on, with everything plugged in; `own` is its disk, if it is not just the file."""
        doors = {TERMINAL: self.lane.terminal.number, DOOR: self.store.port}
        stick = Drive("stick", file=self.releases.with_suffix(".squashfs"), readonly=True)
        made = machine(own or Drive("disk", file=self.disk), doors)
        guest = ends.enter_context(Guest(made._replace(drives=(*made.drives, stick)), LIFE))
        device = Device(guest, self.folder)
        self.plugs = {
            name: ends.enter_context(UsbLine(guest.folder / name, getattr(self.lane, name).number))
            for name in USB
        }
        return device


def slots(device: Device) -> dict[str, Any]:
    """What the updater keeps."""
    told: dict[str, Any] = json.loads(device.shell.good(f"{KIOSK} update status --json"))
    return dict(told["slots"])


def state(device: Device) -> tuple[str, str, str]:
    """The slot that runs, and what is known of both."""
    now = slots(device)
    return now["running"], now["a"]["state"], now["b"]["state"]


def plugged(device: Device) -> None:
    """The releases are where this start of the machine can read them."""
    stick = "/dev/disk/by-id/virtio-stick"
    device.shell.good(f"mkdir -p {STICK}; mountpoint -q {STICK} || mount -o ro {stick} {STICK}")


def begin(device: Device, version: str, *more: str) -> None:
    """Have a release installed, and do not wait for it."""
    plugged(device)
    command = " ".join([KIOSK, "update", "install", f"{STICK}/{version}.raucb", *more])
    words = f"{command} >/run/said 2>&1; echo $? >/run/ended"
    device.shell.good(f"rm -f /run/ended; (setsid sh -c '{words}' </dev/null >/dev/null 2>&1 &)")


def written(device: Device) -> None:
    """Wait until that has ended well."""
    device.until("the end of the install", lambda d: d.shell.run("test -s /run/ended").status == 0, WRITING)
    if device.shell.good("cat /run/ended") != "0":
        raise RuntimeError(f"not installed: {device.shell.good('cat /run/said')}")


def here(device: Device) -> tuple[str, str] | None:
    """Which start of the machine this is, and from which slot; None: it does not answer just now."""
    with suppress(Silence, ValueError):
        device.shell.ready(5.0)
        told = device.shell.run("cat /proc/sys/kernel/random/boot_id /run/kiosk-boot/slot", 10.0)
        boot, slot = told.output.split()
        return boot, slot
    return None


def started(device: Device, first: str, wanted: str, seconds: float) -> list[str]:
    """Wait for another start than `first`, from a slot among `wanted`; the slots of the starts that were seen."""
    seen: dict[str, str] = {}
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        now = here(device)
        if now is not None and now[0] != first:
            seen.setdefault(*now)
            if now[1] in wanted:
                device.status = {}
                device.watch()
                return list(seen.values())
        time.sleep(1)
    raise Silence(f"not up from {wanted} within {seconds:.0f} s; it came up from {list(seen.values())}")


def ready(device: Device) -> None:
    device.until("ready", lambda d: bool(d.status.get("ready")), START)


def switched(device: Device) -> str:
    """Change over; which start this was."""
    boot = device.shell.good("cat /proc/sys/kernel/random/boot_id")
    device.shell.good(f"{KIOSK} update switch")
    return boot
