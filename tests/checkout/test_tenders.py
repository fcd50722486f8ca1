"""Split payment: limited tenders first, the card for the exact rest; one that fails takes nothing with it."""

import pytest
from msgspec.structs import replace

from kiosk.barcode import DepositVoucher, GiftCard
from kiosk.checkout.effects import AskServer, Authorise, Print, Report, Reserve, Reverse, Withdraw
from kiosk.checkout.events import (
    BackPressed,
    NoAnswer,
    OutcomeDecided,
    PayPressed,
    PinAccepted,
    ReadyToSend,
    Reminded,
    Restarted,
    ResultReceived,
    Scanned,
    TenderChosen,
    TerminalAnswered,
    ValueAnswered,
    WalletShown,
)
from kiosk.checkout.money import Mark, Outcome, PaymentResult, Tender, TenderKind
from kiosk.checkout.passed import DeviceSeen
from kiosk.checkout.records import ClosedSale, HandedOver, ValueOrder
from kiosk.checkout.session import Device, Finishing, Handover, Health, Paying
from kiosk.checkout.step import step
from kiosk.units import Minor
from tests.lane import MILK, POLICY, Lane, item

SHOP = replace(POLICY, tenders=tuple(TenderKind), handover=True, meal_voucher_cap=Minor(2500))
SANDWICH = item(8, "Sandwich", 450, meal_voucher=True)
FEAST = item(9, "Hot dish for six", 3000, meal_voucher=True)
MARK = Mark("52500041", "0007")


def lane(*things: object) -> Lane:
    """A lane of a shop that takes everything, with these things in the basket."""
    made = Lane(items=(MILK, SANDWICH, FEAST))
    made.play(Restarted(SHOP))
    return made.buy(*things)  # type: ignore[arg-type]


def asked(made: Lane, kind: type = Authorise) -> Authorise:
    return made.done(kind)[-1]  # type: ignore[return-value]


def charged(made: Lane, amount: int | None = None) -> Lane:
    """The terminal approves what it was asked for last, or less."""
    ask = asked(made)
    made.play(ReadyToSend(ask.attempt, MARK))
    result = PaymentResult(Outcome.APPROVED, Minor(amount or ask.amount), "EUR", "52500041", "0008")
    return made.play(TerminalAnswered(ask.attempt, result))


def held(made: Lane, amount: int) -> Lane:
    """The server sets that much aside for what it was asked for last."""
    result = PaymentResult(Outcome.APPROVED, Minor(amount), "EUR", last4="0042")
    return made.play(ValueAnswered(asked(made, Reserve).attempt, result))


def refused(made: Lane, reason: str) -> Lane:
    return made.play(
        ValueAnswered(asked(made, Reserve).attempt, PaymentResult(Outcome.NOT_CHARGED, reason=reason))
    )


def paying(made: Lane) -> Paying:
    phase = made.session.kept.phase
    assert isinstance(phase, Paying), phase
    return phase


def records(made: Lane, kind: type) -> list[object]:
    return [deed.record for deed in made.done(Report) if isinstance(deed.record, kind)]  # type: ignore[attr-defined]


def orders(made: Lane) -> list[tuple[str, str]]:
    return [(order.id, order.do) for order in records(made, ValueOrder)]  # type: ignore[attr-defined]


def test_where_only_cards_are_taken_pay_asks_the_terminal_at_once() -> None:
    assert Lane().buy(MILK).play(PayPressed()).done(Authorise)


def test_elsewhere_pay_asks_how() -> None:
    made = lane(MILK).play(PayPressed())
    assert paying(made).attempt is None and not made.done(Authorise)


def test_a_meal_voucher_pays_for_food_alone_a_gift_card_more_and_the_card_the_exact_rest() -> None:
    made = lane(SANDWICH, MILK, MILK).play(PayPressed(), TenderChosen("meal_voucher"))
    ask = asked(made)
    assert (ask.amount, ask.kind, ask.partial) == (450, TenderKind.MEAL_VOUCHER, True)
    charged(made).play(Scanned(GiftCard()))
    assert asked(made, Reserve).amount == 250
    held(made, 100).play(PayPressed())
    assert (asked(made).amount, asked(made).partial) == (150, False)
    charged(made)
    (sale,) = records(made, ClosedSale)
    assert [(tender.kind, tender.amount) for tender in sale.tenders] == [  # type: ignore[attr-defined]
        (TenderKind.MEAL_VOUCHER, 450), (TenderKind.GIFT_CARD, 100), (TenderKind.CARD, 150),
    ]  # fmt: skip
    assert [do for _, do in orders(made)] == ["commit"], "booked in the same turn as the sale"


def test_a_meal_voucher_is_capped_and_may_authorise_less() -> None:
    made = lane(FEAST).play(PayPressed(), TenderChosen("meal_voucher"))
    assert asked(made).amount == 2500
    charged(made, 1900).play(TenderChosen("meal_voucher"))
    assert asked(made).amount == 600, "what is left of the day's cap"


def test_what_nothing_can_be_paid_with_is_said_and_not_asked_for() -> None:
    made = lane(MILK).play(PayPressed(), TenderChosen("meal_voucher"))
    assert paying(made).declined == "nothing_for_it" and not made.done(Authorise)


@pytest.mark.parametrize("reason", ["used", "server_away", "not_usable"])
def test_a_voucher_that_was_used_or_cannot_be_checked_takes_nothing(reason: str) -> None:
    made = lane(MILK).play(PayPressed(), Scanned(DepositVoucher()))
    refused(made, reason)
    assert paying(made).declined == reason and not made.sale.tenders and not orders(made)


def test_when_the_card_fails_what_was_paid_before_goes_back_last_one_first() -> None:
    made = lane(SANDWICH, MILK, MILK).play(PayPressed(), TenderChosen("meal_voucher"))
    charged(made).play(Scanned(GiftCard()))
    held(made, 100).play(PayPressed())
    card, voucher = asked(made), made.done(Authorise)[0]
    made.play(ReadyToSend(card.attempt, MARK))
    made.play(TerminalAnswered(card.attempt, PaymentResult(Outcome.NOT_CHARGED, result_code="05")))
    assert len(made.sale.tenders) == 2, "she may try another card"
    made.play(BackPressed())
    gift = asked(made, Reserve).attempt
    assert orders(made) == [(gift, "cancel")] and made.sale.tenders == ()
    (back,) = made.done(Reverse)
    assert (back.of, back.amount) == (voucher.attempt, 450)  # type: ignore[attr-defined]
    assert [each.of for each in made.session.kept.giving_back] == [voucher.attempt]


def test_while_money_goes_back_nothing_else_is_asked_of_the_terminal() -> None:
    made = lane(SANDWICH, MILK).play(PayPressed(), TenderChosen("meal_voucher"))
    charged(made).play(BackPressed(), PayPressed(), PayPressed())
    assert paying(made).declined == "giving_back" and len(made.done(Authorise)) == 1
    back = made.session.kept.giving_back[0]
    done = PaymentResult(Outcome.APPROVED, back.amount, "EUR", "52500041")
    made.play(ReadyToSend(back.id, MARK), TerminalAnswered(back.id, done), PayPressed())
    assert len(made.done(Authorise)) == 2


def test_a_card_that_gives_less_than_was_asked_for_is_no_payment_and_goes_back() -> None:
    made = lane(MILK).play(PayPressed(), PayPressed())
    ask = asked(made)
    charged(made, 100)
    assert paying(made).attempt is not None, "it is looked up first"
    made.play(
        TerminalAnswered(ask.attempt, PaymentResult(Outcome.APPROVED, Minor(100), "EUR", "52500041", "0008"))
    )
    assert paying(made).declined == "too_little" and not made.sale.tenders
    assert [each.amount for each in made.session.kept.giving_back] == [100]


def test_the_server_does_not_answer_so_the_reservation_is_called_off_and_nobody_has_to_decide() -> None:
    made = lane(MILK).play(PayPressed(), Scanned(GiftCard()))
    attempt = asked(made, Reserve).attempt
    for _ in range(6):
        made.play(NoAnswer(attempt), Reminded("ask"))
    assert len(made.done(AskServer)) == 3 and orders(made) == [(attempt, "cancel")]
    assert paying(made).declined == "server_away"
    held(made, 125)
    assert not made.sale.tenders, "what the server held after all is released by the order"


def test_after_a_power_cut_the_server_is_asked_what_it_holds() -> None:
    made = lane(MILK).play(PayPressed(), Scanned(GiftCard()))
    made.play(Restarted(SHOP), Reminded("ask"))
    assert made.deeds[-1] == AskServer(asked(made, Reserve).attempt)
    held(made, 125)
    assert made.phase == "Finishing"


def test_a_terminal_cannot_speak_for_the_server_nor_the_server_for_a_terminal() -> None:
    made = lane(MILK).play(PayPressed(), PayPressed())
    ask = asked(made)
    yes = PaymentResult(Outcome.APPROVED, ask.amount, "EUR", "52500041")
    made.play(ReadyToSend(ask.attempt, MARK), ValueAnswered(ask.attempt, yes))
    assert made.phase == "Paying"
    made = lane(MILK).play(PayPressed(), Scanned(GiftCard()))
    attempt = asked(made, Reserve).attempt
    made.play(TerminalAnswered(attempt, yes))
    assert made.phase == "Paying"


def test_a_wallet_shows_its_code_and_is_called_off_when_its_time_is_over() -> None:
    made = lane(MILK).play(PayPressed(), TenderChosen("wallet"))
    attempt = asked(made, Reserve).attempt
    made.play(WalletShown(attempt, "https://pay.example/1"))
    assert paying(made).attempt.shown == "https://pay.example/1"  # type: ignore[union-attr]
    made.play(Reminded("wallet"))
    assert made.deeds[-1] == Withdraw(attempt)
    made.play(ValueAnswered(attempt, PaymentResult(Outcome.NOT_CHARGED, reason="withdrawn")))
    assert made.phase == "Paying" and paying(made).attempt is None


def test_a_wallet_that_is_still_open_after_a_power_cut_is_waited_for() -> None:
    made = lane(MILK).play(PayPressed(), TenderChosen("wallet"))
    attempt = asked(made, Reserve).attempt
    made.play(WalletShown(attempt, "https://pay.example/1"), Restarted(SHOP))
    open_still = PaymentResult(Outcome.UNKNOWN, reason="in_progress")
    for _ in range(8):
        made.play(Reminded("ask"), ValueAnswered(attempt, open_still))
    assert paying(made).attempt is not None and not orders(made)
    held(made, 125)
    assert made.phase == "Finishing"


def test_a_wallet_that_was_paid_in_the_very_moment_is_a_sale() -> None:
    made = lane(MILK).play(PayPressed(), TenderChosen("wallet"), BackPressed())
    held(made, 125)
    assert made.phase == "Finishing" and [do for _, do in orders(made)] == ["commit"]


def test_cash_hands_the_basket_over_and_gives_back_what_was_paid() -> None:
    made = lane(SANDWICH, MILK).play(PayPressed(), Scanned(GiftCard()))
    held(made, 100).play(TenderChosen("handover"))
    (record,) = records(made, HandedOver)
    assert isinstance(made.session.kept.phase, Handover) and record.priced.total == 575  # type: ignore[attr-defined]
    assert [do for _, do in orders(made)] == ["cancel"] and not records(made, ClosedSale)
    assert [deed.document for deed in made.done(Print)] == [record]  # type: ignore[attr-defined]


def test_in_training_no_terminal_is_asked_and_the_sale_says_so() -> None:
    made = Lane()
    made.session, _ = step(made.session, Restarted(POLICY), made.now)
    made.session = replace(made.session, kept=replace(made.session.kept, training=True))
    made.buy(MILK).play(PayPressed())
    phase = made.session.kept.phase
    assert isinstance(phase, Finishing) and phase.closed.training and not made.done(Authorise)
    assert phase.closed.tenders == (Tender(TenderKind.TRAINING, Minor(125)),)


def test_a_basket_that_is_left_is_in_the_books_and_what_paid_for_it_goes_back() -> None:
    made = lane(SANDWICH, MILK).play(PayPressed(), Scanned(GiftCard()))
    held(made, 100).play(Reminded("abandon"), Reminded("suspend"))
    (record,) = records(made, HandedOver)
    assert made.phase == "Idle" and record.priced.total == 575  # type: ignore[attr-defined]
    assert [do for _, do in orders(made)] == ["cancel"]


def test_one_attempt_has_one_id_for_ever() -> None:
    made = lane(MILK).play(PayPressed())
    for _ in range(3):
        made.play(Scanned(GiftCard()))
        refused(made, "used")
    made.play(PayPressed())
    ids = [deed.attempt for deed in (*made.done(Reserve), *made.done(Authorise))]  # type: ignore[attr-defined]
    assert [id[:6] for id in ids] == ["j0-1-1", "j0-1-2", "j0-1-3", "j0-1-4"]


def test_a_meal_voucher_that_comes_too_late_goes_back_as_one() -> None:
    made = lane(SANDWICH).play(PayPressed(), TenderChosen("meal_voucher"))
    ask = asked(made)
    made.play(ReadyToSend(ask.attempt, MARK))
    made.play(TerminalAnswered(ask.attempt, PaymentResult(Outcome.NOT_CHARGED)))
    made.play(TerminalAnswered(ask.attempt, PaymentResult(Outcome.APPROVED, ask.amount, "EUR", "52500041")))
    assert [each.kind for each in made.session.kept.giving_back] == [TenderKind.MEAL_VOUCHER]


def test_of_a_meal_voucher_less_may_be_taken_but_never_less_given_back() -> None:
    made = lane(SANDWICH, MILK).play(PayPressed(), TenderChosen("meal_voucher"))
    charged(made).play(BackPressed())
    back = made.session.kept.giving_back[0]
    made.play(ReadyToSend(back.id, MARK), NoAnswer(back.id))
    deeds = made.turn(Reminded("ask_reversal")) + made.turn(DeviceSeen(Device("terminal", Health.READY)))
    assert [deed.partial for deed in deeds] == [False, False]  # type: ignore[union-attr]


def test_what_came_too_late_goes_back_between_two_ways_to_pay() -> None:
    """It waits while the terminal is asked for something else, and not for the end of the sale."""
    made = lane(SANDWICH, MILK).play(PayPressed(), PayPressed())
    first = asked(made)
    made.play(
        TerminalAnswered(first.attempt, PaymentResult(Outcome.NOT_CHARGED)), TenderChosen("meal_voucher")
    )
    made.play(TerminalAnswered(first.attempt, PaymentResult(Outcome.APPROVED, first.amount, "EUR")))
    assert not made.done(Reverse)
    charged(made)
    assert paying(made).attempt is None and [deed.of for deed in made.done(Reverse)] == [first.attempt]  # type: ignore[attr-defined]


@pytest.mark.parametrize("outcome", [Outcome.APPROVED, Outcome.NOT_CHARGED])
def test_a_colleague_cannot_speak_for_the_store_server(outcome: Outcome) -> None:
    made = lane(MILK).play(PayPressed(), Scanned(GiftCard()))
    attempt = asked(made, Reserve).attempt
    made.play(NoAnswer(attempt), PinAccepted("17", "Sam"), OutcomeDecided(attempt, outcome))
    assert paying(made).attempt is not None


def test_a_colleague_decides_about_as_much_of_a_meal_voucher_as_the_terminal_had_told() -> None:
    made = lane(SANDWICH).play(PayPressed(), TenderChosen("meal_voucher"))
    ask = asked(made)
    less = PaymentResult(Outcome.APPROVED, Minor(300), "EUR", "52500041", "0008")
    made.play(ReadyToSend(ask.attempt, MARK), ResultReceived(ask.attempt, less), NoAnswer(ask.attempt))
    made.play(PinAccepted("17", "Sam"), OutcomeDecided(ask.attempt, Outcome.APPROVED))
    assert [tender.amount for tender in made.sale.tenders] == [300] and made.session.kept.taken == 300


def test_a_wallet_that_is_still_open_after_a_power_cut_is_not_called_off() -> None:
    """Its code is shown again, its time runs again, and she may still go back."""
    made = lane(MILK).play(PayPressed(), TenderChosen("wallet"))
    attempt = asked(made, Reserve).attempt
    made.play(WalletShown(attempt, "https://pay.example/1"), Restarted(SHOP), Reminded("ask"))
    made.play(WalletShown(attempt, "https://pay.example/1"))
    made.play(ValueAnswered(attempt, PaymentResult(Outcome.UNKNOWN, reason="in_progress")))
    for _ in range(6):
        made.play(Reminded("ask"))
    assert not orders(made) and paying(made).attempt is not None
    made.play(Reminded("wallet"))
    assert made.deeds[-1] == Withdraw(attempt)
