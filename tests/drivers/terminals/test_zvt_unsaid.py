"""What an approval leaves unsaid or says otherwise, and what else a terminal may say or want."""

import pytest

from drivers.terminals.zvt.messages import decode
from kiosk.checkout import effects
from kiosk.checkout.effects import Abort, AskTerminal, Authorise, EndOfDay
from kiosk.checkout.events import NoAnswer, ResultReceived, TerminalAnswered
from kiosk.checkout.money import Mark, Outcome, TenderKind
from kiosk.checkout.session import Health
from kiosk.units import AttemptId

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
