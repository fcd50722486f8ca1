"""The power goes while a basket changes hands: afterwards it is in exactly one, and it is paid once."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from drivers.simulated.lane import SimulatedLane
from kiosk.checkout.records import HandedOver, Resumed
from kiosk.checkout.session import Handover, Idle, Shopping
from tests.journeys.asides import let_go, put_aside, show
from tests.journeys.doomed import Doomed
from tests.journeys.rig import PIN, STAMPS, Journey
from tests.journeys.shop import shop


@pytest.fixture
def lane() -> Iterator[SimulatedLane]:
    with SimulatedLane() as lane:
        yield lane


@pytest.mark.parametrize("seen", [True, False])
def test_as_it_is_set_aside(seen: bool, tmp_path: Path, lane: SimulatedLane) -> None:
    """Killed as soon as the page is there, or at some moment after the key was pressed."""
    with Doomed(tmp_path, lane) as doomed:
        doomed.ready()
        doomed.scan(STAMPS)
        lane.scanner.scan("STAFF-17", "]C0")
        doomed.until(lambda now: now["panel"] == "staff_pin", "PIN page")
        for digit in PIN:
            doomed.press(f"digit-{digit}")
        doomed.press("ok")
        doomed.until(lambda now: bool(now["staff"]), "PIN")
        doomed.press("put_aside")
        if seen:
            doomed.until(lambda now: now["phase"] == "Handover", "page with the code")
        doomed.kill()
        doomed.dead()
    with Journey(tmp_path, lane) as journey:
        journey.devices_ready()
        aside = journey.recorded(HandedOver)
        assert (
            len(aside) == len(journey.session.kept.aside) == isinstance(journey.session.kept.phase, Handover)
        )
        assert seen <= bool(aside)
        if aside:
            show(journey, aside[0])
            journey.until_phase(Shopping)
        assert journey.session.kept.aside == ()
        journey.finish()
        assert journey.sold == [119] and journey.charged == 119


def test_between_the_servers_hand_and_the_lanes_book(tmp_path: Path, lane: SimulatedLane) -> None:
    """The server has handed it out, the lane was dead before it had heard so."""
    with shop(tmp_path) as here, here.linked():
        with Journey(tmp_path, lane, link=here.toml) as journey:
            journey.devices_ready()
            journey.until(lambda s: s.passing.server, "the store server")
            journey.scan(STAMPS)
            basket = put_aside(journey)
            let_go(journey, here)
            here.server.mischief.on = "/v1/baskets/take"
            here.server.mischief.words = ["lost"]
            show(journey, basket)
            journey.until(lambda s: bool(s.passing.notice == "basket_unheard"), "the answer to be lost")
            assert isinstance(journey.session.kept.phase, Idle)
            journey.stop()
            journey.start()
            journey.devices_ready()
            journey.until(lambda s: not s.kept.fetches, "the answer")
            if isinstance(
                journey.session.kept.phase, Idle
            ):  # it took long: nobody is believed to stand there
                show(journey, basket)
            journey.until_phase(Shopping)
            journey.finish()
            assert journey.sold == [119] and len(journey.recorded(Resumed)) == 1
            assert here.alarms == []
