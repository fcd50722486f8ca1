"""Which serials were sold: durable with the sale, free again with what was given back."""

import sqlite3
from contextlib import closing
from pathlib import Path

from msgspec.structs import replace

from kiosk.barcode import Pack
from kiosk.checkout.records import ClosedSale, RefundedLine
from kiosk.journal import Journal
from kiosk.journal.book import Commit
from kiosk.units import Gtin, LineNo, Minor
from tests.journal.books import BEGAN, given_back, sold

NUMBER = Gtin(4006381333931)


def with_serials(number: int = 1, **more: object) -> ClosedSale:
    """The sample sale, its two lines with serials of one number."""
    sale = sold(number, **more)
    lines = tuple(replace(line, gtin=NUMBER, pack=Pack(serial=f"S{line.no}"), qty=1) for line in sale.lines)
    return replace(sale, lines=lines)


def write(journal: Journal, *records: object) -> None:
    journal.commit(Commit(BEGAN, (), records)).result()  # type: ignore[arg-type]


def known(journal: Journal) -> list[bool]:
    return [journal.is_sold(NUMBER, serial) for serial in ("S1", "S2", "S3")]


def test_what_was_sold_is_known_also_after_a_restart_and_free_once_it_came_back(tmp_path: Path) -> None:
    path, sale = tmp_path / "journal.db", with_serials()
    with closing(Journal(path)) as journal:
        assert known(journal) == [False, False, False]
        write(journal, sale)
        assert known(journal) == [True, True, False]
        assert not journal.is_sold(Gtin(NUMBER + 1), "S1"), "a serial is one of a number"
    with closing(Journal(path)) as journal:
        assert known(journal) == [True, True, False]
        refund = given_back(sale, 2)
        write(journal, replace(refund, lines=(RefundedLine(LineNo(1), 1, Minor(125)),)))
        assert known(journal) == [False, True, False]
        write(journal, with_serials(3))
        assert known(journal) == [True, True, False], "sold again"
        assert journal.broken_chain() is None


def test_what_is_played_in_training_is_not_sold(tmp_path: Path) -> None:
    with closing(Journal(tmp_path / "journal.db")) as journal:
        write(journal, with_serials(training=True))
        assert known(journal) == [False, False, False]


def test_a_journal_from_before_there_were_serials_is_opened(tmp_path: Path) -> None:
    path = tmp_path / "journal.db"
    with closing(Journal(path)) as journal:
        write(journal, sold())
    with closing(sqlite3.connect(path)) as db, db:
        db.execute("DROP TABLE sold")
    with closing(Journal(path)) as journal:
        write(journal, with_serials(2))
        assert known(journal) == [True, True, False]


def test_a_sale_without_serials_writes_none(tmp_path: Path) -> None:
    path = tmp_path / "journal.db"
    with closing(Journal(path)) as journal:
        write(journal, sold())
    with closing(sqlite3.connect(path)) as db:
        assert db.execute("SELECT count(*) FROM sold").fetchone() == (0,)
