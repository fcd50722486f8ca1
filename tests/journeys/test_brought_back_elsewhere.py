"""Given back at another lane than it was sold at: through the store server, once, whatever lane is asked next."""

from pathlib import Path

import pytest

from drivers.simulated.lane import SimulatedLane
from drivers.simulated.terminal_book import State
from kiosk.checkout.records import ClosedSale, Refund, Reversal
from kiosk.checkout.session import Finishing, Idle, Refunding, Session
from tests.journeys.doomed import Doomed
from tests.journeys.families import FAMILIES, Family
from tests.journeys.rig import CARD, PIN, STAMPS, Journey
from tests.journeys.shop import GIFT, Shop

RULES = 'tenders = ["gift_card", "card"]'


def arrived(journey: Journey) -> None:
    journey.until_true(lambda: not journey.kiosk.journal.depth(), "everything to be at the server")


def sold_elsewhere(here: Shop, folder: Path) -> None:
    """Two stamps by gift card, at lane 5, whose shopper has gone; nothing of its terminal is needed to give back."""
    here.issue(GIFT, 5_000)
    link = here.other(folder / "five", "5")
    with (
        link.linked(),
        SimulatedLane() as lane,
        Doomed(link.folder, lane, rules=RULES, link=link.toml, number="5") as other,
    ):
        other.ready()
        other.until(lambda now: bool(now["server"]), "server")
        other.scan(STAMPS, STAMPS)
        other.press("pay")
        other.until(lambda now: now["phase"] == "Paying", "choice")
        lane.scanner.scan(GIFT, "]C0")
        other.until(lambda now: now["phase"] == "Finishing", "payment")
        other.until(
            lambda now: now["phase"] == "Finishing" and len(here.stored) == 1 and here.booked == 238, "sale"
        )


def sold_by_card(here: Shop, folder: Path) -> None:
    """A stamp at lane 5, at whose terminal it was the first payment, as every lane's first is the first at its own."""
    link = here.other(folder / "five", "5")
    config = {"rules": RULES, "link": link.toml, "number": "5"}
    with link.linked(), SimulatedLane() as lane, Doomed(link.folder, lane, **config) as other:
        lane.terminal.terminal_id = "29002007"
        lane.world.change(card=CARD)
        other.ready()
        other.scan(STAMPS)
        other.press("pay")
        other.until(lambda now: now["phase"] == "Paying", "choice")
        other.press("pay")
        other.until(lambda now: now["phase"] == "Finishing" and len(here.stored) == 1, "sale")


@pytest.mark.parametrize("family", FAMILIES.values(), ids=FAMILIES)
def test_a_card_of_another_terminal_is_paid_out_and_nobody_elses(
    family: Family, here: Shop, tmp_path: Path
) -> None:
    """Another shopper has paid just as much here; her payment is not the one that goes back."""
    sold_by_card(here, tmp_path)
    with Journey(tmp_path, family.lane(), rules=RULES, link=here.toml) as journey:
        journey.devices_ready()
        journey.until(lambda s: s.passing.server, "the store server")
        journey.scan(STAMPS)
        journey.press("pay")
        journey.until_page("ways")
        journey.press("pay")
        journey.present()
        journey.until_phase(Finishing)
        journey.finish()
        brought(journey, "0187-5-000001")
        journey.until(found, "the sale from the server")
        journey.world.change(card=None)
        journey.press("whole")
        given(journey, family.pays_out_to_the_card)
        (hers, back) = journey.lane.terminal.book.entries
        assert (hers.state, hers.amount) == (State.STORED, 119)
        assert (back.refund, back.reverses, back.amount) == (True, None, 119)
        assert journey.session.kept.taken == journey.charged == 0
        assert journey.session.kept.cases == () and here.alarms == []
        assert [each.amount for each in journey.recorded(Reversal)] == [119]


def brought(journey: Journey, receipt: str) -> None:
    journey.staff("17", PIN)
    journey.press("refund")
    journey.until_phase(Refunding)
    journey.lane.scanner.scan(receipt, "]C0")


def found(session: Session) -> bool:
    return isinstance(session.kept.phase, Refunding) and session.kept.phase.sale is not None


def given(journey: Journey, card: bool = False) -> None:
    journey.press("reason-return")
    journey.until(
        lambda s: isinstance(s.kept.phase, Refunding) and s.kept.phase.done is not None, "the refund"
    )
    if card:
        journey.until_says("Please present your card")
        journey.present()
    journey.until(lambda s: not s.kept.giving_back, "the money to be back")
    journey.press("end")
    journey.until_phase(Idle)
    arrived(journey)


def test_one_piece_and_then_the_other_and_then_no_more(journey: Journey, here: Shop, tmp_path: Path) -> None:
    sold_elsewhere(here, tmp_path)
    assert here.left(GIFT) == 5_000 - 238
    for back in (119, 238):
        brought(journey, "0187-5-000001")
        journey.until(found, "the sale from the server")
        journey.press("line:1")
        given(journey)
        assert here.left(GIFT) == 5_000 - 238 + back
    brought(journey, "0187-5-000001")
    journey.until(found, "the sale from the server")
    assert journey.says("Given back already")
    journey.press("whole")  # off
    journey.press("reason-return")  # off
    journey.press("end")
    journey.until_phase(Idle)
    assert [refund.original.lane for refund in journey.recorded(Refund)] == ["5", "5"]
    assert here.left(GIFT) == 5_000 and here.alarms == []


def test_a_receipt_that_no_lane_has_printed(journey: Journey) -> None:
    brought(journey, "0187-5-000099")
    journey.until_says("No receipt with this number is known here.")


def test_the_server_does_not_answer(journey: Journey, here: Shop) -> None:
    here.server.stop()
    journey.until(lambda s: not s.passing.server, "the server to be missed")
    brought(journey, "0187-5-000001")
    journey.until_says("No receipt with this number is known here.")


def test_given_back_at_another_lane_already(journey: Journey, here: Shop, tmp_path: Path) -> None:
    """Sold here, given back there: this lane's own ledger does not know of it, but the server does."""
    here.issue(GIFT, 5_000)
    journey.scan(STAMPS)
    journey.press("pay")
    journey.until_page("ways")
    journey.lane.scanner.scan(GIFT, "]C0")
    journey.until_phase(Finishing)
    journey.finish()
    arrived(journey)
    link = here.other(tmp_path / "five", "5")
    with (
        link.linked(),
        SimulatedLane() as lane,
        Doomed(link.folder, lane, rules=RULES, link=link.toml, number="5") as other,
    ):
        other.ready()
        other.until(lambda now: bool(now["server"]), "server")
        lane.scanner.scan("STAFF-17", "]C0")
        other.until(lambda now: now["panel"] == "staff_pin", "PIN page")
        for digit in PIN:
            other.press(f"digit-{digit}")
        other.press("ok")
        other.until(lambda now: bool(now["staff"]), "PIN")
        other.press("refund")
        other.until(lambda now: now["phase"] == "Refunding", "refund page")
        lane.scanner.scan("0187-4-000001", "]C0")
        other.until(lambda now: bool(now["found"]), "sale")
        other.press("whole")
        other.press("reason-return")
        other.until(lambda now: bool(now["refunded"]), "refund")
        journey.until_true(lambda: here.left(GIFT) == 5_000, "the credit")
    brought(journey, "0187-4-000001")
    journey.until_says("Given back already")
    journey.press("end")
    journey.until_phase(Idle)
    assert journey.recorded(Refund) == [] and here.alarms == []
    assert len(journey.recorded(ClosedSale)) == 1
