"""What a shop says of its goods besides selling them, and what it suggests: from its list to the lane's price page."""

from pathlib import Path

import msgspec
import pytest
from sqlalchemy import Engine

from kiosk.catalogue import Catalogue, Intake
from kiosk.checkout.about import Facts
from kiosk.units import ItemId
from store.database import open_database
from store.feed import catalogue_page
from store.importing.load import Report, import_file
from store.importing.mapping import ImportingError
from store.importing.suggestions import import_suggestions

HEADER = "gtin,name,department,quantity,unit,price,tax,groups,allergens,traces,place,highlights,stock"
MILK = "11,Whole milk,dairy,1,l,1.25,R,milk,milk,nuts|soy,Aisle 4,Organic,12"
CHEAP = "12,Plain milk,dairy,1,l,0.99,R,milk,none,,,,"
BASIL = "13,Basil in a pot,plants,,,1.79,R,herbs,,,Aisle 1,,0"


@pytest.fixture
def engine(tmp_path: Path) -> Engine:
    return open_database(f"sqlite:///{tmp_path / 'store.db'}")


def bring(engine: Engine, folder: Path, *rows: str, header: str = HEADER) -> Report:
    path = folder / "list.csv"
    path.write_text("\n".join([header, *rows]) + "\n", encoding="utf-8")
    return import_file(engine, path)


def lane(engine: Engine, folder: Path) -> Catalogue:
    """The lane's copy, brought up to date."""
    intake = Intake(folder / "lane.db")
    wanted = intake.wanted()
    with engine.connect() as db:
        page = catalogue_page(db, "", wanted.source, wanted.since, 0, ItemId(0))
    intake.take(msgspec.json.encode(page))
    intake.close()
    return Catalogue.open(folder / "lane.db")


def test_from_the_list_to_the_price_page(engine: Engine, tmp_path: Path) -> None:
    bring(engine, tmp_path, MILK, CHEAP, BASIL)
    with lane(engine, tmp_path) as here:
        milk, cheap = here.item(ItemId(1)), here.item(ItemId(2))
        assert milk is not None and cheap is not None
        about = here.about(milk, "1999-01-01")
        facts = about.facts
        assert (facts.allergens, facts.traces) == (("milk",), ("nuts", "soy"))
        assert (facts.place, facts.highlights, facts.stock) == ("Aisle 4", "Organic", 12)
        assert not about.counted_today
        assert here.about(milk, facts.counted).counted_today
        assert [other.name for other in about.others] == ["Plain milk"]
        assert here.about(cheap, "1999-01-01").facts == Facts(allergens=()), "none of them is an answer"


def test_what_the_list_does_not_say_is_not_known(engine: Engine, tmp_path: Path) -> None:
    bring(engine, tmp_path, "11,Peas,tins,,,1.25,R", header="gtin,name,department,quantity,unit,price,tax")
    with lane(engine, tmp_path) as here:
        peas = here.item(ItemId(1))
        assert peas is not None and here.about(peas, "2026-01-01").facts == Facts()


def test_a_list_without_facts_leaves_them_and_one_with_other_facts_brings_them(
    engine: Engine, tmp_path: Path
) -> None:
    bring(engine, tmp_path, MILK)
    lane(engine, tmp_path).close()
    assert bring(engine, tmp_path, MILK).same == 1
    plain = "11,Whole milk,dairy,1,l,1.29,R,milk"
    assert bring(engine, tmp_path, plain, header=HEADER.split(",allergens")[0]).changed == 1
    with lane(engine, tmp_path) as here:
        milk = here.item(ItemId(1))
        assert milk is not None and milk.price == 129
        assert here.about(milk, "2026-01-01").facts.stock == 12
    assert bring(engine, tmp_path, plain + ",milk,,Aisle 5,,7").changed == 1
    with lane(engine, tmp_path) as here:
        assert here.about(milk, "2026-01-01").facts.place == "Aisle 5"


@pytest.mark.parametrize(
    ("row", "column"),
    [
        ("11,Milk,,,,1.25,R,,lactose,,,,", "allergens"),
        ("11,Milk,,,,1.25,R,,,milk|,,,", "traces"),
        ("11,Milk,,,,1.25,R,,,,,,-1", "stock"),
        (f"11,Milk,,,,1.25,R,,,,{'x' * 61},,", "place"),
    ],
)
def test_what_is_no_fact_is_refused(engine: Engine, tmp_path: Path, row: str, column: str) -> None:
    (remark,) = bring(engine, tmp_path, row).rejects
    assert remark.column == column


def test_a_file_from_before_there_were_facts_is_read_on(engine: Engine, tmp_path: Path) -> None:
    import sqlite3

    bring(engine, tmp_path, MILK)
    lane(engine, tmp_path).close()
    old = sqlite3.connect(tmp_path / "lane.db")
    old.execute("DROP TABLE facts")
    old.commit()
    old.close()
    with lane(engine, tmp_path) as here:
        milk = here.item(ItemId(1))
        assert milk is not None and here.about(milk, "2026-01-01").facts == Facts()


# ---- what goes with it


def rules(engine: Engine, folder: Path, text: str) -> int:
    path = folder / "rules.json"
    path.write_text(text)
    return import_suggestions(engine, path)


def test_the_first_rule_that_fits_and_what_sells_most_else(engine: Engine, tmp_path: Path) -> None:
    header = HEADER + ",rank"
    bring(engine, tmp_path, MILK + ",0", CHEAP + ",5", BASIL + ",9", header=header)
    assert rules(engine, tmp_path, """[
        {"id": "basil", "with": ["milk"], "without": ["12"], "offer": "13", "text": {"en": "Green with white."}},
        {"id": "top"}
    ]""") == 2  # fmt: skip
    with lane(engine, tmp_path) as here:
        milk, cheap, basil = (here.item(ItemId(n)) for n in (1, 2, 3))
        assert milk is not None and cheap is not None and basil is not None
        offer = here.offer((milk,))
        assert offer is not None and (offer.item, offer.place) == (basil, "Aisle 1")
        assert offer.text == {"en": "Green with white."}
        best = [
            here.offer(basket) for basket in ((milk, cheap), (milk, basil), (basil,), (milk, cheap, basil))
        ]
        assert [one and one.item.name for one in best] == ["Basil in a pot", "Plain milk", "Whole milk", None]


def test_without_rules_nothing_is_suggested(engine: Engine, tmp_path: Path) -> None:
    bring(engine, tmp_path, MILK)
    with lane(engine, tmp_path) as here:
        milk = here.item(ItemId(1))
        assert milk is not None and here.offer((milk,)) is None


@pytest.mark.parametrize(
    "text", ['[{"id": "a", "offer": "99"}]', '[{"id": "a", "with": ["99"]}]', '[{"no": 1}]', "{"]
)
def test_rules_that_lead_nowhere_are_refused_whole(engine: Engine, tmp_path: Path, text: str) -> None:
    bring(engine, tmp_path, MILK)
    assert rules(engine, tmp_path, '[{"id": "top"}]') == 1
    with pytest.raises(ImportingError):
        rules(engine, tmp_path, text)
    with lane(engine, tmp_path) as here:
        milk = here.item(ItemId(1))
        assert milk is not None and here.offer(()) is not None
