"""Value over the whole way: the loop's desk, its door, the link, a real store server; and every misfortune between."""

import logging
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import requests
from msgspec.structs import replace

from kiosk import wire
from kiosk.checkout.money import TenderKind
from kiosk.checkout.records import ValueOrder
from kiosk.units import AttemptId, Minor
from kiosk.wire import (
    Deliver,
    Delivered,
    EmailTaken,
    NotTaken,
    NoValueAnswer,
    SaleFound,
    SaleUnknown,
    ValueAnswered,
    WalletShown,
)
from store import accounts, alarms, refunds
from store.accounts import Issue
from store.database import value_salt, writing
from store.intake import sale_delivery, store_all
from store.lanes import Lane
from store.mail import Spool
from store.simulated_wallet import WalletPeer
from store.wallet import HttpProvider
from tests.link.rig import Shop
from tests.shop import as_json, sale

NUMBER = "GC9876543210987612"
KEY = "a-key-of-the-provider"


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Shop]:
    shop = Shop(tmp_path, posts=Spool(tmp_path / "spool"))
    issue(shop)
    yield shop
    shop.close()


def issue(shop: Shop, amount: int = 5000) -> None:
    salt = value_salt(shop.engine)
    one = Issue(kind="gift_card", number=NUMBER, amount=amount, currency="EUR")
    with writing(shop.engine) as db:
        accounts.issue(db, salt, one, "Sam", 1)


def left(shop: Shop) -> int:
    salt = value_salt(shop.engine)
    with shop.engine.connect() as db:
        (card,) = accounts.called(db, salt, "gift_card", NUMBER)
        return accounts.balance(db, card.id)


def reserve(shop: Shop, id_: str, amount: int = 700, **more: Any) -> None:
    order = wire.Reserve(id_, "gift_card", Minor(amount), "EUR", NUMBER.encode())
    assert shop.loop.door.send(replace(order, **more))


def answer(shop: Shop, id_: str, times: int = 1) -> ValueAnswered | NoValueAnswer:
    def all_of(events: list[wire.LinkEvent]) -> list[ValueAnswered | NoValueAnswer]:
        return [one for one in events if isinstance(one, ValueAnswered | NoValueAnswer) and one.id == id_]

    shop.loop.until(lambda events: len(all_of(events)) >= times)
    return all_of(shop.loop.events)[times - 1]


def order(do: str, id_: str, amount: int = 700) -> bytes:
    return as_json(ValueOrder(AttemptId(id_), do, TenderKind.GIFT_CARD, Minor(amount)))


def test_a_gift_card_is_reserved_and_booked(shop: Shop) -> None:
    shop.start()
    reserve(shop, "a")
    said = answer(shop, "a")
    assert said == ValueAnswered("a", "approved", Minor(700), "EUR", "7612")
    assert shop.loop.door.send(Deliver(1, "value-1", "value", order("commit", "a")))
    shop.loop.has(Delivered(1))
    assert left(shop) == 4300


def test_a_refusal_says_why(shop: Shop) -> None:
    shop.start()
    reserve(shop, "a", number=b"GC0000000000000000")
    assert answer(shop, "a") == ValueAnswered("a", "not_charged", reason="unknown_number")
    reserve(shop, "b", number=b"\xff")
    assert answer(shop, "b") == ValueAnswered("b", "not_charged", reason="unknown_number")


def test_without_a_server_nothing_was_charged_as_no_byte_can_have_left(shop: Shop) -> None:
    shop.server.stop()
    shop.start()
    reserve(shop, "a")
    assert answer(shop, "a") == ValueAnswered("a", "not_charged", reason="server_away")
    reserve(shop, "b", again=True)
    assert answer(shop, "b") == NoValueAnswer("b")
    for ask in (wire.AskServer("c"), wire.Withdraw("d")):
        shop.loop.door.send(ask)
        assert answer(shop, ask.id) == NoValueAnswer(ask.id)
    shop.server.start()


def test_another_servers_key_is_known_before_a_number_leaves(tmp_path: Path) -> None:
    shop = Shop(tmp_path, tls=True)
    shop.start(pin="sha256/AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=")
    reserve(shop, "a")
    assert answer(shop, "a") == ValueAnswered("a", "not_charged", reason="server_away")
    assert "/v1/value/reserve" not in shop.server.mischief.paths
    shop.close()


@pytest.mark.parametrize(
    ("word", "found"),
    [
        ("lost", "approved"),
        ("dead", "unknown"),
        ("500", "unknown"),
        ("html", "unknown"),
        ("other", "unknown"),
    ],
)
def test_a_lost_answer_is_unknown_and_asked_about(shop: Shop, word: str, found: str) -> None:
    shop.server.mischief.on = "/v1/value"
    shop.server.mischief.words = [word]
    shop.start()
    reserve(shop, "a")
    assert answer(shop, "a") == NoValueAnswer("a")
    shop.loop.door.send(wire.AskServer("a"))
    said = answer(shop, "a", 2)
    assert isinstance(said, ValueAnswered)
    assert (said.outcome, said.reason) == (found, "" if found == "approved" else "not_found")
    shop.loop.door.send(wire.Withdraw("a"))
    last = answer(shop, "a", 3)
    assert isinstance(last, ValueAnswered)
    assert last.outcome == ("approved" if found == "approved" else "not_charged")
    assert left(shop) == (4300 if found == "approved" else 5000)


def test_what_was_withdrawn_stays_so_though_its_reserve_comes_later(shop: Shop) -> None:
    shop.start()
    shop.loop.door.send(wire.Withdraw("a"))
    assert answer(shop, "a") == ValueAnswered("a", "not_charged", reason="withdrawn")
    reserve(shop, "a", again=True)
    assert answer(shop, "a", 2) == ValueAnswered("a", "not_charged", reason="withdrawn")
    assert left(shop) == 5000


@pytest.mark.parametrize("word", ["lost", "dead", "500", "503", "html", "other"])
def test_an_order_of_the_ledger_arrives_exactly_once_whatever_happens(shop: Shop, word: str) -> None:
    shop.start()
    reserve(shop, "a")
    answer(shop, "a")
    shop.server.mischief.on = "/v1/value"
    shop.server.mischief.words = [word] * 3
    shop.loop.door.send(Deliver(1, "v1", "value", order("commit", "a")))
    shop.loop.has(Delivered(1))
    assert left(shop) == 4300
    with shop.engine.connect() as db:
        (card,) = accounts.called(db, value_salt(shop.engine), "gift_card", NUMBER)
        assert [row.what for row in accounts.movements(db, card.id)] == ["issue", "reserve", "commit"]


def test_a_server_that_comes_back_gets_every_order_in_its_turn(shop: Shop) -> None:
    shop.start()
    for id_ in ("a", "b"):
        reserve(shop, id_)
        answer(shop, id_)
    shop.server.stop()
    shop.loop.door.send(Deliver(1, "v1", "value", order("cancel", "a")))
    shop.loop.door.send(Deliver(2, "v2", "value", order("commit", "b")))
    shop.server.start()
    shop.loop.has(Delivered(1), Delivered(2))
    assert left(shop) == 4300


def test_an_order_that_contradicts_is_refused_kept_and_holds_nobody_up(shop: Shop) -> None:
    shop.start()
    reserve(shop, "a")
    answer(shop, "a")
    shop.loop.door.send(Deliver(1, "v1", "value", order("cancel", "a")))
    shop.loop.door.send(Deliver(2, "v2", "value", order("commit", "a")))
    shop.loop.door.send(Deliver(3, "v3", "value", b"{}"))
    shop.deliver(4)
    shop.loop.has(Delivered(1), Delivered(4))
    refused = {one.id: one.why for one in shop.loop.events if isinstance(one, NotTaken)}
    assert refused[2].startswith("409: a: commit after it was cancelled")
    assert refused[3].startswith("400: ")
    with shop.engine.connect() as db:
        assert [one.about for one in alarms.open_alarms(db)] == ["a"]
    assert left(shop) == 5000


def test_a_wallet_is_shown_watched_and_found_paid(tmp_path: Path) -> None:
    peer = WalletPeer(KEY)
    shop = Shop(tmp_path, wallet=HttpProvider(peer.url, KEY)).start()
    reserve(shop, "w", 2468, kind="wallet", number=b"")
    shop.loop.has(WalletShown("w", f"{peer.url}/pay/w"))
    shop.loop.door.send(wire.AskServer("w"))
    assert answer(shop, "w") == ValueAnswered("w", "unknown", reason="in_progress")
    callback = peer.pay("w")
    requests.post(f"{shop.server.url}/v1/wallet/callback", data=callback, timeout=20)
    assert answer(shop, "w", 2) == ValueAnswered("w", "approved", Minor(2468), "EUR", reference="W000001")
    shop.close()
    peer.close()


def test_a_wallet_that_nobody_pays_is_given_up_in_time(tmp_path: Path) -> None:
    peer = WalletPeer(KEY)
    shop = Shop(tmp_path, wallet=HttpProvider(peer.url, KEY)).start(wallet_watch=0.01)
    reserve(shop, "w", 2468, kind="wallet", number=b"")
    shop.loop.has(WalletShown("w", f"{peer.url}/pay/w"), NoValueAnswer("w"))
    shop.loop.door.send(wire.Withdraw("w"))
    said = answer(shop, "w", 2)
    assert isinstance(said, ValueAnswered)
    assert (said.outcome, peer.payments["w"].state) == ("not_charged", "cancelled")
    shop.close()
    peer.close()


def test_a_wallet_goes_on_while_the_server_is_restarted(tmp_path: Path) -> None:
    peer = WalletPeer(KEY)
    shop = Shop(tmp_path, wallet=HttpProvider(peer.url, KEY)).start()
    reserve(shop, "w", 2468, kind="wallet", number=b"")
    shop.loop.first(WalletShown)
    shop.server.stop()
    peer.pay("w")
    shop.server.start()
    said = answer(shop, "w")
    assert isinstance(said, ValueAnswered)
    assert said.outcome == "approved"
    shop.close()
    peer.close()


def test_another_lanes_sale_is_found_or_not_or_claimed_or_away(shop: Shop) -> None:
    theirs = [replace(sale(id_, lane="2"), number=n) for n, id_ in enumerate(("x", "y"), 7)]
    with shop.engine.begin() as db:
        store_all(db, [sale_delivery(one, as_json(one)) for one in theirs])
    with writing(shop.engine) as db:
        refunds.claim(db, Lane("0001", "3"), "y", 2**52)
    shop.start()
    for number in ("0001-2-000007", "0001-2-000008", "0001-2-000009"):
        shop.loop.door.send(wire.AskSale(number))
    shop.loop.has(
        SaleFound("0001-2-000007", theirs[0]),
        SaleUnknown("0001-2-000008", "claimed"),
        SaleUnknown("0001-2-000009", "unknown"),
    )
    shop.server.stop()
    shop.loop.door.send(wire.AskSale("0001-2-000007"))
    shop.loop.has(SaleUnknown("0001-2-000007", "away"))
    shop.server.start()


def test_an_address_is_taken_or_not(shop: Shop) -> None:
    shop.start()
    shop.loop.door.send(wire.EmailReceipt("s1", b"ada@analytical.example"))
    shop.loop.has(EmailTaken("s1", True))
    for sale_, address in (("s2", b"ada"), ("s3", b"\xff@b.example")):
        shop.loop.door.send(wire.EmailReceipt(sale_, address))
        shop.loop.has(EmailTaken(sale_, False))
    shop.server.stop()
    shop.loop.door.send(wire.EmailReceipt("s4", b"ada@analytical.example"))
    shop.loop.has(EmailTaken("s4", False))
    shop.server.start()


def test_no_number_and_no_address_is_in_any_log(shop: Shop, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    shop.server.mischief.on = "/v1/"
    shop.server.mischief.words = ["", "lost", "dead", "html"]
    shop.start()
    for id_ in ("a", "b", "c"):
        reserve(shop, id_)
        answer(shop, id_)
        shop.loop.door.send(wire.EmailReceipt(id_, b"ada@analytical.example"))
        shop.loop.until(
            lambda events, id_=id_: any(isinstance(e, EmailTaken) and e.sale == id_ for e in events)
        )
    shop.server.stop()
    reserve(shop, "d")
    answer(shop, "d")
    shop.server.start()
    assert NUMBER not in caplog.text
    assert "analytical" not in caplog.text
    assert all(NUMBER not in str(event) for event in shop.loop.events)
