"""kiosk support open KEYFILE --hours 2 | close | list: who may come in over SSH for a while; the journal has it."""

import argparse
import getpass
import os
import sys
from datetime import UTC, datetime
from pathlib import Path

from kiosk.checkout.records import Technical
from kiosk.config import ConfigError, read
from kiosk.files import write
from kiosk.journal import Journal, JournalError
from kiosk.support import Guest, KeyRefusedError, guest, guests, with_guest
from kiosk.units import Millis

KEYS = Path("/var/lib/kiosk/keys/support")


def main(argv: list[str]) -> int:
    """0: done. 1: not, and why: nobody comes in of whom the journal does not know."""
    options = _parser().parse_args(argv)
    now = datetime.now(UTC)
    try:
        code: int = options.run(options, now)
    except (KeyRefusedError, ConfigError, JournalError, OSError) as wrong:
        print(f"kiosk support: {wrong}", file=sys.stderr)
        return 1
    return code


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="kiosk support", description="Let somebody in over SSH, for a while."
    )
    parser.add_argument("--keys", type=Path, default=KEYS, help=f"sshd's file of keys (default: {KEYS})")
    parser.add_argument(
        "--config", type=Path, default=Path("/etc/kiosk/kiosk.toml"), help="says where the journal is"
    )
    commands = parser.add_subparsers(required=True, metavar="WHAT")
    opened = commands.add_parser("open", help="let the owner of this key in")
    opened.add_argument("key", type=Path, metavar="KEYFILE", help="their id_….pub")
    opened.add_argument("--hours", type=float, default=2.0, help="how long (default: 2, at most 12)")
    opened.set_defaults(run=_open)
    commands.add_parser("close", help="let nobody in any more").set_defaults(run=_close)
    commands.add_parser("list", help="who may come, and until when").set_defaults(run=_list)
    return parser


def _open(options: argparse.Namespace, now: datetime) -> int:
    new = guest(options.key.read_text("utf-8", "replace"), options.hours, now)
    _note(
        options,
        now,
        {"command": "open", "key": new.fingerprint, "until": new.until.isoformat(timespec="seconds")},
    )
    write(options.keys, with_guest(_file(options), new, now), 0o644)
    print(told(new))
    return 0


def _close(options: argparse.Namespace, now: datetime) -> int:
    """Whoever is in already stays until she leaves; a restart of the machine sends her away."""
    write(options.keys, "", 0o644)
    _note(options, now, {"command": "close"})
    print("nobody may come in any more")
    return 0


def _list(options: argparse.Namespace, now: datetime) -> int:
    for each in guests(_file(options), now):
        print(told(each))
    return 0


def told(one: Guest) -> str:
    return f"{one.name or 'somebody'}, {one.fingerprint}, until {one.until:%Y-%m-%d %H:%M} UTC"


def _file(options: argparse.Namespace) -> str:
    return str(options.keys.read_text()) if options.keys.exists() else ""


def _note(options: argparse.Namespace, now: datetime, said: dict[str, str | int]) -> None:
    """Into the lane's own book, with who has done it. Raises JournalError."""
    files = read(options.config).files
    journal = Journal(Path(files.journal), device_key=Path(files.device_key) if files.device_key else None)
    at = Millis(int(now.timestamp() * 1000))
    try:
        journal.note(
            at, Technical("support", at, {"user": os.environ.get("SUDO_USER") or getpass.getuser(), **said})
        ).result()
    finally:
        journal.close()
