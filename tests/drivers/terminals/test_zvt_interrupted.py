"""A payment interrupted at every message, and asked about: the answer is what the terminal's book says."""

import random

import pytest

from drivers.simulated.terminal_book import Rule
from drivers.simulated.terminal_zvt import Fault
from drivers.simulated.world import Card
from kiosk.checkout.events import ResultReceived
from kiosk.checkout.model import Outcome

BEGIN = 8  # the conversation's steps before a payment: registration and the first enquiry
STEPS = 24  # and those of a payment, with the enquiry and the receipt asked for before it


def check(till, terminal, result):
    charged = terminal.book.charged
    assert result.outcome is not Outcome.UNKNOWN
    assert charged == (till.amount if result.outcome is Outcome.APPROVED else 0), terminal.steps
    if result.outcome is Outcome.APPROVED:
        assert (result.amount, result.currency, result.terminal_id) == (till.amount, "EUR", "29001006")
    assert sum(isinstance(event, ResultReceived) for event in till.events) <= 1


def test_the_steps_are_all_there(rig, terminal):
    till = rig()
    first = till.pay()
    till.pay()
    begin, end = (at for at, step in enumerate(terminal.steps) if step == "hear 06 01")
    assert first.outcome is Outcome.APPROVED
    assert end - begin == STEPS and terminal.steps[BEGIN] == "hear 05 01"


@pytest.mark.parametrize("stubborn", [False, True])
@pytest.mark.parametrize("rule", list(Rule))
@pytest.mark.parametrize("fault", [Fault.CUT_BEFORE, Fault.CUT_AFTER, Fault.REBOOT, Fault.GARBLE])
@pytest.mark.parametrize("step", range(BEGIN, BEGIN + STEPS))
def test_the_line_is_cut(rig, terminal, step, fault, rule, stubborn):
    terminal.book.rule, terminal.stubborn = rule, stubborn
    terminal.script = {step: fault}
    till = rig()
    check(till, terminal, till.settle())


@pytest.mark.parametrize("rule", list(Rule))
@pytest.mark.parametrize("step", range(BEGIN, BEGIN + STEPS))
def test_a_message_is_lost_in_silence(rig, terminal, step, rule):
    terminal.book.rule = rule
    terminal.answer_seconds = 0.1
    terminal.script = {step: Fault.LOSE}
    till = rig(t3=10.0, t4=10.0, issue=1)
    check(till, terminal, till.settle())


@pytest.mark.parametrize("rule", list(Rule))
def test_the_cut_comes_again_while_it_is_asked_about(rig, terminal, rule):
    terminal.book.rule = rule
    terminal.script = {24: Fault.CUT_AFTER, 33: Fault.CUT_BEFORE, 44: Fault.REBOOT}
    till = rig()
    check(till, terminal, till.settle())


@pytest.mark.parametrize("seed", range(100))
def test_many_things_go_wrong_at_random(rig, terminal, seed):
    chance = random.Random(seed)
    terminal.book.rule = chance.choice(list(Rule))
    terminal.stubborn = chance.random() < 0.5
    terminal.world.change(card=Card(bank=chance.choice(["approves", "approves", "approves", "declines"])))
    terminal.answer_seconds = 0.1
    terminal.faults.split = chance.choice([(), (1,), (3, 1)])
    faults = [Fault.CUT_BEFORE, Fault.CUT_AFTER, Fault.REBOOT, Fault.GARBLE, Fault.LOSE]
    terminal.script = {chance.randrange(BEGIN, 80): chance.choice(faults) for _ in range(3)}
    till = rig(t3=10.0, t4=10.0, issue=1)
    check(till, terminal, till.settle())
