"""One slip, copied: two lanes ask for the same basket at once, or one of them does not hear the answer."""

from pathlib import Path

from drivers.simulated.lane import SimulatedLane
from kiosk.checkout.session import Shopping
from tests.journeys.asides import let_go, noticed, put_aside, show
from tests.journeys.doomed import Doomed
from tests.journeys.rig import STAMPS, Journey
from tests.journeys.shop import Shop


def test_both_at_once(journey: Journey, here: Shop, tmp_path: Path) -> None:
    journey.scan(STAMPS)
    basket = put_aside(journey)
    let_go(journey, here)
    link = here.other(tmp_path / "five", "5")
    with (
        link.linked(),
        SimulatedLane() as lane,
        Doomed(link.folder, lane, link=link.toml, number="5") as other,
    ):
        other.ready()
        other.until(lambda now: bool(now["server"]), "server")
        lane.scanner.scan(basket.name, "]Q1")
        show(journey, basket)
        other.until(lambda now: now["pieces"] == 1 or now["notice"] == "basket_taken", "answer")
        journey.until(
            lambda s: isinstance(s.kept.phase, Shopping) or s.passing.notice == "basket_taken", "an answer"
        )
        assert isinstance(journey.session.kept.phase, Shopping) is (other.now["pieces"] == 0)
    assert here.alarms == []


def test_the_answer_is_lost_and_asked_for_again(journey: Journey, here: Shop) -> None:
    journey.scan(STAMPS)
    basket = put_aside(journey)
    let_go(journey, here)
    here.server.mischief.on = "/v1/baskets/take"
    here.server.mischief.words = ["lost"]
    show(journey, basket)
    noticed(journey, "basket_unheard")
    (fetch,) = journey.session.kept.fetches
    show(journey, basket)
    journey.until_phase(Shopping)
    assert journey.session.kept.fetches == () and journey.session.kept.fetched == 1, fetch
    journey.finish()
    show(journey, basket)
    noticed(journey, "basket_taken")
    assert journey.sold == [119] and journey.charged == 119
