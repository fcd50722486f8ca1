"""The machine, the disk, the books and the way to the shop, looked at for the report."""

import json
import socket
import sqlite3
import threading
from pathlib import Path

import pytest

from kiosk.checkout.session import Device, Health
from kiosk.checks import machine as kernel
from kiosk.checks.books import books
from kiosk.checks.devices import asked, of_told
from kiosk.checks.disk import disk, judged
from kiosk.checks.machine import machine
from kiosk.checks.release import release
from kiosk.checks.shop import shop
from kiosk.checks.watch import Watch
from kiosk.config import parse
from kiosk.journal import Journal
from kiosk.readiness import Check, Fault, State
from store.database import open_database
from store.lanes import Lane, add_lane
from store.tls import own_certificate, pin_of
from tests.shop import serving

FLAT = {
    "sys/class/thermal/thermal_zone0/temp": "51540",
    kernel.THROTTLED: "0",
    "proc/meminfo": "MemTotal: 3881508 kB\nMemFree: 100 kB\nMemAvailable: 2912004 kB",
    "sys/block/mmcblk0/device/life_time": "0x01 0x02",
    "sys/block/mmcblk0/device/pre_eol_info": "0x01",
}
"""As a Raspberry Pi 4 with an eMMC says it."""


def pi(folder: Path, **changed: str) -> list[Check]:
    names = {"temp": 0, "throttled": 1, "meminfo": 2, "life": 3, "eol": 4}
    told = dict(FLAT) | {list(FLAT)[names[name]]: text for name, text in changed.items()}
    for name, text in told.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text + "\n")
    return machine(folder)


def test_a_pi_that_is_well(tmp_path: Path) -> None:
    assert [(each.subject, each.seen) for each in pi(tmp_path)] == [
        ("temperature", "51 °C"),
        ("power", "the voltage is right"),
        ("memory", "2843 MiB available"),
        ("wear", "mmcblk0: 10 to 20 % of its life used"),
    ]


@pytest.mark.parametrize(
    ("changed", "fault", "seen"),
    [
        ({"temp": "84231"}, Fault.HOT, "84 °C"),
        ({"throttled": "50005"}, Fault.UNDERVOLTAGE, "the voltage is too low"),
        ({"throttled": "50000"}, Fault.UNDERVOLTAGE, "the voltage was too low since the start"),
        ({"meminfo": "MemAvailable: 30000 kB"}, Fault.MEMORY, "29 MiB available"),
        ({"life": "0x09 0x03"}, Fault.WORN, "mmcblk0: 80 to 90 % of its life used"),
        ({"life": "0x0b 0x01"}, Fault.WORN, "mmcblk0: used up"),
        ({"eol": "0x03"}, Fault.WORN, "mmcblk0: 10 to 20 % of its life used"),
    ],
)
def test_what_ails_a_pi(tmp_path: Path, changed: dict[str, str], fault: Fault, seen: str) -> None:
    (ill,) = [each for each in pi(tmp_path, **changed) if each.state is not State.OK]
    assert (ill.fault, ill.seen, ill.state) == (fault, seen, State.WARN)
    assert ill.expected and ill.steps


def test_a_machine_that_tells_nothing_is_not_blamed(tmp_path: Path) -> None:
    assert machine(tmp_path) == []
    assert all(
        each.subject not in ("power", "wear") for each in pi(tmp_path, throttled="?", life="0x00 0x00")
    )


def test_the_disk(tmp_path: Path) -> None:
    assert judged(tmp_path, 150, 0.001, 0.002).fault is Fault.FULL
    assert judged(tmp_path, 5000, 0.2, 0.9).fault is Fault.SLOW
    assert judged(tmp_path, 5000, 0.004, 0.9).state is State.OK
    file = tmp_path / "file"
    file.write_text("no folder")
    assert disk(tmp_path / "not" / "yet").seen.startswith(f"{tmp_path}: ")
    assert list(tmp_path.iterdir()) == [file]


def test_books_that_are_whole_are_left_as_they_were(tmp_path: Path) -> None:
    path = tmp_path / "journal.db"
    assert [each.seen for each in books(path)] == ["none yet"]
    Journal(path).close()
    before = path.read_bytes()
    found = {each.subject: each for each in books(path)}
    assert all(each.state is State.OK for each in found.values()) and set(found) == {
        "journal",
        "unsent",
        "clock",
    }
    assert path.read_bytes() == before


def test_books_that_are_damaged_behind_or_unsent(tmp_path: Path) -> None:
    path = tmp_path / "journal.db"
    Journal(path).close()
    with sqlite3.connect(path) as db:
        db.execute("PRAGMA foreign_keys=OFF")
        rows = [(n, 1_790_000_000_000, "technical", b"{}", b"") for n in range(2, 302)]
        db.executemany("INSERT INTO ledger (number, at, kind, body, hash) VALUES (?, ?, ?, ?, ?)", rows)
        db.executemany("INSERT INTO outbox VALUES (?)", [(n,) for n in range(2, 302)])
    db.close()
    found = {each.subject: each for each in books(path, now=1_780_000_000)}
    assert found["unsent"].fault is Fault.UNSENT and "300 wait" in found["unsent"].seen
    assert found["clock"].fault is Fault.CLOCK and "2026-09-21" in found["clock"].expected
    raw = bytearray(path.read_bytes())
    raw[4096:8192] = b"\xff" * 4096
    path.write_bytes(raw)
    assert books(path)[0].fault is Fault.DAMAGED


LANE = """
[lane]
store = "0001"
number = "4"
[shop]
name = "Tilleul"
"""


def linked(server: str, pin: str, token: Path) -> list[Check]:
    table = f'[link]\nserver = "{server}"\npin = "{pin}"\ntoken_file = "{token}"\nconnect_timeout = 1.0\n'
    return shop(parse(LANE + table, "lane.toml"))


def test_the_store_server_away_foreign_and_ours(tmp_path: Path) -> None:
    engine = open_database(f"sqlite:///{tmp_path}/store.db")
    token = tmp_path / "token"
    certificate, _ = own_certificate(tmp_path / "keys")
    pin = pin_of(certificate)
    assert linked("https://127.0.0.1:9", pin, token)[0].fault is Fault.TOKEN
    token.write_text("nobody's")
    assert linked("https://127.0.0.1:9", pin, token)[0].fault is Fault.SERVER_AWAY
    with serving(engine, tmp_path / "keys") as server:
        assert linked(server.url, pin, token)[0].fault is Fault.TOKEN
        assert linked(server.url, "sha256/" + "A" * 43 + "=", token)[0].fault is Fault.WRONG_PIN
        token.write_text(add_lane(engine, Lane("0001", "4")))
        (found,) = linked(server.url, pin, token)
    assert found.state is State.OK and token.read_text() not in repr(found)
    assert shop(parse(LANE, "lane.toml"))[0].state is State.ABSENT


def test_a_kiosk_that_runs_is_asked_and_keeps_its_devices(tmp_path: Path) -> None:
    path = tmp_path / "status.sock"
    assert asked(path) is None
    word = {"ready": True, "frame_ms": 16, "devices": {"printer": "fault", "bag": "ready"}}
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as door:
        door.bind(str(path))
        door.listen()

        def answer() -> None:
            line, _ = door.accept()
            with line:
                line.sendall(json.dumps(word).encode() + b"\n")

        thread = threading.Thread(target=answer)
        thread.start()
        told = asked(path)
        thread.join()
    assert told is not None and told.devices == word["devices"]
    assert [of_told(*each).state for each in told.devices.items()] == [State.FAULT, State.OK]


def test_the_image_that_runs(tmp_path: Path) -> None:
    file = tmp_path / "release.json"
    assert release(file).slot_hash == ""
    file.write_text('{"version": "1.4.0", "built": "2026-11-30", "slot_hash": "a1b2"}')
    assert (release(file).version, release(file).slot_hash) == ("1.4.0", "a1b2")
    file.write_text("half a fi")
    assert release(file).built == ""


def test_what_ails_the_machine_is_told_and_that_it_is_over(tmp_path: Path) -> None:
    told: list[Device] = []
    file = tmp_path / "release.json"
    file.write_text('{"version": "1.4.0", "slot_hash": "a1b2c3d4e5f60718"}')
    watch = Watch(lambda seen: told.append(seen.device), tmp_path, file)
    watch.name()
    pi(tmp_path)
    watch.look()
    assert told == [Device("image", Health.READY, "1.4.0 a1b2c3d4e5f6")]
    pi(tmp_path, temp="84231")
    watch.look()
    pi(tmp_path)
    watch.look()
    watch.look()
    assert [(each.name, each.health, each.detail) for each in told[1:]] == [
        ("temperature", Health.FAULT, "84 °C"),
        ("temperature", Health.READY, "51 °C"),
    ]
