"""How long a kiosk that is told to stop waits for money, by a clock that is told."""

import socket
from collections.abc import Iterator
from pathlib import Path

import pytest
from msgspec.structs import replace

from kiosk.checkout.money import Attempt, Stage
from kiosk.checkout.session import Paying, Session
from kiosk.loop.ending import ASK_AGAIN, MOST, SECONDS, Ending
from kiosk.units import AttemptId, Millis, Minor
from tests.lane import MILK, Lane


@pytest.fixture
def systemd(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[socket.socket]:
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as hears:
        hears.bind(str(tmp_path / "notify"))
        hears.setblocking(False)
        monkeypatch.setenv("NOTIFY_SOCKET", str(tmp_path / "notify"))
        yield hears


def paying(stage: Stage) -> Session:
    session = Lane().buy(MILK).session
    attempt = Attempt(AttemptId("1"), Minor(135), Millis(0), stage=stage)
    phase = Paying(session.kept.phase.sale, attempt)  # type: ignore[union-attr]
    return replace(session, kept=replace(session.kept, phase=phase))


def heard(systemd: socket.socket) -> int:
    """How often more time was asked for since the last look."""
    count = 0
    while True:
        try:
            said = systemd.recv(8192).decode()
        except BlockingIOError:
            return count
        assert f"EXTEND_TIMEOUT_USEC={SECONDS}000000" in said
        count += 1


@pytest.mark.parametrize("stage", [Stage.INTENT, Stage.SENT, Stage.RESULT])
def test_money_that_moves_is_waited_for_but_not_for_ever(systemd: socket.socket, stage: Stage) -> None:
    at = 0
    ending = Ending(lambda: at)
    assert not ending.now(paying(stage))
    ending.told.set()
    asked = 0
    while at < MOST:
        assert not ending.now(paying(stage))
        asked += heard(systemd)
        at += 50
    assert ending.now(paying(stage))
    assert asked == MOST // ASK_AGAIN
    assert ASK_AGAIN < SECONDS * 1000


@pytest.mark.parametrize("stage", [Stage.CHECKING, Stage.WITH_STAFF])
def test_doubt_is_in_the_journal_and_nobody_waits_for_it(systemd: socket.socket, stage: Stage) -> None:
    ending = Ending(lambda: 0)
    ending.told.set()
    assert ending.now(paying(stage))
    assert heard(systemd) == 0


def test_without_money_it_ends_at_once_but_only_when_told(systemd: socket.socket) -> None:
    ending = Ending(lambda: 0)
    for session in (Session(), Lane().buy(MILK).session):
        assert not ending.now(session)
    ending.told.set()
    for session in (Session(), Lane().buy(MILK).session):
        assert ending.now(session)


def test_money_on_its_way_back_is_waited_for_as_well(systemd: socket.socket) -> None:
    ending = Ending(lambda: 0)
    ending.told.set()
    back = Attempt(AttemptId("2"), Minor(135), Millis(0), stage=Stage.SENT, ordered=True)
    session = Session()
    assert not ending.now(replace(session, kept=replace(session.kept, giving_back=(back,))))
    assert heard(systemd) == 1
