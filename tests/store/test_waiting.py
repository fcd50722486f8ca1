"""One list for all lanes: what shoppers wait for, the gravest first, and nothing of who they are."""

import time

from litestar.testing import TestClient
from sqlalchemy import Engine

from kiosk.units import Millis
from kiosk.wire import Asked
from store.asked import WORDS, clock
from store.lanes import Lane, add_lane
from tests.store.test_monitor import beat


def ago(seconds: int) -> Millis:
    return Millis(int(time.time() * 1000) - seconds * 1000)


def test_the_gravest_first_and_of_equals_the_longest_of_all_lanes(lane: TestClient, engine: Engine) -> None:
    token = add_lane(engine, Lane("0001", "2"))
    here = (Asked("help.requested", 2, ago(200)), Asked("age.restricted", 3, ago(5), seen=True))
    lane.post("/v1/heartbeat", content=beat(state="needs_help", asked=here))
    there = (Asked("weight.unexpected", 2, ago(300)),)
    headers = {"authorization": f"Bearer {token}"}
    lane.post("/v1/heartbeat", content=beat(state="needs_help", asked=there), headers=headers)
    page = lane.get("/").text
    places = [
        page.index(f"<td>{WORDS[code]}</td>")
        for code in ("age.restricted", "weight.unexpected", "help.requested")
    ]
    assert places == sorted(places) and page.count("a colleague is there") == 1
    lane.post("/v1/heartbeat", content=beat(asked=()))
    assert WORDS["age.restricted"] not in lane.get("/").text


def test_nobody_waits_and_there_is_no_list(lane: TestClient) -> None:
    lane.post("/v1/heartbeat", content=beat())
    assert "Shoppers wait" not in lane.get("/").text


def test_every_question_that_waits_for_a_colleague_has_words() -> None:
    from kiosk.checkout.model import Why

    assert set(WORDS) == set(Why) - {Why.WEIGHT_UNKNOWN_ITEM}


def test_time_as_somebody_counts_who_waits() -> None:
    assert [clock(millis) for millis in (-5, 41_000, 185_999)] == ["0:00", "0:41", "3:05"]
