"""Paying goes wrong: the bank says no, the card does not come, Back is pressed at the worst moment."""

from pathlib import Path

import pytest

from drivers.simulated.terminal import Fault
from drivers.simulated.world import Card
from kiosk.checkout.model import Why
from kiosk.checkout.money import Stage
from kiosk.checkout.session import Finishing, Idle, Paying, Session, Shopping
from tests.journeys.rig import CARD, PIN, RESULT, STAMPS, Journey

DECLINED = Card(last4="0002", bank="declines")


def refused(session: Session) -> bool:
    phase = session.kept.phase
    return isinstance(phase, Paying) and phase.attempt is None


def in_doubt(session: Session) -> bool:
    attempt = getattr(session.kept.phase, "attempt", None)
    return attempt is not None and attempt.stage in {Stage.CHECKING, Stage.WITH_STAFF}


def test_the_bank_says_no_and_another_card_pays(tmp_path: Path) -> None:
    with Journey(tmp_path) as journey:
        journey.devices_ready()
        journey.scan(STAMPS)
        journey.ask_for_card()
        journey.present(DECLINED)
        journey.until(refused, "the bank's no")
        assert journey.says("Your basket is kept.")
        journey.world.change(card=None)
        journey.pay_by_card(CARD)
        assert journey.charged == 119
        assert journey.sold == [119]
        (sale,) = journey.kiosk.journal.sales()
        assert [tender.result and tender.result.last4 for tender in sale.tenders] == ["4417"]


def test_nobody_presents_a_card_and_the_lane_is_free_again(tmp_path: Path) -> None:
    quick = "idle_prompt = 1000\nidle_countdown = 1000\nsuspend_after = 1000"
    with Journey(tmp_path, rules=quick) as journey:
        journey.devices_ready()
        journey.lane.terminal.card_seconds = 0.2
        journey.scan(STAMPS)
        journey.ask_for_card()
        journey.until(refused, "the terminal to give up")
        journey.until_phase(Shopping)
        journey.until_asked(Why.IDLE_ABANDONED)
        journey.until_phase(Idle)
        assert journey.charged == 0
        assert journey.sold == []


def test_the_card_comes_late_and_still_pays_once(tmp_path: Path) -> None:
    with Journey(tmp_path) as journey:
        journey.devices_ready()
        journey.lane.terminal.slow_seconds = 0.15
        journey.scan(STAMPS)
        journey.pay_by_card(CARD)
        assert journey.charged == 119
        assert journey.sold == [119]


def test_pay_pressed_twice_asks_for_the_card_once(tmp_path: Path) -> None:
    with Journey(tmp_path) as journey:
        journey.devices_ready()
        journey.scan(STAMPS)
        journey.until_page("basket")
        presses = [journey.kiosk.glass.press("pay") for _ in range(2)]
        for press in presses:
            press.result(20)
        journey.until(lambda s: s.passing.terminal_says == "present_card", "the terminal to ask")
        journey.present()
        journey.until_phase(Finishing)
        assert journey.lane.terminal.steps.count("hear 06 01") == 1
        assert journey.charged == 119


def test_back_before_the_card_leads_to_the_basket(tmp_path: Path) -> None:
    with Journey(tmp_path) as journey:
        journey.devices_ready()
        journey.scan(STAMPS)
        journey.ask_for_card()
        journey.press("back")
        journey.until_phase(Shopping)
        journey.scan(STAMPS)
        journey.pay_by_card(CARD)
        assert journey.charged == 238
        assert journey.sold == [238]


def test_back_while_the_terminal_is_still_busy_sends_no_payment(tmp_path: Path) -> None:
    with Journey(tmp_path) as journey:
        journey.devices_ready()
        journey.lane.terminal.busy_answers = 10
        journey.scan(STAMPS)
        journey.press("pay")
        journey.until(lambda s: s.passing.terminal_says == "please_wait", "the terminal to be busy")
        journey.press("back")
        journey.until_phase(Shopping)
        assert "hear 06 01" not in journey.lane.terminal.steps
        journey.pay_by_card(CARD)
        assert journey.charged == 119


def test_back_at_the_moment_of_the_card_is_a_sale_all_the_same(tmp_path: Path) -> None:
    with Journey(tmp_path) as journey:
        journey.devices_ready()
        journey.lane.terminal.ignores_break = True
        journey.scan(STAMPS)
        journey.ask_for_card()
        journey.press("back")
        journey.until(
            lambda s: bool(getattr(s.kept.phase, "attempt", None) and s.kept.phase.attempt.cancelled),
            "the wish",
        )
        assert journey.says("We are stopping the payment.")
        journey.present()
        journey.until_phase(Finishing)
        assert journey.charged == 119
        assert journey.sold == [119]


@pytest.mark.parametrize("paid", [True, False])
def test_a_result_that_nobody_knows_is_decided_by_a_colleague(paid: bool, tmp_path: Path) -> None:
    with Journey(tmp_path, rules="ask_limit = 4") as journey:
        journey.devices_ready()
        journey.lane.terminal.repeats = False
        journey.in_payment(RESULT, Fault.CUT_BEFORE)
        journey.scan(STAMPS)
        journey.ask_for_card()
        journey.present()
        journey.until(in_doubt, "the doubt")
        assert journey.says("do not pay again")
        journey.until_asked(Why.PAYMENT_UNKNOWN)
        journey.staff("17", PIN)
        journey.press("paid" if paid else "not_paid")
        if paid:
            journey.until_phase(Finishing)
            (sale,) = journey.kiosk.journal.sales()
            assert [tender.result and tender.result.authorisation for tender in sale.tenders] == ["attendant"]
            assert [(s.intervention.why, s.by) for s in sale.settled] == [(Why.PAYMENT_UNKNOWN, "17")]
        else:
            journey.until(refused, "another try")
            assert journey.sold == []
