"""What shoppers have picked by name at this lane, by hour of the week: so the finder shows first what sells now.

Written in the commit that closes the sale. Hours are counted in UTC from Thursday, 1970: a lane does not travel, and
where the clocks change the hours beside count, too.
"""

import sqlite3
from collections import Counter
from collections.abc import Iterable

from kiosk.checkout.records import ClosedSale
from kiosk.units import ItemId, Millis

SCHEMA = """
CREATE TABLE IF NOT EXISTS picked (
  item INTEGER, hour INTEGER, n INTEGER NOT NULL, PRIMARY KEY (item, hour)) WITHOUT ROWID
"""
HOUR = 3_600_000
DAY, WEEK = 24, 168
"""Hours."""
HALVED = 4 * WEEK
"""After so many hours all counts are halved, so that last summer's strawberries go."""
MOST = 100
NEAR, SAME = (8, 4, 1), 3
"""How much an hour counts that is 0, 1 or 2 away in the day, and how many times that on the same day of the week."""


def hour_of(at: Millis) -> int:
    """Hours since 1970."""
    return at // HOUR


def learn(db: sqlite3.Connection, source: str, sale: ClosedSale) -> None:
    """Count the lines that no code was read for, within the caller's transaction; practice counts nothing, and ids of
    another catalogue are forgotten."""
    if not source or sale.training:
        return
    hour = hour_of(sale.ended)
    if _held(db, "picked") != source:
        db.execute("DELETE FROM picked")
        _hold(db, "picked", source)
        _hold(db, "picked_since", str(hour))
    if hour - int(_held(db, "picked_since")) >= HALVED:
        db.execute("UPDATE picked SET n = n / 2")
        db.execute("DELETE FROM picked WHERE n = 0")
        _hold(db, "picked_since", str(hour))
    for line in sale.lines:
        if line.gtin is None and line.item.id > 0:
            db.execute(
                "INSERT INTO picked VALUES (?, ?, 1) ON CONFLICT (item, hour) DO UPDATE SET n = n + 1",
                (line.item.id, hour % WEEK),
            )


def best(db: sqlite3.Connection, source: str, at: Millis) -> tuple[ItemId, ...]:
    """What sells at this hour, the best first."""
    if _held(db, "picked") != source:
        return ()
    return ranked(db.execute("SELECT item, hour, n FROM picked"), hour_of(at) % WEEK)


def ranked(counts: Iterable[tuple[int, int, int]], now: int) -> tuple[ItemId, ...]:
    """Items with their counts by hour of the week, in the order of what sells at hour `now` of it; all hours count
    once, those near by more."""
    scores: Counter[int] = Counter()
    for item, hour, n in counts:
        scores[item] += n * weight(hour, now)
    return tuple(ItemId(item) for item, _ in sorted(scores.items(), key=lambda one: (-one[1], one[0]))[:MOST])


def weight(hour: int, now: int) -> int:
    """How much a sale at one hour of the week says about another one."""
    apart = min((hour - now) % DAY, (now - hour) % DAY)
    if apart >= len(NEAR):
        return 1
    week = min((hour - now) % WEEK, (now - hour) % WEEK)
    return 1 + NEAR[apart] * (SAME if week == apart else 1)


def _held(db: sqlite3.Connection, key: str) -> str:
    row = db.execute("SELECT value FROM meta WHERE key = ?", (key,)).fetchone()
    return row[0] if row else ""


def _hold(db: sqlite3.Connection, key: str, value: str) -> None:
    db.execute("INSERT OR REPLACE INTO meta VALUES (?, ?)", (key, value))
