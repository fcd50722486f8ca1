"""Weights that do not fit: what the shopper can put right alone, and when a colleague is asked."""

from msgspec.structs import replace

from kiosk.checkout.effects import Fade, Learnt, Light, Remind, Report
from kiosk.checkout.events import (
    Approved,
    BagAnswered,
    BagScaleSeen,
    LeaveOutPressed,
    OwnBagPressed,
    PayPressed,
    PinAccepted,
    Reminded,
    RemovePressed,
    Restarted,
    UndoPressed,
)
from kiosk.checkout.model import Why
from kiosk.checkout.passed import Faded
from kiosk.checkout.records import ClosedSale
from kiosk.units import Grams
from kiosk.weight.sums import Sums, Weighings
from tests.checkout.test_a_sale import pay
from tests.lane import MILK, POLICY, TIN, YOGHURT, Lane, item


def whys(lane: Lane) -> list[Why]:
    return [question.why for question in lane.sale.open]


def test_two_tins_for_one_scan_is_solved_by_scanning_the_second() -> None:
    lane = Lane().buy(MILK).scan(TIN).put(2 * 470)
    assert whys(lane) == [], "nobody is asked in the first two seconds"
    lane.silence()
    assert whys(lane) == [Why.WEIGHT_UNEXPECTED] and not lane.sale.open[0].asked_staff
    lane.play(BagAnswered("not_scanned")).scan(TIN)
    assert whys(lane) == [] and lane.sale.bag.pending == ()
    assert lane.sale.settled[-1].resolution == "self_fixed" and lane.sale.settled[-1].by == ""


def test_two_tins_for_one_scan_is_solved_by_taking_one_out() -> None:
    lane = Lane().scan(TIN).put(2 * 470).silence().put(-470)
    assert whys(lane) == [] and lane.sale.bag.pending == ()


def test_a_scan_within_the_silent_moment_joins_what_already_lies_there() -> None:
    lane = Lane().buy(MILK).put(470).scan(TIN).silence()
    assert whys(lane) == [] and lane.sale.bag.pending == ()


def test_an_own_bag_before_and_an_own_bag_after() -> None:
    assert whys(Lane().buy(MILK).play(OwnBagPressed()).put(120).silence()) == []
    after = Lane().buy(MILK).put(120).silence()
    assert whys(after) == [Why.WEIGHT_UNEXPECTED]
    assert whys(after.play(BagAnswered("own_bag"))) == []


def test_a_heavy_thing_is_no_bag_and_a_colleague_may_approve_it_once() -> None:
    lane = Lane().buy(MILK).put(2500).silence().play(BagAnswered("own_bag"))
    assert lane.sale.open[0].asked_staff and Light("help") in lane.deeds
    lane.play(Approved(Why.BAG_OWN))
    assert whys(lane) == [Why.BAG_OWN], "nobody has shown a PIN"
    lane.play(PinAccepted("17", "Sam"), Approved(Why.BAG_OWN))
    assert whys(lane) == [] and lane.session.kept.staff is None, "one PIN, one action"
    assert lane.sale.settled[-1].by == "17"


def test_a_thing_never_bagged_stops_paying_until_it_is_in_or_left_out() -> None:
    lane = Lane().buy(MILK).scan(TIN).play(PayPressed())
    assert whys(lane) == [Why.WEIGHT_MISSING] and lane.phase == "Shopping"
    assert whys(lane.put(470)) == [] and lane.play(PayPressed()).phase == "Paying"
    lane = Lane().buy(MILK).scan(TIN).play(LeaveOutPressed(2), PayPressed())  # type: ignore[arg-type]
    assert lane.phase == "Paying"


def test_removed_and_taken_out_removed_and_undone() -> None:
    lane = Lane().buy(MILK, TIN).play(RemovePressed(lane_line(2)))
    assert [line.item for line in lane.sale.lines] == [MILK]
    lane.put(-470)
    assert lane.sale.bag.leaving == () and whys(lane) == []
    lane = Lane().buy(MILK, TIN).play(RemovePressed(lane_line(2)), UndoPressed())
    assert [line.item for line in lane.sale.lines] == [MILK, TIN] and lane.sale.bag.leaving == ()


def test_the_undo_bar_goes_by_itself() -> None:
    lane = Lane().buy(MILK, TIN).play(RemovePressed(lane_line(2)))
    assert Fade("undo", 5000) in lane.deeds and lane.session.passing.undo is not None
    assert lane.play(Faded("undo")).session.passing.undo is None


def test_a_thing_lifted_and_put_back_is_nobodys_business() -> None:
    lane = Lane().buy(MILK, TIN).put(-1030).put(1030).silence()
    assert whys(lane) == [] and lane.sale.bag.pending == ()


def test_three_at_once_and_ten_equal_ones() -> None:
    lane = Lane()
    for thing in (MILK, TIN, YOGHURT):
        lane.scan(thing)
    lane.put(1030 + 470 + 540)
    assert lane.sale.bag.pending == ()
    lane = Lane()
    for _ in range(10):
        lane.scan(YOGHURT)
    assert lane.sale.lines[0].qty == 10
    for _ in range(10):
        lane.put(540)
    assert lane.sale.bag.pending == () and whys(lane) == []


def test_without_a_bag_scale_nothing_is_expected_of_anybody() -> None:
    lane = Lane().play(BagScaleSeen(False)).scan(MILK).scan(TIN).play(PayPressed())
    assert lane.phase == "Paying"


def lane_line(no: int):  # type: ignore[no-untyped-def]
    return no


def test_a_question_goes_with_the_scale_that_asked_it_and_comes_back_with_it() -> None:
    lane = Lane().buy(MILK).put(900).silence()
    assert whys(lane) == [Why.WEIGHT_UNEXPECTED]
    lane.play(BagScaleSeen(False))
    assert whys(lane) == [] and lane.sale.settled[-1].resolution == "timeout"
    assert Remind("weigh", POLICY.weigh_wait) in lane.turn(BagScaleSeen(True))
    lane.silence()
    assert whys(lane) == [Why.WEIGHT_UNEXPECTED]


def test_a_question_outlives_a_restart_only_if_its_scale_does() -> None:
    lane = Lane().buy(MILK).put(900).silence().play(Restarted(POLICY))
    assert whys(lane) == [Why.WEIGHT_UNEXPECTED]
    lane.play(Reminded("weigh"), PayPressed())
    assert lane.phase == "Paying"


def test_a_paid_visit_teaches_what_its_things_weigh() -> None:
    lane = Lane().buy(MILK, TIN).scan(YOGHURT).scan(YOGHURT).put(545).put(535)
    (learnt,) = [deed for deed in pay(lane).deeds if isinstance(deed, Learnt)]
    assert [(one.item, one.epoch, one.n, one.sum) for one in learnt.sums] == [
        (MILK.id, 0, 1, 1030),
        (TIN.id, 0, 1, 470),
        (YOGHURT.id, 0, 2, 1080),
    ]


def test_what_came_together_or_was_approved_teaches_nothing() -> None:
    assert not pay(Lane().scan(MILK).scan(TIN).put(1500)).done(Learnt)
    lane = Lane().scan(TIN).put(2000).silence().play(BagAnswered("colleague"))
    lane.play(PinAccepted("17", "Sam"), Approved(lane.sale.open[0].why))
    assert not pay(lane).done(Learnt)


def test_what_lanes_have_weighed_is_no_part_of_the_books() -> None:
    known = replace(MILK, weighings=Weighings(0, Sums.of(1030, 1032, 1028)))
    lane = pay(Lane(items=(known, TIN)).buy(known))
    (closed,) = [
        deed.record for deed in lane.deeds if isinstance(deed, Report) and isinstance(deed.record, ClosedSale)
    ]
    assert closed.lines[0].item.weighings is None


def test_a_small_dear_thing_that_stays_out_fetches_a_colleague_and_a_large_one_does_not() -> None:
    perfume = item(8, "Eau de toilette 30 ml", 4990, grams=Grams(160))
    dog_food = item(9, "Dog food 12 kg", 4990, grams=Grams(12_050))
    for thing, called in ((perfume, True), (dog_food, False)):
        lane = Lane(items=(MILK, thing)).buy(MILK).scan(thing).play(PayPressed(), BagAnswered("left_out"))
        assert [each.asked_staff for each in lane.sale.open] == ([True] if called else [])


def test_what_is_dear_and_was_waved_through_is_looked_at_once_more_before_paying() -> None:
    oil = item(8, "Olive oil 1 L", 1990, grams=Grams(1250))
    lane = Lane(items=(MILK, oil)).buy(MILK).scan(oil).put(2 * 1250).silence().play(BagAnswered("fine"))
    assert lane.sale.open[-1].asked_staff
    lane.play(PinAccepted("17", "Sam"), Approved(lane.sale.open[-1].why), PayPressed())
    assert lane.phase == "Shopping" and lane.sale.open[-1].asked_staff, "the lane stops"
    lane.play(PinAccepted("17", "Sam"), Approved(lane.sale.open[-1].why), PayPressed())
    assert lane.phase == "Paying", "once"
