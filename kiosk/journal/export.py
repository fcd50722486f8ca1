"""A part of the ledger as a signed archive that anybody can read, and that proves itself without this software.

The archive's first line follows a closing of a day, its last line is one, or the newest of all. Money is in minor
units, times are UTC; `schema.json` describes every column and the body of every kind of line.
"""

import base64
import csv
import hashlib
import json
import sqlite3
import tempfile
import time
import zipfile
from collections.abc import Iterable, Iterator
from contextlib import closing
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from importlib.resources import files
from pathlib import Path
from typing import Any, NamedTuple

import msgspec

from kiosk.checkout import records
from kiosk.journal.ledger import countable
from kiosk.journal.proof.archive import COLUMNS, LEDGER, MANIFEST, SIGNATURE, manifest_to_sign
from kiosk.journal.proof.chain import Finding, Proof, fields_of, genesis
from kiosk.journal.proof.totals import Books, taxes_given_back
from kiosk.journal.seal import Seal
from kiosk.journal.verify import LINES, opened
from kiosk.version import VERSION

KINDS: tuple[type[records.Record | records.Signed], ...] = (
    records.ClosedSale,
    records.Refund,
    records.Cancelled,
    records.HandedOver,
    records.Released,
    records.Resumed,
    records.Reversal,
    records.ValueOrder,
    records.Signed,
    records.Duplicate,
    records.Technical,
)
START = "from verifier.archive import main\n\nraise SystemExit(main())\n"
COLUMNS_OF: dict[str, tuple[str, ...]] = {
    LEDGER: COLUMNS,
    "sales.csv": ("number", "at", "kind", "receipt", "id", "training", "total"),
    "taxes.csv": ("number", "code", "rate", "gross", "net", "vat"),
    "tenders.csv": ("number", "kind", "amount"),
    "closings.csv": ("number", "at", "period", "date", "no", "first", "last", "sold", "refunded", "body"),
    "events.csv": ("number", "at", "kind", "name", "body"),
}


class ExportError(Exception):
    """Nothing was exported; says why."""


class Exported(NamedTuple):
    first: int
    last: int
    findings: list[Finding]


def export(journal: Path, out: Path, seal: Seal, first_day: str, last_day: str) -> Exported:
    """Write the lines of these business days (ISO, both included) into a new file. Raises ExportError."""
    with closing(opened(journal)) as db:
        db.execute("BEGIN")
        first, last = lines_of(db, first_day, last_day)
        if first > last:
            raise ExportError(f"no line belongs to {first_day} to {last_day}")
        (id_,) = db.execute("SELECT value FROM meta WHERE key = 'journal'").fetchone()
        proof = Proof(Books(hash=genesis(id_).hex()), genesis(id_), (), countable)
        whole = out.with_name(out.name + ".new")
        with zipfile.ZipFile(whole, "w", zipfile.ZIP_DEFLATED) as archive:
            manifest: dict[str, Any] = {
                "format": 1,
                "journal": id_,
                "software": VERSION,
                "made": time.time_ns() // 1_000_000,
                "from": first_day,
                "to": last_day,
                "first": first,
                "last": last,
                "key": seal.public,
            }
            manifest["files"] = dict(_written(archive, db, proof, manifest))
            raw = json.dumps(manifest, indent=1, sort_keys=True).encode()
            archive.writestr(MANIFEST, raw)
            archive.writestr(SIGNATURE, base64.b64encode(seal.sign(manifest_to_sign(raw))))
        whole.rename(out)
    return Exported(first, last, proof.end())


def lines_of(db: sqlite3.Connection, first_day: str, last_day: str) -> tuple[int, int]:
    """First and last line of these days. A line belongs to the day whose closing comes next, else to its UTC date."""
    ends: list[tuple[int, str]] = []
    for number, body in db.execute("SELECT number, body FROM ledger WHERE kind = 'closing' ORDER BY number"):
        said = fields_of("closing", body)
        if said.period == "day":
            ends.append((number, said.date))
        elif ends and number == ends[-1][0] + 1:  # months and years come right behind their last day
            ends[-1] = (number, ends[-1][1])
    first = 1 + max((number for number, day in ends if day < first_day), default=0)
    last = max((number for number, day in ends if day <= last_day), default=0)
    after = datetime.fromisoformat(last_day).replace(tzinfo=UTC) + timedelta(days=1)
    row = db.execute(
        "SELECT max(number) FROM ledger WHERE number > ? AND at < ?",
        (ends[-1][0] if ends else 0, int(after.timestamp() * 1000)),
    ).fetchone()
    return first, row[0] or last


class Table:
    """A CSV file in the making, on the disk: there may be many rows."""

    def __init__(self, name: str) -> None:
        self.file = tempfile.TemporaryFile("w+", encoding="utf-8", errors="surrogateescape", newline="")
        self.row = csv.writer(self.file).writerow
        self.row(COLUMNS_OF[name])

    def into(self, archive: zipfile.ZipFile, name: str) -> str:
        """Copy it into the archive; its SHA-256."""
        digest = hashlib.sha256()
        self.file.seek(0)
        with self.file, archive.open(name, "w", force_zip64=True) as there:
            while piece := self.file.read(1 << 20):
                raw = piece.encode(errors="surrogateescape")
                there.write(raw)
                digest.update(raw)
        return digest.hexdigest()


def _written(
    archive: zipfile.ZipFile, db: sqlite3.Connection, proof: Proof, manifest: dict[str, Any]
) -> Iterator[tuple[str, str]]:
    """Every file, with its SHA-256; where the books stood before and behind is put into the manifest."""
    tables = {name: Table(name) for name in COLUMNS_OF}
    for number, at, kind, body, line, signature in db.execute(LINES):
        if number >= manifest["first"]:
            manifest.setdefault("before", asdict(proof.books))
        record = proof.line(number, at, kind, body, line, signature)
        if manifest["first"] <= number <= manifest["last"]:
            text = body.decode(errors="surrogateescape")
            tables[LEDGER].row((number, at, kind, line.hex(), signature.hex() if signature else "", text))
            _tabled(tables, number, at, kind, text, record)
            manifest["hash"] = line.hex()
    for name, table in tables.items():
        yield name, table.into(archive, name)
    yield _file(archive, "schema.json", json.dumps(schema(), indent=1).encode())
    yield _file(archive, "__main__.py", START.encode())
    for source in files("kiosk.journal.proof").iterdir():
        if source.name.endswith(".py"):
            yield _file(archive, f"verifier/{source.name}", source.read_bytes())


def _tabled(tables: dict[str, Table], number: int, at: int, kind: str, body: str, record: Any) -> None:
    """A line as people read it, in the tables that it belongs to."""
    when = datetime.fromtimestamp(at / 1000, UTC).isoformat(timespec="milliseconds")
    if kind == "sale" and record is not None:
        row = (number, when, kind, record.number, record.id, int(record.training), record.priced.total)
        tables["sales.csv"].row(row)
        _sums(tables, number, record.priced.taxes, record.tenders, 1)
    elif kind == "refund" and record is not None:
        training = int(getattr(record.original, "training", False))
        tables["sales.csv"].row((number, when, kind, record.number, record.id, training, -record.amount))
        _sums(tables, number, taxes_given_back(record), record.tenders, -1)
    elif kind == "closing" and record is not None:
        said = fields_of(kind, body.encode())
        numbers = (said.period, said.date, said.no, said.first, said.last, said.sold, said.refunded)
        tables["closings.csv"].row((number, when, *numbers, body))
    elif kind != "anchor":
        tables["events.csv"].row((number, when, kind, getattr(record, "name", ""), body))


def _sums(
    tables: dict[str, Table], number: int, taxes: Iterable[Any], tenders: Iterable[Any], sign: int
) -> None:
    for tax in taxes:
        tables["taxes.csv"].row(
            (number, tax.code, tax.rate, sign * tax.gross, sign * tax.net, sign * tax.vat)
        )
    for tender in tenders:
        tables["tenders.csv"].row((number, tender.kind, sign * tender.amount))


def _file(archive: zipfile.ZipFile, name: str, raw: bytes) -> tuple[str, str]:
    archive.writestr(name, raw)
    return name, hashlib.sha256(raw).hexdigest()


def schema() -> dict[str, Any]:
    """Columns of the tables, and the JSON Schema of each kind's body."""
    bodies, components = msgspec.json.schema_components(KINDS, ref_template="#/components/{name}")
    return {
        "tables": {name: list(columns) for name, columns in COLUMNS_OF.items()},
        "kinds": {kind.kind: body for kind, body in zip(KINDS, bodies, strict=True)},
        "components": components,
    }
