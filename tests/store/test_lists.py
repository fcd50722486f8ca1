"""Staff, promotions, taxes: whole or not at all."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import argon2
import pytest
from sqlalchemy import Engine

from kiosk.loop import pins
from kiosk.pricing import ExpiryMarkdown, Tier
from kiosk.units import Rate
from kiosk.wire import Tax, Terms, peppered
from store import demo
from store.database import open_database
from store.feed import terms
from store.importing import lists
from store.importing.load import import_file
from store.importing.mapping import ImportingError


@pytest.fixture
def engine(tmp_path: Path) -> Engine:
    return open_database(f"sqlite:///{tmp_path / 'store.db'}")


def held(engine: Engine) -> Terms:
    with engine.connect() as db:
        return terms(db)


def test_a_pin_is_kept_as_a_hash_that_the_lane_can_compare(engine: Engine, tmp_path: Path) -> None:
    path = tmp_path / "staff.csv"
    path.write_text("person,name,role,pin\n1204,Sam,attendant,482917\n9001,Karim,technician,316042\n")
    lists.import_staff(engine, path, b"salt and pepper")
    sam, karim = held(engine).staff
    assert (sam.person, sam.name, sam.role, karim.role) == ("1204", "Sam", "attendant", "technician")
    assert "482917" not in sam.pin_hash
    assert argon2.PasswordHasher().verify(sam.pin_hash, peppered("482917", b"salt and pepper"))
    path.write_text("person,name,role,pin\n1204,Samira,technician,\n")
    lists.import_staff(engine, path)
    assert [(c.name, c.pin_hash) for c in held(engine).staff] == [("Samira", sam.pin_hash)]


def test_loop_and_server_pepper_alike() -> None:
    assert pins.peppered("1234", b"pepper") == peppered("1234", b"pepper")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("person,name,pin\n", "row 1: expected the columns person,name,role,pin"),
        ("person,name,role,pin\n12,Sam,attendant\n", "row 2: expected 4 fields"),
        ("person,name,role,pin\n12,Sam,attendant,12\n", "row 2, column pin: expected 4 to 12 digits"),
        ("person,name,role,pin\n12,Sam,attendant,\n", "row 2, column pin"),
        ("person,name,role,pin\nx,Sam,attendant,1234\n", "row 2, column person: expected digits"),
        ("person,name,role,pin\n12,Sam,boss,1234\n", "row 2, column role: expected attendant or technician"),
        (
            "person,name,role,pin\n1,A,attendant,1234\n1,B,attendant,1234\n",
            "row 3, column person: 1 is there",
        ),
    ],
)
def test_a_wrong_staff_list_is_refused(engine: Engine, tmp_path: Path, text: str, words: str) -> None:
    path = tmp_path / "staff.csv"
    path.write_text(text)
    with pytest.raises(ImportingError) as error:
        lists.import_staff(engine, path)
    assert str(path) in str(error.value)
    assert words in str(error.value)
    assert held(engine).staff == ()


def offer(**more: Any) -> list[dict[str, Any]]:
    promotion = {"type": "buy_n_pay_m", "id": "P1", "n": 3, "m": 2, "groups": ["g"]}
    return [{"promotion": promotion, **more}]


def test_promotions_name_goods_by_code(engine: Engine, tmp_path: Path) -> None:
    (tmp_path / "goods.csv").write_text("gtin,name,price,tax\n4006381333931,Peas,1.99,R\n")
    import_file(engine, tmp_path / "goods.csv")
    path = tmp_path / "offers.json"
    path.write_text(json.dumps(offer(codes=["4006381333931"], valid_from="2026-05-01")))
    assert lists.import_promotions(engine, path) == 1
    (dated,) = held(engine).promotions
    assert dated.promotion.items == (1,)  # type: ignore[union-attr]
    assert (dated.valid_from, dated.valid_to) == ("2026-05-01", None)


@pytest.mark.parametrize(
    ("written", "words"),
    [
        (offer(codes=["99"]), "$[0].codes[0]: expected the code of a product that is there, not '99'"),
        (offer() + offer(), "promotion 'P1' is there twice"),
        (offer(valid_from="2026-02-30"), "$[0].valid_from: expected a day"),
        (offer(valid_from="2026-03-02", valid_to="2026-03-01"), "valid_from 2026-03-02 is after"),
        (offer(price=3), "unknown field `price` - at `$[0]`"),
        ([{"promotion": {"type": "gift", "id": "P1"}}], "$[0].promotion"),
        ([{"promotion": {"type": "buy_n_pay_m", "id": "P1", "n": 2, "m": 2}}], "`m` must be less than `n`"),
    ],
)
def test_a_wrong_promotion_is_refused(engine: Engine, tmp_path: Path, written: object, words: str) -> None:
    path = tmp_path / "offers.json"
    path.write_text(json.dumps(written))
    with pytest.raises(ImportingError) as error:
        lists.import_promotions(engine, path)
    assert words in str(error.value)
    assert held(engine).promotions == ()


def test_a_markdown_by_days_left_comes_with_the_promotions(engine: Engine, tmp_path: Path) -> None:
    tiers = [{"max_days": 0, "pct": 500_000}, {"max_days": 2, "pct": 300_000}]
    promotion = {"type": "expiry_markdown", "id": "SHORT", "label": "Short date", "tiers": tiers}
    path = tmp_path / "offers.json"
    path.write_text(json.dumps([{"promotion": {**promotion, "groups": ["fresh"]}}]))
    assert lists.import_promotions(engine, path) == 1
    (dated,) = held(engine).promotions
    markdown = ExpiryMarkdown(
        id="SHORT",
        label="Short date",
        tiers=(Tier(0, Rate(500_000)), Tier(2, Rate(300_000))),
        groups=("fresh",),
    )
    assert dated.promotion == markdown


def rates(*written: dict[str, Any], **more: Any) -> str:
    return json.dumps(
        {"jurisdictions": {"FR": {"currency": "EUR", "minor_unit": 2, "rates": written, **more}}}
    )


def test_rates_have_their_days(engine: Engine, tmp_path: Path) -> None:
    path = tmp_path / "tax.json"
    path.write_text(
        rates(
            {"code": "N", "percent": "7.7", "valid_from": "2018-01-01", "valid_to": "2023-12-31"},
            {
                "code": "N",
                "percent": "8.875",
                "valid_from": "2024-01-01",
                "valid_to": None,
                "label": "normal",
            },
        )
    )
    assert lists.import_taxes(engine, path, "FR") == 2
    old, new = held(engine).taxes
    assert (old.tax, old.valid_to) == (Tax("N", Rate(77_000)), "2023-12-31")
    assert (new.tax, new.valid_to) == (Tax("N", Rate(88_750)), None)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("{", "truncated"),
        (rates({"code": "N"}), "percent"),
        (rates({"code": "N", "percent": "20 %"}), "percent"),
        (
            rates({"code": "N", "percent": "20"}, {"code": "N", "percent": "19", "valid_from": "2020-01-01"}),
            "two rates of N",
        ),
        (rates({"code": "N", "percent": "20", "valid_from": "2020-13-01"}), "valid_from: expected a day"),
        (rates(currency="euro"), "currency"),
        (
            json.dumps({"jurisdictions": {"DE": {"currency": "EUR", "minor_unit": 2, "rates": []}}}),
            "'FR' among DE",
        ),
    ],
)
def test_a_wrong_tax_table_is_refused(engine: Engine, tmp_path: Path, text: str, words: str) -> None:
    path = tmp_path / "tax.json"
    path.write_text(text)
    with pytest.raises(ImportingError) as error:
        lists.import_taxes(engine, path, "FR")
    assert words in str(error.value)
    assert held(engine).taxes == ()


def test_the_workshops_tax_file_comes_in(engine: Engine, shared: Path) -> None:
    for jurisdiction in json.loads((shared / "data" / "tax.json").read_text())["jurisdictions"]:
        assert lists.import_taxes(engine, shared / "data" / "tax.json", jurisdiction) > 1


@pytest.mark.parametrize("importer", [lists.import_staff, lists.import_promotions, lists.import_members])
def test_a_missing_file_is_named(
    engine: Engine, tmp_path: Path, importer: Callable[[Engine, Path], int]
) -> None:
    with pytest.raises(ImportingError, match=r"nothing\.here: No such file"):
        importer(engine, tmp_path / "nothing.here")


def test_the_demonstration_shop_loads_twice(engine: Engine) -> None:
    first, second = demo.load(engine), demo.load(engine)
    assert "205 new" in first
    assert "0 new, 0 changed, 205 as they were" in second
    assert "0 rejected; 10 promotions, 3 colleagues, 3 members" in first
