"""Questions of a basket: the whole list, who is called for what, and nothing that ever stops scanning."""

import pytest
from msgspec.structs import replace

from kiosk.checkout.effects import Beep, Light, Report
from kiosk.checkout.events import (
    Approved,
    BackPressed,
    BagScaleSeen,
    HelpPressed,
    LeaveOutPressed,
    PayPressed,
    PinAccepted,
    PriceDisputed,
    PriceOverridden,
    QuantityChosen,
    Refused,
    RemovePressed,
    Restarted,
    TenderChosen,
    TerminalAnswered,
    UndoPressed,
    ValueAnswered,
)
from kiosk.checkout.interventions import BLOCKS_PAYING, KINDS, LOCKS, gravest_first
from kiosk.checkout.model import Intervention, Item, Resolution, Why
from kiosk.checkout.money import Attempt, Outcome, PaymentResult, TenderKind
from kiosk.checkout.records import Cancelled, ClosedSale
from kiosk.checkout.restrictions import Restriction
from kiosk.checkout.session import Paying, Policy
from kiosk.units import Grams, LineNo, Millis, Minor
from tests.checkout.test_a_sale import pay
from tests.lane import EGGS, LOST, MILK, POLICY, TIN, WINE, YOGHURT, Lane, item

SAM = PinAccepted("17", "Sam")
PILLS = item(8, "Paracetamol 500 mg", 250, restriction="medicine")
SPIRITS = item(9, "Gin 70 cl", 1590, restriction="spirits", grams=Grams(1300))
CRATE = item(10, "Water 6 x 1.5 L", 300, grams=Grams(9100))
UNWEIGHED = item(11, "New in the shop", 199, grams=None)


def lane(policy: Policy, *more: Item) -> Lane:
    """A lane with these rules, its bag scale there."""
    made = Lane(items=(MILK, YOGHURT, WINE, EGGS, TIN, LOST, *more))
    return made.play(Restarted(policy), BagScaleSeen(True))


def whys(of: Lane) -> list[Why]:
    return [question.why for question in of.sale.open]


def test_every_question_has_its_place_in_the_table() -> None:
    assert set(KINDS) == set(Why)
    assert all(1 <= kind.severity <= 4 for kind in KINDS.values())
    never_from_afar = {why for why in Why if why.startswith(("age.", "sale.", "audit.", "payment.", "help."))}
    assert not any(KINDS[why].remote for why in never_from_afar)


def test_the_gravest_stands_first_and_of_equals_the_oldest() -> None:
    def asked(why: Why, raised: int) -> Intervention:
        return Intervention(why, Millis(raised))

    first, last = asked(Why.AGE_RESTRICTED, 9), asked(Why.IDLE_ABANDONED, 1)
    two, three = asked(Why.HELP_REQUESTED, 4), asked(Why.PRICE_DISPUTE, 5)
    assert gravest_first((last, three, first, two)) == (first, two, three, last)


@pytest.mark.parametrize("why", sorted(Why))
def test_scanning_goes_on_unless_it_locks_and_only_what_blocks_stops_paying(why: Why) -> None:
    made = Lane().buy(MILK)
    open_ = (Intervention(why, made.now, line=LineNo(1), asked_staff=True),)
    sale = replace(made.sale, open=open_)
    made.session = replace(
        made.session, kept=replace(made.session.kept, phase=replace(made.session.kept.phase, sale=sale))
    )
    assert made.play(PayPressed()).phase == ("Shopping" if why in BLOCKS_PAYING | LOCKS else "Paying")
    made.play(BackPressed()) if made.phase == "Paying" else None
    if made.phase == "Shopping":
        assert len(made.scan(EGGS).sale.lines) == (1 if why in LOCKS else 2)


def test_it_says_when_a_colleague_first_saw_it_and_how_it_ended() -> None:
    made = Lane().buy(MILK, WINE)
    raised = made.sale.open[0].raised
    made.play(SAM)
    seen = made.sale.open[0].seen
    assert seen == made.now > raised
    made.play(Approved("age.restricted", reason="id_seen"))
    (done,) = made.sale.settled
    assert (done.intervention.raised, done.intervention.seen, done.at) == (raised, seen, made.now)
    assert (done.resolution, done.by, done.reason, done.remote) == (
        Resolution.APPROVED,
        "17",
        "id_seen",
        False,
    )
    assert pay(made).session.kept.phase.closed.settled == (done,)  # type: ignore[union-attr]


def test_what_nobody_came_for_is_on_record_too() -> None:
    made = pay(Lane().buy(MILK).play(HelpPressed()))
    (sale,) = [
        deed.record for deed in made.deeds if isinstance(deed, Report) and isinstance(deed.record, ClosedSale)
    ]
    (done,) = sale.settled
    assert (done.intervention.why, done.resolution) == (Why.HELP_REQUESTED, Resolution.TIMEOUT)


def test_also_of_a_basket_that_is_given_up() -> None:
    from kiosk.checkout.events import SaleCancelled

    made = Lane().buy(WINE).play(SAM, SaleCancelled("left_behind"))
    (gone,) = [
        deed.record for deed in made.deeds if isinstance(deed, Report) and isinstance(deed.record, Cancelled)
    ]
    assert (gone.by, gone.reason) == ("17", "left_behind")
    assert [done.intervention.why for done in gone.settled] == [Why.AGE_RESTRICTED]


def test_help_for_whom_the_screen_was_made_easier_comes_first() -> None:
    made = Lane().buy(MILK).play(HelpPressed(accessible=True))
    assert whys(made) == [Why.HELP_ACCESSIBILITY]


# ---- what the shop does not sell now, or not so many of


def at(clock: str) -> Restriction:
    start, end = clock.split("-")
    return Restriction("spirits", closed=(start, end))


@pytest.mark.parametrize(
    ("hours", "sold"),
    [("22:00-08:00", True), ("12:00-14:00", True), ("08:00-12:00", False), ("20:00-14:00", False)],
)
def test_hours_of_sale_by_the_shops_clock(hours: str, sold: bool) -> None:
    rules = replace(POLICY, restricted=(at(hours),), utc_offset_minutes=60)
    made = lane(rules, SPIRITS).buy(MILK)
    day = 24 * 60 * 60_000
    made.now = Millis(made.now - made.now % day + 10 * 60 * 60_000)  # 11:00 in the shop
    made.scan(SPIRITS)
    assert (SPIRITS in [line.item for line in made.sale.lines]) is sold
    if not sold:
        assert whys(made) == [Why.SALE_RESTRICTED] and made.sale.open[0].printed == "Gin 70 cl"
        assert pay(made).phase == "Finishing", "without it she pays at once"


def test_two_packs_of_pills_and_no_third_however_it_comes() -> None:
    made = lane(replace(POLICY, restricted=(Restriction("medicine", most=2),)), PILLS)
    made.scan(PILLS).scan(PILLS).scan(PILLS)
    assert [line.qty for line in made.sale.lines] == [2] and whys(made) == [Why.SALE_RESTRICTED]
    assert [line.qty for line in made.play(QuantityChosen(LineNo(1), 5)).sale.lines] == [2]
    made.play(RemovePressed(LineNo(1))).scan(PILLS).scan(PILLS).play(UndoPressed())
    assert sum(line.qty for line in made.sale.lines) == 2


def test_a_tag_comes_off_before_it_is_paid() -> None:
    made = lane(replace(POLICY, restricted=(Restriction("spirits", tag=True),)), SPIRITS).buy(SPIRITS)
    assert whys(made) == [Why.ITEM_SECURITY_TAG] and made.play(PayPressed()).phase == "Shopping"
    made.play(SAM, Approved(Why.ITEM_SECURITY_TAG, LineNo(1)))
    assert made.play(PayPressed()).phase == "Paying"
    made = lane(replace(POLICY, restricted=(Restriction("spirits", tag=True),)), SPIRITS).buy(SPIRITS)
    assert made.play(SAM, Refused(Why.ITEM_SECURITY_TAG, LineNo(1))).sale.lines == ()


def test_so_many_of_one_thing_are_asked_about_and_brought_back_to_the_limit() -> None:
    made = lane(replace(POLICY, qty_limit=3)).scan(TIN).play(QuantityChosen(LineNo(1), 5))
    assert whys(made) == [Why.ITEM_QTY_LIMIT] and made.play(PayPressed()).phase == "Shopping"
    assert made.play(QuantityChosen(LineNo(1), 3)).sale.open == (), "she thinks better of it herself"
    made.play(QuantityChosen(LineNo(1), 5), SAM, Refused(Why.ITEM_QTY_LIMIT, LineNo(1)))
    assert [line.qty for line in made.sale.lines] == [3] and made.sale.open == ()
    made.play(QuantityChosen(LineNo(1), 6), SAM, Approved(Why.ITEM_QTY_LIMIT, LineNo(1)))
    assert [line.qty for line in made.sale.lines] == [6] and made.sale.open == ()


# ---- what the shopper says


def test_the_shelf_says_less_and_a_colleague_gives_that_price() -> None:
    made = Lane().buy(TIN).play(PriceDisputed(LineNo(1)))
    assert whys(made) == [Why.PRICE_DISPUTE] and Light("help") in made.deeds
    made.play(SAM, PriceOverridden(LineNo(1), Minor(79), "shelf_price"))
    assert made.sale.open == () and made.sale.priced is not None and made.sale.priced.total == 79
    assert (made.sale.settled[-1].by, made.sale.settled[-1].reason) == ("17", "shelf_price")
    assert made.play(PriceDisputed(LineNo(9))).sale.open == (), "there is no such line"


def test_big_things_stay_out_as_she_likes_and_of_small_ones_only_so_many() -> None:
    rules = replace(POLICY, skip_limit=1, skip_value_limit=Minor(1000))
    made = lane(rules, CRATE).scan(CRATE).scan(MILK).scan(TIN)
    made.play(LeaveOutPressed(LineNo(1)), LeaveOutPressed(LineNo(2)))
    assert [line.bagged for line in made.sale.lines] == [False, False, True]
    made.play(LeaveOutPressed(LineNo(3)))
    assert whys(made) == [Why.BAG_SKIP_LIMIT] and made.sale.lines[2].bagged
    made.play(SAM, Approved(Why.BAG_SKIP_LIMIT, LineNo(3)))
    assert not made.sale.lines[2].bagged and made.play(PayPressed()).phase == "Paying"


def test_who_puts_it_into_the_bag_after_all_waits_for_nobody() -> None:
    made = lane(replace(POLICY, skip_limit=0)).scan(TIN).play(LeaveOutPressed(LineNo(1)))
    assert whys(made) == [Why.BAG_SKIP_LIMIT]
    made = pay(made.put(470))
    assert [done.resolution for done in made.session.kept.phase.closed.settled] == [  # type: ignore[union-attr]
        Resolution.SELF_FIXED
    ]


def test_a_thing_that_nobody_has_weighed_calls_nobody() -> None:
    made = lane(POLICY, UNWEIGHED).scan(UNWEIGHED).put(320)
    assert made.sale.open == () and Beep("person_called") not in made.deeds
    (done,) = made.sale.settled
    assert (done.intervention.why, done.resolution) == (Why.WEIGHT_UNKNOWN_ITEM, Resolution.AUTO)


# ---- money that was not taken


def declined(made: Lane) -> Lane:
    made.play(PayPressed())
    phase = made.session.kept.phase
    assert isinstance(phase, Paying) and isinstance(phase.attempt, Attempt)
    no = PaymentResult(Outcome.NOT_CHARGED, reason="declined")
    return made.play(TerminalAnswered(phase.attempt.id, no))


def test_after_the_third_card_a_colleague_is_called_and_a_fourth_may_be_tried() -> None:
    made = declined(declined(Lane().buy(MILK)))
    assert whys(made) == []
    assert whys(declined(made)) == [Why.PAYMENT_DECLINED_REPEAT]
    assert whys(declined(made)) == [Why.PAYMENT_DECLINED_REPEAT], "asked once"
    made = pay(made)
    (done,) = made.session.kept.phase.closed.settled  # type: ignore[union-attr]
    assert done.resolution is Resolution.SELF_FIXED


@pytest.mark.parametrize(("reason", "called"), [("used", True), ("server_away", False)])
def test_a_slip_of_no_value_fetches_a_colleague_and_a_server_that_is_away_does_not(
    reason: str, called: bool
) -> None:
    made = lane(replace(POLICY, tenders=(TenderKind.CARD, TenderKind.DEPOSIT_VOUCHER))).buy(MILK)
    made.play(PayPressed(), TenderChosen("deposit_voucher"))
    phase = made.session.kept.phase
    assert isinstance(phase, Paying) and phase.attempt is not None
    made.play(ValueAnswered(phase.attempt.id, PaymentResult(Outcome.NOT_CHARGED, reason=reason)))
    assert whys(made) == ([Why.DEPOSIT_INVALID] if called else [])
