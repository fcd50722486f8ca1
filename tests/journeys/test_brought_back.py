"""A colleague gives back: by its barcode, at the price really paid, once; and what the terminal says to it."""

from pathlib import Path

import pytest

from drivers.simulated.lane import SimulatedLane
from drivers.simulated.terminal_book import State
from drivers.simulated.terminal_zvt import ZvtTerminal
from kiosk.checkout.money import CaseWhy
from kiosk.checkout.records import Refund, Reversal, Technical
from kiosk.checkout.session import Finishing, Idle, Refunding, Session
from tests.journeys.families import FAMILIES, Family
from tests.journeys.rig import CARD, OTHER_PIN, PIN, STAMPS, Journey
from tests.lane import MILK, YOGHURT

RECEIPT = "0187-4-000001"
PAID = 125 + 2 * 199  # three yoghurts for two, and the milk


def three_for_two(journey: Journey) -> None:
    """Sold, and the shopper has gone."""
    journey.devices_ready()
    for item in (MILK, YOGHURT, YOGHURT, YOGHURT):
        journey.buy(item)
    journey.pay_by_card(CARD)
    journey.print()
    journey.press("finish")
    journey.until_phase(Idle)
    journey.world.change(card=None)


def stamps(journey: Journey) -> None:
    journey.devices_ready()
    journey.scan(STAMPS)
    journey.press("pay")
    journey.present()
    journey.until_phase(Finishing)
    journey.finish()
    journey.world.change(card=None)


def brought(journey: Journey, receipt: str = RECEIPT) -> None:
    """A colleague with her PIN scans the receipt."""
    journey.staff("17", PIN)
    journey.press("refund")
    journey.until_phase(Refunding)
    journey.lane.scanner.scan(receipt, "]C0")


def found(journey: Journey) -> None:
    journey.until(lambda s: isinstance(s.kept.phase, Refunding) and s.kept.phase.sale is not None, "the sale")


def given_back(journey: Journey, card: bool = False) -> None:
    """Confirmed, and nothing is under way any more."""
    journey.press("reason-return")
    journey.until(lambda s: isinstance(s.kept.phase, Refunding) and s.kept.phase.done is not None, "a refund")
    if card:
        journey.until_says("Please present your card")
        journey.present()
    journey.until(settled, "the money to be back")


def settled(session: Session) -> bool:
    return not session.kept.giving_back


def leave(journey: Journey) -> None:
    journey.press("end")
    journey.until_phase(Idle)
    journey.world.change(card=None)


def test_one_of_three_for_two_goes_back_at_its_share_and_never_twice(tmp_path: Path) -> None:
    with Journey(tmp_path) as journey:
        three_for_two(journey)
        assert journey.sold == [PAID] and journey.charged == PAID
        parts = []
        for time in range(3):
            brought(journey)
            found(journey)
            journey.press("line:2")
            given_back(journey, card=True)
            leave(journey)
            parts = [refund.amount for refund in journey.recorded(Refund)]
            assert len(parts) == time + 1
            assert journey.charged == PAID - sum(parts)
        assert sorted(parts) == [132, 133, 133]
        brought(journey)
        found(journey)
        assert journey.says("Given back already")
        journey.press("whole")
        given_back(journey, card=True)
        leave(journey)
        assert journey.charged == 0
        brought(journey)
        found(journey)
        assert not journey.says("0 of 1 go back")
        journey.press("reason-return")  # off: it says why
        journey.press("whole")
        leave(journey)
        assert sum(refund.amount for refund in journey.recorded(Refund)) == PAID
        assert journey.kiosk.journal.broken_chain() is None


@pytest.mark.parametrize("family", FAMILIES.values(), ids=FAMILIES)
def test_a_whole_sale_is_taken_back(family: Family, tmp_path: Path) -> None:
    """And not the payment of the next shopper, who has paid as much."""
    with Journey(tmp_path, family.lane()) as journey:
        stamps(journey)
        stamps(journey)
        brought(journey)
        found(journey)
        journey.press("whole")
        given_back(journey)
        assert journey.says("Given back")
        leave(journey)
        hers, the_next, *_ = journey.lane.terminal.book.entries
        assert the_next.state is State.STORED and journey.charged == 119
        assert hers.state is State.REVERSED or journey.lane.terminal.book.entries[2].refund
        (refund,) = journey.recorded(Refund)
        assert refund.whole and refund.by == "17" and refund.amount == 119
        (reversal,) = journey.recorded(Reversal)
        assert reversal.amount == 119
        assert journey.session.kept.taken == 119
        assert "VOID OF A SALE" in journey.lane.printer.papers[-1].text


def test_the_power_fails_while_it_goes_back(tmp_path: Path) -> None:
    """Before the first byte, and after the terminal has done it: given back once."""
    with Journey(tmp_path) as journey:
        stamps(journey)
        brought(journey)
        found(journey)
        journey.press("whole")
        journey.until(lambda s: bool(s.kept.phase.chosen), "the choice")
        done: list[str] = []
        terminal = journey.lane.terminal
        terminal.on_step = done.append
        terminal.faults.half_open = True
        journey.press("reason-return")
        journey.until(lambda s: bool(s.kept.giving_back), "the reversal")
        journey.stop()
        terminal.faults.half_open = False
        journey.start()
        journey.until(settled, "the money to be back")
        assert journey.charged == 0
        assert len(journey.recorded(Refund)) == len(journey.recorded(Reversal)) == 1


def test_the_terminal_refuses_and_a_colleague_sees_to_it_by_name(tmp_path: Path) -> None:
    terminal = ZvtTerminal()
    terminal.declines_reversal = 0x05
    with Journey(tmp_path, SimulatedLane(terminal=terminal)) as journey:
        stamps(journey)
        brought(journey)
        found(journey)
        journey.press("whole")
        given_back(journey)
        leave(journey)
        assert journey.charged == 119
        (case,) = journey.session.kept.cases
        assert case.why is CaseWhy.NOT_REVERSED and case.amount == 119
        journey.stop()
        journey.start()
        assert journey.session.kept.cases == (case,)
        journey.devices_ready("scanner")
        journey.staff("23", OTHER_PIN)
        journey.until_says("€1.19 did not go back")
        journey.press(f"case-{case.id}-cleared")
        journey.until(lambda s: not s.kept.cases, "the case to be cleared")
        (cleared,) = [each for each in journey.recorded(Technical) if each.name == "case_cleared"]
        assert cleared.fields["by"] == "23" and cleared.fields["amount"] == 119


def test_a_receipt_that_nobody_knows_and_one_of_another_lane(tmp_path: Path) -> None:
    """Without a store server only this lane's own sales can be given back."""
    with Journey(tmp_path) as journey:
        stamps(journey)
        for number in ("0187-4-000002", "0187-5-000001"):
            brought(journey, number)
            journey.until_says("No receipt with this number is known here.")
            leave(journey)
        assert journey.recorded(Refund) == []
        assert [e.state for e in journey.lane.terminal.book.entries] == [State.STORED]
