"""Taking in sales and records: each exactly once, many in one commit."""

import asyncio
import hashlib
import logging
import secrets
import threading
import time
from collections.abc import Callable, Sequence
from enum import StrEnum
from queue import SimpleQueue
from typing import Any

import msgspec
from msgspec import Struct
from sqlalchemy import Connection, Engine, Insert, Table, insert, select
from sqlalchemy.dialects import postgresql, sqlite

from kiosk.wire import ClosedSale, Record
from store.lanes import Lane
from store.tables import conflicts, points, receipts, records, sales

BATCH = 256
UNFIT = "unfit "  # begins the name of what came once, and contradicts the books
_log = logging.getLogger("store.intake")


class Taken(StrEnum):
    """What became of a delivery."""

    STORED = "stored"
    AGAIN = "again"
    CONFLICT = "conflict"


class NotStoredError(Exception):
    """The database did not take it; the sender keeps it and comes again."""


class Delivery(Struct, frozen=True):
    """A sale or record as it came, already found to be well formed. `points`: member's token, points.

    `receipt` is the hash of the name of a sale's page. `also` runs in the commit that stores it first, and says
    whether it fits what is there.
    """

    table: Table
    row: dict[str, Any]
    points: tuple[str, int] | None = None
    receipt: bytes = b""
    also: Callable[[Connection], bool] | None = None


def sale_delivery(
    sale: ClosedSale, body: bytes, also: Callable[[Connection], bool] | None = None
) -> Delivery:
    row = {
        "id": sale.id,
        "store": sale.store,
        "lane": sale.lane,
        "number": sale.number,
        "ended": sale.ended,
        "currency": sale.currency,
        "total": sale.priced.total,
        **_arrival(body),
    }
    mine = sale.member is not None and not sale.training
    earned = (sale.member.token, sale.priced.points) if sale.member and mine and sale.priced.points else None
    return Delivery(sales, row, earned, page_name(sale.receipt) if sale.receipt else b"", also)


def record_delivery(
    lane: Lane, key: str, record: Record, body: bytes, also: Callable[[Connection], bool] | None = None
) -> Delivery:
    row = {"store": lane.store, "lane": lane.lane, "key": key, "kind": record.kind, **_arrival(body)}
    return Delivery(records, row, also=also)


def page_name(token: str) -> bytes:
    """By what a receipt's page is found: its name has 128 random bits, so one round of SHA-256 keeps it."""
    return hashlib.sha256(token.encode()).digest()


def _arrival(body: bytes) -> dict[str, Any]:
    return {"received": int(time.time() * 1000), "digest": hashlib.sha256(body).digest(), "body": body}


def insert_once(db: Connection, table: Table) -> Insert:
    """An INSERT that leaves a row alone whose key is there already."""
    dialect = postgresql if db.dialect.name == "postgresql" else sqlite
    statement: Insert = dialect.insert(table).on_conflict_do_nothing()
    return statement


def inserted(db: Connection, table: Table, row: dict[str, Any]) -> bool:
    """Insert the row unless its key is there; whether it was."""
    fresh = insert_once(db, table).values(**row).returning(*table.primary_key)
    return db.execute(fresh).first() is not None


class Intake:
    """One thread that writes; whoever comes while it commits shares the next commit (group commit)."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._waiting: SimpleQueue[tuple[Delivery, Callable[[Taken | NotStoredError], None]] | None] = (
            SimpleQueue()
        )
        self._thread = threading.Thread(target=self._work, name="intake", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Store what has been handed over, then end."""
        self._waiting.put(None)
        self._thread.join()

    async def take(self, delivery: Delivery) -> Taken:
        """Returns once the commit is on disk. NotStoredError if it failed."""
        loop = asyncio.get_running_loop()
        future: asyncio.Future[Taken | NotStoredError] = loop.create_future()

        def settle(answer: Taken | NotStoredError) -> None:
            if not future.done():
                future.set_result(answer)

        self._waiting.put((delivery, lambda answer: _settle_in(loop, settle, answer)))
        answer = await future
        if isinstance(answer, NotStoredError):
            raise answer
        return answer

    def _work(self) -> None:
        while (first := self._waiting.get()) is not None:
            batch = [first]
            ends = False
            while len(batch) < BATCH and not self._waiting.empty():
                if (more := self._waiting.get()) is None:
                    ends = True
                    break
                batch.append(more)
            answers = self._stored([delivery for delivery, _ in batch])
            for (_, settle), answer in zip(batch, answers, strict=True):
                settle(answer)
            if ends:
                return

    def _stored(self, batch: list[Delivery]) -> Sequence[Taken | NotStoredError]:
        """One commit for all; if it fails, one for each, so that nobody suffers from another's delivery."""
        try:
            with self._engine.begin() as db:
                return store_all(db, batch)
        except Exception as error:  # whatever it was, this thread goes on
            if len(batch) > 1:
                return [answer for delivery in batch for answer in self._stored([delivery])]
            _log.exception("not stored")
            return [NotStoredError(f"not stored: {type(error).__name__}")]


def _settle_in(
    loop: asyncio.AbstractEventLoop,
    settle: Callable[[Taken | NotStoredError], None],
    answer: Taken | NotStoredError,
) -> None:
    if not loop.is_closed():
        loop.call_soon_threadsafe(settle, answer)


def store_all(db: Connection, deliveries: Sequence[Delivery]) -> list[Taken]:
    """Store what is new; for the rest compare what is there with what came. One transaction, the caller's."""
    answers: dict[int, Taken] = {}
    for table in (sales, records):
        mine = [(n, d) for n, d in enumerate(deliveries) if d.table is table]
        if mine:
            _store(db, table, mine, answers)
    earned = {
        deliveries[n].row["id"]: deliveries[n].points
        for n, taken in answers.items()
        if taken is Taken.STORED and deliveries[n].points is not None
    }
    named = [
        {"token_hash": deliveries[n].receipt, "sale": deliveries[n].row["id"]}
        for n, taken in answers.items()
        if taken is Taken.STORED and deliveries[n].receipt
    ]
    if named:
        db.execute(insert_once(db, receipts), named)
    if earned:
        rows = [{"sale": sale, "member": p[0], "points": p[1]} for sale, p in earned.items() if p is not None]
        db.execute(insert_once(db, points), rows)
    return [answers[n] for n in range(len(deliveries))]


def _key(table: Table, row: dict[str, Any]) -> tuple[Any, ...]:
    return tuple(row[column.name] for column in table.primary_key)


def _store(db: Connection, table: Table, mine: list[tuple[int, Delivery]], answers: dict[int, Taken]) -> None:
    ticket = secrets.token_hex(16)
    rows: dict[tuple[Any, ...], dict[str, Any]] = {}
    for _, delivery in mine:
        rows.setdefault(_key(table, delivery.row), {**delivery.row, "ticket": ticket})
    db.execute(insert_once(db, table), list(rows.values()))
    last = list(table.primary_key)[-1]
    names = {key[-1] for key in rows}
    columns = (*table.primary_key, table.c.ticket, table.c.digest, table.c.body)
    there = {tuple(row[:-3]): row for row in db.execute(select(*columns).where(last.in_(names)))}
    unfit: set[tuple[Any, ...]] = set()
    for n, delivery in mine:
        key = _key(table, delivery.row)
        row = there[key]
        if not _same(row.digest, row.body, delivery.row):
            answers[n] = Taken.CONFLICT
            _keep_conflict(db, delivery)
        elif row.ticket == ticket and rows.pop(key, None) is not None:
            answers[n] = _first(db, delivery)
            unfit |= {key} if answers[n] is Taken.CONFLICT else set()
        elif key in unfit:
            answers[n] = Taken.CONFLICT
        else:
            answers[n] = Taken.AGAIN


def _first(db: Connection, delivery: Delivery) -> Taken:
    """New here: what does not fit is taken out again, and kept as a conflict."""
    if delivery.also is None or delivery.also(db):
        return Taken.STORED
    key = [column == delivery.row[column.name] for column in delivery.table.primary_key]
    db.execute(delivery.table.delete().where(*key))
    _keep_conflict(db, delivery, UNFIT)
    return Taken.CONFLICT


def _same(digest: bytes, body: bytes, row: dict[str, Any]) -> bool:
    """Equal bytes, or JSON that says the same in another order or spacing."""
    same: bool = digest == row["digest"] or msgspec.json.decode(body) == msgspec.json.decode(row["body"])
    return same


def _keep_conflict(db: Connection, delivery: Delivery, why: str = "") -> None:
    row = delivery.row
    name = why + (row.get("id") or f"{row['store']}/{row['lane']}/{row['key']}")
    if why:
        name = name.replace("/", " ")
    seen = select(conflicts.c.seq).where(conflicts.c.sale == name, conflicts.c.digest == row["digest"])
    if db.execute(seen).first() is None:
        kept = {c: row[c] for c in ("digest", "store", "lane", "received", "body")}
        db.execute(insert(conflicts), {"sale": name, **kept})
