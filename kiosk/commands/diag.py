"""kiosk diag [--out FILE]: one file for support, with everything about this lane but its secrets and people."""

import argparse
import sys
from datetime import UTC, datetime
from pathlib import Path

import msgspec

from kiosk.checks.report import report
from kiosk.commands.doctor import lines
from kiosk.config import Config, ConfigError, Files, read
from kiosk.diag.bundle import gathered, scrubber_of, written

ROOT = Path("/")


def main(argv: list[str]) -> int:
    """0 and the name of the file; 1 if it cannot be written. A lane without a configuration has a bundle, too."""
    parser = argparse.ArgumentParser(
        prog="kiosk diag", description="Gather what support needs, without secrets."
    )
    parser.add_argument("config", type=Path, nargs="?", default=Path("/etc/kiosk/kiosk.toml"))
    parser.add_argument(
        "--out", type=Path, help="the file to write (default: kiosk-diag-STORE-LANE-TIME.zip here)"
    )
    parser.add_argument(
        "--no-devices", action="store_true", help="start no device and call nobody: what a running kiosk says"
    )
    options = parser.parse_args(argv)
    config, wrong = _config(options.config)
    out = options.out or Path(named(config, datetime.now(UTC)))
    journal = Path(config.files.journal if config else Files().journal)
    members = gathered(options.config, journal, ROOT)
    if config:
        found = report(config, quiet=options.no_devices)
        members["report.txt"] = "\n".join(lines(found))
        members["report.json"] = msgspec.json.format(msgspec.json.encode(found), indent=2).decode()
    if wrong:
        members["left_out.txt"] = f"report.txt: {wrong}\n{members['left_out.txt']}"
    try:
        written(out, members, scrubber_of(options.config, ROOT))
    except OSError as error:
        print(f"kiosk diag: {out}: {error.strerror}", file=sys.stderr)
        return 1
    print(out)
    return 0


def _config(path: Path) -> tuple[Config | None, str]:
    try:
        return read(path), ""
    except ConfigError as wrong:
        return None, str(wrong)


def named(config: Config | None, at: datetime) -> str:
    lane = f"{config.lane.store}-{config.lane.number}" if config else "not-set-up"
    plain = "".join(sign if sign.isalnum() or sign in "-_" else "-" for sign in lane)
    return f"kiosk-diag-{plain}-{at:%Y%m%dT%H%M%SZ}.zip"
