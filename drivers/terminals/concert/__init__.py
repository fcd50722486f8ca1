"""Concert E+ (V2), the older French protocol between till and card terminal, on a serial line.

Only its configuration is loaded with the package: a lane has one terminal, and starts without the others' drivers.
"""

from drivers.terminals.concert.config import Config

__all__ = ["Config"]
