"""After a power cut, before the kiosk opens it: does SQLite itself find anything wrong with a journal file?"""

import sqlite3
from contextlib import closing
from pathlib import Path


def mark_of(journal: Path) -> Path:
    """The file beside a damaged journal that says what is wrong; while it is there, no kiosk opens that journal."""
    return journal.with_name(f"{journal.name}.damaged")


def checked(journal: Path) -> str:
    """What is wrong with the file, in SQLite's words; empty: nothing is, or its last end was a clean one.

    The log of the last turns is folded in by looking. The mark is written or taken away; OSError: it could not be.
    """
    log, mark = journal.with_name(f"{journal.name}-wal"), mark_of(journal)
    if not mark.exists() and (not log.exists() or not log.stat().st_size):
        return ""
    wrong = _seen(journal)
    if wrong:
        mark.write_text(wrong + "\n")
    else:
        mark.unlink(missing_ok=True)
    return wrong


def _seen(journal: Path) -> str:
    try:
        with closing(sqlite3.connect(f"{journal.absolute().as_uri()}?mode=rw", uri=True)) as db:
            found = db.execute("PRAGMA quick_check(1)").fetchone()[0]
    except sqlite3.Error as wrong:
        return str(wrong)
    return "" if found == "ok" else " ".join(found.split())
