"""`python -m tests.vm.devices`: a whole sale over USB in a guest, then each device unplugged and plugged in again.

Scanner, both scales and the printer are USB serial devices, a second scanner is a USB keyboard, the card terminal is
on the network; all of them are served from outside by drivers/simulated. What the lane says of each device is timed.
"""

import argparse
import json
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

import msgspec

from drivers.simulated.lane import SimulatedLane
from drivers.simulated.peer import Peer
from drivers.simulated.world import Card
from image.tree import DATA
from kiosk.checkout.events import Happened, PayPressed, ReceiptChosen, TenderChosen
from tests.conftest import ROOT
from tests.lane import MILK, YOGHURT
from tests.vm.channel import Silence
from tests.vm.guest import Guest
from tests.vm.machine import Drive, Machine
from tests.vm.plug import BOOT, TERMINAL
from tests.vm.small import KERNEL, Small, build
from tests.vm.usb import UsbLine

SEEN = 60.0
"""Seconds within which something that was done is on the screen, under emulation."""
AGAIN = 4.0  # seconds
GOAL = 3.0
"""Seconds within which a lane has noticed, or has a device back."""


class Bench:
    """A guest on a desk, with a hand for each of its plugs."""

    def __init__(self, guest: Guest, lane: SimulatedLane) -> None:
        self.guest, self.lane = guest, lane
        serial: dict[str, Peer] = {
            "scanner": lane.scanner,
            "produce": lane.produce,
            "bag": lane.bag,
            "printer": lane.printer,
        }
        self.plugs = {name: UsbLine(guest.folder / name, peer.number) for name, peer in serial.items()}
        self.now: dict[str, Any] = {}

    def do(self, *facts: Happened) -> None:
        for fact in facts:
            self.guest.shell.channel.send(msgspec.json.encode(fact) + b"\n")

    def until(self, what: str, seen: Callable[[dict[str, Any]], bool], seconds: float = SEEN) -> float:
        """Wait until that is what people see; how many seconds it took."""
        began = time.monotonic()
        while not self.now or not seen(self.now):
            left = began + seconds - time.monotonic()
            try:
                self.now = json.loads(self.guest.shell.channel.line(max(0.0, left)))
            except Silence as silence:
                console = self.guest.console.heard[-1500:].decode(errors="replace")
                raise Silence(f"{what} was not seen; the last: {self.now}; {console}") from silence
        return time.monotonic() - began

    def ready(self, *names: str) -> bool:
        return all(self.now.get("devices", {}).get(name) == "ready" for name in names)

    def sale(self) -> None:
        """Two things, one by each scanner, into the bag; paid by card; the receipt printed."""
        milk, yoghurt = f"{MILK.gtin:013}", f"{YOGHURT.gtin:013}"
        self.lane.scanner.scan(milk)
        self.until("the first thing", lambda now: now["pieces"] == 1)
        self.lane.world.put("bag", MILK.grams or 0)
        self.guest.qmp.type(yoghurt + "\n")
        self.until("the second thing", lambda now: now["pieces"] == 2)
        self.lane.world.put("bag", YOGHURT.grams or 0)
        self.lane.world.change(card=Card())
        while self.now["phase"] == "Shopping":  # as soon as the bag has come to rest
            self.do(PayPressed())
            with suppress(Silence):
                self.until("the page for paying", lambda now: now["phase"] == "Paying", AGAIN)
        self.do(TenderChosen("card"))
        self.until("paid", lambda now: now["phase"] == "Finishing")
        self.do(ReceiptChosen("print"))
        until = time.monotonic() + SEEN
        while not self.lane.printer.papers and time.monotonic() < until:
            time.sleep(0.1)

    def replug(self, name: str) -> tuple[float, float]:
        """Seconds until the lane has noticed that it is gone, and that it is back."""
        self.plugs[name].unplug()
        gone = self.until(f"{name} gone", lambda now: not self.ready(name))
        self.plugs[name].plug()
        return gone, self.until(f"{name} back", lambda now: self.ready(name))


def machine(small: Small, data: Path, terminal: int) -> Machine:
    return Machine(
        (Drive("root", file=small.root, readonly=True), Drive("data", file=data)),
        kernel=small.kernel,
        initrd=small.initrd,
        append=f"{KERNEL} data={DATA} lane.DEVICES=1",
        memory=512,
        processors=1,
        screen=None,
        usb=("scanner", "produce", "bag", "printer"),
        watchdog=False,
        doors={TERMINAL: terminal},
    )


def main(arguments: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.vm.devices", description=__doc__)
    parser.add_argument("--folder", type=Path, default=ROOT / "out" / "vm", help="where the guest is built")
    options = parser.parse_args(arguments)
    small = build(options.folder)
    wrong = 0
    with tempfile.TemporaryDirectory(prefix="devices-") as folder, SimulatedLane() as lane:
        data = small.new(Path(folder))
        with Guest(machine(small, data, lane.terminal.number)) as guest:
            bench = Bench(guest, lane)
            for plug in bench.plugs.values():
                plug.plug()
            booted = bench.until("every device", lambda now: bench.ready(*lane.peers), BOOT)
            print(f"every device is ready {booted:.0f} s after power-on", flush=True)
            bench.sale()
            papers = [paper.text for paper in lane.printer.papers]
            wrong += not any(MILK.name in text for text in papers) or lane.terminal.book.charged != 324
            print(
                f"charged {lane.terminal.book.charged}, printed:\n{papers[0] if papers else 'NOTHING'}",
                flush=True,
            )
            for name in bench.plugs:
                gone, back = bench.replug(name)
                wrong += max(gone, back) > GOAL
                print(f"{name:<10} noticed after {gone:4.1f} s, back after {back:4.1f} s", flush=True)
    print(f"{wrong} failed")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
