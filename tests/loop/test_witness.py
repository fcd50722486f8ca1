"""What no turn brings is on the chain all the same."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import msgspec
import pytest

from kiosk.checkout.records import Technical
from kiosk.journal import Journal
from kiosk.journal.verify import verified
from kiosk.loop.witness import Witness
from kiosk.units import Millis

NOON = 1_790_000_000_000


class Clocks:
    """Two clocks that are told: one can be set, one cannot."""

    def __init__(self) -> None:
        self.wall, self.steady = NOON, 5_000

    def go(self, millis: int) -> None:
        self.wall += millis
        self.steady += millis


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "j.db"


@pytest.fixture
def clocks() -> Clocks:
    return Clocks()


@pytest.fixture
def journal(path: Path) -> Iterator[Journal]:
    journal = Journal(path)
    yield journal
    journal.close()


@pytest.fixture
def witness(journal: Journal, clocks: Clocks) -> Witness:
    return Witness(journal, lambda: clocks.wall, lambda: clocks.steady)


def written(journal: Journal) -> None:
    """All that was handed to the journal's thread is in the file."""
    journal.note(Millis(0)).result()


def events(path: Path) -> list[Technical]:
    with closing(sqlite3.connect(path)) as db:
        rows = db.execute("SELECT body FROM ledger WHERE kind = 'technical' ORDER BY number").fetchall()
    return [msgspec.json.decode(body, type=Technical) for (body,) in rows]


def test_a_clock_that_was_set_is_written_down_and_one_that_drifts_is_not(
    witness: Witness, clocks: Clocks, path: Path
) -> None:
    witness.look(True)
    for _ in range(10):
        clocks.go(50)
        clocks.wall += 300
        witness.look(True)
    clocks.wall += 3_600_000
    witness.look(True)
    clocks.wall -= 7_200_000
    witness.look(True)
    witness.stop()
    said = [(event.name, event.fields.get("by")) for event in events(path) if event.name != "key_made"]
    assert said == [("clock", 3_600_000), ("clock", None), ("clock", -7_200_000), ("stop", None)]
    verdict = verified(path)
    assert verdict.whole and any("the clock was set back" in finding.what for finding in verdict.findings)


def test_a_start_names_its_software_and_an_update_what_was_before(witness: Witness, path: Path) -> None:
    witness.start("0.1", "")
    witness.start("0.1", "0.1")
    witness.start("0.2", "0.1")
    witness.stop()
    said = [(event.name, *event.fields.values()) for event in events(path) if event.name != "key_made"]
    assert said == [("start", "0.1"), ("start", "0.1"), ("start", "0.2"), ("update", "0.1", "0.2"), ("stop",)]


def test_a_server_counts_as_away_after_a_minute_and_as_back_after_another(
    witness: Witness, clocks: Clocks, path: Path
) -> None:
    for seconds, server in (
        (1, True),
        (30, False),
        (40, True),
        (50, False),
        (61, False),
        (5, True),
        (61, True),
    ):
        clocks.go(seconds * 1000)
        witness.look(server)
    witness.stop()
    said = [(event.name, event.fields.get("since")) for event in events(path)]
    assert said[0][0] == "offline" and said[0][1] == NOON + 121_000
    names = [name for name, _ in said if name != "key_made"]
    assert names == ["offline", "online", "stop"]


def test_a_line_is_anchored_in_time_and_the_last_one_at_the_end(
    witness: Witness, journal: Journal, clocks: Clocks, path: Path
) -> None:
    witness.look(False)
    for _ in range(10):
        clocks.go(60_000)
        witness.look(False)
        written(journal)
    witness.stop()
    written(journal)
    verdict = verified(path)
    assert verdict.signatures == 2 and verdict.signed[0] == verdict.lines
