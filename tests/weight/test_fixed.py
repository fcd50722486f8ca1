"""What the fixed tolerance accepts, and what it does not."""

import pytest

from drivers.simulated.shop.fixed import Fixed
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
    Void,
)

STORE = Store(
    Plate(5, 15_000),
    (("tin", 400, 100), ("jar", 700, 200), ("bun", 60, 50), ("new", None, 90), ("ham", 1000, 1)),
)


def tin(line):
    return Scan(line, "tin", 1, 100)


def jar(line):
    return Scan(line, "jar", 1, 200)


def said(*events, fixed=None):
    """What is decided on each event of a visit that begins with an empty scale."""
    fixed = fixed or Fixed(25, 0.05)
    assert [fixed.decide(STORE), fixed.decide(BasketStart(1))] == ["ok", "ok"]
    return [fixed.decide(event) for event in events]


@pytest.mark.parametrize(
    ("w", "decision"), [(400, "ok"), (375, "ok"), (425, "ok"), (430, "ask"), (370, "ask")]
)
def test_up_to_25_grams_are_accepted(w, decision):
    assert said(tin(1), Settled(w))[-1] == decision


@pytest.mark.parametrize(("w", "decision"), [(1050, "ok"), (950, "ok"), (1055, "ask"), (945, "ask")])
def test_of_heavy_things_five_per_cent(w, decision):
    assert said(Scan(1, "ham"), Settled(w))[-1] == decision
    assert said(Scan(1, "ham"), Settled(w), fixed=Fixed(50, 0.10))[-1] == "ok"


def test_a_change_may_be_the_oldest_the_first_few_or_all_that_is_pending():
    three = [tin(1), jar(2), Scan(3, "bun")]
    assert said(*three, Settled(400))[-1] == "ok"
    assert said(*three, Settled(1100))[-1] == "ok"
    assert said(*three, Settled(1160))[-1] == "ok"
    assert said(*three, Settled(700))[-1] == "ask"
    assert said(*three, Settled(700), Settled(1100))[-2:] == ["ask", "ok"]


def test_a_thing_of_unknown_weight_is_accepted_whatever_it_weighs():
    assert said(Scan(1, "new"), Settled(2345))[-1] == "ok"
    assert said(tin(1), Scan(2, "new"), Settled(2345), tin(3), Settled(2745))[-3:] == ["ok", "ok", "ok"]


def test_quantities_are_so_many_things():
    assert said(tin(1), Qty(1, 3), Settled(800), Settled(1200)) == ["ok"] * 4
    assert said(tin(1), Qty(1, 3), Qty(1, 2), Settled(1200))[-1] == "ask"


def test_scanned_after_all_and_put_back():
    assert said(Settled(400), tin(1)) == ["ask", "ok"]
    assert said(tin(1), Settled(400), Settled(0), Settled(400)) == ["ok", "ok", "ask", "ok"]


def test_what_was_voided_may_leave():
    placed = [tin(1), Settled(400), jar(2), Settled(1100)]
    assert said(*placed, Void(1), Settled(700), Pay())[-3:] == ["ok", "ok", "ok"]
    assert said(*placed, Settled(700), Void(1), Pay())[-3:] == ["ask", "ok", "ok"]
    assert said(*placed, Void(2), Settled(700))[-1] == "ask"


def test_bags_are_accepted_when_announced_or_named_on_the_card():
    assert said(Press("bag"), Settled(300), tin(1), Settled(700)) == ["ok"] * 4
    assert said(Settled(300), Press("bag"), tin(1), Settled(700)) == ["ask", "ok", "ok", "ok"]
    assert said(tin(1), Settled(700), Press("bag"), Pay()) == ["ok", "ask", "ok", "ok"]
    assert said(Settled(505), Press("bag")) == ["ask", "ask"]


def test_a_full_bag_may_go():
    assert (
        said(jar(1), Settled(700), Press("bag_full"), Settled(0), tin(2), Settled(400), Pay()) == ["ok"] * 7
    )
    assert said(jar(1), Settled(700), Settled(0), Press("bag_full"), Pay())[2:] == ["ask", "ok", "ok"]


def test_nobody_pays_for_what_is_missing_unless_it_is_skipped():
    assert said(tin(1), Pay(), Press("skip", 1), Pay()) == ["ok", "ask", "ok", "ok"]
    assert said(tin(1), Pay(), Press("fine"))[-1] == "staff"
    assert said(tin(1), Press("skip", 1), Pay())[-1] == "ok"


def test_staff_take_over_what_lies_there():
    assert said(tin(1), Settled(500), Press("fine"), Staff("open"), Staff("approved"), jar(2), Settled(1200)) == [
        "ok", "ask", "staff", "ask", "ok", "ok", "ok"
    ]  # fmt: skip
    assert said(Press("help")) == ["staff"]


def test_after_the_payment_everything_may_go_but_not_one_thing():
    bought = [tin(1), jar(2), Settled(1100), Pay(), Paid()]
    assert said(*bought, Settled(0))[-1] == "ok"
    assert said(*bought, Settled(700))[-1] == "ask"


def test_every_visit_begins_anew():
    fixed = Fixed(25, 0.05)
    said(tin(1), Settled(900), BasketEnd(1), fixed=fixed)
    assert said(tin(1), Settled(400), Pay(), fixed=fixed) == ["ok"] * 3
