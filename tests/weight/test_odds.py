"""Densities: each is one in all, and Student's t is heavier the less is known."""

from math import exp, inf, log, sqrt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.weight.account import bag_odds, lean_odds
from kiosk.weight.odds import MANY, lognormal, normal, student, total

VARIANCE = st.floats(1.0, 4_000.0)


def whole(density, least, most, steps=20_000):
    """The integral by the midpoint rule."""
    width = (most - least) / steps
    return sum(exp(density(least + (n + 0.5) * width)) for n in range(steps)) * width


@pytest.mark.parametrize("variance", [0.5, 10.3, 900.0])
def test_a_normal_is_one_in_all(variance):
    far = 10 * sqrt(variance)
    assert whole(lambda off: normal(off, variance), -far, far) == pytest.approx(1, abs=1e-6)


@pytest.mark.parametrize(("degrees", "tail"), [(2.0, 6e-5), (3.0, 1e-5), (8.0, 1e-5), (59.0, 1e-5)])
def test_a_students_t_is_one_in_all(degrees, tail):
    spread = 4.0
    near = whole(lambda off: student(off, spread**2, degrees), -200 * spread, 200 * spread, 80_000)
    assert near == pytest.approx(1, abs=tail)
    assert near <= 1 + 1e-6


@pytest.mark.parametrize(("middle", "spread"), [(5.77, 1.05), (3.0, 0.15)])
def test_a_log_normal_is_one_in_all(middle, spread):
    """Over the logarithm of grams, in which it is narrow."""

    def over_log(at):
        return lognormal(exp(at), middle, spread) + at

    assert whole(over_log, middle - 9 * spread, middle + 9 * spread) == pytest.approx(1, abs=1e-6)


def test_bags_and_hands_are_one_in_all():
    assert whole(lambda grams: bag_odds(grams, 400), 3, 400) == pytest.approx(1, abs=2e-3)
    one_way = whole(lean_odds, 30, 5_000)
    assert one_way == pytest.approx(1, abs=5e-3)
    assert lean_odds(200) == lean_odds(-200) and lean_odds(29) == lean_odds(5_001) == -inf
    assert bag_odds(3, 400) == -inf and bag_odds(600, 400) < bag_odds(300, 400)


@given(st.floats(0, 500), VARIANCE)
def test_too_much_and_too_little_are_alike(off, variance):
    assert normal(off, variance) == normal(-off, variance)
    assert student(off, variance, 4.0) == student(-off, variance, 4.0)


@given(VARIANCE, st.floats(6.0, 40.0))
def test_the_less_is_known_the_likelier_is_what_is_far_off(variance, far):
    off = far * sqrt(variance)
    tails = [student(off, variance, degrees) for degrees in (2.0, 4.0, 10.0, 30.0, 1e9)]
    assert tails == sorted(tails, reverse=True)
    assert student(0, variance, 2.0) < student(0, variance, 30.0)


@given(st.floats(0, 60), VARIANCE)
def test_of_many_weighings_it_is_the_normal(off, variance):
    assert student(off, variance, MANY + 1) == normal(off, variance)
    if off < 3 * sqrt(variance):
        assert student(off, variance, MANY) == pytest.approx(normal(off, variance), abs=0.25)


def test_nothing_is_no_mass():
    assert lognormal(0, 5, 1) == lognormal(-3, 5, 1) == -inf


@given(st.lists(st.floats(-600, 600), max_size=8))
def test_chances_that_add_up(logs):
    assert total([]) == total([-inf, -inf]) == -inf
    if logs:
        most = max(logs)
        assert total(logs) == pytest.approx(most + log(sum(exp(each - most) for each in logs)))
        assert total([*logs, -inf]) == total(logs)
    assert total([-1e6, -1e6]) == pytest.approx(-1e6 + log(2))
