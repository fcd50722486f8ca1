"""What the German tax office gets: every table, and sums that are the ledger's to the cent."""

import csv
import io
import sqlite3
import xml.etree.ElementTree as ET
from collections import defaultdict
from decimal import Decimal
from pathlib import Path
from random import Random
from zipfile import ZipFile
from zoneinfo import ZoneInfo

import msgspec
import pytest
from dsfinvk import validate
from msgspec.structs import replace

from kiosk.checkout.model import Line
from kiosk.checkout.money import TenderKind
from kiosk.checkout.records import Cancelled, DayEnded, Record, Refund, Signed
from kiosk.commands.fiscal import main
from kiosk.fiscal.dsfinv import TABLES, Shop, days, known, rows
from kiosk.fiscal.dsfinv.gdpdu import DTD
from kiosk.fiscal.dsfinv.positions import positions
from kiosk.fiscal.dsfinv.sheet import WAYS
from kiosk.fiscal.kassenbeleg import tax_key
from kiosk.fiscal.totals import taxes_of, totals
from kiosk.journal import Journal
from kiosk.journal.book import Commit
from kiosk.units import LineNo, Millis, Minor, SaleId
from tests.fiscal.shop import BREAD, START, WINE, closed, handed_over, random_day, refund_of, signature

SHOP = Shop(
    name="Lindenmarkt", street="Lindenallee 12", postcode="10115", city="Berlin", vat_id="DE123456789", till="0187-4"
)  # fmt: skip
ZONE = ZoneInfo("Europe/Berlin")
Tables = dict[str, list[dict[str, str]]]


def ended(day: int) -> DayEnded:
    return DayEnded(f"2026-11-{21 + day:02}", Millis(START + (day + 1) * 86_000_000))


def ledger(*per_day: list[Record]) -> list[tuple[int, object]]:
    lines = [record for day, records in enumerate(per_day) for record in (*records, ended(day))]
    return list(enumerate(lines, 1))


def exported(entries: list[tuple[int, object]]) -> list[Tables]:
    """The tables of each day, as text."""
    found = []
    for day in days(entries):
        tables: Tables = defaultdict(list)
        for row in rows(day, SHOP, ZONE, known(entries)):
            tables[row._filename].append(
                {name: value for name, value in row._data.items() if value is not None}
            )
        found.append(tables)
    return found


def number(text: str) -> Decimal:
    return Decimal(text.replace(",", "."))


def summed(table: list[dict[str, str]], by: tuple[str, ...], what: str) -> dict[tuple[str, ...], Decimal]:
    sums: dict[tuple[str, ...], Decimal] = defaultdict(Decimal)
    for row in table:
        sums[tuple(row[name] for name in by)] += number(row[what])
    return dict(sums)


@pytest.mark.parametrize("seed", range(12))
def test_the_sums_are_the_ledgers_and_those_of_the_single_records(seed: int) -> None:
    random = Random(seed)
    entries = ledger(*[random_day(random, 1 + 100 * day, random.randint(1, 20)) for day in range(3)])
    for day, tables in zip(days(entries), exported(entries), strict=True):
        sums = totals(record for _, record in day.records)
        of_key: dict[str, list[Decimal]] = defaultdict(lambda: [Decimal(0)] * 3)
        for tax in sums.taxes:
            key = str(tax_key(tax.code, tax.rate, {}))
            amounts = (tax.gross, tax.net, tax.vat)
            of_key[key] = [a + Decimal(b).scaleb(-2) for a, b in zip(of_key[key], amounts, strict=True)]
        cases = tables["businesscases.csv"]
        for place, column in enumerate(("Z_UMS_BRUTTO", "Z_UMS_NETTO", "Z_UST")):
            assert summed(cases, ("UST_SCHLUESSEL",), column) == {(k,): v[place] for k, v in of_key.items()}
        of_way: dict[tuple[str, ...], Decimal] = defaultdict(Decimal)
        for each in sums.tenders:
            of_way[WAYS[each.kind]] += Decimal(each.amount).scaleb(-2)
        assert summed(tables["payment.csv"], ("ZAHLART_TYP", "ZAHLART_NAME"), "Z_ZAHLART_BETRAG") == of_way
        (closing,) = tables["cashpointclosing.csv"]
        assert number(closing["Z_SE_ZAHLUNGEN"]) == Decimal(sums.gross).scaleb(-2)
        counted = {row["BON_ID"] for row in tables["transactions.csv"] if row["BON_TYP"] == "Beleg"}
        single = [row for row in tables["lines_vat.csv"] if row["BON_ID"] in counted]
        assert summed(single, ("UST_SCHLUESSEL",), "POS_NETTO") == summed(
            cases, ("UST_SCHLUESSEL",), "Z_UMS_NETTO"
        )


@pytest.mark.parametrize("seed", range(5))
def test_positions_come_to_what_each_receipt_says_by_code(seed: int) -> None:
    for record in random_day(Random(seed), 1, 30):
        if isinstance(record, Signed | Cancelled):
            continue
        found = positions(record)  # type: ignore[arg-type]
        for tax in taxes_of(record):  # type: ignore[arg-type]
            ours = [each for each in found if each.code == tax.code]
            assert sum(each.gross for each in ours) == tax.gross
            assert sum(each.net for each in ours) == tax.net
            assert all(each.gross == each.net + each.vat for each in ours)


SOLD = closed(voided=(Line(LineNo(6), WINE, qty=2),))
BACK = refund_of(SOLD, (4, 2))


@pytest.fixture(scope="module")
def one_of_each() -> Tables:
    """A day with a sale, a training sale, a basket left, one handed over, and part of the sale given back."""
    training = closed(number=44, training=True)
    left = Cancelled(SaleId("left"), Millis(START + 9_000_000), (Line(LineNo(1), BREAD),), Minor(345), by="7")
    handed = replace(handed_over(closed(number=45)), id=SaleId("handed"))
    signed = [Signed(SOLD.id, Millis(1), signature(1)), Signed(BACK.id, Millis(1), signature(2, out=True))]
    (tables,) = exported(ledger([SOLD, training, left, handed, BACK, *signed]))
    return tables


def test_each_kind_of_business_has_its_head(one_of_each: Tables) -> None:
    bons = {row["BON_ID"]: row for row in one_of_each["transactions.csv"]}
    assert [row["BON_TYP"] for row in bons.values()] == [
        "Beleg", "AVTraining", "AVBelegabbruch", "AVTransfer", "Beleg",
    ]  # fmt: skip
    assert bons["left"]["BEDIENER_ID"] == "7" and bons[SOLD.id]["BEDIENER_ID"] == "Selbstbedienung"
    assert bons["left"]["UMS_BRUTTO"] == "0,00" and bons[BACK.id]["UMS_BRUTTO"] == "-2,08"
    assert bons[BACK.id]["BON_NOTIZ"] == "damaged" and bons[BACK.id]["BON_STORNO"] == "0"
    assert bons[SOLD.id]["BON_START"] == "2026-11-21T17:50:00"
    (reference,) = one_of_each["references.csv"]
    assert (reference["REF_BON_ID"], reference["REF_Z_NR"], reference["REF_TYP"]) == (
        SOLD.id,
        "1",
        "Transaktion",
    )


def test_each_line_is_a_position_and_one_taken_out_again_is_two(one_of_each: Tables) -> None:
    lines = [row for row in one_of_each["lines.csv"] if row["BON_ID"] == SOLD.id]
    assert [(row["GV_TYP"], row["MENGE"], row["EINHEIT"], row["STK_BR"]) for row in lines] == [
        ("Umsatz", "3,000", "Stück", "1,89000"),
        ("Umsatz", "1,000", "Stück", "3,45000"),
        ("Umsatz", "1,408", "kg", "2,28693"),
        ("Umsatz", "6,000", "Stück", "0,79000"),
        ("Pfand", "6,000", "Stück", "0,25000"),
        ("Umsatz", "1,000", "Stück", "11,59000"),
        ("Umsatz", "2,000", "Stück", "11,59000"),
        ("Umsatz", "-2,000", "Stück", "11,59000"),
    ]
    assert [row["P_STORNO"] for row in lines] == ["0"] * 7 + ["1"]
    assert lines[0]["GTIN"] == "04006381333931" and lines[1]["WARENGR"] == "bakery"
    finding = [
        (row["TYP"], row["PF_BRUTTO"]) for row in one_of_each["itemamounts.csv"] if row["BON_ID"] == SOLD.id
    ]
    assert finding == [("base_amount", "5,67000"), ("discount", "-1,89000")]


def test_each_signature_stands_beside_its_receipt_and_an_outage_says_since_when(one_of_each: Tables) -> None:
    first, second = one_of_each["transactions_tse.csv"]
    assert (first["TSE_TANR"], first["TSE_TA_SIGZ"], first["TSE_ID"]) == ("1", "2", "1")
    assert second["TSE_TA_FEHLER"].startswith("TSE ausgefallen seit 2026-11-21T") and "TSE_TANR" not in second
    (device,) = one_of_each["tse.csv"]
    assert device["TSE_SERIAL"] == "ab" * 32 and device["TSE_SIG_ALGO"] == "ecdsa-plain-SHA256"
    rates = [(row["UST_SCHLUESSEL"], row["UST_SATZ"]) for row in one_of_each["vat.csv"]]
    assert rates == [("1", "19,00"), ("2", "7,00")]


def test_a_big_number_has_no_dots() -> None:
    many = closed((Line(LineNo(1), WINE, qty=1200),), number=4711)
    (tables,) = exported(ledger([many, Signed(many.id, Millis(1), signature(12_345))]))
    assert tables["transactions.csv"][0]["UMS_BRUTTO"] == "13903,00"
    assert tables["transactions.csv"][0]["BON_NR"] == "4711"
    assert tables["transactions_tse.csv"][0]["TSE_TANR"] == "12345"


def test_a_signature_that_came_after_the_closing_stands_beside_its_receipt() -> None:
    sale = closed()
    first, second = exported(ledger([sale], [Signed(sale.id, Millis(1), signature(7)), closed(number=43)]))
    assert first["transactions_tse.csv"][0]["TSE_TANR"] == "7"
    assert second["transactions_tse.csv"] == []


def test_a_refund_on_another_day_names_the_closing_of_the_sale() -> None:
    sale = closed()
    _, second = exported(ledger([sale], [refund_of(sale)]))
    (reference,) = second["references.csv"]
    assert (reference["REF_Z_NR"], reference["REF_Z_KASSE_ID"]) == ("1", "0187-4")
    assert second["transactions.csv"][0]["BON_STORNO"] == "1"


def test_what_is_not_closed_is_not_exported() -> None:
    assert len(list(days([*ledger([closed()]), (9, closed(number=43))]))) == 1


def journal_of(path: Path, entries: list[tuple[int, object]]) -> None:
    journal = Journal(path)
    for at, (_, record) in enumerate(entries):
        journal.commit(Commit(Millis(START + at), (), (record,))).result()  # type: ignore[arg-type]
    journal.close()


CONFIG = """
[lane]
store = "0187"
number = "4"
[shop]
name = "Lindenmarkt"
country = "DE"
timezone = "Europe/Berlin"
[fiscal.device]
model = "tse"
port = "socket://127.0.0.1:7300"
client = "0187-4"
[fiscal.company]
street = "Lindenallee 12"
postcode = "10115"
city = "Berlin"
vat_id = "DE123456789"
"""


def test_the_command_writes_what_the_packages_own_check_passes(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    random = Random(3)
    entries = ledger(*[random_day(random, 1 + 100 * day, 8) for day in range(3)])
    journal, config, out = tmp_path / "journal.db", tmp_path / "kiosk.toml", tmp_path / "out.zip"
    journal_of(journal, entries)
    config.write_text(CONFIG)
    span = ["--from", "2026-11-21", "--to", "2026-11-22"]
    assert main(["export", str(journal), str(out), "--config", str(config), *span]) == 0
    said = capsys.readouterr()
    assert said.out.count("as in the ledger's records") == 2 and "2026-11-23" not in said.out
    assert said.err.splitlines() == ["missing: the device's certificate (--certificate)"]
    assert validate.validate_zip(out) == []
    assert capsys.readouterr().out == ""  # its complaints about values
    with ZipFile(out) as archive:
        names = set(archive.namelist())
        assert names == {table._filename for table in TABLES} | {"index.xml", "gdpdu-01-08-2002.dtd"}
        assert archive.read("gdpdu-01-08-2002.dtd").decode() == DTD
        closings = list(
            csv.DictReader(io.StringIO(archive.read("cashpointclosing.csv").decode()), delimiter=";")
        )
        index = ET.fromstring(archive.read("index.xml"))
    assert [(row["Z_NR"], row["NAME"]) for row in closings] == [("1", "Lindenmarkt"), ("2", "Lindenmarkt")]
    assert len(index.findall("./Media/Table")) == 20
    assert main(["export", str(journal), str(out)]) == 2
    folder = tmp_path / "out"
    assert main(["export", str(journal), str(folder)]) == 0
    assert validate.validate_dir(folder) == []


def test_the_command_says_what_it_cannot_do(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    journal = tmp_path / "journal.db"
    assert main(["export", str(journal), str(tmp_path / "a")]) == 2
    assert "there is no such file" in capsys.readouterr().err
    journal_of(journal, [(1, closed())])
    assert main(["export", str(journal), str(tmp_path / "a")]) == 2
    assert "no day was closed" in capsys.readouterr().err
    french = replace(closed().priced.taxes[0], rate=200_000)
    wrong = replace(closed(), priced=replace(closed().priced, taxes=(french,)))
    other = tmp_path / "other.db"
    journal_of(other, ledger([wrong]))
    assert main(["export", str(other), str(tmp_path / "b")]) == 2
    assert "20.0000 % has no key" in capsys.readouterr().err


def test_every_way_to_pay_has_its_name() -> None:
    assert set(WAYS) == set(TenderKind)


def test_refunds_have_the_sign_of_what_is_given_back() -> None:
    sale = closed()
    for refund in (refund_of(sale), refund_of(sale, (1, 1), (3, 1))):
        assert isinstance(refund, Refund)
        found = positions(refund)
        assert all(each.gross <= 0 and each.quantity < 0 for each in found)
        assert sum(each.gross for each in found) == -refund.amount


def closing(name: str, *, sold: int, back: int = 0, period: str = "day") -> bytes:
    """A closing's line of a ledger that adds its sums: one rate, one tender."""

    def side(gross: int) -> dict[str, object]:
        net = gross - (gross * 19 * 2 + 119) // 238
        taxes = [{"code": "A", "rate": 190_000, "gross": gross, "net": net, "vat": gross - net}]
        return {"count": 1, "amount": gross, "taxes": taxes, "tenders": {"card": gross}}

    sums = {"sold": side(sold), "refunded": side(back) if back else {"taxes": [], "tenders": {}}, "voids": 0}
    return msgspec.json.encode(
        {"period": period, "name": name, "no": 1, "at": START + 1, "by": "7", "totals": sums}
    )


@pytest.mark.parametrize(("sold", "code"), [(2318, 0), (2319, 2)])
def test_the_export_is_held_against_the_signed_closing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], sold: int, code: int
) -> None:
    wine = closed((Line(LineNo(1), WINE, qty=2),))
    back = refund_of(wine, (1, 1))
    rows_ = [("sale", wine), ("refund", back)]
    path = tmp_path / "journal.db"
    db = sqlite3.connect(path)
    db.execute(
        "CREATE TABLE ledger (number INTEGER PRIMARY KEY, at INTEGER, kind TEXT, body BLOB, hash BLOB)"
    )
    bodies = [(kind, msgspec.json.encode(record)) for kind, record in rows_]
    bodies += [("anchor", b"{}"), ("closing", closing("2026-11-21", sold=sold, back=1159))]
    bodies += [("closing", closing("2026-11", sold=1, period="month"))]
    db.executemany(
        "INSERT INTO ledger VALUES (?, 0, ?, ?, x'')",
        [(n, kind, body) for n, (kind, body) in enumerate(bodies, 1)],
    )
    db.commit()
    db.close()
    assert main(["export", str(path), str(tmp_path / "out")]) == code
    said = capsys.readouterr()
    assert ("gross 1159, as in the ledger's records and in its closing" in said.out) == (code == 0)
    assert ("the closing to" in said.err) == (code == 2)
