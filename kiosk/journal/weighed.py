"""What this lane has weighed itself, by item and epoch: the one place where it is added up.

It lies beside the ledger so that it is written in the commit that ends the basket. An older version of the software
can still use a journal that has this table.
"""

import logging
import sqlite3
from collections.abc import Iterable

from kiosk.checkout.effects import LearntItem
from kiosk.units import ItemId, Millis
from kiosk.weight.sums import EPOCHS, LANE_MOST, Known, Sums
from kiosk.wire import Weighed

log = logging.getLogger(__name__)

SCHEMA = """
CREATE TABLE IF NOT EXISTS weights (
  item INTEGER, epoch INTEGER, count INTEGER NOT NULL, n INTEGER NOT NULL, sum INTEGER NOT NULL,
  squares INTEGER NOT NULL, first INTEGER NOT NULL, last INTEGER NOT NULL, PRIMARY KEY (item, epoch)) WITHOUT ROWID
"""
OURS = "(SELECT value FROM meta WHERE key = 'weights') = ?"
DAY = 86_400_000


def learn(db: sqlite3.Connection, source: str, at: Millis, learnt: Iterable[LearntItem]) -> None:
    """Add what a basket has taught, within the caller's transaction. A sum that cannot be one is left out and said:
    no sale waits for it. What was weighed under the ids of another catalogue is forgotten first, and a new book begun;
    without a catalogue nothing is learnt."""
    if not source:
        return
    held = _meta(db, "weights")
    if held != source:
        db.execute("DELETE FROM weights")
        db.execute("INSERT OR REPLACE INTO meta VALUES ('weights', ?)", (source,))
        db.execute("INSERT OR REPLACE INTO meta VALUES ('weights_books', ?)", (str(books(db) + bool(held)),))
    for one in learnt:
        try:
            _add(db, at // DAY, one)
        except ValueError as wrong:
            log.error("not learnt of item %d: %s", one.item, wrong)


def books(db: sqlite3.Connection) -> int:
    """How many books of weights were ended before this one."""
    return int(_meta(db, "weights_books") or 0)


def _meta(db: sqlite3.Connection, key: str) -> str:
    row = db.execute("SELECT value FROM meta WHERE key = ?", (key,)).fetchone()
    return row[0] if row else ""


def _add(db: sqlite3.Connection, day: int, one: LearntItem) -> None:
    if not 0 <= one.epoch < EPOCHS:
        raise ValueError(f"expected an epoch of 0 to {EPOCHS - 1}, not {one.epoch}")
    where = (one.item, one.epoch)
    row = db.execute(
        "SELECT count, n, sum, squares, first FROM weights WHERE item = ? AND epoch = ?", where
    ).fetchone()
    count, sums, first = one.n, Sums(one.n, one.sum, one.squares), day
    if row is not None:
        count, sums, first = row[0] + one.n, Sums(*row[1:4]) + sums, row[4]
    told = Weighed(*where, count, sums.at_most(LANE_MOST))
    values = (*where, count, told.sums.n, told.sums.sum, told.sums.squares, first, day)
    db.execute("INSERT OR REPLACE INTO weights VALUES (?, ?, ?, ?, ?, ?, ?, ?)", values)


def of_item(db: sqlite3.Connection, source: str, item: ItemId) -> list[Known]:
    query = f"SELECT epoch, n, sum, squares, first, last FROM weights WHERE item = ? AND {OURS}"
    return [
        Known(epoch, Sums(*sums), first, last)
        for epoch, *sums, first, last in db.execute(query, (item, source))
    ]


def of_all(db: sqlite3.Connection, source: str, items: Iterable[ItemId] | None) -> list[Weighed]:
    """Of these items, or of all."""
    query = f"SELECT item, epoch, count, n, sum, squares FROM weights WHERE {OURS}"
    if items is None:
        rows = db.execute(query, (source,)).fetchall()
    else:
        rows = [
            row for item in items for row in db.execute(f"{query} AND item = ?", (source, item)).fetchall()
        ]
    return [Weighed(item, epoch, count, Sums(*sums)) for item, epoch, count, *sums in rows]
