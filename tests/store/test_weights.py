"""What lanes have weighed, merged at the server: in any order, again and again, each weighing counts once."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from litestar.testing import TestClient
from sqlalchemy import Engine, delete, select

from kiosk.units import ItemId
from kiosk.weight.sums import LANE_MOST, OLDER_DAYS, Known, Sums, Weighings, together
from kiosk.wire import Weighed, WeightsPage, WeightSums
from store import weights
from store.commands import main
from store.database import open_database, writing
from store.lanes import Lane, add_lane
from store.tables import catalogue, weighed, weight_items
from store.weights import OtherItemsError, Teller
from tests.shop import as_json
from tests.store.test_feed import bring, goods
from tests.store.test_value import at_once

NOW = 1_795_000_000_000
DAY = weights.DAY
A, B, C = (Teller(Lane("0001", str(n)), f"book-{n}") for n in (1, 2, 3))
PEAS, SALT = ItemId(1), ItemId(2)


@pytest.fixture
def stocked(engine: Engine, tmp_path: Path) -> Engine:
    bring(engine, tmp_path, *goods(4))
    return engine


def source(engine: Engine) -> str:
    with engine.connect() as db:
        return str(db.execute(select(catalogue.c.source)).scalar_one())


def say(engine: Engine, teller: Teller, *said: Weighed, now: int = NOW) -> int:
    with writing(engine) as db:
        return weights.take(db, teller, source(engine), said, now)


def peas(*grams: int, epoch: int = 0, count: int = 0, item: ItemId = PEAS) -> Weighed:
    return Weighed(item, epoch, count or len(grams), Sums.of(*grams))


def page(engine: Engine, teller: Teller, since: int = 0, size: int = 100) -> WeightsPage:
    with engine.connect() as db:
        return weights.page(db, teller, source(engine), since, size)


def believed(
    engine: Engine, teller: Teller, *own: Known, item: ItemId = PEAS, now: int = NOW
) -> Weighings | None:
    """What that lane makes of what it is sent."""
    found = next((one for one in page(engine, teller).items if one.item == item), None)
    return together(own, found.known if found else (), now // DAY, found.floor if found else 0)


def test_each_lane_gets_what_the_others_have(stocked: Engine) -> None:
    assert say(stocked, A, peas(400, 402)) == 1
    assert say(stocked, B, peas(404)) == 1
    assert page(stocked, A).items[0].known == (Known(0, Sums.of(404), NOW // DAY, NOW // DAY),)
    assert believed(stocked, C) == Weighings(0, Sums.of(400, 402, 404))
    assert believed(stocked, Teller(A.lane, "a new disk")) == Weighings(0, Sums.of(400, 402, 404))


def test_said_again_or_late_it_changes_nothing(stocked: Engine) -> None:
    say(stocked, A, peas(400))
    say(stocked, A, peas(400, 402))
    before = page(stocked, B)
    assert say(stocked, A, peas(400)) == say(stocked, A, peas(400, 402)) == 0
    assert page(stocked, B) == before
    assert say(stocked, A, peas(400), peas(400, 402, 404)) == 1
    assert believed(stocked, B) == Weighings(0, Sums.of(400, 402, 404))


def test_a_page_has_what_changed_since_and_goes_on_where_it_ended(stocked: Engine) -> None:
    say(stocked, A, *(peas(400, item=ItemId(n)) for n in (1, 2, 3, 4)))
    first = page(stocked, B, size=3)
    rest = page(stocked, B, first.version, size=3)
    assert [one.item for one in (*first.items, *rest.items)] == [1, 2, 3, 4]
    assert (first.last, rest.last, rest.version) == (False, True, 4)
    say(stocked, A, peas(400, 401, item=SALT))
    assert [one.item for one in page(stocked, B, rest.version).items] == [2]
    assert page(stocked, B, 99).since == 0
    assert page(stocked, A, rest.version).items == ()


def test_a_pack_change_that_two_lanes_notice_is_one(stocked: Engine) -> None:
    say(stocked, A, peas(400, 401, 402))
    say(stocked, B, peas(400, 401))
    say(stocked, A, peas(350, 351, 352, epoch=1))
    say(stocked, B, peas(349, 350, 351, epoch=1))
    say(stocked, B, peas(400, 401, 402))
    said = believed(stocked, C)
    assert said is not None
    assert (said.epoch, said.sums) == (1, Sums.of(350, 351, 352, 349, 350, 351))
    assert (said.older_epoch, said.older) == (0, Sums.of(400, 401, 402, 400, 401, 402))
    later = believed(stocked, C, now=NOW + (OLDER_DAYS + 1) * DAY)
    assert later is not None and (later.epoch, later.older) == (1, None)


def test_a_faulty_scale_makes_no_packs_for_others(stocked: Engine) -> None:
    say(stocked, B, *(peas(*[400] * 5, item=ItemId(n)) for n in (1, 2)))
    say(stocked, C, *(peas(*[400] * 5, item=ItemId(n)) for n in (1, 2)))
    for epoch in range(1, 30):
        say(stocked, A, *(peas(*[400 + 9 * epoch] * 9, epoch=epoch, item=ItemId(n)) for n in (1, 2)))
    said = believed(stocked, B)
    assert said is not None and (said.epoch, said.sums) == (0, Sums.of(*[400] * 5))


def test_one_lane_is_not_heard_more_than_fifty_times(stocked: Engine) -> None:
    with pytest.raises(ValueError, match="at most 50 weighings"):
        Weighed(PEAS, 0, 60, Sums.of(*[400] * 60))
    with pytest.raises(ValueError, match="at most 1 weighings"):
        Weighed(PEAS, 0, 1, Sums.of(400, 400))
    say(stocked, A, Weighed(PEAS, 0, 10_000, Sums.of(*[440] * LANE_MOST)))
    say(stocked, B, Weighed(PEAS, 0, 50, Sums.of(*[400] * LANE_MOST)))
    said = believed(stocked, C)
    assert said is not None and said.sums is not None and said.sums.mean == 420


def test_sums_of_other_items_or_of_none_are_not_taken(stocked: Engine) -> None:
    with pytest.raises(OtherItemsError, match="not elsewhere"), writing(stocked) as db:
        weights.take(db, A, "elsewhere", [peas(400)], NOW)
    assert say(stocked, A, peas(400, item=ItemId(77)), peas(400)) == 1
    assert [one.item for one in page(stocked, B).items] == [1]


# ---- whatever order


class Book:
    """A lane that weighs, remembers and tells, as kiosk.journal does it; old sayings may still be on the way."""

    def __init__(self, teller: Teller) -> None:
        self.teller = teller
        self.held: dict[tuple[ItemId, int], Weighed] = {}
        self.sayings: list[Weighed] = []
        self.weighings: dict[tuple[ItemId, int], list[int]] = {}

    def weigh(self, item: ItemId, epoch: int, grams: int) -> None:
        key = item, epoch
        self.weighings.setdefault(key, []).append(grams)
        count, sums = len(self.weighings[key]), Sums.of(grams)
        before = self.held.get(key)
        self.held[key] = Weighed(item, epoch, count, before.sums + sums if before else sums)
        self.sayings.append(self.held[key])


WEIGH = st.tuples(
    st.just("weigh"), st.integers(0, 2), st.sampled_from([PEAS, SALT]), st.integers(0, 2), st.integers(1, 999)
)
TELL = st.tuples(st.just("tell"), st.integers(0, 2), st.lists(st.integers(0, 30), max_size=5))


@pytest.fixture(scope="module")
def one_engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    folder = tmp_path_factory.mktemp("weights")
    engine = open_database(f"sqlite:///{folder / 'store.db'}")
    bring(engine, folder, *goods(4))
    yield engine
    engine.dispose()


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
@given(steps=st.lists(WEIGH | TELL, max_size=40), last=st.permutations(range(3)))
def test_in_any_order_with_any_repeats_each_weighing_counts_once(one_engine: Engine, steps, last) -> None:  # type: ignore[no-untyped-def]
    with one_engine.begin() as db:
        db.execute(delete(weighed))
        db.execute(delete(weight_items))
    books = [Book(teller) for teller in (A, B, C)]
    for what, number, *more in steps:
        book = books[number]
        if what == "weigh":
            book.weigh(*more)
        elif book.sayings:
            say(one_engine, book.teller, *(book.sayings[n % len(book.sayings)] for n in more[0]))
    for number in last:
        say(one_engine, books[number].teller, *books[number].held.values())
    for lane in books:
        others: dict[tuple[int, int], list[int]] = {}
        for other in books:
            for key, grams in other.weighings.items() if other is not lane else ():
                others.setdefault(key, []).extend(grams)
        told = {
            (one.item, known.epoch): known.sums
            for one in page(one_engine, lane.teller).items
            for known in one.known
        }
        assert told == {key: Sums.of(*grams) for key, grams in others.items()}


# ---- over HTTP, and by hand


def test_a_lane_tells_and_asks_over_http(lane: TestClient, stocked: Engine) -> None:
    ours = source(stocked)
    said = WeightSums(ours, "book-1", (peas(400, 402),))
    assert lane.put("/v1/weights", content=as_json(said)).json() == {"new": 1}
    assert lane.put("/v1/weights", content=as_json(said)).json() == {"new": 0}
    beat = {"at": 1, "version": "1", "state": "idle", "since": 1}
    assert lane.post("/v1/heartbeat", json=beat).json()["weights"] == 1
    asked = {"journal": "book-1", "source": ours, "since": 0}
    assert lane.get("/v1/weights", params=asked).json()["items"] == []
    lane.headers["Authorization"] = f"Bearer {add_lane(stocked, Lane('0001', '2'))}"
    (one,) = lane.get("/v1/weights", params=asked).json()["items"]
    assert one["known"][0]["sums"] == {"n": 2, "sum": 802, "squares": 400**2 + 402**2}
    other = lane.put("/v1/weights", content=as_json(WeightSums("elsewhere", "book-1", (peas(400),))))
    assert other.status_code == 409 and "not elsewhere" in other.json()["detail"]


@pytest.mark.parametrize(
    ("was", "becomes", "words"),
    [
        ('"n":2', '"n":0', "expected the sums"),
        ('"n":2', '"n":51', "at most 2 weighings"),
        ('"squares":321604', '"squares":1', "expected the sums"),
        ('"sum":802', '"sum":120001', "expected the sums"),
        ('"epoch":0', '"epoch":10000', "items[0].epoch"),
        ('"count":2', '"count":0', "items[0].count"),
        ('"item":1', '"item":-1', "items[0].item"),
    ],
)
def test_what_cannot_have_been_weighed_is_refused(
    lane: TestClient, stocked: Engine, was: str, becomes: str, words: str
) -> None:
    said = as_json(WeightSums(source(stocked), "book-1", (peas(400, 402),))).decode()
    assert was in said
    answer = lane.put("/v1/weights", content=said.replace(was, becomes))
    assert answer.status_code == 400 and words in answer.text
    assert page(stocked, B).items == ()


def test_a_recalled_pack_is_forgotten_at_every_lane(
    stocked: Engine, url: str, capsys: pytest.CaptureFixture[str]
) -> None:
    say(stocked, A, peas(400, 401, 402), peas(500, item=SALT))
    say(stocked, B, peas(400))
    since = page(stocked, C).version
    assert main(["weights", "forget", "1", "--db", url]) == 0
    (one,) = page(stocked, C, since).items
    assert (one.item, one.floor, one.known) == (1, 1, ())
    own = Known(0, Sums.of(400, 401, 402), NOW // DAY, NOW // DAY)
    assert believed(stocked, A, own) == Weighings(1)
    assert say(stocked, A, peas(400, 401, 402, 403)) == 0
    assert say(stocked, A, peas(380, epoch=1)) == 1
    assert believed(stocked, B) == Weighings(1, Sums.of(380))
    assert believed(stocked, B, item=SALT) == Weighings(0, Sums.of(500))
    assert main(["weights", "forget", "3", "--db", url]) == 2
    assert main(["weights", "forget", "x", "--db", url]) == 2
    errors = capsys.readouterr().err
    assert "nothing is known of the weight of 3" in errors and "expected the code of a product" in errors


def test_a_staffed_tills_weighings_are_brought_in_once(
    stocked: Engine, url: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "till.csv"
    path.write_text("item,grams\n1,400\n2,500\n1,404\n")
    for _ in range(2):
        assert main(["weights", "import", str(path), "--db", url]) == 0
        assert capsys.readouterr().out == "till.csv: weights of 2 items\n"
        assert believed(stocked, A) == Weighings(0, Sums.of(400, 404))
    say(stocked, A, peas(402))
    path.write_text("item,grams\n1,408\n")
    assert main(["weights", "import", str(path), "--db", url]) == 0
    assert believed(stocked, B) == Weighings(0, Sums.of(402, 408))
    assert believed(stocked, B, item=SALT) is None
    capsys.readouterr()
    assert main(["weights", "list", "--db", url]) == 0
    assert capsys.readouterr().out == "1 Item 1: 405.0 g ± 3.0 of 2 weighings, pack 0\n"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("item,gram\n", "row 1: expected the columns item,n,sum,squares, not item,gram"),
        (
            "item,grams\n99,400\n",
            "row 2, column item: expected the code of a product that is there, not '99'",
        ),
        ("item,grams\n1,4OO\n", "row 2, column grams: expected a whole number, not '4OO'"),
        ("item,grams\n1,60001\n", "row 2: expected the sums of 1 or more weighings of 0 to 60000 g"),
        ("item,n,sum,squares\n1,2,800,5\n", "row 2: expected the sums"),
    ],
)
def test_a_list_that_cannot_be_read_changes_nothing(
    stocked: Engine, url: str, tmp_path: Path, capsys: pytest.CaptureFixture[str], text: str, words: str
) -> None:
    path = tmp_path / "till.csv"
    path.write_text(text)
    assert main(["weights", "import", str(path), "--db", url]) == 2
    assert words in capsys.readouterr().err
    assert page(stocked, A).items == ()


def test_another_stores_belief_is_a_beginning_that_counts_for_little(
    stocked: Engine, url: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "other").mkdir()
    other = f"sqlite:///{tmp_path / 'other' / 'store.db'}"
    there = open_database(other)
    bring(there, tmp_path / "other", "9,,Nine,,,1,,each,R,,", *goods(2))  # other ids for the same codes
    for number in range(1, 5):
        said = Weighed(ItemId(2), 0, 70, Sums.of(*[400 - number, 400 + number] * 25))
        say(there, Teller(Lane("0009", str(number)), "book"), said)
    there.dispose()
    assert main(["weights", "export", "--db", other]) == 0
    (tmp_path / "seed.csv").write_text(capsys.readouterr().out)
    assert main(["weights", "import", str(tmp_path / "seed.csv"), "--name", "store 9", "--db", url]) == 0
    said = believed(stocked, A)
    assert said is not None and said.sums is not None
    assert (said.sums.n, said.sums.mean) == (20, 400)
    assert said.sums.variance == pytest.approx(7.5, abs=0.1)
    assert (
        main(
            ["weights", "import", str(tmp_path / "seed.csv"), "--name", "store 9", "--most", "5", "--db", url]
        )
        == 0
    )
    said = believed(stocked, A)
    assert said is not None and said.sums is not None and said.sums.n == 5


def test_lanes_that_tell_at_the_same_time_all_count(stocked: Engine) -> None:
    def tell(teller: Teller) -> int:
        return sum(
            say(stocked, teller, *(peas(*[400] * n, item=ItemId(i)) for i in (4, 2, 1, 3)))
            for n in range(1, 6)
        )

    tellers = [Teller(Lane("0001", str(n)), "book") for n in range(4)]
    assert at_once(*(lambda one=one: tell(one) for one in tellers)) == [20] * 4
    everything = page(stocked, A)
    assert {one.item: one.known[0].sums.n for one in everything.items} == {1: 20, 2: 20, 3: 20, 4: 20}
    assert everything.version == 80
