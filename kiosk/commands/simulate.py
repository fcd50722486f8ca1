"""kiosk simulate DEVICE: one simulated device on a loopback port, told by lines on standard input what happens to it.

    kiosk simulate scale --port 7101             a Toledo 8217, or nci, cas, sma, adam, digi, dialog06, hid; then:
                                                 put 500 | put -500 | noise 2; cas: busy 2;
                                                 dialog06: secret 1A2B 8005 | challenge
    kiosk simulate scanner --port 7102           then: scan 3017620422003 | scan 96385074 ]E4
    kiosk simulate hid-scanner --port 7106       a HID POS device; the same
    kiosk simulate wedge --port 7107             a scanner that types; the same
    kiosk simulate printer --port 7104           then: paper 0 | cover open | cover closed | receipts
    kiosk simulate tse --port 7105               then: out | back | restart | restart loses | log
    kiosk simulate terminal zvt --port 7103      or caisse, concert, nexo; --serial where it has both; then:

{terminal}

Every device knows: split 1 3 | delay 0.5 | hiss 0.01 | drop 2 | corrupt 1 | duplicate 1 | garbage 1 | unplug | replug.
"""

import argparse
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager

from drivers.simulated.balance import ScalePeer
from drivers.simulated.keyboard import Keyboard
from drivers.simulated.peer import Peer
from drivers.simulated.printer_escpos import PrinterPeer
from drivers.simulated.scale_asked import Cas
from drivers.simulated.scale_dialog06 import Dialog06
from drivers.simulated.scales import BALANCES
from drivers.simulated.scales import peer as scale_peer
from drivers.simulated.scanner import Scanner
from drivers.simulated.scanner_hid import HidScanner
from drivers.simulated.terminal import TerminalPeer
from drivers.simulated.terminal_caisse import CaisseTerminal
from drivers.simulated.terminal_concert import ConcertTerminal
from drivers.simulated.terminal_nexo import NexoTerminal
from drivers.simulated.terminal_nexo_http import NexoHttp
from drivers.simulated.terminal_orders import HELP
from drivers.simulated.terminal_orders import tell as tell_terminal
from drivers.simulated.terminal_zvt import ZvtTerminal
from drivers.simulated.tse import TsePeer
from drivers.simulated.world import World

DEVICES: dict[str, Callable[[World, int], Peer]] = {
    "scanner": lambda world, port: Scanner(number=port),
    "hid-scanner": lambda world, port: HidScanner(number=port),
    "wedge": lambda world, port: Keyboard(number=port),
    "printer": lambda world, port: PrinterPeer(world, number=port),
    "tse": lambda world, port: TsePeer(number=port),
}
FAMILIES: dict[str, type[TerminalPeer]] = {
    "zvt": ZvtTerminal,
    "caisse": CaisseTerminal,
    "concert": ConcertTerminal,
    "nexo": NexoTerminal,
}


class Refused(Exception):  # noqa: N818
    """A line that cannot be done; says what was expected."""


def main(argv: list[str]) -> int:
    indented = "\n".join(f"        {line}" for line in HELP.splitlines())
    parser = argparse.ArgumentParser(
        prog="kiosk simulate",
        description=(__doc__ or "").format(terminal=indented),
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("device", choices=sorted([*DEVICES, "scale", "terminal"]))
    parser.add_argument(
        "family",
        nargs="?",
        choices=sorted([*FAMILIES, *BALANCES]),
        help="zvt, or toledo8217, if not given",
    )
    parser.add_argument("--port", type=int, default=0, help="loopback port; 0 takes a free one")
    parser.add_argument("--serial", action="store_true", help="a terminal as on its serial line")
    options = parser.parse_args(argv)
    world = World()
    if options.device == "terminal":
        try:
            port = 0 if options.family == "nexo" else options.port
            peer: Peer = terminal(options.family or "zvt", world, port, options.serial)
        except Refused as wrong:
            print(f"kiosk simulate: {wrong}", file=sys.stderr)
            return 2
    elif options.device == "scale" and not options.serial and options.family not in FAMILIES:
        peer = scale_peer(options.family or "toledo8217", world, "bag", number=options.port)
    elif options.family or options.serial:
        parser.error(f"a {options.device} has no family and no other line")
    else:
        peer = DEVICES[options.device](world, options.port)
    with peer, before(peer, options.port) as address:
        print(address, flush=True)
        tell(sys.stdin, peer, world)
    return 0


@contextmanager
def before(peer: Peer, port: int) -> Iterator[str]:
    """What a configuration has to say to find it. A nexo terminal is asked over HTTP, which stands before its line."""
    if not isinstance(peer, NexoTerminal):
        yield f'port = "{peer.port}"'
        return
    with NexoHttp(peer, port) as http:
        yield f'url = "{http.url}"\npoi_id = "{peer.poi_id}"'


def terminal(family: str, world: World, port: int, serial: bool) -> TerminalPeer:
    """The simulated terminal of that family, on its own line."""
    if family not in FAMILIES:
        raise Refused(f"there is no {family} terminal")
    kind = FAMILIES[family]
    if not serial:
        return kind(world, port)
    try:
        return kind(world, port, serial=True)  # type: ignore[call-arg]
    except TypeError:
        raise Refused(f"a {family} terminal has one kind of line only") from None


def tell(lines: Iterable[str], peer: Peer, world: World) -> None:
    """Do what each line says, until there are no more; what cannot be done is said and passed over."""
    for line in lines:
        words = line.split()
        if not words:
            continue
        try:
            print(done(words[0], words[1:], peer, world) or "ok", flush=True)
        except (Refused, ValueError, IndexError) as wrong:
            print(f"not done: {line.strip()}: {wrong}", flush=True)


def done(verb: str, rest: list[str], peer: Peer, world: World) -> str:
    match verb, peer:
        case "unplug", _:
            peer.unplug()
        case "replug", _:
            peer.replug()
        case (("delay" | "hiss"), _):
            setattr(peer.faults, verb, float(rest[0]))
        case "split", _:
            peer.faults.split = tuple(int(size) for size in rest)
        case (("drop" | "corrupt" | "duplicate" | "garbage"), _):
            getattr(peer.faults, verb)(int(rest[0]) if rest else 1)
        case "put", ScalePeer():
            world.put("bag", int(rest[0]))
        case "noise", ScalePeer():
            world.change(noise=int(rest[0]))
        case (("busy" | "secret" | "challenge"), ScalePeer()):
            tell_scale(peer, verb, rest)
        case "scan", Scanner() | HidScanner():
            peer.scan(rest[0], *rest[1:2])
        case "scan", Keyboard():
            peer.scan("".join(rest[1:2] + rest[:1]))
        case "paper", PrinterPeer():
            world.change(paper=int(rest[0]))
        case "cover", PrinterPeer():
            world.change(cover_open=rest[0] == "open")
        case "receipts", PrinterPeer():
            return "\n\n".join(paper.text for paper in peer.papers)
        case (("out" | "back"), TsePeer()):
            peer.service.out = verb == "out"
        case "restart", TsePeer():
            peer.restart(loses_open="loses" in rest)
        case "log", TsePeer():
            return "\n".join(peer.chip.log)
        case _, TerminalPeer() if (answer := tell_terminal(peer, verb, rest)) is not None:
            return answer
        case _:
            raise Refused(f"{type(peer).__name__} does not know it; see kiosk simulate --help")
    return ""


def tell_scale(peer: ScalePeer, verb: str, rest: list[str]) -> None:
    """What only one kind of scale can do."""
    match verb, peer.balance:
        case "busy", Cas() as scale:
            scale.busy = int(rest[0])
        case "secret", Dialog06() as scale:
            scale.secret = int(rest[0], 16), int(rest[1], 16)
        case "challenge", Dialog06() as scale:
            scale.challenge()
        case _:
            raise Refused(f"a {type(peer.balance).__name__} does not know it; see kiosk simulate --help")
