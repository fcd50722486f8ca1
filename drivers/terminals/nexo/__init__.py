"""nexo Terminal API in JSON, Adyen flavour: a card terminal over HTTPS, in the cloud or on the shop's network."""

from drivers.terminals.nexo.config import Config

__all__ = ["Config"]
