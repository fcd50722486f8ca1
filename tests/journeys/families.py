"""Every family of card terminals, as a lane of the journeys has it."""

from collections.abc import Callable

from msgspec import Struct

from drivers.simulated.lane import SimulatedLane
from drivers.simulated.terminal import TerminalPeer
from drivers.simulated.terminal_caisse import CaisseTerminal
from drivers.simulated.terminal_concert import ConcertTerminal
from drivers.simulated.terminal_nexo import NexoTerminal
from drivers.simulated.terminal_nexo_http import NexoHttp
from drivers.simulated.terminal_zvt import ZvtTerminal

CAISSE = """model = "caisse"
port = "{terminal.port}"
answer = 20
life = 20
ping = 20
quiet = 0.1
poll = 0.5
ask = 0.1"""
NEXO = """model = "nexo"
url = "{terminal.front.url}"
poi_id = "{terminal.poi_id}"
sale_id = "0187-4"
patience = 20
answer = 20
life = 20
poll = 0.5
retry = 0.1"""


class NexoInTheCloud(NexoTerminal):
    """With the HTTP side that is asked, which ends with it."""

    def __init__(self) -> None:
        super().__init__()
        self.front = NexoHttp(self)

    def close(self) -> None:
        self.front.close()
        super().close()


class Family(Struct, frozen=True):
    """How a terminal is made and configured. `result` steps after it hears the `order` to pay it tells its result.

    `finds_out`: it says afterwards what became of a payment. `breaks_off`: it can be told to stop waiting for a card.
    `pays_out_to_the_card`: what it pays out is paid to a card that it waits for.
    """

    make: Callable[[], TerminalPeer]
    table: str
    order: str
    result: int
    finds_out: bool = True
    breaks_off: bool = True
    pays_out_to_the_card: bool = True

    def lane(self) -> SimulatedLane:
        terminal = self.make()
        return SimulatedLane(terminal=terminal, table=self.table.format(terminal=terminal))


FAMILIES = {
    "zvt over TCP": Family(ZvtTerminal, 'model = "zvt"\nport = "{terminal.port}"', "hear 06 01", 6),
    "zvt on a serial line": Family(
        lambda: ZvtTerminal(serial=True),
        'model = "zvt"\nframing = "serial"\nport = "{terminal.port}"',
        "hear 06 01",
        6,
    ),
    "caisse, action T": Family(
        lambda: told_by_action_t(),
        CAISSE + '\nstatus = "T"',
        "hear CD=0",
        1,
        breaks_off=False,
        pays_out_to_the_card=False,
    ),
    "caisse, last ticket": Family(
        CaisseTerminal,
        CAISSE + '\nversion = "0320"\nticket = true\nstatus = "duplicate"',
        "hear CD=0",
        1,
        breaks_off=False,
        pays_out_to_the_card=False,
    ),
    "caisse, silent": Family(
        CaisseTerminal, CAISSE, "hear CD=0", 1, finds_out=False, breaks_off=False, pays_out_to_the_card=False
    ),
    "concert": Family(
        ConcertTerminal,
        'model = "concert"\nport = "{terminal.port}"\npoll = 0.5\nask = 0.1',
        "hear request",
        5,
        finds_out=False,
        breaks_off=False,
        pays_out_to_the_card=False,
    ),
    "nexo": Family(NexoInTheCloud, NEXO, "hear Payment", 1),
}


def told_by_action_t() -> CaisseTerminal:
    terminal = CaisseTerminal()
    terminal.knows_status = True
    return terminal
