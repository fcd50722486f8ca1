"""What lane A has weighed, lane B knows: from the commit of a basket through link and server to the next item found."""

import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest
from msgspec.structs import replace
from sqlalchemy import delete, select, update

from kiosk import wire
from kiosk.catalogue import Catalogue, CatalogueError, Intake, SharedIntake
from kiosk.checkout.effects import Learnt, LearntItem
from kiosk.checkout.model import Item
from kiosk.journal import Commit, Journal
from kiosk.link.run import run
from kiosk.link.sharing import Sharing
from kiosk.loop.weights import Weights
from kiosk.units import ItemId, Millis
from kiosk.weight.sums import Known, Sums, Weighings
from kiosk.wire import CatalogueChanged, LinkJoined, LinkParted, SharedWeights, Weighed, WeightsPage
from store import weights
from store.database import writing
from store.lanes import Lane as StoreLane
from store.lanes import add_lane
from store.tables import catalogue, weighed, weight_items
from tests.link.rig import PATIENCE, Loop, Shop
from tests.shop import as_json

NOW = Millis(time.time_ns() // 1_000_000)
PEAS = ItemId(1)


class Lane:
    """A kiosk as far as weights go: journal, catalogue, door and link; the loop's own hands are the test's."""

    def __init__(self, shop: Shop, number: str) -> None:
        self.shop, self.number = shop, number
        self.folder = shop.folder / f"lane-{number}"
        self.folder.mkdir()
        (self.folder / "token").write_text(add_lane(shop.engine, StoreLane("0001", number)))
        self.config = replace(
            shop.config,
            token_file=str(self.folder / "token"),
            catalogue=str(self.folder / "catalogue.db"),
            socket=str(self.folder / "link.sock"),
        )
        self.begin()

    def begin(self) -> "Lane":
        """The process starts: what is on the disk is all it knows."""
        self.journal = Journal(self.folder / "journal.db")
        self.catalogue = Catalogue.open(self.folder / "catalogue.db")
        self.loop = Loop(self.folder / "link.sock")
        self.weights = Weights(self.journal, lambda: self.catalogue, self.loop.door.send)
        return self

    def end(self) -> None:
        self.loop.door.close()
        self.catalogue.close()
        self.journal.close()

    def link(self) -> "Lane":
        self._stop = threading.Event()
        self._link = threading.Thread(target=run, args=(self.config, self._stop))
        self._link.start()
        self.loop.first(LinkJoined)
        self.weights.tell_all()
        return self

    def unlink(self) -> None:
        self._stop.set()
        self._link.join()
        self.loop.has(LinkParted())
        self.loop.events.clear()

    def fetched(self, version: int = 1) -> "Lane":
        self.loop.has(CatalogueChanged(version))
        return self

    def weigh(self, *grams: int, epoch: int = 0, item: ItemId = PEAS, told: bool = True) -> Learnt:
        """A basket ends: in one commit, and then the deed."""
        sums = Sums.of(*grams)
        learnt = Learnt((LearntItem(item, epoch, sums.n, sums.sum, sums.squares),))
        self.journal.source = self.catalogue.source
        self.journal.commit(Commit(NOW, (), learnt=learnt.sums)).result()
        if told:
            self.weights.tell(learnt)
        return learnt

    def believes(self, item: ItemId = PEAS) -> Weighings | None:
        found = self.catalogue.item(item)
        assert isinstance(found, Item)
        return self.weights.given(found).weighings

    def comes_to(self, wanted: Weighings | None) -> None:
        until(lambda: self.believes() == wanted, lambda: self.believes())


def until(done: Callable[[], bool], seen: Callable[[], object] = lambda: None) -> None:
    ends = time.monotonic() + PATIENCE
    while not done():
        assert time.monotonic() < ends, seen()
        threading.Event().wait(0.005)


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Shop]:
    shop = Shop(tmp_path)
    shop.goods(3)
    yield shop
    shop.close()


@pytest.fixture
def lanes(shop: Shop) -> Iterator[tuple[Lane, Lane]]:
    two = Lane(shop, "2"), Lane(shop, "3")
    for lane in two:
        lane.link().fetched()
    yield two
    for lane in two:
        lane.unlink()
        lane.end()


def test_lane_b_knows_what_lane_a_has_weighed(lanes: tuple[Lane, Lane]) -> None:
    a, b = lanes
    a.weigh(400, 404)
    assert a.believes() == Weighings(0, Sums.of(400, 404))
    b.comes_to(Weighings(0, Sums.of(400, 404)))
    b.weigh(402)
    assert b.believes() == Weighings(0, Sums.of(400, 402, 404))
    a.comes_to(Weighings(0, Sums.of(400, 402, 404)))
    assert b.believes() == Weighings(0, Sums.of(400, 402, 404))
    assert a.believes(ItemId(2)) is None


def test_days_without_a_server_are_told_when_it_is_back(shop: Shop, lanes: tuple[Lane, Lane]) -> None:
    a, b = lanes
    shop.server.stop()
    for grams in (400, 402, 404):
        a.weigh(grams)
    b.weigh(406)
    assert a.believes() == Weighings(0, Sums.of(400, 402, 404))
    a.unlink()
    a.end()
    a.begin().link()
    shop.server.start()
    for lane in lanes:
        lane.comes_to(Weighings(0, Sums.of(400, 402, 404, 406)))


def test_the_power_goes_between_commit_and_sending(shop: Shop, lanes: tuple[Lane, Lane]) -> None:
    a, b = lanes
    a.weigh(400)
    b.comes_to(Weighings(0, Sums.of(400)))
    a.weigh(404, told=False)
    a.unlink()
    a.end()
    a.begin().link()
    b.comes_to(Weighings(0, Sums.of(400, 404)))
    a.unlink()
    a.link()
    a.weigh(405)
    b.comes_to(Weighings(0, Sums.of(400, 404, 405)))


@pytest.mark.parametrize("word", ["lost", "dead", "500", "html", "other", "404"])
def test_whatever_the_network_does_each_weighing_counts_once(
    shop: Shop, lanes: tuple[Lane, Lane], word: str
) -> None:
    a, b = lanes
    shop.server.mischief.on = "/v1/weights"
    shop.server.mischief.words = [word, "", word, word, "", word, "", "", word]
    for grams in (400, 401, 402):
        a.weigh(grams)
        b.weigh(grams + 5)
    everything = Weighings(0, Sums.of(400, 401, 402, 405, 406, 407))
    for lane in lanes:
        lane.comes_to(everything)
    while shop.server.mischief.words:
        count = len(shop.server.mischief.paths)
        a.weigh(500, item=ItemId(2))
        until(lambda: len(shop.server.mischief.paths) > count)  # noqa: B023
    assert [lane.believes() for lane in lanes] == [everything, everything]


def test_a_new_pack_at_one_lane_becomes_the_shops_with_the_second(lanes: tuple[Lane, Lane]) -> None:
    a, b = lanes
    a.weigh(400, 401, 402)
    b.weigh(400, 401, 402)
    old = Sums.of(400, 401, 402) + Sums.of(400, 401, 402)
    a.comes_to(Weighings(0, old))
    a.weigh(350, 351, 352, epoch=1)
    assert a.believes() == Weighings(1, Sums.of(350, 351, 352), older=old)
    b.comes_to(Weighings(0, old, coming=Sums.of(350, 351, 352), coming_epoch=1))
    b.weigh(353, epoch=1)
    for lane in lanes:
        lane.comes_to(Weighings(1, Sums.of(350, 351, 352, 353), older=old))


def test_a_price_change_leaves_what_was_weighed(shop: Shop, lanes: tuple[Lane, Lane]) -> None:
    a, b = lanes
    a.weigh(400)
    b.comes_to(Weighings(0, Sums.of(400)))
    shop.goods(3, price="2.00")
    for lane in lanes:
        lane.fetched(2)
        assert lane.believes() == Weighings(0, Sums.of(400))


def test_a_server_that_lost_everything_is_told_again(shop: Shop, lanes: tuple[Lane, Lane]) -> None:
    a, b = lanes
    a.weigh(400)
    b.weigh(404)
    for lane in lanes:
        lane.comes_to(Weighings(0, Sums.of(400, 404)))
    with writing(shop.engine) as db:
        db.execute(delete(weighed))
        db.execute(delete(weight_items))
        db.execute(update(catalogue).values(weights=0))

    def told() -> set[int]:
        with shop.engine.connect() as db:
            return set(db.execute(select(weighed.c.sum)).scalars())

    until(lambda: told() == {400, 404}, told)
    for lane in lanes:
        lane.comes_to(Weighings(0, Sums.of(400, 404)))


def test_a_forgotten_pack_is_forgotten_everywhere(shop: Shop, lanes: tuple[Lane, Lane]) -> None:
    a, b = lanes
    a.weigh(400)
    b.comes_to(Weighings(0, Sums.of(400)))
    with writing(shop.engine) as db:
        assert weights.forget(db, PEAS)
    for lane in lanes:
        lane.comes_to(Weighings(1))
    a.weigh(380, epoch=1)
    b.comes_to(Weighings(1, Sums.of(380)))


def test_another_book_gets_back_what_the_one_before_had_told(shop: Shop, lanes: tuple[Lane, Lane]) -> None:
    a, b = lanes
    a.weigh(400, 402)
    b.comes_to(Weighings(0, Sums.of(400, 402)))
    a.unlink()
    a.end()
    for file in a.folder.glob("journal.db*"):
        file.unlink()
    a.begin().link()
    a.comes_to(Weighings(0, Sums.of(400, 402)))
    a.weigh(404)
    b.comes_to(Weighings(0, Sums.of(400, 402, 404)))


def test_the_ids_of_another_shop_are_other_items(
    shop: Shop, lanes: tuple[Lane, Lane], tmp_path: Path
) -> None:
    a, b = lanes
    a.weigh(400, 402)
    b.comes_to(Weighings(0, Sums.of(400, 402)))
    a.unlink()
    (tmp_path / "other").mkdir()
    other = Shop(tmp_path / "other")
    other.goods(2)
    config = a.config
    a.config = replace(config, server=other.server.url, token_file=other.config.token_file)
    a.link().comes_to(None)
    a.weigh(77)
    assert a.believes() == Weighings(0, Sums.of(77))

    def told() -> list[int]:
        with other.engine.connect() as db:
            return list(db.execute(select(weighed.c.sum)).scalars())

    until(lambda: told() == [77], told)
    a.unlink()
    other.close()
    a.config = config
    a.link().comes_to(Weighings(0, Sums.of(400, 402)))
    a.weigh(404)
    b.comes_to(Weighings(0, Sums.of(400, 402, 404)))


def test_a_server_that_does_not_share_is_asked_for_nothing(shop: Shop) -> None:
    """An older server says nothing of weights in its answer. There is no client here that could ask."""
    lane = Lane(shop, "2")
    with shop.engine.connect() as db:
        source = db.execute(select(catalogue.c.source)).scalar_one()
    sharing = Sharing(Path(lane.config.catalogue))
    sharing.put(wire.Teach(source, "book", (Weighed(PEAS, 0, 1, Sums.of(400)),)))
    older = wire.HeartbeatAnswer(source, 1)
    sharing.exchange(None, older)  # type: ignore[arg-type]
    sharing.close()
    lane.end()


# ---- the file


def test_a_page_that_is_broken_or_does_not_follow_changes_nothing(tmp_path: Path) -> None:
    intake = SharedIntake(tmp_path / "c.db")
    known = SharedWeights(PEAS, 0, (Known(0, Sums.of(400), 1, 1),))
    assert intake.take(as_json(WeightsPage("s", 0, 5, (known,))), "s", "book").last is False
    good = as_json(WeightsPage("s", 5, 6, (known,), True))
    for bad in (
        b"{",
        good.replace(b'"n":1', b'"n":0'),
        good.replace(b'"source":"s"', b'"source":"t"'),
        good.replace(b'"since":5', b'"since":4'),
        good.replace(b'"version":6', b'"version":4'),
        as_json(WeightsPage("s", 5, 5)),
        b"\xff",
    ):
        with pytest.raises(CatalogueError, match="weights"):
            intake.take(bad, "s", "book")
        assert intake.version("s", "book") == 5
    intake.take(good, "s", "book")
    assert (intake.version("s", "book"), intake.version("s", "other"), intake.version("t", "book")) == (
        6,
        0,
        0,
    )
    intake.close()


def test_a_file_of_the_version_before_gets_its_tables(tmp_path: Path) -> None:
    path = tmp_path / "c.db"
    Intake(path).close()
    with closing(sqlite3.connect(path)) as db:
        db.execute("DROP TABLE weighings")
        db.execute("DROP TABLE weighed")
    with Catalogue.open(path) as there:
        assert there.weighed(PEAS) == SharedWeights(PEAS)


# ---- the loop's side of it


class Refusing:
    """A door that takes so many orders and is then far behind."""

    def __init__(self, room: int) -> None:
        self.room, self.orders = room, []  # type: ignore[var-annotated]

    def send(self, order: wire.LinkOrder) -> bool:
        self.room -= 1
        if self.room >= 0:
            self.orders.append(order)
        return self.room >= 0


def test_what_the_door_did_not_take_is_told_later(shop: Shop) -> None:
    lane = Lane(shop, "2").link().fetched()
    lane.unlink()
    door = Refusing(0)
    told = Weights(lane.journal, lambda: lane.catalogue, door.send)
    told.tell(lane.weigh(400, told=False))
    told.tell(lane.weigh(500, item=ItemId(2), told=False))
    assert door.orders == []
    door.room = 9
    told.catch_up()
    told.catch_up()
    (order,) = door.orders
    assert {one.item: one.sums for one in order.items} == {PEAS: Sums.of(400), 2: Sums.of(500)}
    lane.end()
