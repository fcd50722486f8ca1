"""kiosk doctor [CONFIG]: is this lane fit to sell, and if not, what is to be done? For 3 a.m."""

import argparse
import sys
from collections.abc import Iterator
from pathlib import Path

import msgspec

from kiosk.checks.report import report
from kiosk.config import ConfigError, read
from kiosk.readiness.compact import NoReportError, folded, unfolded
from kiosk.readiness.report import Check, Report, State

SIGNS = {State.OK: "ok  ", State.WARN: "warn", State.FAULT: "BAD ", State.ABSENT: "none"}


def main(argv: list[str]) -> int:
    """0 if the lane can sell, 1 if something is not well, 2 if there is no configuration, or no report to read."""
    options = _parser().parse_args(argv)
    try:
        found = unfolded(options.read) if options.read else looked(options.config)
    except (ConfigError, NoReportError) as wrong:
        print(f"kiosk doctor: {wrong}", file=sys.stderr)
        return 2
    if options.json:
        print(msgspec.json.format(msgspec.json.encode(found), indent=2).decode())
    else:
        print("\n".join(lines(found)))
    if options.qr:
        print(qr(folded(found)))
    return 0 if found.ready else 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="kiosk doctor", description="Is this lane fit to sell?")
    parser.add_argument("config", type=Path, nargs="?", default=Path("/etc/kiosk/kiosk.toml"))
    parser.add_argument("--json", action="store_true", help="the whole report as JSON")
    parser.add_argument("--qr", action="store_true", help="and as a QR code, for a phone to send to support")
    parser.add_argument("--read", metavar="TEXT", help="explain what such a QR code says (KIOSK1 …)")
    return parser


def looked(path: Path) -> Report:
    """The report of the lane with this configuration. Raises ConfigError."""
    config = read(path)
    config.verify(str(path))
    return report(config)


def lines(found: Report) -> Iterator[str]:
    """The report for a terminal: a line for each check, under a fault what to do about it, the verdict last."""
    image = f", image {found.slot_hash[:12]}" if found.slot_hash else ""
    yield f"store {found.store}, lane {found.lane}: kiosk {found.version}{image}, {found.at}"
    for check in found.checks:
        yield f"{SIGNS[check.state]} {check.subject:16} {told(check)}".rstrip()
        for number, step in enumerate(check.steps, 1):
            yield f"       {number}. {step.text} ({step.who})"
    yield verdict(found)


def told(check: Check) -> str:
    said = check.seen or (check.fault or "")
    return f"{said} (expected: {check.expected})" if check.expected else said


def verdict(found: Report) -> str:
    bad, warnings = len(found.of(State.FAULT)), len(found.of(State.WARN))
    watch = f", {warnings} to watch" if warnings else ""
    return f"ready to sell{watch}" if found.ready else f"not ready: {bad} to repair{watch}"


def qr(text: str) -> str:
    """A QR code of half blocks, dark on light whatever the terminal's colours, with its quiet zone."""
    import segno

    rows = [[*map(bool, row)] for row in segno.make_qr(text, error="m").matrix_iter(border=4)]
    rows += [[False] * len(rows[0])] * (len(rows) % 2)
    pairs = zip(rows[::2], rows[1::2], strict=True)
    glyphs = {(False, False): " ", (True, False): "▀", (False, True): "▄", (True, True): "█"}
    drawn = ("".join(glyphs[pair] for pair in zip(*both, strict=True)) for both in pairs)
    return "\n".join(f"\033[30;107m{row}\033[0m" for row in drawn)
