"""kill -9 at every stage of a print: one unmarked receipt at most, and never none without an open job on the list."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from drivers.printers import commands
from drivers.simulated.lane import SimulatedLane
from kiosk.checkout.jobs import OPEN, JobState
from kiosk.checkout.records import Duplicate
from kiosk.checkout.session import Finishing, Session
from tests.journeys.rig import CARD, PIN, STAMPS, Journey, job, receipts, unmarked
from tests.journeys.test_killed_and_started_again import Doomed

Moment = Callable[[SimulatedLane, Callable[[], None]], None]


def as_the_first_byte_comes(lane: SimulatedLane, kill: Callable[[], None]) -> None:
    on_hearing(lane, lambda data: commands.INIT in data, kill)


def with_half_of_it_on_paper(lane: SimulatedLane, kill: Callable[[], None]) -> None:
    lane.world.change(paper=30)
    lane.world.watch(lambda scene: kill() if scene.paper <= 0 else None)


def as_it_is_cut(lane: SimulatedLane, kill: Callable[[], None]) -> None:
    on_hearing(lane, lambda data: commands.DONE in data, kill)


def on_hearing(lane: SimulatedLane, wanted: Callable[[bytes], bool], do: Callable[[], None]) -> None:
    """Do it once the printer has heard that, before it has said anything about it."""
    hear = lane.printer.mechanism.hear

    def heard(data: bytes) -> None:
        if wanted(data):
            lane.printer.mechanism.hear = hear
            do()
        hear(data)

    lane.printer.mechanism.hear = heard


MOMENTS: dict[str, Moment] = {
    "as the first byte comes": as_the_first_byte_comes,
    "with half of it on paper": with_half_of_it_on_paper,
    "as it is cut": as_it_is_cut,
}


@pytest.fixture
def lane() -> Iterator[SimulatedLane]:
    with SimulatedLane() as lane:
        yield lane


def settled(session: Session) -> bool:
    """The printer has said how the last of it went."""
    return bool(session.kept.jobs) and session.kept.jobs[-1].state is not JobState.SENT


def paid(doomed: Doomed, lane: SimulatedLane) -> None:
    doomed.ready()
    doomed.scan(STAMPS)
    lane.world.change(card=CARD)
    doomed.press("pay")
    doomed.until(lambda now: now["phase"] == "Finishing", "payment")


def right(journey: Journey, lane: SimulatedLane) -> None:
    """What holds whatever happened."""
    assert unmarked(lane) <= 1
    assert receipts(lane) or any(each.state in OPEN for each in journey.session.kept.jobs)
    counted = [each.copy for each in journey.recorded(Duplicate)]
    assert counted == list(range(1, len(counted) + 1)), "numbered without a gap"
    assert journey.sold == [119] and journey.charged == 119


@pytest.mark.parametrize("power_cut", [False, True], ids=["printer stays on", "printer loses its power"])
@pytest.mark.parametrize("moment", MOMENTS)
def test_at_every_stage(moment: str, power_cut: bool, tmp_path: Path, lane: SimulatedLane) -> None:
    with Doomed(tmp_path, lane) as doomed:
        paid(doomed, lane)
        MOMENTS[moment](lane, doomed.kill)
        doomed.press("print")
        doomed.dead()
    if power_cut:
        lane.printer.mechanism.switch_off_and_on()
    lane.world.change(paper=80_000)
    with Journey(tmp_path, lane) as journey:
        assert isinstance(journey.session.kept.phase, Finishing)
        journey.devices_ready()
        journey.until(settled, "the duplicate")
        right(journey, lane)
        if journey.session.kept.jobs[-1].state is not JobState.PRINTED:
            journey.staff("17", PIN)
            journey.press("print_again")
            journey.until(job(JobState.PRINTED), "the duplicate")
        right(journey, lane)
        assert "DUPLICATE" in lane.printer.papers[-1].text


def test_after_it_was_printed_and_known(tmp_path: Path, lane: SimulatedLane) -> None:
    with Doomed(tmp_path, lane) as doomed:
        paid(doomed, lane)
        doomed.press("print")
        doomed.until(lambda now: now["paper"] == "printed", "receipt")
        doomed.kill()
        doomed.dead()
    with Journey(tmp_path, lane) as journey:
        journey.devices_ready()
        assert journey.session.kept.jobs[-1].state is JobState.PRINTED
        assert (len(receipts(lane)), unmarked(lane)) == (1, 1)
        assert journey.recorded(Duplicate) == []


def test_with_a_printer_that_took_nothing(tmp_path: Path, lane: SimulatedLane) -> None:
    """No byte left before the kill: the receipt that comes later is the original."""
    with Doomed(tmp_path, lane) as doomed:
        paid(doomed, lane)
        asked_for_all = commands.ask(2)  # which it is only before a job
        on_hearing(lane, lambda data: asked_for_all in data, lambda: lane.world.change(cover_open=True))
        doomed.press("print")
        doomed.until(lambda now: now["paper"] == "pending", "refusal")
        doomed.kill()
        doomed.dead()
    lane.world.change(cover_open=False)
    with Journey(tmp_path, lane) as journey:
        journey.devices_ready()
        assert [each.state for each in journey.session.kept.jobs] == [JobState.PENDING]
        journey.print()
        assert (len(receipts(lane)), unmarked(lane)) == (1, 1)
        assert journey.recorded(Duplicate) == []
