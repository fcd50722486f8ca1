"""What was weighed elsewhere: at a staffed till (one weighing a row), or by another store (its sums)."""

import csv
import time
from collections.abc import Iterator
from pathlib import Path

from sqlalchemy import Connection, Engine, func, select

from kiosk.units import ItemId
from kiosk.weight.sums import LANE_MOST, Sums
from store import weights
from store.database import writing
from store.importing.lists import item_of, table
from store.importing.mapping import ImportingError
from store.tables import codes, weight_items

WEIGHINGS = ["item", "grams"]
SUMS = ["item", "n", "sum", "squares"]
FROM_ELSEWHERE = 20  # weighings that another store's sum counts for at most


def import_weighings(engine: Engine, path: Path, name: str, most: int | None = None) -> int:
    """Bring in a CSV file, `item` being a product's code; it takes the place of the list that had its name before.

    Another store's sums count for `most` weighings, FROM_ELSEWHERE if nothing is said, and no list for more than a
    lane. How many items it is; ImportingError: nothing was brought in.
    """
    own = _header(path) == WEIGHINGS
    found: dict[ItemId, Sums] = {}
    with writing(engine) as db:
        for item, sums in _read(db, path, WEIGHINGS if own else SUMS):
            found[item] = found[item] + sums if item in found else sums
        limit = min(most or (LANE_MOST if own else FROM_ELSEWHERE), LANE_MOST)
        now = time.time_ns() // 1_000_000
        weights.bring(db, name, {item: sums.at_most(limit) for item, sums in found.items()}, now)
    return len(found)


def _header(path: Path) -> list[str]:
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            return next(csv.reader(file), [])
    except (UnicodeDecodeError, csv.Error) as error:
        raise ImportingError(f"{path}: expected CSV in UTF-8: {error}") from error
    except OSError as error:
        raise ImportingError(f"{path}: {error.strerror}") from error


def _read(db: Connection, path: Path, columns: list[str]) -> Iterator[tuple[ItemId, Sums]]:
    for number, row in table(path, columns):
        where = f"{path}, row {number}"
        item = item_of(db, f"{where}, column item", row["item"])
        values = [_whole(where, name, row[name]) for name in columns[1:]]
        try:
            yield item, Sums(*values) if len(values) > 1 else Sums.of(*values)
        except ValueError as error:
            raise ImportingError(f"{where}: {error}") from error


def _whole(where: str, column: str, text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) < 16):
        raise ImportingError(f"{where}, column {column}: expected a whole number, not {text!r}")
    return int(text)


def exported(db: Connection, now: int) -> Iterator[list[int]]:
    """A row of SUMS for each item with a code: what this shop believes of the pack that is sold now."""
    code = select(codes.c.item, func.min(codes.c.gtin)).where(codes.c.item.in_(select(weight_items.c.item)))
    named = {row[0]: row[1] for row in db.execute(code.group_by(codes.c.item))}
    for item, one in sorted(weights.beliefs(db, named, now).items()):
        if one.sums is not None:
            yield [named[item], one.sums.n, one.sums.sum, one.sums.squares]
