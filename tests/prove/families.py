"""The families of terminals that the proof knows: how each is configured, driven and simulated."""

import tomllib
from collections.abc import Callable
from datetime import datetime
from functools import cache, cached_property, partial
from random import Random
from typing import Any

import msgspec
from msgspec.structs import replace

from drivers.line import Line
from drivers.simulated.terminal import TerminalPeer
from drivers.simulated.terminal_book import Book, Rule
from drivers.simulated.terminal_caisse import CaisseTerminal
from drivers.simulated.terminal_concert import ConcertTerminal
from drivers.simulated.terminal_nexo import NexoTerminal
from drivers.simulated.terminal_zvt import ZvtTerminal
from drivers.simulated.world import World
from drivers.terminals.caisse import driver as caisse
from drivers.terminals.concert import driver as concert
from drivers.terminals.nexo import driver as nexo
from drivers.terminals.nexo.frames import Frames
from drivers.terminals.zvt import driver as zvt
from drivers.worker import Emit, Worker
from kiosk.checkout.session import Policy
from kiosk.config import Config, parse
from tests.prove.carrier import Carrier
from tests.prove.hub import HubClock
from tests.prove.wire import VirtualPeer

NUMBER = 7_000
LANE = """
[lane]
store = "0187"
number = "4"

[shop]
name = "Tilleul"
timezone = "Europe/Paris"

[rules]
receipt_wait = 20000
thank_you = 3000"""


class VirtualZvt(ZvtTerminal, VirtualPeer):
    """A ZVT terminal in virtual time."""


class VirtualCaisse(CaisseTerminal, VirtualPeer):
    """A Caisse-AP terminal in virtual time."""


class VirtualConcert(ConcertTerminal, VirtualPeer):
    """A Concert E+ terminal in virtual time."""


class VirtualNexo(NexoTerminal, VirtualPeer):
    """A Terminal API terminal in virtual time, on the line behind its carrier.

    Whoever asks for another terminal has come to the wrong one: in the cloud it is not asked, locally its certificate
    has another name.
    """

    many = True

    def heed(self, frame: bytes) -> None:
        (asked,) = Frames().feed(frame)
        if self.poi_id.encode() in asked.body:
            super().heed(frame)
        else:
            self._hang_up()


Connect = Callable[[Any, Emit, HubClock, Callable[[], datetime], Random], Worker[Any]]


def own(module: Any) -> Connect:
    """The worker that the family's own module makes."""
    return lambda config, emit, clock, today, random: module.worker("terminal", config, emit, clock)


def carried(
    config: nexo.Config, emit: Emit, clock: HubClock, today: Callable[[], datetime], random: Random
) -> Worker[Any]:
    """The driver on a line whose other end carries each exchange by itself, as HTTPS does."""
    terminal = nexo.Terminal(config, "terminal", today, random)

    def connect() -> Line:
        return Carrier(VirtualPeer.net, NUMBER, config.patience).line(clock)

    return Worker("terminal", connect, terminal, emit, clock)


MODULES = {"zvt": zvt, "caisse": caisse, "concert": concert, "nexo": nexo}


@cache
def lane() -> Config:
    return parse(LANE, "proof.toml")


class Family:
    """`asks`: its terminal can be asked what became of a payment. `serial`: on a cable that keeps nothing."""

    def __init__(
        self,
        name: str,
        peer: Callable[..., TerminalPeer],
        worker: Connect,
        terminal: str,
        *,
        asks: bool = True,
        serial: bool = False,
        **attributes: object,
    ) -> None:
        self.name, self.worker, self.asks, self.serial = name, worker, asks, serial
        self._peer, self._terminal, self._attributes = peer, terminal, attributes

    @cached_property
    def config(self) -> Any:
        """What a shop sets of this terminal."""
        table = tomllib.loads(self._terminal.format(port=NUMBER))
        return msgspec.convert(table, MODULES[table["model"]].Config)

    def policy(self, journal: str) -> Policy:
        policy, life = lane().policy(journal), getattr(self.config, "life", None)
        return replace(
            policy,
            request_life=policy.request_life if life is None else int(life * 1000),
            terminal_omits=getattr(self.config, "omits", ()),
            terminal_totals=self.asks and isinstance(self.config, zvt.Config | nexo.Config),
        )

    def peer(self, world: World) -> TerminalPeer:
        peer = self._peer(world, NUMBER)
        for name, value in self._attributes.items():
            setattr(peer, name, value)
        return peer


ZVT = 'model = "zvt"\nport = "socket://127.0.0.1:{port}"'
CAISSE = 'model = "caisse"\nport = "socket://127.0.0.1:{port}"'
CONCERT = 'model = "concert"\nport = "socket://127.0.0.1:{port}"\nmeal_voucher = "T"'
NEXO = 'model = "nexo"\nurl = "http://127.0.0.1:{port}/sync"\npoi_id = "V400m-347069211"\nsale_id = "lane4"'

FAMILIES = {
    family.name: family
    for family in (
        Family("zvt", VirtualZvt, own(zvt), ZVT),
        Family(
            "zvt serial",
            partial(VirtualZvt, serial=True),
            own(zvt),
            ZVT + '\nframing = "serial"',
            serial=True,
        ),
        Family("caisse", VirtualCaisse, own(caisse), CAISSE, asks=False),
        Family("caisse T", VirtualCaisse, own(caisse), CAISSE + '\nstatus = "T"', knows_status=True),
        Family("concert", VirtualConcert, own(concert), CONCERT, asks=False, serial=True),
        Family("nexo", VirtualNexo, carried, NEXO),
    )
}
COUNTED = {"zvt serial": "zvt", "caisse T": "caisse", "concert": "caisse"}
"""Runs that count as another family's."""

RULES = tuple(Rule)


def wrapped(book: Book) -> None:
    """The next receipt number but one starts again from one."""
    book.receipt = 9_998
    if book.before is not None:
        book.before.receipt = 9_998
