"""A member: her prices at once, early or late, and gone by one key; what is her own is spent like any tender."""

import pytest
from msgspec.structs import replace

from kiosk.barcode import Member as Card
from kiosk.checkout.effects import Authorise, CheckPin, FindMember, Report, Reserve
from kiosk.checkout.events import (
    BackPressed,
    MemberFound,
    MemberLeft,
    NoAnswer,
    PayPressed,
    Reminded,
    Restarted,
    Scanned,
    TenderChosen,
    ValueAnswered,
)
from kiosk.checkout.model import Member
from kiosk.checkout.money import Outcome, PaymentResult, TenderKind
from kiosk.checkout.passed import LinkSeen, MemberUnknown, Opened, PhoneEntered
from kiosk.checkout.records import ClosedSale, ValueOrder
from kiosk.checkout.session import Panel
from kiosk.checkout.tenders import due, room
from kiosk.pricing import PctOffItems
from kiosk.units import ItemId, Minor, Rate
from tests.lane import EGGS, MILK, POLICY, TIN, Lane

ALL = replace(POLICY, tenders=tuple(TenderKind))
ADA = MemberFound(
    "t0ken",
    points=120,
    credit=Minor(150),
    vouchers=(Minor(100), Minor(9900)),
    tiers=("silver",),
    spends=True,
)


def lane(*items: object, policy: object = ALL) -> Lane:
    here = Lane()
    here.play(Restarted(policy), LinkSeen(True, 0))  # type: ignore[arg-type]
    return here.buy(*items)  # type: ignore[arg-type]


def answer(here: Lane, outcome: Outcome, amount: int = 0, reason: str = "") -> Lane:
    ask = here.done(Reserve)[-1]
    assert isinstance(ask, Reserve)
    result = PaymentResult(outcome, Minor(amount) if amount else None, "EUR", reason=reason)
    return here.play(ValueAnswered(ask.attempt, result))


def test_the_same_basket_costs_the_same_whenever_the_card_is_shown() -> None:
    early, late, at_paying = lane(), lane(EGGS, EGGS), lane(EGGS, EGGS)
    early.scan(MILK).play(ADA)
    early.buy(EGGS, EGGS)
    late.play(ADA)
    at_paying.play(PayPressed(), ADA)
    assert (late.sale.priced, at_paying.phase) == (at_paying.sale.priced, "Paying")
    assert late.sale.priced is not None and late.sale.priced.total == 2 * 289
    assert early.sale.priced is not None and early.sale.priced.total == 2 * 289 + 125


def test_not_me_takes_it_all_back_by_one_key() -> None:
    here = lane(EGGS)
    before = here.sale.priced
    here.play(ADA)
    assert here.sale.priced != before
    here.play(MemberLeft())
    assert (here.sale.priced, here.sale.member) == (before, None)


def test_a_tier_opens_what_is_for_it() -> None:
    here = lane(TIN)
    ten = PctOffItems(id="S10", pct=Rate(100_000), items=(ItemId(6),), tier="silver")
    sale = replace(here.sale, offers=replace(here.sale.offers, promotions=(ten,)))
    kept = here.session.kept
    here.session = replace(here.session, kept=replace(kept, phase=replace(kept.phase, sale=sale)))  # type: ignore[arg-type]
    here.play(MemberFound("other", tiers=("bronze",)))
    assert here.sale.priced is not None and here.sale.priced.total == 95
    here.play(ADA)
    assert here.sale.priced is not None and here.sale.priced.total == 95 - 10


def test_while_money_is_asked_for_no_card_changes_the_sum() -> None:
    here = lane(EGGS)
    here.play(PayPressed(), PayPressed())
    assert here.done(Authorise)
    before = here.session.kept
    here.play(Scanned(Card()), ADA)
    assert here.session.kept == before and not here.done(FindMember)


def test_a_card_after_a_part_was_paid_never_makes_it_too_much() -> None:
    here = lane(EGGS)
    here.play(PayPressed(), TenderChosen("gift_card"))
    answer(here, Outcome.APPROVED, 300)
    here.play(ADA)
    assert here.sale.member is None and here.session.passing.notice == "member_late"
    assert due(here.sale) == 29


def test_what_one_member_has_paid_with_stays_hers() -> None:
    here = lane(EGGS)
    here.play(ADA, PayPressed(), TenderChosen("credit"))
    answer(here, Outcome.APPROVED, 150)
    here.play(MemberFound("another", spends=True))
    assert here.sale.member is not None and here.sale.member.token == "t0ken"
    assert here.session.passing.notice == "member_late"


def test_credit_pays_what_it_can_and_the_card_the_rest() -> None:
    here = lane(EGGS)
    here.play(ADA, PayPressed())
    assert room(here.sale, TenderKind.CREDIT, ALL) == 150
    here.play(TenderChosen("credit"))
    ask = here.done(Reserve)[-1]
    assert isinstance(ask, Reserve) and (ask.amount, ask.member) == (150, "t0ken")
    answer(here, Outcome.APPROVED, 150)
    assert room(here.sale, TenderKind.CREDIT, ALL) == 0
    assert room(here.sale, TenderKind.VOUCHER, ALL) == 139, "one of her vouchers fits in"
    here.play(TenderChosen("voucher"))
    answer(here, Outcome.APPROVED, 100)
    assert room(here.sale, TenderKind.VOUCHER, ALL) == 0, "the other one is worth more than the rest"
    assert due(here.sale) == 39


def test_a_phone_number_spends_nothing() -> None:
    here = lane(EGGS)
    here.play(replace(ADA, spends=False), PayPressed())
    assert room(here.sale, TenderKind.CREDIT, ALL) == room(here.sale, TenderKind.VOUCHER, ALL) == 0
    here.play(TenderChosen("credit"))
    assert not here.done(Reserve)


def test_credit_is_reserved_the_power_fails_and_the_sale_is_given_up_so_it_is_free_again() -> None:
    here = lane(EGGS)
    here.play(ADA, PayPressed(), TenderChosen("credit"))
    ask = here.done(Reserve)[-1]
    assert isinstance(ask, Reserve)
    here.play(Restarted(ALL))
    for _ in range(4):  # the server does not answer, either
        here.play(Reminded("ask"), NoAnswer(ask.attempt))
    told = [deed.record for deed in here.done(Report) if isinstance(deed, Report)]
    assert ValueOrder(ask.attempt, "cancel", TenderKind.CREDIT, Minor(150)) in told
    here.play(BackPressed(), Reminded("suspend"))
    told = [deed.record for deed in here.done(Report) if isinstance(deed, Report)]
    assert not any(isinstance(record, ValueOrder) and record.do == "commit" for record in told)


def test_what_is_reserved_goes_back_when_she_goes_back() -> None:
    here = lane(EGGS)
    here.play(ADA, PayPressed(), TenderChosen("credit"))
    answer(here, Outcome.APPROVED, 150)
    here.play(BackPressed())
    told = [deed.record for deed in here.done(Report) if isinstance(deed, Report)]
    assert [record.do for record in told if isinstance(record, ValueOrder)] == ["cancel"]
    assert here.sale.tenders == () and here.sale.member is not None


def test_the_books_know_no_name() -> None:
    here = lane(EGGS)
    here.play(replace(ADA, credit=Minor(9900)), PayPressed(), TenderChosen("credit"))
    answer(here, Outcome.APPROVED, 289)
    (closed,) = [
        d.record for d in here.done(Report) if isinstance(d, Report) and isinstance(d.record, ClosedSale)
    ]
    assert closed.member == Member("t0ken", points=120)


@pytest.mark.parametrize(
    ("said", "notice"),
    [(MemberUnknown(), "phone_unknown"), (MemberUnknown(asked=False), "member_away")],
)
def test_the_server_is_away_while_the_phone_number_is_typed(said: MemberUnknown, notice: str) -> None:
    here = lane(EGGS)
    here.play(Opened(Panel("phone")), PhoneEntered())
    assert here.done(FindMember) == [FindMember("phone")] and here.session.passing.notice == "member_asking"
    here.play(said)
    assert here.session.passing.notice == notice
    assert here.session.passing.panel == Panel("phone"), "she can type it once more"
    here.play(ADA)
    assert here.sale.member is not None and here.session.passing.panel is None
    assert not here.done(CheckPin)
