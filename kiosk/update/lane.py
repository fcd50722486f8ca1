"""What an update has to know of the machine that it runs on."""

import sqlite3
from contextlib import closing
from pathlib import Path

import msgspec
from msgspec import Struct

from kiosk.journal.book import READS, VERSION
from kiosk.update.boot import CMDLINE, TOLD, running
from kiosk.update.release import Claims, Formats, Release
from kiosk.update.slots import Name, Started

OWN = Formats(*READS, VERSION)
"""The journals that this software reads, and what it writes."""


def claims(recovery: bool = False) -> str:
    """The description that a bundle of this source bears in its manifest."""
    return msgspec.json.encode(Claims(OWN, recovery)).decode()


class NoImageError(Exception):
    """This machine has no slots: the software was not installed as an image."""


class Machine(Struct, frozen=True):
    """Where its files lie; a test says other places."""

    release: Path = Path("/usr/share/kiosk/release.json")
    told: Path = TOLD
    cmdline: Path = CMDLINE
    boot_id: Path = Path("/proc/sys/kernel/random/boot_id")
    system: Path = Path("/etc/rauc/system.conf")

    def image(self) -> Release:
        """The image that runs. NoImageError."""
        try:
            return msgspec.json.decode(self.release.read_bytes(), type=Release)
        except (OSError, msgspec.DecodeError) as wrong:
            raise NoImageError(f"{self.release}: {wrong}") from wrong

    def started(self) -> Started:
        """Which slot this start of the machine came up from. NoImageError."""
        slot = running(self.told, self.cmdline)
        if not slot:
            raise NoImageError(f"neither {self.told} nor {self.cmdline} names a slot")
        name: Name = "a" if slot == "a" else "b"
        return Started(name, self.boot_id.read_text().strip(), self.image().version)

    def compatible(self) -> str:
        """What kind of machine RAUC takes this for. NoImageError."""
        try:
            lines = self.system.read_text().splitlines()
        except OSError as wrong:
            raise NoImageError(f"{self.system}: {wrong.strerror}") from wrong
        found = [
            line.partition("=")[2].strip()
            for line in lines
            if line.replace(" ", "").startswith("compatible=")
        ]
        if not found:
            raise NoImageError(f"{self.system}: names no compatible")
        return found[0]


def journal_format(path: Path) -> int:
    """The version of the journal's file; 0: there is none. The updater cannot read it: then it is our own."""
    try:
        if not path.exists():
            return 0
        with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)) as db:
            return int(db.execute("PRAGMA user_version").fetchone()[0])
    except (OSError, sqlite3.Error):
        return VERSION
