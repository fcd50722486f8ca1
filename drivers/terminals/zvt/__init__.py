"""ZVT, the German language area's protocol between till and card terminal, over TCP."""

from drivers.terminals.zvt.config import Config
from drivers.terminals.zvt.driver import worker

__all__ = ["Config", "worker"]
