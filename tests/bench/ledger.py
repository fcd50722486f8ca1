"""The ledger: how fast a whole one is verified, and whether a long one opens as fast as an empty one.

Sales have twelve lines, three of them between two anchors (a lane of some forty sales an hour); a day is closed
every hundred. The yardstick of verifying is SHA-256 over the same bodies in one piece, in memory; both are
the thread's CPU time, best of nine, turn by turn: nothing in it waits.
"""

import hashlib
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import msgspec
from msgspec.structs import replace

from kiosk.checkout.effects import Report
from kiosk.checkout.records import ClosedSale, DayEnded
from kiosk.journal import Journal
from kiosk.journal.proof.chain import line_hash
from kiosk.journal.verify import verified
from kiosk.units import Grams, Millis, SaleId
from tests.bench import Row
from tests.bench.rig import Goods, folder, percentile
from tests.checkout.test_a_sale import pay
from tests.lane import Lane

BEGAN, EACH = 1_790_000_000_000, 90_000  # ms
LINES, ANCHOR, DAY, LEAST = 12, 3, 100, 0.1


def sale() -> ClosedSale:
    """As the core closes it, of goods like those of the other benchmarks."""
    goods = tuple(replace(item, tax="R", grams=Grams(500), spread=Grams(5)) for item in Goods(LINES).items())
    lane = pay(Lane(items=goods).buy(*goods))
    return next(
        deed.record for deed in lane.done(Report)
        if isinstance(deed, Report) and isinstance(deed.record, ClosedSale)
    )  # fmt: skip


def quick_disk(journal: Journal) -> None:
    """What is measured here comes later: writing need not wait for the disk."""
    journal._db.execute("PRAGMA synchronous=OFF")


def traded(path: Path, sales: int) -> Path:
    """A ledger of so many sales with their anchors and closings, written as the kiosk writes it."""
    journal, one = Journal(path), sale()
    quick_disk(journal)
    for number in range(1, sales + 1):
        at = Millis(BEGAN + number * EACH)
        done = journal.note(at, replace(one, id=SaleId(f"b-{number}"), number=number))
        if number % ANCHOR == 0:
            done.result()
            journal.anchor(at, due=False)
        if number % DAY == 0:
            done = journal.note(at, DayEnded(f"2026-11-{number // DAY % 28 + 1:02d}", at))
    done.result()
    journal.close()
    return path


def lengthened(path: Path, lines: int) -> Path:
    """Bring a ledger to so many lines, all small: written past the journal, which would take hours."""
    journal = Journal(path)
    books = journal._ledger.books
    journal.close()
    with closing(sqlite3.connect(path, isolation_level=None)) as db:
        db.execute("BEGIN")
        before = bytes.fromhex(books.hash)
        body = b'{"of":"b-1","copy":1,"at":0,"why":"asked","by":""}'
        for number in range(books.number + 1, lines + 1):
            before = line_hash(before, number, books.at, "duplicate", body)
            row = (number, books.at, "duplicate", body, before)
            db.execute("INSERT INTO ledger VALUES (?, ?, ?, ?, ?, NULL)", row)
        books.day.totals.duplicates += lines - books.number
        books.number, books.hash, books.since = lines, before.hex(), books.at
        db.execute("UPDATE books SET body = ?", (msgspec.json.encode(books),))
        db.execute("DELETE FROM outbox")
        db.execute("COMMIT")
    return path


def opening(path: Path) -> float:
    began = time.perf_counter()
    journal = Journal(path)
    took = time.perf_counter() - began
    journal.close()
    return took


def rows(quick: bool) -> Iterator[Row]:
    sales, lines = (1_500, 20_000) if quick else (20_000, 1_000_000)
    with folder() as place:
        book = traded(place / "traded.db", sales)
        verified(book)
        with closing(sqlite3.connect(book)) as db:
            bodies = b"".join(body for (body,) in db.execute("SELECT body FROM ledger"))
        proving, hashing = [], []
        for _ in range(9):
            began = time.thread_time()
            verdict = verified(book)
            proving.append(time.thread_time() - began)
            began = time.thread_time()
            hashlib.sha256(bodies).digest()
            hashing.append(time.thread_time() - began)
        assert verdict.whole
        proof, floor = min(proving), min(hashing)
        size = len(bodies) / 1e6
        yield Row(
            what=f"ledger verified, {verdict.lines} lines, {verdict.signatures} of them signed, {size:.0f} MB",
            goal=f">= {LEAST} x bare SHA-256 of the same bodies",
            measured=f"{size / proof:.0f} MB/s, bare {size / floor:.0f} MB/s",
            ratio=floor / proof,
            ok=floor >= LEAST * proof,
        )
        empty = place / "empty.db"
        Journal(empty).close()
        lengthened(book, lines)
        none, many = [], []
        for _ in range(40):
            none.append(opening(empty))
            many.append(opening(book))
        first, long = percentile(none, 50), percentile(many, 50)
        yield Row(
            what=f"a ledger of {lines} lines opened",
            goal="<= 1.5 x an empty one",
            measured=f"{long * 1e3:.2f} ms, empty {first * 1e3:.2f} ms",
            ratio=long / first,
            ok=long <= 1.5 * first,
        )
