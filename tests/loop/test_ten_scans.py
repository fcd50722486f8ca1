"""Ten yoghurts, 300 ms apart in the loop's own time: each is a line's piece in the turn that brings it."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from kiosk.barcode import Product
from kiosk.checkout.events import Scanned
from tests.lane import YOGHURT
from tests.loop.test_the_disk_says_no import Lane
from tests.prove import disk

HAND = 300  # ms


@pytest.fixture
def lane(tmp_path: Path) -> Iterator[Lane]:
    made = Lane(tmp_path)
    made.loop.begin()
    yield made
    made.journal.close()
    disk.forget(made.disk)


def pieces(lane: Lane) -> int:
    return sum(line.qty for line in lane.loop.session.kept.phase.sale.lines)  # type: ignore[union-attr]


def test_no_scan_waits_for_the_one_before(lane: Lane) -> None:
    assert YOGHURT.gtin is not None
    for number in range(1, 11):
        lane.hear(Scanned(Product(YOGHURT.gtin)))
        assert pieces(lane) == number and lane.told().count("Scanned") == number
        lane.wait(HAND)


def test_the_clock_on_the_glass_goes_on_while_nothing_happens(lane: Lane) -> None:
    shown = lane.glass.shown
    lane.wait(59_000 - lane.loop.wall() % 60_000)
    assert lane.glass.shown == shown
    lane.wait(1_000)
    lane.wait(1_000)
    assert lane.glass.shown == shown + 1


def test_two_in_the_same_instant_are_two(lane: Lane) -> None:
    assert YOGHURT.gtin is not None
    lane.inbox.put(Scanned(Product(YOGHURT.gtin)))
    lane.inbox.put(Scanned(Product(YOGHURT.gtin)))
    lane.wait(0)
    assert pieces(lane) == 2
