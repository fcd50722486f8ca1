"""Every fault at every step of a payment, a reversal, a refund and an end of day, over TCP and a serial line.

Whatever the driver says last, after all its look-ups, is what stands in the terminal's own book. Time is virtual.
"""

from contextlib import contextmanager

import pytest

from drivers.simulated.terminal import Fault
from drivers.simulated.terminal_book import Rule
from drivers.simulated.terminal_zvt import ZvtTerminal
from drivers.terminals.zvt import Config
from drivers.terminals.zvt.driver import Terminal
from drivers.terminals.zvt.serial import SerialLine
from kiosk.checkout.money import Outcome
from tests.drivers.terminals.virtual import AMOUNT, Till

LINES = ["tcp", "serial"]
APPROVED, NOT_CHARGED = Outcome.APPROVED, Outcome.NOT_CHARGED


@contextmanager
def till_at(framing, **settings):
    config = Config(port="virtual", framing=framing, **settings)
    till = Till(ZvtTerminal, Terminal(config), config.life, serial=framing == "serial")
    till.peer.late_seconds = 12.0  # past T2 and T3
    if framing == "serial":
        till.wrap = lambda line: SerialLine(line, till.clock, config.t1, config.t2)
    yield till
    till.peer.close()


def steps_of(framing, what):
    """How many steps the conversation has when nothing goes wrong: those before, and those of the deed."""
    with till_at(framing) as till:
        paid = till.pay() if what is not pay else None
        before = len(till.peer.steps)
        what(till, paid)
        return before, len(till.peer.steps)


def pay(till, paid):
    word = till.pay()
    assert word.outcome in (APPROVED, NOT_CHARGED), word
    assert till.peer.book.charged == (AMOUNT if word.outcome is APPROVED else 0)


def give_back(till, paid):
    word = till.reverse(paid)
    assert word.outcome in (APPROVED, NOT_CHARGED), word
    assert till.peer.book.charged == (0 if word.outcome is APPROVED else AMOUNT)


def pay_out_a_part(till, paid):
    word = till.reverse(paid, amount=40)
    assert word.outcome in (APPROVED, NOT_CHARGED), word
    assert till.peer.book.charged == (AMOUNT - 40 if word.outcome is APPROVED else AMOUNT)


def end_the_day(till, paid):
    word = till.end_of_day()
    assert word.amount in (None, AMOUNT)
    assert word.amount is not None or till.peer.script
    assert till.peer.book.today == []


DEEDS = [pay, give_back, pay_out_a_part, end_the_day]
RULES = list(Rule)


def rules_at(step, fault):
    """All of them where the terminal is left with a result that nobody took, and else one, in turn."""
    return RULES if fault is Fault.CUT_AFTER else [RULES[step % len(RULES)]]


@pytest.mark.parametrize("fault", list(Fault))
@pytest.mark.parametrize("what", DEEDS)
@pytest.mark.parametrize("framing", LINES)
def test_the_last_word_is_what_is_in_the_terminals_book(framing, what, fault):
    for step in range(*steps_of(framing, what)):
        for rule in rules_at(step, fault):
            with till_at(framing) as till:
                till.peer.book.rule, till.peer.stubborn = rule, step % 2 == 0
                paid = till.pay() if what is not pay else None
                till.peer.script = {step: fault}
                what(till, paid)


@pytest.mark.parametrize("fault", list(Fault))
@pytest.mark.parametrize("framing", LINES)
def test_the_same_where_messages_are_numbered(framing, fault):
    for step in range(*steps_of(framing, pay)):
        with till_at(framing) as till:
            till.peer.echoes = True
            till.peer.script = {step: fault}
            pay(till, None)
            if fault is Fault.TWICE and till.peer.steps[step].startswith("say"):
                assert till.final.outcome is APPROVED
