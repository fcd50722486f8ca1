"""A scale is unplugged and a printer has no paper: the technician is told what to do, and the report knows it too."""

from pathlib import Path

from screens.lane import Lane
from screens.repair import as_report
from tests.journeys.rig import PIN, Journey


def faults(journey: Journey) -> list[tuple[str, str]]:
    """What the code on the report page says."""
    found = as_report(Lane(journey.session, journey.kiosk.glass.words, journey.kiosk.clock.now()))
    return [(each.subject, each.fault or "") for each in found.checks if each.kind == "device"]


def test_step_by_step_until_everything_is_well(tmp_path: Path) -> None:
    with Journey(tmp_path) as journey:
        journey.devices_ready()
        journey.unplug("bag")
        journey.staff("17", PIN)
        journey.press("service")
        journey.press("repair")
        journey.until_says("Check the cable at both ends.")
        journey.lane.world.change(paper=0)
        journey.until_says("Printer")
        if not journey.says("Put in a new paper roll."):
            journey.press("repair-printer")
        journey.until_says("Put in a new paper roll.")
        assert sorted(faults(journey)) == [("bag", "unreachable"), ("printer", "paper_out")]

        journey.replug("bag")
        journey.lane.world.change(paper=80_000)
        journey.devices_ready()
        journey.until_says("Everything is well.")
        journey.press("back")
        journey.press("report")
        journey.until_says("Scan this with a phone and send what it says.")
        assert faults(journey) == []
