"""The status socket: what an updater and a health check learn of the lane, and that asking never holds it up."""

import json
import socket
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from msgspec.structs import replace

from kiosk.checkout.jobs import JobState, PrintJob
from kiosk.checkout.money import Attempt
from kiosk.checkout.session import (
    Device,
    Health,
    Idle,
    Kept,
    OutOfService,
    Passing,
    Paying,
    Phase,
    Refunding,
    Session,
)
from kiosk.journal import Journal
from kiosk.loop.pulse import EVERY, LATE, Pulse
from kiosk.loop.status import StatusSocket, status
from kiosk.units import AttemptId, Millis, Minor
from kiosk.version import VERSION
from kiosk.wire import LaneStatus
from tests.lane import MILK, Lane

ATTEMPT = Attempt(AttemptId("a"), Minor(125), Millis(0))


def told(kept: Kept) -> LaneStatus:
    return status(Session(kept), ready=True, frame_ms=3, journal_ms=4)


@pytest.mark.parametrize("phase", [Idle(), OutOfService("lane.closed", "Sam")])
def test_a_lane_at_rest_holds_nothing_up(phase: Phase) -> None:
    assert told(Kept(phase)) == LaneStatus(True, 3, 4, False, 0, 0, VERSION)


def test_a_basket_is_open_until_its_receipt_is_taken() -> None:
    lane = Lane().buy(MILK)
    assert told(lane.session.kept).open_basket
    assert told(Kept(Refunding("Sam"))).open_basket


def test_money_on_its_way_and_money_going_back_are_counted() -> None:
    sale = Lane().buy(MILK).sale
    assert told(Kept(Paying(sale))).unresolved == 0
    assert told(Kept(Paying(sale, ATTEMPT))).unresolved == 1
    assert told(Kept(giving_back=(ATTEMPT, ATTEMPT), totals=AttemptId("day"))).unresolved == 3


def test_paper_that_was_asked_for_is_counted_until_it_is_out() -> None:
    job = PrintJob("sale", "s", Millis(0), Minor(125))
    states = (JobState.OFFERED, JobState.SENT, JobState.UNKNOWN, JobState.PRINTED, JobState.DROPPED)
    assert told(Kept(jobs=tuple(replace(job, state=state) for state in states))).unprinted == 2


def test_devices_by_name() -> None:
    session = Session(Kept(), Passing(devices=(Device("printer", Health.OFFLINE, "no paper"),)))
    assert status(session, ready=False, frame_ms=0, journal_ms=0).devices == {"printer": "offline"}


# ---- the socket


def asked(path: Path) -> bytes:
    with socket.socket(socket.AF_UNIX) as there:
        there.settimeout(10)
        there.connect(str(path))
        with there.makefile("rb") as line:
            return line.read()


def test_every_connection_gets_the_line_of_that_moment(tmp_path: Path) -> None:
    frames = iter((1, 2))
    path = tmp_path / "status.sock"
    door = StatusSocket(path, lambda: replace(told(Kept()), frame_ms=next(frames)))
    assert [json.loads(asked(path))["frame_ms"] for _ in range(2)] == [1, 2]
    door.close()
    assert not path.exists()


def test_one_who_never_listens_keeps_nobody_waiting(tmp_path: Path) -> None:
    path = tmp_path / "status.sock"
    door = StatusSocket(path, lambda: told(Kept()))
    with socket.socket(socket.AF_UNIX) as deaf:
        deaf.connect(str(path))
        assert asked(path).endswith(b"}\n")
    door.close()


def test_without_its_folder_the_lane_does_without(tmp_path: Path) -> None:
    StatusSocket(tmp_path / "none" / "status.sock", lambda: told(Kept())).close()


def test_what_another_process_left_there_is_taken_over(tmp_path: Path) -> None:
    path = tmp_path / "status.sock"
    with socket.socket(socket.AF_UNIX) as dead:
        dead.bind(str(path))
    door = StatusSocket(path, lambda: told(Kept()))
    assert asked(path)
    door.close()


# ---- the pulse


class Glass:
    """A screen that takes frames, or has stopped doing so."""

    def __init__(self) -> None:
        self.frames, self.takes = 0, True

    def present(self) -> None:
        self.frames += self.takes


class Body:
    """A pulse on a glass and a journal of its own, and the clock that both are counted by."""

    def __init__(self, path: Path) -> None:
        self.now, self.glass, self.journal = 0, Glass(), Journal(path)
        self.pulse = Pulse(self.journal, self.glass, lambda: self.now)

    def after(self, millis: int) -> bool:
        """So much later, in rounds of a loop that lets the journal's writer do its part."""
        self.now += millis
        self.pulse.beat()
        if self.pulse._asked is not None:
            self.pulse._asked.exception()
        return self.pulse.beat()


@pytest.fixture
def body(tmp_path: Path) -> Iterator[Body]:
    body = Body(tmp_path / "journal.db")
    yield body
    body.journal.close()


def test_nobody_here_for_an_hour_and_the_heart_beats(body: Body) -> None:
    assert all(body.after(1_000) for _ in range(3_600))
    assert 3_600_000 // EVERY - 1 <= body.glass.frames <= 3_600_000 // EVERY
    assert body.pulse.frame_ms < EVERY and body.pulse.journal_ms < EVERY


def test_a_lane_that_paints_is_asked_for_no_frame_more(body: Body) -> None:
    for _ in range(100):
        body.glass.frames += 1
        assert body.after(1_000)
    assert body.glass.frames == 100


def test_a_glass_that_takes_no_frame_ends_it(body: Body) -> None:
    body.glass.takes = False
    assert body.after(LATE)
    assert not body.after(1)
    body.glass.takes = True
    assert body.after(1)


def test_a_journal_that_answers_no_more_ends_it(body: Body) -> None:
    body.journal._db.execute("PRAGMA busy_timeout=0")
    with closing(sqlite3.connect(body.journal.path)) as other:
        other.execute("BEGIN IMMEDIATE")
        assert body.after(LATE)
        assert not body.after(1)
        assert body.pulse.journal_ms == LATE + 1 and body.pulse.frame_ms == 1
    assert body.after(1)


def test_the_pulse_writes_nothing(body: Body) -> None:
    files = sorted(body.journal.path.parent.iterdir())
    before = [file.read_bytes() for file in files]
    body.after(EVERY)
    assert body.pulse.journal_ms == 0
    assert [file.read_bytes() for file in files if file.suffix != ".db-shm"] == [
        held for file, held in zip(files, before, strict=True) if file.suffix != ".db-shm"
    ]
