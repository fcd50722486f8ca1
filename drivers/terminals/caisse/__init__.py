"""Caisse-AP (Concert V3.x) over IP, the French protocol between till and card terminal.

Only its configuration is loaded with the package: a lane has one terminal, and starts without the others' drivers.
"""

from drivers.terminals.caisse.config import Config

__all__ = ["Config"]
