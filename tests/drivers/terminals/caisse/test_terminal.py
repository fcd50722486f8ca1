"""The contract of a card terminal, on the wire between the Caisse-AP driver and the simulated terminal."""

import pytest

from drivers.simulated.world import Card
from kiosk.checkout import effects
from kiosk.checkout.effects import Abort, Acknowledge, AskTerminal, Authorise, EndOfDay
from kiosk.checkout.events import NoAnswer, ReadyToSend, ResultReceived, TerminalAnswered, TotalsReceived
from kiosk.checkout.money import Mark, Outcome
from kiosk.checkout.passed import DeviceSeen, TerminalSays
from kiosk.checkout.session import Health
from kiosk.units import AttemptId, Minor
from tests.drivers.terminals.till import FASTER, PATIENCE


def heard(terminal, action):
    return terminal.steps.count(f"hear CD={action}")


# ---- a payment


def test_an_approved_payment(till, terminal):
    result = till().pay()
    assert (result.outcome, result.amount, result.currency) == (Outcome.APPROVED, 2040, "EUR")
    assert (result.last4, result.card_name, result.authorisation) == ("4111", "CB contactless", "000734")
    assert result.terminal_id == "" and result.receipt_no == ""
    assert terminal.book.charged == 2040


def test_it_says_which_terminal_it_is_where_it_has_a_tag_for_that(till, terminal):
    terminal.serial = "82110932"
    here = till()
    assert here.events[-1].device.detail == "82110932"
    assert here.pay().terminal_id == ""
    here = till(omits=())
    assert here.pay().terminal_id == here.mark.terminal_id == "82110932"


def test_nothing_leaves_before_it_is_durable_and_the_call_is_held_until_the_result_is(till, terminal):
    here = till()
    here.acknowledges = False
    here.order(Authorise(here.attempt, here.amount, "EUR"))
    assert here.until(ReadyToSend).mark == Mark()
    assert heard(terminal, 0) == 0
    here.order(Acknowledge(here.attempt))
    assert here.until(ResultReceived).result.amount == 2040
    assert not any(isinstance(event, TerminalAnswered) for event in here.events)
    here.order(Acknowledge(here.attempt))
    assert here.answered().outcome is Outcome.APPROVED


def test_a_result_that_is_never_acknowledged_is_true_all_the_same(till, terminal):
    here = till(commit=1.0)
    here.acknowledges = False
    here.order(Authorise(here.attempt, here.amount, "EUR"))
    here.until(ReadyToSend)
    here.order(Acknowledge(here.attempt))
    here.check(here.answered())


def test_a_declined_card(till, terminal):
    terminal.world.change(card=Card(bank="declines"))
    here = till()
    result = here.pay()
    assert (result.outcome, result.result_code, result.reason) == (Outcome.NOT_CHARGED, "01/04", "declined")
    assert not any(isinstance(event, ResultReceived) for event in here.events)


def test_a_decline_that_does_not_name_the_amount_is_one(till, terminal):
    terminal.world.change(card=Card(bank="declines"))
    terminal.hides_amount = True
    assert till().pay().outcome is Outcome.NOT_CHARGED


def test_nobody_presents_a_card(till, terminal):
    terminal.world.change(card=None)
    terminal.card_seconds = 0.0
    assert till().pay().reason == "no_card"


def test_she_goes_back_while_the_terminal_waits(till, terminal):
    terminal.world.change(card=None)
    here = till()
    here.order(Authorise(here.attempt, here.amount, "EUR"))
    here.until(TerminalSays)
    here.order(Abort(here.attempt))
    here.order(effects.TestDevice("somebody else"))
    terminal.world.change(card=Card(bank="declines"))
    assert here.answered().reason == "cancelled"
    terminal.world.change(card=Card())
    assert here.pay().outcome is Outcome.APPROVED


def test_a_wish_to_break_off_that_comes_too_late_changes_nothing(till, terminal):
    terminal.world.change(card=None)
    here = till()
    here.order(Authorise(here.attempt, here.amount, "EUR"))
    here.until(TerminalSays)
    here.order(Abort(here.attempt))
    terminal.world.change(card=Card())
    assert here.answered().outcome is Outcome.APPROVED


def test_a_wish_to_break_off_before_anything_was_sent_is_granted_here(till, terminal):
    here = till()
    here.acknowledges = False
    here.order(Authorise(here.attempt, here.amount, "EUR"))
    here.until(ReadyToSend)
    here.order(Abort(here.attempt))
    result = here.answered()
    assert (result.outcome, result.reason) == (Outcome.NOT_CHARGED, "cancelled")
    assert heard(terminal, 0) == 0


def test_nothing_is_sent_while_the_mark_is_not_durable(till, terminal):
    here = till(commit=1.0)
    here.acknowledges = False
    assert here.pay().outcome is Outcome.NOT_CHARGED
    assert heard(terminal, 0) == 0


# ---- what is no approval of ours


@pytest.mark.parametrize("amount", [2041, 1, 20400])
def test_another_amount_is_never_approved(till, terminal, amount):
    terminal.authorises = amount
    result = till().pay()
    assert (result.outcome, result.amount) == (Outcome.UNKNOWN, amount)


def test_another_currency_is_never_approved(till, terminal):
    terminal.pays_in = "756"
    result = till().pay()
    assert (result.outcome, result.currency) == (Outcome.UNKNOWN, "CHF")


@pytest.mark.parametrize("amount", [1999, 2040])
def test_the_amount_of_the_shopper_before_is_never_approved_even_if_it_is_the_same(till, terminal, amount):
    terminal.busy_with = amount
    assert till().pay().outcome is Outcome.UNKNOWN


def test_private_data_of_its_own_are_no_proof_unless_the_profile_says_so(till, terminal):
    terminal.echoes = False
    assert till().pay().outcome is Outcome.UNKNOWN
    assert till(echoes=False).pay().outcome is Outcome.APPROVED


def test_taken_into_account_is_no_result(till, terminal):
    terminal.says_taken = True
    terminal.world.change(card=None)
    here = till(answer=FASTER * 0.2)
    assert here.pay().outcome is Outcome.UNKNOWN
    assert not any(isinstance(event, ResultReceived) for event in here.events)


def test_the_result_that_comes_after_it_on_the_same_call_is_one(till, terminal):
    terminal.says_taken = True
    assert till().pay().outcome is Outcome.APPROVED


def test_a_currency_that_is_not_the_terminals_is_not_sent(till, terminal):
    here = till()
    here.order(Authorise(here.attempt, here.amount, "CHF"))
    assert here.answered().outcome is Outcome.NOT_CHARGED
    assert heard(terminal, 0) == 0


# ---- meal vouchers


def test_a_meal_voucher_may_be_less(till, terminal):
    terminal.authorises = 1900
    result = till().voucher()
    assert (result.outcome, result.amount) == (Outcome.APPROVED, 1900)
    assert b"CC00300E" in terminal.log[-2]


def test_a_meal_voucher_is_never_more(till, terminal):
    terminal.authorises = 2041
    assert till().voucher().outcome is Outcome.UNKNOWN


def test_a_terminal_without_that_application_is_not_asked(till, terminal):
    here = till(meal_voucher="")
    result = here.voucher()
    assert (result.outcome, result.reason) == (Outcome.NOT_CHARGED, "not_supported")


def test_no_word_about_partial_payments_is_ever_sent(till, terminal):
    here = till()
    here.voucher()
    here.pay()
    assert not any(b"BF001" in frame for frame in terminal.log)


# ---- busy, away, silent


def test_a_busy_terminal_is_waited_for(till, terminal):
    here = till()
    terminal.busy_answers = 3
    assert here.pay().outcome is Outcome.APPROVED
    assert heard(terminal, "I") == 5


def test_back_is_heard_while_the_terminal_is_busy(till, terminal):
    here = till(ask=FASTER * PATIENCE)
    terminal.busy_answers = 10_000
    here.order(Authorise(here.attempt, here.amount, "EUR"))
    here.until(TerminalSays)
    here.order(Abort(here.attempt))
    assert here.answered().reason == "cancelled"
    assert heard(terminal, 0) == 0


@pytest.mark.parametrize("silent", [False, True])
def test_a_terminal_that_stays_busy_is_not_asked_to_pay(till, terminal, silent):
    here = till(ready=2.0, ping=1.0 if silent else FASTER * PATIENCE)
    terminal.silent_when_busy = silent
    terminal.busy_answers = 10_000
    result = here.pay()
    assert (result.outcome, result.reason) == (Outcome.NOT_CHARGED, "terminal_away" if silent else "busy")
    assert heard(terminal, 0) == 0


def test_the_payment_of_a_till_that_left_ends_before_the_next_one_begins(till, terminal):
    """The shopper before left; her amount is still shown, and somebody pays it."""
    terminal.world.change(card=None)
    here = till(answer=FASTER * 0.2)
    assert here.pay().outcome is Outcome.UNKNOWN
    assert here.ask().reason == "in_progress"
    here.attempt = AttemptId("another")
    here.order(Authorise(here.attempt, Minor(999), "EUR"))
    here.until(TerminalSays)
    terminal.world.change(card=Card())
    assert here.answered().outcome is Outcome.APPROVED
    assert [entry.amount for entry in terminal.book.entries] == [2040, 999]


def test_a_result_that_goes_to_the_next_call_is_not_taken_for_that_ones(till, terminal):
    """As in the field: the terminal ignored the new amount and answered with the old one."""
    terminal.answers_anybody = terminal.silent_when_busy = True
    terminal.world.change(card=None)
    here = till(answer=FASTER * 0.2)
    assert here.pay().outcome is Outcome.UNKNOWN
    here.attempt = AttemptId("another")
    here.order(Authorise(here.attempt, Minor(999), "EUR"))
    terminal.on_step = lambda step: terminal.world.change(card=Card())
    here.until(ReadyToSend)
    assert here.answered().outcome is Outcome.APPROVED
    assert [entry.amount for entry in terminal.book.entries] == [2040, 999]


def test_it_settles_the_payment_that_it_is_of(till, terminal):
    terminal.answers_anybody = terminal.silent_when_busy = True
    terminal.world.change(card=None)
    here = till(answer=FASTER * 0.2)
    assert here.pay().outcome is Outcome.UNKNOWN
    terminal.on_step = lambda step: terminal.world.change(card=Card())
    assert here.ask().outcome is Outcome.APPROVED


def test_without_a_line_nothing_was_sent_and_nothing_asked(till, terminal):
    here = till()
    terminal.unplug()
    assert here.pay().reason == "terminal_away"
    here.order(AskTerminal(here.attempt, here.amount, "EUR", Mark()))
    here.until(NoAnswer)
    assert any(isinstance(seen, DeviceSeen) and seen.device.health is Health.OFFLINE for seen in here.events)
    terminal.replug()
    here.until_health(Health.READY)
    assert here.pay().outcome is Outcome.APPROVED


def test_a_line_that_is_cut_between_the_question_and_the_payment_is_not_charged(till, terminal):
    here = till()
    here.acknowledges = False
    here.order(Authorise(here.attempt, here.amount, "EUR"))
    here.until(ReadyToSend)
    terminal.unplug()
    here.order(Acknowledge(here.attempt))
    assert here.answered().outcome is Outcome.NOT_CHARGED
    assert terminal.book.charged == 0


def test_a_till_that_is_stopped_amid_a_payment_does_not_know(till, terminal):
    terminal.world.change(card=None)
    here = till()
    here.order(Authorise(here.attempt, here.amount, "EUR"))
    here.until(TerminalSays)
    here.close()
    assert here.answered().outcome is Outcome.UNKNOWN


def test_requests_and_answers_in_pieces(till, terminal):
    terminal.faults.split = (1, 7)
    here = till()
    assert here.pay().outcome is Outcome.APPROVED


def test_a_terminal_that_does_not_close_the_call_and_wants_line_ends(till, terminal):
    terminal.hangs_up = False
    here = till(newline=True)
    assert here.pay().outcome is Outcome.APPROVED


def test_a_ticket_for_the_shopper(till, terminal):
    here = till(version="0320", ticket=True)
    slip = here.pay().slip
    assert "************4111" in slip[2].replace("#", "*") and "679876" not in "".join(slip)
    assert "MONTANT : 20,40 EUR" in slip


# ---- giving back


def test_a_payment_is_cancelled(till, terminal):
    here = till()
    paid = here.pay()
    assert here.give_back(paid).outcome is Outcome.APPROVED
    assert terminal.book.charged == 0
    assert here.give_back(paid).outcome is Outcome.NOT_CHARGED


@pytest.mark.parametrize(("amount", "more"), [(500, {}), (2040, {"refund": True})])
def test_a_part_of_it_is_paid_out(till, terminal, amount, more):
    here = till()
    assert here.give_back(here.pay(), amount, **more).outcome is Outcome.APPROVED
    assert terminal.book.charged == 2040 - amount and heard(terminal, 1) == 1


def test_a_reversal_is_durable_before_and_after_like_a_payment(till, terminal):
    here = till()
    here.give_back(here.pay())
    kinds = [type(event) for event in here.events if isinstance(event, ReadyToSend | ResultReceived)]
    assert kinds == [ReadyToSend, ResultReceived] * 2


def test_the_end_of_the_day(till, terminal):
    here = till()
    here.order(EndOfDay(AttemptId("day")))
    assert here.until(TotalsReceived).amount is None
    sends = till(telecollection=True)
    sends.order(EndOfDay(AttemptId("day")))
    assert sends.until(TotalsReceived).amount is None


def test_no_payment_application_is_asked_for_a_card(till, terminal):
    here = till()
    here.pay()
    assert not any(b"CC003" in frame for frame in terminal.log if b"AE" not in frame)


def test_a_word_that_comes_too_late_lets_nothing_leave(till, terminal):
    """An Acknowledge of an earlier connection, or of an earlier try of the same order."""
    here = till(commit=1.0)
    here.acknowledges = False
    here.order(Acknowledge(here.attempt))
    here.order(Abort(AttemptId("another")))
    here.order(Authorise(here.attempt, here.amount, "EUR"))
    here.until(ReadyToSend)
    assert here.answered().outcome is Outcome.NOT_CHARGED and heard(terminal, 0) == 0
