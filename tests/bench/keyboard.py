"""A keyboard scanner that types a key each millisecond while every core is busy: is every scan a line, and whole?"""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from drivers.simulated.keyboard import ENTER, US, stroke
from drivers.simulated.lane import SimulatedLane
from kiosk.barcode import Product
from kiosk.checkout.events import Scanned
from kiosk.checkout.passed import UnreadableScanned
from kiosk.journal import Journal
from tests.bench import Row
from tests.bench.rig import Goods, Kiosk, configured, folder, gtin, pay

BASKET, KEY = 20, 0.001  # pieces, seconds
LONGEST = float(os.environ.get("KEYBOARD_SECONDS", "60"))  # the row says how many scans that were
KEYS = {chars[0]: code for code, chars in US.items()}


@contextmanager
def hog() -> Iterator[None]:
    """A process on each core that only counts."""
    busy = [
        subprocess.Popen(
            [sys.executable, "-c", f"import os\nos.sched_setaffinity(0, {{{core}}})\nwhile 1: pass"]
        )
        for core in os.sched_getaffinity(0)
    ]
    try:
        yield
    finally:
        for one in busy:
            one.kill()
            one.wait()


def typed(lane: SimulatedLane, text: str) -> None:
    """Keys at their pace: none comes sooner after the last one than KEY."""
    due = time.monotonic()
    for key in [*(KEYS[char] for char in text), ENTER]:
        lane.keyboard.send(stroke(key))
        due = max(due + KEY, time.monotonic())
        time.sleep(max(0.0, due - time.monotonic()))


def journaled(path: Path) -> tuple[list[int], int]:
    """The codes that the lane took down, in order, and how many scans it could not read."""
    journal = Journal(path)
    facts = [fact for turn in journal.turns() for fact in turn.facts]
    journal.close()
    codes = [int(f.code.gtin) for f in facts if isinstance(f, Scanned) and isinstance(f.code, Product)]
    return codes, sum(isinstance(fact, UnreadableScanned) for fact in facts)


def rows(quick: bool) -> Iterator[Row]:
    scans = 100 if quick else 10_000
    wanted: list[int] = []
    with folder() as place, SimulatedLane() as lane:
        goods = Goods(3000)
        goods.stock(place / "catalogue.db")
        began = time.monotonic()
        with hog(), Kiosk(configured(place, lane, "keyboard", "terminal")) as kiosk:
            kiosk.until(lambda turn: {"scanner", "terminal"} <= set(turn["ready"]), "the devices")
            for basket in range(scans // BASKET):
                if time.monotonic() - began > LONGEST:
                    break
                items = goods.basket(BASKET, basket)
                for item in items:
                    typed(lane, f"{gtin(item):013d}")
                kiosk.until(lambda turn: turn["pieces"] == BASKET, f"{BASKET} pieces in the basket")
                wanted += [gtin(item) for item in items]
                pay(kiosk, lane)
        took = time.monotonic() - began
        got, unreadable = journaled(place / "journal.db")
    lost, strange = (
        len(set(range(len(wanted))) - set(range(len(got)))),
        sum(one != other for one, other in zip(got, wanted, strict=False)),
    )
    yield Row(
        what=f"{len(wanted)} scans typed, {BASKET} a basket, a busy process on each core, {took:.0f} s",
        goal="0 lost, 0 cut, 0 mixed",
        measured=f"{lost} lost, {unreadable} cut, {strange} mixed",
        ratio=None,
        ok=got == wanted and not unreadable,
    )
