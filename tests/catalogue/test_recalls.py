"""Recalls in the lane's own catalogue: whom they name, and a copy from before there were any."""

import sqlite3
from contextlib import closing
from pathlib import Path

import msgspec
import pytest

from kiosk.barcode import Measured, Pack, Produce, Product
from kiosk.catalogue import Catalogue, Intake
from kiosk.units import Grams, Gtin, ItemId
from kiosk.wire import CataloguePage, Entry, Recall, Terms
from tests.shop import item

A, B, C, D = (Gtin(number) for number in (4006381333931, 5000000000005, 96385074, 2200000000002))
RECALLS = (Recall(A), Recall(B, batch="L7"), Recall(B, serial="S1"), Recall(C, "L7", "S1"), Recall(D, "L7"))


def take(path: Path, version: int, *recalls: Recall) -> None:
    """The next version of a catalogue of three things, with these recalls."""
    entries = (Entry(item(1), (A,)), Entry(item(2), (B, C)), Entry(item(3), (D,)))
    since = version - 1
    page = CataloguePage(
        "ours", since, version, version, ItemId(9), entries, last=True, terms=Terms(recalls=recalls)
    )
    with closing(Intake(path)) as intake:
        assert intake.take(msgspec.json.encode(page))


@pytest.fixture
def path(tmp_path: Path) -> Path:
    take(tmp_path / "c.db", 1, *RECALLS)
    return tmp_path / "c.db"


@pytest.mark.parametrize(
    ("gtin", "pack", "is_recalled"),
    [
        (A, Pack(), True),
        (A, Pack("L1", "S9"), True),
        (B, Pack(), False),
        (B, Pack("L7"), True),
        (B, Pack("l7"), False),
        (B, Pack("L8"), False),
        (B, Pack("L8", "S1"), True),
        (B, Pack("", "S1"), True),
        (C, Pack("L7"), False),
        (C, Pack("", "S1"), False),
        (C, Pack("L7", "S1"), True),
        (Gtin(1), Pack("L7", "S1"), False),
    ],
)
def test_whom_a_recall_names(path: Path, gtin: Gtin, pack: Pack, is_recalled: bool) -> None:
    with Catalogue.open(path) as catalogue:
        assert catalogue.is_recalled(Product(gtin, pack=pack)) is is_recalled


def test_a_label_with_a_weight_is_named_by_its_number_and_produce_by_none(path: Path) -> None:
    with Catalogue.open(path) as catalogue:
        assert catalogue.is_recalled(Measured(D, Grams(500), pack=Pack("L7")))
        assert not catalogue.is_recalled(Measured(D, Grams(500)))
        assert not catalogue.is_recalled(Produce(4011))


def test_what_is_picked_is_barred_if_all_packs_of_a_number_are(path: Path) -> None:
    with Catalogue.open(path) as catalogue:
        assert [catalogue.is_recalled_whole(ItemId(id)) for id in (1, 2, 3, 4)] == [True, False, False, False]


def test_the_list_is_whole_each_time(path: Path) -> None:
    take(path, 2, Recall(B, batch="L8"))
    with Catalogue.open(path) as catalogue:
        assert not catalogue.is_recalled(Product(A))
        assert catalogue.is_recalled(Product(B, pack=Pack("L8")))
    take(path, 3)
    with Catalogue.open(path) as catalogue:
        assert not catalogue.is_recalled(Product(B, pack=Pack("L8")))


def test_the_look_up_is_by_index(path: Path) -> None:
    from kiosk.catalogue.reader import RECALLED, RECALLED_WHOLE

    with closing(sqlite3.connect(path)) as db:
        for query, values in ((RECALLED, (1, "", "")), (RECALLED_WHOLE, (1,))):
            plan = [row[3] for row in db.execute(f"EXPLAIN QUERY PLAN {query}", values)]
            assert plan and not any("SCAN" in step for step in plan), plan


@pytest.mark.parametrize("layout", [1, 2])
def test_a_copy_from_before_is_sold_by_until_the_whole_has_come(path: Path, layout: int) -> None:
    with closing(sqlite3.connect(path)) as db, db:
        db.execute("DROP TABLE tails")
        if layout == 1:
            db.execute("DROP TABLE recalls")
        db.execute(f"PRAGMA user_version={layout}")
    with Catalogue.open(path) as catalogue:
        assert catalogue.find(Product(A)) is not None
        assert catalogue.is_recalled(Product(A)) is (layout == 2)
        assert catalogue.search("tin")[0] and catalogue.search("nne")[0] == ()
    with closing(Intake(path)) as intake:
        wanted = intake.wanted()
        assert (wanted.source, wanted.since) == ("", 0), "all is asked for again"
        assert not intake.is_at("ours", 1)
    take(path, 1, *RECALLS)
    with Catalogue.open(path) as catalogue:
        assert catalogue.is_recalled(Product(A)) and catalogue.version == 1
