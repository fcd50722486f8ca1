"""kiosk doctor: what a technician reads at 3 a.m."""

from pathlib import Path

import msgspec
import numpy as np
import pytest

from drivers.camera.decode import Decoder
from drivers.simulated.lane import SimulatedLane
from kiosk.commands.doctor import main
from kiosk.readiness import Report, State
from tests.journeys.rig import written


def lane_file(folder: Path, lane: SimulatedLane) -> str:
    (folder / "pepper").write_text("pepper")
    path = folder / "kiosk.toml"
    path.write_text(written(folder, lane))
    return str(path)


def test_a_lane_that_is_well(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with SimulatedLane() as lane:
        assert main([lane_file(tmp_path, lane)]) == 0
    told = capsys.readouterr().out
    assert "BAD" not in told and "a commit takes" in told
    for name in (*lane.peers, "light", "disk", "python packages", "fonts"):
        assert f"ok   {name}" in told


def test_what_is_not_well_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with SimulatedLane() as lane:
        lane.world.change(paper=0)
        lane.bag.unplug()
        assert main([lane_file(tmp_path, lane)]) == 1
    told = capsys.readouterr().out
    assert "BAD  bag              offline" in told
    assert "BAD  printer          ready" in told and "paper out" in told
    assert "ok   terminal" in told


def test_a_configuration_that_is_not_there(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([str(tmp_path / "none.toml")]) == 2
    assert "none.toml" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("grams", "told"), [(0, "at zero"), (1250, "1250 g"), (-100, "below zero"), (16_000, "overloaded")]
)
def test_what_the_scales_read_is_told_apart(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], grams: int, told: str
) -> None:
    with SimulatedLane() as lane:
        lane.world.change(bag=grams, produce=grams)
        code = main([lane_file(tmp_path, lane)])
    said = capsys.readouterr().out
    well = told in ("at zero", "1250 g")
    assert code == (0 if well else 1)
    for name in ("produce", "bag"):
        assert f"{'ok  ' if well else 'BAD '} {name:16} ready, {told}" in said


def test_a_camera_whose_process_is_not_there(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with SimulatedLane() as lane:
        file = Path(lane_file(tmp_path, lane))
        camera = (
            f'[[scanners]]\nmodel = "camera"\ndevice = "/dev/video0"\nsocket = "{tmp_path}/camera.sock"\n'
        )
        file.write_text(f"{file.read_text()}\n{camera}")
        assert main([str(file)]) == 1
    told = capsys.readouterr().out
    assert "ok   camera decoders" in told and "zxing" in told
    bad = [line for line in told.splitlines() if line.startswith("BAD")]
    assert len(bad) == 1 and "camera.sock: No such file" in bad[0]


def test_what_to_do_stands_under_what_is_wrong(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with SimulatedLane() as lane:
        lane.world.change(paper=0)
        main([lane_file(tmp_path, lane)])
    told = capsys.readouterr().out.splitlines()
    at = next(number for number, line in enumerate(told) if line.startswith("BAD  printer"))
    assert told[at + 1 : at + 3] == [
        "       1. Put in a new paper roll. (staff)",
        "       2. Close the cover firmly. (staff)",
    ]
    assert told[-1] == "not ready: 1 to repair"


def test_the_report_as_data(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with SimulatedLane() as lane:
        lane.bag.unplug()
        assert main([lane_file(tmp_path, lane), "--json"]) == 1
    found = msgspec.json.decode(capsys.readouterr().out, type=Report)
    bag = next(each for each in found.checks if each.subject == "bag")
    assert (bag.state, bag.kind) == (State.FAULT, "device") and bag.fault is not None
    assert bag.steps[0].who == "staff" and (found.store, found.lane) == ("0187", "4")


def test_a_phone_reads_the_code_on_the_terminal(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with SimulatedLane() as lane:
        lane.world.change(paper=0)
        main([lane_file(tmp_path, lane), "--qr"])
    shown = [line for line in capsys.readouterr().out.splitlines() if line.startswith("\033[30;107m")]
    rows = [line.removeprefix("\033[30;107m").removesuffix("\033[0m") for line in shown]
    halves = [[glyph in glyphs for glyph in row] for row in rows for glyphs in ("▀█", "▄█")]
    picture = np.kron(np.where(np.array(halves), 0, 255).astype(np.uint8), np.ones((4, 4), np.uint8))
    (read,) = Decoder().decode(picture)
    assert "PRINTER:PAPER-OUT" in read.text
    assert main(["--read", read.text]) == 1
    assert "1. Put in a new paper roll. (staff)" in capsys.readouterr().out
    assert main(["--read", "hello"]) == 2
