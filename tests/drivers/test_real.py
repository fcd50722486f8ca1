"""What printers and terminals keep that a bench can be asked, too: they answer, and a receipt is printed once.

`pytest -s tests/drivers/test_real.py --real lane.toml` asks the devices of that file instead of simulated ones. A
payment is not among it: that takes a bank's test host and its cards. The printer's contract with the core
(printers/test_contract.py) kills and cuts in virtual time, in which no real one takes part.
"""

import queue
from collections.abc import Iterator
from typing import Any

import pytest

from drivers.simulated.lane import SimulatedLane
from kiosk.checkout.effects import Print
from kiosk.checkout.events import Event, Printed, PrintFailed
from kiosk.checkout.passed import DeviceSeen
from kiosk.checkout.session import Health
from kiosk.config import Config, parse, read
from kiosk.loop.outfit import devices
from tests.receipt.sample import closed

PATIENCE = 60.0
SHOP = '[lane]\nstore = "1"\nnumber = "1"\n[shop]\nname = "Bench"\n'


class Bench:
    """The workers of a lane by their names, and what they say; `lane` is None where the devices are real."""

    def __init__(self, config: Config, lane: SimulatedLane | None) -> None:
        self.lane = lane
        self.heard: queue.Queue[Event] = queue.Queue()
        self.workers: dict[str, Any] = dict(devices(config, self.heard.put))

    def until(self, wanted: Any) -> Event:
        while not wanted(event := self.heard.get(timeout=PATIENCE)):
            continue
        return event

    def ready(self, name: str) -> None:
        if name not in self.workers:
            pytest.skip(f"no {name} in the file")
        self.workers[name].start()
        self.until(
            lambda e: isinstance(e, DeviceSeen) and e.device.name == name and e.device.health is Health.READY
        )


@pytest.fixture
def bench(request: pytest.FixtureRequest) -> Iterator[Bench]:
    named = request.config.getoption("--real", default=None)
    lane = None if named else SimulatedLane()
    made = Bench(read(named) if named else parse(SHOP + lane.toml(), "bench"), lane)  # type: ignore[union-attr]
    yield made
    for worker in made.workers.values():
        worker.stop(5.0)
    if lane:
        lane.close()


@pytest.mark.parametrize("name", ["terminal", "printer"])
def test_it_answers(bench: Bench, name: str) -> None:
    bench.ready(name)


def test_a_receipt_is_printed_once(bench: Bench) -> None:
    bench.ready("printer")
    bench.workers["printer"].order(Print("job-1", closed()))
    answer = bench.until(lambda event: isinstance(event, Printed | PrintFailed))
    assert answer == Printed("job-1")
    if bench.lane:
        assert len(bench.lane.printer.papers) == 1
