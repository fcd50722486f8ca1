"""The journal file: open, commit a turn, read back."""

import hashlib
import os
import sqlite3
import uuid
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import Any

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from kiosk.checkout.events import Happened, OffersTaken
from kiosk.checkout.records import ClosedSale, HandedOver, Record, Refund
from kiosk.checkout.session import Kept
from kiosk.pricing import Offers
from kiosk.units import Millis

SCHEMA = """
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE turns (seq INTEGER PRIMARY KEY, at INTEGER NOT NULL, facts BLOB NOT NULL);
CREATE TABLE mark (id INTEGER PRIMARY KEY CHECK (id = 1), seq INTEGER NOT NULL, kept BLOB NOT NULL);
CREATE TABLE offers (version TEXT PRIMARY KEY, body BLOB NOT NULL) WITHOUT ROWID;
CREATE TABLE ledger (
  number INTEGER PRIMARY KEY, at INTEGER NOT NULL, kind TEXT NOT NULL, body BLOB NOT NULL, hash BLOB NOT NULL);
CREATE TABLE outbox (number INTEGER PRIMARY KEY REFERENCES ledger);
"""
VERSION = 1
DAY = 86_400_000


class JournalError(Exception):
    """The journal file cannot be used; says which file, what is wrong with it, and where."""


class Turn(Struct, frozen=True):
    """Facts of one turn, in order, and when they were taken from the inbox."""

    seq: int
    at: Millis
    facts: tuple[Happened, ...]


class Entry(Struct, frozen=True):
    """One line of the ledger that the store server has not acknowledged; `key` is the sale's id."""

    number: int
    kind: str
    body: bytes

    @property
    def key(self) -> str:
        return msgspec.json.decode(self.body, type=_Named).id


class _Named(Struct):
    id: str


class Commit(Struct, frozen=True):
    """What one turn makes durable, all or nothing."""

    at: Millis
    facts: tuple[Happened, ...]
    records: tuple[Record, ...] = ()
    mark: Kept | None = None


class Journal:
    """One journal file, written by one thread of its own so that the deciding thread may draw meanwhile."""

    def __init__(self, path: Path, keep_days: int = 30) -> None:
        self.path = path
        self.keep_days = keep_days
        self._writer = ThreadPoolExecutor(1, "journal")
        self._delivered: list[int] = []
        self._offers: dict[str, Offers] = {}
        try:
            self._db = _open(path)
            self.id = str(self._meta("journal"))
            self._seq = self._number("SELECT coalesce(max(seq), 0) FROM turns")
            row = self._db.execute("SELECT number, hash FROM ledger ORDER BY number DESC LIMIT 1").fetchone()
        except sqlite3.Error as wrong:
            raise JournalError(f"{path}: not a usable journal ({wrong})") from wrong
        self._ledger: int = row[0] if row else 0
        self._hash: bytes = row[1] if row else self.id.encode()
        self._encode = msgspec.json.Encoder().encode
        self._kept = msgspec.json.Decoder(Kept)
        self._facts = msgspec.json.Decoder(tuple[Happened, ...])

    # ---- writing

    def commit(self, commit: Commit) -> "Future[None]":
        """Start making a turn durable; the future ends when it is on the disk, or with the reason why not."""
        delivered, self._delivered = self._delivered, []
        return self._writer.submit(self._write, commit, delivered)

    def delivered(self, number: int) -> None:
        """The store server has this ledger line; forgotten together with the next turn."""
        self._delivered.append(number)

    def _write(self, commit: Commit, delivered: list[int]) -> None:
        db = self._db
        seq, ledger, chain = self._seq + 1, self._ledger, self._hash
        try:
            db.execute("BEGIN IMMEDIATE")
            facts = self._without_offers(commit.facts)
            db.execute("INSERT INTO turns VALUES (?, ?, ?)", (seq, commit.at, self._encode(facts)))
            for record in commit.records:
                body = self._encode(record)
                ledger, chain = ledger + 1, hashlib.sha256(chain + body).digest()
                row = (ledger, commit.at, record.kind, body, chain)
                db.execute("INSERT INTO ledger VALUES (?, ?, ?, ?, ?)", row)
                db.execute("INSERT INTO outbox VALUES (?)", (ledger,))
            if delivered:
                db.executemany("DELETE FROM outbox WHERE number = ?", [(number,) for number in delivered])
            if commit.mark is not None:
                self._mark(seq, commit.at, commit.mark)
            db.execute("COMMIT")
        except sqlite3.Error as wrong:
            if db.in_transaction:
                db.execute("ROLLBACK")
            self._delivered += delivered
            self._offers = {}  # those of this turn are not in the file
            raise JournalError(f"{self.path}: the turn could not be written ({wrong})") from wrong
        self._seq, self._ledger, self._hash = seq, ledger, chain

    def _mark(self, seq: int, at: Millis, kept: Kept) -> None:
        if kept.offers is not None:
            kept = replace(kept, offers=Offers(version=self._keep(kept.offers)))
        body = self._encode(kept)
        self._db.execute("INSERT OR REPLACE INTO mark VALUES (1, ?, ?)", (seq, body))
        old = at - self.keep_days * DAY
        self._db.execute(
            "DELETE FROM turns WHERE seq IN (SELECT seq FROM turns WHERE seq < ? AND at < ? LIMIT 500)",
            (seq, old),
        )

    def _without_offers(self, facts: tuple[Happened, ...]) -> tuple[Happened, ...]:
        """Promotions and taxes are long and rarely new: each set is stored once, under its own hash."""
        return tuple(
            replace(fact, offers=Offers(version=self._keep(fact.offers)))
            if isinstance(fact, OffersTaken)
            else fact
            for fact in facts
        )

    def _keep(self, offers: Offers) -> str:
        body = self._encode(offers)
        key = hashlib.sha256(body).hexdigest()[:24]
        if key not in self._offers:
            self._db.execute("INSERT OR IGNORE INTO offers VALUES (?, ?)", (key, body))
            self._offers = {key: offers}
        return key

    def _kept_offers(self, key: str) -> Offers:
        if key not in self._offers:
            row = self._db.execute("SELECT body FROM offers WHERE version = ?", (key,)).fetchone()
            if row is None:
                raise JournalError(f"{self.path}: offers {key} are named but not stored")
            self._offers[key] = msgspec.json.decode(row[0], type=Offers)
        return self._offers[key]

    # ---- reading

    def mark(self) -> tuple[Kept, int]:
        """What was kept when the lane was last idle, and the number of that turn; a new lane's if there is none."""
        row = self._db.execute("SELECT seq, kept FROM mark").fetchone()
        if row is None:
            return Kept(), 0
        try:
            kept = self._kept.decode(row[1])
        except msgspec.DecodeError as wrong:
            raise JournalError(f"{self.path}: the mark at turn {row[0]} cannot be read ({wrong})") from wrong
        if kept.offers is not None:
            kept = replace(kept, offers=self._kept_offers(kept.offers.version))
        return kept, int(row[0])

    def turns(self, after: int = 0) -> Iterator[Turn]:
        """The turns after that number, oldest first."""
        rows = self._db.execute("SELECT seq, at, facts FROM turns WHERE seq > ? ORDER BY seq", (after,))
        for seq, at, body in rows:
            try:
                facts = self._facts.decode(body)
            except msgspec.DecodeError as wrong:
                raise JournalError(f"{self.path}: turn {seq} cannot be read ({wrong})") from wrong
            yield Turn(seq, at, tuple(self._with_offers(fact) for fact in facts))

    def _with_offers(self, fact: Happened) -> Happened:
        if isinstance(fact, OffersTaken):
            return replace(fact, offers=self._kept_offers(fact.offers.version))
        return fact

    def waiting(self, after: int = 0, limit: int = 100) -> list[Entry]:
        """Ledger lines that the store server has not acknowledged, oldest first."""
        rows = self._db.execute(
            "SELECT number, kind, body FROM outbox JOIN ledger USING (number) WHERE number > ? ORDER BY number LIMIT ?",
            (after, limit),
        )
        gone = set(self._delivered)
        return [Entry(*row) for row in rows if row[0] not in gone]

    def depth(self) -> int:
        """How many ledger lines wait for the store server."""
        return self._number("SELECT count(*) FROM outbox") - len(self._delivered)

    def sales(self) -> Iterator[ClosedSale]:
        for (body,) in self._db.execute("SELECT body FROM ledger WHERE kind = 'sale' ORDER BY number"):
            yield msgspec.json.decode(body, type=ClosedSale)

    def document(self, kind: str, id: str) -> ClosedSale | Refund | HandedOver | None:
        """The newest ledger line of that kind and id, of those that can be printed; None if there is none."""
        decoder = {one.kind: one for one in (ClosedSale, Refund, HandedOver)}.get(kind)
        newest = "SELECT body FROM ledger WHERE kind = ? ORDER BY number DESC"
        for (body,) in self._db.execute(newest, (kind,)) if decoder else ():
            if msgspec.json.decode(body, type=_Named).id == id:
                return msgspec.json.decode(body, type=decoder)
        return None

    def broken_chain(self) -> int | None:
        """The number of the first ledger line that is not what was written, or missing; None if all are."""
        chain, expected = self.id.encode(), 1
        for number, body, stored in self._db.execute("SELECT number, body, hash FROM ledger ORDER BY number"):
            chain = hashlib.sha256(chain + body).digest()
            if number != expected or chain != stored:
                return expected
            expected += 1
        return None

    def close(self) -> None:
        """Wait for the last commit, forget what was delivered, and fold the log back into the file."""
        self._writer.shutdown(wait=True)
        with self._db:
            self._db.executemany("DELETE FROM outbox WHERE number = ?", [(n,) for n in self._delivered])
        self._db.close()

    def _meta(self, key: str) -> Any:
        return self._db.execute("SELECT value FROM meta WHERE key = ?", (key,)).fetchone()[0]

    def _number(self, query: str) -> int:
        return int(self._db.execute(query).fetchone()[0])


def _open(path: Path) -> sqlite3.Connection:
    """Open the file, or make it: a new one is on the disk with its directory before anything is sold."""
    db = sqlite3.connect(path, isolation_level=None, check_same_thread=False, cached_statements=32)
    db.execute("PRAGMA journal_mode=WAL")
    db.execute("PRAGMA synchronous=FULL")
    db.execute("PRAGMA journal_size_limit=-1")
    if not db.execute("SELECT 1 FROM sqlite_master").fetchone():  # new, or the power went before it was one
        name = f"INSERT INTO meta VALUES ('journal', '{uuid.uuid4().hex[:12]}');"
        db.executescript(f"BEGIN; {SCHEMA} {name} PRAGMA user_version={VERSION}; COMMIT;")
        _sync(path.parent)
    version = db.execute("PRAGMA user_version").fetchone()[0]
    if version != VERSION:
        raise sqlite3.DatabaseError(f"written by another version: {version}, this one reads {VERSION}")
    return db


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
