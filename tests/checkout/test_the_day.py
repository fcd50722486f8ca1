"""The day's end: books closed once a day, and what people decided about money tested against the terminal's sum."""

import pytest
from msgspec.structs import replace

from kiosk.checkout.day import AGAIN
from kiosk.checkout.effects import Authorise, EndOfDay, Remind, Report
from kiosk.checkout.events import (
    BackPressed,
    CaseCleared,
    DayClosed,
    FinishPressed,
    NoAnswer,
    OffersTaken,
    OutcomeDecided,
    PayPressed,
    PinAccepted,
    ReadyToSend,
    RefundBegun,
    Reminded,
    Restarted,
    SaleCancelled,
    Started,
    TerminalAnswered,
    TotalsReceived,
    TrainingChosen,
)
from kiosk.checkout.money import CaseWhy, Mark, Outcome, PaymentResult
from kiosk.checkout.records import DayEnded, Technical
from kiosk.units import Minor
from tests.lane import DAY, MILK, OFFERS, POLICY, Lane

SHOP = replace(POLICY, terminal_totals=True)


def sold(outcome: Outcome | None = None) -> Lane:
    """One sale of 1,25; with an outcome, it was decided by a colleague."""
    lane = Lane()
    lane.play(Restarted(SHOP)).buy(MILK).play(PayPressed())
    ask = lane.done(Authorise)[-1]
    assert isinstance(ask, Authorise)
    lane.play(ReadyToSend(ask.attempt, Mark("T1")))
    if outcome is None:
        lane.play(
            TerminalAnswered(ask.attempt, PaymentResult(Outcome.APPROVED, ask.amount, "EUR", "T1", "1"))
        )
    else:
        lane.play(NoAnswer(ask.attempt), PinAccepted("17", "Sam"), OutcomeDecided(ask.attempt, outcome))
    return lane.play(FinishPressed())


def closed(lane: Lane) -> Lane:
    return lane.play(PinAccepted("17", "Sam"), DayClosed())


def records(lane: Lane, kind: type) -> list[object]:
    return [deed.record for deed in lane.done(Report) if isinstance(deed.record, kind)]  # type: ignore[attr-defined]


def asked(lane: Lane) -> EndOfDay:
    return lane.done(EndOfDay)[-1]  # type: ignore[return-value]


def test_a_colleague_closes_the_books_once() -> None:
    lane = closed(closed(sold()))
    (record,) = records(lane, DayEnded)
    assert record.date == DAY and record.by == "17"  # type: ignore[attr-defined]


def test_the_first_basket_of_another_day_closes_the_one_before() -> None:
    lane = sold()
    lane.play(OffersTaken(OFFERS, "2026-11-22"))
    (record,) = records(lane, DayEnded)
    assert record.date == DAY and lane.session.kept.day == "2026-11-22"  # type: ignore[attr-defined]


def test_equal_sums_are_no_case() -> None:
    lane = closed(sold())
    lane.play(TotalsReceived(asked(lane).id, Minor(125), "EUR"))
    assert lane.session.kept.cases == () and lane.session.kept.taken == 0
    assert [r.fields for r in records(lane, Technical)] == [{"terminal": 125, "booked": 125}]  # type: ignore[attr-defined]


@pytest.mark.parametrize(("decided", "charged"), [(Outcome.APPROVED, 0), (Outcome.NOT_CHARGED, 125)])
def test_a_colleague_who_was_wrong_about_a_payment_is_found_out_at_the_days_end(
    decided: Outcome, charged: int
) -> None:
    lane = sold(decided)
    if decided is Outcome.NOT_CHARGED:
        lane.play(Reminded("abandon"), Reminded("suspend"))
    lane = closed(lane)
    lane.play(TotalsReceived(asked(lane).id, Minor(charged), "EUR"))
    (case,) = lane.session.kept.cases
    assert case.why is CaseWhy.TOTALS_DIFFER and abs(case.amount) == 125
    lane.play(CaseCleared(case.id))
    assert lane.session.kept.cases, "nobody has shown a PIN"
    lane.play(PinAccepted("17", "Sam"), CaseCleared(case.id))
    assert lane.session.kept.cases == ()
    assert records(lane, Technical)[-1].fields["by"] == "17"  # type: ignore[attr-defined]


def test_a_terminal_that_does_not_answer_is_asked_again_and_what_was_taken_is_not_forgotten() -> None:
    lane = closed(sold())
    lane.play(NoAnswer(asked(lane).id), Reminded("totals"))
    assert len(lane.done(EndOfDay)) == 2 and lane.session.kept.taken == 125


def test_after_a_power_cut_the_terminal_is_asked_again() -> None:
    lane = closed(sold())
    assert asked(lane) in lane.turn(Restarted(SHOP))


def test_training_is_switched_by_a_colleague_and_on_record() -> None:
    lane = Lane().play(TrainingChosen(True))
    assert not lane.session.kept.training
    lane.play(PinAccepted("17", "Sam"), TrainingChosen(True), Started())
    assert lane.sale.training and [r.name for r in records(lane, Technical)] == ["training"]  # type: ignore[attr-defined]


def yes(ask: Authorise) -> PaymentResult:
    return PaymentResult(Outcome.APPROVED, ask.amount, "EUR", "T1", "1")


def test_a_terminal_does_not_close_its_day_while_nobody_knows_of_a_payment() -> None:
    """It might forget the very payment that it has to be asked about."""
    lane = closed(sold())
    lane.play(NoAnswer(asked(lane).id)).buy(MILK).play(PayPressed())
    ask = lane.done(Authorise)[-1]
    assert isinstance(ask, Authorise)
    lane.play(ReadyToSend(ask.attempt, Mark("T1")))
    assert lane.turn(Reminded("totals")) == [Remind("totals", AGAIN)], "it is being paid at"
    assert not any(isinstance(deed, EndOfDay) for deed in lane.turn(Restarted(SHOP)))
    lane.play(TerminalAnswered(ask.attempt, yes(ask)))
    assert asked(lane) in lane.turn(Reminded("totals"))


def test_nor_while_money_goes_back() -> None:
    lane = sold()
    lane.buy(MILK).play(PayPressed())
    ask = lane.done(Authorise)[-1]
    assert isinstance(ask, Authorise)
    lane.play(TerminalAnswered(ask.attempt, PaymentResult(Outcome.NOT_CHARGED)), BackPressed())
    lane.play(Reminded("abandon"), Reminded("suspend"), TerminalAnswered(ask.attempt, yes(ask)))
    closed(lane)
    assert lane.session.kept.giving_back and not lane.done(EndOfDay)
    back = lane.session.kept.giving_back[0]
    lane.play(ReadyToSend(back.id, Mark("T1")), TerminalAnswered(back.id, yes(ask)), Reminded("totals"))
    lane.play(TotalsReceived(asked(lane).id, Minor(125), "EUR"))
    assert lane.session.kept.cases == ()


def test_two_days_that_the_terminal_has_not_closed_are_one_of_its_own() -> None:
    lane = closed(sold())
    lane.buy(MILK).play(PayPressed())
    ask = lane.done(Authorise)[-1]
    assert isinstance(ask, Authorise)
    lane.play(ReadyToSend(ask.attempt, Mark("T1")), TerminalAnswered(ask.attempt, yes(ask)), FinishPressed())
    first = asked(lane)
    closed(lane)
    assert len(records(lane, DayEnded)) == 2
    lane.play(TotalsReceived(first.id, Minor(250), "EUR"))
    assert lane.session.kept.cases == () and lane.session.kept.taken == 0


def test_an_answer_that_comes_twice_says_nothing_of_the_next_end_of_that_day() -> None:
    lane = closed(sold())
    first = TotalsReceived(asked(lane).id, Minor(125), "EUR")
    closed(lane.play(first).buy(MILK).play(PinAccepted("17", "Sam"), SaleCancelled()))
    assert asked(lane).id != first.id
    lane.play(first)
    assert lane.session.kept.totals == asked(lane).id


def test_nothing_is_refunded_in_training() -> None:
    lane = Lane().play(
        PinAccepted("17", "Sam"), TrainingChosen(True), PinAccepted("17", "Sam"), RefundBegun()
    )
    assert lane.phase == "Idle"
