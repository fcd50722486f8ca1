"""Ten pieces of a kind, scanned as fast as the scanner sends them: each counts, and nothing makes the next one wait."""

from pathlib import Path

from kiosk.commands.script import shopping
from tests.journeys.rig import Journey
from tests.lane import YOGHURT


def test_ten_yoghurts_without_a_pause(tmp_path: Path) -> None:
    with Journey(tmp_path) as journey:
        journey.devices_ready()
        for _ in range(10):
            journey.lane.scanner.scan(f"{YOGHURT.gtin:013d}")
        journey.until(shopping(lambda sale: [line.qty for line in sale.lines] == [10]), "ten pieces")
        scans = [timing for timing in journey.kiosk.loop.timings if timing.event == "Scanned"]
        assert len(scans) == 10
