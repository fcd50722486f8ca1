"""Baskets set aside, at the server: kept by their lane until it lets go, then given to one, for one request."""

import threading
from collections.abc import Iterator
from typing import Any

import pytest
from litestar.testing import TestClient
from msgspec.structs import replace
from sqlalchemy import Engine

from kiosk.checkout.records import HandedOver, Released, Resumed
from kiosk.units import Millis, SaleId
from store import alarms
from store.app import make_app
from store.lanes import Lane, add_lane
from tests.store.test_refunds import NOW, TWO, basket, line

NAME, CODE = "BASKET-" + "A" * 26, "123456"


def aside(id_: str = "b1", name: str = NAME, code: str = CODE) -> HandedOver:
    return replace(basket(), id=SaleId(id_), name=name, code=code, why="staff", by="17")


def report(lane: TestClient, *records: Any) -> None:
    for number, record in enumerate(records):
        key = f"{record.kind}-{record.id}-{number}-{id(record)}"
        assert lane.put(f"/v1/records/{key}", content=line(record.kind, record)).status_code == 201


def free(id_: str = "b1") -> Released:
    return Released(SaleId(id_), Millis(NOW))


def take(lane: TestClient, request: str, key: str = NAME) -> dict[str, Any]:
    answer = lane.post("/v1/baskets/take", json={"type": "TakeBasket", "request": request, "key": key})
    assert answer.status_code == 200, answer.text
    return answer.json()  # type: ignore[no-any-return]


@pytest.fixture
def other(engine: Engine) -> Iterator[TestClient]:
    """Lane 2 of the same shop."""
    token = add_lane(engine, TWO)
    with TestClient(make_app(engine)) as client:
        client.headers["Authorization"] = f"Bearer {token}"
        yield client


def test_given_once_and_the_same_request_gets_the_same_answer(lane: TestClient, other: TestClient) -> None:
    report(lane, aside(), free())
    first = take(other, "r1")
    assert (first["answer"], first["basket"]["id"], first["lane"]) == ("yours", "b1", "1")
    assert take(other, "r1") == first, "its answer may have been lost"
    assert take(other, "r2")["answer"] == "taken" and take(lane, "r3")["answer"] == "taken"
    assert take(lane, "r1")["answer"] == "taken", "a request is its own lane's"


def test_its_lane_keeps_it_until_it_lets_go(lane: TestClient, other: TestClient) -> None:
    assert take(other, "r1")["answer"] == "unknown"
    report(lane, aside())
    kept = take(other, "r2")
    assert (kept["answer"], kept["lane"], kept["basket"]) == ("kept", "1", None)
    till = other.put("/v1/handovers/b1/take", json={"by": "Sam"})
    assert till.status_code == 409 and "lane 1 keeps it" in till.json()["detail"]
    report(other, free())
    assert take(other, "r3")["answer"] == "kept", "another lane cannot let it go"
    report(lane, free())
    assert take(other, "r4", CODE)["answer"] == "yours"


def test_a_till_may_take_it_as_well_and_then_no_lane(lane: TestClient, other: TestClient) -> None:
    report(lane, aside(), free())
    assert lane.put("/v1/handovers/b1/take", json={"by": "Sam"}).status_code == 200
    assert take(other, "r1")["answer"] == "taken"


def test_taken_up_where_it_was_set_aside_it_is_nowhere_else(lane: TestClient, other: TestClient) -> None:
    report(lane, aside(), Resumed(SaleId("b1"), SaleId("j-2"), Millis(NOW)))
    assert take(other, "r1")["answer"] == "taken" and take(lane, "r2", CODE)["answer"] == "taken"


def test_a_lane_lets_go_what_nobody_waited_for_and_that_request_is_used_up(
    lane: TestClient, other: TestClient
) -> None:
    report(lane, aside(), free())
    assert take(other, "r1")["answer"] == "yours"
    report(other, free())
    assert take(other, "r1")["answer"] == "taken", "a request that was long under way gets nothing"
    assert take(lane, "r2")["answer"] == "yours"


def test_two_with_one_number_are_told_apart_by_their_codes(lane: TestClient, other: TestClient) -> None:
    second = "BASKET-" + "B" * 26
    report(lane, aside(), free(), aside("b2", second), free("b2"))
    assert take(other, "r1", CODE)["answer"] == "ambiguous"
    assert take(other, "r2", second)["basket"]["id"] == "b2"
    assert take(other, "r3", CODE)["basket"]["id"] == "b1"


def test_another_shop_has_no_part_in_it(lane: TestClient, engine: Engine) -> None:
    report(lane, aside(), free())
    with TestClient(make_app(engine)) as elsewhere:
        elsewhere.headers["Authorization"] = f"Bearer {add_lane(engine, Lane('0002', '1'))}"
        assert take(elsewhere, "r1")["answer"] == "unknown"


def test_going_on_at_two_checkouts_is_told_to_a_person(
    lane: TestClient, other: TestClient, engine: Engine
) -> None:
    report(lane, aside(), free())
    assert take(other, "r1")["answer"] == "yours"
    report(other, Resumed(SaleId("b1"), SaleId("k-9"), Millis(NOW)))
    with engine.connect() as db:
        assert alarms.still_open(db) == 0
    report(lane, Resumed(SaleId("b1"), SaleId("j-2"), Millis(NOW)))
    with engine.connect() as db:
        (alarm,) = alarms.open_alarms(db, 9)
    assert (alarm.what, alarm.detail) == ("basket_twice", "0001/2 has it, too")
    assert "A basket set aside goes on at two checkouts" in lane.get("/").text


def test_the_monitor_shows_what_waits(lane: TestClient) -> None:
    report(lane, aside())
    assert "Set aside" in lane.get("/").text and "123456 there only" in lane.get("/").text
    report(lane, free())
    assert "there only" not in lane.get("/").text
    take(lane, "r1")
    assert "Set aside" not in lane.get("/").text


def test_of_many_that_ask_at_once_one_has_it(lane: TestClient, engine: Engine) -> None:
    report(lane, aside(), free())
    answers: list[str] = []
    clients = []
    for number in range(2, 7):
        client = TestClient(make_app(engine))
        client.headers["Authorization"] = f"Bearer {add_lane(engine, Lane('0001', str(number)))}"
        clients.append(client)
    gate = threading.Barrier(len(clients))

    def ask(client: TestClient, request: str) -> None:
        with client:
            gate.wait()
            answers.append(take(client, request)["answer"])

    threads = [threading.Thread(target=ask, args=(one, f"r{n}")) for n, one in enumerate(clients)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answers) == ["taken"] * 4 + ["yours"]


@pytest.mark.parametrize("body", [b"{}", b'{"request":"","key":"x"}', b"[]", b'{"request":"r","key":""}'])
def test_what_is_no_question_is_refused(lane: TestClient, body: bytes) -> None:
    assert lane.post("/v1/baskets/take", content=body).status_code == 400
