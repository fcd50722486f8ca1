"""The second book, of lines that are never changed: each numbered without a gap and chained to the one before.

Every kind of record is one line. The sums of the open day, month and year and the perpetual totals are kept beside
them in the same transaction, so that a closing costs the same however long the ledger is. Closings and anchors are
signed with the device key. `proof` has the rules, and verifies by them.
"""

import logging
import sqlite3
from typing import Any, Literal

import msgspec
from msgspec import Struct

from kiosk.checkout.records import ClosedSale, DayEnded, HandedOver, Record, Refund, Technical, ValueOrder
from kiosk.journal.proof.chain import Keys, fields_of, genesis, line_hash, to_sign
from kiosk.journal.proof.totals import Books
from kiosk.journal.seal import Seal, SealError
from kiosk.receipt import number_of
from kiosk.units import Gtin, Millis

log = logging.getLogger(__name__)

SCHEMA = """
CREATE TABLE ledger (
  number INTEGER PRIMARY KEY, at INTEGER NOT NULL, kind TEXT NOT NULL, body BLOB NOT NULL, hash BLOB NOT NULL,
  signature BLOB);
CREATE INDEX signed ON ledger (number) WHERE signature IS NOT NULL;
CREATE TABLE outbox (number INTEGER PRIMARY KEY REFERENCES ledger);
CREATE TABLE receipts (receipt INTEGER PRIMARY KEY, number INTEGER NOT NULL, sale TEXT NOT NULL);
CREATE INDEX receipts_of ON receipts (sale);
CREATE TABLE books (id INTEGER PRIMARY KEY CHECK (id = 1), body BLOB NOT NULL);
"""
SOLD = "CREATE TABLE IF NOT EXISTS sold (gtin INTEGER, serial TEXT, PRIMARY KEY (gtin, serial)) WITHOUT ROWID"
"""Which packs with a serial were sold and not given back; made in a journal from before there were any, too."""
BOOKS = "INSERT INTO books VALUES (1, ?) ON CONFLICT (id) DO UPDATE SET body = excluded.body"
SINCE = "SELECT number, at, kind, body, hash, signature FROM ledger WHERE number >= ? ORDER BY number"
EXCERPT = 16  # hex digits of a hash that stand on paper

_books = msgspec.json.Decoder(Books)
_encode = msgspec.json.Encoder().encode


def first(journal: str) -> str:
    """The statement that puts the books of an empty ledger into its file: from then on they are never missing."""
    return f"INSERT INTO books VALUES (1, X'{_encode(Books(hash=genesis(journal).hex())).hex()}');"


class Entry(Struct, frozen=True):
    """One line of the ledger that the store server has not acknowledged, as it goes there.

    `kind` is sale, record or value; `key` what the server knows it by: a sale's id, else journal and number.
    """

    number: int
    kind: Literal["sale", "record", "value"]
    key: str
    body: bytes


class Sent(Struct, frozen=True, omit_defaults=True):
    """A line as the store server gets it, sales and orders about value apart; hash and signature in hex."""

    kind: str
    number: int
    at: Millis
    hash: str
    body: msgspec.Raw
    signature: str = ""


class Ledger:
    """The ledger's tables in an open journal. Everything is called within the caller's transaction."""

    def __init__(self, db: sqlite3.Connection, journal: str, seal: Seal) -> None:
        self._db, self._journal, self._seal = db, journal, seal
        self._version = self._seen()
        self._damage = ""
        self._unsealed = False
        self._checked = True
        self.load()

    # ---- writing

    def load(self) -> None:
        """Where the books stand, from their one row: as quick for a million lines as for none."""
        row = self._db.execute("SELECT body FROM books").fetchone()
        last = self._db.execute("SELECT number, hash FROM ledger ORDER BY number DESC LIMIT 1").fetchone()
        books = known = None
        try:
            books = _books.decode(row[0]) if row else None
            known = (books.number, bytes.fromhex(books.hash)) if books else None
        except (msgspec.MsgspecError, ValueError):
            pass  # neither is believed, then
        if known != (last or (0, genesis(self._journal))):
            self._damage = self._damage or "the ledger does not end where its books do"
        if books is None or (last and last[0] > books.number):
            books = recounted(self._db, self._journal)
        self.books: Books = books

    def fresh(self) -> None:
        """Another process may have written a line since the last transaction: go on from what is there now."""
        version = self._seen()
        if version != self._version:
            self._version = version
            self.load()

    def forget(self) -> None:
        """The transaction was taken back: the next one begins from the file."""
        self._version = -1

    def _seen(self) -> int:
        """Changes with every commit of another connection."""
        return int(self._db.execute("PRAGMA data_version").fetchone()[0])

    def append(self, at: Millis, record: Record) -> None:
        """One more line, several if the day ends."""
        self._before(at)
        if isinstance(record, DayEnded):
            self._close(at, record)
            return
        body = _encode(record)
        self._line(at, record.kind, body, record)
        if isinstance(record, ClosedSale | Refund):
            sale = record.original.id if isinstance(record, Refund) else record.id
            row = (record.number, self.books.number, sale)
            self._db.execute("INSERT OR IGNORE INTO receipts VALUES (?, ?, ?)", row)
            self._packs(record)

    def _packs(self, record: ClosedSale | Refund) -> None:
        """A serial is sold once: from now on it is, or may be again. What is played in training is not sold."""
        if isinstance(record, ClosedSale):
            lines, change = record.lines, "INSERT OR IGNORE INTO sold VALUES (?, ?)"
            training = record.training
        else:
            back = {line.no for line in record.lines}
            lines = tuple(line for line in record.original.lines if line.no in back)
            change, training = "DELETE FROM sold WHERE gtin = ? AND serial = ?", record.original.training
        packs = [(line.gtin, line.pack.serial) for line in lines if line.pack.serial and not training]
        if packs:
            self._db.executemany(change, packs)

    def anchor(self, at: Millis) -> None:
        """A signed line that vouches for all before it."""
        self._before(at)
        if (key := self._key(at)) is None:
            return
        body = self.books.anchor() | self._vouching(key)
        self._line(at, "anchor", _encode(body), None, sign=True)

    def save(self) -> None:
        """Write where the books stand now."""
        self._db.execute(BOOKS, (_encode(self.books),))

    def _before(self, at: Millis) -> None:
        """Lines that have to be there first: that the file was found damaged, that the clock was set back."""
        if self._damage:
            what, self._damage = self._damage, ""
            self._technical("integrity", at, {"what": what})
        if at < self.books.at:
            self._technical("clock", at, {"from": self.books.at, "to": at})

    def _close(self, at: Millis, ended: DayEnded) -> None:
        key = self._key(at)
        for span, name in self.books.due(ended.date):
            more = {"at": ended.at, "by": ended.by} | self._vouching(key or "")
            body = _encode(self.books.closing(span, name) | more)
            self._line(at, "closing", body, fields_of("closing", body), sign=key is not None)

    def _vouching(self, key: str) -> dict[str, Any]:
        """What every signed line says of itself and of the signed line before it."""
        books = self.books
        return {
            "key": key,
            "journal": self._journal,
            "checked": books.signed,
            "seal": books.seal if self._checked else "",
        }

    def _key(self, at: Millis) -> str | None:
        """The public key that signs, named on the chain before it signs for the first time; None: there is none."""
        try:
            key = self._seal.public
        except SealError as wrong:
            log.error("%s", wrong)
            if not self._unsealed:
                self._unsealed = True
                self._technical("key_lost", at, {"why": str(wrong)})
            return None
        if found := self._wrong():
            self._technical("integrity", at, {"what": found})
        self._checked = not found
        if key != self.books.key:
            name = "key_changed" if self.books.key else "key_made"
            self._technical(name, at, {"key": key, "before": self.books.key})
        return key

    def _wrong(self) -> str:
        """What is wrong with the last signed line, or those after it, before another signature vouches for them."""
        keys, before = Keys((self.books.key,)), b""
        since = self.books.signed or self.books.number + 1
        for number, at, kind, body, line, signature in self._db.execute(SINCE, (since,)):
            if not before:
                key = str(msgspec.json.decode(body).get("key", ""))
                wrong = keys.foreign(key) or keys.wrong(key, to_sign(line), signature or b"")
            else:
                right = line_hash(before, number, at, kind, body) == line
                wrong = "" if right else "is not what was written"
            if wrong:
                return f"line {number} {wrong}"
            before = line
        there = before.hex() == self.books.hash
        return "" if there or not self.books.signed else "the last lines are missing"

    def _technical(self, name: str, at: Millis, fields: dict[str, str | int]) -> None:
        record = Technical(name, at, fields)
        self._line(at, record.kind, _encode(record), record)

    def _line(self, at: Millis, kind: str, body: bytes, record: Any, sign: bool = False) -> None:
        number = self.books.number + 1
        line = line_hash(bytes.fromhex(self.books.hash), number, at, kind, body)
        signature = self._seal.sign(to_sign(line)) if sign else None
        self._db.execute(
            "INSERT INTO ledger VALUES (?, ?, ?, ?, ?, ?)", (number, at, kind, body, line, signature)
        )
        self._db.execute("INSERT OR IGNORE INTO outbox VALUES (?)", (number,))
        self.books.take(number, at, kind, line, signature, record)
        self._checked = self._checked or sign

    # ---- reading

    def waiting(self, after: int, limit: int) -> list[Entry]:
        """Lines that the store server has not acknowledged, oldest first."""
        rows = self._db.execute(
            "SELECT number, at, kind, body, hash, signature FROM outbox JOIN ledger USING (number) "
            "WHERE number > ? ORDER BY number LIMIT ?",
            (after, limit),
        )
        return [self._entry(*row) for row in rows]

    def _entry(
        self, number: int, at: Millis, kind: str, body: bytes, line: bytes, signature: bytes | None
    ) -> Entry:
        key = f"{self._journal}-{number}"
        if kind == ClosedSale.kind:
            return Entry(number, "sale", msgspec.json.decode(body, type=_Named).id, body)
        if kind == ValueOrder.kind:
            return Entry(number, "value", key, body)
        seal = signature.hex() if signature else ""
        return Entry(
            number, "record", key, _encode(Sent(kind, number, at, line.hex(), msgspec.Raw(body), seal))
        )

    def receipt(self, number: str) -> tuple[ClosedSale, tuple[Refund, ...]] | None:
        """The sale with that number on its receipt (0187-4-000123), and what was given back of it, oldest first."""
        last = number.strip().rpartition("-")[2]
        if not (last.isascii() and last.isdigit() and len(last) < 16):
            return None
        rows = self._db.execute(
            "SELECT kind, body FROM receipts JOIN ledger USING (number) "
            "WHERE sale = (SELECT sale FROM receipts WHERE receipt = ?) ORDER BY number",
            (int(last),),
        ).fetchall()
        sales = [msgspec.json.decode(body, type=ClosedSale) for kind, body in rows if kind == ClosedSale.kind]
        backs = [msgspec.json.decode(body, type=Refund) for kind, body in rows if kind == Refund.kind]
        named = bool(sales) and number_of(sales[0]) == number.strip()
        return (sales[0], tuple(backs)) if named else None

    def is_sold(self, gtin: Gtin, serial: str) -> bool:
        """Whether the pack of that number and serial was sold at this lane and not given back here."""
        query = "SELECT 1 FROM sold WHERE gtin = ? AND serial = ?"
        return self._db.execute(query, (gtin, serial)).fetchone() is not None

    def document(self, kind: str, id: str) -> ClosedSale | Refund | HandedOver | None:
        """The newest line of that kind and id, of those that can be printed; None if there is none."""
        decoder = {one.kind: one for one in (ClosedSale, Refund, HandedOver)}.get(kind)
        newest = "SELECT body FROM ledger WHERE kind = ? ORDER BY number DESC"
        for (body,) in self._db.execute(newest, (kind,)) if decoder else ():
            if msgspec.json.decode(body, type=_Named).id == id:
                return msgspec.json.decode(body, type=decoder)
        return None

    def proof_of(self, receipt: int) -> str:
        """Number and excerpt of the hash of the line that a receipt stands on; empty if there is none."""
        row = self._db.execute(
            "SELECT number, hash FROM receipts JOIN ledger USING (number) WHERE receipt = ?", (receipt,)
        ).fetchone()
        return f"{row[0]}-{row[1].hex()[:EXCERPT]}" if row else ""


class _Named(Struct):
    id: str


def recounted(db: sqlite3.Connection, journal: str) -> Books:
    """The books worked out from every line again; the chain is not verified."""
    books = Books(hash=genesis(journal).hex())
    for number, at, kind, body, line, signature in db.execute(
        "SELECT number, at, kind, body, hash, signature FROM ledger ORDER BY number"
    ):
        books.take(number, at, kind, line, signature, countable(kind, body))
    return books


# ---- what of a body is counted, decoded without the rest


class _Tax(Struct):
    code: str
    rate: int
    gross: int
    net: int
    vat: int


class _Priced(Struct):
    total: int
    taxes: list[_Tax]


class _Tender(Struct):
    kind: str
    amount: int


class _Sale(Struct):
    id: str
    number: int
    priced: _Priced
    tenders: list[_Tender]
    training: bool = False


_sale = msgspec.json.Decoder(_Sale)
_technical = msgspec.json.Decoder(Technical)
COUNTED = frozenset({"refund", "void", "duplicate", "closing"})


def countable(kind: str, body: bytes) -> Any:
    """What Books count of a line; None where that is nothing."""
    if kind == "sale":
        return _sale.decode(body)
    if kind == "technical":
        return _technical.decode(body)
    return fields_of(kind, body) if kind in COUNTED else None
