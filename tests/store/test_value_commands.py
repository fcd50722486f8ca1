"""`store value`, `alarms`, `handover` and `shop`, as a person calls them."""

import io
from pathlib import Path

import pytest
from msgspec import json

from kiosk.barcode.digits import is_luhn
from kiosk.wire import ReserveValue, ValueDecision
from store import handovers, receipts, value
from store.commands import main
from store.commands_value import DIGITS, drawn
from store.database import open_database, value_salt, writing
from store.lanes import Lane
from tests.store.test_refunds import basket

LANE = Lane("0001", "1")


@pytest.fixture
def db(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path / 'store.db'}"


def run(db: str, *words: str) -> int:
    return main([*words, "--db", db])


def test_a_gift_card_is_issued_reserved_listed_and_released(
    db: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert run(db, "value", "issue", "gift_card", "50", "--by", "Sam") == 0
    number = capsys.readouterr().out.strip()
    assert number.startswith("GC")
    assert len(number) == 2 + DIGITS
    engine = open_database(db)
    salt = value_salt(engine)
    with writing(engine) as there:
        asked = ReserveValue("j-1-1", "gift_card", 1234, "EUR", number)
        value.reserve(there, salt, LANE, asked, 1)
    assert run(db, "value", "list") == 0
    assert capsys.readouterr().out.startswith(
        f"j-1-1 lane 1 gift_card …{number[-4:]} 12.34 EUR reserved for "
    )
    assert run(db, "value", "show", "j-1-1") == 0
    assert '"state": "reserved"' in capsys.readouterr().out
    assert run(db, "value", "release", "j-1-1", "--by", "Kim") == 0
    assert run(db, "value", "release", "j-1-1", "--by", "Kim") == 2
    assert "j-1-1: it is cancelled" in capsys.readouterr().err
    monkeypatch.setattr("sys.stdin", io.StringIO(f"{number}\n"))
    assert run(db, "value", "show") == 0
    assert capsys.readouterr().out.splitlines() == [
        f"gift_card …{number[-4:]} 50.00 EUR left",
        "  issue 50.00  Sam",
        "  reserve -12.34 j-1-1",
        "  release 12.34 j-1-1 Kim",
    ]


def test_what_does_not_fit_is_listed_until_somebody_has_seen_to_it(
    db: str, capsys: pytest.CaptureFixture[str]
) -> None:
    engine = open_database(db)
    with writing(engine) as there:
        value.reserve(there, b"salt", LANE, ReserveValue("j-1-1", "wallet", 1234, "EUR"), 1)
        value.release(there, "j-1-1", "Kim", 1)
        value.commit(there, LANE, ValueDecision("j-1-1", "commit", "wallet", 1234), 2)
    assert run(db, "alarms", "list") == 0
    shown = capsys.readouterr().out.splitlines()
    assert ["value_released" in shown[0], "commit after it was cancelled (released)" in shown[1]] == [
        True,
        True,
    ]
    assert run(db, "alarms", "clear", "2", "--by", "Kim") == 0
    assert run(db, "alarms", "clear", "2", "--by", "Kim") == 2
    assert run(db, "alarms", "list") == 0
    assert len(capsys.readouterr().out.splitlines()) == 1


def test_a_number_from_outside_comes_by_standard_input(
    db: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("CARD-0001-0002\n"))
    assert run(db, "value", "issue", "gift_card", "25,50", "--number", "-", "--by", "Sam") == 0
    assert capsys.readouterr().out == "…0002\n"
    for amount in ("1.234", "1..2", "x", "", "0", "٣"):
        assert run(db, "value", "issue", "gift_card", amount, "--by", "Sam") == 2


def test_vouchers_are_imported_all_or_none(
    db: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "vouchers.csv"
    rows = "number,value,machine,day\n99123456789,3.25,M7,2026-05-14\n99123456790,0.15,M7,2026-05-14\n"
    path.write_text(rows)
    assert run(db, "value", "import", "deposit_voucher", str(path), "--by", "M7") == 0
    assert capsys.readouterr().out == "vouchers.csv: 2 of deposit_voucher\n"
    path.write_text(rows + "99123456791,1.00,M7,2026-05-14\n")
    assert run(db, "value", "import", "deposit_voucher", str(path), "--by", "M7") == 2
    assert "the deposit_voucher …6789 has been issued already" in capsys.readouterr().err
    path.write_text("number,value\n99123456791,1.00\n99123456792,one\n")
    assert run(db, "value", "import", "deposit_voucher", str(path), "--by", "M7") == 2
    assert "vouchers.csv, row 3, column value: expected an amount as 12.34" in capsys.readouterr().err
    path.write_text("serial\n1\n")
    assert run(db, "value", "import", "deposit_voucher", str(path), "--by", "M7") == 2
    assert "no column number" in capsys.readouterr().err


def test_a_drawn_number_is_never_taken_for_a_payment_card() -> None:
    numbers = {drawn("") for _ in range(200)}
    assert len(numbers) == 200
    assert not any(is_luhn(number) for number in numbers)


def test_a_basket_is_shown_and_taken_over_once(db: str, capsys: pytest.CaptureFixture[str]) -> None:
    engine = open_database(db)
    with writing(engine) as there:
        handovers.keep(there, LANE, basket())
    assert run(db, "handover", "list") == 0
    assert capsys.readouterr().out.startswith("b1 lane 1 3.98 EUR ")
    assert run(db, "handover", "show", "b1") == 0
    assert capsys.readouterr().out == "1 × Tinned peas 3.98\n3.98 EUR to pay\n"
    assert run(db, "handover", "take", "b1", "--by", "Sam") == 0
    assert run(db, "handover", "take", "b1", "--by", "Kim") == 2
    assert "b1: Sam has taken it over at the server" in capsys.readouterr().err
    assert run(db, "handover", "show", "b1") == 0
    assert capsys.readouterr().out.endswith("3.98 EUR to pay, taken over by Sam\n")
    assert run(db, "handover", "show", "b1", "--json") == 0
    assert json.decode(capsys.readouterr().out)["by"] == "Sam"
    for word in ("show", "take"):
        assert run(db, "handover", word, "b2", *(["--by", "Sam"] if word == "take" else [])) == 2


def test_receipts_name_the_shop_as_its_kiosks_do(db: str, tmp_path: Path) -> None:
    path = tmp_path / "kiosk.toml"
    path.write_text(
        '[shop]\nname = "Tilleul"\naddress = ["1 rue"]\ncurrency = "EUR"\ntimezone = "Europe/Paris"\n'
    )
    assert run(db, "shop", str(path)) == 0
    path.write_text('[shop]\nname = "Tilleul Gare"\n')
    assert run(db, "shop", str(path), "--store", "0002", "--receipt-days", "30") == 0
    with open_database(db).connect() as there:
        assert [receipts.shop(there, store).name for store in ("0001", "0002")] == ["Tilleul", "Tilleul Gare"]
        assert receipts.days(there) == 30
    path.write_text("[shop]\nname = 5\n")
    assert run(db, "shop", str(path)) == 2


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (["--wallet", "http://127.0.0.1:1"], "--wallet needs --wallet-key FILE"),
        (["--smtp", "nowhere"], "--smtp: expected HOST:PORT"),
    ],
)
def test_what_serve_needs_is_said(
    db: str, capsys: pytest.CaptureFixture[str], words: list[str], why: str
) -> None:
    assert run(db, "serve", "--plain", *words) == 2
    assert why in capsys.readouterr().err
