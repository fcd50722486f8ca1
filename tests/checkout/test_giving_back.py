"""Money that goes back: durable before it leaves, asked about while nobody knows, a case when it fails."""

import pytest
from msgspec.structs import replace

from kiosk.checkout.effects import Abort, Acknowledge, AskTerminal, Authorise, Remind, Report, Reverse
from kiosk.checkout.events import (
    BackPressed,
    CaseCleared,
    NoAnswer,
    OutcomeDecided,
    PayPressed,
    PinAccepted,
    ReadyToSend,
    Reminded,
    Restarted,
    ResultReceived,
    TerminalAnswered,
)
from kiosk.checkout.money import Attempt, CaseWhy, Mark, Outcome, PaymentResult, Stage
from kiosk.checkout.passed import DeviceSeen
from kiosk.checkout.records import Reversal
from kiosk.checkout.session import Device, Health
from kiosk.units import Minor
from tests.lane import MILK, POLICY, Lane

MARK = Mark("52500041", "0007", "000122")
NO = PaymentResult(Outcome.NOT_CHARGED, result_code="05")
NOT_FOUND = PaymentResult(Outcome.UNKNOWN, reason="not_found")


def yes(amount: int = 125) -> PaymentResult:
    return PaymentResult(Outcome.APPROVED, Minor(amount), "EUR", "52500041", "0008", last4="4417")


def owing() -> tuple[Lane, Attempt]:
    """A late approval: its money is to go back."""
    lane = Lane().buy(MILK).play(PayPressed())
    ask = lane.done(Authorise)[-1]
    assert isinstance(ask, Authorise)
    lane.play(ReadyToSend(ask.attempt, MARK), TerminalAnswered(ask.attempt, NO), BackPressed())
    lane.play(TerminalAnswered(ask.attempt, yes()))
    return lane, lane.session.kept.giving_back[0]


def first(lane: Lane) -> Attempt:
    return lane.session.kept.giving_back[0]


def reversals(lane: Lane) -> list[object]:
    return [deed.record for deed in lane.done(Report) if isinstance(deed.record, Reversal)]  # type: ignore[attr-defined]


def test_each_step_is_written_before_the_next_byte() -> None:
    lane, owed = owing()
    assert lane.turn(ReadyToSend(owed.id, MARK)) == [Acknowledge(owed.id)] and first(lane).stage is Stage.SENT
    assert lane.turn(ResultReceived(owed.id, yes())) == [Acknowledge(owed.id)]
    lane.play(TerminalAnswered(owed.id, yes()))
    assert lane.session.kept.giving_back == () and len(reversals(lane)) == 1
    assert lane.session.kept.taken == 0


def test_silence_is_asked_about_and_never_reversed_again_blindly() -> None:
    lane, owed = owing()
    lane.play(ReadyToSend(owed.id, MARK))
    for _ in range(5):
        lane.play(NoAnswer(owed.id), Reminded("ask_reversal"))
    assert len(lane.done(Reverse)) == 1 and lane.done(Abort)[-1] == Abort(owed.id)
    asked = lane.done(AskTerminal)[-1]
    assert asked.reverses == owed.reverses and asked.attempt == owed.id  # type: ignore[attr-defined]
    lane.play(TerminalAnswered(owed.id, yes()))
    assert lane.session.kept.giving_back == ()


def test_not_found_is_believed_only_after_an_abort_and_longer_than_a_request_lives() -> None:
    lane, owed = owing()
    lane.play(ReadyToSend(owed.id, MARK), NoAnswer(owed.id))
    lane.play(TerminalAnswered(owed.id, NOT_FOUND), TerminalAnswered(owed.id, NOT_FOUND))
    assert lane.session.kept.giving_back, "too soon"
    lane.play(Reminded("reversal_outlived"), TerminalAnswered(owed.id, NOT_FOUND))
    assert [case.why for case in lane.session.kept.cases] == [CaseWhy.NOT_REVERSED]


def test_a_terminal_that_is_away_gets_the_same_reversal_when_it_is_back() -> None:
    lane, owed = owing()
    lane.play(TerminalAnswered(owed.id, PaymentResult(Outcome.NOT_CHARGED, reason="terminal_away")))
    assert first(lane).stage is Stage.INTENT
    assert lane.turn(DeviceSeen(Device("terminal", Health.READY))) == [Remind("ask_reversal", 1)]
    deeds = lane.turn(Reminded("ask_reversal"))
    assert [type(deed) for deed in deeds] == [Reverse] and deeds[0].attempt == owed.id  # type: ignore[attr-defined]


@pytest.mark.parametrize("sent", [False, True])
def test_after_a_power_cut_it_goes_on(sent: bool) -> None:
    lane, owed = owing()
    if sent:
        lane.play(ReadyToSend(owed.id, MARK))
    deeds = lane.turn(Restarted(POLICY))
    assert any(isinstance(deed, Abort if sent else Reverse) and deed.attempt == owed.id for deed in deeds)


def test_only_a_named_colleague_decides_whether_it_went_back() -> None:
    lane, owed = owing()
    lane.play(ReadyToSend(owed.id, MARK), NoAnswer(owed.id), OutcomeDecided(owed.id, Outcome.APPROVED))
    assert lane.session.kept.giving_back
    lane.play(PinAccepted("17", "Sam"), OutcomeDecided(owed.id, Outcome.APPROVED))
    assert lane.session.kept.giving_back == () and len(reversals(lane)) == 1


def test_one_at_a_time_and_none_is_forgotten() -> None:
    lane, owed = owing()
    second = replace(owed, id="second", amount=Minor(50), ordered=False)  # type: ignore[arg-type]
    queue = (owed, second)
    lane.session = replace(lane.session, kept=replace(lane.session.kept, giving_back=queue))
    lane.play(ReadyToSend(owed.id, MARK))
    deeds = lane.turn(TerminalAnswered(owed.id, NO))
    assert [deed.attempt for deed in deeds if isinstance(deed, Reverse)] == ["second"]
    assert len(lane.session.kept.cases) == 1


def failed() -> tuple[Lane, Attempt]:
    """The terminal would not give it back: a colleague's case."""
    lane, owed = owing()
    return lane.play(ReadyToSend(owed.id, MARK), TerminalAnswered(owed.id, NO)), owed


@pytest.mark.parametrize("cleared", [False, True])
def test_a_reversal_that_is_approved_after_all_is_booked_and_never_itself_reversed(cleared: bool) -> None:
    lane, owed = failed()
    if cleared:
        lane.play(PinAccepted("17", "Sam"), CaseCleared(owed.id))
    before = len(lane.done(Reverse))
    for _ in range(2):
        lane.play(TerminalAnswered(owed.id, yes()))
    assert len(lane.done(Reverse)) == before and lane.session.kept.giving_back == ()
    assert lane.session.kept.taken == 0 and len(reversals(lane)) == 1
    whys = [case.why for case in lane.session.kept.cases]
    assert whys == ([CaseWhy.LATE_REVERSAL] if cleared else []), "she may have given it back by hand"


@pytest.mark.parametrize(
    "answer",
    [yes(100), replace(yes(), currency="USD"), replace(yes(), terminal_id="52500099")],
)
def test_a_reversal_of_something_else_is_no_reversal(answer: PaymentResult) -> None:
    """I7 for the way back."""
    lane, owed = owing()
    lane.play(ReadyToSend(owed.id, MARK), TerminalAnswered(owed.id, answer))
    assert first(lane).stage is Stage.CHECKING and not reversals(lane)


def test_a_result_of_a_reversal_in_doubt_is_not_acknowledged() -> None:
    lane, owed = owing()
    lane.play(ReadyToSend(owed.id, MARK), NoAnswer(owed.id))
    assert lane.turn(ResultReceived(owed.id, yes())) == [] and first(lane).stage is Stage.CHECKING


def test_it_goes_back_in_the_currency_in_which_it_was_taken() -> None:
    lane, _ = owing()
    deeds = lane.turn(Restarted(replace(POLICY, currency="CHF")))
    assert [deed.currency for deed in deeds if isinstance(deed, Reverse)] == ["EUR"]


def test_a_reversal_that_the_driver_has_is_not_given_to_it_twice() -> None:
    """The second would be refused for want of an answer, and that taken for the outcome of the first."""
    lane, owed = owing()
    lane.play(DeviceSeen(Device("terminal", Health.READY)), Reminded("ask_reversal"))
    lane.buy(MILK).play(BackPressed())
    assert [deed.attempt for deed in lane.done(Reverse)] == [owed.id]  # type: ignore[attr-defined]
    assert lane.turn(Restarted(POLICY)).count(lane.done(Reverse)[0]) == 1, "the driver is a new one, too"


@pytest.mark.parametrize("reason", ["not_supported"])
def test_what_this_terminal_can_never_give_back_is_a_case_and_does_not_block_the_lane(reason: str) -> None:
    lane, owed = owing()
    lane.play(TerminalAnswered(owed.id, PaymentResult(Outcome.NOT_CHARGED, reason=reason)))
    assert [case.why for case in lane.session.kept.cases] == [CaseWhy.NOT_REVERSED]
    assert lane.session.kept.giving_back == ()


@pytest.mark.parametrize("outcome", [Outcome.APPROVED, Outcome.NOT_CHARGED])
def test_a_colleague_takes_over_what_no_terminal_begins(outcome: Outcome) -> None:
    """Or a terminal that is gone for good would leave the money and every later card waiting."""
    lane, owed = owing()
    away = PaymentResult(Outcome.NOT_CHARGED, reason="terminal_away")
    lane.play(TerminalAnswered(owed.id, away), PinAccepted("17", "Sam"), OutcomeDecided(owed.id, outcome))
    assert first(lane).id == owed.id, "too soon"
    for _ in range(POLICY.ask_limit):
        lane.play(Reminded("ask_reversal"), TerminalAnswered(owed.id, away))
    lane.play(PinAccepted("17", "Sam"), OutcomeDecided(owed.id, outcome))
    assert lane.session.kept.giving_back == ()
    assert len(lane.session.kept.cases) + len(reversals(lane)) == 1
    assert Acknowledge(owed.id) not in lane.turn(ReadyToSend(owed.id, MARK)), "it is hers now"
