"""A nexo payment, and its reversal, interrupted at every message: what is known in the end is what the book says."""

import random
import threading
from collections.abc import Iterator
from typing import Any

import pytest

from drivers.simulated.terminal import Fault
from drivers.simulated.terminal_nexo import NexoTerminal
from drivers.simulated.world import Card
from kiosk.checkout.events import TerminalAnswered
from kiosk.checkout.money import Outcome, PaymentResult
from kiosk.units import AttemptId
from tests.drivers.terminals.nexo_till import Till, terminal_with, till_at

BEGIN = 2  # the steps before a payment: one Diagnosis
PAYMENT = 2  # and those of a payment
ASKED = 12  # steps in which a doubt is settled
REVERSAL = 4  # a Diagnosis before it
SHORT: dict[str, Any] = {"patience": 10.0, "answer": 5.0, "life": 12.0}
LINE = [Fault.CUT_BEFORE, Fault.CUT_AFTER, Fault.REBOOT, Fault.GARBLE, Fault.SPLIT, Fault.TWICE]
SILENCE = [Fault.LOSE, Fault.LATE, Fault.GLUE]


@pytest.fixture
def terminal() -> Iterator[NexoTerminal]:
    with terminal_with(Card(last4="4111")) as peer:
        peer.late_seconds = (
            0.15  # in the world's time; the till's runs fifty times as fast, and a request lives 0.24
        )
        yield peer


def check(till: Till, terminal: NexoTerminal, result: PaymentResult, paid: int = 0) -> None:
    """What is known is what the terminal's book says, after `paid` minor units before."""
    assert result.outcome is not Outcome.UNKNOWN, terminal.steps
    approved = till.amount if result.outcome is Outcome.APPROVED else 0
    assert terminal.book.charged == paid + approved, terminal.steps


def test_the_steps_are_all_there(terminal):
    with till_at(terminal) as till:
        till.reverse(till.pay())
    assert terminal.steps[BEGIN:] == [
        "hear Payment", "say Payment",
        "hear Diagnosis", "say Diagnosis", "hear Reversal", "say Reversal",
    ]  # fmt: skip
    assert len(terminal.steps) == BEGIN + PAYMENT + REVERSAL


@pytest.mark.parametrize("bank", ["approves", "declines"])
@pytest.mark.parametrize("fault", LINE + SILENCE)
@pytest.mark.parametrize("step", range(BEGIN, BEGIN + PAYMENT))
def test_a_payment_interrupted(terminal, step, fault, bank):
    terminal.world.change(card=Card(bank=bank))
    terminal.script = {step: fault}
    with till_at(terminal, **SHORT) as till:
        check(till, terminal, till.settle(till.pay()))


@pytest.mark.parametrize("second", LINE + SILENCE)
@pytest.mark.parametrize("step", range(BEGIN + PAYMENT, BEGIN + ASKED))
def test_interrupted_again_while_it_is_asked_about(terminal, step, second):
    terminal.script = {BEGIN + 1: Fault.CUT_BEFORE, step: second}
    with till_at(terminal, **SHORT) as till:
        check(till, terminal, till.settle(till.pay()))


@pytest.mark.parametrize("second", LINE + SILENCE)
@pytest.mark.parametrize("step", range(BEGIN + 1, BEGIN + ASKED))
def test_a_payment_that_never_came_and_the_look_up_is_interrupted(terminal, step, second):
    terminal.script = {BEGIN: Fault.LOSE, step: second}
    with till_at(terminal, **SHORT) as till:
        check(till, terminal, till.settle(till.pay()))


@pytest.mark.parametrize("fault", LINE + SILENCE)
@pytest.mark.parametrize("step", range(BEGIN + PAYMENT, BEGIN + PAYMENT + REVERSAL + 4))
def test_a_reversal_interrupted(terminal, step, fault):
    terminal.script = {step: fault}
    with till_at(terminal, **SHORT) as till:
        paid = till.pay()
        number, first = 1, till.reverse(paid)
        while first.outcome is Outcome.NOT_CHARGED and first.reason in ("terminal_away", "busy"):
            number += 1  # nothing was sent, so it may be tried again
            first = till.reverse(paid, number=number)
        result = till.settle(first, AttemptId(f"{till.attempt}-r{number}"), reverses=paid)
        given_back = result.outcome is Outcome.APPROVED
        assert result.outcome is not Outcome.UNKNOWN
        assert terminal.book.charged == (0 if given_back else till.amount), terminal.steps


@pytest.mark.parametrize("step", range(BEGIN, BEGIN + PAYMENT))
def test_the_till_dies_and_asks_when_it_is_back(terminal, step):
    dead = threading.Event()
    with till_at(terminal, **SHORT) as till:

        def die(name: str) -> None:
            if len(terminal.steps) == step + 1:
                till.notice("reached")
                dead.wait(20)

        terminal.on_step = die
        till.authorise()
        till.until(str)
    assert till.attempt in till.marks
    dead.set()
    with till_at(terminal, **SHORT) as again:
        again.marks = till.marks
        check(again, terminal, again.settle(PaymentResult(Outcome.UNKNOWN)))


def test_a_request_that_arrives_after_not_found_was_said_is_not_missed(terminal):
    """The trap of a NotFound that is believed at once: the payment is still on its way to the terminal."""
    terminal.script = {BEGIN: Fault.LATE}
    with till_at(terminal, **(SHORT | {"patience": 1.0})) as till:
        first = till.pay()
        assert first.outcome is Outcome.UNKNOWN
        assert till.ask().reason == "not_found"
        result = till.settle(first)
        check(till, terminal, result)
        assert result.outcome is Outcome.APPROVED


def test_the_terminal_starts_again_while_the_bank_is_asked(terminal):
    terminal.world.change(card=None)
    with till_at(terminal, **SHORT) as till:
        terminal.on_step = till.notice
        till.authorise()
        till.until(str, lambda step: step == "hear Payment")
        terminal.later(0.0, terminal.reboot)
        first = till.until(TerminalAnswered).result
        check(till, terminal, till.settle(first))
        assert terminal.book.charged == 0


@pytest.mark.parametrize("seed", range(60))
def test_many_things_go_wrong_at_random(terminal, seed):
    chance = random.Random(seed)
    terminal.world.change(card=Card(bank=chance.choice(["approves", "approves", "approves", "declines"])))
    terminal.faults.split = chance.choice([(), (1,), (3, 1)])
    terminal.script = {chance.randrange(BEGIN, 40): chance.choice(LINE + SILENCE) for _ in range(5)}
    paid = 0
    with till_at(terminal, **SHORT) as till:
        for number in range(3):
            till.attempt = AttemptId(f"a-{number}")
            check(till, terminal, till.settle(till.pay()), paid)
            paid = terminal.book.charged
