"""kiosk doctor [CONFIG]: every device found and answering or not, the disk, the installation. For 3 a.m."""

import argparse
import importlib.util
import os
import queue
import shutil
import sys
import time
from pathlib import Path

from drivers.camera import missing
from drivers.camera.config import Config as Camera
from drivers.voices import Command, EngineLost
from kiosk.checkout.events import Event
from kiosk.checkout.passed import DeviceSeen, ScaleRead
from kiosk.checkout.session import Device, Health, LiveWeight, Reading
from kiosk.config import Config, ConfigError, read
from kiosk.text import own_name, right_to_left
from kiosk.text.fonts import drawable

PATIENCE = 4.0  # seconds for a device to answer
COMMITS = 40
MOVING = LiveWeight(Reading.MOVING)
SCALES = {"produce", "bag"}
READINGS = {
    Reading.ZERO: "at zero",
    Reading.MOVING: "moving",
    Reading.BELOW_ZERO: "below zero: empty it and zero it",
    Reading.OVERLOADED: "overloaded: take something off",
    Reading.STALE: "says no weight",
    Reading.ABSENT: "not there",
}
EXTRAS = {
    "argon2": "PINs of the staff",
    "PIL": "letters outside the printer's code page",
    "requests": "the store server",
    "gpiozero": "the lane light",
    "pyudev": "keyboards that nobody expects",
    "segno": "QR codes",
    "serial": "devices on serial lines",
}


def main(argv: list[str]) -> int:
    """0 if everything that the configuration names is well, 1 if something is not, 2 if there is no configuration."""
    parser = argparse.ArgumentParser(prog="kiosk doctor", description="Look at every device of this lane.")
    parser.add_argument("config", type=Path, nargs="?", default=Path("/etc/kiosk/kiosk.toml"))
    options = parser.parse_args(argv)
    try:
        config = read(options.config)
        config.verify(str(options.config))
    except ConfigError as wrong:
        print(f"kiosk doctor: {wrong}", file=sys.stderr)
        return 2
    well = [
        installation(),
        fonts(config.shop.languages),
        *cameras(config),
        disk(Path(config.files.journal).parent),
        *weighing(config),
        *voice(config),
        *devices(config),
    ]
    return 0 if all(well) else 1


def tell(name: str, well: bool, said: str) -> bool:
    print(f"{'ok  ' if well else 'BAD '} {name:16} {said}")
    return well


def installation() -> bool:
    missing = [f"{name} ({what})" for name, what in EXTRAS.items() if importlib.util.find_spec(name) is None]
    return tell("python packages", not missing, "missing: " + ", ".join(missing) if missing else "all there")


def fonts(languages: tuple[str, ...]) -> bool:
    """Whether every language of the shop can be drawn: a font for its script, and letters that join on paper."""
    without = [each for each in languages if not drawable(own_name(each))]
    joining = [each for each in languages if right_to_left(each)]
    lacking = [f"fonts-noto-core or fonts-noto-cjk ({', '.join(without)})"] if without else []
    if joining and importlib.util.find_spec("PIL"):
        from PIL import features

        lacking += [] if features.check("raqm") else [f"libfribidi0 ({', '.join(joining)} on paper)"]
    said = f"missing: {'; '.join(lacking)}" if lacking else ", ".join(languages)
    return tell("fonts", not lacking, said)


def cameras(config: Config) -> list[bool]:
    """What the process of a camera needs of this machine; that it watches is said by its line, as a scanner's."""
    if not any(isinstance(one, Camera) for one in config.scanners):
        return []
    if lacking := missing.packages():
        return [tell("camera decoders", False, f"missing: {', '.join(lacking)}")]
    why = missing.zbar()
    return [tell("camera decoders", True, f"zxing alone: {why}" if why else "zxing and zbar")]


def weighing(config: Config) -> list[bool]:
    """What prices by weight come from: its version and hash, and the plate that it keeps to."""
    from kiosk.loop import weighing_module

    if config.scales.produce is None:
        return []
    said = f"{weighing_module.VERSION} {weighing_module.digest()}, {config.rules.produce_plate}"
    return [tell("weighing module", True, said)]


def voice(config: Config) -> list[bool]:
    """Whether the voice makes a sound in every language of the shop."""
    if config.voice is None:
        return []
    engine = Command(config.voice)
    try:
        for language in config.shop.languages:
            engine.render("1", language, 5)
    except EngineLost as lost:
        return [tell("voice", False, str(lost))]
    return [tell("voice", True, f"speaks {', '.join(config.shop.languages)}")]


def disk(folder: Path) -> bool:
    """Room on the disk, and how long it takes until it has really written 4 KiB."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        times = sorted(commit_times(folder))
        free = shutil.disk_usage(folder).free // 2**20
    except OSError as wrong:
        return tell("disk", False, f"{folder}: {wrong.strerror}")
    middle, worst = times[len(times) // 2] * 1000, times[-1] * 1000
    said = f"{folder}: {free} MiB free, a commit takes {middle:.1f} ms, at worst {worst:.1f} ms"
    return tell("disk", free > 200 and middle < 100, said)


def commit_times(folder: Path) -> list[float]:
    """Seconds that each of some 4 KiB overwrites takes to reach the disk."""
    probe = folder / ".doctor"
    handle = os.open(probe, os.O_RDWR | os.O_CREAT, 0o600)
    times = []
    try:
        os.pwrite(handle, b"\0" * 4096, 0)
        os.fsync(handle)
        for number in range(COMMITS):
            started = time.perf_counter()
            os.pwrite(handle, bytes([number]) * 4096, 0)
            os.fdatasync(handle)
            times.append(time.perf_counter() - started)
    finally:
        os.close(handle)
        probe.unlink()
    return times


def devices(config: Config) -> list[bool]:
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
    return [judge(name, last.get(name), live.get(name)) for name in workers]


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


def judge(name: str, device: Device | None, live: LiveWeight | None = None) -> bool:
    if device is None:
        return tell(name, False, f"said nothing in {PATIENCE:.0f} seconds")
    paper = f", paper {device.paper}" if device.paper else ""
    well = device.health is Health.READY and device.paper != "out"
    if live is not None:
        well = well and live.reading not in (Reading.OVERLOADED, Reading.BELOW_ZERO)
    return tell(name, well, f"{device.health.value} {device.detail}".rstrip() + paper + reads(live))


def reads(live: LiveWeight | None) -> str:
    """What a scale reads, in words."""
    if live is None:
        return ""
    return f", {READINGS.get(live.reading) or f'{live.grams} g'}"
