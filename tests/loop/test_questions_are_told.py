"""What the server hears of questions: at once what is open, and when a basket has ended how long each took."""

from kiosk.checkout.effects import Report
from kiosk.checkout.events import Approved, HelpPressed, PinAccepted, SaleCancelled
from kiosk.checkout.records import Cancelled, ClosedSale
from kiosk.loop.telemetry import Telemetry, asked
from kiosk.wire import Asked
from tests.checkout.test_a_sale import pay
from tests.lane import MILK, WINE, Lane

SAM = PinAccepted("17", "Sam")


def told(lane: Lane) -> Telemetry:
    telemetry = Telemetry("test")
    for deed in lane.deeds:
        if isinstance(deed, Report) and isinstance(deed.record, ClosedSale | Cancelled):
            telemetry.ended(deed.record)
    return telemetry


def counted(lane: Lane, name: str, **labels: str) -> float:
    beat = told(lane).heartbeat(lane.session, lane.now, lane.now, 0)
    return sum(
        each.value for each in beat.samples if each.name == name and labels.items() <= each.labels.items()
    )


def test_open_questions_the_gravest_first_and_whether_a_colleague_has_them() -> None:
    lane = Lane().buy(MILK).play(HelpPressed()).buy(WINE)
    age, help_ = asked(lane.session)
    assert (age.code, age.severity, help_.code, age.seen) == ("age.restricted", 3, "help.requested", False)
    lane.play(SAM)
    assert all(isinstance(each, Asked) and each.seen for each in asked(lane.session))
    assert asked(Lane().session) == ()


def test_each_question_counts_once_and_its_wait_is_measured() -> None:
    lane = Lane().buy(WINE)
    lane.now = type(lane.now)(lane.now + 20_000)
    pay(lane.play(SAM, Approved("age.restricted")))
    code = {"code": "age.restricted"}
    assert counted(lane, "sco_intervention_total", resolution="approved", **code) == 1
    name = "sco_intervention_wait_seconds"
    assert counted(lane, f"{name}_bucket", le="15", **code) == 0
    assert counted(lane, f"{name}_bucket", le="30", **code) == counted(lane, f"{name}_count", **code) == 1
    assert 20 <= counted(lane, f"{name}_sum", **code) < 30


def test_also_those_of_a_basket_that_was_given_up() -> None:
    lane = Lane().buy(WINE).play(SAM, SaleCancelled("left_behind"))
    assert counted(lane, "sco_intervention_total", code="age.restricted", resolution="timeout") == 1
