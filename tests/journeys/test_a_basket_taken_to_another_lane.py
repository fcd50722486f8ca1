"""Set aside here, paid there: through the store server; and without it only where it was set aside."""

from pathlib import Path

from drivers.simulated.lane import SimulatedLane
from kiosk.checkout.records import Released, Resumed
from kiosk.checkout.session import Shopping
from tests.journeys.asides import let_go, noticed, put_aside, show
from tests.journeys.doomed import Doomed
from tests.journeys.rig import CARD, STAMPS, Journey
from tests.journeys.shop import Shop


def test_it_is_paid_at_lane_5_and_is_gone_from_lane_4(journey: Journey, here: Shop, tmp_path: Path) -> None:
    journey.scan(STAMPS)
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
        other.until(lambda now: now["pieces"] == 2, "basket")
        lane.world.change(card=CARD)
        other.press("pay")
        other.until(lambda now: now["phase"] == "Finishing", "payment")
        assert lane.terminal.book.charged == 238
        show(journey, basket)
        noticed(journey, "basket_taken")
        journey.until_true(lambda: len(here.stored) == 1, "the sale")
    assert journey.session.kept.aside == () and journey.sold == [] and here.alarms == []


def test_without_the_server_it_comes_back_where_it_was_set_aside(journey: Journey, here: Shop) -> None:
    here.server.stop()
    journey.until(lambda s: not s.passing.server, "the server to be missed")
    journey.scan(STAMPS)
    basket = put_aside(journey)
    assert journey.recorded(Released) == []
    show(journey, basket)
    journey.until_phase(Shopping)
    journey.finish()
    assert journey.sold == [119] and [one.id for one in journey.recorded(Resumed)] == [basket.id]
    here.server.start()
    journey.until_true(lambda: len(here.stored) == 1, "the sale")
    assert here.alarms == []


def test_let_go_and_then_the_server_is_away(journey: Journey, here: Shop) -> None:
    """Nobody but the server knows by now who has it: so it is asked, and until then the basket is nowhere else."""
    journey.scan(STAMPS)
    basket = put_aside(journey)
    let_go(journey, here)
    here.server.stop()
    journey.until(lambda s: not s.passing.server, "the server to be missed")
    show(journey, basket)
    noticed(journey, "basket_unheard")
    here.server.start()
    journey.until(lambda s: s.passing.server, "the server")
    if not isinstance(journey.session.kept.phase, Shopping):
        show(journey, basket)
    journey.until_phase(Shopping)
    journey.finish()
    assert journey.sold == [119]
