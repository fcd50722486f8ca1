"""From the loop's door through the link to a real store server and back, and every misfortune on that way."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from msgspec.structs import replace
from sqlalchemy import func, select

from kiosk.catalogue import Catalogue
from kiosk.link.client import NoStoreError, StoreClient
from kiosk.units import ItemId, Millis
from kiosk.wire import (
    CatalogueChanged,
    Deliver,
    Delivered,
    FindMember,
    Heartbeat,
    LaneWanted,
    LinkJoined,
    LinkParted,
    MemberFound,
    MemberUnknown,
    NotTaken,
    OwnAddress,
    ServerSeen,
    Status,
)
from store import members
from store.database import member_salt
from store.lanes import Lane, all_lanes, want
from store.tables import sales
from tests.link.rig import Loop, Shop
from tests.shop import as_json, sale


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Shop]:
    shop = Shop(tmp_path)
    yield shop
    shop.close()


@pytest.fixture
def sealed(tmp_path: Path) -> Iterator[Shop]:
    shop = Shop(tmp_path, tls=True)
    yield shop
    shop.close()


def test_sales_arrive_over_tls_with_the_pinned_key(sealed: Shop) -> None:
    sealed.start()
    for number in (1, 2, 3):
        sealed.deliver(number)
    sealed.loop.has(Delivered(1), Delivered(2), Delivered(3), ServerSeen(True), OwnAddress("127.0.0.1"))
    assert sealed.stored() == ["s1", "s2", "s3"]


def test_another_key_is_refused_before_anything_is_said(sealed: Shop) -> None:
    other = "sha256/AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="
    sealed.start(pin=other)
    sealed.deliver(1)
    seen = sealed.loop.first(ServerSeen)
    assert not seen.server
    assert f"not the pinned {other}" in seen.detail
    assert sealed.server.mischief.paths == []
    sealed.stop_link()
    assert sealed.stored() == []


def test_a_server_without_tls_is_not_taken_for_one_with(shop: Shop) -> None:
    config = replace(shop.config, server=shop.server.url.replace("http:", "https:"), pin="sha256/x")
    client = StoreClient(config)
    with pytest.raises(NoStoreError):
        client.heartbeat(Heartbeat(at=Millis(0), version="", state="idle", since=Millis(0)))
    client.close()
    assert shop.server.mischief.paths == []


@pytest.mark.parametrize("word", ["lost", "dead", "500", "503", "429", "404", "html", "other"])
def test_whatever_the_network_does_each_sale_is_stored_once(shop: Shop, word: str) -> None:
    shop.server.mischief.words = [word, "", word, word, "", word, "", "", word, ""]
    shop.start()
    for number in range(1, 6):
        shop.deliver(number)
    shop.loop.has(*(Delivered(number) for number in range(1, 6)))
    assert shop.server.mischief.words == []
    assert shop.stored() == [f"s{number}" for number in range(1, 6)]
    assert not [event for event in shop.loop.events if isinstance(event, NotTaken)]


def test_a_half_open_connection_does_not_hold_the_outbox(shop: Shop) -> None:
    shop.server.mischief.words = ["hang"]
    shop.start(answer_timeout=0.2)
    shop.deliver(1)
    shop.loop.has(Delivered(1))
    assert shop.stored() == ["s1"]


def test_the_server_goes_and_comes_back(shop: Shop) -> None:
    shop.server.stop()
    shop.start()
    shop.deliver(1)
    assert shop.loop.first(ServerSeen).server is False
    shop.server.start()
    shop.loop.has(Delivered(1), ServerSeen(True))
    assert shop.stored() == ["s1"]


def test_the_link_is_restarted_and_the_outbox_given_again(shop: Shop) -> None:
    shop.server.stop()
    shop.start()
    shop.deliver(1)
    shop.stop_link()
    shop.loop.has(LinkParted())
    assert not shop.loop.door.send(Deliver(2, "s2", "sale", b""))
    shop.loop.events.clear()
    shop.server.start()
    shop.start()
    for number in (1, 2):
        shop.deliver(number)
    shop.loop.has(Delivered(1), Delivered(2))
    assert shop.stored() == ["s1", "s2"]


def test_what_the_server_will_never_take_is_given_back_and_holds_nothing_up(shop: Shop) -> None:
    shop.start()
    shop.deliver(1, total=398)
    shop.loop.has(Delivered(1))
    shop.loop.door.send(Deliver(2, "s1", "sale", as_json(sale("s1", total=400))))
    shop.loop.door.send(Deliver(3, "s3", "sale", b"{}"))
    shop.deliver(4)
    shop.loop.has(Delivered(4))
    refused = {event.id: event.why for event in shop.loop.events if isinstance(event, NotTaken)}
    assert refused[2].startswith("409: s1 is stored with other content")
    assert refused[3].startswith("400: ")
    assert shop.stored() == ["s1", "s4"]


def test_a_wrong_token_waits_until_it_is_put_right(shop: Shop) -> None:
    right = Path(shop.config.token_file).read_text()
    Path(shop.config.token_file).write_text("wrong")
    shop.start()
    shop.deliver(1)
    assert "status 401: no lane has this device token" in shop.loop.first(ServerSeen).detail
    Path(shop.config.token_file).write_text(right)
    shop.loop.has(Delivered(1))


def test_the_catalogue_comes_and_follows(shop: Shop) -> None:
    shop.goods(5)
    shop.start()
    shop.loop.has(CatalogueChanged(1))
    shop.goods(5, price="2.00")
    shop.loop.has(CatalogueChanged(2))
    with Catalogue.open(Path(shop.config.catalogue)) as catalogue:
        assert [one.price for one in catalogue.search("item")[0]] == [200] * 5
    assert len([event for event in shop.loop.events if isinstance(event, CatalogueChanged)]) == 2


def test_the_server_dies_on_every_page_of_a_sync(shop: Shop) -> None:
    shop.goods(7)
    shop.server.mischief.on = "/v1/catalogue"
    shop.server.mischief.words = ["", "dead", "", "lost", "", "", "html", "", "", "500"]
    shop.start()
    shop.loop.has(CatalogueChanged(1))
    with Catalogue.open(Path(shop.config.catalogue)) as catalogue:
        assert len(catalogue.search("item")[0]) == 7
    details = [event.detail for event in shop.loop.events if isinstance(event, ServerSeen) and event.detail]
    assert any("GET /v1/catalogue" in detail for detail in details)


def test_a_page_that_is_broken_is_named_and_asked_for_again(shop: Shop) -> None:
    shop.goods(3)
    shop.server.mischief.on = "/v1/catalogue"
    shop.server.mischief.words = ["other"]
    shop.start()
    shop.loop.has(CatalogueChanged(1))
    details = [event.detail for event in shop.loop.events if isinstance(event, ServerSeen)]
    assert any(detail.startswith("catalogue page after item 0: ") for detail in details)


def test_another_database_behind_the_same_address_is_fetched_whole(shop: Shop, tmp_path: Path) -> None:
    shop.goods(3)
    shop.start()
    shop.loop.has(CatalogueChanged(1))
    shop.stop_link()
    shop.server.stop()
    (tmp_path / "other").mkdir()
    other = Shop(tmp_path / "other")
    other.goods(2, price="9.00")
    shop.loop.events.clear()
    shop.start(server=other.server.url, token_file=other.config.token_file)
    shop.loop.has(CatalogueChanged(1))
    with Catalogue.open(Path(shop.config.catalogue)) as catalogue:
        assert [one.price for one in catalogue.search("item")[0]] == [900, 900]
        assert catalogue.item(ItemId(3)) is None
    shop.stop_link()
    other.close()
    shop.server.start()


def test_members_are_found_or_not_or_not_asked_for(shop: Shop) -> None:
    with shop.engine.begin() as db:
        token = members.add(db, member_salt(shop.engine), "2950000000006", "Camille", "06 12 34 50 00")
    shop.start()
    shop.loop.door.send(FindMember(0, b"0612345000", "phone"))
    shop.loop.has(MemberFound(0, token))
    shop.loop.door.send(FindMember(1, b"2950000000006"))
    shop.loop.door.send(FindMember(2, b"12345"))
    shop.loop.door.send(FindMember(3, b"\xff"))
    shop.loop.has(MemberUnknown(2), MemberUnknown(3, asked=False))
    shop.loop.has(MemberFound(1, token, spends=True))
    shop.server.stop()
    shop.loop.door.send(FindMember(4, b"2950000000006"))
    shop.loop.has(MemberUnknown(4, asked=False))
    shop.server.start()


def test_the_server_hears_how_the_lane_is_and_closes_it(shop: Shop) -> None:
    beat = Heartbeat(at=Millis(1), version="1.0", state="shopping", since=Millis(1), queue=2)
    shop.start()
    shop.loop.has(LaneWanted(True))
    assert shop.loop.door.send(Status(beat))
    want(shop.engine, Lane("0001", "1"), False, "cleaning")
    shop.loop.has(LaneWanted(False, "cleaning"))

    def told() -> Heartbeat | None:
        with shop.engine.connect() as db:
            return all_lanes(db)[0].heartbeat

    shop.loop.until(lambda _: (there := told()) is not None and there.state == "shopping")
    there = told()
    assert there is not None
    assert (there.queue, there.catalogue) == (2, 0)


def test_a_loop_that_comes_back_is_told_what_is_the_case(shop: Shop) -> None:
    want(shop.engine, Lane("0001", "1"), False, "cleaning")
    shop.start()
    shop.loop.has(ServerSeen(True), LaneWanted(False, "cleaning"))
    shop.loop.door.close()
    shop.loop = Loop(Path(shop.config.socket))
    shop.loop.has(LinkJoined(), ServerSeen(True), LaneWanted(False, "cleaning"))
    shop.deliver(1)
    shop.loop.has(Delivered(1))


def test_a_backlog_arrives_in_order_and_once(shop: Shop) -> None:
    shop.start()
    for number in range(1, 121):
        shop.deliver(number)
    shop.loop.has(Delivered(120))
    order = [event.id for event in shop.loop.events if isinstance(event, Delivered)]
    assert order == list(range(1, 121))
    with shop.engine.connect() as db:
        assert db.execute(select(func.count()).select_from(sales)).scalar_one() == 120
