"""When a level counts as settled."""

import pytest

from drivers.scales.settling import Settling
from kiosk.checkout.session import LiveWeight, Reading

MOVING, STALE = LiveWeight(Reading.MOVING), LiveWeight(Reading.STALE)


def grams(value: int) -> LiveWeight:
    return LiveWeight(Reading.WEIGHT if value else Reading.ZERO, value)


def settled(*readings: LiveWeight, period: float = 0.125) -> list[tuple[int, int]]:
    settling = Settling(division=5, hold=0.5)
    events = [settling.feed(i * period, live) for i, live in enumerate(readings)]
    return [(event.before, event.after) for event in events if event]


def test_the_first_level_says_where_it_stands():
    assert settled(*[grams(300)] * 5) == [(300, 300)]
    assert settled(*[grams(300)] * 50) == [(300, 300)]


def test_a_level_must_hold():
    assert settled(*[grams(0)] * 5, *[grams(300)] * 4, *[grams(0)] * 9) == [(0, 0)]
    assert settled(*[grams(0)] * 5, *[grams(300)] * 5) == [(0, 0), (0, 300)]


@pytest.mark.parametrize("between", [MOVING, STALE, LiveWeight(Reading.OVERLOADED), grams(900)])
def test_nothing_may_come_between(between):
    up = [grams(300)] * 4
    assert settled(*[grams(0)] * 5, *up, between, *up) == [(0, 0)]


def test_a_flicker_of_one_division_settles_at_the_median():
    flicker = [grams(value) for value in (300, 305, 305, 300, 305)]
    assert settled(*[grams(0)] * 5, *flicker) == [(0, 0), (0, 305)]


def test_one_division_is_no_change_but_a_creep_adds_up():
    levels = [grams(value) for value in (300, 305, 310, 315) for _ in range(6)]
    assert settled(*levels) == [(300, 300), (300, 310)]


def test_slow_movement_never_settles():
    assert settled(*[grams(value) for value in range(0, 5000, 10)]) == []
