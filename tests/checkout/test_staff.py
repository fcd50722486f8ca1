"""Colleagues: one PIN one action, a lockout of one person at one lane, and a name on everything."""

import pytest
from msgspec.structs import replace

from kiosk.checkout.effects import CheckPin, Note, Remind
from kiosk.checkout.events import (
    Approved,
    BagScaleSeen,
    FinishPressed,
    Happened,
    HelpPressed,
    LaneClosed,
    LaneOpened,
    LaneWanted,
    LineVoided,
    PayPressed,
    PinAccepted,
    PinRefused,
    PriceOverridden,
    Refused,
    Reminded,
    RemovePressed,
    Restarted,
    SaleCancelled,
    StaffEnded,
)
from kiosk.checkout.model import Why
from kiosk.checkout.passed import PinEntered, StaffNamed
from kiosk.checkout.session import OutOfService
from kiosk.units import LineNo, Millis, Minor
from tests.checkout.test_a_sale import pay
from tests.lane import EGGS, MILK, POLICY, TIN, WINE, YOGHURT, Lane

SAM = PinAccepted("17", "Sam")
ACTIONS: list[Happened] = [
    Approved("age.restricted"),
    Refused("age.restricted"),
    LineVoided(LineNo(1)),
    PriceOverridden(LineNo(1), Minor(50), "shelf"),
    SaleCancelled(),
]


@pytest.mark.parametrize("action", ACTIONS)
def test_no_action_without_a_pin_and_one_action_with_it(action: Happened) -> None:
    lane = Lane().buy(MILK, WINE)
    before = lane.session.kept
    lane.play(action)
    assert lane.session.kept.phase == before.phase
    lane.play(SAM, action)
    assert lane.session.kept.staff is None and lane.session.kept.phase != before.phase
    after = lane.session.kept.phase
    lane.play(action)
    assert lane.session.kept.phase == after, "the same PIN did a second thing"


def test_the_age_is_asked_once_stops_only_paying_and_covers_what_comes_later() -> None:
    lane = Lane().buy(WINE)
    assert [question.why for question in lane.sale.open] == [Why.AGE_RESTRICTED]
    assert lane.buy(MILK).play(PayPressed()).phase == "Shopping"
    lane.play(SAM, Approved("age.restricted")).buy(WINE)
    assert lane.sale.open == () and lane.sale.approved_age == 18
    assert lane.play(PayPressed()).phase == "Paying"


def test_refused_age_takes_the_wine_out_and_nothing_else() -> None:
    lane = Lane().buy(MILK, WINE, EGGS).play(SAM, Refused("age.restricted"))
    assert [line.item for line in lane.sale.lines] == [MILK, EGGS]
    assert [thing.line for thing in lane.sale.bag.leaving] == [2]
    assert lane.sale.removed[-1].by == "17"


def test_the_shopper_gives_the_wine_back_herself() -> None:
    lane = Lane().buy(MILK, WINE).play(RemovePressed(LineNo(2)))
    assert lane.sale.open == () and lane.play(PayPressed()).phase == "Shopping", "it still lies in the bag"
    assert lane.put(-1250).sale.open == () and lane.play(PayPressed()).phase == "Paying"


def test_beyond_what_the_shop_leaves_to_shoppers_a_colleague_removes() -> None:
    things = [MILK, YOGHURT, EGGS, TIN]
    lane = Lane().play(Restarted(replace(POLICY, void_limit=1)), BagScaleSeen(True)).buy(*things)
    lane.play(RemovePressed(LineNo(1)), RemovePressed(LineNo(2)))
    assert len(lane.sale.removed) == 1 and [q.why for q in lane.sale.open] == [Why.VOID_LIMIT]
    lane.play(SAM, Approved("item.void_limit"))
    assert [line.item for line in lane.sale.removed] == [MILK, YOGHURT] and lane.sale.open == ()


def test_an_override_is_the_price_of_each_piece_and_names_who_made_it() -> None:
    lane = Lane().buy(TIN, TIN).play(SAM, PriceOverridden(LineNo(1), Minor(50), "shelf"))
    assert lane.sale.priced is not None and lane.sale.priced.total == 100
    assert lane.sale.lines[0].by == "17"
    (told,) = [deed for deed in lane.deeds if isinstance(deed, Note) and deed.name == "price_override"]
    said = {"line": 1, "price": 50, "was": 190, "asked": "shopper", "by": "17", "reason": "shelf"}
    assert told.fields == {"sale": "j0-1", **said}


def test_a_lane_is_closed_and_opened_by_name_only() -> None:
    lane = Lane().play(LaneClosed("break"))
    assert lane.phase == "Idle"
    lane.play(SAM, LaneClosed("break"))
    assert lane.session.kept.phase == OutOfService("break", "17")
    assert lane.play(LaneOpened()).phase == "OutOfService"
    assert lane.play(SAM, LaneOpened()).phase == "Idle"


def test_wrong_pins_lock_one_person_out_longer_and_longer_and_nobody_else() -> None:
    lane = Lane().play(StaffNamed("17"))
    waits = []
    for _ in range(POLICY.free_tries + 3):
        lane.play(PinRefused("17"))
        lock = lane.session.kept.lockouts[0]
        waits.append(max(0, lock.until - lane.now))
    assert waits[: POLICY.free_tries - 1] == [0] * (POLICY.free_tries - 1)
    assert waits[POLICY.free_tries - 1 :] == [15_000, 30_000, 60_000, 120_000]
    assert CheckPin("17") not in lane.turn(PinEntered("17")), "locked: not even compared"
    assert CheckPin("18") in lane.turn(PinEntered("18"))


def test_a_lockout_outlives_restart_and_sale_and_ends_by_itself() -> None:
    lane = Lane()
    for _ in range(POLICY.free_tries):
        lane.play(PinRefused("17"))
    pay(lane.buy(MILK)).play(FinishPressed(), Restarted(POLICY))
    assert CheckPin("17") not in lane.turn(PinEntered("17")), "still locked"
    lane.now = Millis(lane.now + 15_000)
    assert CheckPin("17") in lane.turn(PinEntered("17"))
    assert lane.play(SAM).session.kept.lockouts == ()


def test_a_colleague_who_goes_away_is_logged_off() -> None:
    lane = Lane().buy(MILK).play(SAM)
    assert Remind("staff", POLICY.staff_seconds) in lane.deeds
    assert lane.play(Reminded("staff")).session.kept.staff is None
    assert lane.play(SAM, StaffEnded()).session.kept.staff is None


def test_help_is_asked_for_once() -> None:
    lane = Lane().buy(MILK).play(HelpPressed(), HelpPressed())
    assert [question.why for question in lane.sale.open] == [Why.HELP_REQUESTED]
    assert lane.play(PayPressed()).phase == "Paying", "help is no obstacle to paying"


def test_the_shop_closes_a_lane_from_afar_once_its_basket_is_gone() -> None:
    lane = Lane().buy(MILK).play(LaneWanted(False, "cleaning"))
    assert lane.phase == "Shopping", "nobody is thrown out"
    pay(lane).play(FinishPressed())
    assert lane.session.kept.phase == OutOfService("cleaning", "shop")
    assert lane.play(LaneWanted(True)).phase == "Idle"
    assert lane.play(LaneWanted(False)).phase == "OutOfService"
    assert lane.play(SAM, LaneOpened()).phase == "Idle", "a colleague at the lane has the last word"
