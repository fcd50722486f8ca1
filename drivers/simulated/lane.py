"""A whole lane's devices on loopback ports, one world behind them, and the configuration that finds them."""

from pathlib import Path
from types import TracebackType

from drivers.simulated.keyboard import Keyboard
from drivers.simulated.peer import Peer
from drivers.simulated.printer_escpos import PrinterPeer
from drivers.simulated.scale_8217 import Scale8217
from drivers.simulated.scanner import Scanner
from drivers.simulated.terminal import TerminalPeer
from drivers.simulated.terminal_zvt import ZvtTerminal
from drivers.simulated.world import World


class SimulatedLane:
    """Peers that speak their devices' own bytes; unplug one, and the lane is without it.

    The `terminal` is a ZVT one over TCP, or another in the same world, with the `table` that configures it.
    """

    def __init__(
        self, world: World | None = None, terminal: TerminalPeer | None = None, table: str = ""
    ) -> None:
        self.world = world or (terminal.world if terminal else World())
        self.scanner = Scanner()
        self.keyboard = Keyboard()
        self.produce = Scale8217(self.world, "produce")
        self.bag = Scale8217(self.world, "bag")
        self.terminal: TerminalPeer = terminal or ZvtTerminal(self.world)
        self.table = table or f'model = "zvt"\nport = "{self.terminal.port}"'
        self.printer = PrinterPeer(self.world)

    @property
    def peers(self) -> dict[str, Peer]:
        """By the names under which the lane knows its devices."""
        return {
            "scanner": self.scanner,
            "scanner 2": self.keyboard,
            "produce": self.produce,
            "bag": self.bag,
            "terminal": self.terminal,
            "printer": self.printer,
        }

    def toml(self) -> str:
        """The device tables of a configuration file."""
        return f"""
[[scanners]]
model = "serial"
port = "{self.scanner.port}"

[[scanners]]
model = "evdev"
port = "{self.keyboard.port}"

[scales.produce]
model = "toledo8217"
port = "{self.produce.port}"

[scales.bag]
model = "toledo8217"
port = "{self.bag.port}"

[terminal]
{self.table}

[printer]
model = "escpos"
port = "{self.printer.port}"

[light]
model = "gpio"
factory = "mock"
"""

    def close(self) -> None:
        for peer in self.peers.values():
            peer.close()

    def __enter__(self) -> "SimulatedLane":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def papers(self, folder: Path) -> list[Path]:
        """Every receipt that was printed, drawn into that folder."""
        paths = []
        for number, paper in enumerate(self.printer.papers, 1):
            path = folder / f"receipt-{number}.png"
            paper.png(path)
            paths.append(path)
        return paths
