"""A kiosk as a process of its own, on a made-up shop, with simulated devices around it; and what /proc says of it."""

import json
import os
import queue
import random
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import msgspec

from drivers.simulated.lane import SimulatedLane
from drivers.simulated.world import Card
from kiosk.barcode.digits import check_digit
from kiosk.catalogue import Intake
from kiosk.checkout.model import Item
from kiosk.units import Gtin, ItemId
from kiosk.wire import CataloguePage, DatedPromotion, DatedTax, Entry, Terms
from tests.bench.shop import Shop

ROOT = Path(__file__).parents[2]
PATIENCE = 10.0  # seconds
PAGE = 20_000  # items of one catalogue page
PROMOTIONS = 200

TOML = """
[lane]
store = "0187"
number = "4"

[shop]
name = "Tilleul"
timezone = "Europe/Paris"

[rules]
thank_you = 60000
receipt_wait = 60000

[screen]
px = [1920, 1080]
fullscreen = false
driver = "{driver}"

[files]
journal = "{folder}/journal.db"
catalogue = "{folder}/catalogue.db"
"""


# ---- a shop


def gtin(number: int) -> Gtin:
    """The EAN-13 of the shop's item of that number."""
    digits = f"40{number:010d}"
    return Gtin(int(digits + str(check_digit(digits))))


class Goods:
    """A shop's items: those of tests.bench.shop with their promotions, then plain ones up to `count`."""

    def __init__(self, count: int) -> None:
        self.count = count
        self.shop = Shop(PROMOTIONS, seed=1)
        self.articles = [article for article in self.shop.articles if article.price is not None][:count]

    def items(self) -> Iterator[Item]:
        for number in range(1, self.count + 1):
            if number <= len(self.articles):
                article = self.articles[number - 1]
                price, tax, groups = article.price, article.tax, article.groups
            else:
                price, tax, groups = self.articles[0].price, "C", (f"plain{number % 40}",)
            yield Item(
                id=ItemId(number), price=price, tax=tax, groups=groups, gtin=gtin(number),
                name=f"{WORDS[number % 61 % len(WORDS)]} {WORDS[number % len(WORDS)]} {number % 997} g",
            )  # fmt: skip

    def stock(self, path: Path) -> None:
        """The catalogue file, page by page as the link would write it."""
        terms = Terms(
            promotions=tuple(DatedPromotion(one) for one in self.shop.offers.promotions),
            taxes=tuple(DatedTax(one) for one in self.shop.offers.taxes),
        )
        intake, encode = Intake(path), msgspec.json.encode
        waiting: list[Entry] = []
        for item in self.items():
            waiting.append(Entry(item, (gtin(item.id),)))
            last = item.id == self.count
            if last or len(waiting) == PAGE:
                page = CataloguePage(
                    "bench", 0, 1, 1, item.id, tuple(waiting), (), last, terms if last else None
                )
                intake.take(encode(page))
                waiting = []
        intake.close()

    def basket(self, lines: int, seed: int) -> list[int]:
        """Numbers of items for a basket: a third of them from ranges on promotion, one of a kind or two."""
        chance = random.Random(seed)
        chosen: list[int] = []
        while len(chosen) < lines:
            if chance.random() < 0.3:
                first = chance.randrange(1, min(1400, len(self.articles)))
                chosen += [first, first]
            else:
                chosen.append(chance.randint(1, self.count))
        return chosen[:lines]


WORDS = (
    "Apple", "Bread", "Butter", "Cheese", "Coffee", "Cream", "Flour", "Honey", "Juice", "Milk", "Mustard",
    "Noodles", "Oats", "Olive oil", "Onion soup", "Pepper", "Rice", "Salt", "Sugar", "Tea", "Tomatoes",
    "Vinegar", "Walnuts", "Yoghurt",
)  # fmt: skip


# ---- the process


class Kiosk:
    """`python -m tests.bench.child`: the kiosk, with a line per turn on its output and keys to press on its input."""

    def __init__(self, config: Path, environment: dict[str, str] | None = None) -> None:
        self.turns: queue.SimpleQueue[dict[str, Any]] = queue.SimpleQueue()
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.bench.child", str(config)],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env=os.environ | quiet() | (environment or {}),
            text=True,
            bufsize=1,
        )
        self.last: dict[str, Any] = {}
        self._thread = threading.Thread(target=self._listen, daemon=True)
        self._thread.start()

    def _listen(self) -> None:
        assert self.process.stdout
        for line in self.process.stdout:
            self.turns.put(json.loads(line))

    def tell(self, word: str) -> None:
        assert self.process.stdin
        self.process.stdin.write(word + "\n")

    def until(self, wanted: Callable[[dict[str, Any]], bool], what: str) -> dict[str, Any]:
        """The next turn that is as wanted."""
        end = time.monotonic() + PATIENCE
        while (left := end - time.monotonic()) > 0:
            with suppress(queue.Empty):
                self.last = self.turns.get(timeout=left)
                if wanted(self.last):
                    return self.last
        raise TimeoutError(f"waited {PATIENCE:.0f} s for {what}; {self.last}")

    def press(self, key: str, phase: str) -> dict[str, Any]:
        """Press a key that leads to a phase."""
        self.tell(f"press {key}")
        return self.until(lambda turn: turn["phase"] == phase, f"{key} to lead to {phase}")

    @property
    def pid(self) -> int:
        return self.process.pid

    def close(self) -> None:
        self.process.terminate()
        try:
            self.process.wait(20)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self._thread.join(5)
        for end in (self.process.stdin, self.process.stdout):
            if end:
                end.close()

    def __enter__(self) -> "Kiosk":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def quiet() -> dict[str, str]:
    """An environment as on the device: byte code is kept, and there is no sound card."""
    return {
        "SDL_AUDIODRIVER": "dummy",
        "PYGAME_HIDE_SUPPORT_PROMPT": "1",
        "PYTHONPATH": str(ROOT),
        "MALLOC_ARENA_MAX": "1",
        "MALLOC_MMAP_THRESHOLD_": "262144",
        "PYTHONDONTWRITEBYTECODE": "",
        "PYTHONPYCACHEPREFIX": str(ROOT / "out" / "bytecode"),
    }


@contextmanager
def folder() -> Iterator[Path]:
    """A folder on the disk that the checkout lies on, gone afterwards."""
    place = ROOT / "out"
    place.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="bench-", dir=place) as made:
        yield Path(made)


def configured(place: Path, lane: SimulatedLane, *names: str, driver: str = "dummy", more: str = "") -> Path:
    """A configuration with these of the lane's device tables ("scanner" stands for the serial one)."""
    tables = lane.toml().split("\n[")
    wanted = []
    for table in tables[1:]:
        head = table.split("]")[0].strip("[")
        name = {"scanners": "keyboard" if "evdev" in table else "scanner"}.get(head, head.split(".")[-1])
        if name in names:
            wanted.append("[" + table)
    path = place / "kiosk.toml"
    path.write_text(TOML.format(folder=place, driver=driver) + more + "\n" + "\n".join(wanted))
    return path


def pay(kiosk: Kiosk, lane: SimulatedLane) -> None:
    """From the basket to the attract page by card, without a receipt on paper."""
    kiosk.press("pay", "Paying")
    lane.world.change(card=Card())
    kiosk.until(lambda turn: turn["phase"] == "Finishing", "the payment")
    lane.world.change(card=None)
    kiosk.tell("press none")
    kiosk.until(lambda turn: turn["event"] == "ReceiptChosen", "the thanks")
    kiosk.press("finish", "Idle")


# ---- figures


class Floor:
    """What this disk takes to make 4096 bytes durable that overwrite others, in nanoseconds."""

    def __init__(self, place: Path) -> None:
        self._file = os.open(place / "floor", os.O_RDWR | os.O_CREAT)
        os.pwrite(self._file, bytes(1 << 20), 0)
        os.fsync(self._file)
        self._at = 0
        self.times: list[int] = []

    def sync(self) -> None:
        self._at = (self._at + 4096) % (1 << 20)
        started = time.monotonic_ns()
        os.pwrite(self._file, os.urandom(4096), self._at)
        os.fdatasync(self._file)
        self.times.append(time.monotonic_ns() - started)

    def close(self) -> None:
        os.close(self._file)


def percentile(values: Sequence[float], share: int) -> float:
    """The smallest value that `share` % of them do not exceed."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, -(-len(ordered) * share // 100) - 1)]


def pss(pid: int) -> float:
    """Proportional set size, MB."""
    rows = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    return next(int(row.split()[1]) for row in rows if row.startswith("Pss:")) / 1000


def run_seconds(pid: int) -> float:
    """CPU time of all threads that live, from the scheduler's nanoseconds."""
    tasks = Path(f"/proc/{pid}/task").iterdir()
    return sum(int((task / "schedstat").read_text().split()[0]) for task in tasks) / 1e9


def wakeups(pid: int) -> dict[str, int]:
    """How often each thread has gone to sleep of its own will, by its number."""
    found = {}
    for task in Path(f"/proc/{pid}/task").iterdir():
        rows = dict(row.split(":", 1) for row in (task / "status").read_text().splitlines() if ":" in row)
        found[task.name] = int(rows["voluntary_ctxt_switches"])
    return found
