"""Concert E+ (V2), the older French protocol between till and card terminal, on a serial line."""

from drivers.terminals.concert.config import Config
from drivers.terminals.concert.driver import Terminal, worker

__all__ = ["Config", "Terminal", "worker"]
