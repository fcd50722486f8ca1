"""Giving back at a nexo terminal, whole and in parts, and the totals of its day."""

from collections.abc import Iterator

import msgspec
import pytest

from drivers.simulated.terminal import Fault
from drivers.simulated.terminal_nexo import NexoTerminal
from drivers.simulated.world import Card
from kiosk.checkout.effects import EndOfDay
from kiosk.checkout.events import NoAnswer, ReadyToSend, TotalsReceived
from kiosk.checkout.money import Outcome, PaymentResult
from kiosk.units import AttemptId, Minor
from tests.drivers.terminals.nexo_till import Till, asked, terminal_with, till_at


@pytest.fixture
def terminal() -> Iterator[NexoTerminal]:
    with terminal_with(Card(last4="4111")) as peer:
        yield peer


@pytest.fixture
def till(terminal: NexoTerminal) -> Iterator[Till]:
    with till_at(terminal) as till:
        yield till


# ---- giving back


def test_a_payment_is_given_back_whole(till, terminal):
    result = till.reverse(till.pay())
    assert result.outcome is Outcome.APPROVED and result.reference
    assert terminal.book.charged == 0
    assert "ReversedAmount" not in asked(terminal, "Reversal")[0]["ReversalRequest"]
    found = till.ask(AttemptId(f"{till.attempt}-r1"), reverses=result)
    assert found.outcome is Outcome.APPROVED


def test_a_part_is_given_back_and_then_another_but_never_more_than_was_paid(till, terminal):
    paid = till.pay()
    assert till.reverse(paid, 500, 1).amount == 500
    assert asked(terminal, "Reversal")[0]["ReversalRequest"]["ReversedAmount"] == 5.0
    assert till.reverse(paid, 1540, 2).outcome is Outcome.APPROVED
    assert terminal.book.charged == 0
    assert till.reverse(paid, 1, 3).outcome is Outcome.NOT_CHARGED


def test_giving_back_twice_is_refused(till, terminal):
    paid = till.pay()
    till.reverse(paid)
    result = till.reverse(paid, number=2)
    assert (result.outcome, result.result_code) == (Outcome.NOT_CHARGED, "NotAllowed")
    assert terminal.book.charged == 0


def test_a_reversal_waits_for_its_mark_like_a_payment(till, terminal):
    paid = till.pay()
    till.acknowledges = False
    till.order(till.reversal(paid))
    till.until(ReadyToSend)
    assert "hear Reversal" not in terminal.steps


def test_a_payment_that_a_colleague_found_has_no_reference_so_it_is_looked_up(till, terminal):
    till.pay()
    by_hand = PaymentResult(Outcome.APPROVED, till.amount, "EUR", authorisation="attendant")
    assert till.reverse(by_hand).outcome is Outcome.APPROVED
    assert terminal.book.charged == 0


def test_what_nothing_finds_again_is_not_given_back_unless_to_a_card(till, terminal):
    by_hand = PaymentResult(Outcome.APPROVED, till.amount, "EUR", authorisation="attendant")
    result = till.reverse(by_hand)
    assert (result.outcome, result.reason) == (Outcome.NOT_CHARGED, "no_reference")
    till.order(msgspec.structs.replace(till.reversal(by_hand, number=2), refund=True))
    assert till.answer(AttemptId(f"{till.attempt}-r2")).outcome is Outcome.APPROVED
    assert terminal.book.charged == -till.amount
    found = till.ask(AttemptId(f"{till.attempt}-r2"), reverses=by_hand)
    assert found.outcome is Outcome.APPROVED


def test_a_busy_terminal_is_not_asked_to_give_back(till, terminal):
    paid = till.pay()
    terminal.busy_answers = 1
    assert till.reverse(paid).reason == "busy"
    assert "hear Reversal" not in terminal.steps
    assert till.reverse(paid).outcome is Outcome.APPROVED


# ---- the end of the day, health


def test_the_days_totals(till):
    paid = till.pay()
    till.attempt = AttemptId("lane-1-7-2")
    till.pay()
    till.attempt = AttemptId("lane-1-7-1")
    till.reverse(paid, 40)
    till.order(EndOfDay(AttemptId("day-1")))
    assert till.until(TotalsReceived) == TotalsReceived(AttemptId("day-1"), Minor(4040), "EUR")
    till.order(EndOfDay(AttemptId("day-2")))
    assert till.until(TotalsReceived).amount == 0


def test_totals_that_do_not_come_are_no_answer(terminal):
    with till_at(terminal, answer=2.0) as till:
        terminal.script = {3: Fault.LOSE}
        till.order(EndOfDay(AttemptId("day-1")))
        assert till.until(NoAnswer).attempt == "day-1"
