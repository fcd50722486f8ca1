"""Sums of weighings: put together in any order they say the same, and no lane outvotes the others."""

import statistics

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.weight.sums import HEAVIEST, LANE_MOST, MOST, OLDER_DAYS, OPENS, Known, Sums, Weighings, together

GRAMS = st.lists(st.integers(0, HEAVIEST), min_size=1, max_size=60)
TODAY = 20_000


def known(epoch: int, *grams: int, first: int = TODAY, last: int = TODAY, lanes: int = 1) -> Known:
    return Known(epoch, Sums.of(*grams), first, last, lanes)


@given(GRAMS, GRAMS)
def test_sums_of_parts_are_the_sums_of_the_whole(one: list[int], other: list[int]) -> None:
    whole = Sums.of(*one) + Sums.of(*other)
    assert whole == Sums.of(*other, *one)
    assert whole - Sums.of(*other) == Sums.of(*one)
    assert whole.mean == pytest.approx(statistics.mean([*one, *other]))
    assert whole.variance == pytest.approx(statistics.pvariance([*one, *other]), abs=1e-6, rel=1e-9)


@given(GRAMS, st.integers(1, 60))
def test_fewer_weighings_of_the_same_mean_and_variance(grams: list[int], most: int) -> None:
    whole = Sums.of(*grams)
    less = whole.at_most(most)
    assert less.n == min(len(grams), most)
    assert abs(less.mean - whole.mean) <= 0.5 / less.n + 1e-9
    if less.n < whole.n and 0 < whole.mean < HEAVIEST:
        room = 1.0 / less.n + less.mean * 1e-9
        assert less.variance == pytest.approx(whole.variance, abs=room + 1, rel=1e-3)


@given(st.integers(200, 5000), st.integers(1, 12))
def test_what_is_forgotten_bit_by_bit_keeps_its_spread(grams: int, spread: int) -> None:
    """A thousand weighings, remembered one by one, are as wide as the weighings are."""
    sums = Sums.of(grams - spread)
    for n in range(1, 1000):
        sums = (sums + Sums.of(grams + (spread if n % 2 else -spread))).at_most(LANE_MOST)
    assert sums.n == LANE_MOST
    assert sums.mean == pytest.approx(grams, abs=1)
    assert sums.variance == pytest.approx(spread**2, rel=0.1, abs=2)


@pytest.mark.parametrize(
    ("n", "total", "squares"),
    [
        (0, 0, 0),
        (-1, 5, 25),
        (1, -1, 1),
        (1, HEAVIEST + 1, (HEAVIEST + 1) ** 2),
        (2, 10, 49),
        (2, 10, 10 * HEAVIEST + 1),
        (1, 0, 1),
    ],
)
def test_no_weighings_have_such_sums(n: int, total: int, squares: int) -> None:
    with pytest.raises(ValueError, match="expected the sums of 1 or more weighings"):
        Sums(n, total, squares)


def test_a_part_that_is_none_cannot_be_taken_away() -> None:
    with pytest.raises(ValueError, match="expected the sums"):
        Sums.of(500, 510) - Sums.of(500, 510)
    with pytest.raises(ValueError, match="expected the sums"):
        Sums.of(10, 10, 10) - Sums.of(500)


# ---- which pack is sold now

KNOWN = st.builds(
    lambda epoch, grams, first, days: known(
        epoch, *grams, first=TODAY - first, last=TODAY - max(0, first - days)
    ),
    st.integers(0, 4),
    st.lists(st.integers(1, 900), min_size=1, max_size=6),
    st.integers(0, 90),
    st.integers(0, 90),
)
SOME = st.lists(KNOWN, max_size=5)


@given(SOME, SOME, st.randoms(use_true_random=False))
def test_the_order_in_which_lanes_are_heard_does_not_matter(
    own: list[Known], others: list[Known], random
) -> None:  # type: ignore[no-untyped-def]
    said = together(own, others, TODAY)
    for heard in (own, others):
        random.shuffle(heard)
    assert together(own, others, TODAY) == said


@given(SOME, SOME)
def test_nothing_is_counted_twice_or_lost_within_an_epoch(own: list[Known], others: list[Known]) -> None:
    said = together(own, others, TODAY)
    assert (said is None) == (not own and not others)
    if said is not None and said.sums is not None:
        mine = [one.sums for one in (*own, *others) if one.epoch == said.epoch]
        whole = mine[0]
        for sums in mine[1:]:
            whole += sums
        assert said.sums == whole.at_most(MOST)
        assert said.older is None or said.older_epoch < said.epoch
        assert said.coming is None or said.coming_epoch > said.epoch


def test_a_first_weighing_is_all_that_is_known() -> None:
    assert together([known(0, 500)], [], TODAY) == Weighings(0, Sums.of(500))
    assert together([], [known(0, 500)], TODAY) == Weighings(0, Sums.of(500))


def test_a_lane_believes_its_own_new_pack_and_keeps_the_old_one_for_thirty_days() -> None:
    old = known(0, *[500] * 40, first=TODAY - 90, lanes=3)
    said = together([known(1, 600, 601, 599)], [old], TODAY)
    assert said == Weighings(1, Sums.of(600, 601, 599), older=old.sums, older_epoch=0)
    mine = [known(1, 600, 601, 599)]
    assert together(mine, [old], TODAY + OLDER_DAYS) == said
    later = together(mine, [old], TODAY + OLDER_DAYS + 1)
    assert later == Weighings(1, Sums.of(600, 601, 599))


def test_an_old_pack_that_is_still_weighed_stays_an_alternative() -> None:
    old = known(0, *[500] * 40, first=TODAY - 90, last=TODAY + 60, lanes=3)
    said = together([known(1, 600, 601, 599)], [old], TODAY + 80)
    assert said is not None and said.older == old.sums


def test_one_weighing_does_not_make_a_pack() -> None:
    old = known(0, *[500] * 9)
    assert together([old, known(1, 600)], [], TODAY) == Weighings(
        0, old.sums, coming=Sums.of(600), coming_epoch=1
    )
    assert OPENS == 3
    ours = together([old, known(1, 600)], [known(1, 601, 599)], TODAY)
    assert ours is not None and (ours.epoch, ours.sums) == (1, Sums.of(600, 601, 599))


def test_weighings_that_do_not_agree_make_no_pack_at_any_number_of_lanes() -> None:
    old = known(0, *[500] * 9, first=TODAY - 90, lanes=3)
    said = together([old, known(1, 700, 250, 300)], [known(1, 120, 910)], TODAY + 60)
    assert said is not None and (said.epoch, said.coming_epoch) == (0, 1)
    assert Sums.of(700, 720, 745).opens and not Sums.of(700, 720).opens


@given(st.lists(st.lists(st.integers(1, 5000), min_size=1, max_size=LANE_MOST), min_size=1, max_size=6))
def test_a_lane_alone_moves_nobody_elses_belief_by_opening_packs(wild: list[list[int]]) -> None:
    """A dirty scale finds a new pack again and again: for the others the pack is what it was."""
    rest = known(0, *[500] * 20, first=TODAY - 90, lanes=2)
    faulty = [known(epoch, *grams, first=TODAY - 50) for epoch, grams in enumerate(wild, start=1)]
    said = together([known(0, 501)], [rest, *faulty], TODAY)
    assert said is not None
    assert (said.epoch, said.sums) == (0, rest.sums + Sums.of(501))
    assert said.coming == Sums.of(*wild[-1])


def test_a_second_lane_makes_it_the_shops_pack() -> None:
    rest = known(0, *[500] * 20, first=TODAY - 90, lanes=2)
    opened = known(1, 600, 600, 600)
    said = together([known(0, 500), known(1, 602)], [rest, opened], TODAY)
    assert said is not None and said.epoch == 1
    assert (said.sums, said.older) == (Sums.of(600, 600, 600, 602), rest.sums + Sums.of(500))


def test_what_is_below_the_floor_is_forgotten() -> None:
    assert together([known(0, 500)], [known(1, 600)], TODAY, floor=2) == Weighings(2)
    assert together([known(0, 500), known(2, 7)], [], TODAY, floor=2) == Weighings(2, Sums.of(7))


def test_a_belief_rests_on_so_many_weighings_at_most() -> None:
    said = together([], [known(0, *[500] * 90, lanes=2), known(0, *[510] * 310, lanes=7)], TODAY)
    assert said is not None and said.sums is not None and said.sums.n == MOST
