"""What may be sold of what the produce scale says: stable, from zero, within its plate, once."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from kiosk.checkout.events import (
    AddWeighed,
    BagScaleSeen,
    Event,
    Fact,
    PinAccepted,
    Restarted,
    Started,
    WeightSettled,
)
from kiosk.checkout.hints import meant
from kiosk.checkout.model import Item
from kiosk.checkout.passed import Closed, DeviceSeen, NotWeighed, Opened, ScaleRead, TarePressed
from kiosk.checkout.session import Device, Health, LiveWeight, Panel, Policy, Reading, Session
from kiosk.checkout.step import step
from kiosk.checkout.weighing import Plate, State, load, plate
from kiosk.units import Grams, Minor
from tests.lane import MILK, POLICY, TOMATOES, Lane

PLATE = "Scale 2  Max 15 kg  Min 100 g  e = 5 g  Class III"
NO_WEIGHT = [each for each in Reading if each not in (Reading.WEIGHT, Reading.ZERO)]


def says(reading: Reading, grams: int = 0) -> ScaleRead:
    return ScaleRead("produce", LiveWeight(reading, Grams(grams)))


def weighs(grams: int) -> ScaleRead:
    return says(Reading.WEIGHT, grams)


ZERO, MOVING = says(Reading.ZERO), says(Reading.MOVING)


def weighing(*heard: Event, item: Item = TOMATOES, policy: Policy = POLICY) -> Lane:
    """A lane whose weighing page is open, and what its scale has said."""
    lane = Lane().play(Restarted(policy), Started())
    return lane.play(Opened(Panel("weigh", item=item)), *heard)  # type: ignore[arg-type]


def now(lane: Lane, item: Item = TOMATOES) -> State:
    return load(lane.session, item).state


def add(lane: Lane, grams: int, tare: int = 0, item: Item = TOMATOES) -> Lane:
    """Press Add as a page did that showed these grams."""
    return lane.play(meant(lane.session, AddWeighed(item, Grams(grams), Grams(tare))))  # type: ignore[arg-type]


# ---- what is on the plate is kept to


@pytest.mark.parametrize(
    ("text", "least", "ranges"),
    [
        (PLATE, 100, ((15_000, 5),)),
        ("Max\u00a06/15\u00a0kg Min\u00a040\u00a0g e\u00a0=\u00a02/5\u00a0g", 40, ((6_000, 2), (15_000, 5))),
        ("Max 3 kg, e=1 g", 20, ((3_000, 1),)),
        ("Max 1,5 kg e = 0.5 kg", 10_000, ((1_500, 500),)),
    ],
)
def test_a_plate_is_read_as_it_is_written(text: str, least: int, ranges: tuple[tuple[int, int], ...]) -> None:
    assert plate(text) == Plate(Grams(least), tuple((Grams(most), Grams(e)) for most, e in ranges))


@pytest.mark.parametrize(
    "text",
    [
        "", "Class III", "Max 15 kg", "e = 5 g", "Max 15 kg e = 0 g", "Max 15 kg e = 0.5 g", "Max 6/15 kg e = 5 g",
        "Max 15/6 kg e = 2/5 g", "Max 15 kg Min 40/100 g e = 5 g", "Max 15 lb e = 0.01 lb", "Max . kg e = / g",
        "Max 1.2345 kg e = 5 g", "Max 6//15 kg e = 2//5 g",
    ],
)  # fmt: skip
def test_what_is_no_plate_weighs_nothing(text: str) -> None:
    assert plate(text) is None
    lane = weighing(ZERO, weighs(655), policy=replace(POLICY, produce_plate=text))
    assert now(lane) is State.UNFIT
    assert add(lane, 655).sale.lines == ()
    assert lane.play(AddWeighed(TOMATOES, Grams(655), Grams(0))).sale.lines == ()


@given(st.text(max_size=60))
def test_any_text_is_a_plate_or_none(text: str) -> None:
    found = plate(text)
    assert found is None or (found.most > 0 and found.interval(1) > 0)


# ---- six things and a weight, and what else keeps a weight from being sold


@pytest.mark.parametrize("reading", NO_WEIGHT)
def test_what_is_no_weight_has_no_number_and_no_price(reading: Reading) -> None:
    lane = weighing(ZERO, weighs(655), says(reading))
    seen = load(lane.session, TOMATOES)
    assert (seen.state.value, seen.gross, seen.net, seen.price) == (reading.value, None, None, None)
    assert add(lane, 655).sale.lines == (), "what was shown before is not sold"


def test_a_scale_that_does_not_work_is_absent_whatever_it_read_last() -> None:
    lane = weighing(ZERO, weighs(655), DeviceSeen(Device("produce", Health.FAULT)))
    assert now(lane) is State.ABSENT
    assert add(lane, 655).sale.lines == ()


@pytest.mark.parametrize(
    ("grams", "state"),
    [
        (95, State.TOO_LIGHT),
        (100, State.READY),
        (15_000, State.READY),
        (15_005, State.OVERLOADED),
        (657, State.UNFIT),
        (-5, State.BELOW_ZERO),
    ],
)
def test_the_limits_of_the_plate(grams: int, state: State) -> None:
    lane = weighing(ZERO, weighs(grams))
    assert now(lane) is state
    assert (load(lane.session, TOMATOES).price is not None) is (state is State.READY)
    assert len(add(lane, grams).sale.lines) == (state is State.READY)


def test_the_least_is_of_the_goods_and_not_of_their_bag() -> None:
    bagged = replace(TOMATOES, tare=Grams(10))
    lane = weighing(ZERO, weighs(105), item=bagged)
    assert now(lane, bagged) is State.TOO_LIGHT
    assert now(lane.play(weighs(110)), bagged) is State.READY


def test_a_second_interval_begins_where_the_first_one_ends() -> None:
    lane = weighing(ZERO, policy=replace(POLICY, produce_plate="Max 6/15 kg  Min 40 g  e = 2/5 g"))
    states = {grams: now(lane.play(weighs(grams))) for grams in (5_998, 6_000, 6_002, 6_005)}
    assert states == {5_998: State.READY, 6_000: State.READY, 6_002: State.UNFIT, 6_005: State.READY}


# ---- zero before each weighing, and each weight once


def test_a_weight_is_sold_once() -> None:
    lane = add(weighing(ZERO, weighs(655)), 655)
    assert [line.grams for line in lane.sale.lines] == [655]
    lane.play(Opened(Panel("weigh", item=TOMATOES)))
    assert now(lane) is State.NOT_EMPTIED
    assert len(add(lane, 655).sale.lines) == 1
    lane.play(MOVING, weighs(1_200))
    assert now(lane) is State.NOT_EMPTIED, "more on top of what was sold"
    lane.play(MOVING, ZERO, MOVING, weighs(655))
    assert now(lane) is State.READY
    assert len(add(lane, 655).sale.lines) == 2


def test_the_other_product_cannot_be_sold_by_the_same_weight() -> None:
    cheap = replace(TOMATOES, price_per_kg=Minor(99))
    lane = add(weighing(ZERO, weighs(655), item=cheap), 655, item=cheap)
    lane.play(Opened(Panel("weigh", item=TOMATOES)))
    assert now(lane) is State.NOT_EMPTIED


def test_a_scale_with_something_on_it_at_the_start_is_emptied_first() -> None:
    assert now(weighing(weighs(655))) is State.NOT_EMPTIED


@pytest.mark.parametrize(
    ("between", "counts"),
    [
        (Reading.MOVING, True),
        (Reading.OVERLOADED, True),
        (Reading.BELOW_ZERO, False),
        (Reading.STALE, False),
        (Reading.ABSENT, False),
    ],
)
def test_a_zero_counts_as_long_as_the_scale_was_heard(between: Reading, counts: bool) -> None:
    lane = weighing(ZERO, says(between), weighs(655))
    assert now(lane) is (State.READY if counts else State.NOT_EMPTIED)


def test_zero_is_remembered_from_one_shopper_to_the_next_but_not_through_a_restart() -> None:
    lane = weighing(ZERO, weighs(655)).play(Closed())
    again = Lane()
    for at, fact in lane.facts:
        again.session, _ = step(again.session, fact, at)
    assert lane.session.passing.zeroed and not again.session.passing.zeroed


# ---- only what the page shows


@pytest.mark.parametrize("event", [MOVING, weighs(700), ZERO, Closed(), Opened(Panel("weigh", item=MILK))])
def test_a_press_that_comes_too_late_adds_nothing(event: Event) -> None:
    lane = weighing(ZERO, weighs(655), event)
    assert meant(lane.session, AddWeighed(TOMATOES, Grams(655), Grams(0))) == NotWeighed()


@pytest.mark.parametrize(("grams", "tare"), [(650, 5), (655, 5), (660, 0), (0, 655)])
def test_grams_and_tare_are_those_of_the_page(grams: int, tare: int) -> None:
    lane = weighing(ZERO, weighs(655))
    assert add(lane, grams, tare).sale.lines == ()


def test_what_was_accepted_comes_back_after_a_power_cut() -> None:
    lane = add(weighing(ZERO, weighs(655)), 655)
    again = Session()
    for at, fact in lane.facts:
        again, _ = step(again, fact, at)
    assert again.kept == lane.session.kept and len(lane.sale.lines) == 1


@pytest.mark.parametrize(
    ("grams", "tare", "why"),
    [
        (95, 0, "less than the least"),
        (657, 0, "not in the scale's interval"),
        (652, 3, "a tare that is not"),
        (14_600, 405, "more than it can weigh"),
        (655, 505, "more than a container may weigh"),
        (-655, 0, "below zero"),
    ],
)
def test_a_fact_that_the_scale_cannot_have_said_adds_nothing(grams: int, tare: int, why: str) -> None:
    lane = Lane().play(Started(), AddWeighed(TOMATOES, Grams(grams), Grams(tare)))
    assert lane.sale.lines == (), why


@pytest.mark.parametrize("item", [MILK, replace(TOMATOES, tax="?"), replace(TOMATOES, tare=Grams(10))])
def test_nor_does_one_of_goods_that_are_not_weighed_so(item: Item) -> None:
    lane = Lane().play(Started(), AddWeighed(item, Grams(655), Grams(5)))
    assert lane.sale.lines == ()


# ---- the container


def test_a_container_is_weighed_first_and_shown_as_tare() -> None:
    lane = weighing(ZERO, weighs(240), TarePressed())
    seen = load(lane.session, TOMATOES)
    assert (seen.tare, seen.net, seen.state) == (240, 0, State.TOO_LIGHT)
    lane.play(MOVING, ZERO, MOVING, weighs(895))
    assert load(lane.session, TOMATOES).net == 655
    line = add(lane, 655, 240).sale.lines[0]
    assert (line.grams, line.tare) == (655, 240)
    lane.play(Opened(Panel("weigh", item=TOMATOES)))
    assert load(lane.session, TOMATOES).tare == 0, "cleared after the weighing"


def test_a_tare_only_grows_and_goes_with_the_page() -> None:
    bagged = replace(TOMATOES, tare=Grams(10))
    lane = weighing(ZERO, weighs(5), TarePressed(), item=bagged)
    assert load(lane.session, bagged).tare == 10
    lane.play(MOVING, weighs(300), TarePressed(), MOVING, weighs(200), TarePressed())
    assert load(lane.session, bagged).tare == 300
    lane.play(Closed(), Opened(Panel("weigh", item=bagged)))
    assert load(lane.session, bagged).tare == 10


@pytest.mark.parametrize(
    "heard", [(ZERO,), (MOVING,), (weighs(505),), (says(Reading.BELOW_ZERO), weighs(200))]
)
def test_what_is_no_container_is_no_tare(heard: tuple[Event, ...]) -> None:
    lane = weighing(ZERO, *heard, TarePressed())
    assert load(lane.session, TOMATOES).tare == 0


def test_a_heavy_container_is_for_a_colleague_and_her_one_action() -> None:
    lane = weighing(ZERO).play(PinAccepted("17", "Sam"), Opened(Panel("weigh", item=TOMATOES)))
    lane.play(weighs(1_800), TarePressed(), MOVING, weighs(2_455))
    line = add(lane, 655, 1_800).sale.lines[0]
    assert (line.grams, line.tare, line.by) == (655, 1_800, "17")
    assert lane.session.kept.staff is None


def test_a_tare_of_the_catalogue_is_rounded_to_the_interval_for_the_shopper() -> None:
    bagged = replace(TOMATOES, tare=Grams(7))
    lane = weighing(ZERO, weighs(655), item=bagged)
    seen = load(lane.session, bagged)
    assert (seen.tare, seen.net) == (10, 645)
    assert add(lane, 645, 10, bagged).sale.lines[0].tare == 10


# ---- the bag scale prices nothing

LIVE = st.builds(LiveWeight, st.sampled_from(Reading), st.integers(-50, 16_000).map(Grams))
BAG = st.one_of(
    st.builds(ScaleRead, st.just("bag"), LIVE),
    st.builds(WeightSettled, st.integers(0, 16_000).map(Grams), st.integers(0, 16_000).map(Grams)),
    st.builds(BagScaleSeen, st.booleans()),
    st.builds(lambda health: DeviceSeen(Device("bag", health)), st.sampled_from(Health)),
)


@given(LIVE, st.booleans(), st.lists(BAG, min_size=1, max_size=12))
def test_nothing_that_the_bag_scale_says_reaches_a_price(
    live: LiveWeight, zero: bool, heard: list[Event]
) -> None:
    lane = Lane().buy(MILK)
    lane = add(lane.play(Opened(Panel("weigh", item=TOMATOES)), ZERO, weighs(300)), 300)
    lane.play(Opened(Panel("weigh", item=TOMATOES)), *([ZERO] if zero else []), ScaleRead("produce", live))
    before, sale = load(lane.session, TOMATOES), lane.sale
    lane.play(*heard)  # type: ignore[arg-type]
    assert load(lane.session, TOMATOES) == before
    assert (lane.sale.lines, lane.sale.priced) == (sale.lines, sale.priced)
    pressed = meant(lane.session, AddWeighed(TOMATOES, live.grams, Grams(0)))
    assert isinstance(pressed, Fact) is (before.price is not None)
