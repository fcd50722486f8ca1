"""The contract of a card terminal, on the wire between driver and simulated nexo terminal."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from random import Random

import pytest

from drivers.simulated.terminal import Fault
from drivers.simulated.terminal_nexo import NexoTerminal
from drivers.simulated.world import Card
from drivers.terminals.nexo.identity import anew, of_attempt
from kiosk.checkout import effects
from kiosk.checkout.effects import Abort, Acknowledge, AskTerminal, Authorise, EndOfDay
from kiosk.checkout.events import NoAnswer, ReadyToSend, ResultReceived, TerminalAnswered
from kiosk.checkout.money import Mark, Outcome, PaymentResult, TenderKind
from kiosk.checkout.passed import TerminalSays
from kiosk.checkout.session import Health
from kiosk.units import AttemptId, Minor
from tests.drivers.terminals.nexo_till import Till, asked, terminal_with, till_at


@pytest.fixture
def terminal() -> Iterator[NexoTerminal]:
    with terminal_with(Card(last4="4111")) as peer:
        yield peer


@pytest.fixture
def till(terminal: NexoTerminal) -> Iterator[Till]:
    with till_at(terminal) as till:
        yield till


def test_it_is_ready_once_it_has_answered(till, terminal):
    assert till.events[-1].device.detail == terminal.poi_id
    assert terminal.steps == ["hear Diagnosis", "say Diagnosis"]


def test_an_approved_payment(till, terminal):
    result = till.pay()
    assert (result.outcome, result.amount, result.currency) == (Outcome.APPROVED, till.amount, "EUR")
    assert (result.terminal_id, result.authorisation) == (terminal.poi_id, "291675")
    assert (result.last4, result.card_name) == ("4111", "Visa")
    assert result.slip == ("CUSTOMER", "Card Visa", "PAN ************4111", "TOTAL € 20.40")
    assert result.reference
    assert terminal.book.charged == till.amount
    kinds = [type(event) for event in till.events[-4:]]
    assert kinds == [ReadyToSend, TerminalSays, ResultReceived, TerminalAnswered]


def test_the_amount_goes_out_in_major_units_and_as_a_decimal(till, terminal):
    till.pay()
    (frame,) = [each for each in terminal.log if b"PaymentRequest" in each]
    assert b'"RequestedAmount":20.40' in frame


def test_nothing_leaves_before_the_mark_is_durable(till, terminal):
    till.acknowledges = False
    till.authorise()
    mark = till.until(ReadyToSend).mark
    assert (mark.terminal_id, mark.trace) == (terminal.poi_id, of_attempt(till.attempt))
    assert "hear Payment" not in terminal.steps
    till.order(Acknowledge(till.attempt))
    till.until(ResultReceived)
    till.order(Acknowledge(till.attempt))
    assert till.answer().outcome is Outcome.APPROVED


def test_what_stays_unwritten_for_too_long_is_not_sent(terminal):
    with till_at(terminal, commit=0.5) as till:
        till.acknowledges = False
        assert till.pay().outcome is Outcome.NOT_CHARGED
    assert "hear Payment" not in terminal.steps


def test_an_approval_stands_though_it_was_not_written_in_time(terminal):
    with till_at(terminal, commit=5.0) as till:
        till.acknowledges = False
        till.authorise()
        till.until(ReadyToSend)
        till.order(Acknowledge(till.attempt))
        assert till.answer().outcome is Outcome.APPROVED


def test_every_request_has_an_id_of_its_own_and_an_attempt_the_same_for_ever(till, terminal):
    till.pay()
    till.ask()
    till.attempt = AttemptId("lane-1-7-2")
    till.pay()
    ids = [
        each["MessageHeader"]["ServiceID"]
        for kind in ("Diagnosis", "Payment", "TransactionStatus")
        for each in asked(terminal, kind)
    ]
    assert len(ids) == len(set(ids)) == 4
    assert all(1 <= len(id) <= 10 and id.isalnum() for id in ids)
    assert of_attempt(AttemptId("lane-1-7-1")) in ids


def test_a_random_id_is_never_that_of_an_attempt():
    chance = Random(1)
    assert {anew(chance)[0] for _ in range(1000)} == {"Q"}
    assert {of_attempt(AttemptId(str(number)))[0] for number in range(1000)} == {"A"}
    assert len({of_attempt(AttemptId(str(number))) for number in range(20_000)}) == 20_000


@pytest.mark.parametrize(
    ("bank", "code", "reason"), [("declines", "Refusal", "declined"), ("wrong_pin", "WrongPIN", "pin_wrong")]
)
def test_a_card_that_is_refused(till, terminal, bank, code, reason):
    terminal.world.change(card=Card(bank=bank))
    result = till.pay()
    assert (result.outcome, result.result_code, result.reason) == (Outcome.NOT_CHARGED, code, reason)
    assert terminal.book.charged == 0


def test_the_shopper_breaks_it_off_while_the_payment_is_still_open(till, terminal):
    terminal.world.change(card=None)
    till.authorise()
    till.until(TerminalSays)
    till.order(Abort(till.attempt))
    result = till.answer()
    assert (result.outcome, result.reason) == (Outcome.NOT_CHARGED, "cancelled")
    broken_off = terminal.steps.index("hear Abort")
    assert terminal.steps[broken_off + 1] == "say Payment"


def test_a_wish_to_break_off_is_only_a_wish(till, terminal):
    terminal.world.change(card=None)
    terminal.ignores_abort = True
    till.authorise()
    till.until(TerminalSays)
    till.order(Abort(till.attempt))
    terminal.world.change(card=Card())
    assert till.answer().outcome is Outcome.APPROVED


def test_a_wish_to_break_off_before_anything_was_sent_is_granted_here(till, terminal):
    till.acknowledges = False
    till.authorise()
    till.until(ReadyToSend)
    till.order(Abort(till.attempt))
    assert till.answer().reason == "cancelled"
    assert "hear Payment" not in terminal.steps


def test_nobody_presents_a_card(till, terminal):
    terminal.world.change(card=None)
    terminal.card_seconds = 0.0
    assert till.pay().outcome is Outcome.NOT_CHARGED


def test_busy_means_that_this_payment_was_not_started(till, terminal):
    terminal.busy_answers = 1
    result = till.pay()
    assert (result.outcome, result.reason) == (Outcome.NOT_CHARGED, "busy")
    assert terminal.book.charged == 0


def test_more_than_was_asked_for_is_never_approved(till, terminal):
    terminal.authorises = 2041
    result = till.pay()
    assert (result.outcome, result.amount) == (Outcome.UNKNOWN, 2041)
    assert not any(isinstance(event, ResultReceived) for event in till.events)
    assert till.ask().outcome is Outcome.UNKNOWN


@pytest.mark.parametrize("taken", [0, 1, 2039])
def test_less_is_told_as_it_is(till, terminal, taken):
    terminal.authorises = taken
    result = till.pay()
    assert result.amount == taken
    assert result.outcome is (Outcome.APPROVED if taken else Outcome.UNKNOWN)


def test_a_partial_approval_where_it_is_allowed(till, terminal):
    terminal.partly = 1500
    result = till.pay(partial=True, kind=TenderKind.MEAL_VOUCHER)
    assert (result.outcome, result.amount) == (Outcome.APPROVED, 1500)
    till.attempt = AttemptId("lane-1-7-2")
    assert till.pay().amount == till.amount
    assert terminal.book.charged == 1500 + till.amount


def test_meal_vouchers_are_taken_from_the_cards_that_are_some(terminal):
    with till_at(terminal, voucher_brands=("conecs", "up")) as till:
        till.pay(kind=TenderKind.MEAL_VOUCHER)
        conditions = asked(terminal, "Payment")[0]["PaymentRequest"]["PaymentTransaction"][
            "TransactionConditions"
        ]
        assert conditions == {"AllowedPaymentBrand": ["conecs", "up"]}


def test_an_amount_left_over_from_before_is_not_taken_for_ours(till, terminal):
    terminal.busy_with = 999_00
    assert till.pay().outcome is Outcome.UNKNOWN


@pytest.mark.parametrize("field", ["amount", "currency"])
def test_what_the_terminal_does_not_say_is_not_filled_in(till, terminal, field):
    terminal.omits = frozenset({field})
    for result in (till.pay(), till.ask()):
        assert result.outcome is Outcome.APPROVED
        assert getattr(result, field) is None


@pytest.mark.parametrize(
    "wrong",
    [{"POIID": "V400m-1"}, {"SaleID": "LANE-2"}, {"ServiceID": "A1"}, {"MessageCategory": "Reversal"}],
)
def test_the_answer_to_something_else_settles_nothing(till, terminal, wrong):
    terminal.answers_for = wrong
    assert till.pay().outcome is Outcome.UNKNOWN
    assert till.ask().outcome is Outcome.UNKNOWN
    assert terminal.book.charged == till.amount


def test_a_header_without_the_terminal_is_no_answer(till, terminal):
    terminal.omits = frozenset({"poi"})
    assert till.pay().outcome is Outcome.UNKNOWN


def test_another_currency_is_not_sent(till, terminal):
    till.order(Authorise(till.attempt, till.amount, "CHF"))
    assert till.answer().outcome is Outcome.NOT_CHARGED
    assert "hear Payment" not in terminal.steps


# ---- asking


def test_a_payment_still_under_way_is_in_progress(terminal):
    terminal.world.change(card=None)
    with till_at(terminal, patience=1.0) as till:
        assert till.pay().outcome is Outcome.UNKNOWN
        asked_of = till.ask()
        assert (asked_of.outcome, asked_of.reason) == (Outcome.UNKNOWN, "in_progress")
        terminal.world.change(card=Card())
        late = till.answer()  # the answer to the POST, though nobody waits for it any more
        assert (late.outcome, late.amount) == (Outcome.APPROVED, till.amount)
        assert till.ask().outcome is Outcome.APPROVED


def test_a_payment_that_never_came_is_not_found(till):
    found = till.ask(AttemptId("another"))
    assert (found.outcome, found.reason) == (Outcome.UNKNOWN, "not_found")


def test_a_payment_of_long_ago_may_have_been_forgotten(till, terminal):
    long_ago = (datetime.now(UTC) - timedelta(days=3)).isoformat()
    mark = Mark(terminal.poi_id, f"Payment {long_ago}", of_attempt(till.attempt))
    till.order(AskTerminal(till.attempt, till.amount, "EUR", mark))
    assert (result := till.answer()).outcome is Outcome.UNKNOWN and result.reason == "forgotten"


def test_another_terminal_in_its_place_knows_nothing_of_it(till):
    mark = Mark("V400m-1", "", of_attempt(till.attempt))
    till.order(AskTerminal(till.attempt, till.amount, "EUR", mark))
    assert till.answer().reason == "another_terminal"


def test_a_decline_is_found_again(till, terminal):
    terminal.world.change(card=Card(bank="declines"))
    terminal.script = {3: Fault.CUT_BEFORE}
    assert till.pay().outcome is Outcome.UNKNOWN
    till.until_health(Health.READY)
    found = till.ask()
    assert (found.outcome, found.reason) == (Outcome.NOT_CHARGED, "declined")


def test_a_payment_found_again_brings_its_slip_and_its_reference(till, terminal):
    terminal.script = {3: Fault.CUT_BEFORE}
    assert till.pay().outcome is Outcome.UNKNOWN
    till.until_health(Health.READY)
    found = till.ask()
    assert found.outcome is Outcome.APPROVED and "PAN ************4111" in found.slip
    assert till.reverse(found).outcome is Outcome.APPROVED
    assert terminal.book.charged == 0


def test_it_is_found_after_a_restart_by_its_id_alone(till, terminal):
    paid = till.pay()
    till.close()
    with till_at(terminal) as again:
        assert again.ask().reference == paid.reference


# ---- health


def test_a_terminal_under_maintenance_says_so(till, terminal):
    terminal.status = "Maintenance"
    till.order(effects.TestDevice("terminal"))
    assert "Maintenance" in till.until_health(Health.FAULT).device.detail
    assert till.pay().reason == "terminal_away"
    terminal.status = "OK"
    till.until_health(Health.READY)
    assert till.pay().outcome is Outcome.APPROVED


def test_unplugged_nothing_is_charged_and_nothing_found_out(till, terminal):
    terminal.unplug()
    till.until_health(Health.OFFLINE)
    assert till.pay() == PaymentResult(Outcome.NOT_CHARGED, reason="terminal_away")
    assert till.ask() is None
    till.order(EndOfDay(AttemptId("day-1")))
    till.until(NoAnswer)
    terminal.replug()
    till.until_health(Health.READY)
    assert till.pay().outcome is Outcome.APPROVED


@pytest.mark.parametrize("sizes", [(1,), (2, 3), (100,)])
def test_messages_in_pieces(till, terminal, sizes):
    terminal.faults.split = sizes
    assert till.pay().outcome is Outcome.APPROVED


def test_a_wrong_clock_in_the_terminal_changes_nothing(till, terminal):
    terminal.clock_skew = timedelta(days=-400)
    paid = till.pay()
    assert paid.outcome is Outcome.APPROVED
    assert till.reverse(paid).outcome is Outcome.APPROVED


def test_a_yen_has_no_decimals(terminal):
    with till_at(terminal, currency="JPY") as till:
        till.order(Authorise(till.attempt, Minor(2040), "JPY"))
        till.until(ReadyToSend)
        till.until(TerminalAnswered)
        amounts = asked(terminal, "Payment")[0]["PaymentRequest"]["PaymentTransaction"]["AmountsReq"]
        assert Decimal(str(amounts["RequestedAmount"])) == 2040
