"""Releases go from ring to ring, to one lane of a shop at a time, and no further once they fail."""

import hashlib
import random
from functools import partial
from pathlib import Path

import pytest
from litestar.testing import TestClient
from sqlalchemy import Engine

from kiosk.wire.releases import PIECE, ReleaseFailed, ReleaseQuestion, ReleaseWanted
from store import releases
from store.alarms import open_alarms
from store.app import make_app
from store.commands import main
from store.database import open_database, writing
from store.lanes import Lane, add_lane
from store.page import monitor
from store.releases import RINGS, TURN, Rollout, must_stop, reaches, tenth
from store.tables_releases import release_lab
from tests.shop import as_json
from tests.store.test_value import at_once

NOW = 1_795_000_000_000
PC = "kiosk-amd64"
LAB = Lane("LAB", "1")
ONE, TWO = Lane("0001", "1"), Lane("0001", "2")


@pytest.fixture
def bundle(tmp_path: Path) -> Path:
    path = tmp_path / "1.1.raucb"
    path.write_bytes(random.Random(1).randbytes(PIECE + 1000))
    return path


def offered(engine: Engine, bundle: Path, version: str = "1.1", ring: str = "all", pilot: Lane = ONE) -> None:
    with writing(engine) as db:
        releases.add(db, bundle, version, PC, NOW)
        releases.promote(db, version, PC, ring, pilot, NOW)


def ask(
    engine: Engine, lane: Lane, version: str = "1.0", now: int = NOW, proved: bool = True, failed: str = ""
) -> ReleaseWanted:
    failures = (ReleaseFailed(failed, "no frame for 40 s"),) if failed else ()
    with writing(engine) as db:
        return releases.ask(db, lane, ReleaseQuestion(PC, version, "a", proved, failures), now)


# ---- who gets it


@pytest.mark.parametrize(("ring", "known"), [("lab", 0), ("lane", 1), ("store", 2), ("all", 3)])
def test_each_ring_holds_those_before_it(ring: str, known: int) -> None:
    rollout = Rollout("1.1", ring, ONE)
    assert reaches(rollout, LAB, in_lab=True)
    elsewhere = Lane("0002", "1")
    assert [reaches(rollout, lane, False) for lane in (ONE, TWO, elsewhere)] == [
        at < known for at in range(3)
    ]


def test_a_tenth_is_about_a_tenth_and_another_one_each_time() -> None:
    stores = [f"{number:04}" for number in range(1000)]
    first, second = ({store for store in stores if tenth(version, store)} for version in ("1.1", "1.2"))
    assert 70 < len(first) < 130 and 70 < len(second) < 130 and len(first & second) < 40
    assert all(reaches(Rollout("1.1", "tenth", ONE), Lane(store, "1"), False) for store in first)


def test_a_release_reaches_the_lab_first(engine: Engine, bundle: Path) -> None:
    with writing(engine) as db:
        releases.add(db, bundle, "1.1", PC, NOW)
    assert ask(engine, LAB).version == ""
    with writing(engine) as db:
        db.execute(release_lab.insert().values(store="LAB", lane="1"))
    digest = hashlib.sha256(bundle.read_bytes()).hexdigest()
    assert ask(engine, LAB) == ReleaseWanted("1.1", PIECE + 1000, digest, TURN)
    assert ask(engine, ONE).version == ""


def test_the_newest_is_wanted_and_never_an_older_one(engine: Engine, bundle: Path) -> None:
    for version in ("1.9", "1.10"):
        offered(engine, bundle, version)
    assert ask(engine, ONE).version == "1.10"
    assert ask(engine, ONE, "1.10").version == "" == ask(engine, ONE, "2.0").version
    with writing(engine) as db:
        assert releases.stop(db, "1.10", PC, "by hand", NOW)
    assert ask(engine, ONE).version == "1.9"


def test_a_bundle_for_another_machine_is_not_for_this_one(engine: Engine, bundle: Path) -> None:
    offered(engine, bundle)
    with writing(engine) as db:
        assert releases.ask(db, ONE, ReleaseQuestion("kiosk-arm64", "1.0", "a", True), NOW).version == ""


# ---- one lane of a shop at a time


def test_lanes_of_a_shop_take_turns(engine: Engine, bundle: Path) -> None:
    offered(engine, bundle)
    assert ask(engine, ONE).version == "1.1"
    assert ask(engine, TWO).why == "another lane of this shop changes over"
    assert ask(engine, Lane("0002", "7")).version == "1.1", "another shop"
    later = NOW + TURN * 1000 - 1
    assert ask(engine, ONE, "1.1", later, proved=False).why == "it has yet to prove itself"
    assert ask(engine, TWO, now=later + 1).version == "", "it is still being tried there"
    assert ask(engine, ONE, "1.1", later + 2).version == ""
    assert ask(engine, TWO, now=later + 3).version == "1.1"


def test_a_turn_ends_by_itself(engine: Engine, bundle: Path) -> None:
    offered(engine, bundle)
    assert ask(engine, ONE).version == "1.1"
    assert ask(engine, TWO, now=NOW + TURN * 1000 - 1).version == ""
    assert ask(engine, TWO, now=NOW + TURN * 1000).version == "1.1"
    assert ask(engine, ONE, now=NOW + TURN * 1000 + 1).version == ""


def test_all_ask_at_once_and_one_gets_it(engine: Engine, bundle: Path) -> None:
    offered(engine, bundle)
    lanes = [Lane("0001", str(number)) for number in range(8)]
    answers = at_once(*(partial(ask, engine, lane) for lane in lanes))
    assert sorted(answer.version for answer in answers) == [""] * 7 + ["1.1"]


# ---- no further once it fails


def test_the_first_failure_in_a_narrow_ring_stops_it_and_somebody_is_told(
    engine: Engine, bundle: Path
) -> None:
    offered(engine, bundle, ring="store")
    assert ask(engine, ONE).version == "1.1"
    assert ask(engine, ONE, failed="1.1").version == ""
    assert ask(engine, TWO).version == ""
    with engine.connect() as db:
        (alarm,) = open_alarms(db)
        assert (alarm.what, alarm.about, alarm.lane) == ("release_stopped", "1.1", ONE)
        assert "A release was stopped: no frame for 40 s" in monitor(db, NOW)
    with writing(engine) as db:
        releases.promote(db, "1.1", PC, "store", None, NOW + 1)
    assert ask(engine, TWO).version == "1.1", "somebody has looked into it"
    assert ask(engine, ONE).version == "", "not where it failed"


@pytest.mark.parametrize(
    ("ring", "failed", "tried", "stops"),
    [
        ("lab", 0, 5, False),
        ("lane", 1, 50, True),
        ("tenth", 1, 1, False),
        ("tenth", 2, 40, True),
        ("all", 2, 41, False),
        ("all", 5, 100, True),
    ],
)
def test_when_it_stops(ring: str, failed: int, tried: int, stops: bool) -> None:
    assert ring in RINGS and must_stop(ring, failed, tried) is stops


def test_in_a_wide_ring_a_share_of_those_who_tried(engine: Engine, bundle: Path) -> None:
    offered(engine, bundle)
    for number in range(60):
        ask(engine, Lane(f"1{number:03}", "1"), "1.1")
    for number in range(3):
        assert ask(engine, Lane(f"2{number:03}", "1")).version == "1.1"
        ask(engine, Lane(f"2{number:03}", "1"), failed="1.1")
    assert ask(engine, Lane("3000", "1")).version == "1.1"
    ask(engine, Lane("2003", "1"), failed="1.1")
    assert ask(engine, Lane("3001", "1")).version == "", "4 of 64"


# ---- over the wire, and for people


def test_a_lane_asks_and_fetches(lane: TestClient, engine: Engine, bundle: Path) -> None:
    offered(engine, bundle)
    question = as_json(ReleaseQuestion(PC, "1.0", "a", True))
    wanted = lane.post("/v1/releases/ask", content=question).json()
    assert wanted["version"] == "1.1"
    path = f"/v1/releases/1.1/{PC}"
    pieces = [lane.get(path, params={"start": start}).content for start in (0, PIECE, PIECE + 1000)]
    assert [len(piece) for piece in pieces] == [PIECE, 1000, 0]
    assert b"".join(pieces) == bundle.read_bytes()
    assert lane.get(f"/v1/releases/9.9/{PC}").status_code == 404
    bundle.unlink()
    assert lane.get(path).status_code == 503


def test_nobody_without_a_token(engine: Engine) -> None:
    with TestClient(make_app(engine)) as client:
        assert client.get(f"/v1/releases/1.1/{PC}").status_code == 401
        assert client.post("/v1/releases/ask", content=b"{}").status_code == 401


def test_the_monitor_names_slot_and_what_was_left(engine: Engine, bundle: Path) -> None:
    ask(engine, ONE, "1.0", failed="1.1")
    with engine.connect() as db:
        assert releases.notes(db) == {ONE: "slot a, left 1.1: no frame for 40 s"}
    ask(engine, ONE, "1.2", proved=False)
    with engine.connect() as db:
        assert releases.notes(db)[ONE].startswith("slot a, being tried")


def test_as_a_person_does_it(tmp_path: Path, bundle: Path, capsys: pytest.CaptureFixture[str]) -> None:
    db = f"sqlite:///{tmp_path / 'store.db'}"
    add_lane(open_database(db), ONE)
    assert main(["release", "add", str(bundle), "1.1", "--db", db]) == 0
    assert main(["release", "add", str(bundle), "1.1", "--db", db]) == 2
    assert "1.1 for kiosk-amd64 is there already" in capsys.readouterr().err
    assert main(["release", "add", str(bundle), "one", "--db", db]) == 2
    assert main(["release", "lab", "LAB", "1", "--db", db]) == 0
    assert ask(open_database(db), LAB).version == "1.1"
    assert main(["release", "lab", "LAB", "1", "--not", "--db", db]) == 0
    assert ask(open_database(db), LAB).version == ""
    assert main(["release", "promote", "1.1", "lane", "--db", db]) == 2
    assert "which lane tries it first?" in capsys.readouterr().err
    assert main(["release", "promote", "1.1", "lane", "--store", "0001", "--db", db]) == 0
    assert ask(open_database(db), ONE).version == "1.1"
    assert main(["release", "show", "--db", db]) == 0
    assert capsys.readouterr().out.splitlines() == [
        "1.1 kiosk-amd64 ring lane, first lane 1 of 0001",
        "lane 1 of 0001: 1.0 in slot a",
        "lane 1 of LAB: 1.0 in slot a",
    ]
    assert main(["release", "stop", "1.1", "--reason", "a smell of burning", "--db", db]) == 0
    assert main(["release", "show", "--db", db]) == 0
    assert "stopped: a smell of burning" in capsys.readouterr().out
    assert main(["release", "stop", "7.7", "--db", db]) == 2
