"""Giving back and closing the day, on the wire between driver and simulated terminal."""

import pytest
from msgspec.structs import replace

from drivers.simulated.terminal import Fault
from kiosk.checkout.effects import Acknowledge, EndOfDay, Reverse
from kiosk.checkout.events import NoAnswer, ReadyToSend, ResultReceived, TerminalAnswered, TotalsReceived
from kiosk.checkout.money import Mark, Outcome
from kiosk.checkout.session import Health
from kiosk.units import AttemptId, Minor


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
