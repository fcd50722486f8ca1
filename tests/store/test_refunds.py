"""Refunds of other lanes' sales, and baskets handed over: each once, and never more than was paid."""

import threading
from typing import Any

import pytest
from litestar.testing import TestClient
from msgspec.structs import replace
from sqlalchemy import Engine, select

from kiosk.checkout.records import HandedOver, Refund, RefundedLine
from kiosk.units import LineNo, Millis, Minor
from store import alarms, refunds
from store.app import make_app
from store.database import writing
from store.intake import sale_delivery, store_all
from store.lanes import Lane, add_lane
from store.tables import conflicts
from store.tables import refunds as refunds_table
from tests.shop import as_json, sale

ONE, TWO = Lane("0001", "1"), Lane("0001", "2")
NOW = 1_795_000_000_000


def sold(engine: Engine, id_: str = "s1", number: int = 42, total: int = 398, **more: Any) -> None:
    one = replace(sale(id_, total), number=number, **more)
    with engine.begin() as db:
        store_all(db, [sale_delivery(one, as_json(one))])


def refund(id_: str, amount: int = 398, qty: int = 1, of: str = "s1", total: int = 398) -> Refund:
    return Refund(
        id=id_,
        number=7,
        original=sale(of, total),
        ended=Millis(NOW),
        version="test",
        language="fr",
        lines=(RefundedLine(LineNo(1), qty, Minor(amount)),),
        amount=Minor(amount),
        tenders=(),
        by="Sam",
        reason="broken",
    )


def line(kind: str, record: Any, number: int = 9) -> bytes:
    return as_json({"kind": kind, "number": number, "at": NOW, "body": record, "hash": "00" * 32})


def report(lane: TestClient, one: Refund) -> int:
    return lane.put(f"/v1/records/{one.id}", content=line("refund", one)).status_code


def test_a_sale_is_found_by_what_stands_on_its_receipt(lane: TestClient, engine: Engine) -> None:
    sold(engine)
    for number in ("0001-1-000042", "0001-1-42", "s1"):
        answer = lane.post("/v1/sales/find", json={"number": number}).json()
        assert (answer["sale"]["id"], answer["refunds"]) == ("s1", [])
    for number in ("0001-1-000043", "0001-2-42", "42", "-", "0001--", "x" * 100, "0001-1-" + "9" * 40):
        assert lane.post("/v1/sales/find", json={"number": number}).status_code == 404
    assert report(lane, refund("r1", 100)) == 201
    assert [one["id"] for one in lane.post("/v1/sales/find", json={"number": "s1"}).json()["refunds"]] == [
        "r1"
    ]


def test_a_sale_that_one_lane_gives_back_is_not_found_by_another(lane: TestClient, engine: Engine) -> None:
    sold(engine)
    assert lane.post("/v1/sales/find", json={"number": "s1"}).status_code == 200
    assert lane.post("/v1/sales/find", json={"number": "s1"}).status_code == 200
    with TestClient(make_app(engine)) as other:
        other.headers["Authorization"] = f"Bearer {add_lane(engine, TWO)}"
        refused = other.post("/v1/sales/find", json={"number": "s1"})
        assert (refused.status_code, refused.json()["detail"]) == (
            409,
            "lane 1 of store 0001 is giving it back",
        )
        assert report(lane, refund("r1", 100)) == 201
        found = other.post("/v1/sales/find", json={"number": "s1"}).json()
        assert [one["amount"] for one in found["refunds"]] == [100]


@pytest.mark.parametrize(("heard", "queue", "free"), [(False, 0, False), (True, 3, False), (True, 0, True)])
def test_a_claim_ends_only_when_its_lane_has_told_all(
    lane: TestClient, engine: Engine, heard: bool, queue: int, free: bool
) -> None:
    """A refund may wait in the outbox of a lane that is offline: nobody else may give the same money back."""
    sold(engine)
    with writing(engine) as db:
        assert refunds.claim(db, ONE, "s1", 1000) is not None
    if heard:
        beat = {"at": 1, "version": "1", "state": "idle", "since": 1, "queue": queue}
        lane.post("/v1/heartbeat", json=beat)
    later = NOW * 2 if heard else 1000 + refunds.CLAIM + 1
    with writing(engine) as db:
        if free:
            assert refunds.claim(db, TWO, "s1", later) is not None
        else:
            with pytest.raises(refunds.ClaimedError):
                refunds.claim(db, TWO, "s1", later)


def test_more_than_was_paid_is_refused_kept_and_shown(lane: TestClient, engine: Engine) -> None:
    sold(engine)
    assert report(lane, refund("r1", 300)) == 201
    assert report(lane, refund("r1", 300)) == 200
    for _ in range(2):
        assert report(lane, refund("r2", 99)) == 409
    assert report(lane, refund("r3", 98, qty=0)) == 201
    with engine.connect() as db:
        assert [one.detail for one in alarms.open_alarms(db)] == [
            "sale s1: 399 EUR given back of 398 EUR paid"
        ]
        assert [row.sale for row in db.execute(select(conflicts))] == ["unfit 0001 1 r2"]
        assert sorted(row.id for row in db.execute(select(refunds_table))) == ["r1", "r3"]
    page = lane.get("/").text
    assert "More given back than was paid" in page
    assert "came twice" not in page
    assert "say different things" not in page
    assert "sco_refund_conflicts_total 1" in lane.get("/metrics").text.splitlines()


def test_a_piece_is_given_back_once(lane: TestClient, engine: Engine) -> None:
    sold(engine)
    assert report(lane, refund("r1", 100)) == 201
    assert report(lane, refund("r2", 100)) == 409
    with engine.connect() as db:
        assert "2 pieces of line 1 given back, 1 were sold" in alarms.open_alarms(db)[0].detail


def test_what_was_really_sold_counts_not_what_the_refund_says(lane: TestClient, engine: Engine) -> None:
    sold(engine, total=398)
    assert report(lane, refund("r1", 900, total=900)) == 409
    assert report(lane, refund("r2", 900, of="never heard of", total=900)) == 201


def test_two_lanes_that_give_the_same_back_at_once_never_exceed_together(engine: Engine) -> None:
    for n in range(6):
        sold(engine, f"t{n}", number=100 + n)
        start, taken = threading.Barrier(2), []

        def give(lane: Lane, n: int = n, start: threading.Barrier = start, taken: list[bool] = taken) -> None:
            start.wait()
            with writing(engine) as db:
                taken.append(refunds.take(db, lane, refund(f"t{n}-{lane.lane}", 300, of=f"t{n}"), NOW))

        threads = [threading.Thread(target=give, args=(lane,)) for lane in (ONE, TWO)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert sorted(taken) == [False, True]


def test_two_lanes_that_ask_at_once_do_not_both_get_it(engine: Engine) -> None:
    for n in range(6):
        sold(engine, f"t{n}", number=100 + n)
        start, got = threading.Barrier(2), []

        def ask(lane: Lane, n: int = n, start: threading.Barrier = start, got: list[bool] = got) -> None:
            start.wait()
            try:
                with writing(engine) as db:
                    got.append(refunds.claim(db, lane, f"t{n}", NOW) is not None)
            except refunds.ClaimedError:
                got.append(False)

        threads = [threading.Thread(target=ask, args=(lane,)) for lane in (ONE, TWO)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert sorted(got) == [False, True]


# ---- the lanes' other lines


@pytest.mark.parametrize("kind", ["void", "reversal", "duplicate", "technical", "closing", "note", "anchor"])
def test_every_kind_of_ledger_line_is_stored_once(lane: TestClient, kind: str) -> None:
    body = line(kind, {"id": "x", "any": ["thing", 1]})
    assert [lane.put("/v1/records/k1", content=body).status_code for _ in range(2)] == [201, 200]
    assert lane.put("/v1/records/k1", content=line(kind, {"id": "y"})).status_code == 409


@pytest.mark.parametrize(
    "body",
    [line("refund", {"id": "r"}), line("Refund", {}), line("", {}), line("void", []), b'{"kind":"void"}'],
)
def test_what_is_no_line_is_refused(lane: TestClient, body: bytes) -> None:
    assert lane.put("/v1/records/k1", content=body).status_code == 400


def basket() -> HandedOver:
    closed = sale("b1")
    return HandedOver(
        closed.id,
        closed.store,
        closed.lane,
        closed.currency,
        closed.language,
        Millis(NOW),
        closed.lines,
        closed.priced,
    )


def test_a_basket_is_taken_over_once(lane: TestClient, engine: Engine) -> None:
    assert lane.put("/v1/records/k1", content=line("handover", basket())).status_code == 201
    assert lane.put("/v1/records/k1", content=line("handover", basket())).status_code == 200
    shown = lane.get("/v1/handovers/b1").json()
    assert (shown["by"], shown["basket"]["priced"]["total"]) == ("", 398)
    assert "sco_handovers_waiting 1" in lane.get("/metrics").text.splitlines()
    for _ in range(2):
        assert lane.put("/v1/handovers/b1/take", json={"by": "Sam"}).json()["by"] == "Sam"
    quicker = lane.put("/v1/handovers/b1/take", json={"by": "Kim"})
    assert (quicker.status_code, quicker.json()["detail"]) == (409, "Sam has taken it over at 0001/1")
    for path in ("/v1/handovers/b2", "/v1/handovers/b2/take"):
        assert lane.request("PUT" if "take" in path else "GET", path, json={"by": "Sam"}).status_code == 404
