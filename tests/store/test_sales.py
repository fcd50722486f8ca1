"""Sales come in exactly once, whatever happens on the way."""

import asyncio
import json
import subprocess
import sys
import threading
from pathlib import Path

import pytest
import requests
from litestar.testing import TestClient
from sqlalchemy import Engine, func, select, text

from store.database import open_database
from store.intake import Intake, NotStoredError, Taken, sale_delivery
from store.lanes import Lane, add_lane
from store.tables import conflicts, points, sales
from tests.shop import as_json, sale

ROOT = Path(__file__).resolve().parents[2]


def stored(engine: Engine) -> list[str]:
    with engine.connect() as db:
        return sorted(db.execute(select(sales.c.id)).scalars())


def test_a_sale_is_stored_and_said_to_be_there_when_it_comes_again(lane: TestClient, engine: Engine) -> None:
    body = as_json(sale("s1"))
    first = lane.put("/v1/sales/s1", content=body)
    assert (first.status_code, first.json()) == (201, {"id": "s1", "again": False})
    again = lane.put("/v1/sales/s1", content=body)
    assert (again.status_code, again.json()) == (200, {"id": "s1", "again": True})
    assert stored(engine) == ["s1"]


def test_other_spacing_and_order_is_the_same_sale(lane: TestClient) -> None:
    body = as_json(sale("s1"))
    lane.put("/v1/sales/s1", content=body)
    turned = json.dumps(dict(reversed(json.loads(body).items())), indent=2).encode()
    assert lane.put("/v1/sales/s1", content=turned).json() == {"id": "s1", "again": True}


def test_another_content_under_the_same_id_is_refused_and_kept(lane: TestClient, engine: Engine) -> None:
    lane.put("/v1/sales/s1", content=as_json(sale("s1", 398)))
    other = as_json(sale("s1", 400))
    for _ in range(2):
        answer = lane.put("/v1/sales/s1", content=other)
        assert answer.status_code == 409
        assert "s1 is stored with other content" in answer.json()["detail"]
    with engine.connect() as db:
        assert [bytes(row.body) for row in db.execute(select(conflicts))] == [other]
        assert db.execute(select(sales.c.total)).scalar_one() == 398
    assert "1 sale came twice" in lane.get("/").text


def test_fields_of_a_newer_kiosk_are_kept(lane: TestClient, engine: Engine) -> None:
    body = as_json(json.loads(as_json(sale("s1"))) | {"from_the_future": 1})
    assert lane.put("/v1/sales/s1", content=body).status_code == 201
    with engine.connect() as db:
        assert bytes(db.execute(select(sales.c.body)).scalar_one()) == body


@pytest.mark.parametrize(
    ("path", "body", "status", "words"),
    [
        ("s2", as_json(sale("s1")), 400, "the sale in the body is s1"),
        ("s1", as_json(sale("s1", lane="2")), 403, "this token is for lane 1"),
        ("s1", b'{"id": "s1', 400, "truncated"),
        ("s1", b"", 400, ""),
        ("s1", as_json(sale("s1")).replace(b"Tinned", b"\xff\xfe"), 400, "utf-8"),
        ("s1", b"[" * 100_000, 400, ""),
        ("s1", as_json({**json.loads(as_json(sale("s1"))), "number": "x"}), 400, "number"),
        ("s1", as_json(sale("s1")) + b" " * 4_000_000, 413, ""),
    ],
)
def test_what_is_no_sale_of_this_lane_is_refused(
    lane: TestClient, engine: Engine, path: str, body: bytes, status: int, words: str
) -> None:
    answer = lane.put(f"/v1/sales/{path}", content=body)
    assert answer.status_code == status, answer.text
    assert words in answer.text
    assert stored(engine) == []


@pytest.mark.parametrize("header", [{}, {"Authorization": "Bearer wrong"}, {"Authorization": "Basic eDp5"}])
def test_without_a_token_nothing_is_answered(lane: TestClient, header: dict[str, str]) -> None:
    lane.headers.pop("Authorization")
    for method, path in (
        ("PUT", "/v1/sales/s1"), ("PUT", "/v1/records/a"), ("GET", "/v1/catalogue"),
        ("POST", "/v1/heartbeat"), ("POST", "/v1/members/find"),
        ("POST", "/v1/value/reserve"), ("GET", "/v1/value/a"), ("PUT", "/v1/value/a/commit"),
        ("PUT", "/v1/value/a/withdraw"), ("POST", "/v1/sales/find"), ("GET", "/v1/handovers/a"),
        ("PUT", "/v1/handovers/a/take"), ("POST", "/v1/receipts/mail"), ("POST", "/v1/baskets/take"),
    ):  # fmt: skip
        assert lane.request(method, path, headers=header, content=b"{}").status_code == 401


def test_members_points_are_booked_once_and_never_for_a_disputed_sale(
    lane: TestClient, engine: Engine
) -> None:
    body = as_json(sale("s1", points=3, member="tok"))
    for content in (body, body, as_json(sale("s1", points=900, member="tok"))):
        lane.put("/v1/sales/s1", content=content)
    with engine.connect() as db:
        assert [tuple(row) for row in db.execute(select(points))] == [("s1", "tok", 3)]


def test_of_many_copies_at_once_one_is_stored(engine: Engine) -> None:
    async def race() -> list[Taken]:
        intake = Intake(engine)
        bodies = {f"s{n}": sale(f"s{n}", points=1, member="tok") for n in range(20)}
        try:
            deliveries = [sale_delivery(s, as_json(s)) for s in list(bodies.values()) * 8]
            return await asyncio.gather(*(intake.take(delivery) for delivery in deliveries))
        finally:
            await asyncio.to_thread(intake.close)

    answers = asyncio.run(race())
    assert answers.count(Taken.STORED) == 20
    assert answers.count(Taken.AGAIN) == 140
    with engine.connect() as db:
        assert db.execute(select(func.count()).select_from(sales)).scalar_one() == 20
        assert db.execute(select(func.sum(points.c.points))).scalar_one() == 20


def test_two_servers_on_one_database_store_once(engine: Engine) -> None:
    async def race() -> list[Taken]:
        intakes = [Intake(engine) for _ in range(3)]
        found = [sale_delivery(s, as_json(s)) for s in (sale(f"s{n}") for n in range(30))]
        try:
            return await asyncio.gather(*(intake.take(one) for one in found for intake in intakes))
        finally:
            for intake in intakes:
                await asyncio.to_thread(intake.close)

    answers = asyncio.run(race())
    assert (answers.count(Taken.STORED), answers.count(Taken.AGAIN)) == (30, 60)
    assert len(stored(engine)) == 30


def test_one_that_cannot_be_stored_does_not_keep_the_others_out(engine: Engine) -> None:
    async def deliver() -> list[Taken | BaseException]:
        intake = Intake(engine)
        found = [sale_delivery(s, as_json(s)) for s in (sale(f"s{n}") for n in range(9))]
        found[4].row["total"] = None
        try:
            return await asyncio.gather(*(intake.take(one) for one in found), return_exceptions=True)
        finally:
            await asyncio.to_thread(intake.close)

    answers = asyncio.run(deliver())
    assert isinstance(answers[4], NotStoredError)
    assert stored(engine) == [f"s{n}" for n in range(9) if n != 4]


def test_when_the_database_fails_nobody_is_told_that_it_is_stored(engine: Engine) -> None:
    async def deliver() -> None:
        intake = Intake(engine)
        try:
            await intake.take(sale_delivery(sale("s1"), as_json(sale("s1"))))
        finally:
            await asyncio.to_thread(intake.close)

    with engine.begin() as db:
        db.execute(text("DROP TABLE sales"))
    with pytest.raises(NotStoredError):
        asyncio.run(deliver())


def test_what_was_answered_survives_kill_9(url: str) -> None:
    engine = open_database(url)
    token = add_lane(engine, Lane("0001", "1"))
    process = subprocess.Popen(
        [sys.executable, "-m", "store.commands", "--db", url, "serve", "--plain", "--port", "0"],
        cwd=ROOT, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert process.stdout is not None
    address = process.stdout.readline().split()[-1]
    answered: list[str] = []

    def load(first: int) -> None:
        with requests.Session() as session:
            session.headers["Authorization"] = f"Bearer {token}"
            for n in range(first, first + 500):
                try:
                    answer = session.put(f"{address}/v1/sales/s{n}", data=as_json(sale(f"s{n}")), timeout=10)
                except requests.RequestException:
                    return
                assert answer.status_code == 201
                answered.append(f"s{n}")
                if len(answered) >= 60:
                    process.kill()

    threads = [threading.Thread(target=load, args=(n * 1000,)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    process.kill()
    process.wait()
    process.stdout.close()
    assert len(answered) >= 60
    assert set(answered) <= set(stored(engine))
    assert len(stored(engine)) <= len(answered) + 4
    engine.dispose()
