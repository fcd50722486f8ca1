"""The log beside the journal's file has its whole length before anything is sold.

A commit then overwrites what is there, and waits for that alone. Where the log grows, the file system makes its new
length durable as well, in a journal of its own: three times as much to write, and the disk is waited for twice. And a
disk that is full has room for what is being paid.
"""

import logging
import os
import sqlite3
from pathlib import Path

log = logging.getLogger(__name__)

ROOM = 16
"""MiB that the disk has left where a basket begins: the log's own room is for those that have begun."""


def lay(db: sqlite3.Connection, path: Path, length: int) -> None:
    """Zeros, which SQLite takes for the log's end, up to that many bytes; its own lock keeps other writers away.

    Where there is no room for them the log grows as it is needed.
    """
    beside = path.with_name(f"{path.name}-wal")
    if beside.stat().st_size >= length:
        return
    try:
        db.execute("BEGIN IMMEDIATE")
        with beside.open("ab") as file:
            file.write(bytes(max(0, length - file.tell())))
            file.flush()
            os.fsync(file.fileno())
    except (OSError, sqlite3.Error) as wrong:
        log.warning("%s: not laid in its whole length (%s)", beside, wrong)
    if db.in_transaction:
        db.execute("ROLLBACK")


def short(folder: Path) -> str:
    """What the disk under this folder lacks of ROOM, in words; empty if it lacks nothing."""
    disk = os.statvfs(folder)
    free = disk.f_bavail * disk.f_frsize >> 20
    return "" if free >= ROOM else f"its disk has {free} MiB left and needs {ROOM}"
