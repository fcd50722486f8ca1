"""Whom a lane must be able to talk to, by its configuration: what its device opens firewall and sandboxes for.

A line each, as systemd/appliance/usr/lib/kiosk/lane-config reads them: `store 192.168.10.10 8700`.
"""

from collections.abc import Iterator
from ipaddress import ip_address
from urllib.parse import urlsplit

from drivers.terminals import caisse, nexo, zvt
from kiosk.config import Config

PORTS = {"https": 443, "http": 80}
PRIVATE = ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "fc00::/7")


def lines(config: Config) -> Iterator[str]:
    """`store`, `terminal` (also the fiscal device) and `cloud`; a name without an address is a comment."""
    if config.link is not None:
        yield from _line("store", config.link.server, PRIVATE)
    match config.terminal:
        case nexo.Config(socket=socket, url=url):
            yield from _line("cloud" if socket else "terminal", url)
        case zvt.Config(port=port) | caisse.Config(port=port):
            yield from _line("terminal", port)
    if config.fiscal is not None:
        yield from _line("terminal", config.fiscal.device.port)


def _line(what: str, place: str, else_: tuple[str, ...] = ()) -> Iterator[str]:
    """`else_` is where a server must be that is only known by its name."""
    where = urlsplit(place)
    port = where.port or PORTS.get(where.scheme)
    if where.hostname is None or port is None:
        return  # on a serial line
    try:
        addresses: tuple[str, ...] = (str(ip_address(where.hostname)),)
    except ValueError:
        addresses = else_
    for address in addresses:
        yield f"{what} {address} {port}"
    if not addresses:
        yield f"# {what} {where.hostname} {port}: its address belongs into the file network"
