"""Real processes, real sockets, real time, with short timers: what the sweeps share."""

import tomllib
from collections.abc import Callable
from typing import Any

import msgspec

from drivers.line import Line, open_line
from drivers.simulated.terminal import TerminalPeer
from drivers.simulated.terminal_caisse import CaisseTerminal
from drivers.simulated.terminal_concert import ConcertTerminal
from drivers.simulated.terminal_nexo import NexoTerminal
from drivers.simulated.terminal_zvt import ZvtTerminal
from drivers.simulated.world import World
from drivers.terminals.nexo import driver as nexo
from drivers.worker import Emit, Worker
from tests.prove.families import MODULES

CONFIG = """
[lane]
store = "0187"
number = "4"

[shop]
name = "Tilleul"
timezone = "Europe/Paris"

[rules]
receipt_wait = 60000
thank_you = 60000
ask_again = 100

[screen]
px = [640, 400]
mm = [150, 94]
fullscreen = false
sound = false

[files]
journal = "{folder}/journal.db"
catalogue = "{folder}/catalogue.db"
"""
SHORT = {"request_life": 1_500, "ask_limit": 40, "terminal_omits": ("terminal_id",)}
"""Milliseconds that a request lives here: nothing on a loopback is under way for longer."""

TABLES = {
    "zvt": 'model = "zvt"\nt3 = 1.0\nt4 = 4.0\ncommit = 2.0\nask = 0.1\npace = 0.2',
    "caisse": 'model = "caisse"\nstatus = "T"\nanswer = 4.0\nlife = 5.0\nping = 1.0\n'
    "quiet = 0.05\ncommit = 2.0\nask = 0.1",
    "concert": 'model = "concert"\nmeal_voucher = "T"\nanswer = 4.0\nlife = 5.0\nbyte = 1.0\ncommit = 0.8\nask = 0.1',
    "nexo": 'model = "nexo"\nurl = "http://127.0.0.1:{port}/sync"\npoi_id = "V400m-347069211"\nsale_id = "lane4"\n'
    "patience = 4.0\nanswer = 1.0\nlife = 5.0\ncommit = 2.0\nretry = 0.2",
}
PEERS: dict[str, Callable[[World], TerminalPeer]] = {
    "zvt": ZvtTerminal,
    "caisse": CaisseTerminal,
    "concert": ConcertTerminal,
    "nexo": NexoTerminal,
}


def real_worker(family: str, port: str, emit: Emit) -> Worker[Any]:
    """The driver's worker as the family makes it; nexo's on the line that its carrier would be the other end of."""
    text = TABLES[family].replace("{port}", port.rpartition(":")[2])
    if family != "nexo":
        text += f'\nport = "{port}"'
    config = msgspec.convert(tomllib.loads(text), MODULES[family].Config)
    if family != "nexo":
        return MODULES[family].worker("terminal", config, emit)  # type: ignore[no-any-return]

    def connect() -> Line:
        return open_line(port)

    return Worker("terminal", connect, nexo.Terminal(config, "terminal"), emit)
