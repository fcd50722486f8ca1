"""The journal file: open, commit a turn, read back."""

import hashlib
import logging
import sqlite3
import uuid
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import Any

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from kiosk.checkout.effects import LearntItem
from kiosk.checkout.events import Happened, OffersTaken
from kiosk.checkout.records import ClosedSale, HandedOver, Record, Refund
from kiosk.checkout.session import Kept
from kiosk.journal import glass, ledger, picked, wal, weighed
from kiosk.journal.check import mark_of
from kiosk.journal.glass import Glimpse
from kiosk.journal.ledger import Entry, Ledger
from kiosk.journal.seal import Seal, SealError, sync
from kiosk.pricing import Offers
from kiosk.units import Gtin, ItemId, Millis
from kiosk.weight.sums import Known
from kiosk.wire import Weighed

log = logging.getLogger(__name__)

SCHEMA = """
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE turns (seq INTEGER PRIMARY KEY, at INTEGER NOT NULL, facts BLOB NOT NULL);
CREATE TABLE mark (id INTEGER PRIMARY KEY CHECK (id = 1), seq INTEGER NOT NULL, kept BLOB NOT NULL);
CREATE TABLE offers (version TEXT PRIMARY KEY, body BLOB NOT NULL) WITHOUT ROWID;
"""
MARK = """INSERT INTO mark VALUES (1, ?, ?)
ON CONFLICT (id) DO UPDATE SET seq = excluded.seq, kept = excluded.kept"""
"""An update as long as what was there writes only the pages that differ, and blanks make a mark so; a replacement
writes them all."""
VERSION = 2
PAGE = 512
"""Bytes, in a new file: a commit writes whole pages, a turn's facts are some 150 bytes, and this is a disk's sector."""
LOG = 2 << 20
"""Bytes of the log before it is folded back into the file: the longest that is read after a power cut."""
READS = (1, 2)
"""Versions of the file that this software reads, and it brings them to VERSION. What an older one could not read
changes VERSION: tables that it does not know may come without, facts, records and columns may not."""
DAY = 86_400_000
MINUTE = 60_000


class JournalError(Exception):
    """The journal file cannot be used; says which file, what is wrong with it, and where."""


class Turn(Struct, frozen=True):
    """Facts of one turn, in order, and when they were taken from the inbox."""

    seq: int
    at: Millis
    facts: tuple[Happened, ...]


class Commit(Struct, frozen=True):
    """What one turn makes durable, all or nothing; `seen` is the note of what passed before it (glass.py).

    `begins`: a basket does, and the disk must have room for more than this turn.
    """

    at: Millis
    facts: tuple[Happened, ...]
    records: tuple[Record, ...] = ()
    mark: Kept | None = None
    learnt: tuple[LearntItem, ...] = ()
    seen: bytes = b""
    begins: bool = False


class Journal:
    """One journal file, written by one thread of its own so that the deciding thread may draw meanwhile."""

    def __init__(
        self, path: Path, keep_days: int = 30, device_key: Path | None = None, anchor_minutes: int = 5
    ) -> None:
        """`device_key` is made when it is first needed; None: beside the journal. `source` names the catalogue whose
        ids the items have that are weighed here: whoever has the catalogue says it."""
        self.source = ""
        self.path = path
        self.keep_days = keep_days
        self.anchor_minutes = anchor_minutes
        self._writer = ThreadPoolExecutor(1, "journal")
        self._delivered: list[int] = []
        self._offers: dict[str, Offers] = {}
        try:
            self._db = _open(path)
            self.id = str(self._meta("journal"))
            self._seq = self._number("SELECT coalesce(max(seq), 0) FROM turns")
            self._ledger = Ledger(self._db, self.id, Seal(device_key or path.with_name("device.key")))
        except sqlite3.Error as wrong:
            raise JournalError(f"{path}: not a usable journal ({wrong})") from wrong
        self._durable = self._ledger.books.number
        self._anchoring = False
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

    def note(self, at: Millis, *records: Record) -> "Future[None]":
        """Lines of the ledger that no turn brings: what happens to the process, the clock, the link."""
        return self._writer.submit(self._noted, at, records, False)

    def pulse(self) -> "Future[None]":
        """The writer's word that it is alive and the file can be written to, once all before it is done; no byte is."""
        return self._writer.submit(self._pulsed)

    def _pulsed(self) -> None:
        try:
            self._db.execute("BEGIN IMMEDIATE")
            self._db.execute("ROLLBACK")
        except sqlite3.Error as wrong:
            raise self._failed("a word", wrong) from wrong

    def anchor(self, at: Millis, due: bool = True) -> bool:
        """Have a signed line written if one is due: the oldest line after the last one is so many minutes old.

        With `due` False as soon as there is any line after it. Returns at once; True: it is being written.
        """
        since = self._ledger.books.since
        if since is None or self._anchoring or (due and 0 <= at - since < self.anchor_minutes * MINUTE):
            return False
        self._anchoring = True
        self._writer.submit(self._noted, at, (), True).add_done_callback(self._anchored)
        return True

    def _anchored(self, future: "Future[None]") -> None:
        self._anchoring = False
        if (wrong := future.exception()) is not None:
            log.error("no anchor: %s", wrong)

    def _write(self, commit: Commit, delivered: list[int]) -> None:
        db, seq = self._db, self._seq + 1
        if commit.begins and (short := wal.short(self.path.parent)):
            raise JournalError(f"{self.path}: no basket begins, {short}")
        try:
            db.execute("BEGIN IMMEDIATE")
            facts = self._without_offers(commit.facts)
            db.execute("INSERT INTO turns VALUES (?, ?, ?)", (seq, commit.at, self._encode(facts)))
            if commit.seen:
                db.execute("INSERT INTO glass VALUES (?, ?)", (seq, commit.seen))
            if commit.records:
                self._append(commit.at, commit.records)
            if commit.learnt:
                weighed.learn(db, self.source, commit.at, commit.learnt)
            for record in commit.records:
                if isinstance(record, ClosedSale):
                    picked.learn(db, self.source, record)
            if delivered:
                db.executemany("DELETE FROM outbox WHERE number = ?", [(number,) for number in delivered])
            if commit.mark is not None:
                self._mark(seq, commit.at, commit.mark)
            db.execute("COMMIT")
        except Exception as wrong:
            self._undo()
            self._delivered += delivered
            self._offers = {}  # those of this turn are not in the file
            raise self._failed("the turn", wrong) from wrong
        self._seq, self._durable = seq, self._ledger.books.number

    def _noted(self, at: Millis, records: tuple[Record, ...], anchor: bool) -> None:
        try:
            self._db.execute("BEGIN IMMEDIATE")
            self._append(at, records, anchor)
            self._db.execute("COMMIT")
        except Exception as wrong:
            self._undo()
            raise self._failed("a line", wrong) from wrong
        self._durable = self._ledger.books.number

    def _append(self, at: Millis, records: tuple[Record, ...], anchor: bool = False) -> None:
        self._ledger.fresh()
        for record in records:
            self._ledger.append(at, record)
        if anchor:
            self._ledger.anchor(at)
        self._ledger.save()

    def _undo(self) -> None:
        if self._db.in_transaction:
            self._db.execute("ROLLBACK")
        self._ledger.forget()

    def _failed(self, what: str, wrong: Exception) -> Exception:
        """What the disk or the key would not do is told in one kind of words; all else is a fault of ours."""
        if isinstance(wrong, sqlite3.Error | SealError):
            return JournalError(f"{self.path}: {what} could not be written ({wrong})")
        return wrong

    def _mark(self, seq: int, at: Millis, kept: Kept) -> None:
        if kept.offers is not None:
            kept = replace(kept, offers=Offers(version=self._keep(kept.offers)))
        body = self._encode(kept)
        self._db.execute(MARK, (seq, body.ljust(-(-len(body) // PAGE) * PAGE)))  # JSON may end in blanks
        old = at - self.keep_days * DAY
        purged = self._db.execute(
            "DELETE FROM turns WHERE seq IN (SELECT seq FROM turns WHERE seq < ? AND at < ? LIMIT 500)",
            (seq, old),
        )
        if purged.rowcount:
            glass.fold(self._db)

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

    def glimpses(self, first: int, last: int) -> dict[int, Glimpse]:
        """What passed on the glass before those turns, where anything did."""
        return glass.glimpses(self._db, first, last)

    def span(self) -> tuple[int, int]:
        """The first and the last turn that are still here; (1, 0): none."""
        row = self._db.execute("SELECT coalesce(min(seq), 1), coalesce(max(seq), 0) FROM turns").fetchone()
        return int(row[0]), int(row[1])

    def turn_at(self, at: Millis) -> int:
        """The number of the last turn of that time; 0: there is none."""
        return self._number(f"SELECT coalesce(max(seq), 0) FROM turns WHERE at = {int(at)}")

    def waiting(self, after: int = 0, limit: int = 100) -> list[Entry]:
        """Ledger lines that the store server has not acknowledged, oldest first; none that is not yet durable."""
        durable, gone = self._durable, set(self._delivered)
        found = self._ledger.waiting(after, limit)
        return [entry for entry in found if entry.number <= durable and entry.number not in gone]

    def depth(self) -> int:
        """How many ledger lines wait for the store server."""
        return self._number("SELECT count(*) FROM outbox") - len(self._delivered)

    def weighed(self, item: ItemId) -> list[Known]:
        """What this lane has weighed of an item, by epoch."""
        return weighed.of_item(self._db, self.source, item)

    def weight_book(self) -> str:
        """The name under which the store server has them: another for each catalogue, so that none goes back."""
        return f"{self.id}-{weighed.books(self._db)}"

    def lessons(self, items: Iterable[ItemId] | None = None) -> list[Weighed]:
        """The same of these items, or of all, as the store server is told it."""
        return weighed.of_all(self._db, self.source, items)

    def picked(self, at: Millis) -> tuple[ItemId, ...]:
        """What shoppers pick by name at that hour, the best first, as far as this lane has sold it."""
        return picked.best(self._db, self.source, at)

    def sales(self) -> Iterator[ClosedSale]:
        for (body,) in self._db.execute("SELECT body FROM ledger WHERE kind = 'sale' ORDER BY number"):
            yield msgspec.json.decode(body, type=ClosedSale)

    def newest(self) -> Millis:
        """When the last thing in this file happened; 0: nothing has."""
        turn = "SELECT coalesce((SELECT at FROM turns ORDER BY seq DESC LIMIT 1), 0)"
        line = "SELECT coalesce((SELECT at FROM ledger ORDER BY number DESC LIMIT 1), 0)"
        return Millis(max(self._number(turn), self._number(line)))

    def receipt(self, number: str) -> tuple[ClosedSale, tuple[Refund, ...]] | None:
        """The sale with that number on its receipt, and what was given back of it; None: not in this ledger."""
        return self._ledger.receipt(number)

    def is_sold(self, gtin: Gtin, serial: str) -> bool:
        """Whether the pack of that number and serial was sold at this lane and not given back here."""
        return self._ledger.is_sold(gtin, serial)

    def proof_of(self, receipt: int) -> str:
        """What of the ledger's line stands on the receipt with that number; empty if there is none."""
        return self._ledger.proof_of(receipt)

    def document(self, kind: str, id: str) -> ClosedSale | Refund | HandedOver | None:
        """The newest ledger line of that kind and id, of those that can be printed; None if there is none."""
        return self._ledger.document(kind, id)

    def broken_chain(self) -> int | None:
        """The number of the first ledger line that is not what was written, or missing; None if all are."""
        from kiosk.journal.verify import verified

        numbers = [finding.number for finding in verified(self.path).findings if finding.fault]
        return numbers[0] if numbers else None

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
    if mark_of(path).exists():
        raise sqlite3.DatabaseError(mark_of(path).read_text().strip())
    db = sqlite3.connect(path, isolation_level=None, check_same_thread=False, cached_statements=32)
    db.execute(f"PRAGMA page_size={PAGE}")
    db.execute("PRAGMA journal_mode=WAL")
    db.execute("PRAGMA synchronous=FULL")
    db.execute("PRAGMA secure_delete=FAST")  # Debian's default overwrites what is deleted, wherever it was
    db.execute("PRAGMA journal_size_limit=-1")
    db.execute(f"PRAGMA wal_autocheckpoint={LOG // db.execute('PRAGMA page_size').fetchone()[0]}")
    if not db.execute("SELECT 1 FROM sqlite_master").fetchone():  # new, or the power went before it was one
        id = uuid.uuid4().hex[:12]
        first = f"INSERT INTO meta VALUES ('journal', '{id}'); {ledger.first(id)}"
        db.executescript(f"BEGIN; {SCHEMA}{ledger.SCHEMA}{first} PRAGMA user_version={VERSION}; COMMIT;")
        sync(path.parent)
    version = db.execute("PRAGMA user_version").fetchone()[0]
    if version == 1:
        from kiosk.journal.migrate import from_1

        version = from_1(db)
    if version != VERSION:
        raise sqlite3.DatabaseError(f"written by another version: {version}, this one reads {VERSION}")
    db.execute(ledger.SOLD)
    db.execute(glass.SCHEMA)
    db.execute(weighed.SCHEMA)
    db.execute(picked.SCHEMA)
    wal.lay(db, path, LOG * 9 // 8)  # a page has a head there, and the last commit comes on top
    return db
