"""Ten thousand payments by terminals that tell card numbers in clear, and a search through all that was written."""

import logging
import multiprocessing
import os
import re
import shutil
import signal
import tempfile
from collections.abc import Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

import msgspec
from msgspec.structs import replace

from drivers.simulated.world import World
from kiosk.barcode.digits import is_luhn
from kiosk.checkout.records import ClosedSale
from kiosk.checkout.session import Session
from kiosk.receipt import ShopDetails, receipt
from kiosk.text import Words
from kiosk.text.receipt_lines import lines, words_for
from kiosk.units import Millis
from screens.view import view
from tests.prove.doomed import Child, Shopper, settings_of, with_basket
from tests.prove.families import FAMILIES
from tests.prove.plan import drawn
from tests.prove.process import BASE
from tests.prove.real import PEERS
from tests.prove.run import Run
from tests.prove.shop import shop
from tests.screens.written import written

BASKETS = 25
SHOP = ShopDetails(
    name="Tilleul", address=(), registrations=(), footer=(), receipt_url="", exponent=2, timezone="UTC"
)
EXEMPT = re.compile(
    r'"(?:gtin|started|ended|at|raised|since|until|printed|value)":"?[\d-]+|gtin=\d+|(?:started|ended)=\d+|at=\d+'
)
"""Barcodes and times in milliseconds, by the field that they stand in."""
DIGEST = re.compile(r"\b[0-9a-f]{64,128}\b")
"""Hashes and signatures in hex: of 64 such digits some are decimal ones in a row."""
RUN = re.compile(r"(?<![\d.])(?:\d[ -]?){12,18}\d(?!\d)")
HEX = re.compile(r'(?:[0-9a-f]{2} ){7,}[0-9a-f]{2}|"hex": ?"[0-9a-f]*"')
TRACK = re.compile(r"(?:f\df\d)(\d{13,19})(?=[def])")
"""Two digits a byte, behind a length as ZVT writes it, up to the nibble that ends it."""


def number(random: Random) -> str:
    """A card number of sixteen digits that nobody has, with its check digit."""
    digits = random.choice(("4", "51", "67", "37", "35")) + "".join(
        random.choice("0123456789") for _ in range(14)
    )
    digits = digits[:15]
    return next(digits + last for last in "0123456789" if is_luhn(digits + last))


def suspicious(data: bytes) -> Iterator[str]:
    """Every run of digits that could be a card number, spelled out, as bytes in hex, or packed two digits a byte."""
    text = DIGEST.sub("", EXEMPT.sub("", data.decode("latin-1")))
    yield from _runs(HEX.sub("", text))
    for found in HEX.findall(text):
        digits = re.sub(r'"hex"|[ ":]', "", found)
        yield from (run for run in TRACK.findall(digits) if is_luhn(run))
        yield from _runs(bytes.fromhex(digits[: len(digits) // 2 * 2]).decode("latin-1"))


def _runs(text: str) -> Iterator[str]:
    for run in RUN.findall(text):
        digits = re.sub(r"\D", "", run)
        if is_luhn(digits) and digits[0] not in "01":  # no card's issuer has a number that begins so
            yield run


def known(data: bytes, numbers: Iterable[str]) -> list[str]:
    """Which of these card numbers stand there, in any of those spellings."""
    packed = data.hex()
    text = re.sub(rb"[ -]", b"", data)
    return [
        each for each in numbers if each.encode() in text or each in packed or each.encode().hex() in packed
    ]


class TellingRun(Run):
    """A run whose terminal tells a card number in clear with every payment; all that is written lies in `told`."""

    def __init__(self, family: str, seed: str, number_: int) -> None:
        plan = drawn(family, f"cards {seed}", number_, ("sale", "sale", "declined", "split"))
        super().__init__(
            replace(plan, baskets=BASKETS, disk="none", terminal="stays up", pace=0.0, server_away=0.0)
        )
        self.told = Path(tempfile.mkdtemp(prefix="told-", dir=shop()))
        self.numbers: list[str] = []
        self.config = replace(self.config, record=str(self.told / "tape"))
        self.trouble.terminal.tells_in_clear = number(self.hub.random)  # type: ignore[attr-defined]
        self.watch.listeners.append(self._note)
        self._words = cache(lambda language: Words(language, "EUR", 2))
        self._screens = (self.told / "screens").open("w", encoding="utf-8")
        self._pages: set[str] = set()

    def _note(self, process: Any, what: str, thing: object) -> None:
        if what == "turned" and isinstance(thing, Session):
            page = written(view(thing, self._words, Millis(BASE)))
            if page not in self._pages:
                self._pages.add(page)
                self._screens.write(page)
        if what == "deed" and type(thing).__name__ == "Authorise":
            self.numbers.append(number(self.hub.random))
            self.trouble.terminal.tells_in_clear = self.numbers[-1]  # type: ignore[attr-defined]

    def _clean(self) -> None:
        if self.process is not None:
            telemetry = self.process.hands.telemetry
            beat = telemetry.heartbeat(self.process.session, Millis(0), Millis(0), 0)
            (self.told / "telemetry").write_bytes(msgspec.json.encode(beat))
        (self.told / "server").write_bytes(b"\n".join(self.shelf.has.values()))
        for number_, paper in enumerate(self.papers):
            if isinstance(paper.document, ClosedSale):
                document = receipt(paper.document, SHOP, copy=paper.copy)
                text = "\n".join(lines(document, words_for(document)))
                (self.told / f"receipt-{number_}").write_text(text)
        for path in self.folder.rglob("journal.db*"):
            shutil.copy(path, self.told / f"{path.parent.name}-{path.name}")
        self._screens.close()
        super()._clean()


def chunk(job: tuple[str, str, int]) -> tuple[int, list[str]]:
    """One run of so many baskets: how many payments, and what was found in what was written."""
    family, seed, number_ = job
    run = TellingRun(family, seed, number_)
    log, root = run.told / "log", logging.getLogger()
    handler = logging.FileHandler(log)
    before = root.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    try:
        outcomes = run.play()
    finally:
        root.setLevel(before)
        root.removeHandler(handler)
        handler.close()
    found = [f"{run.plan.seed}: {each}" for each in outcomes.violations]
    for path in sorted(run.told.iterdir()):
        data = path.read_bytes()
        found += [f"{family}, {path.name}: {each}" for each in {*suspicious(data), *known(data, run.numbers)}]
    frames = log.read_text(errors="replace").count("\n")
    if not frames:
        found.append(f"{family}: nothing was logged")
    shutil.rmtree(run.told)
    return len(run.numbers), found


def memory(family: str, payments: int) -> tuple[int, list[str]]:
    """What a core dump of the living process would show: the numbers found in its memory, after so many payments."""
    here = Path(tempfile.mkdtemp(prefix="core-", dir=shop()))
    random = Random(family)
    with_basket(here / "basket", family, "sale")
    with PEERS[family](World()) as terminal:
        numbers = [number(random) for _ in range(payments)]
        left = iter(numbers)
        terminal.tells_in_clear = next(left)  # type: ignore[attr-defined]
        shopper = Shopper("sale", terminal)
        settings = settings_of(family, "sale", terminal.port)
        with Child(here / "basket", settings, None) as child:
            child.live(shopper.react)
            os.kill(child.process.pid, signal.SIGSTOP)
            data = dumped(child.process.pid)
            found = known_in_core(data, numbers)
    shutil.rmtree(here)
    return len(data), found


def dumped(pid: int) -> bytes:
    """All memory that a core dump would hold."""
    parts = []
    with open(f"/proc/{pid}/maps") as maps, open(f"/proc/{pid}/mem", "rb", 0) as memory_:  # noqa: PTH123
        for line in maps:
            where, rights, *_ = line.split()
            if not rights.startswith("rw"):
                continue
            start, end = (int(each, 16) for each in where.split("-"))
            try:
                memory_.seek(start)
                parts.append(memory_.read(end - start))
            except (OSError, ValueError):
                continue
    return b"".join(parts)


def known_in_core(data: bytes, numbers: Iterable[str]) -> list[str]:
    spellings: list[str] = []
    for each in numbers:
        if each.encode() in data:
            spellings.append("a number, spelled out")
        if bytes.fromhex(each) in data:
            spellings.append("a number, two digits a byte")
    return spellings


def prove(seed: str, payments: int) -> int:
    """So many payments, shared out among the families; the number of findings."""
    names = [name for name in FAMILIES if name != "zvt serial"]
    runs = [
        (name, seed, number_) for number_ in range(-(-payments // BASKETS // len(names))) for name in names
    ]
    found: list[str] = []
    paid = 0
    with ProcessPoolExecutor(os.cpu_count() or 1, multiprocessing.get_context("spawn")) as pool:
        for count, bad in pool.map(chunk, runs):
            paid += count
            found += bad
    print(
        f"{paid:,} payments by terminals that tell card numbers; {len(found)} findings in all that was written"
    )
    for line in found[:20]:
        print(f"FOUND  {line}")
    return len(found)


def cores() -> int:
    """The memory of each family's process, which no setting of ours can clean of what the kernel handed over."""
    for family in PEERS:
        size, found = memory(family, 1)
        print(
            f"memory of {family}: {size // 1_000_000} MB, {len(found)} findings {sorted(set(found))}",
            flush=True,
        )
    return 0
