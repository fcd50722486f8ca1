"""Gift cards, vouchers and coupons: never spent twice, never lost, whatever comes in whatever order."""

import threading
from collections.abc import Callable, Iterator
from itertools import count
from typing import Any, TypeVar

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from litestar.testing import TestClient
from sqlalchemy import Engine, delete, select, update
from sqlalchemy.exc import DBAPIError

from kiosk.wire import ReserveValue, ValueDecision
from store import accounts, alarms, value
from store.accounts import Issue
from store.app import make_app
from store.database import open_database, value_salt, writing
from store.lanes import Lane, add_lane
from store.routes_value import ORDERS
from store.tables import value_accounts, value_movements, value_reservations

NUMBER = "GC9876543210987612"
ONE, TWO = Lane("0001", "1"), Lane("0001", "2")
T = TypeVar("T")
COUNT = count()


def issued(
    engine: Engine, amount: int = 5000, number: str = NUMBER, kind: str = "gift_card", **more: Any
) -> str:
    one = Issue(kind=kind, number=number, amount=amount, currency="EUR", **more)
    salt = value_salt(engine)
    with writing(engine) as db:
        return accounts.issue(db, salt, one, "Sam", 1)


def reserve(
    engine: Engine, id_: str, amount: int, lane: Lane = ONE, now: int = 1000, **more: Any
) -> value.Answer:
    asked = ReserveValue(
        **{"id": id_, "kind": "gift_card", "amount": amount, "currency": "EUR", "number": NUMBER, **more}
    )
    salt = value_salt(engine)
    with writing(engine) as db:
        return value.reserve(db, salt, lane, asked, now)


def decide(
    engine: Engine, do: str, id_: str, amount: int, lane: Lane = ONE, refund: str = ""
) -> value.Answer:
    order = ValueDecision(id_, do, "gift_card", amount, refund)  # type: ignore[arg-type]
    with writing(engine) as db:
        return ORDERS[do](db, lane, order, 2000)


def left(engine: Engine, account: str) -> int:
    with engine.connect() as db:
        return accounts.balance(db, account)


def complaints(engine: Engine) -> list[str]:
    with engine.connect() as db:
        return [one.detail for one in alarms.open_alarms(db)]


def at_once(*jobs: Callable[[], T]) -> list[T]:
    """All of them begun together, each in a thread of its own."""
    start, answers = threading.Barrier(len(jobs)), {}

    def run(n: int, job: Callable[[], T]) -> None:
        start.wait()
        answers[n] = job()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(jobs)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return [answers[n] for n in range(len(jobs))]


# ---- one after the other


def test_a_gift_card_gives_what_it_has_and_keeps_the_rest(lane: TestClient, engine: Engine) -> None:
    account = issued(engine, 5000)
    asked = {"id": "j-1-1", "kind": "gift_card", "amount": 3000, "currency": "EUR", "number": NUMBER}
    first = lane.post("/v1/value/reserve", json=asked)
    assert first.status_code == 201
    assert first.json() | {"reference": ""} == {
        "id": "j-1-1", "kind": "gift_card", "state": "reserved", "amount": 3000, "currency": "EUR", "last4": "7612",
        "reference": "", "reason": "", "code": "", "left": 2000,
    }  # fmt: skip
    again = lane.post("/v1/value/reserve", json=asked)
    assert (again.status_code, again.json()) == (200, first.json())
    order = {"id": "j-1-1", "do": "commit", "tender": "gift_card", "amount": 3000}
    assert [lane.put("/v1/value/j-1-1/commit", json=order).status_code for _ in range(3)] == [201, 200, 200]
    assert lane.get("/v1/value/j-1-1").json()["state"] == "committed"
    rest = lane.post("/v1/value/reserve", json={**asked, "id": "j-2-1", "amount": 9000}).json()
    assert (rest["state"], rest["amount"], rest["left"]) == ("reserved", 2000, 0)
    nothing = lane.post("/v1/value/reserve", json={**asked, "id": "j-3-1"}).json()
    assert (nothing["state"], nothing["reason"], nothing["amount"]) == ("refused", "no_balance", 0)
    assert left(engine, account) == 0


def test_what_is_cancelled_is_there_again(engine: Engine) -> None:
    account = issued(engine, 5000)
    reserve(engine, "a", 5000)
    assert left(engine, account) == 0
    assert decide(engine, "cancel", "a", 5000).conflict == ""
    assert decide(engine, "cancel", "a", 5000).again
    assert left(engine, account) == 5000


def test_a_cancel_that_comes_first_has_the_later_reserve_refused(lane: TestClient, engine: Engine) -> None:
    account = issued(engine)
    order = {"id": "late", "do": "cancel", "tender": "gift_card", "amount": 100}
    assert lane.put("/v1/value/late/cancel", json=order).json()["state"] == "cancelled"
    asked = {"id": "late", "kind": "gift_card", "amount": 100, "currency": "EUR", "number": NUMBER}
    answer = lane.post("/v1/value/reserve", json=asked)
    assert (answer.status_code, answer.json()["state"], answer.json()["reason"]) == (
        200,
        "cancelled",
        "withdrawn",
    )
    assert left(engine, account) == 5000
    assert complaints(engine) == []


def test_a_withdrawal_is_a_wish_that_leaves_what_is_reserved(lane: TestClient, engine: Engine) -> None:
    account = issued(engine)
    reserve(engine, "a", 100)
    assert lane.put("/v1/value/a/withdraw").json()["state"] == "reserved"
    assert lane.put("/v1/value/b/withdraw").json()["state"] == "cancelled"
    assert reserve(engine, "b", 100).state == lane_state(lane, "b")
    assert left(engine, account) == 4900


def lane_state(lane: TestClient, id_: str) -> Any:
    from msgspec.json import decode

    from kiosk.wire import ValueState

    return decode(lane.get(f"/v1/value/{id_}").content, type=ValueState)


@pytest.mark.parametrize(
    ("before", "order", "words"),
    [
        (["reserve", "cancel"], "commit", "commit after it was cancelled"),
        (["reserve", "commit"], "cancel", "cancel after it was committed"),
        (["cancel"], "commit", "commit after it was cancelled (withdrawn)"),
        ([], "commit", "commit of what was never reserved"),
    ],
)
def test_what_contradicts_is_kept_shown_and_never_done(
    lane: TestClient, engine: Engine, before: list[str], order: str, words: str
) -> None:
    account = issued(engine)
    for step in before:
        if step == "reserve":
            reserve(engine, "a", 700)
        else:
            decide(engine, step, "a", 700)
    stood = left(engine, account)
    body = {"id": "a", "do": order, "tender": "gift_card", "amount": 700}
    for _ in range(2):
        answer = lane.put(f"/v1/value/a/{order}", json=body)
        assert answer.status_code == 409
        assert words in answer.json()["detail"]
    assert left(engine, account) == stood
    assert complaints(engine) == [words]
    page = lane.get("/").text
    assert f"Gift card or voucher: {words} (lane 1, a," in page
    assert "sco_value_conflicts_total 1" in lane.get("/metrics").text.splitlines()


def test_another_amount_is_not_booked(engine: Engine) -> None:
    account = issued(engine)
    reserve(engine, "a", 700)
    assert decide(engine, "commit", "a", 900).conflict == "commit of 900 where 700 is reserved"
    assert left(engine, account) == 4300


def test_the_same_id_for_another_thing_is_a_conflict(lane: TestClient, engine: Engine) -> None:
    issued(engine)
    asked = {"id": "a", "kind": "gift_card", "amount": 100, "currency": "EUR", "number": NUMBER}
    assert lane.post("/v1/value/reserve", json=asked).status_code == 201
    for other in ({"amount": 200}, {"currency": "CHF"}, {"number": "GC0000000000000000"}):
        assert lane.post("/v1/value/reserve", json={**asked, **other}).status_code == 409
    assert complaints(engine) == ["reserved again with another content"]


def test_another_lane_neither_sees_nor_moves_it(lane: TestClient, engine: Engine) -> None:
    issued(engine)
    reserve(engine, "a", 100)
    with TestClient(make_app(engine)) as other:
        other.headers["Authorization"] = f"Bearer {add_lane(engine, TWO)}"
        assert other.get("/v1/value/a").status_code == 403
        assert other.put("/v1/value/a/withdraw").status_code == 403
        order = {"id": "a", "do": "cancel", "tender": "gift_card", "amount": 100}
        assert other.put("/v1/value/a/cancel", json=order).status_code == 409
    assert lane_state(lane, "a").state == "reserved"


@pytest.mark.parametrize(
    ("issue", "asked", "reason"),
    [
        ({"kind": "deposit_voucher"}, {"kind": "deposit_voucher", "amount": 4999}, "worth_more"),
        ({"kind": "deposit_voucher"}, {}, "unknown_number"),
        ({"valid_to": "2026-01-01"}, {}, "expired"),
        ({}, {"currency": "CHF"}, "currency"),
        ({}, {"number": "GC0000000000000000"}, "unknown_number"),
    ],
)
def test_what_cannot_be_is_refused_with_its_reason(
    engine: Engine, issue: dict[str, Any], asked: dict[str, Any], reason: str
) -> None:
    issued(engine, **issue)
    state = reserve(engine, "a", **{"amount": 5000, **asked}, now=1_795_000_000_000).state
    assert state is not None
    assert (state.state, state.reason, state.amount) == ("refused", reason, 0)


def test_a_voucher_is_worth_its_whole_value_once(engine: Engine) -> None:
    account = issued(engine, 325, kind="deposit_voucher", machine="M7", day="2026-05-14")
    first = reserve(engine, "a", 2000, kind="deposit_voucher").state
    assert first is not None
    assert (first.amount, first.left) == (325, None)
    decide(engine, "commit", "a", 325)
    second = reserve(engine, "b", 2000, kind="deposit_voucher", lane=TWO).state
    assert second is not None
    assert (second.state, second.reason) == ("refused", "already_redeemed")
    assert left(engine, account) == 0


def test_a_serial_number_that_began_anew_is_another_voucher(engine: Engine) -> None:
    issued(engine, 325, kind="deposit_voucher", machine="M7", day="2026-05-14")
    reserve(engine, "a", 2000, kind="deposit_voucher")
    newer = issued(engine, 150, kind="deposit_voucher", machine="M7", day="2026-11-02")
    state = reserve(engine, "b", 2000, kind="deposit_voucher").state
    assert state is not None
    assert (state.amount, left(engine, newer)) == (150, 0)
    decide(engine, "cancel", "a", 325)
    decide(engine, "cancel", "b", 150)
    both = reserve(engine, "c", 2000, kind="deposit_voucher").state
    assert both is not None
    assert both.reason == "ambiguous"
    with pytest.raises(accounts.NotIssuedError, match=r"…7612 has been issued already"):
        issued(engine, 150, kind="deposit_voucher", machine="M7", day="2026-11-02")


def test_whoever_tries_out_numbers_at_a_lane_has_to_wait(engine: Engine) -> None:
    issued(engine)
    for n in range(value.TRIES):
        reserve(engine, f"guess{n}", 100, number=f"GC{n:016}", now=1_000_000)
    waits = reserve(engine, "a", 100, now=1_000_001).state
    elsewhere = reserve(engine, "b", 100, lane=TWO, now=1_000_001).state
    later = reserve(engine, "c", 100, now=1_000_001 + value.TRIES_WITHIN).state
    assert [one and (one.state, one.reason) for one in (waits, elsewhere, later)] == [
        ("refused", "try_later"), ("reserved", ""), ("reserved", ""),
    ]  # fmt: skip


def test_a_reservation_waits_for_its_lane_for_ever_or_is_released_by_name(
    lane: TestClient, engine: Engine
) -> None:
    account = issued(engine)
    reserve(engine, "a", 700, now=0)
    with engine.connect() as db:
        assert [(one.id, one.age) for one in value.held(db, 90 * 86_400_000)] == [("a", 90 * 86_400_000)]
    assert "<h2>Reserved</h2>" in lane.get("/").text
    assert "sco_value_reserved 1" in lane.get("/metrics").text.splitlines()
    with writing(engine) as db:
        assert value.release(db, "a", "Sam", 5) == ""
        assert value.release(db, "a", "Sam", 5) == "it is cancelled"
        assert value.release(db, "b", "Sam", 5) == "there is no such reservation"
    assert left(engine, account) == 5000
    assert decide(engine, "commit", "a", 700).conflict == "commit after it was cancelled (released)"
    with engine.connect() as db:
        rows = accounts.movements(db, account)
    assert [(row.what, row.amount, row.by) for row in rows] == [
        ("issue", 5000, "Sam"), ("reserve", -700, ""), ("release", 700, "Sam"),
    ]  # fmt: skip


def test_no_number_is_kept_and_no_movement_changed(engine: Engine, url: str) -> None:
    issued(engine)
    reserve(engine, "a", 100)
    with engine.connect() as db:
        kept = "".join(
            str(tuple(row))
            for table in (value_accounts, value_reservations)
            for row in db.execute(select(table))
        )
    assert NUMBER not in kept
    assert NUMBER[:-4] not in kept
    for statement in (update(value_movements).values(amount=1), delete(value_movements)):
        with pytest.raises(DBAPIError, match="only ever added to"), engine.begin() as db:
            db.execute(statement)


@pytest.mark.parametrize(
    "changed",
    [
        {"amount": 0},
        {"amount": -5},
        {"kind": "cash"},
        {"currency": "euro"},
        {"number": "x" * 129},
        {"id": ""},
    ],
)
def test_what_is_no_question_is_not_answered(lane: TestClient, changed: dict[str, Any]) -> None:
    asked = {"id": "a", "kind": "gift_card", "amount": 100, "currency": "EUR", "number": NUMBER, **changed}
    answer = lane.post("/v1/value/reserve", json=asked)
    assert answer.status_code == 400
    assert NUMBER not in answer.text


def test_a_refund_credits_the_card_once_from_whatever_lane_and_never_more_than_it_paid(
    engine: Engine,
) -> None:
    account = issued(engine)
    reserve(engine, "a", 700)
    assert decide(engine, "credit", "a", 200, lane=TWO, refund="r1").conflict == ""
    assert decide(engine, "commit", "a", 700).conflict == ""
    assert decide(engine, "credit", "a", 200, lane=TWO, refund="r1").again
    assert decide(engine, "credit", "a", 300, refund="r2").conflict == ""
    assert left(engine, account) == 4800
    for amount, refund, words in (
        (201, "r3", "credits of more than the 700 that it paid"),
        (100, "r1", "credit for refund 'r1' with another amount"),
        (100, "", "credit for refund '' with another amount"),
    ):
        assert decide(engine, "credit", "a", amount, refund=refund).conflict == words
    assert decide(engine, "credit", "b", 5, refund="r4").conflict == "credit of what was never reserved"
    assert left(engine, account) == 4800


def test_what_was_refunded_is_not_set_free_as_well(engine: Engine) -> None:
    account = issued(engine)
    reserve(engine, "a", 700)
    decide(engine, "credit", "a", 200, refund="r1")
    assert decide(engine, "cancel", "a", 700).conflict == "cancel after a refund of it"
    assert left(engine, account) == 4500


# ---- in any order

STEPS = st.lists(
    st.tuples(
        st.sampled_from(["reserve", "commit", "cancel", "withdraw"]), st.integers(0, 2), st.integers(0, 1)
    ),
    max_size=14,
)


@pytest.fixture(scope="module")
def books(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    engine = open_database(f"sqlite:///{tmp_path_factory.mktemp('any') / 'store.db'}")
    yield engine
    engine.dispose()


@settings(max_examples=60)
@given(STEPS)
def test_in_any_order_the_books_add_up(books: Engine, orders: list[tuple[str, int, int]]) -> None:
    number = f"CARD{next(COUNT):012}"
    account = issued(books, 1000, number=number)
    ended: dict[str, str] = {}
    for do, n, lane in orders:
        id_, who = f"{number}-{n}-{lane}", (ONE, TWO)[lane]
        match do:
            case "reserve":
                answer = reserve(books, id_, 400 + n, lane=who, number=number)
            case "withdraw":
                with writing(books) as db:
                    answer = value.withdraw(db, who, id_, 3)
            case _:
                with books.connect() as db:
                    known = value.shown(db, id_)
                answer = decide(books, do, id_, known.amount if known else 5, lane=who)
        if answer.state is not None and id_ in ended:
            assert answer.state.state == ended[id_]
        if answer.state is not None and answer.state.state in ("committed", "cancelled", "refused"):
            ended[id_] = answer.state.state
    r = value_reservations.c
    with books.connect() as db:
        mine = db.execute(
            select(r.amount).where(r.account == account, r.state.in_(("reserved", "committed")))
        )
        taken = sum(mine.scalars())
    assert left(books, account) == 1000 - taken >= 0
