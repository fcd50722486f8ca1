"""A payment interrupted at every message, and asked about: the answer is what the terminal's book says."""

import random
import threading

import pytest

from drivers.simulated.terminal import Fault
from drivers.simulated.terminal_book import Rule
from drivers.simulated.world import Card
from kiosk.checkout.money import Outcome
from kiosk.units import AttemptId

PATIENCE = 20.0
BEGIN = 8  # the conversation's steps before a payment: registration and the first enquiry
STEPS = 24  # and those of a payment, with the enquiry and the receipt asked for before it


def check(till, terminal, result, paid=0):
    """What is known is what the terminal's book says, after `paid` minor units before."""
    assert result.outcome is not Outcome.UNKNOWN
    approved = till.amount if result.outcome is Outcome.APPROVED else 0
    assert terminal.book.charged == paid + approved, terminal.steps
    if result.outcome is Outcome.APPROVED:
        assert (result.amount, result.currency, result.terminal_id) == (till.amount, "EUR", "29001006")


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
@pytest.mark.parametrize("fault", [Fault.LOSE, Fault.LATE])
@pytest.mark.parametrize("step", range(BEGIN, BEGIN + STEPS))
def test_a_message_is_lost_in_silence_or_comes_too_late(rig, terminal, step, fault, rule):
    terminal.book.rule = rule
    terminal.answer_seconds, terminal.late_seconds = 0.1, 0.3
    terminal.script = {step: fault}
    till = rig(t3=10.0, t4=10.0, issue=1)
    check(till, terminal, till.settle())


@pytest.mark.parametrize("step", range(BEGIN, BEGIN + 2 * STEPS))
def test_a_message_too_many_is_never_taken_for_the_answer_to_the_next_command(rig, terminal, step):
    terminal.script = {step: Fault.TWICE}
    till, paid = rig(), 0
    for _ in range(3):
        check(till, terminal, till.settle(), paid)
        paid = terminal.book.charged


@pytest.mark.parametrize("rule", list(Rule))
@pytest.mark.parametrize("step", range(BEGIN + 10, BEGIN + STEPS))
def test_the_till_dies_and_asks_when_it_is_back(rig, terminal, step, rule):
    terminal.book.rule = rule
    till, dead = rig(), threading.Event()

    def die(name):
        if len(terminal.steps) == step + 1:
            till.notice("reached")
            dead.wait(PATIENCE)

    terminal.on_step = die
    till.authorise()
    till.until(str)
    till.close()
    dead.set()
    again = rig()
    again.mark = till.mark
    check(again, terminal, again.ask())


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
    faults = [
        Fault.CUT_BEFORE,
        Fault.CUT_AFTER,
        Fault.REBOOT,
        Fault.GARBLE,
        Fault.LOSE,
        Fault.LATE,
        Fault.TWICE,
    ]
    terminal.late_seconds = 0.3
    terminal.script = {chance.randrange(BEGIN, 120): chance.choice(faults) for _ in range(4)}
    till = rig(t3=10.0, t4=10.0, issue=1)
    paid = 0
    for number in range(3):
        till.attempt = AttemptId(f"a-{number}")
        result = till.settle()
        check(till, terminal, result, paid)
        paid = terminal.book.charged
