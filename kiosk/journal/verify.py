"""Proving a whole journal file: the chain, what is signed, the running totals, and what the store server knows of it.

The file is only read. Every fault names the line that it is about.
"""

import gc
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec
from msgspec import Struct

from kiosk.journal.ledger import countable
from kiosk.journal.migrate import old_chain
from kiosk.journal.proof.chain import Finding, Keys, Proof, differs, genesis, to_sign
from kiosk.journal.proof.totals import Books
from kiosk.units import Millis

LINES = "SELECT number, at, kind, body, hash, signature FROM ledger ORDER BY number"
RECEIPTS = ("sale", "refund")


class NoJournalError(Exception):
    """The file is no journal that can be verified; says why."""


class Anchor(Struct, frozen=True):
    """A signed line as the store server has kept it; hash and signature in hex, key in base64."""

    journal: str
    number: int
    at: Millis
    hash: str
    key: str = ""
    signature: str = ""


class Verdict(Struct, frozen=True):
    """What was found, and how far somebody outside of the file, or the device key, vouches for it.

    `anchored` and `signed` are number and time of the last line that an anchor from the server, and the device key,
    vouch for; (0, 0) where there is none. `books` is what the lines come to.
    """

    journal: str
    lines: int
    findings: tuple[Finding, ...]
    signed: tuple[int, int]
    signatures: int
    anchored: tuple[int, int]
    keys: tuple[str, ...]
    books: Books

    @property
    def whole(self) -> bool:
        return not any(finding.fault for finding in self.findings)


def verified(
    path: Path, anchors: Iterable[Anchor] = (), pinned: Iterable[str] = (), every: bool = False
) -> Verdict:
    """Read a journal file to its end; `every` signature is worked out, or those that suffice. Raises NoJournalError."""
    try:
        with closing(opened(path)) as db:
            return proved(db, tuple(anchors), tuple(pinned), every)
    except sqlite3.Error as wrong:
        raise NoJournalError(f"{path}: not a journal that can be read ({wrong})") from wrong


def opened(path: Path) -> sqlite3.Connection:
    """The file for reading only, from a medium that cannot be written as well."""
    db = sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)
    try:
        db.execute("SELECT 1 FROM sqlite_master").fetchone()
    except sqlite3.OperationalError:
        if path.with_name(path.name + "-wal").exists():
            raise
        db.close()
        db = sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro&immutable=1", uri=True)
    db.text_factory = _text
    return db


def _text(raw: bytes) -> str:
    return raw.decode(errors="surrogateescape")


def proved(
    db: sqlite3.Connection, anchors: tuple[Anchor, ...], pinned: tuple[str, ...], every: bool = False
) -> Verdict:
    version = db.execute("PRAGMA user_version").fetchone()[0]
    if version != 2:
        raise sqlite3.DatabaseError(
            f"written by version {version}; a kiosk that starts with it makes it version 2"
        )
    row = db.execute("SELECT value FROM meta WHERE key = 'journal'").fetchone()
    journal = row[0] if row else ""
    db.execute("BEGIN")  # one state of the file, whoever writes meanwhile
    proof = Proof(
        Books(hash=genesis(journal).hex()), genesis(journal), pinned, countable, every, msgspec.json.decode
    )
    expected = {anchor.number: anchor for anchor in anchors if anchor.journal == journal}
    found: dict[int, bytes] = {}
    broken = _walk(db, proof, expected, found)
    findings = [*_books(db, proof), *broken, *_old(db, journal)]
    anchored, more = _anchored(proof, expected, found)
    if any(anchor.journal != journal for anchor in anchors):
        more.append(Finding(0, "anchors of another journal were left out", fault=False))
    keys = tuple(sorted(proof.keys.pinned or proof.keys.named))
    everything = tuple(sorted([*findings, *more], key=lambda finding: finding.number))
    books = proof.books
    return Verdict(journal, books.number, everything, proof.vouched, proof.signatures, anchored, keys, books)


def _walk(
    db: sqlite3.Connection, proof: Proof, expected: dict[int, Anchor], found: dict[int, bytes]
) -> list[Finding]:
    """Every line through the proof; the hashes of those that the server has an anchor of are put into `found`."""
    line, receipts = proof.line, Receipts(db)
    collects = gc.isenabled()
    gc.disable()  # a line leaves nothing behind that refers to itself
    try:
        for row in db.execute(LINES):
            record = line(*row)
            if row[0] in expected:
                found[row[0]] = row[4]
            if row[2] in RECEIPTS and record is not None:
                receipts.take(row[0], record)
    except sqlite3.DatabaseError as wrong:
        number = proof.books.number
        return [Finding(number + 1, f"the file cannot be read behind line {number} ({wrong})")]
    finally:
        if collects:
            gc.enable()
    return receipts.findings


class Receipts:
    """The index by receipt number, read along with the sales and refunds that it has to name in their order."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self.findings: list[Finding] = []
        self._rows = db.execute("SELECT receipt, number, sale FROM receipts ORDER BY receipt")
        self._next: tuple[int, int, str] | None = self._rows.fetchone()

    def take(self, number: int, record: Any) -> None:
        sale = getattr(record, "original", record).id
        while self._next is not None and self._next[0] < record.number:
            self._next = self._rows.fetchone()
        if self._next != (record.number, number, sale):
            what = f"the index of receipts does not name line {number} for {record.number} of {sale}"
            self.findings.append(Finding(number, what))


def _books(db: sqlite3.Connection, proof: Proof) -> list[Finding]:
    """The running totals against the recount; they also tell where the ledger ends."""
    row = db.execute("SELECT body FROM books").fetchone()
    try:
        kept = msgspec.json.decode(row[0], type=Books) if row else None
        says = msgspec.json.decode(row[0]) if row else {}
        last = bytes.fromhex(kept.hash) if kept else b""
    except (msgspec.MsgspecError, ValueError, TypeError):
        kept = None
    if kept is None:
        proof.end()
        return [*proof.findings, Finding(0, "the running totals (table books) are missing or cannot be read")]
    findings = proof.end(kept.number, last)
    if any(finding.fault for finding in findings) and kept.number >= proof.books.number:
        return findings
    counted = msgspec.json.encode(proof.books)
    if counted != bytes(row[0]):
        truth = msgspec.json.decode(counted)
        where = differs("books", says, truth) if says != truth else "are not written as they were"
        findings.append(Finding(0, f"the running totals: {where}"))
    return findings


def _old(db: sqlite3.Connection, journal: str) -> Iterator[Finding]:
    """A journal that was once version 1: its old chain, proved from the bodies."""
    query = "SELECT number, body FROM ledger WHERE kind = 'technical' ORDER BY number LIMIT 1"
    row = db.execute(query).fetchone()
    if row is None:
        return
    try:
        line = msgspec.json.decode(row[1])
    except (msgspec.MsgspecError, ValueError):
        return  # the chain has said so
    if not isinstance(line, dict) or line.get("name") != "migrated":
        return
    old = line["fields"]
    if old["broken"]:
        yield Finding(
            row[0], f"line {row[0]}: the ledger was not whole when it was taken over from version 1"
        )
    elif old_chain(db, journal, row[0] - 1).hex() != old["hash"]:
        yield Finding(row[0], f"line {row[0]}: the lines before are not those that version 1 had")


def _anchored(
    proof: Proof, expected: dict[int, Anchor], found: dict[int, bytes]
) -> tuple[tuple[int, int], list[Finding]]:
    """The file against what the store server has: up to where they agree, and every anchor that they do not share."""
    last, findings = (0, 0), []
    keys = Keys(proof.keys.pinned or proof.keys.named)
    for number, anchor in sorted(expected.items()):
        when = datetime.fromtimestamp(anchor.at / 1000, UTC).isoformat(timespec="seconds")
        if number > proof.books.number:
            what = f"the server has an anchor of line {number} ({when}), and the file ends at {proof.books.number}"
            findings.append(Finding(number, f"{what}: its tail was cut, or the disk was rolled back"))
        elif found.get(number, b"").hex() != anchor.hash:
            findings.append(
                Finding(number, f"line {number} is not the one that the server has an anchor of ({when})")
            )
        elif wrong := _distrusted(keys, anchor):
            findings.append(Finding(number, f"the server's anchor of line {number} {wrong}"))
        else:
            last = (number, anchor.at)
    return last, findings


def _distrusted(keys: Keys, anchor: Anchor) -> str:
    line, signature = bytes.fromhex(anchor.hash), bytes.fromhex(anchor.signature)
    return keys.foreign(anchor.key) or keys.wrong(anchor.key, to_sign(line), signature)
