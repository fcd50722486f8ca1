"""A few baskets are looked at again: by lot and by doubt, never by person; and what is found is put right together."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from kiosk.checkout.audit import chance, chosen, differences
from kiosk.checkout.effects import Report
from kiosk.checkout.events import (
    AddWeighed,
    AuditBegun,
    AuditCounted,
    AuditEnded,
    AuditSolved,
    BagScaleSeen,
    LeaveOutPressed,
    OffersTaken,
    PayPressed,
    PinAccepted,
    QuantityChosen,
    RemovePressed,
    Restarted,
)
from kiosk.checkout.model import Resolution, Why
from kiosk.checkout.passed import LookChosen
from kiosk.checkout.records import Technical
from kiosk.units import Grams, LineNo, Minor
from tests.checkout.test_a_sale import pay
from tests.lane import DAY, EGGS, MILK, OFFERS, POLICY, TIN, TOMATOES, WINE, YOGHURT, Lane

SAM = PinAccepted("17", "Sam")
RULES = replace(POLICY, audit=True, audit_least=7_500, audit_most=60_000, audit_items=2)


def drawn(lot: int) -> Lane:
    return Lane().play(Restarted(RULES), BagScaleSeen(True), OffersTaken(OFFERS, DAY, "", lot))


def checking(*, lot: int = 0) -> Lane:
    """A basket of three lines, and a colleague who has begun to look."""
    lane = drawn(lot).buy(MILK, EGGS, EGGS, TIN).play(PayPressed())
    return lane.play(SAM, AuditBegun())


def result(lane: Lane) -> dict[str, str | int]:
    found = [deed.record for deed in lane.deeds if isinstance(deed, Report)]
    (fields,) = [each.fields for each in found if isinstance(each, Technical) and each.name == "audit"]
    return fields


def test_off_as_it_comes_and_without_a_lot_never() -> None:
    off = (
        Lane()
        .play(Restarted(replace(RULES, audit=False)), OffersTaken(OFFERS, DAY, "", 0))
        .scan(TIN)
        .put(470)
    )
    assert off.play(PayPressed()).phase == "Paying"
    assert drawn(1_000_000).buy(MILK).play(PayPressed()).phase == "Paying"


def test_a_small_lot_is_chance_a_greater_one_is_doubt_and_it_stops_paying_alone() -> None:
    lane = drawn(7_499).buy(MILK).play(PayPressed())
    assert [each.why for each in lane.sale.open] == [Why.AUDIT_RANDOM] and lane.phase == "Shopping"
    assert len(lane.scan(EGGS).sale.lines) == 2
    dear = drawn(12_000).buy(MILK).play(PayPressed())
    assert dear.phase == "Paying"
    dear = drawn(12_000).buy(*[WINE] * 12)
    assert chance(dear.sale, RULES) > 12_000


@given(st.integers(0, 999_999))
def test_how_she_has_set_the_screen_changes_no_chance(lot: int) -> None:
    plain, easier = (drawn(lot).buy(MILK, EGGS) for _ in range(2))
    for look in ("large", "contrast", "low_reach"):
        easier.play(LookChosen(look))
    assert chance(plain.sale, RULES) == chance(easier.sale, RULES)
    assert plain.play(PayPressed()).phase == easier.play(PayPressed()).phase


def test_the_chance_grows_with_removals_loose_goods_what_stays_out_and_value() -> None:
    plain = chance(drawn(1).buy(MILK, TIN).sale, RULES)
    assert 7_500 <= plain < 60_000
    more = [
        drawn(1).buy(MILK, TIN, EGGS).play(RemovePressed(LineNo(3))),
        drawn(1).buy(MILK).play(AddWeighed(TOMATOES, Grams(800), Grams(0))),
        drawn(1).buy(MILK).scan(TIN).play(LeaveOutPressed(LineNo(2))),
        drawn(1).buy(MILK, *[WINE] * 9),
    ]
    assert all(plain < chance(each.sale, RULES) <= 60_000 for each in more)


def test_the_lines_are_those_of_most_value_and_doubt() -> None:
    lane = drawn(1).buy(MILK, EGGS, TIN).scan(YOGHURT).play(LeaveOutPressed(LineNo(4)))
    assert chosen(lane.sale, 2) == (2, 4)


def test_all_there_and_she_pays() -> None:
    lane = checking()
    assert lane.sale.audit is not None and lane.sale.audit.counts == ((1, 0), (2, 0))
    lane.scan(MILK).scan(EGGS).scan(EGGS)
    assert differences(lane.sale, lane.sale.audit or pytest.fail()) == ()
    lane.play(AuditEnded())
    assert lane.sale.audit is None and lane.sale.open == () and lane.sale.settled[-1].by == "17"
    assert result(lane) | {"hits": 0, "lines": 2, "value": 0, "asked": "lane"} == result(lane)
    assert pay(lane).phase == "Finishing", "once in a basket"


def test_three_counted_and_two_in_the_basket_is_put_right_together() -> None:
    lane = checking().scan(MILK).scan(EGGS).scan(EGGS).scan(EGGS)
    ((line, count),) = differences(lane.sale, lane.sale.audit or pytest.fail())
    assert (line.no, line.qty, count) == (2, 2, 3)
    lane.play(AuditSolved(LineNo(2)), AuditEnded())
    assert lane.sale.lines[1].qty == 3
    assert result(lane) | {"hits": 1, "left": 0, "value": 329} == result(lane)


def test_one_too_few_comes_off_the_bill() -> None:
    lane = checking().scan(MILK).scan(EGGS).play(AuditSolved(LineNo(2)), AuditEnded())
    assert lane.sale.lines[1].qty == 1 and lane.sale.priced is not None
    assert lane.sale.priced.total == 125 + 329 + 95


def test_a_thing_on_no_line_is_added_or_left_as_she_decides() -> None:
    lane = checking().scan(MILK).scan(EGGS).scan(EGGS).scan(YOGHURT).scan(TIN)
    assert lane.sale.audit is not None and [each.item for each in lane.sale.audit.extra] == [YOGHURT]
    lane.play(AuditSolved(extra=0), AuditSolved(extra=0), AuditEnded())
    assert [line.item for line in lane.sale.lines] == [MILK, EGGS, TIN, YOGHURT]
    assert pay(lane).phase == "Finishing", "what she looked at is right, also on the bag scale"


def test_while_it_is_counted_nothing_else_changes_the_basket() -> None:
    lane = checking()
    before = lane.sale.lines
    lane.play(RemovePressed(LineNo(1)), QuantityChosen(LineNo(2), 9), PayPressed()).put(-900).silence()
    assert lane.sale.lines == before and [each.why for each in lane.sale.open] == [Why.AUDIT_RANDOM]


def test_loose_goods_are_counted_by_eye() -> None:
    lane = drawn(0).play(AddWeighed(TOMATOES, Grams(800), Grams(0))).put(800)
    lane.play(SAM, AuditBegun("bag_unclear"), AuditCounted(LineNo(1)))
    assert differences(lane.sale, lane.sale.audit or pytest.fail()) == ()
    lane.play(AuditEnded())
    assert result(lane) | {"asked": "17", "reason": "bag_unclear"} == result(lane)
    (done,) = [each for each in lane.sale.settled if each.intervention.why is Why.AUDIT_RISK]
    assert done.resolution is Resolution.APPROVED and Minor(0) == result(lane)["value"]


def test_nobody_begins_one_without_a_pin() -> None:
    assert drawn(0).buy(MILK).play(AuditBegun("x")).sale.audit is None
