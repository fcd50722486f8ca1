"""The families of terminals that the proof knows: how each is configured, driven and simulated."""

from collections.abc import Callable
from functools import cache
from typing import Any

from drivers.simulated.terminal import TerminalPeer
from drivers.simulated.terminal_book import Book, Rule
from drivers.simulated.terminal_zvt import ZvtTerminal
from drivers.terminals import zvt
from kiosk.config import Config, parse
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
thank_you = 3000
{rules}

[terminal]
port = "socket://127.0.0.1:{port}"
{terminal}
"""


class VirtualZvt(ZvtTerminal, VirtualPeer):
    """A ZVT terminal in virtual time."""


class Family:
    """`asks`: the terminal can be asked what became of a payment, so nothing needs a person that is there again."""

    def __init__(
        self,
        name: str,
        peer: Callable[..., TerminalPeer],
        worker: Callable[..., Any],
        terminal: str,
        rules: str = "",
        asks: bool = True,
        serial: bool = False,
    ) -> None:
        self.name, self.worker, self.asks, self.serial = name, worker, asks, serial
        self._peer, self._terminal, self._rules = peer, terminal, rules

    @cache  # noqa: B019
    def config(self) -> Config:
        text = LANE.format(port=NUMBER, terminal=self._terminal, rules=self._rules)
        return parse(text, f"{self.name}.toml")

    def peer(self, world: Any) -> TerminalPeer:
        return self._peer(world, NUMBER)


FAMILIES = {
    family.name: family
    for family in (
        Family("zvt", VirtualZvt, zvt.worker, 'model = "zvt"'),
        Family(
            "zvt serial",
            lambda world, number: VirtualZvt(world, number, serial=True),
            zvt.worker,
            'model = "zvt"\nframing = "serial"',
            serial=True,
        ),
    )
}
COUNTED = {"zvt serial": "zvt"}
"""Runs that count as another family's."""

RULES = tuple(Rule)


def wrapped(book: Book) -> None:
    """The next receipt number but one starts again from one."""
    book.receipt = 9_998
    if book.before is not None:
        book.before.receipt = 9_998
