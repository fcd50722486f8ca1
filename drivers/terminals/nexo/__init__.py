"""nexo Terminal API in JSON, Adyen flavour: a card terminal over HTTPS, in the cloud or on the shop's network."""

from drivers.terminals.nexo.config import Config
from drivers.terminals.nexo.driver import Terminal, worker

__all__ = ["Config", "Terminal", "worker"]
