"""A simulated Caisse-AP terminal, and a till at it."""

import pytest

from drivers.simulated.terminal_caisse import CaisseTerminal
from drivers.simulated.world import Card, Scene, World
from drivers.terminals.caisse import driver
from kiosk.checkout.session import Health
from tests.drivers.terminals.till import FASTER, PATIENCE, Till


@pytest.fixture
def terminal():
    peer = CaisseTerminal(World(Scene(card=Card(last4="4111"))))
    yield peer
    peer.close()


@pytest.fixture
def till(terminal):
    tills = []

    def make(**settings):
        for before in tills:  # one line has one till: two would take it from each other for ever
            before.close()
        long = dict.fromkeys(("answer", "ping", "commit", "poll", "ready", "life"), FASTER * PATIENCE)
        tills.append(Till(driver, terminal, **(long | {"quiet": FASTER * 0.05, "ask": 1.0} | settings)))
        tills[-1].until_health(Health.READY)
        return tills[-1]

    yield make
    for made in tills:
        made.close()
