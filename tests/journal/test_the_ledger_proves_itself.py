"""Whatever is changed in a ledger: the verifier names the very line, and what is wrong with it."""

import json
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kiosk.checkout.records import DayEnded, Technical
from kiosk.journal import Journal
from kiosk.journal.ledger import countable
from kiosk.journal.proof.chain import Finding, Proof, genesis, line_hash, to_sign
from kiosk.journal.proof.totals import Books
from kiosk.journal.seal import Seal
from kiosk.journal.verify import LINES, Anchor, Verdict, proved, verified
from kiosk.units import Millis
from tests.journal.books import BEGAN, MINUTES, ledger, sold

Row = tuple[Any, ...]
COLUMNS = ("number", "at", "kind", "body", "hash", "signature")


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return ledger(tmp_path_factory.mktemp("ledger") / "j.db")


@pytest.fixture(scope="module")
def rows(book: Path) -> list[Row]:
    with closing(sqlite3.connect(book)) as db:
        return db.execute(LINES).fetchall()


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """As few lines as a sale, its closing and what follows it can be."""
    path = tmp_path_factory.mktemp("small") / "j.db"
    journal = Journal(path)
    for record in (sold(), DayEnded("2026-11-29", BEGAN), Technical("stop", BEGAN)):
        journal.note(BEGAN, record).result()
    journal.close()
    return path


@pytest.fixture
def db(book: Path) -> Iterator[sqlite3.Connection]:
    """The file's content, to be changed at will."""
    with closing(sqlite3.connect(book)) as file, closing(sqlite3.connect(":memory:")) as copy:
        file.backup(copy)
        copy.execute("PRAGMA foreign_keys=OFF")
        copy.isolation_level = None
        yield copy


def faults(verdict: Verdict) -> list[Finding]:
    return [finding for finding in verdict.findings if finding.fault]


def looked(
    db: sqlite3.Connection, anchors: tuple[Anchor, ...] = (), pinned: tuple[str, ...] = ()
) -> list[Finding]:
    verdict = proved(db, anchors, pinned)
    db.execute("ROLLBACK")
    return faults(verdict)


def anchors_of(path: Path) -> list[Anchor]:
    """What the store server has kept of this file."""
    with closing(sqlite3.connect(path)) as db:
        journal = db.execute("SELECT value FROM meta").fetchone()[0]
        signed = db.execute(f"SELECT * FROM ({LINES}) WHERE signature IS NOT NULL").fetchall()
    return [
        Anchor(journal, number, at, line.hex(), json.loads(body)["key"], signature.hex())
        for number, at, _, body, line, signature in signed
    ]


@cache
def known(path: Path) -> tuple[bytes, int, bytes]:
    """What stands before line 1, and number and hash of the last line."""
    with closing(sqlite3.connect(path)) as db:
        (journal,) = db.execute("SELECT value FROM meta").fetchone()
        (body,) = db.execute("SELECT body FROM books").fetchone()
    return genesis(journal), json.loads(body)["number"], bytes.fromhex(json.loads(body)["hash"])


def chained(path: Path, rows: list[Row]) -> list[Finding]:
    """The faults in these lines, which are to be those of the file."""
    before, number, last = known(path)
    proof = Proof(Books(hash=before.hex()), before, (), countable)
    for row in rows:
        proof.line(*row)
    return [finding for finding in proof.end(number, last) if finding.fault]


def test_a_ledger_that_nobody_touched_is_whole(book: Path) -> None:
    verdict = verified(book, anchors_of(book))
    assert faults(verdict) == [] and verdict.lines == 13 and verdict.signatures == 4
    assert verdict.signed == verdict.anchored == (13, BEGAN + 10 * MINUTES)
    assert verdict.books.sold == 1000 and verdict.books.refunded == 125


def flipped(value: Any, at: int) -> Any:
    """A value of a row with one bit of its byte number `at` turned over."""
    raw = value if isinstance(value, bytes) else value.encode() if isinstance(value, str) else None
    if raw is None:
        return value ^ (1 << (8 * at))
    changed = raw[:at] + bytes([raw[at] ^ (1 << at % 8)]) + raw[at + 1 :]
    return changed if isinstance(value, bytes) else changed.decode(errors="surrogateescape")


def length(value: Any) -> int:
    return 0 if value is None else 7 if isinstance(value, int) else len(value)


def test_any_byte_of_any_line_flipped_is_named(small: Path) -> None:
    with closing(sqlite3.connect(small)) as db:
        rows = db.execute(LINES).fetchall()
    for place, row in enumerate(rows):
        for column, value in enumerate(row):
            for at in range(length(value)):
                named(small, rows, place, column, at)


@settings(max_examples=100, deadline=None)
@given(data=st.data())
def test_a_byte_flipped_in_a_line_of_any_kind_is_named(
    data: st.DataObject, book: Path, rows: list[Row]
) -> None:
    place = data.draw(st.integers(0, len(rows) - 1))
    column = data.draw(st.sampled_from([n for n, value in enumerate(rows[place]) if value is not None]))
    named(book, rows, place, column, data.draw(st.integers(0, length(rows[place][column]) - 1)))


def named(path: Path, rows: list[Row], place: int, column: int, at: int) -> None:
    """The one fault that is found is that line's, and says which of it is wrong."""
    row = rows[place]
    changed = (*row[:column], flipped(row[column], at), *row[column + 1 :])
    lines = sorted([*rows[:place], changed, *rows[place + 1 :]], key=lambda line: int(line[0]))
    found = chained(path, lines)
    assert [finding.number for finding in found] == [row[0]], (row[0], COLUMNS[column], at, found)
    assert expected(COLUMNS[column]) in found[0].what, (COLUMNS[column], at, found)


def expected(column: str) -> str:
    return {
        "number": "its number was changed to",
        "hash": "its hash was changed",
        "signature": "bears a wrong signature",
    }.get(column, "its content was changed")


def test_any_byte_of_the_running_totals_flipped_is_named(db: sqlite3.Connection) -> None:
    (body,) = db.execute("SELECT body FROM books").fetchone()
    for at in range(len(body)):
        db.execute("UPDATE books SET body = ?", (flipped(body, at),))
        found = looked(db)
        assert found and all(finding.number in {0, 14} or "totals" in finding.what for finding in found), at
    db.execute("DELETE FROM books")
    assert "running totals" in looked(db)[0].what


def test_an_index_of_receipts_that_was_changed_is_named(db: sqlite3.Connection) -> None:
    for change, line in (
        ("DELETE FROM receipts WHERE receipt = 2", 3),
        ("UPDATE receipts SET sale = 'other' WHERE receipt = 3", 9),
        ("UPDATE receipts SET number = 11 WHERE receipt = 3", 9),
        ("UPDATE receipts SET receipt = 40 WHERE receipt = 4", 11),
    ):
        db.execute("SAVEPOINT before")
        db.execute(change)
        with closing(sqlite3.connect(":memory:")) as copy:
            copy.isolation_level = None
            db.execute("RELEASE before")
            db.backup(copy)
            assert {finding.number for finding in looked(copy)} >= {line}, change


def test_any_line_deleted_is_named(book: Path, rows: list[Row]) -> None:
    for place, row in enumerate(rows):
        (found,) = chained(book, rows[:place] + rows[place + 1 :])
        assert found.number == row[0] and f"line {row[0]} is missing" in found.what


def test_several_lines_deleted_are_named(book: Path, rows: list[Row]) -> None:
    found = chained(book, [*rows[:3], *rows[5:8], *rows[9:11]])
    assert [finding.what.split(";")[0] for finding in found] == [
        "lines 4 to 5 are missing",
        "line 9 is missing",
        "lines 12 to 13 are missing at the end",
    ]


def test_two_lines_that_changed_places_are_named(book: Path, rows: list[Row]) -> None:
    seven, eight = rows[6], rows[7]
    swapped = [*rows[:6], (7, *eight[1:]), (8, *seven[1:]), *rows[8:]]
    assert [finding.number for finding in chained(book, swapped)] == [7, 8, 9]


def test_a_signature_taken_away_is_named(book: Path, rows: list[Row]) -> None:
    for place, row in enumerate(rows):
        if row[5] is not None:
            bare = [*rows[:place], (*row[:5], None), *rows[place + 1 :]]
            (found,) = chained(book, bare)
            assert found.number == row[0] and "is not signed" in found.what


def test_a_signature_where_none_belongs_is_named(book: Path, rows: list[Row]) -> None:
    (found,) = chained(book, [(*rows[0][:5], b"x" * 64), *rows[1:]])
    assert found.number == 1 and "is signed by nobody" in found.what


# ---- what only somebody outside of the file can know


def without_tail(db: sqlite3.Connection, last: int) -> None:
    """Cut the lines behind `last`, and make the running totals fit: what a forger of the file would do."""
    db.execute("DELETE FROM ledger WHERE number > ?", (last,))
    db.execute("DELETE FROM receipts WHERE number > ?", (last,))
    books = recount(db)
    db.execute("UPDATE books SET body = ?", (json.dumps(books, separators=(",", ":")).encode(),))


def recount(db: sqlite3.Connection) -> Any:
    from msgspec import to_builtins

    from kiosk.journal.ledger import recounted

    journal = db.execute("SELECT value FROM meta").fetchone()[0]
    return to_builtins(recounted(db, journal))


def test_a_tail_cut_with_its_totals_shows_against_the_servers_anchors(
    book: Path, db: sqlite3.Connection
) -> None:
    anchors = tuple(anchors_of(book))
    without_tail(db, 11)
    assert looked(db) == []
    found = looked(db, anchors)
    assert [finding.number for finding in found] == [12, 13]
    assert "tail was cut, or the disk was rolled back" in found[0].what
    verdict = proved(db, anchors, ())
    assert verdict.anchored == (10, BEGAN + 8 * MINUTES) and verdict.signed == verdict.anchored


def test_a_disk_rolled_back_shows_even_after_it_has_gone_on(tmp_path: Path, book: Path) -> None:
    """The old copy sells again under the numbers that were used: its lines are not the server's."""
    old = tmp_path / "old"
    old.mkdir()
    now = ledger(tmp_path / "j.db")
    anchors = anchors_of(now)
    for name in ("j.db", "device.key"):
        shutil.copy(tmp_path / name, old / name)
    with closing(sqlite3.connect(old / "j.db")) as db:
        without_tail(db, 9)
        db.commit()
    journal = Journal(old / "j.db")
    journal.note(Millis(BEGAN + 20 * MINUTES), DayEnded("2026-11-29", BEGAN), sold(5), sold(6)).result()
    journal.close()
    assert faults(verified(old / "j.db")) == []
    found = faults(verified(old / "j.db", anchors))
    assert [finding.number for finding in found] == [10, 12, 13]
    assert "line 10 is not the one that the server has an anchor of" in found[0].what
    assert "line 12 is not the one" in found[1].what and "file ends at 12" in found[2].what


def test_a_forger_without_the_key_cannot_rewrite_what_is_signed(
    book: Path, rows: list[Row], db: sqlite3.Connection, tmp_path: Path
) -> None:
    """A sale made smaller and the whole chain after it hashed again: every signature from there on is wrong."""
    (journal,) = db.execute("SELECT value FROM meta").fetchone()
    before = genesis(journal)
    for number, at, kind, body, _, _ in rows:
        if number == 2:
            body = body.replace(b'"amount":500', b'"amount":400')
        before = line_hash(before, number, at, kind, body)
        db.execute("UPDATE ledger SET body = ?, hash = ? WHERE number = ?", (body, before, number))
    db.execute("UPDATE books SET body = ?", (json.dumps(recount(db), separators=(",", ":")).encode(),))
    wrong = [finding for finding in looked(db) if "signature" in finding.what]
    assert [finding.number for finding in wrong] == [5, 10, 12, 13]


def test_another_key_is_not_the_lanes(book: Path, db: sqlite3.Connection, tmp_path: Path) -> None:
    other = Seal(tmp_path / "other.key").public
    assert [finding.number for finding in looked(db, pinned=(other,))] == [5, 10, 12, 13]
    mine = Seal(book.with_name("device.key")).public
    assert looked(db, pinned=(mine,)) == []


def test_perpetual_totals_that_do_not_add_up_are_named(book: Path, rows: list[Row]) -> None:
    """Somebody with the key signs a closing that says less than was sold."""
    seal = Seal(book.with_name("device.key"))
    number, at, kind, body, _, _ = rows[9]
    body = body.replace(b'"sold":500,"refunded":125', b'"sold":400,"refunded":125')
    line = line_hash(rows[8][4], number, at, kind, body)
    forged = [*rows[:9], (number, at, kind, body, line, seal.sign(to_sign(line)))]
    before = line
    for number, at, kind, body, _, signature in rows[10:]:
        before = line_hash(before, number, at, kind, body)
        forged.append((number, at, kind, body, before, signature and seal.sign(to_sign(before))))
    found = [finding for finding in chained(book, forged) if "missing" not in finding.what]
    assert [finding.number for finding in found] == [10]
    assert "says sold 400, and the lines come to 500" in found[0].what


# ---- time


def test_a_clock_set_back_is_written_by_the_ledger_itself(tmp_path: Path) -> None:
    path = ledger(tmp_path / "j.db")
    journal = Journal(path)
    journal.note(BEGAN, sold(5)).result()
    journal.close()
    verdict = verified(path)
    assert faults(verdict) == []
    assert any(finding.number == 14 and "the clock was set back, as the line says" in finding.what
               for finding in verdict.findings)  # fmt: skip


def test_a_line_earlier_than_the_one_before_is_named_where_no_line_says_why(
    book: Path, rows: list[Row]
) -> None:
    seal = Seal(book.with_name("device.key"))
    before, back = rows[5][4], []
    for number, at, kind, body, _, signature in rows[6:]:
        at = at - 3_600_000 if number == 7 else at
        before = line_hash(before, number, at, kind, body)
        back.append((number, at, kind, body, before, signature and seal.sign(to_sign(before))))
    found = chained(book, [*rows[:6], *back])
    assert [finding.number for finding in found] == [7]
    assert "3540 s earlier than the one before; and no line says that a clock was set" in found[0].what


# ---- anything at all


@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_no_line_can_be_lost_doubled_or_moved_unseen(
    data: st.DataObject, book: Path, rows: list[Row]
) -> None:
    order = data.draw(st.lists(st.sampled_from(rows), min_size=0, max_size=len(rows) + 2))
    if order != rows:
        assert chained(book, order) != []


def test_technical_lines_count_in_no_total(tmp_path: Path) -> None:
    path = ledger(tmp_path / "j.db", Technical("offline", BEGAN))
    assert faults(verified(path)) == []


def test_the_kiosk_does_not_vouch_for_a_past_that_somebody_forged(tmp_path: Path) -> None:
    """Rewritten while the power was off, totals and all: the next signature says so, and the forged ones are named."""
    path = ledger(tmp_path / "j.db")
    with closing(sqlite3.connect(path)) as db:
        rows = db.execute(LINES).fetchall()
        before, signatures = genesis(db.execute("SELECT value FROM meta").fetchone()[0]), b""
        for number, at, kind, body, _, signature in rows:
            if number == 2:
                body = body.replace(b'"amount":500', b'"amount":400')
            before = line_hash(before, number, at, kind, body)
            db.execute("UPDATE ledger SET body = ?, hash = ? WHERE number = ?", (body, before, number))
            signatures = signature or signatures
        books = recount(db) | {"seal": signatures.hex()}
        db.execute("UPDATE books SET body = ?", (json.dumps(books, separators=(",", ":")).encode(),))
        db.commit()
    journal = Journal(path)
    journal.note(Millis(BEGAN + 20 * MINUTES), sold(5)).result()
    journal.anchor(Millis(BEGAN + 21 * MINUTES), due=False)
    journal.note(Millis(BEGAN + 22 * MINUTES), DayEnded("2026-12-01", BEGAN)).result()
    journal.close()
    verdict = verified(path)
    assert [finding.number for finding in faults(verdict) if "wrong signature" in finding.what] == [
        5,
        10,
        12,
        13,
    ]
    assert any("integrity: line 13 bears a wrong signature" in finding.what for finding in verdict.findings)
    assert verdict.signed[0] == verdict.lines
