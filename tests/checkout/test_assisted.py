"""A staffed till for a while: one PIN, her name on everything, no bag check and no limits; and it ends."""

from msgspec.structs import replace

from kiosk.checkout.effects import Learnt, Remind, Report
from kiosk.checkout.events import (
    Approved,
    AssistBegun,
    AssistEnded,
    BagScaleSeen,
    FinishPressed,
    HelpPressed,
    LeaveOutPressed,
    LineVoided,
    PayPressed,
    PinAccepted,
    PriceOverridden,
    QuantityChosen,
    Reminded,
    RemovePressed,
    Restarted,
    SaleCancelled,
)
from kiosk.checkout.model import Resolution, Why
from kiosk.checkout.passed import Faded
from kiosk.checkout.records import Cancelled, ClosedSale, Technical
from kiosk.checkout.session import Policy
from kiosk.units import LineNo, Minor
from tests.checkout.test_a_sale import pay
from tests.lane import EGGS, MILK, POLICY, TIN, WINE, YOGHURT, Lane

SAM = PinAccepted("17", "Sam")


def till(policy: Policy = POLICY) -> Lane:
    return Lane().play(Restarted(policy), BagScaleSeen(True), SAM, AssistBegun())


def records(lane: Lane, kind: type) -> list[object]:
    return [deed.record for deed in lane.deeds if isinstance(deed, Report) and isinstance(deed.record, kind)]


def test_without_a_pin_there_is_no_staffed_till() -> None:
    assert Lane().play(AssistBegun()).session.kept.cashier is None


def test_she_scans_and_bags_as_she_likes_and_her_name_is_on_the_sale() -> None:
    lane = till().scan(MILK).put(3000).scan(TIN).silence()
    assert lane.sale.open == () and lane.sale.cashier == "Sam"
    lane = pay(lane)
    (sale,) = records(lane, ClosedSale)
    assert isinstance(sale, ClosedSale) and sale.cashier == "Sam" and not lane.done(Learnt)
    names = [each.name for each in records(lane, Technical) if isinstance(each, Technical)]
    assert names == ["assisted_begun"]


def test_a_shoppers_limits_are_not_hers_and_every_act_names_her() -> None:
    lane = till(replace(POLICY, void_limit=0, skip_limit=0, qty_limit=2)).buy(MILK, TIN, EGGS, YOGHURT)
    lane.play(RemovePressed(LineNo(1)), LeaveOutPressed(LineNo(2)), QuantityChosen(LineNo(3), 7))
    assert lane.sale.open == () and lane.sale.removed[0].by == "17"
    lane.play(PriceOverridden(LineNo(2), Minor(50), "damaged"), LineVoided(LineNo(3), "damaged"))
    assert [line.no for line in lane.sale.lines] == [2, 4] and lane.sale.lines[0].by == "17"
    fields = [each.fields for each in records(lane, Technical) if isinstance(each, Technical)]
    assert all((each["asked"], each["by"]) == ("17", "17") for each in fields[1:]) and len(fields) == 3


def test_the_law_is_asked_of_her_and_stops_paying_there_too() -> None:
    lane = till().buy(WINE)
    assert lane.play(PayPressed()).phase == "Shopping"
    lane.play(Approved(Why.AGE_RESTRICTED))
    assert lane.session.kept.cashier is not None, "not one action: her till"
    assert lane.play(PayPressed()).phase == "Paying"


def test_a_shopper_in_trouble_is_served_where_she_stands() -> None:
    lane = Lane().buy(MILK, WINE).put(700).silence().play(HelpPressed())
    assert len(lane.sale.open) == 3
    lane.play(SAM, AssistBegun())
    assert [each.why for each in lane.sale.open] == [Why.AGE_RESTRICTED], "the bag and the call are hers now"
    assert {(done.by, done.resolution) for done in lane.sale.settled} == {("17", Resolution.APPROVED)}
    assert lane.scan(TIN).silence().play(Approved(Why.AGE_RESTRICTED), PayPressed()).phase == "Paying"


def test_it_goes_on_until_she_ends_it_or_with_its_sale_where_the_shop_says_so() -> None:
    lane = pay(till().buy(MILK)).play(FinishPressed())
    assert lane.session.kept.cashier is not None and lane.phase == "Idle"
    assert lane.play(AssistEnded()).session.kept.cashier is None
    lane = pay(till(replace(POLICY, assist="sale")).buy(MILK)).play(FinishPressed())
    assert lane.session.kept.cashier is None


def test_who_has_gone_is_signed_off_and_the_basket_stays() -> None:
    lane = till().buy(MILK)
    assert lane.turn(QuantityChosen(LineNo(1), 2))[-1] == Remind("assist", POLICY.assist_after)
    lane.play(Reminded("assist"))
    assert lane.session.kept.cashier is None and lane.sale.lines and lane.sale.cashier == "Sam"
    assert lane.put(9000).silence().sale.open == (), "what she bagged is not looked at any more"


def test_a_power_cut_keeps_the_basket_and_nobody_signed_in() -> None:
    lane = till().buy(MILK).play(Restarted(POLICY))
    assert lane.session.kept.cashier is None and len(lane.sale.lines) == 1
    lane.play(SaleCancelled("left_behind"))
    assert not records(lane, Cancelled), "nobody with a PIN is here"


def test_nobody_is_hurried_at_a_staffed_till() -> None:
    lane = till().buy(MILK).play(Faded("idle"))
    assert not lane.session.passing.more_time
