"""A finger on Add and a scale that goes on weighing: what is added is what the scale says when the press is taken."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from kiosk.barcode import Product
from kiosk.checkout.events import AddWeighed, Scanned
from kiosk.checkout.passed import Opened, ScaleRead
from kiosk.checkout.session import LiveWeight, Panel, Reading
from kiosk.journal.replay import replayed
from kiosk.units import Grams
from tests.lane import MILK, TOMATOES
from tests.loop.test_the_disk_says_no import Lane
from tests.prove import disk

ADD = AddWeighed(TOMATOES, Grams(655), Grams(0))


def says(reading: Reading, grams: int = 0) -> ScaleRead:
    return ScaleRead("produce", LiveWeight(reading, Grams(grams)))


@pytest.fixture
def lane(tmp_path: Path) -> Iterator[Lane]:
    made = Lane(tmp_path)
    made.loop.begin()
    assert MILK.gtin is not None
    made.hear(Scanned(Product(MILK.gtin)), Opened(Panel("weigh", item=TOMATOES)))
    made.hear(says(Reading.ZERO), says(Reading.WEIGHT, 655))
    yield made
    made.full(False)
    made.journal.close()
    disk.forget(made.disk)


def added(lane: Lane) -> int:
    return lane.told().count("AddWeighed")


def test_a_press_that_the_scale_has_overtaken_is_no_fact(lane: Lane) -> None:
    for now in (says(Reading.MOVING), says(Reading.WEIGHT, 660), says(Reading.ABSENT), says(Reading.ZERO)):
        lane.hear(now)
        lane.glass.presses = [ADD]
        lane.wait(100)
    assert added(lane) == 0


def test_two_presses_at_once_add_once_and_a_replay_adds_it_again(lane: Lane) -> None:
    lane.glass.presses = [ADD, ADD]
    lane.wait(100)
    assert added(lane) == 1
    sale = lane.loop.session.kept.phase.sale  # type: ignore[union-attr]
    assert [line.grams for line in sale.lines] == [None, 655]
    assert replayed(lane.journal).kept == lane.loop.session.kept


def test_a_press_while_the_disk_is_full_is_pressed_again(lane: Lane) -> None:
    lane.full(True)
    lane.glass.presses = [ADD]
    lane.wait(100)
    assert added(lane) == 0 and lane.loop.session.passing.zeroed, "not added, so not sold either"
    lane.full(False)
    lane.wait(5_000)
    lane.glass.presses = [ADD]
    lane.wait(100)
    assert added(lane) == 1 and not lane.loop.session.passing.zeroed
