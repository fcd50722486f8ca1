"""The contract of a card terminal, on the wire between the Concert E+ driver and the simulated terminal."""

import pytest

from drivers.simulated.world import Card
from drivers.terminals.concert.layout import decode
from drivers.terminals.desk import short
from kiosk.checkout.effects import Abort, Acknowledge, AskTerminal, Authorise, EndOfDay
from kiosk.checkout.events import NoAnswer, ReadyToSend, ResultReceived, TotalsReceived
from kiosk.checkout.money import Mark, Outcome
from kiosk.checkout.passed import TerminalSays
from kiosk.checkout.session import Health
from kiosk.units import AttemptId
from tests.drivers.terminals.till import FASTER, PATIENCE

BEGIN = 3  # the conversation's steps before a payment: ENQ, ACK, EOT
STEPS = [
    "hear ENQ", "say ACK", "hear EOT", "hear ENQ", "say ACK", "hear request", "say ACK", "hear EOT",
    "say ENQ", "hear ACK", "say result", "hear ACK", "say EOT",
]  # fmt: skip


def asks(terminal):
    return [decode(frame) for frame in terminal.log if len(frame) == 37]


# ---- a payment


def test_an_approved_payment(till, terminal):
    here = till()
    result = here.pay()
    assert (result.outcome, result.amount, result.currency) == (Outcome.APPROVED, 2040, "EUR")
    assert (result.terminal_id, result.last4, result.result_code) == ("", "", "0")
    assert terminal.book.charged == 2040
    assert terminal.steps[BEGIN:] == STEPS
    ask = asks(terminal)[0]
    assert (ask.answer, ask.private) == ("0", short(here.attempt, 10))


def test_nothing_leaves_before_it_is_durable_nor_is_a_result_acknowledged(till, terminal):
    here = till()
    here.acknowledges = False
    here.order(Authorise(here.attempt, here.amount, "EUR"))
    here.until(ReadyToSend)
    assert "hear request" not in terminal.steps
    here.order(Acknowledge(here.attempt))
    here.until(ResultReceived)
    assert terminal.steps[-1] == "say result"
    here.order(Acknowledge(here.attempt))
    assert here.answered().outcome is Outcome.APPROVED


def test_a_result_that_cannot_be_written_down_is_unknown_and_told_again(till, terminal):
    terminal.byte_seconds = 0.3
    here = till(byte=FASTER * 0.2, commit=FASTER * 0.1)
    here.acknowledges = False
    here.order(Authorise(here.attempt, here.amount, "EUR"))
    here.until(ReadyToSend)
    here.order(Acknowledge(here.attempt))
    assert here.answered().outcome is Outcome.UNKNOWN
    assert here.ask().outcome is Outcome.UNKNOWN


def test_a_declined_card(till, terminal):
    terminal.world.change(card=Card(bank="declines"))
    here = till()
    result = here.pay()
    assert (result.outcome, result.result_code, result.reason) == (Outcome.NOT_CHARGED, "7", "declined")
    assert terminal.steps[-1] == "say EOT"
    assert not any(isinstance(event, ResultReceived) for event in here.events)


def test_nobody_presents_a_card(till, terminal):
    terminal.world.change(card=None)
    terminal.card_seconds = 0.0
    assert till().pay().outcome is Outcome.NOT_CHARGED


def test_she_goes_back_while_the_terminal_waits(till, terminal):
    terminal.world.change(card=None)
    here = till()
    here.order(Authorise(here.attempt, here.amount, "EUR"))
    here.until(TerminalSays)
    here.order(Abort(here.attempt))
    here.order(EndOfDay(AttemptId("day")))
    terminal.world.change(card=Card(bank="declines"))
    assert here.answered().reason == "cancelled"
    assert here.until(TotalsReceived).amount is None


def test_a_wish_to_break_off_before_anything_was_sent_is_granted_here(till, terminal):
    here = till()
    here.acknowledges = False
    here.order(Authorise(here.attempt, here.amount, "EUR"))
    here.until(ReadyToSend)
    here.order(Abort(here.attempt))
    assert here.answered().reason == "cancelled"
    assert "hear request" not in terminal.steps


# ---- what is no approval of ours


@pytest.mark.parametrize("amount", [2041, 1, 20400])
def test_another_amount_is_never_approved(till, terminal, amount):
    terminal.authorises = amount
    result = till().pay()
    assert (result.outcome, result.amount) == (Outcome.UNKNOWN, amount)


def test_another_currency_or_mode_is_never_approved(till, terminal):
    terminal.pays_in = 756
    assert till().pay().outcome is Outcome.UNKNOWN
    terminal.pays_in, terminal.mode = None, "C"
    assert till().pay().outcome is Outcome.UNKNOWN


@pytest.mark.parametrize("amount", [1999, 2040])
def test_the_amount_of_the_shopper_before_is_never_approved_even_if_it_is_the_same(till, terminal, amount):
    terminal.busy_with = amount
    assert till().pay().outcome is Outcome.UNKNOWN


def test_a_terminal_that_sends_nothing_back_needs_a_profile_that_says_so(till, terminal):
    terminal.echoes = False
    assert till().pay().outcome is Outcome.UNKNOWN
    assert till(echoes=False).pay().outcome is Outcome.APPROVED


def test_of_a_long_answer_four_digits_are_kept(till, terminal):
    terminal.tells_in_clear = "5413330089604111"
    result = till().pay()
    assert (result.outcome, result.last4) == (Outcome.APPROVED, "4111")


def test_a_currency_that_is_not_the_terminals_is_not_sent(till, terminal):
    here = till()
    here.order(Authorise(here.attempt, here.amount, "CHF"))
    assert here.answered().outcome is Outcome.NOT_CHARGED
    assert "hear request" not in terminal.steps


# ---- meal vouchers


def test_a_meal_voucher_may_be_less_and_never_more(till, terminal):
    here = till(meal_voucher="5")
    terminal.authorises = 1900
    assert (here.voucher().outcome, here.voucher().amount) == (Outcome.APPROVED, 1900)
    assert asks(terminal)[0].mode == "5"
    terminal.authorises = 2041
    assert here.voucher().outcome is Outcome.UNKNOWN


def test_a_terminal_without_them_is_not_asked(till, terminal):
    result = till().voucher()
    assert (result.outcome, result.reason) == (Outcome.NOT_CHARGED, "not_supported")
    assert "hear request" not in terminal.steps


# ---- busy, away, late


def test_a_busy_terminal_is_waited_for(hasty, terminal):
    here = hasty()
    terminal.busy_answers = 2
    assert here.pay().outcome is Outcome.APPROVED


def test_back_is_heard_while_the_terminal_is_busy(hasty, terminal):
    here = hasty(ask=FASTER * PATIENCE, ready=FASTER * PATIENCE)
    terminal.busy_answers = 10_000
    here.order(Authorise(here.attempt, here.amount, "EUR"))
    here.until(TerminalSays)
    here.order(Abort(here.attempt))
    assert here.answered().reason == "cancelled"


def test_a_terminal_that_stays_busy_is_not_asked_to_pay(hasty, terminal):
    here = hasty()
    terminal.busy_answers = 10_000
    result = here.pay()
    assert (result.outcome, result.reason) == (Outcome.NOT_CHARGED, "busy")
    assert "hear request" not in terminal.steps


def test_a_result_that_comes_late_and_unasked_settles_the_payment_that_it_is_of(hasty, terminal):
    terminal.world.change(card=None)
    terminal.byte_seconds = PATIENCE
    here = hasty()
    assert here.pay().outcome is Outcome.UNKNOWN
    assert here.ask().reason == "in_progress"
    reached = len(terminal.steps)
    terminal.on_step = lambda step: here.inbox.put(step) if step == "say EOT" else None
    terminal.world.change(card=Card())
    here.until(str)
    result = here.ask()
    assert (result.outcome, result.amount) == (Outcome.APPROVED, 2040)
    assert terminal.steps[reached] == "say ENQ"


def test_a_result_that_comes_late_is_not_taken_for_the_next_ones(hasty, terminal):
    terminal.world.change(card=None)
    terminal.byte_seconds = PATIENCE
    here = hasty(ready=FASTER * PATIENCE)
    assert here.pay().outcome is Outcome.UNKNOWN
    here.attempt = AttemptId("another")
    here.order(Authorise(here.attempt, here.amount, "EUR"))
    here.until(TerminalSays)
    terminal.world.change(card=Card())
    here.check(here.answered(), paid=2040)


def test_without_a_line_nothing_was_sent_and_nothing_asked(till, terminal):
    here = till()
    terminal.unplug()
    here.until_health(Health.OFFLINE)
    assert here.pay().reason == "terminal_away"
    here.order(AskTerminal(here.attempt, here.amount, "EUR", Mark()))
    here.until(NoAnswer)
    terminal.replug()
    here.until_health(Health.READY)
    assert here.pay().outcome is Outcome.APPROVED


def test_a_line_that_is_lost_amid_a_payment_leaves_it_unknown(till, terminal):
    terminal.world.change(card=None)
    here = till()
    here.order(Authorise(here.attempt, here.amount, "EUR"))
    here.until(TerminalSays)
    terminal.unplug()
    assert here.answered().outcome is Outcome.UNKNOWN


def test_a_till_that_is_stopped_amid_a_payment_does_not_know(till, terminal):
    terminal.world.change(card=None)
    here = till()
    here.order(Authorise(here.attempt, here.amount, "EUR"))
    here.until(TerminalSays)
    here.close()
    assert here.answered().outcome is Outcome.UNKNOWN


def test_frames_in_pieces(till, terminal):
    terminal.faults.split = (1,)
    assert till().pay().outcome is Outcome.APPROVED


# ---- giving back


def test_a_payment_is_cancelled_or_a_part_of_it_paid_out(till, terminal):
    here = till()
    paid = here.pay()
    assert here.give_back(paid, 500).outcome is Outcome.APPROVED
    assert terminal.book.charged == 1540
    assert here.give_back(paid).outcome is Outcome.APPROVED
    assert terminal.book.charged == -500
    assert here.give_back(paid).outcome is Outcome.NOT_CHARGED
    assert [ask.type for ask in asks(terminal)] == ["0", "1", "2", "2"]
