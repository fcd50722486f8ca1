"""The shop's recall list, from a person's file to the lane that looks it up."""

from contextlib import closing
from pathlib import Path

import msgspec
import pytest

from kiosk.barcode import Pack, Product
from kiosk.catalogue import Catalogue, Intake
from kiosk.units import Gtin
from kiosk.wire import Recall
from store.commands import main
from store.database import open_database
from store.feed import catalogue_page, terms

A = "4006381333931"
HEADER = "gtin,batch,serial\n"


@pytest.fixture
def db(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path / 'store.db'}"


def bring(db: str, folder: Path, text: str) -> int:
    (folder / "recalls.csv").write_text(text)
    return main(["recalls", "import", str(folder / "recalls.csv"), "--db", db])


def held(db: str) -> tuple[Recall, ...]:
    with open_database(db).connect() as connection:
        return terms(connection).recalls


def test_from_the_file_to_the_lane(db: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    lane = tmp_path / "lane.db"

    def sync() -> None:
        with closing(Intake(lane)) as intake, open_database(db).connect() as connection:
            wanted = intake.wanted()
            page = catalogue_page(
                connection, "0001", wanted.source, wanted.since, wanted.version, wanted.after
            )
            assert intake.take(msgspec.json.encode(page))

    sync()
    assert bring(db, tmp_path, f"{HEADER}{A},A7,\n0000000000{A[-4:]},,\n") == 2, "a wrong check digit"
    assert bring(db, tmp_path, f"{HEADER}{A},A7,\n0{A},,S-1/2\n{A},A7,\n") == 0
    assert "recalls.csv: 2 recalls" in capsys.readouterr().out
    sync()
    with Catalogue.open(lane) as catalogue:
        assert catalogue.is_recalled(Product(Gtin(int(A)), pack=Pack("A7")))
        assert catalogue.is_recalled(Product(Gtin(int(A)), pack=Pack("A8", "S-1/2")))
        assert not catalogue.is_recalled(Product(Gtin(int(A)), pack=Pack("A8")))
    assert bring(db, tmp_path, HEADER) == 0, "the recall is over"
    sync()
    with Catalogue.open(lane) as catalogue:
        assert not catalogue.is_recalled(Product(Gtin(int(A)), pack=Pack("A7")))


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("gtin,batch\n", "row 1: expected the columns gtin,batch,serial"),
        (f"{HEADER}{A}\n", "row 2: expected 3 fields"),
        (f"{HEADER}{A},,\n{A[:-1]}2,,\n", "row 3, column gtin: expected the number of a product"),
        (f"{HEADER},A7,\n", "row 2, column gtin: expected the number of a product, not ''"),
        (f"{HEADER}{A},{'A' * 21},\n", "row 2, column batch: expected at most 20"),
        (f"{HEADER}{A},,S 1\n", "row 2, column serial: expected at most 20"),
    ],
)
def test_a_wrong_list_is_refused_and_the_old_one_stays(
    db: str, tmp_path: Path, text: str, words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert bring(db, tmp_path, f"{HEADER}{A},A7,\n") == 0
    assert bring(db, tmp_path, text) == 2
    error = capsys.readouterr().err
    assert words in error and "recalls.csv" in error
    assert held(db) == (Recall(Gtin(int(A)), "A7"),)
