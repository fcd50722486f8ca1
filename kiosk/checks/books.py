"""The lane's journal: is the file whole, how much of it has the store server not got, and is the clock behind it?"""

import sqlite3
import time
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

from kiosk.readiness.faults import Fault
from kiosk.readiness.report import Check, ill, well

MANY = 200
"""Ledger lines that may wait before somebody should look: about a day of a lane."""
SLACK = 300
"""Seconds that the clock may be behind what the journal knows."""


def books(journal: Path, now: float | None = None) -> list[Check]:
    """Nothing is written. A lane that has sold nothing yet has no file, and that is well."""
    if not journal.exists():
        return [well("books", "journal", "none yet")]
    try:
        with closing(sqlite3.connect(f"{journal.absolute().as_uri()}?mode=ro", uri=True)) as db:
            said = db.execute("PRAGMA quick_check(1)").fetchone()[0]
            waiting = int(db.execute("SELECT count(*) FROM outbox").fetchone()[0])
            newest = db.execute("SELECT coalesce(max(at), 0) FROM ledger").fetchone()[0]
    except sqlite3.Error as wrong:
        return [ill("books", "journal", _why(str(wrong)), f"{journal}: {wrong}", "a whole file")]
    if said != "ok":
        return [ill("books", "journal", Fault.DAMAGED, f"{journal}: {said}", "a whole file")]
    mib = journal.stat().st_size / 2**20
    whole = well("books", "journal", f"whole, {mib:.1f} MiB")
    return [whole, unsent(waiting), clock(int(newest) / 1000, time.time() if now is None else now)]


def _why(said: str) -> Fault:
    return Fault.NO_PERMISSION if "unable to open" in said or "readonly" in said else Fault.DAMAGED


def unsent(waiting: int) -> Check:
    seen = f"{waiting} wait for the store server" if waiting else "nothing waits"
    if waiting > MANY:
        return ill("books", "unsent", Fault.UNSENT, seen, f"at most {MANY}")
    return well("books", "unsent", seen)


def clock(newest: float, now: float) -> Check:
    """A time of day before the last thing that was written down cannot be right."""
    seen = datetime.fromtimestamp(now, UTC).strftime("%Y-%m-%d %H:%M UTC")
    if now < newest - SLACK:
        last = datetime.fromtimestamp(newest, UTC).strftime("%Y-%m-%d %H:%M UTC")
        return ill("machine", "clock", Fault.CLOCK, seen, f"after {last}, the journal's last line")
    return well("machine", "clock", seen)
