"""`systemctl stop` at any moment: at once, but for a card that is with the terminal; then the next start goes on."""

import os
import signal
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from drivers.simulated.lane import SimulatedLane
from kiosk.checkout.session import Shopping
from tests.journeys.doomed import PATIENCE, Doomed
from tests.journeys.rig import CARD, STAMPS, Journey
from tests.journeys.test_killed_and_started_again import once, over

MORE_TIME = b"EXTEND_TIMEOUT_USEC="


@pytest.fixture
def lane() -> Iterator[SimulatedLane]:
    with SimulatedLane() as lane:
        yield lane


@pytest.fixture
def systemd(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[socket.socket]:
    """What hears the kiosk's notifications, as systemd would."""
    door = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
    door.bind(str(tmp_path / "notify"))
    door.settimeout(PATIENCE)
    monkeypatch.setenv("NOTIFY_SOCKET", str(tmp_path / "notify"))
    yield door
    door.close()


def stopped(doomed: Doomed) -> int:
    """Its exit code, when it has ended by itself."""
    doomed.process.communicate(timeout=PATIENCE)
    return doomed.process.returncode


def until_stopping(systemd: socket.socket) -> bytes:
    while b"STOPPING=1" not in (said := systemd.recv(8192)):
        continue
    return said


def test_with_a_basket_it_ends_at_once_and_the_basket_stays(
    tmp_path: Path, lane: SimulatedLane, systemd: socket.socket
) -> None:
    with Doomed(tmp_path, lane) as doomed:
        doomed.ready()
        doomed.scan(STAMPS)
        os.kill(doomed.process.pid, signal.SIGTERM)
        assert MORE_TIME not in until_stopping(systemd)
        assert stopped(doomed) == 0
    with Journey(tmp_path, lane) as journey:
        assert isinstance(journey.session.kept.phase, Shopping)
        assert journey.says(STAMPS.name)


def test_with_a_card_at_the_terminal_it_asks_for_time_and_ends_when_it_is_paid(
    tmp_path: Path, lane: SimulatedLane, systemd: socket.socket
) -> None:
    with Doomed(tmp_path, lane) as doomed:
        doomed.ready()
        doomed.scan(STAMPS)
        doomed.press("pay")
        doomed.until(lambda now: now["stage"] == "may_be_sent", "the payment to be with the terminal")
        os.kill(doomed.process.pid, signal.SIGTERM)
        assert MORE_TIME in until_stopping(systemd)
        assert doomed.process.poll() is None
        lane.world.change(card=CARD)
        assert stopped(doomed) == 0
    with Journey(tmp_path, lane) as journey:
        journey.until_page("receipt")
        once(journey, 119)


def test_what_the_terminal_itself_does_not_know_is_left_to_the_next_start(
    tmp_path: Path, lane: SimulatedLane, systemd: socket.socket
) -> None:
    with Doomed(tmp_path, lane) as doomed:
        doomed.ready()
        doomed.scan(STAMPS)
        doomed.press("pay")
        doomed.until(lambda now: now["stage"] == "may_be_sent", "the payment to be with the terminal")
        lane.terminal.unplug()
        doomed.until(lambda now: now["stage"] in ("checking", "with_staff"), "doubt")
        os.kill(doomed.process.pid, signal.SIGTERM)
        assert MORE_TIME not in until_stopping(systemd)
        assert stopped(doomed) == 0
    lane.terminal.replug()
    with Journey(tmp_path, lane) as journey:
        journey.until(over, "an end")
        journey.devices_ready()
        journey.finish()
        once(journey, 119)
