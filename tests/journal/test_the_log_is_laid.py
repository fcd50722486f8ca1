"""The log has its length before anything is sold: what is sold overwrites it."""

import resource
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from kiosk.checkout.events import PayPressed
from kiosk.journal import Commit, Journal
from kiosk.journal.book import LOG
from kiosk.units import Millis


def size(path: Path) -> int:
    return path.with_name(f"{path.name}-wal").stat().st_size


def turn(journal: Journal, facts: int = 1) -> None:
    journal.commit(Commit(Millis(1), (PayPressed(),) * facts)).result()


@contextmanager
def no_file_longer_than(length: int) -> Iterator[None]:
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (length, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


def test_what_is_sold_does_not_make_it_longer(tmp_path: Path) -> None:
    path = tmp_path / "journal.db"
    with closing(Journal(path)) as journal:
        journal.pulse().result()
        laid = size(path)
        assert laid > LOG
        for _ in range(30):
            turn(journal, 5_000)  # folded back into the file more than once
        assert size(path) == laid
    assert path.stat().st_size > LOG


def test_another_who_opens_it_leaves_it_alone(tmp_path: Path) -> None:
    path = tmp_path / "journal.db"
    with closing(Journal(path)) as journal:
        turn(journal)
        laid = size(path)
        with closing(sqlite3.connect(path, isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")  # it would wait for the lock
            with closing(Journal(path)) as second:
                assert second.span() == (1, 1)
        assert size(path) == laid


def test_without_room_it_grows_as_it_is_needed_and_is_laid_later(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    path, after = tmp_path / "journal.db", tmp_path / "after the power cut"
    with no_file_longer_than(200_000), closing(Journal(path)) as journal:
        turn(journal)
        turn(journal)
        assert size(path) <= 200_000
        assert "not laid in its whole length" in caplog.text
        after.mkdir()
        for each in tmp_path.glob("journal.db*"):
            shutil.copy(each, after)
    with closing(Journal(after / path.name)) as journal:
        turn(journal)
        assert size(after / path.name) > LOG
        assert journal.span() == (1, 3)
