"""The devices of the lane: asked of the kiosk where it runs and has them, else each started by itself."""

import queue
import socket
import time
from pathlib import Path

import msgspec

from kiosk.checkout.events import Event
from kiosk.checkout.passed import DeviceSeen, ScaleRead
from kiosk.checkout.session import Device, Health, LiveWeight, Reading
from kiosk.config import Config
from kiosk.readiness.faults import Fault, of_device
from kiosk.readiness.report import Check, State, ill, well

PATIENCE = 4.0  # seconds for a device to answer
MOVING = LiveWeight(Reading.MOVING)
SCALES = {"produce", "bag"}
SOCKET = Path("/run/kiosk/status.sock")
LONGEST = 1 << 20
READINGS = {
    Reading.ZERO: "at zero",
    Reading.MOVING: "moving",
    Reading.BELOW_ZERO: "below zero: empty it and zero it",
    Reading.OVERLOADED: "overloaded: take something off",
    Reading.STALE: "says no weight",
    Reading.ABSENT: "not there",
}


class Told(msgspec.Struct, frozen=True):
    """What the kiosk says of itself on its status socket, as far as it is of use here."""

    ready: bool = False
    devices: dict[str, str] = {}


def devices(config: Config, status: Path = SOCKET) -> list[Check]:
    """A check for each device that the configuration names."""
    return told(status) or started(config)


def told(status: Path = SOCKET) -> list[Check]:
    """What a running kiosk says of its devices; nothing where none runs."""
    word = asked(status)
    return [of_told(name, health) for name, health in word.devices.items()] if word else []


def asked(status: Path, patience: float = 2.0) -> Told | None:
    """What a running kiosk says; None where none runs, or none that answers."""
    raw = b""
    try:
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as line:
            line.settimeout(patience)
            line.connect(str(status))
            while b"\n" not in raw and len(raw) < LONGEST and (more := line.recv(65536)):
                raw += more
        return msgspec.json.decode(raw, type=Told)
    except (OSError, msgspec.MsgspecError):
        return None


def of_told(name: str, health: str) -> Check:
    fault = of_device(health)
    if fault is None:
        return well("device", name, f"{health}, says the kiosk, which runs")
    return ill("device", name, fault, f"{health}, says the kiosk, which runs")


def started(config: Config) -> list[Check]:
    """Start each worker by itself, wait for its first word, and say what it was."""
    from kiosk.loop.outfit import devices as outfit_devices
    from kiosk.loop.outfit import scanners

    heard: queue.SimpleQueue[Event] = queue.SimpleQueue()
    workers = scanners(config, lambda kind, text: None, heard.put) | outfit_devices(config, heard.put)
    for worker in workers.values():
        worker.start()
    last, live = listen(heard, set(workers))
    for worker in workers.values():
        worker.stop(1.0)
    return [*(judge(name, last.get(name), live.get(name)) for name in workers), *absent(config, set(workers))]


def absent(config: Config, there: set[str]) -> list[Check]:
    """The families that this lane does without."""
    families = ("scanner", "produce", "bag", "terminal", "printer", "light", "keypad", "fiscal")
    return [
        Check("device", name, State.ABSENT, "not in the configuration")
        for name in families
        if name not in there
    ]


def listen(
    heard: "queue.SimpleQueue[Event]", names: set[str]
) -> tuple[dict[str, Device], dict[str, LiveWeight]]:
    """The last thing each device said within the patience, and what each scale read; ready ends the waiting for it,
    for a scale a reading that does not move."""
    last: dict[str, Device] = {}
    live: dict[str, LiveWeight] = {}
    until = time.monotonic() + PATIENCE
    while (left := until - time.monotonic()) > 0:
        ready = all(name in last and last[name].health is Health.READY for name in names)
        if ready and all(live.get(name, MOVING) != MOVING for name in names & SCALES):
            break
        try:
            event = heard.get(timeout=left)
        except queue.Empty:
            break
        if isinstance(event, DeviceSeen):
            last[event.device.name] = event.device
        elif isinstance(event, ScaleRead):
            live[event.scale] = event.live
    return last, live


def judge(name: str, device: Device | None, live: LiveWeight | None = None) -> Check:
    """What a device's last word comes to, and for a scale its reading."""
    if device is None:
        return ill(
            "device", name, Fault.NO_ANSWER, f"said nothing in {PATIENCE:.0f} seconds", "a first answer"
        )
    paper = f", paper {device.paper}" if device.paper else ""
    seen = f"{device.health.value} {device.detail}".rstrip() + paper + reads(live)
    fault = of_device(device.health, device.detail, device.paper, live.reading if live else "")
    return ill("device", name, fault, seen) if fault else well("device", name, seen)


def reads(live: LiveWeight | None) -> str:
    """What a scale reads, in words."""
    if live is None:
        return ""
    return f", {READINGS.get(live.reading) or f'{live.grams} g'}"
