"""Caisse-AP: whatever goes wrong at whatever step, no word about money is ever a wrong one."""

import pytest

from drivers.simulated.terminal import Fault
from kiosk.checkout.money import Outcome, PaymentResult
from kiosk.units import AttemptId
from tests.drivers.terminals.till import FASTER

BEGIN = 2  # the conversation's steps before a payment: the first identification
PAYMENT = 4  # and those of a payment: identification and debit, each heard and answered
SAY = BEGIN + 3


FAULTS = list(Fault)


@pytest.mark.parametrize("step", range(BEGIN, BEGIN + PAYMENT))
@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("status", ["none", "T", "duplicate"])
def test_a_fault_at_every_step_never_makes_a_wrong_word(till, terminal, step, fault, status):
    terminal.knows_status, terminal.late_seconds = True, 0.5
    here = till(status=status, version="0320", answer=FASTER * 0.3, ping=FASTER * 0.3, ready=FASTER * 2.0)
    terminal.script = {step + (2 if status == "duplicate" and step >= BEGIN + 2 else 0): fault}
    here.check(here.settle())


@pytest.mark.parametrize("fault", [Fault.CUT_BEFORE, Fault.LOSE, Fault.GARBLE, Fault.REBOOT, Fault.CUT_AFTER])
@pytest.mark.parametrize(
    ("status", "settled"),
    [("none", Outcome.UNKNOWN), ("T", Outcome.APPROVED), ("duplicate", Outcome.APPROVED)],
)
def test_a_lost_answer_is_found_again_only_where_the_terminal_can_tell(
    till, terminal, fault, status, settled
):
    terminal.knows_status = True
    here = till(status=status, version="0320", answer=FASTER * 0.3)
    at = SAY + (2 if status == "duplicate" else 0)
    terminal.script = {at: fault}
    first = here.pay()
    assert terminal.steps[at] == "say CD=0" and terminal.book.charged == 2040
    if first.outcome is Outcome.UNKNOWN:
        assert here.ask().outcome is settled
    else:
        assert first.outcome is Outcome.APPROVED


def test_a_request_that_never_arrived_is_not_found_where_the_last_ticket_is_known(till, terminal):
    here = till(status="duplicate", version="0320", answer=FASTER * 0.2)
    here.pay()
    terminal.script = {len(terminal.steps) + 4: Fault.LOSE}
    here.attempt = AttemptId("another")
    assert here.pay().outcome is Outcome.UNKNOWN
    assert here.ask(here.attempt) == PaymentResult(Outcome.UNKNOWN, reason="not_found")


def test_a_late_answer_is_not_taken_for_the_next_one(till, terminal):
    terminal.late_seconds = 0.3
    here = till(answer=FASTER * 0.1)
    terminal.script = {SAY: Fault.LATE}
    assert here.pay().outcome is Outcome.UNKNOWN
    here.attempt = AttemptId("another")
    here.check(here.pay(), paid=2040)


@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("step", range(4))
def test_a_reversal_with_a_fault_at_every_step(till, terminal, fault, step):
    here = till(answer=FASTER * 0.3, ping=FASTER * 0.3, ready=FASTER * 2.0)
    paid = here.pay()
    terminal.script = {len(terminal.steps) + step: fault}
    given = here.give_back(paid)
    if given.outcome is not Outcome.UNKNOWN:
        assert terminal.book.charged == (0 if given.outcome is Outcome.APPROVED else 2040)
