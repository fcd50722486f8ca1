"""kiosk tape: what a device said on a bench is what its driver hears again."""

import json
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from drivers.simulated.lane import SimulatedLane
from drivers.simulated.scanner import Scanner
from drivers.simulated.scanner_hid import HidScanner
from kiosk.commands.tape import main
from tests.journeys.rig import written

SWIPE = ";4111111111111111=25121010000000000000?"
SHOP = '[lane]\nstore = "1"\nnumber = "1"\n[shop]\nname = "Bench"\n[codes]\nmember = ["2950*"]\n'


def recorded(arguments: list[str], opened: threading.Event, then: Callable[[], None]) -> int:
    """Record while something is done to the device once its line is open."""
    codes: list[int] = []
    thread = threading.Thread(target=lambda: codes.append(main(arguments)), daemon=True)
    thread.start()
    assert opened.wait(30)
    then()
    thread.join(60)
    assert codes, "the recording does not end"
    return codes[0]


def events(told: str) -> list[str]:
    """What was printed, without its times; a number that is not shown has no more to it."""
    return [line.split(None, 1)[1] for line in told.splitlines()]


def rows(tape: Path) -> list[dict[str, str]]:
    return [json.loads(row) for row in tape.read_text().splitlines()]


@pytest.mark.parametrize("kind", ["serial", "hid-pos"])
def test_a_scanner_played_again_says_the_same(
    kind: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    opened = threading.Event()
    made = {"serial": Scanner, "hid-pos": HidScanner}[kind]

    class Bench(made):  # type: ignore[misc, valid-type]
        def connected(self) -> None:
            super().connected()
            opened.set()

    def scan() -> None:
        peer.scan("4006381333931", "]E0")
        peer.scan("96385074", "]E4")
        peer.scan(SWIPE, "]C0")
        peer.scan("2950000000017", "]E0")

    path, tape = tmp_path / "bench.toml", tmp_path / "scanner.tape"
    with Bench() as peer:
        path.write_text(f'{SHOP}[[scanners]]\nmodel = "{kind}"\nport = "{peer.port}"\n')
        # ready, two goods, a card, the member's number and the member
        arguments = ["record", "scanner", "--config", str(path), "--out", str(tape), "--events", "6"]
        assert recorded(arguments, opened, scan) == 0
    told = capsys.readouterr().out
    assert "a number of a member, which is not shown" in told
    assert main(["play", "scanner", str(tape), "--config", str(path)]) == 0
    played = capsys.readouterr().out
    first, again = events(told), events(played)
    assert again[:3] == first[:3] and "4006381333931" in first[1]
    assert '"health":"offline"' in again[-1]  # at its end
    kept = told + played + bytes.fromhex("".join(row["hex"] for row in rows(tape))).decode("latin-1")
    assert "4111" not in kept and "2950" not in kept


def test_a_scale_is_recorded_with_what_it_was_asked(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path, tape = tmp_path / "kiosk.toml", tmp_path / "bag.tape"
    with SimulatedLane() as lane:
        path.write_text(written(tmp_path, lane))
        lane.world.put("bag", 500)
        assert main(["record", "bag", "--config", str(path), "--out", str(tape), "--events", "3"]) == 0
    assert '"grams":500' in capsys.readouterr().out
    assert {row["dir"] for row in rows(tape)} == {"in", "out"}
    assert main(["play", "bag", str(tape), "--config", str(path)]) == 0
    assert '"grams":500' in capsys.readouterr().out


def test_what_cannot_be_taped_is_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "kiosk.toml"
    with SimulatedLane() as lane:
        path.write_text(written(tmp_path, lane))
    assert main(["record", "camera", "--config", str(path)]) == 2
    assert "no 'camera' in this lane: expected one of scanner, scanner 2," in capsys.readouterr().err
    (tmp_path / "old.tape").touch()
    assert main(["record", "bag", "--config", str(path), "--out", str(tmp_path / "old.tape")]) == 2
    assert "is there already" in capsys.readouterr().err
    assert main(["record", "bag", "--config", str(tmp_path / "none.toml")]) == 2
    assert "none.toml" in capsys.readouterr().err


def test_a_device_that_is_not_there(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "kiosk.toml"
    with SimulatedLane() as lane:
        path.write_text(written(tmp_path, lane))
        lane.bag.unplug()
        out = str(tmp_path / "bag.tape")
        assert main(["record", "bag", "--config", str(path), "--out", out, "--events", "1"]) == 1
    assert '"health":"offline"' in capsys.readouterr().out
