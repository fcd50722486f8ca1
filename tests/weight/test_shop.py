"""The simulated shop: the same for every check, counted as the protocol says, and as nuisant as it claims to be."""

import io
from collections import Counter
from random import Random

import pytest
from msgspec.structs import replace

from drivers.simulated.shop.fixed import Fixed
from drivers.simulated.shop.plan import Deed, Plan, Step
from drivers.simulated.shop.plate import Plate
from drivers.simulated.shop.rates import MAIN, PACK_CHANGES, other
from drivers.simulated.shop.stock import Sku, Stock, Thing
from drivers.simulated.shop.tally import CARD, Tally, deeds_of, merged, ratios, told
from drivers.simulated.shop.trial import Lane, plans, trial
from drivers.simulated.shop.visit import NoDecision, Visit
from kiosk.weight import talk

TIN = Thing(Sku("tin", 400, 2, 400, 100, False), 400, 100)
GEM = Thing(Sku("gem", 900, 2, 900, 2_000, False), 900, 2_000)
STEADY = replace(MAIN, noise=0.0, drift=0.0, confused=0.0)


def ok(event):
    return "ok"


def tape(check, rates=MAIN, seed="7", baskets=20):
    file = io.BytesIO()
    trial(rates, seed, baskets, {"it": check}, file)
    return file.getvalue()


def test_the_same_seed_is_the_same_shop():
    assert tape(Fixed(25, 0.05).decide) == tape(Fixed(25, 0.05).decide)
    assert tape(ok) != tape(ok, seed="8")


def test_what_a_check_decides_moves_no_plan_and_no_check_beside_it():
    def drawn():
        return list(plans(replace(MAIN, changes=PACK_CHANGES), "7", 30, Stock(MAIN, Random("7/stock"))))

    first = drawn()
    for plan in first:
        Visit(plan, MAIN, "7", 0.0, Fixed(25, 0.05).decide).run()
    assert repr(first) == repr(drawn())
    alone = trial(MAIN, "7", 30, {"b": Fixed(50, 0.1).decide})["b"].parts
    both = trial(MAIN, "7", 30, {"a": Fixed(25, 0.05).decide, "b": Fixed(50, 0.1).decide})["b"].parts
    assert alone == both


# Small visits, written by hand.


def scan(gesture, line, thing=TIN):
    return Step(gesture, "plain", 1.0, "scan", line=line, sku=thing.sku, price=thing.price)


def put(gesture, *things, deed=None):
    return Step(gesture, "plain", 1.0, "put", things=things, deed=deed)


def visit(check, *steps, after=(), rates=STEADY):
    """A visit of these steps: its events and its count."""
    heard = []

    def decide(event):
        heard.append(event)
        return check(event)

    deeds = [step.deed for step in (*steps, *after) if step.deed]
    plan = Plan(1, 1, steps, tuple(after), deeds[0] if deeds else None)
    count = Visit(plan, rates, "7", 0.0, decide).run()
    return heard, count


def names(events):
    return [type(event).__name__ for event in events]


def on(kind, said, then="ok"):
    """A check that says `said` to the first event of that kind, and `then` to all others."""
    left = [said]
    return lambda event: left.pop() if left and isinstance(event, kind) else then


def test_a_thing_is_scanned_weighed_and_paid():
    events, count = visit(ok, scan(1, 1), put(1, TIN))
    assert names(events) == ["BasketStart", "Scan", "Settled", "Pay", "Paid", "BasketEnd"]
    assert events[2].w == 400
    assert [event.t for event in events] == sorted(event.t for event in events)
    assert (count.baskets, count.items, count.alarms, count.seconds) == (1, 1, 0, 0.0)


def test_a_card_about_nothing_is_one_false_alarm_of_six_seconds():
    events, count = visit(on(talk.Settled, "ask"), scan(1, 1), put(1, TIN))
    assert [event.key for event in events if isinstance(event, talk.Press)] == ["fine"]
    assert (count.false_alarms, count.disturbed, count.cards, count.staff, count.seconds) == (
        1,
        1,
        1,
        0,
        CARD,
    )
    assert count.causes == {"plain": 1}


def test_after_three_cards_in_one_episode_the_shopper_calls_staff():
    def check(event):
        return "ask" if isinstance(event, (talk.Settled, talk.Press)) else "ok"

    events, count = visit(check, scan(1, 1), put(1, TIN))
    assert names(events)[2:8] == ["Settled", "Press", "Press", "Press", "Staff", "Staff"]
    assert [event.verdict for event in events[6:8]] == ["open", "approved"]
    assert (count.false_alarms, count.cards, count.staff, count.staff_honest) == (1, 3, 1, 1)
    assert count.seconds > 3 * CARD + 35


def test_the_alarm_is_over_when_the_check_says_so_by_itself():
    hand = Step(2, "lean", 1.0, "lean", grams=500, seconds=4.0)

    def check(event):
        return "ask" if isinstance(event, talk.Settled) and event.w == 500 else "ok"

    events, count = visit(check, hand)
    assert [event.w for event in events if isinstance(event, talk.Settled)] == [500, 0]
    assert "Press" not in names(events)
    assert (count.false_alarms, count.causes) == (1, {"lean": 1})


def test_honest_people_finish_what_they_began_and_tell_the_truth():
    late = [put(1, TIN), replace(scan(1, 1), after=30.0)]
    events, count = visit(on(talk.Settled, "ask", "ok"), *late)
    assert names(events)[1:3] == ["Settled", "Scan"] and events[2].t - events[1].t < 4
    bag = Step(1, "bag", 1.0, "bag", grams=100, truth="bag")
    events, count = visit(on(talk.Settled, "ask"), bag)
    assert [event.key for event in events if isinstance(event, talk.Press)] == ["bag"]
    assert count.causes == {"bag": 1}
    events, _ = visit(
        on(talk.Settled, "ask"), bag, replace(scan(2, 1), after=1.0), replace(put(2, TIN), after=30.0)
    )
    assert names(events)[1:5] == ["Scan", "Settled", "Press", "Settled"]
    trolley = Step(1, "trolley", 1.0, "leave", line=1, truth="skip")
    events, _ = visit(on(talk.Pay, "ask"), scan(1, 1), trolley)
    assert [(event.key, event.line) for event in events if isinstance(event, talk.Press)] == [("skip", 1)]
    assert names(events).count("Pay") == 2


def test_waiting_is_ticked_after_two_seconds_and_then_every_three():
    def check(event):
        return "wait" if isinstance(event, (talk.Settled, talk.Tick)) else "ok"

    events, count = visit(check, put(1, TIN), replace(scan(2, 1), after=15.0))
    at = {
        kind: [event.t for event in events if type(event) is kind]
        for kind in (talk.Settled, talk.Tick, talk.Scan)
    }
    (settled,), (scanned,) = at[talk.Settled], at[talk.Scan]
    ticks = [round(t - settled, 1) for t in at[talk.Tick] if t < scanned]
    assert ticks == [2.0, 5.0, 8.0, 11.0]
    assert (count.alarms, count.cards, count.seconds) == (0, 0, 0.0)


def test_four_ticks_at_the_payment_call_staff():
    def check(event):
        return "wait" if isinstance(event, (talk.Pay, talk.Tick)) and not staff else "ok"

    staff = []

    def with_staff(event):
        if isinstance(event, talk.Staff):
            staff.append(event)
        return check(event)

    events, count = visit(with_staff, scan(1, 1), put(1, TIN))
    assert names(events)[3:] == ["Pay", *["Tick"] * 4, "Staff", "Staff", "Pay", "Paid", "BasketEnd"]
    assert (count.false_alarms, count.staff, count.causes) == (1, 1, {"plain, at pay": 1})


def swap(rates=STEADY):
    deed = Deed("swap", 1_900, GEM, 1)
    return (scan(1, 1), put(1, GEM, deed=deed)), replace(STEADY, **rates)


def outcome(count):
    deeds = deeds_of(count)
    return deeds["events"], deeds["missed"], deeds["undetected"], deeds["believed"], deeds["missed_value"]


def test_a_deed_without_an_alarm_is_undetected():
    steps, _ = swap({})
    _, count = visit(ok, *steps)
    assert outcome(count) == (1, 1, 1, 0, 1_900)
    assert count.false_alarms == 0


def test_a_lie_that_is_believed_is_undetected_and_no_false_alarm():
    steps, rates = swap({"lies": 1.0})
    _, count = visit(on(talk.Settled, "ask"), *steps, rates=rates)
    assert outcome(count) == (1, 1, 1, 1, 1_900)
    assert (count.alarms, count.false_alarms, count.staff_honest) == (1, 0, 0)


def test_who_does_not_lie_puts_it_right():
    steps, rates = swap({"lies": 0.0})
    events, count = visit(on(talk.Settled, "ask"), *steps, rates=rates)
    assert names(events)[3:5] == ["Void", "Scan"] and events[4].item == "gem"
    assert outcome(count) == (1, 0, 0, 0, 0)


@pytest.mark.parametrize(
    ("corrected", "verdict", "ends"),
    [(1.0, "corrected", (1, 0, 0, 0, 0)), (0.0, "approved", (1, 1, 0, 0, 1_900))],
)
def test_staff_correct_or_wave_through(corrected, verdict, ends):
    steps, rates = swap({"corrected": corrected})
    events, count = visit(on(talk.Settled, "staff"), *steps, rates=rates)
    assert [event.verdict for event in events if isinstance(event, talk.Staff)] == ["open", verdict]
    assert outcome(count) == ends
    assert (count.staff, count.staff_honest) == (1, 0)


def test_a_check_of_the_whole_basket_finds_everything():
    steps, rates = swap({"corrected": 0.0})
    _, count = visit(on(talk.Settled, "block"), *steps, rates=rates)
    assert (outcome(count), count.blocks) == ((1, 0, 0, 0, 0), 1)


def test_goods_move_after_the_payment():
    deed = Deed("after", 100, TIN, 1)
    take = Step(2, "after", 2.0, "take", things=(TIN,), deed=deed)
    events, count = visit(ok, scan(1, 1), put(1, TIN), after=[take])
    assert names(events)[-3:] == ["Paid", "Settled", "BasketEnd"]
    assert outcome(count) == (1, 1, 1, 0, 100)


def test_what_is_no_decision_is_named():
    with pytest.raises(NoDecision, match="'maybe'"):
        visit(lambda event: "maybe", scan(1, 1))


# The scale.


def test_a_hand_is_settled_only_if_it_stays():
    for seconds, expected in ((0.3, 0), (1.0, 0), (4.0, 1)):
        plate = Plate(MAIN, Random(1))
        plate.lean(1.0, 800.0, seconds)
        assert (plate.until(1.0 + seconds) is not None) == bool(expected), seconds


def test_loads_settle_near_what_they_are_and_soon():
    for number in range(50):
        plate = Plate(MAIN, Random(number))
        plate.put(3.0, 777.0)
        at, w = plate.until(9.0)
        assert 3.5 < at < 7.5 and w % 5 == 0 and abs(w - 777) <= 15
        assert plate.until(60.0) is None


# The world as a whole.


@pytest.fixture(scope="module")
def drawn():
    return list(plans(MAIN, "3", 2_000, Stock(MAIN, Random("3/stock"))))


def test_people_are_as_troublesome_as_they_should_be(drawn):
    items = sum(plan.items for plan in drawn)
    gestures = [{(step.gesture, step.name) for step in plan.steps} for plan in drawn]
    of = Counter(name for plan in gestures for _, name in plan)
    with_it = Counter(name for plan in gestures for name in {name for _, name in plan})
    assert 8.3 < items / len(drawn) < 10.3
    assert 0.03 < of["lean"] / items < 0.05
    assert 0.02 < of["late"] / items < 0.035
    assert 0.003 < of["changed_mind"] / items < 0.015
    assert 0.07 < with_it["bag"] / len(drawn) < 0.13
    assert 0.03 < with_it["rearranged"] / len(drawn) < 0.07
    assert 0.01 < with_it["trolley"] / len(drawn) < 0.035
    assert 0.1 < with_it["bag_full"] / len(drawn) < 0.4
    assert 0.02 < sum(plan.deed is not None for plan in drawn) / len(drawn) < 0.04


def test_goods_are_as_the_notes_say():
    stock = Stock(MAIN, Random("3/stock"))
    known = [sku for sku in stock.skus if sku.master is not None]
    assert len(stock.skus) == 2_000 and 0.92 < len(known) / 2_000 < 0.96
    wrong = [sku for sku in known if abs(sku.master / sku.mass - 1) > 0.05 and sku.mass > 50]
    assert 0.02 < len(wrong) / 2_000 < 0.06
    assert all(3 <= sku.mass <= 12_000 and sku.price >= 40 and sku.spread >= 0.8 for sku in stock.skus)
    middle = sorted(sku.mass for sku in stock.skus)[1_000]
    assert 290 < middle < 350
    before = [sku.mass for sku in stock.skus]
    changed = stock.change(Random(1))
    assert [sku for sku, mass in zip(stock.skus, before, strict=True) if sku.mass != mass] == [changed]


def test_a_silent_check_misses_all_and_disturbs_nobody():
    rates = replace(MAIN, dishonest=0.3)
    figures = told(trial(rates, "5", 100, {"it": ok})["it"].parts["all"])
    assert figures["false_alarms"] == figures["staff_calls"] == 0
    assert figures["deeds"]["events"] > 15
    assert figures["deeds"]["missed_rate"] == figures["deeds"]["undetected_rate"] == 1.0


@pytest.mark.parametrize("seed", [1, 2, 3, 4])
def test_the_other_shops_run_too(seed):
    rates = other(seed)
    tally = trial(rates, str(seed), 30, {"it": Fixed(25, 0.05).decide})["it"]
    assert tally.parts["all"].baskets == 30 and tally.parts["all"].false_alarms > 5
    weights = [event for event in heard(rates, seed) if isinstance(event, talk.Settled)]
    assert weights and all(event.w % rates.division == 0 for event in weights)


def heard(rates, seed):
    events = []
    lane = Lane(rates, str(seed), lambda event: events.append(event) or "ok")
    stock = Stock(rates, Random(f"{seed}/stock"))
    lane.open(stock)
    for plan in plans(rates, str(seed), 10, stock):
        lane.visit(plan)
    return events


def test_tallies_add_up_and_are_compared():
    one, two = (trial(MAIN, seed, 40, {"it": Fixed(25, 0.05).decide})["it"] for seed in ("1", "2"))
    whole = merged([one, two])
    assert whole.parts["all"].items == one.parts["all"].items + two.parts["all"].items
    assert len(whole.cpu) == len(one.cpu) + len(two.cpu)
    assert ratios(whole, whole)["cold"]["false_alarms"] == 1.0
    assert ratios(Tally(), whole) == {}
