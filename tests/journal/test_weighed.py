"""What a basket has taught is on the disk with the turn that ends it, or not at all; a restart counts nothing twice."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from kiosk.checkout.effects import LearntItem
from kiosk.checkout.events import FinishPressed
from kiosk.journal import Commit, Journal, JournalError
from kiosk.units import ItemId, Millis
from kiosk.weight.sums import LANE_MOST, Known, Sums
from kiosk.wire import Weighed
from tests.journal.test_journal import crashed

PEAS = ItemId(1)
DAY = 86_400_000
NOW = Millis(20_000 * DAY + 5)


def opened(path: Path, source: str = "ours") -> Journal:
    journal = Journal(path)
    journal.source = source
    return journal


def learn(journal: Journal, *grams: int, item: int = PEAS, epoch: int = 0, at: int = NOW) -> None:
    sums = Sums.of(*grams)
    learnt = (LearntItem(ItemId(item), epoch, sums.n, sums.sum, sums.squares),)
    journal.commit(Commit(Millis(at), (FinishPressed(),), learnt=learnt)).result()


def test_baskets_add_up_by_item_and_pack(tmp_path: Path) -> None:
    journal = opened(tmp_path / "j.db")
    learn(journal, 400, 402)
    learn(journal, 404, at=NOW + 3 * DAY)
    learn(journal, 350, epoch=1)
    learn(journal, 7, item=2)
    assert journal.weighed(PEAS) == [
        Known(0, Sums.of(400, 402, 404), 20_000, 20_003),
        Known(1, Sums.of(350), 20_000, 20_000),
    ]
    assert journal.lessons([PEAS]) == [
        Weighed(PEAS, 0, 3, Sums.of(400, 402, 404)),
        Weighed(PEAS, 1, 1, Sums.of(350)),
    ]
    assert len(journal.lessons()) == 3 and journal.lessons([ItemId(9)]) == []
    journal.close()


def test_a_crash_after_any_commit_has_all_of_it_and_once(tmp_path: Path) -> None:
    path = tmp_path / "j.db"
    journal = opened(path)
    for n in range(1, 6):
        learn(journal, 400 + n)
        here = tmp_path / str(n)
        here.mkdir()
        again = opened(crashed(path, here))
        assert again.lessons() == [Weighed(PEAS, 0, n, Sums.of(*range(401, 401 + n)))]
        assert len(list(again.turns())) == n
        again.close()
    journal.close()


def test_a_turn_that_is_not_written_has_taught_nothing(tmp_path: Path) -> None:
    path = tmp_path / "j.db"
    journal = opened(path)
    learn(journal, 400)
    with closing(sqlite3.connect(path)) as db:
        db.execute(
            "CREATE TRIGGER full BEFORE INSERT ON turns BEGIN SELECT RAISE(ABORT, 'disk is full'); END"
        )
        with pytest.raises(JournalError, match="disk is full"):
            learn(journal, 404)
        db.execute("DROP TRIGGER full")
        db.execute(
            "CREATE TRIGGER full BEFORE INSERT ON weights BEGIN SELECT RAISE(ABORT, 'disk is full'); END"
        )
        with pytest.raises(JournalError, match="disk is full"):
            learn(journal, 404)
        db.execute("DROP TRIGGER full")
    assert journal.weighed(PEAS)[0].sums == Sums.of(400)
    assert len(list(journal.turns())) == 1
    learn(journal, 404)
    assert journal.weighed(PEAS)[0].sums == Sums.of(400, 404)
    journal.close()


def test_a_lane_remembers_fifty_and_says_how_many_there_were(tmp_path: Path) -> None:
    journal = opened(tmp_path / "j.db")
    for _ in range(3):
        learn(journal, *[400] * 40)
    learn(journal, 451)
    (told,) = journal.lessons()
    assert (told.count, told.sums.n, told.sums.mean) == (121, LANE_MOST, 401)
    journal.close()


@pytest.mark.parametrize(
    "wrong",
    [
        LearntItem(PEAS, 0, 0, 0, 0),
        LearntItem(PEAS, 0, 1, -5, 25),
        LearntItem(PEAS, 0, 1, 70_000, 70_000**2),
        LearntItem(PEAS, 0, 2, 800, 5),
        LearntItem(PEAS, -1, 1, 400, 160_000),
        LearntItem(PEAS, 10_000, 1, 400, 160_000),
    ],
)
def test_a_sum_that_cannot_be_is_left_out_and_the_sale_stands(
    tmp_path: Path, wrong: LearntItem, caplog: pytest.LogCaptureFixture
) -> None:
    journal = opened(tmp_path / "j.db")
    right = LearntItem(ItemId(2), 0, 1, 400, 160_000)
    journal.commit(Commit(NOW, (FinishPressed(),), learnt=(wrong, right))).result()
    assert [one.item for one in journal.lessons()] == [2]
    assert len(list(journal.turns())) == 1
    assert "not learnt of item 1: expected" in caplog.text
    journal.close()


def test_under_the_ids_of_another_catalogue_nothing_is_known(tmp_path: Path) -> None:
    journal = opened(tmp_path / "j.db")
    assert journal.weight_book() == f"{journal.id}-0"
    learn(journal, 400)
    journal.source = ""
    learn(journal, 401)
    assert journal.weighed(PEAS) == []
    journal.source = "theirs"
    assert journal.weighed(PEAS) == [] and journal.lessons() == [] and journal.lessons([PEAS]) == []
    assert journal.weight_book() == f"{journal.id}-0"
    learn(journal, 77)
    assert journal.weighed(PEAS)[0].sums == Sums.of(77)
    assert journal.weight_book() == f"{journal.id}-1"
    journal.source = "ours"
    assert journal.weighed(PEAS) == []
    learn(journal, 402)
    assert (journal.weighed(PEAS)[0].sums, journal.weight_book()) == (Sums.of(402), f"{journal.id}-2")
    journal.close()


def test_a_journal_that_was_made_before_learns_too(tmp_path: Path) -> None:
    path = tmp_path / "j.db"
    opened(path).close()
    with closing(sqlite3.connect(path)) as db:
        db.execute("DROP TABLE weights")
    journal = opened(path)
    learn(journal, 400)
    assert journal.weighed(PEAS)[0].sums == Sums.of(400)
    journal.close()
