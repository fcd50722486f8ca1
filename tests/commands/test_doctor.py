"""kiosk doctor: what a technician reads at 3 a.m."""

from pathlib import Path

import pytest

from drivers.simulated.lane import SimulatedLane
from kiosk.commands.doctor import main
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
