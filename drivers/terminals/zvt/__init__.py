"""ZVT, the protocol between till and card terminal of the German-speaking countries, over TCP or a serial line."""

from drivers.terminals.zvt.config import Config

__all__ = ["Config"]
