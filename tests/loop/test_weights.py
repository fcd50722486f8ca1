"""What the hands give along with an item, and how a lesson goes from its turn to the disk and to the link."""

from collections.abc import Iterator
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from kiosk import wire
from kiosk.barcode import Product
from kiosk.catalogue import Catalogue, Intake, SharedIntake
from kiosk.checkout.effects import Learnt, LearntItem, LookUp, LookUpItem
from kiosk.checkout.events import FinishPressed, ItemFound
from kiosk.journal import Commit, Journal
from kiosk.loop.hands import Hands
from kiosk.loop.inbox import Inbox
from kiosk.loop.pins import PinDesk
from kiosk.loop.telemetry import Telemetry
from kiosk.loop.weights import today
from kiosk.units import Gtin, ItemId, Millis, Minor
from kiosk.weight.sums import Known, Sums, Weighings
from kiosk.wire import CataloguePage, Entry, SharedWeights, Terms, WeightsPage
from tests.loop.test_the_disk_says_no import Lane
from tests.shop import as_json, item

TIN, PEARS = ItemId(1), ItemId(2)
LESSON = Learnt((LearntItem(TIN, 0, 2, 804, 400**2 + 404**2),))
CODE = Product(Gtin(1001), "1001")


class Door:
    """The way to a link that is there."""

    def __init__(self) -> None:
        self.orders: list[wire.LinkOrder] = []

    def send(self, order: wire.LinkOrder) -> bool:
        self.orders.append(order)
        return True

    def close(self) -> None: ...


@pytest.fixture
def hands(tmp_path: Path) -> Iterator[Hands]:
    path = tmp_path / "catalogue.db"
    pears = item(PEARS, "Pears", price=None, price_per_kg=Minor(299), plu=4409)
    entries = (Entry(item(TIN), (Gtin(1001),)), Entry(pears))
    intake = Intake(path)
    intake.take(as_json(CataloguePage("ours", 0, 1, 1, PEARS, entries, last=True, terms=Terms())))
    intake.close()
    inbox = Inbox()
    hands = Hands(
        inbox=inbox,
        journal=Journal(tmp_path / "journal.db"),
        catalogue=Catalogue.open(path),
        timezone=ZoneInfo("Europe/Paris"),
        pins=PinDesk(b"", inbox.put),
        typed=lambda field: "",
        beep=lambda sound: None,
        telemetry=Telemetry("test"),
    )
    hands.journal.source = hands.catalogue.source
    hands.door = Door()
    yield hands
    hands.close(1.0)
    hands.catalogue.close()
    hands.journal.close()


def learn(hands: Hands) -> None:
    at = Millis(today() * 86_400_000)
    hands.journal.commit(Commit(at, (FinishPressed(),), learnt=LESSON.sums)).result()


def shared(hands: Hands, folder: Path, item: ItemId, *grams: int) -> None:
    known = Known(0, Sums.of(*grams), today(), today())
    intake = SharedIntake(folder / "catalogue.db")
    intake.take(as_json(WeightsPage("ours", 0, 1, (SharedWeights(item, 0, (known,)),), True)), "ours", "book")
    intake.close()


def test_an_item_comes_with_what_this_lane_and_others_have_weighed(hands: Hands, tmp_path: Path) -> None:
    found = hands.answer(LookUp(CODE))
    assert found == ItemFound(CODE, item(TIN))
    learn(hands)
    shared(hands, tmp_path, TIN, 402)
    for question in (LookUp(CODE), LookUpItem(TIN)):
        found = hands.answer(question)
        assert isinstance(found, ItemFound)
        assert found.item.weighings == Weighings(0, Sums.of(400, 402, 404))
    assert hands.catalogue.find(CODE) == item(TIN)


def test_goods_that_are_weighed_when_sold_have_no_weight_of_their_own(hands: Hands, tmp_path: Path) -> None:
    shared(hands, tmp_path, PEARS, 402)
    found = hands.answer(LookUpItem(PEARS))
    assert isinstance(found, ItemFound) and found.item.weighings is None


def test_a_lesson_is_on_the_disk_before_the_link_has_it(hands: Hands) -> None:
    assert isinstance(hands.door, Door)
    learn(hands)
    hands.act(LESSON)
    (order,) = hands.door.orders
    assert order == wire.Teach("ours", f"{hands.journal.id}-0", tuple(hands.journal.lessons()))
    hands.heed(wire.LinkJoined())
    assert hands.door.orders[-1] == order


def test_the_loop_writes_a_lesson_in_the_commit_of_its_turn(tmp_path: Path) -> None:
    lane = Lane(tmp_path)
    lane.journal.source = "ours"
    writing = lane.loop
    writing._now = Millis(0)
    future = writing._write(writing.session, (FinishPressed(),), [LESSON])
    assert future is not None
    future.result()
    assert [one.sums for one in lane.journal.lessons()] == [Sums.of(400, 404)]
    lane.journal.close()
