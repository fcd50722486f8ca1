"""What one thing should weigh: between what was thought and what was weighed, and surer with every weighing."""

from math import exp, log, sqrt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.weight.belief import ALIKE, LEAST, SHARE, Belief, Market, believe, epoch_of, measured
from kiosk.weight.odds import student
from kiosk.weight.sums import LANE_MOST, Sums, Weighings

MARKET = Market()
BLUR = 10.3
MASTER = st.floats(5, 5_000)
WEIGHED = st.lists(st.integers(380, 420), min_size=1, max_size=40)


def of(*grams, master=None, blur=BLUR, **rest):
    return believe(master, Weighings(0, Sums.of(*grams), **rest), 100, MARKET, blur)


@given(st.integers(390, 410), st.lists(st.integers(380, 420), min_size=1, max_size=2))
def test_the_mean_is_between_the_catalogues_word_and_what_was_weighed(master, grams):
    weighed = sum(grams) / len(grams)
    mean = of(*grams, master=float(master)).mean
    assert min(master, weighed) - 1e-9 <= mean <= max(master, weighed) + 1e-9
    if master != weighed:
        assert min(master, weighed) < mean < max(master, weighed)


@given(WEIGHED)
def test_after_a_few_weighings_the_catalogue_is_no_longer_asked(grams):
    three = (grams * 3)[:40]
    if len(three) >= 3:
        assert of(*three, master=777.0) == of(*three)
        assert of(*three).mean == pytest.approx(sum(three) / len(three))


@given(st.integers(10, 5_000))
def test_the_more_was_weighed_the_less_it_may_vary(grams):
    spread = [of(*[grams] * n).var for n in range(1, LANE_MOST + 1)]
    assert spread == sorted(spread, reverse=True) and spread[0] > spread[-1]
    assert spread[-1] >= ALIKE**2
    degrees = [of(*[grams] * n).degrees for n in (1, 2, 10)]
    change = [of(*[grams] * n).change for n in (1, 2, 10)]
    assert degrees == sorted(degrees) and change == sorted(change, reverse=True)


@given(WEIGHED)
def test_lighter_and_heavier_are_alike(grams):
    """Mirrored about 400 g, the belief is the mirrored one."""
    one, other = of(*grams), of(*[800 - each for each in grams])
    assert one.mean - 400 == pytest.approx(400 - other.mean, abs=1e-6)
    if sum(grams) == 400 * len(grams):
        assert one == other
    else:  # what is heavier may vary more
        assert (one.var < other.var) == (one.mean < other.mean)
    assert one.degrees == other.degrees


@given(st.integers(2, 40), st.integers(3, 30))
def test_what_the_scale_adds_is_taken_off_again(n, off):
    """Weighings that vary as the scale does are no sign that the things do."""
    grams = [400 - off, 400 + off] * n
    with_it, without = of(*grams, blur=float(off * off)), of(*grams, blur=0.0)
    assert with_it.mean == without.mean and with_it.var < without.var
    first = LEAST if LEAST > 400 * SHARE else 400 * SHARE
    assert with_it.var <= (first * first + off * off / n) * (1 + 1 / n)


@given(st.integers(1, 40), st.floats(3.2, 30))
def test_a_few_weighings_leave_more_room_for_a_surprise(n, far):
    """Of the same spread, what is far off is likelier the fewer weighings stand behind it."""
    few, many = of(*[400] * n), of(*[400] * (n + 5))
    assert student(far * sqrt(10.0), 10.0, few.degrees) > student(far * sqrt(10.0), 10.0, many.degrees)


@given(MASTER)
def test_an_item_that_was_never_weighed_is_as_the_catalogue_says(master):
    belief = believe(master, None, 100, MARKET, BLUR)
    assert belief.mean == master and not belief.wide
    assert sqrt(belief.var) >= max(LEAST, SHARE * master)
    given_spread = believe(master, None, 100, MARKET, BLUR, spread=1.0)
    assert given_spread.var < belief.var


@given(st.integers(1, 100_000))
def test_an_item_of_which_nobody_knows_anything_is_as_the_shops_goods_are(cents):
    belief = believe(None, None, cents, MARKET, BLUR)
    assert belief.wide > 0 and belief.mean == pytest.approx(cents * exp(MARKET.a_cent))
    assert believe(None, None, 0, MARKET, BLUR).mean == pytest.approx(exp(MARKET.middle))


def test_a_catalogue_that_is_far_off_stands_beside_what_was_weighed():
    belief = of(560, master=400.0)
    assert belief.mean == 560 and [other.mean for other in belief.others] == [400]
    both = of(560, 561, 559, older=Sums.of(400, 400), older_epoch=0, coming=Sums.of(700), coming_epoch=2)
    assert [other.mean for other in both.others] == [400, 700]


def test_a_market_is_that_of_the_goods_whose_weights_are_known():
    goods = [(100.0 * 1.4**n, 50.0 * 1.4**n) for n in range(-11, 12)]
    market = Market.of(goods)
    assert market.middle == pytest.approx(log(100)) and market.a_cent == pytest.approx(log(2), abs=0.1)
    assert market.worth(1_000) == pytest.approx(500, rel=0.1)
    assert Market.of(goods[:10]) == Market() and Market.of([(0.0, 0.0)] * 50) == Market()


@pytest.mark.parametrize(("grams", "epoch"), [(402, 3), (395, 3), (352, 1), (447, 5), (900, 6), (100, 6)])
def test_a_weighing_belongs_to_the_pack_that_it_fits_or_to_a_new_one(grams, epoch):
    known = Weighings(3, Sums.of(*[400] * 9), Sums.of(*[350] * 9), 1, Sums.of(450), 5)
    belief = believe(None, known, 100, MARKET, BLUR)
    assert epoch_of(known, belief, grams, BLUR) == epoch
    assert epoch_of(None, belief, grams, BLUR) == 0
    assert epoch_of(Weighings(4), belief, grams, BLUR) == 4


def test_what_another_scale_has_weighed_is_sure():
    belief = measured(812, 4)
    assert belief == Belief(812, 16, 1e9, belief.change) and belief.change < 0.01
