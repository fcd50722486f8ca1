"""A simulated Concert E+ terminal, and a till at it."""

import pytest

from drivers.simulated.terminal_concert import ConcertTerminal
from drivers.simulated.world import Card, Scene, World
from drivers.terminals.concert import driver
from kiosk.checkout.session import Health
from tests.drivers.terminals.till import FASTER, PATIENCE, Till


@pytest.fixture
def terminal():
    peer = ConcertTerminal(World(Scene(card=Card(last4="4111"))))
    yield peer
    peer.close()


@pytest.fixture
def till(terminal):
    tills = []

    def make(**settings):
        for before in tills:  # one line has one till: two would take it from each other for ever
            before.close()
        long = dict.fromkeys(("answer", "poll", "ready", "life", "byte"), FASTER * PATIENCE)
        long |= {"commit": FASTER * PATIENCE / 2, "ask": 1.0}
        tills.append(Till(driver, terminal, **(long | settings)))
        tills[-1].until_health(Health.READY)
        return tills[-1]

    yield make
    for made in tills:
        made.close()


@pytest.fixture
def hasty(terminal, till):
    """A till and a terminal that give each other up soon, for faults that end in silence."""
    terminal.byte_seconds = 0.1

    def make(**settings):
        soon = {"byte": FASTER * 0.15, "commit": FASTER * 0.1, "answer": FASTER * 0.6, "ready": FASTER * 1.5}
        return till(**(soon | settings))

    return make
