"""The contract of a card terminal, on the wire between driver and simulated terminal."""

import queue
from datetime import timedelta

import pytest

from drivers.simulated.terminal import Fault
from drivers.simulated.terminal_book import State
from drivers.simulated.world import Card
from kiosk.checkout import effects
from kiosk.checkout.effects import Abort, Acknowledge, AskTerminal, Authorise
from kiosk.checkout.events import NoAnswer, ReadyToSend, ResultReceived, TerminalAnswered
from kiosk.checkout.money import Mark, Outcome
from kiosk.checkout.passed import TerminalSays
from kiosk.checkout.session import Health

PATIENCE = 20.0
BEGIN = 8  # the conversation's steps before a payment


def test_it_is_ready_once_it_has_answered_with_its_name_and_version(rig):
    till = rig()
    assert till.events[-1].device.detail == "29001006 3.01.07"


def test_an_approved_payment(rig, terminal):
    till = rig()
    result = till.pay()
    assert (result.outcome, result.amount, result.currency) == (Outcome.APPROVED, till.amount, "EUR")
    assert (result.terminal_id, result.receipt_no, result.trace) == ("29001006", "0471", "000734")
    assert (result.last4, result.card_name) == ("4111", "Visa")
    assert result.slip[0] == "** KUNDENBELEG **" and "Nr. ************4111" in result.slip
    assert terminal.book.charged == till.amount


def test_the_mark_is_known_before_the_first_byte_and_the_result_before_it_is_acknowledged(rig, terminal):
    till = rig()
    till.acknowledges = False
    till.authorise()
    assert till.until(ReadyToSend).mark == Mark("29001006", "0470", "000733")
    assert "hear 06 01" not in terminal.steps
    till.order(Acknowledge(till.attempt))
    assert till.until(ResultReceived).result.receipt_no == "0471"
    assert terminal.book.entries[0].state is State.PENDING
    till.order(Acknowledge(till.attempt))
    assert till.until(TerminalAnswered).result.outcome is Outcome.APPROVED
    assert terminal.book.entries[0].state is State.STORED


def test_the_shopper_is_told_what_the_terminal_wants(rig, terminal):
    terminal.world.change(card=Card(bank="wrong_pin"))
    till = rig()
    assert till.pay().reason == "pin_wrong"
    told = [event.text for event in till.events if isinstance(event, TerminalSays)]
    assert told == ["present_card", "pin_wrong", "please_wait"]


def test_a_declined_card(rig, terminal):
    terminal.world.change(card=Card(bank="declines"))
    result = rig().pay()
    assert (result.outcome, result.result_code, result.reason) == (Outcome.NOT_CHARGED, "05", "declined")
    assert terminal.book.charged == 0


def test_the_next_payment_gets_the_next_number(rig, terminal):
    till = rig()
    assert [till.pay().receipt_no, till.pay().receipt_no] == ["0471", "0472"]
    assert terminal.book.charged == 2 * till.amount


def test_the_shopper_breaks_it_off(rig, terminal):
    terminal.world.change(card=None)
    till = rig()
    till.authorise()
    till.until(TerminalSays)
    till.order(Abort(till.attempt))
    result = till.until(TerminalAnswered).result
    assert (result.outcome, result.result_code, result.reason) == (Outcome.NOT_CHARGED, "6C", "cancelled")


def test_a_wish_to_break_off_that_the_terminal_ignores_changes_nothing(rig, terminal):
    terminal.world.change(card=None)
    till = rig()
    till.authorise()
    till.until(TerminalSays)
    terminal.ignores_break = True
    till.order(Abort(till.attempt))
    terminal.world.change(card=Card())
    assert till.until(TerminalAnswered).result.outcome is Outcome.APPROVED


def test_a_wish_to_break_off_before_anything_was_sent_is_granted_here(rig, terminal):
    till = rig()
    till.acknowledges = False
    till.authorise()
    till.until(ReadyToSend)
    till.order(Abort(till.attempt))
    result = till.until(TerminalAnswered).result
    assert (result.outcome, result.reason) == (Outcome.NOT_CHARGED, "cancelled")
    assert "hear 06 01" not in terminal.steps


def test_nobody_presents_a_card(rig, terminal):
    terminal.world.change(card=None)
    terminal.card_seconds = 0.0
    result = rig().pay()
    assert (result.outcome, result.result_code, result.reason) == (Outcome.NOT_CHARGED, "6C", "no_card")


def test_nothing_is_sent_while_the_mark_is_not_durable(rig, terminal):
    till = rig(commit=0.5)
    till.acknowledges = False
    assert till.pay().outcome is Outcome.NOT_CHARGED
    assert "hear 06 01" not in terminal.steps


def test_a_slow_commit_asks_the_terminal_to_wait(rig, terminal):
    terminal.repeat_seconds = 0.0
    steps = queue.Queue()
    terminal.on_step = steps.put
    till = rig(pace=0.01)
    till.acknowledges = False
    till.authorise()
    till.until(ReadyToSend)
    till.order(Acknowledge(till.attempt))
    till.until(ResultReceived)
    for _ in range(2):
        while steps.get(timeout=PATIENCE) != "hear 84 9c":
            continue
    till.order(Acknowledge(till.attempt))
    assert till.until(TerminalAnswered).result.outcome is Outcome.APPROVED
    assert sum(isinstance(event, ResultReceived) for event in till.events) == 1
    assert terminal.book.charged == till.amount


def test_an_acknowledgement_from_before_is_not_taken_for_that_of_the_result(rig, terminal):
    terminal.world.change(card=None)
    till = rig(pace=1.0, commit=1.0)
    till.acknowledges = False
    till.authorise()
    till.until(ReadyToSend)
    till.order(Acknowledge(till.attempt))
    till.order(Acknowledge(till.attempt))
    till.until(TerminalSays)
    till.order(Acknowledge(till.attempt))
    terminal.world.change(card=Card())
    assert till.until(TerminalAnswered).result.outcome is Outcome.UNKNOWN
    assert terminal.book.charged == 0


def test_a_result_that_cannot_be_written_down_is_handed_back(rig, terminal):
    terminal.repeat_seconds = 0.0
    till = rig(pace=0.01, commit=5.0)
    till.acknowledges = False
    till.authorise()
    till.until(ReadyToSend)
    till.order(Acknowledge(till.attempt))
    assert till.until(TerminalAnswered).result.outcome is Outcome.UNKNOWN
    assert terminal.book.charged == 0
    assert till.ask().outcome is Outcome.NOT_CHARGED


@pytest.mark.parametrize("amount", [2041, 1, 0, 20400])
def test_another_amount_is_never_approved_and_given_back(rig, terminal, amount):
    terminal.authorises = amount
    till = rig()
    result = till.pay()
    assert (result.outcome, result.amount) == (Outcome.UNKNOWN, amount)
    assert not any(isinstance(event, ResultReceived) for event in till.events)
    assert terminal.book.charged == 0


def test_another_amount_that_is_charged_all_the_same_stays_unknown(rig, terminal):
    terminal.authorises, terminal.heeds_refusal = 2041, False
    till = rig()
    assert till.settle().outcome is Outcome.UNKNOWN


def test_another_currency_is_never_approved(rig, terminal):
    terminal.pays_in = 756
    till = rig()
    result = till.pay()
    assert (result.outcome, result.currency) == (Outcome.UNKNOWN, "CHF")


def test_a_currency_that_the_terminal_was_not_registered_with_is_not_sent(rig, terminal):
    till = rig()
    till.order(Authorise(till.attempt, till.amount, "CHF"))
    assert till.until(TerminalAnswered).result.outcome is Outcome.NOT_CHARGED
    assert "hear 06 01" not in terminal.steps


def test_the_same_result_twice_is_one_payment(rig, terminal):
    till = rig()
    terminal.script = {BEGIN + after: Fault.TWICE for after in range(40)}
    result = till.settle()
    assert result.outcome is not Outcome.UNKNOWN
    assert terminal.book.charged == (till.amount if result.outcome is Outcome.APPROVED else 0)


@pytest.mark.parametrize("sizes", [(1,), (2, 3), (7,)])
def test_messages_in_pieces(rig, terminal, sizes):
    terminal.faults.split = sizes
    assert rig().pay().outcome is Outcome.APPROVED


def test_a_busy_terminal_is_waited_for(rig, terminal):
    till = rig()
    terminal.busy_answers = 3
    assert till.pay().outcome is Outcome.APPROVED
    assert "please_wait" in [event.text for event in till.events if isinstance(event, TerminalSays)]


def test_back_is_heard_while_the_terminal_is_busy(rig, terminal):
    terminal.busy_answers = 10_000
    till = rig(ready=PATIENCE, ask=PATIENCE)
    till.authorise()
    till.until(TerminalSays)
    till.order(Abort(till.attempt))
    answer = till.until(TerminalAnswered).result
    assert (answer.outcome, answer.reason) == (Outcome.NOT_CHARGED, "cancelled")
    assert terminal.book.charged == 0


def test_a_terminal_that_stays_busy_is_not_asked_to_pay(rig, terminal):
    till = rig(ready=0.5)
    terminal.busy_answers = 10_000
    result = till.pay()
    assert (result.outcome, result.result_code) == (Outcome.NOT_CHARGED, "9C")
    assert "hear 06 01" not in terminal.steps


def test_a_terminal_out_of_order_says_so(rig, terminal):
    till = rig()
    terminal.status = 0xDF
    till.order(effects.TestDevice("terminal"))
    assert "DF" in till.until_health(Health.FAULT).device.detail
    assert till.pay().result_code == "DF"


def test_a_wrong_clock_in_the_terminal_changes_nothing(rig, terminal):
    terminal.clock_skew = timedelta(days=-400)
    terminal.script = {25: Fault.CUT_AFTER}
    assert rig().settle().outcome is Outcome.APPROVED


def test_receipt_numbers_begin_again(rig, terminal):
    terminal.book.__init__(9999, 999999)
    terminal.script = {25: Fault.CUT_AFTER}
    result = rig().settle()
    assert (result.outcome, result.receipt_no) == (Outcome.APPROVED, "0001")


def test_a_payment_found_again_brings_its_slip(rig, terminal):
    terminal.script = {25: Fault.CUT_AFTER}
    result = rig().settle()
    assert result.outcome is Outcome.APPROVED and "Nr. ************4111" in result.slip


def test_a_payment_found_again_stands_though_its_slip_is_cut_off(rig, terminal):
    terminal.script = {25: Fault.CUT_AFTER, 45: Fault.CUT_BEFORE}
    result = rig().settle()
    assert (result.outcome, result.slip) == (Outcome.APPROVED, ())
    assert terminal.steps[45] == "hear 06 20"


def test_another_terminal_in_its_place_does_not_settle_it(rig, terminal):
    till = rig()
    terminal.script = {BEGIN + 17: Fault.CUT_AFTER}
    assert till.pay().outcome is Outcome.UNKNOWN
    terminal.terminal_id = "29009999"
    assert till.ask().outcome is Outcome.UNKNOWN


def test_a_terminal_that_repeats_no_receipt_does_not_settle_it(rig, terminal):
    terminal.repeats = False
    till = rig()
    terminal.script = {BEGIN + 15: Fault.CUT_AFTER}
    assert till.settle().outcome is Outcome.UNKNOWN


def test_another_terminal_than_the_configured_one_is_not_worked_with(rig, terminal):
    till = rig(terminal_id="29001006")
    terminal.terminal_id = "29009999"
    terminal.unplug()
    terminal.replug()
    assert "29009999" in till.until_health(Health.OFFLINE).device.detail or till.until_health(Health.OFFLINE)
    assert till.pay().outcome is Outcome.NOT_CHARGED


def test_a_till_without_a_line_says_that_nothing_was_sent_and_nothing_asked(rig, terminal):
    till = rig()
    terminal.unplug()
    till.until_health(Health.OFFLINE)
    assert till.pay().outcome is Outcome.NOT_CHARGED
    till.order(AskTerminal(till.attempt, till.amount, "EUR", Mark("29001006", "0470", "000733")))
    till.until(NoAnswer)


def test_a_terminal_that_hears_and_says_nothing_is_given_up(rig, terminal):
    till = rig(t3=5.0)
    terminal.faults.half_open = True
    assert till.pay().outcome is Outcome.NOT_CHARGED
    till.until_health(Health.OFFLINE)
    terminal.faults.half_open = False
    till.until_health(Health.READY)
    assert till.pay().outcome is Outcome.APPROVED


def test_what_is_no_zvt_is_refused_before_any_payment(rig, terminal):
    till = rig()
    terminal.faults.garbage(1)
    assert till.pay().outcome is Outcome.NOT_CHARGED
    assert "no ZVT" in till.until_health(Health.OFFLINE).device.detail
