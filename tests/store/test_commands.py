"""The command `store`, as a person calls it."""

import csv
from pathlib import Path

import pytest

from store.commands import is_loopback, main
from store.database import open_database
from store.intake import sale_delivery, store_all
from store.lanes import Doorkeeper, Lane
from store.tls import own_certificate, pin_of
from tests.shop import as_json, sale


@pytest.fixture
def db(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path / 'store.db'}"


def test_a_lanes_token_is_printed_once_and_kept_as_a_hash(
    db: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["lane", "add", "4", "--store", "0187", "--db", db]) == 0
    token = capsys.readouterr().out.strip()
    engine = open_database(db)
    assert Doorkeeper(engine).lane_of(token) == Lane("0187", "4")
    assert Doorkeeper(engine).lane_of(token + "x") is None
    assert token.encode() not in b"".join(path.read_bytes() for path in tmp_path.iterdir())
    assert main(["--db", db, "lane", "close", "4", "--reason", "cleaning"]) == 0
    assert main(["lane", "list", "--db", db]) == 0
    assert capsys.readouterr().out == "0187 4 never seen (asked to close: cleaning)\n"
    assert main(["lane", "open", "4", "--db", db]) == 0
    assert main(["lane", "add", "4", "--db", db]) == 0
    assert Doorkeeper(engine).lane_of(token) is None
    assert main(["lane", "remove", "4", "--db", db]) == 0
    assert main(["lane", "remove", "4", "--db", db]) == 2
    assert "store 0187 has no lane 4" in capsys.readouterr().err


def test_plain_http_is_refused_where_others_can_reach_it(db: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["serve", "--plain", "--host", "0.0.0.0", "--db", db]) == 2
    assert "--plain is refused on 0.0.0.0" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("host", "is_so"),
    [
        ("127.0.0.1", True),
        ("127.9.9.9", True),
        ("::1", True),
        ("localhost", True),
        ("0.0.0.0", False),
        ("shop", False),
    ],
)
def test_loopback_is_known(host: str, is_so: bool) -> None:
    assert is_loopback(host) is is_so


def test_an_import_tells_what_became_of_the_rows(
    db: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path, rejects = tmp_path / "list.csv", tmp_path / "rejects.csv"
    path.write_text("gtin,name,price,tax\n1,Peas,1.99,R\n2,,1.99,R\n8E+12,Beans,,R\n")
    assert main(["import", str(path), "--dry-run", "--db", db]) == 1
    assert capsys.readouterr().out.startswith("would be: list.csv: 3 rows: 2 imported (2 new")
    assert main(["import", str(path), "--rejects", str(rejects), "--db", db]) == 1
    assert list(csv.reader(rejects.read_text().splitlines())) == [
        ["row", "column", "reason", "rejected"],
        ["3", "name", "expected something, it is empty", "yes"],
        ["4", "gtin", "'8E+12' is no number of at most 14 digits: imported without it", "no"],
    ]
    assert main(["import", str(tmp_path / "none.csv"), "--db", db]) == 2
    assert "none.csv: No such file" in capsys.readouterr().err
    path.write_text("gtin,name,price,tax\n1,Peas,1.99,R\n")
    assert main(["import", str(path), "--db", db]) == 0


def test_small_lists_and_the_demo_have_commands(
    db: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["demo-data", db]) == 0
    assert main(["lane", "add", "4", "--db", db]) == 0
    staff = tmp_path / "staff.csv"
    staff.write_text("person,name,role,pin\n1,Sam,attendant,1\n")
    assert main(["staff", "import", str(staff), "--db", db]) == 2
    assert "row 2, column pin: expected 4 to 12 digits" in capsys.readouterr().err
    engine = open_database(db)
    with engine.begin() as there:
        store_all(there, [sale_delivery(sale("s1", 2468), as_json(sale("s1", 2468)))])
    assert main(["sales", "--db", db]) == 0
    assert capsys.readouterr().out == "0001 1 1 24.68 EUR s1\n"
    assert main(["sales", "--json", "--db", db]) == 0
    assert '"total": 2468' in capsys.readouterr().out


def test_a_database_that_is_not_there_is_an_error_not_a_trace(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["lane", "list", "--db", "sqlite:////nowhere/at/all.db"]) == 2
    assert "unable to open database file" in capsys.readouterr().err


def test_the_key_is_made_once_and_for_its_owner_only(tmp_path: Path) -> None:
    first = own_certificate(tmp_path / "keys")
    assert first[1].stat().st_mode & 0o777 == 0o600
    pin = pin_of(first[0])
    assert pin.startswith("sha256/")
    assert pin_of(own_certificate(tmp_path / "keys")[0]) == pin
