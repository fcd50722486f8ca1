"""kiosk run as systemd sees it: ready, alive, and stopped; and what it does with books that it cannot use."""

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import msgspec
import pytest

from drivers.simulated.lane import SimulatedLane
from kiosk.wire import LaneStatus
from tests.journeys.rig import stock, written

PATIENCE = 30.0


class Unit:
    """The process with the notification socket that systemd would give it."""

    def __init__(self, folder: Path, config: Path) -> None:
        self.door = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.door.bind(str(folder / "notify"))
        self.door.settimeout(PATIENCE)
        self.process = subprocess.Popen(
            [sys.executable, "-m", "kiosk", "run", str(config)],
            env=os.environ | {"NOTIFY_SOCKET": str(folder / "notify")},
            stderr=subprocess.PIPE,
            text=True,
        )

    def told(self, what: str) -> str:
        while what not in (said := self.door.recv(8192).decode()):
            continue
        return said

    def stop(self) -> tuple[int, str]:
        self.process.send_signal(signal.SIGTERM)
        _, said = self.process.communicate(timeout=PATIENCE)
        return self.process.returncode, said


@contextmanager
def unit(folder: Path) -> Iterator[Unit]:
    with SimulatedLane() as lane:
        (folder / "pepper").write_text("pepper")
        config = folder / "kiosk.toml"
        config.write_text(written(folder, lane))
        running = Unit(folder, config)
        try:
            yield running
        finally:
            running.process.kill()
            running.process.communicate()
            running.door.close()


def how(folder: Path) -> LaneStatus:
    """What the kiosk says of itself on its status socket."""
    with socket.socket(socket.AF_UNIX) as there:
        there.settimeout(PATIENCE)
        there.connect(str(folder / "status.sock"))
        with there.makefile("rb") as line:
            return msgspec.json.decode(line.read(), type=LaneStatus)


def test_ready_alive_and_stopped(tmp_path: Path) -> None:
    stock(tmp_path / "catalogue.db")
    with unit(tmp_path) as running:
        running.told("READY=1")
        running.told("WATCHDOG=1")
        told = how(tmp_path)
        assert told.ready and not told.open_basket
        assert running.stop()[0] == 0
    assert not (tmp_path / "status.sock").exists()


@pytest.mark.parametrize("broken", ["journal.db", "catalogue.db"])
def test_books_that_cannot_be_used_close_the_lane_with_their_name(tmp_path: Path, broken: str) -> None:
    (tmp_path / broken).write_bytes(b"SQLite format 3\0" + b"\xff" * 4096)
    with unit(tmp_path) as running:
        assert broken in running.told("READY=1")
        running.told("WATCHDOG=1")
        told = how(tmp_path)
        assert not told.ready and broken in told.fault
        running.told("WATCHDOG=1")
        code, said = running.stop()
    assert code == os.EX_DATAERR
    assert broken in said and "Traceback" not in said


def test_a_wrong_configuration_is_said_in_one_line(tmp_path: Path) -> None:
    config = tmp_path / "kiosk.toml"
    config.write_text("[lane]\nstore = 7\n")
    run = subprocess.run(
        [sys.executable, "-m", "kiosk", "run", str(config)], capture_output=True, text=True, check=False
    )
    assert run.returncode == os.EX_CONFIG
    assert run.stderr.count("\n") == 1 and "line 2, lane.store" in run.stderr


def test_a_machine_that_is_no_lane_yet_says_so_and_ends_when_it_is_one(tmp_path: Path) -> None:
    config = tmp_path / "kiosk.toml"
    running = Unit(tmp_path, config)
    try:
        assert "not set up yet" in running.told("READY=1")
        running.told("WATCHDOG=1")
        config.write_text("[lane]\n")
        _, said = running.process.communicate(timeout=PATIENCE)
    finally:
        running.process.kill()
        running.door.close()
    assert running.process.returncode == os.EX_TEMPFAIL and "Traceback" not in said


def test_a_device_whose_configuration_is_wrong_is_not_black_and_starts_anew_when_it_was_put_right(
    tmp_path: Path,
) -> None:
    config = tmp_path / "kiosk.toml"
    config.write_text("[lane]\nstore = 7\n")
    running = Unit(tmp_path, config)
    try:
        assert "line 2, lane.store" in running.told("READY=1")
        running.told("WATCHDOG=1")
        config.write_text('[lane]\nstore = "7"\n')
        _, said = running.process.communicate(timeout=PATIENCE)
    finally:
        running.process.kill()
        running.door.close()
    assert running.process.returncode == os.EX_TEMPFAIL and "Traceback" not in said
