"""Money in doubt: what the core does when the terminal is late, silent, wrong, or answers after all."""

import pytest
from msgspec.structs import replace

from kiosk.checkout.effects import (
    Abort,
    Acknowledge,
    AskTerminal,
    Authorise,
    Fade,
    Light,
    Remind,
    Report,
    Reverse,
)
from kiosk.checkout.events import (
    BackPressed,
    CaseCleared,
    FinishPressed,
    NoAnswer,
    OutcomeDecided,
    PayPressed,
    PinAccepted,
    ReadyToSend,
    Reminded,
    Restarted,
    ResultReceived,
    SaleCancelled,
    TerminalAnswered,
)
from kiosk.checkout.model import Why
from kiosk.checkout.money import CaseWhy, Mark, Outcome, PaymentResult, Stage, TenderKind
from kiosk.checkout.passed import DeviceSeen, Faded
from kiosk.checkout.records import ClosedSale, Reversal
from kiosk.checkout.session import Device, Health, Paying
from kiosk.units import AttemptId, Minor
from tests.lane import MILK, POLICY, Lane

MARK = Mark("52500041", "0007", "000122")


def asking() -> tuple[Lane, AttemptId, Minor]:
    lane = Lane().buy(MILK).play(PayPressed())
    ask = lane.done(Authorise)[-1]
    assert isinstance(ask, Authorise)
    lane.play(ReadyToSend(ask.attempt, MARK))
    return lane, ask.attempt, ask.amount


def yes(amount: int, currency: str | None = "EUR") -> PaymentResult:
    return PaymentResult(Outcome.APPROVED, Minor(amount), currency, "52500041", "0008", last4="4417")


NO = PaymentResult(Outcome.NOT_CHARGED, result_code="05")
UNKNOWN = PaymentResult(Outcome.UNKNOWN)


def paying(lane: Lane) -> Paying:
    phase = lane.session.kept.phase
    assert isinstance(phase, Paying), phase
    return phase


def test_a_decline_keeps_the_basket_and_a_second_try_is_a_new_attempt() -> None:
    lane, first, amount = asking()
    lane.play(TerminalAnswered(first, NO))
    assert paying(lane).declined == "05" and lane.sale.lines
    lane.play(PayPressed())
    second = lane.done(Authorise)[-1]
    assert isinstance(second, Authorise) and second.attempt != first and second.amount == amount


def test_a_shopper_who_walks_away_after_a_decline_leaves_no_lane_that_waits_for_ever() -> None:
    lane, first, _ = asking()
    lane.play(TerminalAnswered(first, NO))
    assert Remind("abandon", POLICY.idle_countdown) in lane.turn(Faded("idle"))
    lane.play(Reminded("abandon"))
    assert lane.phase == "Shopping" and Fade("idle", POLICY.idle_prompt) in lane.deeds[-9:]


def test_silence_is_asked_about_and_never_tried_again_blindly() -> None:
    lane, attempt, amount = asking()
    lane.play(NoAnswer(attempt))
    for _ in range(40):
        lane.play(PayPressed(), BackPressed(), Reminded("ask"), NoAnswer(attempt))
    assert len(lane.done(Authorise)) == 1 and lane.done(Abort) == [Abort(attempt)]
    assert set(map(type, lane.done(AskTerminal))) == {AskTerminal}
    assert paying(lane).attempt.stage is Stage.WITH_STAFF  # type: ignore[union-attr]
    assert [question.why for question in lane.sale.open] == [Why.PAYMENT_UNKNOWN]
    lane.play(TerminalAnswered(attempt, yes(amount)))
    assert lane.phase == "Finishing" and len(lane.done(Report)) == 1


@pytest.mark.parametrize("answer", [yes(1), yes(125, "USD"), UNKNOWN])
def test_an_approval_of_something_else_is_no_approval(answer: PaymentResult) -> None:
    lane, attempt, _ = asking()
    lane.play(ResultReceived(attempt, answer), TerminalAnswered(attempt, answer))
    assert lane.phase == "Paying" and not lane.done(Report)
    assert paying(lane).attempt.stage is Stage.CHECKING  # type: ignore[union-attr]


def test_the_terminal_is_asked_as_soon_as_it_is_back() -> None:
    lane, attempt, amount = asking()
    lane.play(NoAnswer(attempt))
    deeds = lane.turn(DeviceSeen(Device("terminal", Health.READY)))
    assert deeds == [AskTerminal(attempt, amount, "EUR", MARK)]


def test_cancelled_by_the_shopper_but_charged_all_the_same_is_a_sale() -> None:
    lane, attempt, amount = asking()
    lane.play(BackPressed())
    assert lane.done(Abort) == [Abort(attempt)] and lane.phase == "Paying"
    lane.play(TerminalAnswered(attempt, yes(amount)))
    assert lane.phase == "Finishing"


def test_cancelled_by_the_shopper_and_not_charged_is_the_basket_again() -> None:
    lane, attempt, _ = asking()
    lane.play(BackPressed(), TerminalAnswered(attempt, NO))
    assert lane.phase == "Shopping" and lane.sale.lines


def test_an_intent_alone_has_sent_nothing_and_charged_nothing() -> None:
    lane = Lane().buy(MILK).play(PayPressed(), Restarted(POLICY))
    assert paying(lane).attempt is None and paying(lane).declined == "interrupted"
    lane = Lane().buy(MILK).play(PayPressed(), BackPressed())
    ask = lane.done(Authorise)[-1]
    assert isinstance(ask, Authorise)
    assert lane.turn(ReadyToSend(ask.attempt, MARK)) == [], "she has gone back: the first byte never leaves"


@pytest.mark.parametrize("stage", ["sent", "result", "checking", "cancelled"])
def test_after_a_restart_an_open_attempt_is_asked_about_first(stage: str) -> None:
    lane, attempt, amount = asking()
    if stage == "result":
        lane.play(ResultReceived(attempt, yes(amount)))
    if stage == "checking":
        lane.play(NoAnswer(attempt))
    if stage == "cancelled":
        lane.play(BackPressed())
    lane.play(Restarted(POLICY), PayPressed(), Reminded("ask"))
    assert len(lane.done(Authorise)) == 1
    assert lane.deeds[-1] == AskTerminal(attempt, amount, "EUR", MARK)
    lane.play(TerminalAnswered(attempt, yes(amount)))
    assert lane.phase == "Finishing" and len(lane.done(Report)) == 1


def test_a_late_approval_is_given_back_and_kept_on_record_once() -> None:
    lane, attempt, amount = asking()
    lane.play(TerminalAnswered(attempt, NO), BackPressed())
    lane.play(TerminalAnswered(attempt, yes(amount)), TerminalAnswered(attempt, yes(amount)))
    owed = AttemptId(f"{attempt}-r1")
    assert lane.done(Reverse) == [Reverse(owed, attempt, amount, "EUR", yes(amount))]
    lane.play(
        ReadyToSend(owed, MARK), TerminalAnswered(owed, yes(amount)), TerminalAnswered(owed, yes(amount))
    )
    assert lane.session.kept.giving_back == () and lane.session.kept.cases == ()
    assert [deed.record for deed in lane.done(Report)] == [  # type: ignore[attr-defined]
        Reversal(owed, attempt, lane.now - 700, TenderKind.CARD, amount, yes(amount))
    ]


def test_the_same_approval_twice_is_one_sale() -> None:
    lane, attempt, amount = asking()
    lane.play(TerminalAnswered(attempt, yes(amount)), TerminalAnswered(attempt, yes(amount)))
    assert len(lane.done(Report)) == 1 and lane.session.kept.cases == ()


@pytest.mark.parametrize(
    ("outcome", "phase"), [(Outcome.APPROVED, "Finishing"), (Outcome.NOT_CHARGED, "Paying")]
)
def test_only_a_named_colleague_decides_what_nobody_knows(outcome: Outcome, phase: str) -> None:
    lane, attempt, _ = asking()
    lane.play(NoAnswer(attempt), OutcomeDecided(attempt, outcome))
    assert paying(lane).attempt is not None, "nobody has shown a PIN"
    lane.play(PinAccepted("17", "Sam"), OutcomeDecided(attempt, outcome))
    assert lane.phase == phase and lane.session.kept.staff is None


def test_a_colleague_cannot_cancel_a_sale_while_money_may_be_on_its_way() -> None:
    lane, _, _ = asking()
    lane.play(PinAccepted("17", "Sam"), SaleCancelled())
    assert lane.phase == "Paying"


def test_an_answer_of_the_shopper_before_is_not_money_of_this_one() -> None:
    lane, first, amount = asking()
    lane.play(TerminalAnswered(first, yes(amount)), FinishPressed()).buy(MILK).play(PayPressed())
    lane.play(TerminalAnswered(first, yes(amount)))
    assert lane.phase == "Paying" and len(lane.done(Report)) == 1 and not lane.done(Reverse)


def test_an_approval_of_nothing_we_asked_for_goes_to_a_colleague_and_not_back_by_itself() -> None:
    lane = Lane().play(TerminalAnswered(AttemptId("elsewhere-1"), yes(125)))
    assert [case.id for case in lane.session.kept.cases] == ["elsewhere-1"] and not lane.done(Reverse)


def test_a_shopper_who_has_paid_still_has_her_time_to_choose_a_receipt_after_a_power_cut() -> None:
    lane, attempt, amount = asking()
    lane.play(TerminalAnswered(attempt, yes(amount)))
    assert Remind("receipt", POLICY.receipt_wait) in lane.turn(Restarted(POLICY))


def test_what_the_terminal_does_not_give_back_is_on_the_list_until_a_named_colleague_has_seen_to_it() -> None:
    lane, attempt, amount = asking()
    lane.play(TerminalAnswered(attempt, NO), BackPressed(), TerminalAnswered(attempt, yes(amount)))
    owed = AttemptId(f"{attempt}-r1")
    lane.play(ReadyToSend(owed, MARK), TerminalAnswered(owed, NO), CaseCleared(owed))
    assert [case.why for case in lane.session.kept.cases] == [CaseWhy.NOT_REVERSED], "nobody has shown a PIN"
    lane.play(PinAccepted("17", "Sam"), CaseCleared(owed))
    assert lane.session.kept.cases == () and lane.session.kept.staff is None


def test_without_a_terminal_a_colleague_is_called() -> None:
    lane, attempt, _ = asking()
    lane.play(TerminalAnswered(attempt, PaymentResult(Outcome.NOT_CHARGED, reason="terminal_away")))
    assert [question.why for question in lane.sale.open] == [Why.HELP_REQUESTED] and Light(
        "help"
    ) in lane.deeds


def test_a_result_that_a_full_disk_held_up_does_not_end_the_asking() -> None:
    """Found by the proof: the loop tells it again behind the UNKNOWN that followed it."""
    lane, attempt, amount = asking()
    lane.play(TerminalAnswered(attempt, UNKNOWN))
    assert Acknowledge(attempt) not in lane.turn(ResultReceived(attempt, yes(amount)))
    assert paying(lane).attempt.stage is Stage.CHECKING  # type: ignore[union-attr]
    assert AskTerminal in map(type, lane.turn(Reminded("ask")))


def test_a_late_approval_that_does_not_say_how_much_is_not_lost() -> None:
    lane, attempt, amount = asking()
    lane.play(TerminalAnswered(attempt, NO), BackPressed())
    lane.play(TerminalAnswered(attempt, PaymentResult(Outcome.APPROVED)))
    assert [(each.of, each.amount) for each in lane.session.kept.giving_back] == [(attempt, amount)]
    lane.play(TerminalAnswered(AttemptId("elsewhere-1"), PaymentResult(Outcome.APPROVED)))
    assert [case.id for case in lane.session.kept.cases] == ["elsewhere-1"]


def test_what_the_terminal_had_told_of_a_payment_stays_when_a_colleague_decides() -> None:
    """Or it could not be given back by its receipt number later."""
    lane, attempt, amount = asking()
    lane.play(ResultReceived(attempt, yes(amount)), Restarted(POLICY), NoAnswer(attempt))
    lane.play(PinAccepted("17", "Sam"), OutcomeDecided(attempt, Outcome.APPROVED))
    (sale,) = [deed.record for deed in lane.done(Report) if isinstance(deed.record, ClosedSale)]  # type: ignore[attr-defined]
    result = sale.tenders[0].result
    assert result == replace(yes(amount), authorisation="attendant")


def test_a_late_approval_that_only_its_amount_names_is_not_cancelled_once_somebody_else_has_paid() -> None:
    """Concert and Caisse cancel by amount alone: it might be the next shopper's payment."""
    lane, late, amount = asking()
    lane.play(TerminalAnswered(late, NO), PayPressed())
    ask = lane.done(Authorise)[-1]
    assert isinstance(ask, Authorise)
    lane.play(ReadyToSend(ask.attempt, MARK), TerminalAnswered(ask.attempt, yes(amount)))
    nameless = PaymentResult(Outcome.APPROVED, amount, "EUR", "52500041")
    lane.play(TerminalAnswered(late, nameless), TerminalAnswered(late, nameless))
    assert not lane.done(Reverse) and [case.id for case in lane.session.kept.cases] == [late]
