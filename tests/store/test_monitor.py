"""What people and scrapers see: the lane monitor, the metrics, the description of the interface."""

import re
import time
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from litestar.testing import TestClient
from sqlalchemy import Engine

from kiosk.units import Millis
from kiosk.wire import DeviceState, Heartbeat, Sample
from store.app import make_app
from store.lanes import Lane, add_lane, want
from store.page import money
from store.tables import metadata
from tests.shop import as_json, sale


def beat(**more: Any) -> bytes:
    now = Millis(int(time.time() * 1000))
    return as_json(Heartbeat(**{"at": now, "version": "1.0", "state": "shopping", "since": now, **more}))


def test_a_heartbeat_is_answered_with_version_and_wish(lane: TestClient, engine: Engine) -> None:
    answer = lane.post("/v1/heartbeat", content=beat()).json()
    assert (answer["catalogue"], answer["open"], answer["reason"]) == (0, True, "")
    want(engine, Lane("0001", "1"), False, "cleaning")
    answer = lane.post("/v1/heartbeat", content=beat()).json()
    assert (answer["open"], answer["reason"]) == (False, "cleaning")


def test_the_page_shows_lanes_devices_and_sales(lane: TestClient, engine: Engine) -> None:
    add_lane(engine, Lane("0001", "2"))
    devices = (DeviceState("Scanner", "ready"), DeviceState("POSPrinter", "fault", "<paper out>"))
    lane.post("/v1/heartbeat", content=beat(state="needs_help", devices=devices, queue=3))
    lane.put("/v1/sales/s1", content=as_json(sale("s1", 2468)))
    page = lane.get("/").text
    assert "1 of 2 lanes connected" in page
    for words in ("Needs a colleague", "No contact", "never seen", "3 waiting to be sent", "24.68\u202fEUR"):
        assert words in page
    assert "POSPrinter fault: &lt;paper out&gt;" in page
    assert not re.search(r"(src|href|url)\s*[=(]\s*[\"']?\s*(https?:)?//", page)
    assert "<script" not in page


def test_the_metrics_are_prometheus_text(lane: TestClient) -> None:
    samples = (
        Sample("sco_items_scanned_total", 12, {"method": "barcode"}),
        Sample("sco_scale_settle_seconds", 0.25, {"device": 'a"b\\c\nd'}),
        Sample("sco_lane_up", 0),
    )
    lane.post("/v1/heartbeat", content=beat(samples=samples, queue=2))
    answer = lane.get("/metrics")
    assert answer.headers["content-type"].startswith("text/plain; version=0.0.4")
    lines = answer.text.splitlines()
    assert 'sco_items_scanned_total{store="0001",lane="1",method="barcode"} 12' in lines
    assert 'sco_scale_settle_seconds{store="0001",lane="1",device="a\\"b\\\\c\\nd"} 0.25' in lines
    assert [line for line in lines if line.startswith("sco_lane_up")] == [
        'sco_lane_up{store="0001",lane="1"} 1'
    ]
    assert 'sco_outbox_depth{store="0001",lane="1"} 2' in lines
    names = [line.split()[2] for line in lines if line.startswith("# TYPE")]
    assert len(names) == len(set(names))
    pattern = re.compile(r'^sco_[a-z0-9_]+(\{([a-z]+="([^"\\\n]|\\["\\n])*",?)*\})? -?[0-9.e+-]+$')
    assert all(pattern.match(line) for line in lines if not line.startswith("#"))


@pytest.mark.parametrize(
    "sample",
    [
        {"name": "items_total", "value": 1},
        {"name": "sco_x", "value": 1, "labels": {"member": "tok"}},
        {"name": "sco_x", "value": 1, "labels": {"code": "x" * 41}},
        {"name": "sco_X{", "value": 1},
        {"name": "sco_x", "value": None},
    ],
)
def test_a_sample_with_a_strange_name_or_label_is_refused(lane: TestClient, sample: dict[str, Any]) -> None:
    body = {"at": 1, "version": "1", "state": "idle", "since": 1, "samples": [sample]}
    assert lane.post("/v1/heartbeat", json=body).status_code == 400


def test_a_server_that_others_can_reach_shows_its_pages_to_token_holders_only(engine: Engine) -> None:
    token = add_lane(engine, Lane("0001", "1"))
    with TestClient(make_app(engine, open_pages=False)) as client:
        for path in ("/", "/metrics"):
            refused = client.get(path)
            assert (refused.status_code, refused.headers["www-authenticate"]) == (401, "Basic")
            assert client.get(path, auth=("anybody", "wrong")).status_code == 401
            assert client.get(path, headers={"Authorization": "Basic ???"}).status_code == 401
            assert client.get(path, auth=("anybody", token)).status_code == 200
            assert client.get(path, headers={"Authorization": f"Bearer {token}"}).status_code == 200


def test_the_interface_describes_itself(lane: TestClient) -> None:
    described = lane.get("/schema").json()
    paths = {
        "/v1/sales/{sale_id}",
        "/v1/records/{key}",
        "/v1/catalogue",
        "/v1/heartbeat",
        "/v1/members/find",
        "/v1/value/reserve",
        "/v1/value/{id_}",
        "/v1/value/{id_}/withdraw",
        "/v1/value/{id_}/{do}",
        "/v1/wallet/callback",
        "/v1/sales/find",
        "/v1/handovers/{id_}",
        "/v1/handovers/{id_}/take",
        "/v1/baskets/take",
        "/v1/receipts/mail",
        "/v1/weights",
        "/v1/enrol",
        "/v1/releases/ask",
        "/v1/releases/{version}/{compatible}",
        "/metrics",
    }
    assert set(described["paths"]) == paths


def test_records_are_stored_once_per_lane_and_key(lane: TestClient) -> None:
    body = as_json({"kind": "note", "at": 1, "name": "intervention", "fields": {"code": "help.requested"}})
    assert [lane.put("/v1/records/j1-7", content=body).status_code for _ in range(2)] == [201, 200]
    other = as_json({"kind": "note", "at": 2, "name": "intervention"})
    assert lane.put("/v1/records/j1-7", content=other).status_code == 409


def test_the_migrations_make_exactly_these_tables(engine: Engine) -> None:
    with engine.connect() as db:
        assert compare_metadata(MigrationContext.configure(db), metadata) == []


@pytest.mark.parametrize(
    ("amount", "currency", "text"),
    [
        (2468, "EUR", "24.68"),
        (5, "EUR", "0.05"),
        (-5, "EUR", "-0.05"),
        (120, "JPY", "120"),
        (1, "KWD", "0.001"),
    ],
)
def test_money_has_its_currencys_decimals(amount: int, currency: str, text: str) -> None:
    assert money(amount, currency) == text
