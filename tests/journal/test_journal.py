"""The book: what was written is what comes back, whatever happens to the file in between."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from kiosk.checkout.effects import Report
from kiosk.checkout.events import FinishPressed, OffersTaken, PayPressed, Restarted
from kiosk.checkout.session import Idle, Kept, Session
from kiosk.checkout.step import step
from kiosk.journal import Commit, Journal, JournalError, replayed
from kiosk.units import Millis
from tests.checkout.test_a_sale import pay
from tests.lane import DAY, MILK, OFFERS, POLICY, TIN, YOGHURT, Lane


def write(journal: Journal, lane: Lane) -> None:
    """Commit every fact of a lane as a turn of its own, with the marks and closed sales that the loop would give."""
    session = Session()
    for at, fact in lane.facts:
        before = session
        session, effects = step(session, fact, at)
        closed = tuple(deed.record for deed in effects if isinstance(deed, Report))
        rests = isinstance(session.kept.phase, Idle) and not isinstance(before.kept.phase, Idle)
        journal.commit(Commit(at, (fact,), closed, session.kept if rests else None)).result()


def crashed(path: Path, at: Path) -> Path:
    """The files as a process that dies leaves them: no checkpoint, no farewell."""
    for suffix in ("", "-wal"):
        file = path.with_name(path.name + suffix)
        if file.exists():
            (at / file.name).write_bytes(file.read_bytes())
    return at / path.name


def test_after_any_turn_a_crash_brings_back_the_same_session(tmp_path: Path) -> None:
    lane = pay(Lane().buy(MILK, YOGHURT, YOGHURT).scan(TIN).put(470)).play(FinishPressed()).buy(MILK)
    path = tmp_path / "j.db"
    journal = Journal(path)
    session = Session()
    for number, (at, fact) in enumerate(lane.facts):
        before = session
        session, effects = step(session, fact, at)
        closed = tuple(deed.record for deed in effects if isinstance(deed, Report))
        rests = isinstance(session.kept.phase, Idle) and not isinstance(before.kept.phase, Idle)
        journal.commit(Commit(at, (fact,), closed, session.kept if rests else None)).result()
        here = tmp_path / str(number)
        here.mkdir()
        again = Journal(crashed(path, here))
        assert replayed(again).kept == session.kept
        again.close()
    journal.close()
    assert session.kept == lane.session.kept


def test_a_mark_means_that_only_what_came_after_it_is_played(tmp_path: Path) -> None:
    journal = Journal(tmp_path / "j.db")
    lane = pay(Lane().buy(MILK)).play(FinishPressed()).buy(TIN)
    write(journal, lane)
    kept, seq = journal.mark()
    assert isinstance(kept.phase, Idle) and kept.numbers == 1 and kept.offers == OFFERS
    assert 0 < len(list(journal.turns(seq))) < len(lane.facts)
    assert replayed(journal).kept == lane.session.kept
    journal.close()


def test_a_closed_sale_is_in_ledger_and_outbox_until_the_server_has_it(tmp_path: Path) -> None:
    journal = Journal(tmp_path / "j.db")
    write(journal, pay(Lane().buy(MILK)))
    (entry,) = journal.waiting()
    assert [sale.number for sale in journal.sales()] == [1] and journal.depth() == 1
    journal.delivered(entry.number)
    assert journal.waiting() == [] and journal.depth() == 0
    journal.close()
    again = Journal(tmp_path / "j.db")
    assert again.waiting() == [] and len(list(again.sales())) == 1
    again.close()


def test_long_offers_are_stored_once(tmp_path: Path) -> None:
    journal = Journal(tmp_path / "j.db")
    lane = Lane()
    for _ in range(3):
        pay(lane.buy(MILK)).play(FinishPressed())
    write(journal, lane)
    journal.close()
    db = sqlite3.connect(tmp_path / "j.db")
    assert db.execute("SELECT count(*) FROM offers").fetchone() == (1,)
    assert db.execute("SELECT count(*) FROM turns WHERE facts LIKE '%3 for 2%'").fetchone() == (0,)
    db.close()


def test_old_turns_go_and_the_ledger_stays(tmp_path: Path) -> None:
    journal = Journal(tmp_path / "j.db", keep_days=1)
    journal.commit(Commit(Millis(0), (Restarted(POLICY),))).result()
    journal.commit(Commit(Millis(200_000_000), (Restarted(POLICY),), mark=Kept())).result()
    assert [turn.seq for turn in journal.turns()] == [2]
    journal.close()


@pytest.mark.parametrize(
    "content", [b"not a database at all, but long enough to look", b"SQLite format 3\0" + b"\xff" * 200]
)
def test_a_file_that_is_no_journal_is_named(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "j.db"
    path.write_bytes(content)
    with pytest.raises(JournalError, match=str(path)):
        Journal(path)


def test_a_turn_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    path = tmp_path / "j.db"
    journal = Journal(path)
    write(journal, Lane().buy(MILK))
    journal.close()
    db = sqlite3.connect(path)
    db.execute('UPDATE turns SET facts = \'[{"type":"Nonsense"}]\' WHERE seq = 3')
    db.commit()
    db.close()
    journal = Journal(path)
    with pytest.raises(JournalError, match=r"turn 3 .*Nonsense"):
        replayed(journal)
    journal.close()


def test_a_turn_that_was_not_written_has_not_happened(tmp_path: Path) -> None:
    """A full disk: the commit fails as a whole, and what was to be forgotten with it is still remembered."""
    path = tmp_path / "j.db"
    journal = Journal(path)
    write(journal, pay(Lane().buy(MILK)))
    journal.delivered(1)
    db = sqlite3.connect(path)
    db.execute("CREATE TRIGGER full BEFORE INSERT ON turns BEGIN SELECT RAISE(ABORT, 'disk is full'); END")
    db.commit()
    before = [turn.seq for turn in journal.turns()]
    with pytest.raises(JournalError, match="disk is full"):
        journal.commit(Commit(Millis(1), (FinishPressed(),))).result()
    db.execute("DROP TRIGGER full")
    db.commit()
    db.close()
    assert [turn.seq for turn in journal.turns()] == before
    journal.commit(Commit(Millis(1), (FinishPressed(),))).result()
    assert journal.depth() == 0
    journal.close()


def test_offers_of_a_turn_that_was_not_written_are_written_with_the_next(tmp_path: Path) -> None:
    path = tmp_path / "j.db"
    journal = Journal(path)
    other = sqlite3.connect(path)
    other.execute("CREATE TRIGGER full BEFORE INSERT ON turns BEGIN SELECT RAISE(ABORT, 'disk full'); END")
    turn = Commit(Millis(1), (OffersTaken(OFFERS, DAY),))
    with pytest.raises(JournalError, match="disk full"):
        journal.commit(turn).result()
    other.execute("DROP TRIGGER full")
    other.close()
    journal.commit(turn).result()
    journal.close()
    again = Journal(path)
    assert [fact for turn in again.turns() for fact in turn.facts] == [OffersTaken(OFFERS, DAY)]
    again.close()


@pytest.mark.parametrize("mode", ["DELETE", "WAL"])
def test_a_file_that_the_power_cut_left_empty_becomes_a_journal(tmp_path: Path, mode: str) -> None:
    path = tmp_path / "j.db"
    db = sqlite3.connect(path)
    db.execute(f"PRAGMA journal_mode={mode}")
    db.close()
    path.touch()
    journal = Journal(path)
    journal.commit(Commit(Millis(1), (FinishPressed(),))).result()
    journal.close()
    again = Journal(path)
    assert again.id == journal.id
    again.close()


def test_a_journal_with_larger_pages_goes_on_with_them(tmp_path: Path) -> None:
    """As versions before wrote it; its log is no longer in bytes for that."""
    path = tmp_path / "j.db"
    with closing(sqlite3.connect(path)) as db:
        db.execute("PRAGMA page_size=4096")
        db.execute("PRAGMA journal_mode=WAL")
        db.execute("CREATE TABLE t (a)")
        db.execute("DROP TABLE t")
        db.commit()
    journal = Journal(path)
    journal.commit(Commit(Millis(1), (PayPressed(),))).result()
    assert journal._db.execute("PRAGMA page_size").fetchone() == (4096,)
    assert journal._db.execute("PRAGMA wal_autocheckpoint").fetchone() == (512,)
    journal.close()
    fresh = Journal(tmp_path / "new.db")
    assert fresh._db.execute("PRAGMA page_size").fetchone() == (512,)
    assert fresh._db.execute("PRAGMA wal_autocheckpoint").fetchone() == (4096,)
    fresh.close()
