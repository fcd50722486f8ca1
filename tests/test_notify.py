"""What systemd hears, on a real datagram socket."""

import os
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from kiosk import notify


@pytest.fixture(params=["path", "abstract"])
def systemd(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[socket.socket]:
    name = str(tmp_path / "notify") if request.param == "path" else f"@kiosk-test-{os.getpid()}"
    monkeypatch.setenv("NOTIFY_SOCKET", name)
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as hears:
        hears.bind(name.replace("@", "\0"))
        hears.setblocking(False)
        yield hears


def test_each_state_is_one_datagram(systemd: socket.socket) -> None:
    assert notify.ready("open")
    assert notify.watchdog("12 lines")
    assert notify.watchdog()
    assert notify.stopping("waits for a card", seconds=90)
    assert [systemd.recv(4096) for _ in range(4)] == [
        b"READY=1\nSTATUS=open",
        b"WATCHDOG=1\nSTATUS=12 lines",
        b"WATCHDOG=1",
        b"STOPPING=1\nSTATUS=waits for a card\nEXTEND_TIMEOUT_USEC=90000000",
    ]


def test_a_status_cannot_smuggle_a_line_in(systemd: socket.socket) -> None:
    notify.watchdog("Café\nREADY=1")
    assert systemd.recv(4096) == "WATCHDOG=1\nSTATUS=Café READY=1".encode()


def test_a_deaf_systemd_stops_nobody(systemd: socket.socket) -> None:
    sent = 0
    while notify.watchdog("x" * 1000):
        sent += 1
    assert sent > 0


def test_without_systemd_nothing_happens(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("NOTIFY_SOCKET", raising=False)
    assert not notify.ready("open")
    monkeypatch.setenv("NOTIFY_SOCKET", str(tmp_path / "gone"))
    assert not notify.ready("open")


@pytest.mark.parametrize(
    ("environment", "seconds"),
    [
        ({}, None),
        ({"WATCHDOG_USEC": "20000000"}, 20.0),
        ({"WATCHDOG_USEC": "500000", "WATCHDOG_PID": str(os.getpid())}, 0.5),
        ({"WATCHDOG_USEC": "20000000", "WATCHDOG_PID": "1"}, None),
    ],
)
def test_how_often_the_watchdog_wants_to_hear(
    environment: dict[str, str], seconds: float | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("WATCHDOG_USEC", "WATCHDOG_PID"):
        monkeypatch.delenv(name, raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    assert notify.watchdog_seconds() == seconds
