"""Giving back: at the price really paid, promotion shares included, to the tender that paid, and never above it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from kiosk.barcode import ReceiptCode
from kiosk.checkout import refunds
from kiosk.checkout.effects import AskSale, Authorise, LookUpSale, Print, Report, Reverse
from kiosk.checkout.events import (
    FinishPressed,
    PayPressed,
    PinAccepted,
    ReadyToSend,
    RefundAllChosen,
    RefundBegun,
    RefundConfirmed,
    RefundEnded,
    RefundLineChosen,
    Restarted,
    SaleFound,
    SaleNotHere,
    SaleUnknown,
    Scanned,
    TerminalAnswered,
)
from kiosk.checkout.money import Mark, Outcome, PaymentResult, Tender, TenderKind
from kiosk.checkout.passed import LinkSeen
from kiosk.checkout.records import ClosedSale, Refund, ValueOrder
from kiosk.checkout.session import Refunding
from kiosk.checkout.step import step
from kiosk.units import AttemptId, LineNo, Minor
from tests.lane import MILK, POLICY, YOGHURT, Lane

MARK = Mark("52500041", "0007")


def sold() -> tuple[Lane, ClosedSale]:
    """Milk and three yoghurts for the price of two, paid by card."""
    lane = Lane().buy(MILK, YOGHURT, YOGHURT, YOGHURT).play(PayPressed())
    ask = lane.done(Authorise)[-1]
    assert isinstance(ask, Authorise)
    result = PaymentResult(Outcome.APPROVED, ask.amount, "EUR", "52500041", "0008")
    lane.play(ReadyToSend(ask.attempt, MARK), TerminalAnswered(ask.attempt, result), FinishPressed())
    sale = lane.done(Report)[-1].record  # type: ignore[attr-defined]
    assert isinstance(sale, ClosedSale)
    return lane, sale


def begun(lane: Lane, sale: ClosedSale, *made: Refund) -> Lane:
    lane.play(PinAccepted("17", "Sam"), RefundBegun())
    return lane.play(SaleFound(sale, made))


def made(lane: Lane) -> Refund:
    refund = [deed.record for deed in lane.done(Report) if isinstance(deed.record, Refund)][-1]  # type: ignore[attr-defined]
    assert isinstance(refund, Refund)
    return refund


def test_only_a_colleague_gives_back() -> None:
    lane, _ = sold()
    lane.play(RefundBegun())
    assert lane.phase == "Idle"


def test_the_server_is_asked_first_for_it_knows_what_other_lanes_gave_back() -> None:
    lane, _ = sold()
    lane.play(LinkSeen(True, 0), PinAccepted("17", "Sam"), RefundBegun())
    assert AskSale("0187-4-000001") in lane.turn(Scanned(ReceiptCode("0187-4-000001")))
    _, effects = step(lane.session, SaleUnknown("0187-4-000001"), lane.now)
    assert effects == (LookUpSale("0187-4-000001"),), "our own ledger may still know it"


def test_without_the_server_the_receipt_is_looked_up_here() -> None:
    lane, _ = sold()
    lane.play(PinAccepted("17", "Sam"), RefundBegun())
    _, effects = step(lane.session, Scanned(ReceiptCode("0187-4-000001")), lane.now)
    assert effects[0] == LookUpSale("0187-4-000001")
    lane.play(SaleNotHere("0187-4-000001"))
    assert lane.session.passing.notice == "refund.unknown"


def test_one_of_three_for_two_goes_back_at_its_share() -> None:
    lane, sale = sold()
    yoghurts = sale.lines[1].no
    begun(lane, sale).play(RefundLineChosen(yoghurts, 1), RefundConfirmed("return"))
    refund = made(lane)
    assert refund.amount == 133 and not refund.whole and refund.by == "17"
    back = lane.done(Reverse)[-1]
    assert isinstance(back, Reverse) and (back.amount, back.refund) == (133, True)
    assert back.original == sale.tenders[0].result
    assert [deed.document for deed in lane.done(Print)][-1] == refund  # type: ignore[attr-defined]


def test_all_of_it_is_a_void_and_reverses_the_very_payment() -> None:
    lane, sale = sold()
    begun(lane, sale)
    lane.play(RefundAllChosen(), RefundConfirmed("mistake"))
    refund, back = made(lane), lane.done(Reverse)[-1]
    assert refund.whole and refund.amount == sale.priced.total
    assert isinstance(back, Reverse) and not back.refund and back.amount == sale.priced.total
    lane.play(
        ReadyToSend(back.attempt, MARK), TerminalAnswered(back.attempt, replace(back.original)), RefundEnded()
    )
    assert lane.phase == "Idle" and lane.session.kept.giving_back == ()


def test_what_was_given_back_is_not_given_back_again() -> None:
    lane, sale = sold()
    yoghurts = sale.lines[1].no
    begun(lane, sale).play(RefundLineChosen(yoghurts, 3), RefundConfirmed("return"))
    refund, back = made(lane), lane.done(Reverse)[-1]
    assert isinstance(back, Reverse)
    lane.play(ReadyToSend(back.attempt, MARK), TerminalAnswered(back.attempt, back.original), RefundEnded())
    begun(lane, sale, refund).play(RefundLineChosen(yoghurts, 1), RefundConfirmed("return"))
    phase = lane.session.kept.phase
    assert isinstance(phase, Refunding) and phase.done is None and phase.chosen == ()


def test_the_order_comes_twice_and_is_given_back_once() -> None:
    lane, sale = sold()
    begun(lane, sale).play(
        RefundLineChosen(sale.lines[0].no, 1), RefundConfirmed("return"), RefundConfirmed("return")
    )
    assert len(lane.done(Reverse)) == 1
    lane.play(Restarted(POLICY))
    assert len([deed for deed in lane.done(Report) if isinstance(deed.record, Refund)]) == 1  # type: ignore[attr-defined]


def test_to_a_gift_card_it_goes_back_as_credit_and_the_last_tender_gets_it_first() -> None:
    lane, sale = sold()
    gift = Tender(
        TenderKind.GIFT_CARD, Minor(100), AttemptId("g"), PaymentResult(Outcome.APPROVED, Minor(100))
    )
    card = replace(sale.tenders[0], amount=Minor(sale.priced.total - 100))
    split = replace(sale, tenders=(card, gift))
    begun(lane, split).play(RefundLineChosen(sale.lines[0].no, 1), RefundConfirmed("return"))
    assert [(tender.kind, tender.amount) for tender in made(lane).tenders] == [
        (TenderKind.GIFT_CARD, 100), (TenderKind.CARD, 25),
    ]  # fmt: skip
    credit = next(deed.record for deed in lane.done(Report) if isinstance(deed.record, ValueOrder))  # type: ignore[attr-defined]
    assert (credit.id, credit.do, credit.amount) == ("g", "credit", 100)


@given(st.lists(st.tuples(st.sampled_from([LineNo(1), LineNo(2)]), st.integers(0, 4)), max_size=8))
def test_however_it_is_given_back_it_is_never_more_than_was_paid(wishes: list[tuple[LineNo, int]]) -> None:
    _, sale = SOLD
    done: tuple[Refund, ...] = ()
    for wish in wishes:
        lines = refunds.lines(sale, done, (wish,))
        sum_ = Minor(sum(line.amount for line in lines))
        if not sum_:
            continue
        tenders = refunds.tenders(sale, done, sum_)
        assert sum(tender.amount for tender in tenders) == sum_
        done = (*done, replace(TEMPLATE, lines=lines, amount=sum_, tenders=tenders))
    assert sum(refund.amount for refund in done) <= sale.priced.total
    paid = refunds.paid(sale)
    for no, sum_paid in paid.items():
        given_back = sum(line.amount for refund in done for line in refund.lines if line.no == no)
        assert given_back <= sum_paid
        if refunds.left(sale, done)[no] == 0:
            assert given_back == sum_paid, "all of a line is exactly what was paid for it"


SOLD = sold()
TEMPLATE = Refund("r", 2, SOLD[1], SOLD[1].ended, "test", "en", (), Minor(0), (), "17", "return")


@pytest.mark.parametrize("no", [line.no for line in SOLD[1].lines])
def test_the_pieces_of_a_line_add_up(no: LineNo) -> None:
    sale = SOLD[1]
    pieces = refunds.pieces(sale, no)
    assert refunds.amount(sale, (), no, pieces) == refunds.paid(sale)[no]
    assert sum(refunds.paid(sale).values()) == sale.priced.total
