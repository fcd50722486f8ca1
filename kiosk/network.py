"""Whom a lane must be able to talk to, by its configuration: what its device opens firewall and sandboxes for.

A line each, as systemd/appliance/usr/lib/kiosk/lane-config reads them: `store 192.168.10.10 8700`. Besides, whom it
needs beside it: `run kiosk-camera.service`.
"""

from collections.abc import Iterator
from ipaddress import ip_address
from urllib.parse import urlsplit

from drivers.camera.config import Config as Camera
from drivers.terminals import caisse, nexo, zvt
from kiosk.config import Config

PORTS = {"https": 443, "http": 80}
PRIVATE = ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "fc00::/7")


def lines(config: Config) -> Iterator[str]:
    """`store`, `terminal` (also the fiscal device), `cloud`, `run`; a name without an address is a comment."""
    if config.link is not None:
        yield from _line("store", config.link.server, PRIVATE)
        yield "run kiosk-link.service"
    match config.terminal:
        case nexo.Config(socket=socket, url=url):
            yield from _line("cloud" if socket else "terminal", url)
            if socket:
                yield "run kiosk-terminal.service"
        case zvt.Config(port=port) | caisse.Config(port=port):
            yield from _line("terminal", port)
    if config.fiscal is not None:
        yield from _line("terminal", config.fiscal.device.port)
    if any(isinstance(scanner, Camera) for scanner in config.scanners):
        yield "run kiosk-camera.service"


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
