"""Every family of devices on its own wire, in virtual time: its cable is out for a while in the middle of a sale.

Each driver runs in its own worker, as in a lane, with nothing replaced but the clock and the socket. A terminal that is
asked over HTTPS and lamps on pins have no line that could be pulled.
"""

import socket
from collections.abc import Callable
from functools import lru_cache
from typing import Any, NamedTuple

import pytest

from drivers.fiscal import tse
from drivers.fiscal.config import Config as Tse
from drivers.printers import escpos
from drivers.scales import models
from drivers.scales.config import Toledo8217
from drivers.scanners import evdev, hid_pos, serial
from drivers.simulated.keyboard import Keyboard
from drivers.simulated.peer import Peer
from drivers.simulated.printer_escpos import PrinterPeer
from drivers.simulated.scale_8217 import Scale8217
from drivers.simulated.scanner import Scanner
from drivers.simulated.scanner_hid import HidScanner
from drivers.simulated.terminal_caisse import CaisseTerminal
from drivers.simulated.terminal_concert import ConcertTerminal
from drivers.simulated.terminal_zvt import ZvtTerminal
from drivers.simulated.tse import TsePeer
from drivers.simulated.world import World
from drivers.terminals import caisse, concert, zvt
from drivers.terminals.caisse.driver import worker as caisse_worker
from drivers.terminals.concert.driver import worker as concert_worker
from drivers.terminals.zvt.driver import worker as zvt_worker
from drivers.worker import Emit, Worker
from kiosk.barcode import ShopCodes
from kiosk.checkout.events import BagScaleSeen, Event
from kiosk.checkout.passed import DeviceSeen, Opened
from kiosk.checkout.session import Health, Panel, Shopping
from kiosk.text import Words
from screens.view import view
from tests.drivers.rig import FlyClock
from tests.drivers.terminals.virtual import VirtualPeer
from tests.lane import MILK, TIN, TOMATOES, Lane
from tests.receipt.sample import SHOP
from tests.screens.written import written

AT = "socket://virtual:1"
PULLED, AWAY, PUSHED, END = 20.0, 32.0, 33.3, 60.0
BACK_WITHIN = 2.0  # seconds, as the shop was promised
words_for = lru_cache(Words)


class WireClock(FlyClock):
    """Time flies, and whoever connects is joined to the one peer that there is."""

    peer: Any

    def connect(self, address: tuple[str, int], timeout: float) -> socket.socket:
        return self.peer.connect()  # type: ignore[no-any-return]


Make = Callable[[str, Emit, FlyClock], Worker[Any]]


class Family(NamedTuple):
    """Its name in the lane, its peer and what that is made of, its worker, and what the page says without it."""

    name: str
    peer: type[Peer]
    parts: tuple[Any, ...]
    worker: Make
    says: str = ""


def scanner(kind: Any, peer: type[Peer]) -> Family:
    def worker(name: str, emit: Emit, clock: FlyClock) -> Worker[Any]:
        made: Worker[Any] = kind.worker(name, kind.Config(port=AT), ShopCodes(), lambda *_: None, emit, clock)
        return made

    return Family("scanner", peer, (), worker, "The scanner takes a break")


def scale(name: str, says: str = "") -> Family:
    config = Toledo8217(port=AT)
    return Family(
        name,
        Scale8217,
        (World(), name),
        lambda n, emit, clock: models.worker(n, config, emit, clock),
        says,
    )


def terminal(peer: type[Peer], make: Any, config: Any) -> Family:
    return Family(
        "terminal",
        peer,
        (World(),),
        lambda name, emit, clock: make(name, config, emit, clock),
        "No paying here, for now",
    )


FAMILIES: dict[str, Family] = {
    "serial": scanner(serial, Scanner),
    "evdev": scanner(evdev, Keyboard),
    "hid-pos": scanner(hid_pos, HidScanner),
    "produce": scale("produce", "The scale does not answer"),
    "bag": scale("bag"),
    "zvt": terminal(ZvtTerminal, zvt_worker, zvt.Config(port=AT)),
    "caisse": terminal(CaisseTerminal, caisse_worker, caisse.Config(port=AT)),
    "concert": terminal(ConcertTerminal, concert_worker, concert.Config(port=AT)),
    "escpos": Family(
        "printer",
        PrinterPeer,
        (World(),),
        lambda name, emit, clock: escpos.worker(name, escpos.Config(port=AT), SHOP, "EUR", emit, clock),
    ),
    "tse": Family(
        "fiscal",
        TsePeer,
        (),
        lambda name, emit, clock: tse.worker(name, Tse(port=AT, client="0187-4"), emit, clock),
    ),
}


class Sale:
    """A basket with two things in it, and one device beside it."""

    def __init__(self, family: Family) -> None:
        self.clock = WireClock()
        peer = type(family.peer.__name__, (family.peer, VirtualPeer), {"clock": self.clock})
        self.clock.peer = self.peer = peer(*family.parts)
        self.clock.pump = self.peer.pump
        self.worker = family.worker(family.name, self.emit, self.clock)
        self.lane = Lane().buy(MILK, TIN)
        if family.name == "produce":
            self.lane.play(Opened(Panel("weigh", item=TOMATOES)))
        self.seen: list[tuple[float, Health]] = []
        self.pages: list[str] = []

    def emit(self, event: Event) -> None:
        """What the loop does with it."""
        self.lane.play(event)
        if isinstance(event, DeviceSeen):
            self.seen.append((self.clock.time, event.device.health))
            if event.device.name == "bag":
                self.lane.play(BagScaleSeen(event.device.health is Health.READY))

    def look(self) -> None:
        page = view(self.lane.session, words_for, self.lane.now)
        self.pages.append(" ".join(written(page).replace(" // ", " ").split()))

    def live(self) -> None:
        at = self.clock.at
        for time, what in (
            (PULLED - 1, self.look),
            (PULLED, self.peer.pull),
            (AWAY, self.look),
            (PUSHED, self.peer.push),
            (PUSHED + BACK_WITHIN, self.look),
            (END, self.worker._orders.stop),
        ):
            at(time, what)
        self.worker.live()
        self.peer.close()


@pytest.mark.parametrize("name", FAMILIES)
def test_it_comes_back_by_itself(name: str) -> None:
    family = FAMILIES[name]
    sale = Sale(family)
    basket = sale.lane.sale.lines
    sale.live()

    before, away, after = sale.pages
    assert [health for time, health in sale.seen if time < PULLED][-1] is Health.READY
    lost = [time for time, health in sale.seen if health is Health.OFFLINE and time >= PULLED]
    back = [time for time, health in sale.seen if health is Health.READY and time > PULLED]
    assert lost and lost[0] < AWAY
    assert len(back) == 1 and back[0] - PUSHED <= BACK_WITHIN, f"{back} is too late after {PUSHED}"
    assert family.says in away
    assert after == before and (not family.says or family.says not in after)
    assert isinstance(sale.lane.session.kept.phase, Shopping) and sale.lane.sale.lines == basket
