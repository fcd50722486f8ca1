"""kiosk logs [UNIT]: what the lane's programs wrote, in a shape for people. A view over journalctl."""

import argparse
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, tzinfo
from pathlib import Path
from zoneinfo import ZoneInfo

from kiosk.config import ConfigError, read
from kiosk.diag.logs import GRAVE, shown

AGO = re.compile(r"\d+(s|m|h|d|min|days?|weeks?)")
UNITS = ("kiosk", "link", "terminal", "camera", "health", "update", "diag", "journal-check", "store")


def main(argv: list[str]) -> int:
    """journalctl's own exit code; 69: there is none on this machine."""
    options = _parser().parse_args(argv)
    try:
        with subprocess.Popen(command(options), stdout=subprocess.PIPE) as journal:
            assert journal.stdout is not None
            for line in shown(
                journal.stdout, zone(options.config), options.level.upper(), not options.follow
            ):
                print(line, flush=options.follow)
        return journal.returncode
    except FileNotFoundError:
        print("kiosk logs: no journalctl on this machine", file=sys.stderr)
        return os.EX_UNAVAILABLE
    except BrokenPipeError:  # whoever reads it has seen enough: `| head`
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except KeyboardInterrupt:
        return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="kiosk logs", description="What the lane's programs wrote.")
    parser.add_argument("unit", nargs="?", choices=UNITS, help="only this program (default: all of them)")
    parser.add_argument(
        "--since", default="1d", help='how long ago (30m, 2h, 3d), or yesterday, "2026-11-30 19:00"'
    )
    parser.add_argument(
        "--level", default="info", choices=[each.lower() for each in GRAVE], help="and graver"
    )
    parser.add_argument("-n", "--last", type=int, default=0, help="only the last so many lines")
    parser.add_argument("-f", "--follow", action="store_true", help="go on as new ones come")
    parser.add_argument("--kernel", action="store_true", help="the kernel instead: USB, disk, voltage")
    parser.add_argument(
        "--config", type=Path, default=Path("/etc/kiosk/kiosk.toml"), help="for the shop's time zone"
    )
    return parser


def command(options: argparse.Namespace) -> list[str]:
    """The call of journalctl: its programs are named, nothing of a technician's text is taken for an option."""
    wanted = ["--dmesg"] if options.kernel else [f"--unit={name}" for name in units(options.unit)]
    last = [f"--lines={options.last}"] if options.last > 0 else []
    follow = ["--follow"] if options.follow else []
    since = f"-{options.since}" if AGO.fullmatch(options.since) else options.since
    return ["journalctl", "--no-pager", "--output=json", f"--since={since}", *wanted, *last, *follow]


def units(name: str | None) -> Iterator[str]:
    for each in (name,) if name else UNITS:
        yield f"{each}.service" if each in ("kiosk", "store") else f"kiosk-{each}.service"


def zone(config: Path) -> tzinfo:
    """The shop's; UTC where there is no configuration yet."""
    try:
        return ZoneInfo(read(config).shop.timezone)
    except (ConfigError, ValueError, KeyError):
        return UTC
