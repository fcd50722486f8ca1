"""The contract of a card terminal, on the wire between driver and simulated terminal."""

import queue
from datetime import timedelta

import pytest
from msgspec.structs import replace

from drivers.simulated.terminal import Fault
from drivers.simulated.terminal_book import State
from drivers.simulated.world import Card
from drivers.terminals.zvt.messages import decode
from kiosk.checkout import effects
from kiosk.checkout.effects import Abort, Acknowledge, AskTerminal, Authorise, EndOfDay, Reverse
from kiosk.checkout.events import (
    NoAnswer,
    ReadyToSend,
    ResultReceived,
    TerminalAnswered,
    TerminalSays,
    TotalsReceived,
)
from kiosk.checkout.money import Mark, Outcome, TenderKind
from kiosk.checkout.session import Health
from kiosk.units import AttemptId, Minor

PATIENCE = 20.0
BEGIN = 8  # the conversation's steps before a payment
PAYMENT = 24  # and those of a payment


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


def test_a_reversal(rig, terminal):
    till = rig()
    paid = till.pay()
    first = till.reverse(paid)
    assert (first.outcome, first.amount, first.receipt_no) == (Outcome.APPROVED, till.amount, "0472")
    assert till.reverse(paid).outcome is Outcome.APPROVED  # it has been
    assert terminal.book.charged == 0
    assert len(terminal.book.entries) == 2


def test_a_reversal_is_written_down_before_and_after(rig, terminal):
    till = rig()
    paid = till.pay()
    till.acknowledges = False
    till.order(Reverse(till.reversal, till.attempt, till.amount, "EUR", paid))
    assert till.until(ReadyToSend).mark == Mark("29001006", "0471", "000734")
    assert "hear 06 30" not in terminal.steps
    till.order(Acknowledge(till.reversal))
    assert till.until(ResultReceived).result.receipt_no == "0472"
    assert terminal.book.charged == till.amount
    till.order(Acknowledge(till.reversal))
    assert till.until(TerminalAnswered).result.outcome is Outcome.APPROVED
    assert terminal.book.charged == 0


def test_what_cannot_be_written_down_in_time_is_asked_about(rig, terminal):
    terminal.answer_seconds = 0.1
    till = rig(commit=0.5)
    paid = till.pay()
    till.acknowledges = False
    till.order(Reverse(till.reversal, till.attempt, till.amount, "EUR", paid))
    till.until(ReadyToSend)
    till.order(Acknowledge(till.reversal))
    assert till.until(TerminalAnswered).result.outcome is Outcome.UNKNOWN


@pytest.mark.parametrize(("amount", "receipt"), [(None, "0999"), (1, "0471")])
def test_a_reversal_of_something_else_is_refused(rig, terminal, amount, receipt):
    till = rig()
    paid = till.pay()
    wrong = replace(paid, receipt_no=receipt, amount=amount)
    result = till.reverse(wrong, amount or till.amount)
    assert (result.outcome, result.result_code) == (Outcome.NOT_CHARGED, "B5")
    assert terminal.book.charged == till.amount


@pytest.mark.parametrize(("amount", "refund"), [(40, False), (2040, True)])
def test_a_part_or_what_is_of_another_day_is_paid_out_to_the_card(rig, terminal, amount, refund):
    till = rig()
    paid = till.pay()
    result = till.reverse(paid, Minor(amount), refund)
    assert (result.outcome, result.amount) == (Outcome.APPROVED, amount)
    assert "hear 06 31" in terminal.steps and "hear 06 30" not in terminal.steps
    assert terminal.book.charged == till.amount - amount


def test_nobody_holds_out_the_card_for_a_refund(rig, terminal):
    till = rig()
    paid = till.pay()
    terminal.world.change(card=None)
    terminal.card_seconds = 0.0
    result = till.reverse(paid, refund=True)
    assert (result.outcome, result.reason) == (Outcome.NOT_CHARGED, "no_card")
    assert terminal.book.charged == till.amount


def test_the_bank_declines_a_reversal(rig, terminal):
    till = rig()
    paid = till.pay()
    terminal.declines_reversal = 0x05
    result = till.reverse(paid)
    assert (result.outcome, result.result_code, result.reason) == (Outcome.NOT_CHARGED, "05", "declined")
    terminal.declines_reversal = 0x9B  # no connection: it may have been done all the same
    assert till.reverse(paid).outcome is Outcome.UNKNOWN


@pytest.mark.parametrize(
    ("told", "reason"), [({"terminal_id": "29009999"}, "other_terminal"), ({"receipt_no": ""}, "no_receipt")]
)
def test_another_terminals_payment_or_one_without_a_number_is_not_reversed_here(rig, terminal, told, reason):
    till = rig()
    paid = till.pay()
    result = till.reverse(replace(paid, **told))
    assert (result.outcome, result.reason) == (Outcome.NOT_CHARGED, reason)
    assert "hear 06 30" not in terminal.steps


# ---- what an approval leaves unsaid, and less than was asked for


@pytest.mark.parametrize(("omitted", "said"), [("amount", None), ("currency", None), ("terminal_id", "")])
def test_what_an_approval_does_not_say_is_left_open_and_it_is_taken(rig, terminal, omitted, said):
    terminal.omits = (omitted,)
    till = rig()
    result = till.pay()
    assert result.outcome is Outcome.APPROVED and getattr(result, omitted) == said
    assert any(isinstance(event, ResultReceived) for event in till.events)
    assert terminal.book.charged == till.amount
    mark = Mark("29001006", "0470", "000733")
    found = till.answer_to(AskTerminal(till.attempt, till.amount, "EUR", mark))
    assert found.outcome is Outcome.APPROVED and getattr(found, omitted) == said


def test_less_is_an_approval_of_what_it_says_where_it_was_asked_for(rig, terminal):
    terminal.authorises = 1500
    till = rig()
    till.order(Authorise(till.attempt, till.amount, "EUR", TenderKind.MEAL_VOUCHER, partial=True))
    result = till.until(TerminalAnswered).result
    assert (result.outcome, result.amount) == (Outcome.APPROVED, 1500)
    assert terminal.book.charged == 1500


@pytest.mark.parametrize("amount", [0, 2041])
def test_nothing_or_more_is_no_part(rig, terminal, amount):
    terminal.authorises = amount
    till = rig()
    till.order(Authorise(till.attempt, till.amount, "EUR", partial=True))
    assert till.until(TerminalAnswered).result.outcome is Outcome.UNKNOWN
    assert terminal.book.charged == 0


def test_a_meal_voucher_may_have_a_payment_type_of_its_own(rig, terminal):
    till = rig(voucher_payment_type=0x40)
    till.order(Authorise(till.attempt, till.amount, "EUR", TenderKind.MEAL_VOUCHER, partial=True))
    till.until(TerminalAnswered)
    till.pay()
    asked = [decode(frame) for frame in terminal.log if frame[:2] == b"\x06\x01"]
    assert [order.payment_type for order in asked] == [0x40, None]


def test_a_terminal_still_busy_with_an_old_amount_is_told_that_it_is_not_issued(rig, terminal):
    terminal.busy_with = 999
    till = rig()
    assert till.pay().outcome is Outcome.UNKNOWN
    assert terminal.book.charged == 0
    assert till.ask().outcome is Outcome.UNKNOWN  # that it was reversed does not say what it was
    assert till.pay().outcome is Outcome.APPROVED


# ---- the day


def test_the_end_of_a_day(rig, terminal):
    till = rig()
    paid = till.pay()
    till.pay()
    till.reverse(paid)
    till.order(EndOfDay(AttemptId("d-1")))
    assert till.until(TotalsReceived) == TotalsReceived(AttemptId("d-1"), till.amount, "EUR")
    till.order(EndOfDay(AttemptId("d-2")))
    assert till.until(TotalsReceived).amount == 0


def test_a_day_that_ends_below_nothing_cannot_be_told(rig, terminal):
    till = rig()
    paid = till.pay()
    till.order(EndOfDay(AttemptId("d-1")))
    till.until(TotalsReceived)
    till.reverse(paid, refund=True)
    till.order(EndOfDay(AttemptId("d-2")))
    assert till.until(TotalsReceived).amount is None


def test_the_end_of_a_day_cut_off_leaves_the_next_totals_open(rig, terminal):
    till = rig()
    till.pay()

    def cut_the_totals_off(step):
        if step == "hear 06 50":
            terminal.script = {len(terminal.steps) + 1: Fault.CUT_AFTER}

    terminal.on_step = cut_the_totals_off
    till.order(EndOfDay(AttemptId("d-1")))
    assert till.until(NoAnswer).attempt == "d-1"
    terminal.on_step = lambda step: None
    till.until_health(Health.READY)
    till.order(EndOfDay(AttemptId("d-2")))
    assert till.until(TotalsReceived).amount is None
    till.pay()
    till.order(EndOfDay(AttemptId("d-3")))
    assert till.until(TotalsReceived).amount == till.amount


def test_without_a_line_no_day_is_closed(rig, terminal):
    till = rig()
    terminal.unplug()
    till.until_health(Health.OFFLINE)
    till.order(EndOfDay(AttemptId("d-1")))
    assert till.until(NoAnswer).attempt == "d-1"


# ---- the rest of the conversation


def test_it_is_initialised_and_diagnosed_where_it_says_so(rig, terminal):
    terminal.registration_status = 0x03
    till = rig()
    assert [step for step in terminal.steps if step in ("hear 06 93", "hear 06 70")] == [
        "hear 06 93",
        "hear 06 70",
    ]
    assert till.pay().outcome is Outcome.APPROVED


def test_a_technician_has_it_look_itself_over(rig, terminal):
    till = rig()
    till.order(effects.TestDevice("terminal"))
    assert till.pay().outcome is Outcome.APPROVED
    assert "hear 06 70" in terminal.steps


def test_a_terminal_that_sets_the_clock_is_answered(rig, terminal):
    terminal.tells_clock = True
    assert rig().pay().outcome is Outcome.APPROVED
    assert "say 04 01" in terminal.steps


def test_messages_are_numbered_where_the_terminal_echoes_it(rig, terminal):
    terminal.echoes = True
    till = rig()
    assert till.pay().outcome is Outcome.APPROVED
    numbers = [decode(frame).msg_seq_id for frame in terminal.log if frame[:2] in (b"\x06\x01", b"\x06\x20")]
    assert numbers == sorted(set(numbers)) and None not in numbers


def test_a_terminal_that_echoes_nothing_gets_no_numbers(rig, terminal):
    rig().pay()
    assert {decode(frame).msg_seq_id for frame in terminal.log if frame[:2] == b"\x06\x01"} == {None}


@pytest.mark.parametrize("step", range(BEGIN, BEGIN + PAYMENT))
def test_with_numbers_nothing_that_comes_twice_costs_the_line(rig, terminal, step):
    terminal.echoes = True
    terminal.script = {step: Fault.TWICE}
    till = rig()
    result = till.settle()

    assert terminal.book.charged == (till.amount if result.outcome is Outcome.APPROVED else 0)
    if terminal.steps[step].startswith("say"):
        assert result.outcome is Outcome.APPROVED and terminal.steps.count("hear 06 00") == 1


def test_the_last_receipt_is_mirrored_where_the_terminal_wants_it(rig, terminal):
    till = rig(mirrors=True)
    till.pay()
    till.pay()
    asked = [decode(frame) for frame in terminal.log if frame[:2] == b"\x06\x01"]
    assert [order.mirrored_receipt_no for order in asked] == [470, 471]
    assert terminal.book.charged == 2 * till.amount


def test_to_be_sure_it_is_broken_off_though_nothing_is_known_to_run(rig, terminal):
    till = rig()
    till.order(Abort(till.attempt))
    assert till.pay().outcome is Outcome.APPROVED
    assert "hear 06 b0" in terminal.steps


def test_what_was_to_be_broken_off_while_the_line_was_away_is_when_it_is_back(rig, terminal):
    till = rig()
    terminal.unplug()
    till.until_health(Health.OFFLINE)
    till.order(Abort(till.attempt))
    till.order(EndOfDay(AttemptId("d-1")))
    till.until(NoAnswer)
    terminal.replug()
    till.until_health(Health.READY)
    assert till.pay().outcome is Outcome.APPROVED
    assert terminal.steps.count("hear 06 b0") == 1


def test_a_terminal_still_at_it_says_so(rig, terminal):
    till = rig(ready=0.5)
    till.pay()
    terminal.busy_answers = 10_000
    mark = Mark("29001006", "0470", "000733")
    found = till.answer_to(AskTerminal(till.attempt, till.amount, "EUR", mark))
    assert (found.outcome, found.reason) == (Outcome.UNKNOWN, "in_progress")
