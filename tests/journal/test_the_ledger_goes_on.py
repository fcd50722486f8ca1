"""The ledger as the lane writes it: anchors, closings, what two processes write, what a broken file leads to."""

import json
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from kiosk.checkout.events import FinishPressed
from kiosk.checkout.records import DayEnded, Refund, Technical
from kiosk.commands.journal import main
from kiosk.journal import Commit, Journal
from kiosk.journal.proof.totals import Books, Totals
from kiosk.journal.verify import verified
from kiosk.units import Millis
from tests.journal.books import BEGAN, MINUTES, given_back, ledger, sold


def lines(path: Path) -> list[tuple[int, str, dict[str, object]]]:
    with closing(sqlite3.connect(path)) as db:
        rows = db.execute("SELECT number, kind, body FROM ledger ORDER BY number").fetchall()
    return [(number, kind, json.loads(body)) for number, kind, body in rows]


def wrong(path: Path) -> list[str]:
    return [finding.what for finding in verified(path).findings if finding.fault]


def test_a_line_is_anchored_within_the_minutes_of_the_rules(tmp_path: Path) -> None:
    journal = Journal(tmp_path / "j.db", anchor_minutes=5)
    assert not journal.anchor(BEGAN)
    journal.note(BEGAN, sold(1)).result()
    assert not journal.anchor(Millis(BEGAN + 5 * MINUTES - 1))
    assert journal.anchor(Millis(BEGAN + 5 * MINUTES))
    journal.note(Millis(BEGAN + 6 * MINUTES), sold(2)).result()
    assert not journal.anchor(Millis(BEGAN + 10 * MINUTES)) and journal.anchor(BEGAN), (
        "a clock set back waits not"
    )
    journal.close()
    kinds = [kind for _, kind, _ in lines(tmp_path / "j.db")]
    assert kinds == ["sale", "technical", "anchor", "sale", "technical", "anchor"]
    assert wrong(tmp_path / "j.db") == []


def test_the_device_key_is_made_once_for_its_owner_alone(tmp_path: Path) -> None:
    path = ledger(tmp_path / "j.db")
    key = tmp_path / "device.key"
    assert key.stat().st_mode & 0o777 == 0o600
    made = [body for _, _, body in lines(path) if body.get("name") == "key_made"]
    key.unlink()
    journal = Journal(path)
    journal.note(Millis(BEGAN + 30 * MINUTES), DayEnded("2026-12-01", BEGAN)).result()
    journal.close()
    changed = [body["fields"] for _, _, body in lines(path) if body.get("name") == "key_changed"]
    assert len(made) == 1 and changed[0]["before"] == made[0]["fields"]["key"]  # type: ignore[index]
    assert wrong(path) == []
    assert any("key_changed" in finding.what for finding in verified(path).findings)


def test_without_a_usable_key_the_day_is_closed_and_the_want_of_it_named(tmp_path: Path) -> None:
    (tmp_path / "device.key").write_text("no key at all")
    journal = Journal(tmp_path / "j.db")
    for day in ("2026-11-29", "2026-11-30"):
        journal.note(BEGAN, DayEnded(day, BEGAN)).result()
    journal.close()
    assert [body.get("name", body.get("date")) for _, _, body in lines(tmp_path / "j.db")][:2] == [
        "key_lost",
        "2026-11-29",
    ]
    assert wrong(tmp_path / "j.db") == [f"line {n} (closing) is not signed" for n in (2, 3, 4)]


@pytest.mark.parametrize(
    ("days", "closed"),
    [
        (["2026-11-29", "2026-11-30"], ["2026-11-29", "2026-11-30", "2026-11"]),
        (["2026-11-28", "2026-12-02"], ["2026-11-28", "2026-11", "2026-12-02"]),
        (["2026-12-31"], ["2026-12-31", "2026-12", "2026"]),
        (["2026-12-24", "2027-01-02"], ["2026-12-24", "2026-12", "2026", "2027-01-02"]),
    ],
)
def test_months_and_years_close_with_their_days(tmp_path: Path, days: list[str], closed: list[str]) -> None:
    journal = Journal(tmp_path / "j.db")
    for number, day in enumerate(days, 1):
        journal.note(BEGAN, sold(number), DayEnded(day, BEGAN)).result()
    journal.close()
    found = [body for _, kind, body in lines(tmp_path / "j.db") if kind == "closing"]
    assert [body["date"] for body in found] == closed
    assert found[-1]["sold"] == 500 * len(days) and wrong(tmp_path / "j.db") == []
    for span in ("day", "month", "year"):
        numbers = [body["no"] for body in found if body["period"] == span]
        assert numbers == list(range(1, len(numbers) + 1))


def test_a_closing_has_vat_by_rate_tenders_and_counts(tmp_path: Path) -> None:
    path = ledger(tmp_path / "j.db")
    closing_ = next(body for _, kind, body in lines(path) if kind == "closing")
    totals = closing_["totals"]
    assert isinstance(totals, dict)
    assert totals["sold"] == {
        "count": 1, "amount": 500, "tenders": {"card": 500},
        "taxes": [
            {"code": "N", "rate": 200000, "gross": 250, "net": 208, "vat": 42},
            {"code": "R", "rate": 55000, "gross": 250, "net": 237, "vat": 13},
        ],
    }  # fmt: skip
    assert totals["refunded"]["taxes"] == [{"code": "R", "rate": 55000, "gross": 125, "net": 118, "vat": 7}]
    assert (totals["voids"], totals["duplicates"], totals["training"]) == (1, 1, 1)
    assert (closing_["first"], closing_["last"], closing_["sold"], closing_["refunded"]) == (1, 9, 500, 125)


def test_a_sale_taken_back_whole_gives_back_its_vat_as_it_was(tmp_path: Path) -> None:
    from msgspec.structs import replace

    sale = sold(1)
    books = Books()
    whole = replace(given_back(sale, 2), amount=sale.priced.total)
    books.take(1, 0, Refund.kind, b"", None, whole)
    assert [tax.vat for tax in books.day.totals.refunded.taxes] == [tax.vat for tax in sale.priced.taxes]
    assert books.day.totals.sold == Totals().sold


def test_a_receipt_is_found_by_its_number_with_what_was_given_back(tmp_path: Path) -> None:
    journal = Journal(ledger(tmp_path / "j.db"))
    found = journal.receipt("0187-4-000001")
    assert found is not None and found[0].number == 1 and [refund.number for refund in found[1]] == [2]
    for other in ("0187-4-000002", "0187-4-000077", "0187-5-000001", "1", "", "0187-4-", "0187-4-²"):
        assert journal.receipt(other) is None, other
    number, excerpt = journal.proof_of(4).split("-")
    journal.close()
    with closing(sqlite3.connect(tmp_path / "j.db")) as db:
        (line,) = db.execute("SELECT hash FROM ledger WHERE number = ?", (int(number),)).fetchone()
    assert line.hex().startswith(excerpt) and len(excerpt) == 16


def test_what_waits_for_the_server_says_what_it_is(tmp_path: Path) -> None:
    journal = Journal(ledger(tmp_path / "j.db"))
    entries = journal.waiting()
    assert [entry.number for entry in entries] == list(range(1, 14))
    kinds = {entry.number: entry.kind for entry in entries}
    assert kinds[2] == "sale" and kinds[7] == "value" and kinds[3] == kinds[5] == kinds[10] == "record"
    assert entries[1].key == "j0-1" and entries[4].key == f"{journal.id}-5"
    anchor = json.loads(entries[4].body)
    assert anchor["kind"] == "anchor" and anchor["number"] == 5 and len(anchor["hash"]) == 64
    assert anchor["body"]["sold"] == 500 and len(anchor["signature"]) == 128
    assert "signature" not in json.loads(entries[2].body)
    journal.close()


def test_another_process_may_write_a_line_meanwhile(tmp_path: Path) -> None:
    path = ledger(tmp_path / "j.db")
    lane = Journal(path)
    lane.commit(Commit(Millis(BEGAN + 20 * MINUTES), (FinishPressed(),), (sold(5),))).result()
    assert main(["verify", str(path)]) == 0
    lane.commit(Commit(Millis(BEGAN + 21 * MINUTES), (FinishPressed(),), (sold(6),))).result()
    lane.close()
    names = [body.get("name", body.get("number")) for _, _, body in lines(path)][13:]
    assert names[:2] == [5, "access"] and names[-1] == 6 and wrong(path) == []


def test_a_copy_without_the_key_is_left_as_it_is(tmp_path: Path) -> None:
    path = ledger(tmp_path / "j.db")
    copy = tmp_path / "copy" / "j.db"
    copy.parent.mkdir()
    shutil.copy(path, copy)
    copy.chmod(0o400)
    before = copy.read_bytes()
    assert main(["verify", str(copy)]) == 0 and copy.read_bytes() == before


def test_numbers_go_on_behind_a_tail_that_was_cut(tmp_path: Path) -> None:
    """The books remember where the ledger ended: the gap stays to be seen, and is on the chain."""
    path = ledger(tmp_path / "j.db")
    with closing(sqlite3.connect(path)) as db:
        db.execute("DELETE FROM ledger WHERE number > 11")
        db.commit()
    journal = Journal(path)
    journal.note(Millis(BEGAN + 20 * MINUTES), Technical("start", BEGAN)).result()
    journal.close()
    last = lines(path)[-2:]
    assert [number for number, _, _ in last] == [14, 15] and last[0][2]["name"] == "integrity"
    assert wrong(path)[0].startswith("lines 12 to 13 are missing")


def test_running_totals_that_are_gone_are_counted_again(tmp_path: Path) -> None:
    path = ledger(tmp_path / "j.db")
    before = verified(path).books
    with closing(sqlite3.connect(path)) as db:
        db.execute("DELETE FROM books")
        db.commit()
    assert "running totals" in wrong(path)[0]
    journal = Journal(path)
    journal.note(Millis(BEGAN + 20 * MINUTES), sold(5)).result()
    journal.close()
    assert wrong(path) == [] and verified(path).books.sold == before.sold + 500
    assert [body["name"] for _, kind, body in lines(path) if kind == "technical"][-1] == "integrity"


def test_the_command_names_what_is_wrong_and_writes_it_down(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = ledger(tmp_path / "j.db")
    with closing(sqlite3.connect(path)) as db:
        db.execute("UPDATE ledger SET at = at + 1 WHERE number = 6")
        db.commit()
    assert main(["verify", str(path)]) == 1
    assert capsys.readouterr().out.splitlines()[0] == "WRONG line 6 (void): its content was changed"
    number, _, body = lines(path)[-1]
    assert number == 14 and body["name"] == "integrity"
    assert main(["show", str(path)]) == 1 and "line 6 (void)" in capsys.readouterr().err


@pytest.mark.parametrize("content", [b"", b"not a database at all, but long enough to look like one"])
def test_what_is_no_journal_is_code_2(
    tmp_path: Path, content: bytes, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "j.db"
    path.write_bytes(content)
    assert main(["verify", str(path)]) == 2 and str(path) in capsys.readouterr().err
    assert main(["verify", str(tmp_path / "none.db")]) == 2


# ---- from version 1

VERSION_1 = """
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE turns (seq INTEGER PRIMARY KEY, at INTEGER NOT NULL, facts BLOB NOT NULL);
CREATE TABLE mark (id INTEGER PRIMARY KEY CHECK (id = 1), seq INTEGER NOT NULL, kept BLOB NOT NULL);
CREATE TABLE offers (version TEXT PRIMARY KEY, body BLOB NOT NULL) WITHOUT ROWID;
CREATE TABLE ledger (
  number INTEGER PRIMARY KEY, at INTEGER NOT NULL, kind TEXT NOT NULL, body BLOB NOT NULL, hash BLOB NOT NULL);
CREATE TABLE outbox (number INTEGER PRIMARY KEY REFERENCES ledger);
INSERT INTO meta VALUES ('journal', 'j0');
PRAGMA user_version=1;
"""


def version_1(path: Path, damage: str = "") -> Path:
    """A journal as the first version left it, of two sales."""
    import hashlib

    import msgspec

    with closing(sqlite3.connect(path)) as db:
        db.executescript(VERSION_1)
        chain = b"j0"
        for number in (1, 2):
            body = msgspec.json.encode(sold(number))
            chain = hashlib.sha256(chain + body).digest()
            db.execute("INSERT INTO ledger VALUES (?, ?, 'sale', ?, ?)", (number, BEGAN, body, chain))
        db.execute("INSERT INTO outbox VALUES (2)")
        if damage:
            db.execute(damage)
        db.commit()
    return path


def test_a_journal_of_version_1_goes_on_as_version_2(tmp_path: Path) -> None:
    path = version_1(tmp_path / "j.db")
    journal = Journal(path)
    assert [entry.number for entry in journal.waiting()] == [2, 3] and journal.id == "j0"
    assert [sale.number for sale in journal.sales()] == [1, 2] and journal.receipt(
        "0187-4-000002"
    ) is not None
    journal.note(Millis(BEGAN + MINUTES), DayEnded("2026-11-29", BEGAN)).result()
    journal.close()
    assert wrong(path) == [] and lines(path)[2][2]["name"] == "migrated"
    assert lines(path)[-1][2]["sold"] == 1000


def test_what_was_wrong_before_the_migration_stays_wrong(tmp_path: Path) -> None:
    damage = "UPDATE ledger SET body = CAST(replace(CAST(body AS TEXT), 'Candles', 'Candies') AS BLOB)"
    path = version_1(tmp_path / "j.db", f"{damage} WHERE number = 1")
    Journal(path).close()
    assert wrong(path) == ["line 3: the ledger was not whole when it was taken over from version 1"]


def test_version_1_is_not_verified_but_says_what_to_do(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["verify", str(version_1(tmp_path / "j.db"))]) == 2
    assert "written by version 1" in capsys.readouterr().err
