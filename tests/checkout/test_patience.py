"""The one table of time-outs: in every place what is asked, what comes when nobody answers, and nothing is lost."""

from collections.abc import Callable
from typing import get_args

import pytest

from kiosk.barcode import Product
from kiosk.checkout import events, passed
from kiosk.checkout.basket import locked
from kiosk.checkout.effects import Abort, Authorise, Beep, Deed, Fade, Remind, Report, Withdraw
from kiosk.checkout.events import (
    HelpPressed,
    LaneClosed,
    LanguageChosen,
    PayPressed,
    PinAccepted,
    ReadyToSend,
    RefundBegun,
    Reminded,
    Restarted,
    Scanned,
    Started,
    TenderChosen,
    TerminalAnswered,
    WeightSettled,
)
from kiosk.checkout.money import Mark, Outcome, PaymentResult
from kiosk.checkout.passed import Faded, LookChosen, MoreTime, Opened, Touched, Typed
from kiosk.checkout.patience import KEYS, MORE, SLOWLY, TABLE, WORLD, Place, place
from kiosk.checkout.records import HandedOver
from kiosk.checkout.session import Idle, Panel, Paying, Shopping
from kiosk.checkout.suspending import CameBack, PutAside
from kiosk.units import Grams
from tests.checkout.test_after_a_restart import SHOP, half_paid
from tests.lane import MILK, POLICY, TIN, Lane, gtin

SAM = PinAccepted("17", "Sam")


def asking() -> Lane:
    lane = Lane().buy(MILK).play(PayPressed())
    (ask,) = lane.done(Authorise)
    return lane.play(ReadyToSend(ask.attempt, Mark("T1")))  # type: ignore[attr-defined]


def paid() -> Lane:
    lane = asking()
    (ask,) = lane.done(Authorise)
    yes = PaymentResult(Outcome.APPROVED, ask.amount, "EUR", "T1", "7")  # type: ignore[attr-defined]
    return lane.play(TerminalAnswered(ask.attempt, yes))  # type: ignore[attr-defined]


WHERE: dict[Place, Callable[[], Lane]] = {
    Place.NOBODY: Lane,
    Place.LOOKING: lambda: Lane().play(LanguageChosen("fr")),
    Place.EMPTY: lambda: Lane().play(Started()),
    Place.BASKET: lambda: Lane().buy(MILK),
    Place.WAITING: lambda: Lane().buy(MILK).play(HelpPressed()),
    Place.LOCKED: lambda: Lane().buy(MILK).play(Reminded("abandon")),
    Place.TO_PAY: half_paid,
    Place.MONEY: asking,
    Place.RECEIPT: paid,
    Place.THANKS: lambda: paid().play(events.ReceiptChosen("none")),
    Place.ELSEWHERE: lambda: Lane().buy(MILK).play(SAM, PutAside()),
    Place.COLLEAGUE: lambda: Lane().buy(MILK).play(SAM),
    Place.REFUND: lambda: Lane().play(SAM, RefundBegun()),
    Place.CLOSED: lambda: Lane().play(SAM, LaneClosed("staff"), Opened(Panel("language"))),
    Place.OUT: lambda: Lane().play(SAM, LaneClosed("staff")),
}
PANELS = ["", "finder", "weigh", "quantity", "help", "language", "access", "price_check", "email", "more"]


def ladders(deeds: list[Deed]) -> dict[str, int]:
    """The timers of the table that a turn has set or taken back."""
    return {each.key: each.after for each in deeds if isinstance(each, Remind | Fade) and each.key in KEYS}


def runs_out(lane: Lane) -> list[Deed]:
    """Every rung of where the lane is, and of where that leads, until nothing runs any more."""
    deeds: list[Deed] = []
    for _ in range(12):
        rungs = TABLE[place(lane.session)]
        if not rungs:
            return deeds
        for rung in rungs:
            deeds += lane.turn(Faded(rung.key) if rung.key == "idle" else Reminded(rung.key))
    raise AssertionError(f"still {place(lane.session)}")


def test_the_table_has_every_place_and_every_place_is_reached() -> None:
    assert set(TABLE) == set(Place) == set(WHERE)
    assert {where: place(build().session) for where, build in WHERE.items()} == {
        where: where for where in WHERE
    }


@pytest.mark.parametrize("where", WHERE)
def test_whoever_does_anything_has_all_the_time_again(where: Place) -> None:
    lane = WHERE[where]()
    wanted = {rung.key: 0 for rung in TABLE[where]}
    if TABLE[where]:
        first = TABLE[where][0]
        wanted[first.key] = getattr(lane.session.kept.policy, first.wait)
    for event in (Touched(), Typed("a"), Touched()):
        assert ladders(lane.turn(event)) == wanted, event


@pytest.mark.parametrize("panel", PANELS)
@pytest.mark.parametrize("where", WHERE)
def test_in_the_end_the_lane_is_free_and_nothing_is_lost(where: Place, panel: str) -> None:
    lane = WHERE[where]()
    if panel:
        lane.play(Opened(Panel(panel)))
    if where is Place.COLLEAGUE:
        lane.play(Reminded("staff"))
    before = getattr(getattr(lane.session.kept.phase, "sale", None), "lines", ())
    deeds = runs_out(lane)
    if where is Place.MONEY:
        assert not deeds and isinstance(lane.session.kept.phase, Paying)
        return
    assert place(lane.session) in {Place.NOBODY, Place.OUT}
    assert lane.session.passing.panel is None and lane.session.kept.language == "en"
    records = [deed.record for deed in lane.done(Report)]  # type: ignore[attr-defined]
    kept = [one for one in records if isinstance(one, HandedOver)]
    if before:
        assert [line.item.id for line in kept[-1].lines] == [line.item.id for line in before]
        assert lane.session.kept.aside[-1].basket == kept[-1]


def test_while_money_is_on_its_way_nothing_cuts_it() -> None:
    lane = asking()
    for key in KEYS:
        deeds = (
            lane.turn(Faded(key)) + lane.turn(Reminded(key)) if key != "abandon" else lane.turn(Faded(key))
        )
        assert not any(isinstance(deed, Abort | Withdraw) for deed in deeds), key
    assert not lane.session.passing.more_time and place(lane.session) is Place.MONEY
    assert set(ladders(Lane().buy(MILK).turn(PayPressed())).values()) == {0}, "the ladders are taken back"


def test_the_warning_is_seen_and_heard_and_counts_down_in_words() -> None:
    lane = Lane().buy(MILK)
    deeds = lane.turn(Faded("idle"))
    assert lane.session.passing.more_time and lane.session.passing.left == 30_000
    assert Beep("needs_you") in deeds and Remind("abandon", 30_000) in deeds and Fade("left", 10_000) in deeds
    lane.play(Faded("left"))
    assert lane.session.passing.left == 20_000
    lane.play(Faded("left"))
    assert not lane.turn(Faded("left")), "nothing is left to say"


@pytest.mark.parametrize(
    "event", [Touched(), WeightSettled(Grams(0), Grams(1500)), Opened(Panel("finder")), LookChosen("large")]
)
def test_one_touch_of_any_kind_is_enough(event: object) -> None:
    lane = Lane().buy(MILK).play(Faded("idle"))
    deeds = lane.turn(event)  # type: ignore[arg-type]
    assert not lane.session.passing.more_time
    assert (ladders(deeds)["idle"], ladders(deeds)["abandon"]) == (POLICY.idle_prompt, 0)
    lane.play(Faded("idle"))
    lane.scan(TIN)
    assert not lane.session.passing.more_time and len(lane.sale.lines) == 2, "a scan is a touch, and a scan"


def test_more_time_is_a_minute_as_often_as_she_likes() -> None:
    lane = Lane().buy(MILK)
    for _ in range(12):
        lane.play(Faded("idle"))
        deeds = lane.turn(MoreTime())
        assert ladders(deeds) == {"idle": MORE, "abandon": 0} and not lane.session.passing.more_time


def test_who_waits_for_a_colleague_is_not_hurried() -> None:
    lane = Lane().buy(MILK)
    assert ladders(lane.turn(HelpPressed()))["idle"] == POLICY.suspend_after


def test_a_locked_basket_takes_nothing_from_strangers_and_gives_way_to_its_owner() -> None:
    lane = Lane().buy(MILK).play(Reminded("abandon"))
    lines = lane.sale.lines
    assert Beep("needs_you") in lane.turn(Scanned(Product(gtin(6))))
    lane.play(PayPressed(), TenderChosen("card"), events.RemovePressed(lines[0].no))
    assert lane.sale.lines == lines and locked(lane.sale) and isinstance(lane.session.kept.phase, Shopping)
    assert ladders(lane.turn(Touched())) == {"suspend": POLICY.suspend_after}
    deeds = lane.turn(CameBack())
    assert not locked(lane.sale) and ladders(deeds)["suspend"] == 0 and ladders(deeds)["idle"] == 45_000
    lane.scan(TIN)
    assert len(lane.sale.lines) == 2


def test_a_stranger_puts_it_aside_for_its_owner() -> None:
    lane = Lane().buy(MILK).play(Reminded("abandon"), PutAside())
    assert lane.session.kept.aside[0].basket.why == "shopper"


@pytest.mark.parametrize("where", WHERE)
def test_slower_is_three_times_as_long_everywhere(where: Place) -> None:
    if place(WHERE[where]().play(LookChosen("slower")).session) is not where:
        return  # where nobody is, somebody is now
    quick, slow = WHERE[where](), WHERE[where]().play(LookChosen("slower"))
    for event in (Touched(), Faded("idle"), Restarted(SHOP if where is Place.TO_PAY else POLICY)):
        expected = {key: after * SLOWLY for key, after in ladders(quick.turn(event)).items()}
        found = ladders(slow.turn(event))
        assert {key: found[key] for key in expected} == expected, event


def test_slower_goes_with_the_shopper_and_not_to_the_next_one() -> None:
    lane = Lane().play(LookChosen("slower")).buy(MILK)
    assert lane.session.passing.slower
    lane.play(Faded("idle"))
    assert lane.session.passing.left == 90_000
    lane.play(Reminded("abandon"), Reminded("suspend"))
    assert isinstance(lane.session.kept.phase, Idle) and not lane.session.passing.slower


def test_every_event_is_somebodys_or_the_worlds() -> None:
    everything = set(get_args(events.Happened)) | set(get_args(passed.Passed))
    assert set(WORLD) <= everything
    theirs = {kind.__name__ for kind in everything - set(WORLD)}
    assert {"Scanned", "WeightSettled", "Touched", "Opened", "MoreTime", "PutAside"} <= theirs
    answers = {name for name in theirs if name.endswith(("Answered", "Found", "Seen", "Received", "Done"))}
    assert answers == {"BagAnswered", "HeadsetSeen"}, "somebody answered, somebody plugged headphones in"
