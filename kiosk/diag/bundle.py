"""The bundle for support: one zip whose members pass the scrubber, whatever they are."""

import subprocess
import tomllib
import zipfile
from collections.abc import Callable, Iterable
from datetime import UTC
from pathlib import Path
from typing import Any

from kiosk.diag import parts
from kiosk.diag.logs import shown
from kiosk.diag.scrub import Scrubber, config_lines
from kiosk.diag.secrets import known

EPOCH = (1980, 1, 1, 0, 0, 0)
LINES = 5_000
SECONDS = 20
"""A program of the system may take so long; without it the bundle goes out all the same."""
OURS = "kiosk*.service"
PROGRAMS: dict[str, list[str]] = {
    "logs.txt": [
        "journalctl",
        "--no-pager",
        "--output=json",
        f"--lines={LINES}",
        f"--unit={OURS}",
        "--unit=store.service",
    ],
    "kernel.txt": ["journalctl", "--no-pager", "--output=json", "--lines=1000", "--dmesg"],
    "units.txt": [
        "systemctl",
        "list-units",
        "--all",
        "--plain",
        "--no-pager",
        "--no-legend",
        OURS,
        "store.service",
    ],
    "addresses.txt": ["ip", "-brief", "address"],
}

Run = Callable[[list[str]], bytes]


class NotToBeHadError(Exception):
    """A program that is not there, or does not answer; says why."""


def run(program: list[str]) -> bytes:
    """Its output. Raises NotToBeHadError."""
    try:
        done = subprocess.run(program, capture_output=True, timeout=SECONDS, check=False)
    except (OSError, subprocess.TimeoutExpired) as wrong:
        raise NotToBeHadError(f"{program[0]}: {wrong}") from wrong
    if done.returncode:
        said = done.stderr.decode("utf-8", "replace").strip()
        raise NotToBeHadError(f"{program[0]}: ended with {done.returncode}: {said}")
    return done.stdout


def written(out: Path, members: dict[str, str], scrubber: Scrubber) -> None:
    """The zip, readable for its owner only: members by name, without times, each through the scrubber."""
    out.touch(0o600)
    out.chmod(0o600)
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in sorted(members):
            about = zipfile.ZipInfo(name, EPOCH)
            about.external_attr = 0o600 << 16
            about.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(about, scrubber.text(members[name].rstrip() + "\n"))


def gathered(config: Path, journal: Path, root: Path, programs: Run = run) -> dict[str, str]:
    """All members but the report. What cannot be had is named in left_out.txt."""
    members = {
        "config.txt": config_text(config),
        "journal.json": parts.journal_shape(journal),
        "packages.txt": parts.packages(),
        "usb.txt": parts.usb(root),
        "names.txt": parts.names(root),
        "input.txt": parts.read(root / "proc/bus/input/devices"),
        "machine.txt": parts.machine(root),
        "network.txt": parts.network(root),
        "release.json": parts.read(root / "usr/share/kiosk/release.json"),
    }
    left_out = []
    for name, program in PROGRAMS.items():
        try:
            members[name] = readable(name, programs(program))
        except NotToBeHadError as wrong:
            left_out.append(f"{name}: {wrong}")
    left_out += [f"{name}: nothing there" for name, text in members.items() if not text.strip()]
    return {name: text for name, text in members.items() if text.strip()} | {
        "left_out.txt": "\n".join(left_out)
    }


def readable(name: str, output: bytes) -> str:
    if PROGRAMS[name][0] == "journalctl":
        return "\n".join(shown(output.splitlines(), UTC))
    return output.decode("utf-8", "replace")


def tables_of(config: Path) -> dict[str, Any]:
    """The configuration as it is written, right or wrong; {} where it cannot be read at all."""
    try:
        return tomllib.loads(config.read_text())
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError):
        return {}


def config_text(config: Path) -> str:
    return "\n".join(config_lines(tables_of(config))) or "no configuration that can be read"


def scrubber_of(config: Path, root: Path, more: Iterable[str] = ()) -> Scrubber:
    """Knows the secrets of this machine."""
    return Scrubber([*known(tables_of(config), root), *more])
