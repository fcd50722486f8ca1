"""What every scanner keeps, of whatever kind: each scan once and whole, silence while it is held, back after a replug.

`pytest -s tests/drivers/scanners --real lane.toml` asks the same of the real scanners in that file; a person scans and
pulls cables as she is told to.
"""

import queue
import threading
from collections.abc import Iterator
from typing import Any, Protocol

import pytest

from drivers.scanners import evdev, hid_pos, serial
from drivers.simulated.keyboard import Keyboard
from drivers.simulated.scanner import Scanner
from drivers.simulated.scanner_hid import HidScanner
from drivers.worker import Worker
from kiosk.barcode import Product, ShopCodes
from kiosk.checkout.effects import HoldScanner
from kiosk.checkout.events import Event, Scanned
from kiosk.checkout.passed import DeviceSeen, UnreadableScanned
from kiosk.checkout.session import Health
from kiosk.config import read

KINDS: dict[str, tuple[Any, Any]] = {
    "serial": (serial, Scanner),
    "evdev": (evdev, Keyboard),
    "hid-pos": (hid_pos, HidScanner),
}
TIN, MILK, CARD = "4006381333931", "3017620422003", ";4111111111111111=25121010000000000000?"
PATIENCE, PERSON = 30.0, 120.0


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """The simulated scanners, or the real ones that the file names."""
    named = metafunc.config.getoption("--real", default=None)
    if "bench" not in metafunc.fixturenames:
        return
    if named is None:
        metafunc.parametrize("bench", KINDS, indirect=True)
        return
    config = read(named)
    real = [(one, config.codes) for one in config.scanners]
    ids = [f"scanner {number}" for number, _ in enumerate(real, 1)]
    metafunc.parametrize(
        "bench",
        real or [pytest.param(None, marks=pytest.mark.skip("no scanner in it"))],
        indirect=True,
        ids=ids or ["none"],
    )


class Hands(Protocol):
    """Whoever holds things to the scanner and pulls its cable."""

    patience: float

    def scan(self, text: str, what: str) -> None: ...

    def pull(self) -> None: ...

    def push(self) -> None: ...

    def reads(self) -> None: ...


def noticed(kind: Any) -> Any:
    """A simulated scanner that tells when somebody has opened its line."""

    class Noticed(kind):  # type: ignore[misc]
        there = threading.Event()

        def connected(self) -> None:
            super().connected()
            self.there.set()

    return Noticed


class Machine:
    """A simulated scanner does as it is told."""

    patience = PATIENCE

    def __init__(self, peer: Any) -> None:
        self.peer = peer
        self._reads = threading.Event()
        peer.on_hold = lambda held: self._reads.clear() if held else self._reads.set()

    def scan(self, text: str, what: str) -> None:
        assert self.peer.there.wait(PATIENCE)
        self.peer.scan(text)

    def pull(self) -> None:
        self.peer.there.clear()
        self._reads.clear()
        self.peer.unplug()

    def push(self) -> None:
        self.peer.replug()

    def reads(self) -> None:
        """A HID POS scanner is let read over the wire, which takes its time."""
        assert not isinstance(self.peer, HidScanner) or self._reads.wait(PATIENCE)


class Person:
    """A real one needs somebody."""

    patience = PERSON

    def scan(self, text: str, what: str) -> None:
        print(f"\n>>> scan {what} once", flush=True)

    def pull(self) -> None:
        print("\n>>> pull the scanner's cable", flush=True)

    def push(self) -> None:
        print("\n>>> put the cable in again", flush=True)

    def reads(self) -> None:
        """Quicker than any hand."""


class Bench:
    """One scanner with its driver, and its hands."""

    def __init__(self, hands: Hands, kind: Any, config: Any, codes: ShopCodes) -> None:
        self.hands = hands
        self.events: queue.Queue[Event] = queue.Queue()
        self.worker: Worker[Any] = kind.worker("scanner", config, codes, lambda *_: None, self.events.put)
        self.worker.start()

    def hears(self) -> Event:
        """The next thing that is no word on health."""
        while isinstance(event := self.events.get(timeout=self.hands.patience), DeviceSeen):
            continue
        return event

    def until(self, health: Health) -> None:
        while True:
            event = self.events.get(timeout=self.hands.patience)
            if isinstance(event, DeviceSeen) and event.device.health is health:
                return

    def close(self) -> None:
        assert self.worker.stop(PATIENCE)


@pytest.fixture
def bench(request: pytest.FixtureRequest) -> Iterator[Bench]:
    if isinstance(request.param, str):
        kind, peer = KINDS[request.param]
        with noticed(peer)() as simulated:
            made = Bench(Machine(simulated), kind, kind.Config(port=simulated.port), ShopCodes())
            yield made
            made.close()
        return
    config, codes = request.param
    kind = next(kind for kind, _ in KINDS.values() if isinstance(config, kind.Config))
    made = Bench(Person(), kind, config, codes)
    yield made
    made.close()


def product(event: Event) -> str:
    assert isinstance(event, Scanned) and isinstance(event.code, Product), event
    return event.code.printed


def test_each_scan_comes_once_and_whole(bench: Bench) -> None:
    bench.until(Health.READY)
    bench.hands.scan(TIN, "any product")
    first = product(bench.hears())
    bench.hands.scan(MILK, "another product")
    second = product(bench.hears())
    bench.hands.scan(TIN, "the first product again")
    assert product(bench.hears()) == first != second
    assert bench.events.empty()


def replugged(bench: Bench, held: bool) -> None:
    """It is told while its cable is out, so that it knows before anything can be scanned."""
    bench.hands.pull()
    bench.until(Health.OFFLINE)
    bench.worker.order(HoldScanner(held))
    bench.hands.push()
    bench.until(Health.READY)


def test_what_is_scanned_while_it_is_held_never_comes(bench: Bench) -> None:
    bench.until(Health.READY)
    replugged(bench, held=True)
    bench.hands.scan(TIN, "any product, which must not count,")
    replugged(bench, held=False)
    bench.hands.reads()
    bench.hands.scan(MILK, "another product")
    heard = product(bench.hears())
    bench.hands.scan(MILK, "the other product again")
    assert product(bench.hears()) == heard


def test_a_payment_card_leaves_nothing(bench: Bench) -> None:
    bench.until(Health.READY)
    bench.hands.scan(CARD, f"a code of your own with the text {CARD}")
    assert bench.hears() == UnreadableScanned("payment_card")


def test_it_comes_back_after_a_replug(bench: Bench) -> None:
    bench.until(Health.READY)
    bench.hands.pull()
    bench.until(Health.OFFLINE)
    bench.hands.push()
    bench.until(Health.READY)
    bench.hands.scan(TIN, "any product")
    assert product(bench.hears())
