"""kiosk tape record DEVICE: what a device says on a bench, as a tape that tests play through the same driver.

    kiosk tape record scanner --out scanner.tape          until Ctrl-C; the device is one of the lane's, by its name
    kiosk tape record bag --seconds 30 --config lane.toml
    kiosk tape play scanner scanner.tape                   the driver hears it again

The real driver runs, without a lane, and each of its events is printed as it comes. Numbers of cards, members and
colleagues are neither printed nor on the tape; what a scanner types is masked key by key. A test names a tape as
`port = "tape://scanner.tape"`.
"""

import argparse
import queue
import sys
import time
from pathlib import Path
from typing import NamedTuple

import msgspec
from msgspec.structs import replace

from kiosk.checkout.events import Event
from kiosk.checkout.passed import DeviceSeen
from kiosk.checkout.session import Health
from kiosk.config import Config, ConfigError, Scales, read

STOP_SECONDS = 5.0


class Refused(Exception):  # noqa: N818
    """It cannot be recorded or played; says why and what was expected."""


class Secret(NamedTuple):
    """A number came that nobody may see."""

    kind: str


def main(argv: list[str]) -> int:
    """0 if the device was ready at some time, 1 if it never was, 2 if there is nothing to begin with."""
    parser = argparse.ArgumentParser(
        prog="kiosk tape", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    verbs = parser.add_subparsers(dest="verb", required=True)
    recording, playing = verbs.add_parser("record"), verbs.add_parser("play")
    for verb in (recording, playing):
        verb.add_argument("device", help="scanner, scanner 2, produce, bag, terminal, printer ...")
        verb.add_argument("--config", type=Path, default=Path("/etc/kiosk/kiosk.toml"))
        verb.add_argument("--seconds", type=float, default=float("inf"), help="stop after so long")
        verb.add_argument("--events", type=int, default=sys.maxsize, help="stop after so many")
    recording.add_argument("--out", type=Path, help="the tape; DEVICE.tape if not given")
    playing.add_argument("tape", type=Path)
    options = parser.parse_args(argv)
    try:
        config = read(options.config)
        if options.verb == "record":
            out = options.out or Path(f"{options.device.replace(' ', '-')}.tape")
            alone = only(config, options.device, record=str(fresh(out)))
        else:
            alone = only(config, options.device, port=f"tape://{options.tape}", record="")
    except (ConfigError, Refused) as wrong:
        print(f"kiosk tape: {wrong}", file=sys.stderr)
        return 2
    return 0 if listen(alone, options.seconds, options.events, options.verb == "play") else 1


def fresh(path: Path) -> Path:
    if path.exists():
        raise Refused(f"{path} is there already: a tape holds one recording")
    return path


def only(config: Config, name: str, **changed: str) -> Config:
    """A lane with that device alone, and other keys in its table. Raises Refused."""
    scanners = {f"scanner {n}" if n > 1 else "scanner": one for n, one in enumerate(config.scanners, 1)}
    scales = {"produce": config.scales.produce, "bag": config.scales.bag}
    others = {"terminal": config.terminal, "printer": config.printer}
    fiscal = {"fiscal": config.fiscal.device if config.fiscal else None}
    found = {key: each for key, each in (scanners | scales | others | fiscal).items() if each is not None}
    if name not in found:
        raise Refused(
            f"no {name!r} in this lane: expected one of {', '.join(found) or 'nothing, it is empty'}"
        )
    device = found[name]
    if missing := [key for key in changed if key not in device.__struct_fields__]:
        raise Refused(f"the {name} of this lane has no {missing[0]!r}: there is no line of bytes to tape")
    device = replace(device, **changed)
    bare = replace(
        config,
        scanners=(),
        scales=Scales(),
        terminal=None,
        printer=None,
        light=None,
        keyboards=None,
        fiscal=None,
    )
    if name in scanners:
        return replace(bare, scanners=(device,))
    if name in scales:
        return replace(bare, scales=replace(Scales(), **{name: device}))
    if name == "fiscal" and config.fiscal:
        return replace(bare, fiscal=replace(config.fiscal, device=device))
    return replace(bare, **{name: device})


def listen(config: Config, seconds: float, many: int, once: bool) -> bool:
    """Run the one driver and print what it says; whether the device was ready. `once`: a lost line is the end."""
    from kiosk.loop.outfit import devices, scanners

    heard: queue.SimpleQueue[Event | Secret] = queue.SimpleQueue()
    workers = scanners(config, lambda kind, number: heard.put(Secret(kind)), heard.put)
    workers |= devices(config, heard.put)
    began, ready = time.monotonic(), False
    for worker in workers.values():
        worker.start()
    try:
        while many > 0 and (left := began + seconds - time.monotonic()) > 0:
            event = heard.get(timeout=min(left, 3600.0))
            many -= 1
            print(said(time.monotonic() - began, event), flush=True)
            health = event.device.health if isinstance(event, DeviceSeen) else None
            ready = ready or health is Health.READY
            if once and health in (Health.OFFLINE, Health.ABSENT):
                break
    except (queue.Empty, KeyboardInterrupt):
        pass
    for worker in workers.values():
        worker.stop(STOP_SECONDS)
    return ready


def said(at: float, event: Event | Secret) -> str:
    if isinstance(event, Secret):
        return f"{at:9.3f}  a number of a {event.kind}, which is not shown"
    return f"{at:9.3f}  {msgspec.json.encode(event).decode()}"
