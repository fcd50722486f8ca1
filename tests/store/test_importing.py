"""Lists of goods: every row is in, or comes back with the reason."""

import csv
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Engine, func, select

from kiosk.units import ItemId
from kiosk.wire import Entry
from store.database import open_database
from store.feed import catalogue_page
from store.importing.load import Report, import_file
from store.importing.mapping import OUR_OWN, ImportingError, built_in, load_mapping
from store.importing.rows import Reader, RowError
from store.tables import catalogue, codes, items, prices

HEADER = "gtin,plu,name,quantity,unit,price,special_price,sold_by,tax,rank"
PEAS = "4006381333931,,Peas,0.4,kg,1.99,,each,R,"


@pytest.fixture
def engine(tmp_path: Path) -> Engine:
    return open_database(f"sqlite:///{tmp_path / 'store.db'}")


def written(folder: Path, *rows: str, header: str = HEADER) -> Path:
    path = folder / "list.csv"
    path.write_text("\n".join([header, *rows]) + "\n", encoding="utf-8")
    return path


def brought(engine: Engine, folder: Path, *rows: str) -> Report:
    return import_file(engine, written(folder, *rows))


def fed(engine: Engine, store: str = "") -> list[Entry]:
    with engine.connect() as db:
        return list(catalogue_page(db, store, "", 0, 0, ItemId(0), 10_000).entries)


def adds_up(report: Report) -> bool:
    return report.rows == report.new + report.changed + report.same + len(report.rejects)


def test_a_row_becomes_an_item_with_its_code_price_and_price_per_kilogram(
    engine: Engine, tmp_path: Path
) -> None:
    report = brought(engine, tmp_path, PEAS)
    assert (report.new, report.rejects) == (1, [])
    (entry,) = fed(engine)
    assert entry.codes == (4006381333931,)
    assert (entry.item.name, entry.item.price, entry.item.tax) == ("Peas", 199, "R")
    assert (entry.item.content, entry.item.per_unit) == ("400 g", (498, "kg"))


@pytest.mark.parametrize(
    ("row", "column", "words"),
    [
        (",,,0.4,kg,1.99,,each,R,", "name", "it is empty"),
        (",,  \t,0.4,kg,1.99,,each,R,", "name", "it is empty"),
        (f",,{'x' * 201},,,1.99,,each,R,", "name", "at most 200 characters"),
        (",,Peas,0.4,kg,1.999,,each,R,", "price", "at most 2 decimals"),
        (",,Peas,0.4,kg,0.00,,each,R,", "price", "an amount above 0"),
        (",,Peas,0.4,kg,-1.00,,each,R,", "price", "an amount above 0"),
        (",,Peas,0.4,kg,1e3,,each,R,", "price", "a number like 1.99"),
        (",,Peas,0.4,kg,free,,each,R,", "price", "a number like 1.99"),
        (',,Peas,0.4,kg,"1,99",,each,R,', "price", "a number like 1.99"),
        (",,Peas,0.4,kg,٣.99,,each,R,", "price", "a number like 1.99"),
        (",,Peas,0.4,kg,1.99,x,each,R,", "special_price", "a number like 1.99"),
        (",,Peas,some,kg,1.99,,each,R,", "quantity", "a number like 1.99"),
        (",,Peas,-1,kg,1.99,,each,R,", "quantity", "a quantity above 0"),
        (",,Peas,0.4,bags,1.99,,each,R,", "unit", "expected one of kg"),
        (",,Peas,0.4,,1.99,,each,R,", "unit", "expected one of kg"),
        (",,Peas,0.4,kg,1.99,,dozen,R,", "sold_by", "each, kg, not 'dozen'"),
        (",,Peas,0.4,kg,1.99,,each,,", "tax", "it is empty"),
        (",12,Bananas,,,1.99,,kg,R,", "plu", "from 3000 to 99999"),
        (",4o11,Bananas,,,1.99,,kg,R,", "plu", "from 3000 to 99999"),
        (",,Peas,0.4,kg,1.99,,each,R,first", "rank", "a whole number"),
        (",,Peas,0.4,kg,1.99,,each", "", "expected 10 fields, not 8"),
    ],
)
def test_a_bad_row_comes_back_with_column_and_reason(
    engine: Engine, tmp_path: Path, row: str, column: str, words: str
) -> None:
    report = brought(engine, tmp_path, PEAS, row)
    (reject,) = report.rejects
    assert (reject.row, reject.column) == (3, column)
    assert words in reject.reason
    assert report.new == 1
    assert adds_up(report)


def test_synonyms_and_names_of_all_languages_come_to_the_lane(engine: Engine, tmp_path: Path) -> None:
    languages = ("ar", "de", "es", "fr", "he", "hi", "it", "ja", "nl", "pl", "pt", "ru", "tr", "uk", "zh")
    header = "plu,name,synonyms,tax," + ",".join(f"name_{language}" for language in languages)
    row = "4081,Aubergine,eggplant | brinjal,R," + ",".join(languages)
    import_file(engine, written(tmp_path, row, header=header))
    (entry,) = fed(engine)
    assert entry.item.synonyms == ("eggplant", "brinjal")
    assert entry.item.names == {language: language for language in languages}
    assert entry.codes == ()


def test_a_missing_price_never_becomes_nothing(engine: Engine, tmp_path: Path) -> None:
    brought(engine, tmp_path, "1,,Only special,,,,1.49,each,R,", "2,,No price,,,,,each,R,")
    special, unpriced = fed(engine)
    assert special.item.price == 149
    assert unpriced.item.price is None
    assert unpriced.item.price_per_kg is None
    with engine.connect() as db:
        (row,) = db.execute(select(prices))
    assert (row.price, row.special) == (None, 149)


def test_codes_are_taken_as_they_stand_on_the_label(engine: Engine, tmp_path: Path) -> None:
    report = brought(
        engine,
        tmp_path,
        "4006381333932,,Wrong check digit,,,1,,each,R,",
        "00000000000003429145,,Twenty digits,,,1,,each,R,",
        "877448001674,,Lost zeros,,,1,,each,R,",
        "8.71E+12,,Through a spreadsheet,,,1,,each,R,",
        "123456789012345,,Too long,,,1,,each,R,",
        ",,None,,,1,,each,R,",
    )
    assert [entry.codes for entry in fed(engine)] == [
        (4006381333932,),
        (3429145,),
        (877448001674,),
        (),
        (),
        (),
    ]
    assert (report.new, report.without_code, report.rejects) == (6, 3, [])
    assert [(remark.row, remark.rejected) for remark in report.remarks] == [(5, False), (6, False)]
    assert "'8.71E+12' is no number" in report.remarks[0].reason


def test_the_same_product_twice_in_a_file_is_said(engine: Engine, tmp_path: Path) -> None:
    report = brought(
        engine, tmp_path, PEAS, PEAS.replace("Peas", "Beans"), ",,X,,,1,,each,R,", ",,X,,,2,,each,R,"
    )
    assert [(reject.row, reject.reason) for reject in report.rejects] == [
        (3, "the same product is on row 2 already"),
        (5, "the same product is on row 4 already"),
    ]
    assert adds_up(report)


def test_bringing_it_in_again_updates_and_sends_only_what_changed(engine: Engine, tmp_path: Path) -> None:
    rows = [PEAS, ",4011,Bananas,,,1.99,,kg,R,", ",,Loose nuts,,,5.00,,kg,R,"]
    brought(engine, tmp_path, *rows)
    again = brought(engine, tmp_path, *rows)
    assert (again.new, again.changed, again.same) == (0, 0, 3)
    rows[0] = rows[0].replace("1.99", "2.09")
    rows[1] = rows[1].replace("Bananas", "Ripe bananas")
    third = brought(engine, tmp_path, *rows)
    assert (third.new, third.changed, third.same) == (0, 2, 1)
    with engine.connect() as db:
        page = catalogue_page(db, "", *db.execute(select(catalogue.c.source)).one(), 2, 0, ItemId(0))
    assert [entry.item.name for entry in page.entries] == ["Peas", "Ripe bananas"]


def test_a_trial_changes_nothing(engine: Engine, tmp_path: Path) -> None:
    report = import_file(engine, written(tmp_path, PEAS), dry_run=True)
    assert report.new == 1
    assert fed(engine) == []


def test_what_is_not_in_a_whole_list_is_taken_out_of_sale(engine: Engine, tmp_path: Path) -> None:
    other = "4006381333948,,Beans,,,1.49,,each,R,"
    brought(engine, tmp_path, PEAS, other)
    report = import_file(engine, written(tmp_path, PEAS), whole=True)
    assert report.removed == 1
    with engine.connect() as db:
        source = db.execute(select(catalogue.c.source)).scalar_one()
        page = catalogue_page(db, "", source, 1, 0, ItemId(0))
    assert page.gone == (2,)
    brought(engine, tmp_path, other)
    assert [entry.codes for entry in fed(engine)] == [(4006381333931,), (4006381333948,)]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "row 1: expected a header"),
        ("name,colour\nPeas,green\n", "strange: colour"),
        ("name,name\nPeas,Peas\n", "'name' is there twice"),
        ("gtin,price\n1,2\n", "expected a column 'name'"),
        ('name,tax\n"Peas,R\n', "row 2"),
    ],
)
def test_a_file_that_cannot_be_read_says_where(engine: Engine, tmp_path: Path, text: str, words: str) -> None:
    path = tmp_path / "list.csv"
    path.write_text(text)
    with pytest.raises(ImportingError) as error:
        import_file(engine, path)
    assert str(path) in str(error.value)
    assert words in str(error.value)
    assert fed(engine) == []


def test_latin_1_is_refused_with_the_row(engine: Engine, tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    path.write_bytes("name,tax\nPeas,R\nPâté,R\n".encode("latin-1"))
    with pytest.raises(ImportingError, match=r"expected UTF-8"):
        import_file(engine, path)
    assert fed(engine) == []


def test_a_mapping_file_names_columns_constants_and_words(engine: Engine, tmp_path: Path) -> None:
    mapping = tmp_path / "m.toml"
    mapping.write_text(
        'what = "items"\ndelimiter = ";"\ndecimal = ","\nignore = ["Lager"]\n[columns]\nname = ["Kurz", "Lang"]\n'
        'price = "Preis"\nsold_by = "Art"\n[constant]\ntax = "N"\n[values.sold_by]\nStk = "each"\nKg = "kg"\n'
    )
    path = written(
        tmp_path,
        ";Lange Erbsen;1.000,50;Stk;3",
        "Nuss;;2,50;Kg;",
        "Öl;;1,00;Ltr;",
        header="Kurz;Lang;Preis;Art;Lager",
    )
    report = import_file(engine, path, load_mapping(mapping))
    assert [(e.item.name, e.item.price, e.item.price_per_kg) for e in fed(engine)] == [
        ("Lange Erbsen", 100050, None),
        ("Nuss", None, 250),
    ]
    (reject,) = report.rejects
    assert (reject.column, reject.reason) == ("Art", "expected one of Kg, Stk, not 'Ltr'")


@pytest.mark.parametrize(
    "text", ["what = 'x'", "what = 'items'\n[columns]\ncolour = 'c'", "what = 'items'\ncolumn = 1", "= 3"]
)
def test_a_wrong_mapping_names_the_key(tmp_path: Path, text: str) -> None:
    path = tmp_path / "m.toml"
    path.write_text(text)
    with pytest.raises(ImportingError, match=str(path)):
        load_mapping(path)


def test_prices_of_a_store_need_products_that_are_there(engine: Engine, tmp_path: Path) -> None:
    brought(engine, tmp_path, PEAS)
    header = "store,gtin,price,special_price,unit_price,lowest_30d"
    rows = [
        "0204,4006381333931,1.79,,,",
        "0530,4006381333931,,0.99,,1.49",
        "0901,4006381333931,,,,",
        "0204,5,1,,,",
        "0204,,1,,,",
    ]
    report = import_file(engine, written(tmp_path, *rows, header=header))
    assert [reject.row for reject in report.rejects] == [4, 5, 6]
    assert [fed(engine, store)[0].item.price for store in ("0204", "0530", "0901", "")] == [179, 99, 199, 199]


@pytest.mark.parametrize(
    ("name", "rows", "rejected", "without_code"),
    [
        ("price_list_hr", 8943, 1, 177),
        ("us_branded", 2482, 5, 0),
        ("world_names", 6191, 11, 268),
        ("plu", 1543, 4, 0),
    ],
)
def test_real_lists_come_in_row_for_row(
    engine: Engine, shared: Path, name: str, rows: int, rejected: int, without_code: int
) -> None:
    path = shared / "data" / "catalogue" / f"{name}.csv"
    report = import_file(engine, path)
    with path.open(encoding="utf-8", newline="") as file:
        assert report.rows == rows == sum(1 for _ in csv.DictReader(file))
    assert (len(report.rejects), report.without_code) == (rejected, without_code)
    assert adds_up(report)
    with engine.connect() as db:
        assert db.execute(select(func.count()).select_from(items)).scalar_one() == rows - rejected
        assert (
            db.execute(select(func.count()).select_from(prices).where(prices.c.price == 0)).scalar_one() == 0
        )


def test_real_prices_of_four_stores(engine: Engine, shared: Path) -> None:
    folder = shared / "data" / "catalogue"
    import_file(engine, folder / "price_list_hr.csv")
    report = import_file(engine, folder / "store_prices_hr.csv")
    assert (report.rows, report.new, len(report.rejects)) == (23053, 23052, 1)
    with engine.connect() as db:
        only_special = select(func.count()).select_from(prices).where(prices.c.price.is_(None))
        assert db.execute(only_special).scalar_one() == 1599
        stores = db.execute(select(prices.c.store).where(prices.c.store != "")).scalars()
        assert Counter(stores) == {"0530": 7526, "0204": 7177, "0901": 4440, "1601": 3909}
    again = import_file(engine, folder / "store_prices_hr.csv")
    assert (again.new, again.changed, again.same) == (0, 0, 23052)


def test_every_built_in_mapping_knows_its_columns() -> None:
    assert set(built_in()) == {"plu", "price_list_hr", "store_prices_hr", "us_branded", "world_names"}


@given(st.fixed_dictionaries({name: st.text(max_size=20) for name in HEADER.split(",")}))
def test_any_row_is_read_or_refused_with_a_column(row: dict[str, str]) -> None:
    try:
        product = Reader(OUR_OWN).product(row)
    except RowError as error:
        assert error.column in row
        assert error.reason
    else:
        assert product.item.name
        assert product.money.price is None or product.money.price > 0
        assert all(0 < code < 10**14 for code in product.codes)


def test_a_code_belongs_to_one_product(engine: Engine, tmp_path: Path) -> None:
    brought(engine, tmp_path, "11,,A,,,1,,each,R,", "22,,B,,,1,,each,R,")
    report = brought(engine, tmp_path, "11|22,,Both,,,1,,each,R,", "22|33,,B,,,1,,each,R,")
    assert [reject.reason for reject in report.rejects] == ["its codes belong to different products"]
    with engine.connect() as db:
        assert {row.gtin: row.item for row in db.execute(select(codes))} == {11: 1, 22: 2, 33: 2}
