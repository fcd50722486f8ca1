"""Concert E+: whatever goes wrong at whatever step, no word about money is ever a wrong one."""

import pytest

from drivers.simulated.terminal import Fault
from kiosk.checkout.money import Outcome

BEGIN = 3  # the conversation's steps before a payment: ENQ, ACK, EOT
STEPS = [
    "hear ENQ", "say ACK", "hear EOT", "hear ENQ", "say ACK", "hear request", "say ACK", "hear EOT",
    "say ENQ", "hear ACK", "say result", "hear ACK", "say EOT",
]  # fmt: skip
RESULT = BEGIN + STEPS.index("say result")


def test_a_damaged_request_is_sent_again_only_when_it_is_refused(till, terminal):
    terminal.script = {BEGIN + 5: Fault.GARBLE}
    assert till().pay().outcome is Outcome.APPROVED
    assert terminal.steps.count("hear request") == 2 and terminal.steps.count("say NAK") == 1


def test_a_request_that_is_never_understood_is_not_charged(till, terminal):
    terminal.script = dict.fromkeys((BEGIN + 5, BEGIN + 7, BEGIN + 9), Fault.GARBLE)
    assert till().pay().outcome is Outcome.NOT_CHARGED
    assert terminal.steps.count("hear request") == 3 and terminal.book.charged == 0


def test_a_request_without_an_answer_is_never_sent_again(hasty, terminal):
    terminal.script = {BEGIN + 6: Fault.LOSE}
    assert hasty().pay().outcome is Outcome.APPROVED
    assert terminal.steps.count("hear request") == 1


def test_a_damaged_result_is_asked_for_again(till, terminal):
    terminal.script = {RESULT: Fault.GARBLE}
    assert till().pay().outcome is Outcome.APPROVED
    assert terminal.steps.count("say result") == 2


def test_a_result_that_stays_damaged_is_unknown(hasty, terminal):
    terminal.script = dict.fromkeys(range(RESULT, RESULT + 12, 2), Fault.GARBLE)
    here = hasty()
    assert here.pay().outcome is Outcome.UNKNOWN
    assert terminal.book.charged == 2040


@pytest.mark.parametrize("fault", list(Fault))
@pytest.mark.parametrize("step", range(BEGIN, BEGIN + len(STEPS)))
def test_a_fault_at_every_step_never_makes_a_wrong_word(hasty, terminal, step, fault):
    terminal.late_seconds = 0.05
    terminal.script = {step: fault}
    here = hasty()
    here.check(here.settle())


@pytest.mark.parametrize("fault", [Fault.CUT_BEFORE, Fault.CUT_AFTER, Fault.LOSE, Fault.GARBLE, Fault.TWICE])
@pytest.mark.parametrize("step", range(len(STEPS)))
def test_a_reversal_with_a_fault_at_every_step(hasty, terminal, step, fault):
    here = hasty()
    paid = here.pay()
    terminal.script = {len(terminal.steps) + step: fault}
    given = here.give_back(paid)
    if given.outcome is not Outcome.UNKNOWN:
        assert terminal.book.charged == (0 if given.outcome is Outcome.APPROVED else 2040)
