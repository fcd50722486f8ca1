"""kiosk check CONFIG: read a configuration file as `kiosk run` would, and say what is wrong with it."""

import argparse
import sys
from pathlib import Path
from zoneinfo import ZoneInfo

from kiosk import network
from kiosk.config import Config, ConfigError, read


def main(argv: list[str]) -> int:
    """0 and a summary if the file can be used; 2 and one line that names file, line and key if not."""
    parser = argparse.ArgumentParser(prog="kiosk check", description="Check a configuration file.")
    parser.add_argument("config", type=Path)
    parser.add_argument("--network", action="store_true", help="print whom this lane must be able to talk to")
    options = parser.parse_args(argv)
    path = options.config
    try:
        config = read(path)
        config.verify(str(path))
    except ConfigError as wrong:
        print(f"kiosk check: {wrong}", file=sys.stderr)
        return 2
    print("\n".join(network.lines(config) if options.network else summary(config)))
    return 0


def summary(config: Config) -> list[str]:
    """What the file says, device by device, for somebody who compares it with what stands before her."""
    devices = {f"scanner {number}": scanner for number, scanner in enumerate(config.scanners, 1)} | {
        "produce scale": config.scales.produce,
        "bag scale": config.scales.bag,
        "card terminal": config.terminal,
        "receipt printer": config.printer,
        "lane light": config.light,
    }
    lines = [
        f"store {config.lane.store}, lane {config.lane.number}: {config.shop.name}",
        f"{config.shop.currency}, {', '.join(config.shop.languages)}, {ZoneInfo(config.shop.timezone).key}",
    ]
    for name, device in devices.items():
        lines.append(f"{name:16} {_where(device)}")
    guarded = config.keyboards is not None
    lines.append(
        f"{'other keyboards':16} {'grabbed and reported' if guarded else 'may type: no table [keyboards]'}"
    )
    lines.append(f"{'keypad':16} {config.keypad.port if config.keypad else 'none'}")
    lines.append(f"{'voice':16} {config.voice.command if config.voice else 'none: the lane does not speak'}")
    lines.append(f"{'fiscal device':16} {_where(config.fiscal.device if config.fiscal else None)}")
    lines.append(f"{'store server':16} {config.link.server if config.link else 'none: the lane sells alone'}")
    return lines + [f"missing: {want}" for want in config.wants()]


def _where(device: object) -> str:
    if device is None:
        return "none"
    model = type(device).__struct_config__.tag  # type: ignore[attr-defined]
    return f"{model} at {getattr(device, 'port', '') or getattr(device, 'factory', '')}"
