"""The printer on a real TCP line in its own thread, with a peer that is unplugged and plugged in again."""

import queue

import pytest

from drivers.printers.escpos import Config, worker
from drivers.simulated.printer_escpos import PrinterPeer
from drivers.simulated.world import World
from kiosk.checkout.effects import Print
from kiosk.checkout.events import Event, Printed, PrintFailed
from kiosk.checkout.passed import DeviceSeen
from kiosk.checkout.session import Health
from tests.receipt.sample import SHOP, closed

PATIENCE = 20.0  # seconds until a test gives up


class Counter:
    """A peer, a worker, and the events that come out of it."""

    def __init__(self) -> None:
        self.world = World()
        self.peer = PrinterPeer(self.world)
        self.events: queue.Queue[Event] = queue.Queue()
        self.worker = worker("printer", Config(port=self.peer.port), SHOP, "EUR", self.events.put)
        self.worker.start()
        self.until(lambda event: isinstance(event, DeviceSeen) and event.device.health is Health.READY)

    def until(self, wanted):
        while not wanted(event := self.events.get(timeout=PATIENCE)):
            pass
        return event

    def close(self) -> None:
        assert self.worker.stop(PATIENCE)
        self.peer.close()


@pytest.fixture
def counter():
    counter = Counter()
    yield counter
    counter.close()


def answer(event: Event) -> bool:
    return isinstance(event, Printed | PrintFailed)


def test_a_receipt_over_tcp(counter):
    counter.worker.order(Print("job-1", closed()))
    assert counter.until(answer) == Printed("job-1")
    assert len(counter.peer.papers) == 1


def test_answers_in_single_bytes(counter):
    counter.peer.faults.split = (1,)
    counter.worker.order(Print("job-1", closed()))
    assert counter.until(answer) == Printed("job-1")


def test_pulled_out_with_paper_half_way_and_plugged_in_again(counter):
    counter.world.change(paper=60)
    counter.worker.order(Print("job-1", closed()))
    counter.until(lambda event: isinstance(event, DeviceSeen) and event.device.paper == "out")
    counter.peer.unplug()
    assert counter.until(answer) == PrintFailed("job-1", "lost")
    counter.peer.mechanism.switch_off_and_on()
    counter.world.change(paper=80_000)
    counter.peer.replug()
    counter.until(lambda event: isinstance(event, DeviceSeen) and event.device.health is Health.READY)
    counter.worker.order(Print("job-1", closed(), copy=1))
    assert counter.until(answer) == Printed("job-1")
    assert "DUPLICATE no. 1" in counter.peer.papers[-1].text
