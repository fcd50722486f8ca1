"""Two kiosks and one voucher, one id from many threads, commit against cancel: exactly one wins, on both databases."""

from sqlalchemy import Engine

from store import value
from store.lanes import Lane
from tests.store.test_value import ONE, TWO, at_once, decide, issued, left, reserve


def test_two_refunds_at_once_never_credit_too_much(engine: Engine) -> None:
    for n in range(6):
        number = f"CARD{n:012}"
        account = issued(engine, 1000, number=number)
        reserve(engine, f"z{n}", 400, number=number)
        answers = at_once(
            *(
                lambda n=n, lane=lane: decide(engine, "credit", f"z{n}", 300, lane=lane, refund=lane.lane)
                for lane in (ONE, TWO)
            )
        )
        assert sum(not one.conflict for one in answers) == 1
        assert left(engine, account) == 900


def test_of_two_kiosks_with_one_voucher_exactly_one_wins(engine: Engine) -> None:
    for n in range(8):
        number = f"VOUCHER{n:09}"
        account = issued(engine, 250, number=number, kind="deposit_voucher")
        answers = at_once(
            *(
                lambda lane=lane, n=n, number=number: reserve(
                    engine, f"v{n}-{lane.lane}", 900, lane=lane, kind="deposit_voucher", number=number
                )
                for lane in (ONE, TWO, Lane("0001", "3"))
            )
        )
        states = sorted((one.state.state, one.state.reason) for one in answers if one.state)
        assert states == [("refused", "already_redeemed")] * 2 + [("reserved", "")]
        assert left(engine, account) == 0


def test_of_two_kiosks_with_the_last_euros_of_a_card_nobody_gets_too_much(engine: Engine) -> None:
    for n in range(8):
        number = f"CARD{n:012}"
        account = issued(engine, 1000, number=number)
        answers = at_once(
            *(
                lambda lane=lane, n=n, number=number: reserve(
                    engine, f"c{n}-{lane.lane}", 700, lane=lane, number=number
                )
                for lane in (ONE, TWO)
            )
        )
        assert sorted(one.state.amount for one in answers if one.state) == [300, 700]
        assert left(engine, account) == 0


def test_the_same_reservation_from_many_threads_is_made_once(engine: Engine) -> None:
    account = issued(engine, 5000)
    answers = at_once(*(lambda: reserve(engine, "a", 700) for _ in range(5)))
    assert sorted(one.again for one in answers) == [False, True, True, True, True]
    assert {one.state.amount for one in answers if one.state} == {700}
    assert left(engine, account) == 4300


def test_commit_and_cancel_at_once_end_as_one_of_them(engine: Engine) -> None:
    for n in range(6):
        number = f"CARD{n:012}"
        account = issued(engine, 1000, number=number)
        reserve(engine, f"x{n}", 400, number=number)
        answers = at_once(
            lambda n=n: decide(engine, "commit", f"x{n}", 400),
            lambda n=n: decide(engine, "cancel", f"x{n}", 400),
        )
        assert sum(not one.conflict for one in answers) == 1
        assert left(engine, account) == (600 if not answers[0].conflict else 1000)


def test_a_cancel_and_its_reserve_at_once_leave_nothing_reserved(engine: Engine) -> None:
    for n in range(6):
        number = f"CARD{n:012}"
        account = issued(engine, 1000, number=number)
        at_once(
            lambda n=n, number=number: reserve(engine, f"y{n}", 400, number=number),
            lambda n=n: decide(engine, "cancel", f"y{n}", 400),
        )
        with engine.connect() as db:
            state = value.shown(db, f"y{n}")
        assert state is not None
        assert state.state == "cancelled"
        assert left(engine, account) == 1000
