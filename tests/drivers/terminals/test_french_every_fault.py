"""Every fault at every step, and many at random, at both French terminals: no word about money is ever a wrong one.

Time is virtual. What stays UNKNOWN is counted: these protocols cannot tell of a payment that was lost sight of, unless
a vendor's profile can.
"""

import random
from collections import Counter
from functools import partial

import pytest

from drivers.simulated.terminal import Fault
from drivers.simulated.terminal_book import Rule
from drivers.simulated.terminal_caisse import CaisseTerminal
from drivers.simulated.terminal_concert import ConcertTerminal
from drivers.simulated.world import Card
from drivers.terminals.caisse import driver as caisse
from drivers.terminals.concert import driver as concert
from kiosk.checkout.money import Outcome
from tests.drivers.terminals.flying import FlyingTill

WAYS = ["none", "T", "duplicate", "concert"]


def till_at(way):
    if way == "concert":
        return FlyingTill(concert, ConcertTerminal)
    till = FlyingTill(caisse, CaisseTerminal, status=way, version="0320")
    till.peer.knows_status = way == "T"
    return till


def pay(till):
    return till.pay()


def give_back(till):
    return till.give_back(till.pay())


def steps_of(way, what):
    """The steps of the conversation when nothing goes wrong."""
    with till_at(way) as till:
        assert what(till).outcome is Outcome.APPROVED
        return len(till.peer.steps)


CASES = [
    pytest.param(way, what, step, id=f"{way}-{what.__name__}-{step}")
    for way in WAYS
    for what in (pay, give_back)
    for step in range(0 if what is pay else steps_of(way, pay), steps_of(way, what))
]


@pytest.mark.parametrize("fault", list(Fault))
@pytest.mark.parametrize(("way", "what", "step"), CASES)
def test_one_fault(way, what, step, fault):
    for rule in Rule:
        for late in (2.0, 12.0, 400.0) if fault is Fault.LATE else (6.0,):
            with till_at(way) as till:
                till.peer.book.rule, till.peer.late_seconds = rule, late
                till.peer.script = {step: fault}
                till.check(what(till))
                till.check(till.pay(2))


def misfortunes(way, seed):
    """Three payments and a reversal with all kinds of faults; the outcome of each, found right by the book."""
    chance = random.Random(seed)
    with till_at(way) as till:
        spoil(till.peer, chance)
        words = []
        for number in range(1, 4):
            held = Card(bank=chance.choice(["approves", "approves", "approves", "declines"]))
            till.peer.world.change(card=None)
            till.peer.later(
                chance.choice([0.0, 8.0, 60.0, 230.0]), partial(till.peer.world.change, card=held)
            )
            words.append(till.pay(number))
            till.check(words[-1])
        if words[-1].outcome is Outcome.APPROVED:
            words.append(till.give_back(words[-1], 3))
            till.check(words[-1])
        return [word.outcome for word in words]


def spoil(peer, chance):
    peer.book.rule = chance.choice(list(Rule))
    peer.late_seconds = chance.choice([0.1, 2.0, 12.0, 200.0])
    peer.faults.split = chance.choice([(), (1,), (5, 2)])
    peer.faults.delay = chance.choice([0.0, 0.0, 1.0])
    peer.busy_answers = chance.choice([0, 0, 1, 3])
    peer.script = {chance.randrange(60): chance.choice(list(Fault)) for _ in range(chance.randrange(5))}


@pytest.mark.parametrize("part", range(4))
@pytest.mark.parametrize("way", WAYS)
def test_many_at_random(way, part):
    words = Counter(word for seed in range(part * 50, part * 50 + 50) for word in misfortunes(way, seed))
    assert words[Outcome.APPROVED] and words[Outcome.NOT_CHARGED]
