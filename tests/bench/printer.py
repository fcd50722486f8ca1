"""Our printer driver against a printer that somebody else simulates: `EMUPOS=… python -m tests.bench.printer`.

EMUPOS names the command of emupos (0.4, its own Python 3.13 environment). Fifty receipts go through random
paper-out, cover-open and cut lines; each has to be on paper once, or again with its mark. Then the barcodes on
the pictures are read back.
"""

import json
import os
import queue
import random
import socket
import subprocess
import sys
import tempfile
import threading
import time
import urllib.error
import urllib.request
from collections import Counter
from io import BytesIO
from pathlib import Path

import zxingcpp
from PIL import Image

from drivers.printers.escpos import Config, worker
from kiosk.checkout.effects import Print
from kiosk.checkout.events import Event, Printed, PrintFailed
from tests.receipt.sample import SHOP, closed

RECEIPTS = 50
PATIENCE = 60.0


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Emupos:
    """The other simulator as a process, and its control interface."""

    def __init__(self, command: str, folder: Path) -> None:
        self.port, api = free_port(), free_port()
        self.api = f"http://127.0.0.1:{api}"
        front = {"id": "front", "type": "printer", "profile": "epson-tm-t20iii"}
        front |= {"connections": [{"tcp": {"port": self.port}}]}
        config = {"schema": 1, "api": {"host": "127.0.0.1", "port": api}, "devices": [front]}
        (folder / "emupos.yaml").write_text(json.dumps(config))
        self.log = (folder / "log").open("w+")
        self.process = subprocess.Popen([command, "run"], cwd=folder, stdout=self.log, stderr=self.log)

    def ask(self, path: str, method: str = "GET") -> bytes:
        request = urllib.request.Request(f"{self.api}{path}", method=method)
        with urllib.request.urlopen(request, timeout=10) as answer:
            return bytes(answer.read())

    def ready(self) -> None:
        until = time.monotonic() + PATIENCE
        while True:
            try:
                socket.create_connection(("127.0.0.1", self.port), 1).close()
                self.base()
                return
            except OSError:
                assert self.process.poll() is None and time.monotonic() < until, "emupos does not start"
                time.sleep(0.2)

    def base(self) -> str:
        for base in ("/v1", "/api/v1", "/api", ""):
            try:
                self.ask(f"{base}/devices")
                return base
            except urllib.error.HTTPError:
                continue
        raise OSError("no control interface")


class Cable:
    """A line between driver and printer that can be cut."""

    def __init__(self, port: int) -> None:
        self.target = port
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        self.ends: list[socket.socket] = []
        threading.Thread(target=self.live, daemon=True).start()

    def live(self) -> None:
        while True:
            ours, _ = self.listener.accept()
            theirs = socket.create_connection(("127.0.0.1", self.target))
            self.ends = [ours, theirs]
            for one, other in ((ours, theirs), (theirs, ours)):
                threading.Thread(target=self.carry, args=(one, other), daemon=True).start()

    def carry(self, one: socket.socket, other: socket.socket) -> None:
        try:
            while data := one.recv(65536):
                other.sendall(data)
        except OSError:
            pass
        self.cut()

    def cut(self) -> None:
        for end in self.ends:
            end.close()


def go(emupos: Emupos) -> None:
    base = emupos.base()
    cable = Cable(emupos.port)
    events: queue.Queue[Event] = queue.Queue()
    printer = worker("printer", Config(port=f"socket://127.0.0.1:{cable.port}"), SHOP, "EUR", events.put)
    printer.start()
    chance = random.Random(1)
    outcome: Counter[str] = Counter()
    duplicates: Counter[int] = Counter()
    started = time.monotonic()
    for number in range(RECEIPTS):
        while True:
            trouble(emupos, base, cable, chance)
            printer.order(Print(f"job-{number}", closed(number=number), copy=int(bool(duplicates[number]))))
            event = events.get(timeout=PATIENCE)
            while not isinstance(event, Printed | PrintFailed):
                event = events.get(timeout=PATIENCE)
            if isinstance(event, Printed):
                outcome["printed"] += 1
                break
            outcome[event.why] += 1
            duplicates[number] += event.why == "lost"
            time.sleep(0.3)
    seconds = time.monotonic() - started
    assert printer.stop(10)
    time.sleep(3)
    check(emupos, base, duplicates)
    print(f"{RECEIPTS} receipts in {seconds:.0f} s: {dict(outcome)}")


def trouble(emupos: Emupos, base: str, cable: Cable, chance: random.Random) -> None:
    kind = chance.choice(("none", "none", "paper-out", "cover-open", "cut"))
    if kind == "none":
        return
    first = chance.uniform(0, 0.05)
    if kind == "cut":
        threading.Timer(first, cable.cut).start()
        return
    fault = f"{base}/devices/front/faults/{kind}"
    threading.Timer(first, emupos.ask, (fault, "PUT")).start()
    threading.Timer(first + chance.uniform(0.2, 1.5), emupos.ask, (fault, "DELETE")).start()


def check(emupos: Emupos, base: str, duplicates: Counter[int]) -> None:
    receipts = json.loads(emupos.ask(f"{base}/devices/front/receipts"))
    originals: Counter[int] = Counter()
    papers: Counter[int] = Counter()
    read = 0
    for entry in receipts:
        path = f"{base}/devices/front/receipts/{entry['id']}"
        text = emupos.ask(f"{path}/text").decode()
        with Image.open(BytesIO(emupos.ask(f"{path}/image"))) as picture:
            codes = {code.text for code in zxingcpp.read_barcodes(picture.convert("L"))}
        for number in range(RECEIPTS):
            if f"0001-1-{number:06d}" in text:
                papers[number] += 1
                originals[number] += "DUPLICATE" not in text
                read += f"0001-1-{number:06d}" in codes
                assert "TOTAL" in text
    state = json.loads(emupos.ask(f"{base}/devices"))[0]["state"]
    print(f"{len(receipts)} papers, {sum(originals.values())} unmarked, barcodes read on {read}")
    print(f"{sum(duplicates.values())} lost and printed again with their mark; drawer {state['drawer']}")
    assert state["drawer"] == "closed"
    assert len(papers) == RECEIPTS
    assert all(count <= 1 for count in originals.values()), originals


def main() -> None:
    command = os.environ.get("EMUPOS")
    if not command:
        sys.exit("EMUPOS must name the command of emupos")
    with tempfile.TemporaryDirectory() as name:
        emupos = Emupos(command, Path(name))
        try:
            emupos.ready()
            go(emupos)
        finally:
            emupos.process.terminate()
            emupos.process.wait(10)
            emupos.log.close()


if __name__ == "__main__":
    main()
