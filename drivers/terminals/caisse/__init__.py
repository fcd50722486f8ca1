"""Caisse-AP (Concert V3.x) over IP, the French protocol between till and card terminal."""

from drivers.terminals.caisse.config import Config
from drivers.terminals.caisse.driver import Terminal, worker

__all__ = ["Config", "Terminal", "worker"]
