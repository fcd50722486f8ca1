"""An archive of the ledger proves itself, without the kiosk's software and without the journal."""

import csv
import io
import json
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from kiosk.commands.journal import main
from kiosk.journal.export import ExportError, export
from kiosk.journal.proof.archive import read
from kiosk.journal.seal import Seal
from tests.journal.books import ledger


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return ledger(tmp_path_factory.mktemp("archived") / "j.db")


@pytest.fixture(scope="module")
def whole(book: Path) -> Path:
    out = book.with_name("whole.zip")
    export(book, out, Seal(book.with_name("device.key")), "2026-09-01", "2026-09-30")
    return out


def wrong(path: Path) -> list[str]:
    return [finding.what for finding in read(path)[2] if finding.fault]


def changed(path: Path, name: str, old: bytes, new: bytes) -> Path:
    """A copy with one file of it changed, or left out if `new` is empty."""
    out = path.with_name("changed.zip")
    with zipfile.ZipFile(path) as before, zipfile.ZipFile(out, "w") as after:
        for each in before.namelist():
            raw = before.read(each)
            if each == name:
                assert old in raw
                raw = raw.replace(old, new, 1)
            if each != name or new:
                after.writestr(each, raw)
    return out


def test_the_days_of_a_month_are_all_its_lines(whole: Path) -> None:
    manifest, proof, findings = read(whole)
    assert (manifest["first"], manifest["last"]) == (1, 13) and not any(each.fault for each in findings)
    assert proof.signatures == 4 and proof.books.sold == 1000


def test_one_day_begins_behind_the_closing_of_the_one_before(book: Path, tmp_path: Path) -> None:
    out = tmp_path / "day.zip"
    done = export(book, out, Seal(book.with_name("device.key")), "2026-09-30", "2026-09-30")
    assert (done.first, done.last) == (11, 13) and wrong(out) == []


def test_tables_for_people_add_up_to_the_closings(whole: Path) -> None:
    with zipfile.ZipFile(whole) as archive:
        tables = {
            name: list(csv.DictReader(io.StringIO(archive.read(name).decode())))
            for name in ("sales.csv", "taxes.csv", "tenders.csv", "closings.csv")
        }
        schema = json.loads(archive.read("schema.json"))
    month = json.loads(tables["closings.csv"][-1]["body"])
    real = [row for row in tables["sales.csv"] if row["training"] == "0"]
    assert sum(int(row["total"]) for row in real) == month["sold"] - month["refunded"] == 875
    numbers = {row["number"] for row in real}
    for table, column in (("taxes.csv", "gross"), ("tenders.csv", "amount")):
        assert sum(int(row[column]) for row in tables[table] if row["number"] in numbers) == 875
    assert schema["tables"]["sales.csv"] == list(real[0]) and "sale" in schema["kinds"]


def test_days_without_a_line_make_no_archive(book: Path, tmp_path: Path) -> None:
    with pytest.raises(ExportError, match="no line belongs"):
        export(book, tmp_path / "none.zip", Seal(book.with_name("device.key")), "2020-01-01", "2020-01-31")
    assert not (tmp_path / "none.zip").exists()


@pytest.mark.parametrize(
    ("name", "old", "new", "named"),
    [
        ("ledger.csv", b"Candles", b"Candies", ["the file ledger.csv is not what was archived", "line 2 (sale)"]),
        ("sales.csv", b",500", b",400", ["the file sales.csv is not what was archived"]),
        ("sales.csv", b"number", b"", ["the file sales.csv is missing"]),
        ("manifest.json", b'"to": "2026-09-30"', b'"to": "2026-09-29"', ["the manifest bears a wrong signature"]),
        ("verifier/chain.py", b"def ", b"def  ", ["the file verifier/chain.py is not what was archived"]),
    ],
)  # fmt: skip
def test_whatever_is_changed_in_an_archive_is_named(
    whole: Path, name: str, old: bytes, new: bytes, named: list[str]
) -> None:
    found = wrong(changed(whole, name, old, new))
    assert len(found) == len(named) and all(what in said for what, said in zip(named, found, strict=True))


def test_it_proves_itself_with_nothing_but_python_and_cryptography(whole: Path) -> None:
    """None of our rooms and none of our libraries can be imported by it."""
    alone = "import sys, runpy; sys.modules.update(dict.fromkeys(['kiosk', 'msgspec'])); sys.argv = sys.argv[1:]; "
    program = [sys.executable, "-I", "-c", alone + "runpy.run_path(sys.argv[0], run_name='__main__')"]
    key = Seal(whole.with_name("device.key")).public
    run = subprocess.run([*program, whole, "--key", key], capture_output=True, text=True)
    assert run.returncode == 0 and "everything is as it was written" in run.stdout, run.stdout + run.stderr
    other = changed(whole, "ledger.csv", b"Candles", b"Candies")
    run = subprocess.run([*program, other], capture_output=True, text=True)
    assert run.returncode == 1 and "WRONG line 2 (sale): its content was changed" in run.stdout
    run = subprocess.run([*program, whole.with_name("j.db")], capture_output=True, text=True)
    assert run.returncode != 0


def test_the_command_exports_and_says_so_on_the_chain(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path, out = ledger(tmp_path / "j.db"), tmp_path / "out.zip"
    wanted = ["export", str(path), "--from", "2026-09-29", "--to", "2026-09-30", str(out)]
    assert main(wanted) == 0 and "lines 1 to 13" in capsys.readouterr().out
    assert main(wanted) == 2 and "there is such a file already" in capsys.readouterr().err
    assert main(["verify", str(path)]) == 0
    later = tmp_path / "later.zip"
    assert main(["export", str(path), "--from", "2026-01-01", "--to", "2099-01-01", str(later)]) == 0
    with zipfile.ZipFile(later) as archive:
        events = list(csv.DictReader(io.StringIO(archive.read("events.csv").decode())))
    assert [event["name"] for event in events[-2:]] == ["export", "access"]


def test_whoever_reads_a_journal_may_stop_reading(book: Path) -> None:
    """`kiosk journal show … | head`: no word of a broken pipe."""
    reads, writes = os.pipe()
    os.close(reads)
    run = subprocess.run(
        [sys.executable, "-m", "kiosk", "journal", "show", str(book)],
        stdout=writes,
        stderr=subprocess.PIPE,
        text=True,
        check=False,
    )
    os.close(writes)
    assert (run.returncode, run.stderr) == (0, "")
