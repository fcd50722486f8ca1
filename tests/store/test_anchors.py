"""The server remembers what each lane's ledger was signed for: a lane that goes back is found out."""

import json
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from litestar.testing import TestClient
from sqlalchemy import Engine

from kiosk.commands.journal import main as journal_command
from kiosk.journal import Journal
from store.commands import main
from tests.journal.books import ledger


def deliver(lane: TestClient, path: Path, after: int = 0) -> list[int]:
    """All but the sales, as the link would bring them; the status of each answer."""
    journal = Journal(path)
    entries = [entry for entry in journal.waiting(after) if entry.kind == "record"]
    journal.close()
    return [lane.put(f"/v1/records/{entry.key}", content=entry.body).status_code for entry in entries]


def printed(url: str, capsys: pytest.CaptureFixture[str]) -> str:
    capsys.readouterr()
    assert main(["anchors", "0001", "1", "--db", url]) == 0
    return capsys.readouterr().out


def test_what_the_server_prints_proves_the_lanes_book(
    lane: TestClient, url: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    book = ledger(tmp_path / "j.db")
    assert set(deliver(lane, book)) == {201} and set(deliver(lane, book)) == {200}
    anchors = tmp_path / "anchors"
    anchors.write_text(printed(url, capsys))
    said = [json.loads(line) for line in anchors.read_text().splitlines()]
    assert [each["number"] for each in said] == [5, 10, 12, 13]
    assert said[-1]["sold"] == 1000 and said[-1]["refunded"] == 125
    assert journal_command(["verify", str(book), "--anchors", str(anchors), "--key", said[0]["key"]]) == 0
    assert "last anchor that file and store server share: line 13" in capsys.readouterr().out
    with closing(sqlite3.connect(book)) as db:
        db.execute("DELETE FROM ledger WHERE number > 11")
        db.commit()
    assert journal_command(["verify", str(book), "--anchors", str(anchors)]) == 1
    assert "its tail was cut, or the disk was rolled back" in capsys.readouterr().out


def test_a_lane_that_goes_back_in_its_ledger_is_an_alarm(lane: TestClient, tmp_path: Path) -> None:
    book = ledger(tmp_path / "j.db")
    journal = Journal(book)
    entries = {entry.number: entry for entry in journal.waiting() if entry.kind == "record"}
    journal.close()
    for number in (5, 13, 10):
        entry = entries[number]
        assert lane.put(f"/v1/records/{entry.key}", content=entry.body).status_code == 201
    assert "sco_store_ledger_alarms_total 1" in lane.get("/metrics").text
    assert "went back in its ledger: line 10 came after line 13" in lane.get("/").text


def test_the_same_line_with_another_hash_is_an_alarm(lane: TestClient, tmp_path: Path) -> None:
    book = ledger(tmp_path / "j.db")
    journal = Journal(book)
    entry = next(entry for entry in journal.waiting() if entry.number == 5)
    journal.close()
    assert lane.put(f"/v1/records/{entry.key}", content=entry.body).status_code == 201
    other = json.loads(entry.body) | {"hash": "0" * 64}
    assert lane.put(f"/v1/records/{entry.key}", json=other).status_code == 409
    assert "sco_store_ledger_alarms_total 1" in lane.get("/metrics").text
    assert f"Two ledger lines say different things: 0001/1/{entry.key}" in lane.get("/").text


def test_a_signed_line_that_says_nothing_is_refused(lane: TestClient, engine: Engine) -> None:
    body = {"kind": "anchor", "number": 1, "at": 1, "hash": "0" * 64, "signature": "00", "body": {}}
    assert lane.put("/v1/records/j-1", json=body).status_code == 400
    assert "sco_store_ledger_alarms_total 0" in lane.get("/metrics").text
