"""A journal of version 1 becomes one of version 2: same lines and bodies, chained anew, and a line that says so.

Version 1 had sales only, and hashed nothing but their bodies: SHA-256 of the hash before (first: the journal's id)
and the body. Its last hash is kept in the new line, so that the old chain can be proved from the bodies for ever.
"""

import hashlib
import sqlite3
import time
from pathlib import Path

import msgspec

from kiosk.checkout.records import Technical
from kiosk.journal.ledger import SCHEMA, Ledger, countable
from kiosk.journal.proof.chain import genesis, line_hash
from kiosk.journal.proof.totals import Books
from kiosk.journal.seal import Seal
from kiosk.units import Millis


def old_chain(db: sqlite3.Connection, journal: str, lines: int) -> bytes:
    """The last hash of version 1, worked out from the bodies of its first so many lines."""
    chain = journal.encode()
    for (body,) in db.execute("SELECT body FROM ledger WHERE number <= ? ORDER BY number", (lines,)):
        chain = hashlib.sha256(chain + body).digest()
    return chain


def from_1(db: sqlite3.Connection) -> int:
    """In one transaction; the version that the file has then."""
    journal = db.execute("SELECT value FROM meta WHERE key = 'journal'").fetchone()[0]
    last = db.execute("SELECT number, hash FROM ledger ORDER BY number DESC LIMIT 1").fetchone()
    lines, old = last or (0, journal.encode())
    broken = old_chain(db, journal, lines) != old
    db.execute("BEGIN IMMEDIATE")
    db.execute("ALTER TABLE ledger RENAME TO ledger_1")
    db.execute("ALTER TABLE outbox RENAME TO outbox_1")
    for statement in SCHEMA.split(";"):
        db.execute(statement)
    books = Books(hash=genesis(journal).hex())
    for number, at, kind, body in db.execute("SELECT number, at, kind, body FROM ledger_1 ORDER BY number"):
        line = line_hash(bytes.fromhex(books.hash), number, at, kind, body)
        db.execute("INSERT INTO ledger VALUES (?, ?, ?, ?, ?, NULL)", (number, at, kind, body, line))
        sale = countable(kind, body)
        db.execute("INSERT OR IGNORE INTO receipts VALUES (?, ?, ?)", (sale.number, number, sale.id))
        books.take(number, at, kind, line, None, sale)
    db.execute("INSERT INTO outbox SELECT number FROM outbox_1")
    db.execute("DROP TABLE outbox_1")
    db.execute("DROP TABLE ledger_1")
    db.execute("INSERT INTO books VALUES (1, ?)", (msgspec.json.encode(books),))
    ledger = Ledger(db, journal, Seal(Path()))
    fields: dict[str, str | int] = {"from": 1, "lines": lines, "hash": old.hex(), "broken": int(broken)}
    now = Millis(time.time_ns() // 1_000_000)
    ledger.append(now, Technical("migrated", now, fields))
    ledger.save()
    db.execute("PRAGMA user_version=2")
    db.execute("COMMIT")
    return 2
