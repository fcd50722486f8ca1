"""What the judge answers to any shop: always one of five words, and an error for what cannot come now."""

from itertools import count
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kiosk.weight.judge import MOST_TAU, Judge, OutOfOrderError
from kiosk.weight.talk import (
    BasketEnd,
    BasketStart,
    Paid,
    Pay,
    Plate,
    Press,
    Qty,
    Scan,
    Settled,
    Staff,
    Store,
    Tick,
    Void,
)

WORDS = {"ok", "wait", "ask", "staff", "block"}
STORE = Store(Plate(5, 15_000), (("tin", 400, 100), (7, 700, 200), ("bun", None, 50), ("gum", 8, 120)))

MASS = st.one_of(st.integers(0, 3_000), st.floats(-1e6, 1e6), st.sampled_from([400, 700, 800, 1_100, 8]))
CENTS = st.one_of(st.integers(0, 900), st.floats(0, 1e9))
ITEM = st.sampled_from(["tin", 7, "bun", "gum", "not in the store", 99])
MOVE = st.one_of(
    st.tuples(st.just("scan"), ITEM, st.one_of(st.integers(1, 4), st.integers(1, 1_000)), CENTS),
    st.tuples(st.just("qty"), st.integers(0, 9), st.integers(0, 1_000)),
    st.tuples(st.just("void"), st.integers(0, 9)),
    st.tuples(st.just("settled"), MASS),
    st.tuples(st.just("settled"), MASS),
    st.tuples(st.just("press"), st.sampled_from(["bag", "bag_full", "moved", "fine", "help"])),
    st.tuples(st.just("skip"), st.integers(0, 9)),
    st.tuples(st.sampled_from(["tick", "tick", "pay", "paid", "staff", "door"])),
)
STORES = st.builds(
    lambda d, goods: Store(Plate(d, 15_000), tuple(goods)),
    st.one_of(st.sampled_from([1, 2, 5, 10]), st.floats(1e-3, 1e4)),
    st.lists(
        st.tuples(ITEM, st.one_of(st.none(), st.floats(0, 1e6)), CENTS), unique_by=lambda item: str(item[0])
    ),
)


def events(moves, staffed=False):
    """A visit of these moves, each in order: a line that was not scanned is not spoken of."""
    lines = []
    names = count(1)
    for move in moves:
        match move:
            case ("scan", item, qty, price):
                lines.append(next(names) if len(lines) % 2 else f"line {next(names)}")
                yield Scan(lines[-1], item, qty, price)
            case ("qty", which, qty) if lines:
                yield Qty(lines[which % len(lines)], qty)
            case ("void", which) if lines:
                yield Void(lines[which % len(lines)])
            case ("skip", which) if lines:
                yield Press("skip", lines[which % len(lines)])
            case ("settled", w):
                yield Settled(w)
            case ("press", key):
                yield Press(key)
            case ("staff",):
                staffed = not staffed
                yield Staff("open" if staffed else "corrected" if len(lines) % 2 else "approved")
            case ("door",):
                yield BasketEnd(1)
                yield BasketStart(1)
                lines, staffed = [], False
            case ("tick",):
                yield Tick()
            case ("pay",):
                yield Pay()
            case ("paid",):
                yield Paid()


def visited(judge, *happened):
    """What is answered to each event of a visit."""
    assert judge.decide(BasketStart("v")) == "ok"
    answers = [judge.decide(event) for event in happened]
    assert judge.decide(BasketEnd("v")) == "ok"
    return answers


@settings(max_examples=150)
@given(STORES, st.lists(MOVE, max_size=40), st.floats(-MOST_TAU, MOST_TAU))
def test_whatever_happens_in_order_is_answered_with_one_of_five_words(store, moves, tau):
    judge = Judge(tau)
    assert judge.decide(store) == "ok"
    judge.decide(BasketStart(1))
    for event in events(moves):
        assert judge.decide(event) in WORDS
    assert judge.decide(BasketEnd(1)) == "ok"


@pytest.mark.parametrize("seed", range(4))
def test_a_cart_of_a_hundred_things_is_answered_too(seed):
    """Sixty on their way, forty in the bag: as many accounts are kept as of three things."""
    random = Random(seed)
    goods = [(f"i{n}", random.choice([None, 30 + 37 * n]), 50 + 20 * n) for n in range(60)]
    judge = Judge()
    judge.decide(Store(Plate(5, 15_000), tuple(goods)))
    judge.decide(BasketStart(1))
    level = 0
    for n in range(40):
        assert judge.decide(Scan(n, f"i{n}", 1, 50)) in WORDS
        level += goods[n][1] or 250
        assert judge.decide(Settled(5 * round(level / 5))) in WORDS
    for n in range(60):
        assert judge.decide(Scan(100 + n, f"i{n}", 1, 50)) in WORDS
    for _ in range(20):
        level = max(0, level + random.randrange(-800, 1_600))
        assert judge.decide(Settled(5 * round(level / 5))) in WORDS
    assert [judge.decide(event) in WORDS for event in (Pay(), Tick(), Tick(), Paid(), BasketEnd(1))] == [
        True
    ] * 5


def begun(*happened):
    judge = Judge()
    for event in (STORE, BasketStart(1), *happened):
        judge.decide(event)
    return judge


TIN = Scan(1, "tin", 1, 100)


@pytest.mark.parametrize(
    ("judge", "event", "says"),
    [
        (Judge(), TIN, "scan: expected basket_start before it"),
        (Judge(), BasketStart(1), "basket_start: expected store before it"),
        (begun(), BasketStart(2), "basket_start: expected basket_end before it"),
        (begun(), STORE, "store: expected once, first"),
        (begun(), BasketEnd(2), "basket_end: expected basket 1, not 2"),
        (begun(BasketEnd(1)), Settled(5), "settled: expected basket_start before it"),
        (begun(BasketEnd(1)), Tick(), "tick: expected basket_start before it"),
        (begun(BasketEnd(1)), Press("bag"), "press: expected basket_start before it"),
        (begun(BasketEnd(1)), Staff("open"), "staff: expected basket_start before it"),
        (begun(TIN), TIN, "scan: expected a new line, not 1 again"),
        (begun(TIN), Void("1"), "void: expected a line that was scanned, not '1'"),
        (begun(TIN), Qty(2, 3), "qty: expected a line that was scanned, not 2"),
        (begun(TIN), Press("skip"), "press: expected a line that was scanned, not None"),
        (begun(), Staff("approved"), "staff approved: expected open before it"),
        (begun(Staff("open")), Staff("open"), "staff open: expected a verdict"),
        (Judge(), Store(Plate(0, 15_000), ()), "division of more than 0 g"),
        (Judge(), Store(Plate(5, 1), (("a", 1, 1), ("a", 2, 1))), "store: expected each item once"),
    ],
)
def test_what_cannot_come_now_is_refused(judge, event, says):
    with pytest.raises(OutOfOrderError, match=says):
        judge.decide(event)


@pytest.mark.parametrize("tau", [51, -51, float("nan"), float("inf")])
def test_a_threshold_out_of_reach_is_refused(tau):
    with pytest.raises(ValueError, match="tau: expected -50 to 50"):
        Judge(tau)


def test_odd_but_in_order():
    judge = Judge()
    judge.decide(STORE)
    assert visited(judge, Settled(0), TIN, Settled(400), Qty(1, 3), Qty(1, 1), Pay(), Paid()) == ["ok"] * 7
    assert visited(judge, TIN, Void(1), Void(1), Pay(), Paid()) == ["ok"] * 5
    assert (
        visited(judge, Press("bag"), Press("bag_full"), Press("moved"), Press("fine"), Tick()) == ["ok"] * 5
    )
    assert visited(judge, TIN, Settled(400), Paid()) == ["ok"] * 3
    assert visited(judge, TIN, Qty(1, 0), Pay()) == ["ok"] * 3
    assert visited(judge, Press("help"), Staff("open"), Staff("approved")) == ["staff", "ok", "ok"]
    assert visited(judge) == []
