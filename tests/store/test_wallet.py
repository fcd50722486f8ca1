"""Paying by phone: released on success only, and what is paid too late is given back; calls and callbacks go astray."""

from collections.abc import Iterator

import pytest
from litestar.testing import TestClient
from sqlalchemy import Engine, select

from kiosk.wire import ReserveValue, ValueDecision
from store import alarms, value
from store.app import make_app
from store.database import value_salt, writing
from store.lanes import Lane, add_lane
from store.simulated_wallet import WalletPeer
from store.tables import wallets
from store.wallet import HttpProvider, Payment, SignatureError, opened, signed
from store.wallet_keeper import GRACE, LIFE, WalletKeeper

KEY = "a-key-of-the-provider"
LANE = Lane("0001", "1")


class Shop:
    """A keeper, its provider, and a clock that only moves when told."""

    def __init__(self, engine: Engine) -> None:
        self.engine, self.time = engine, 1_795_000_000_000
        self.peer = WalletPeer(KEY, now=lambda: self.time)
        self.keeper = WalletKeeper(engine, HttpProvider(self.peer.url, KEY), lambda: self.time)

    def reserve(self, id_: str = "w", amount: int = 2468) -> str:
        answer = self.keeper.reserve(
            value_salt(self.engine), LANE, ReserveValue(id_, "wallet", amount, "EUR")
        )
        assert answer.state is not None
        return answer.state.state

    def state(self, id_: str = "w") -> tuple[str, str]:
        with self.engine.connect() as db:
            found = value.shown(db, id_)
        assert found is not None
        return found.state, found.reason

    def code(self) -> str:
        with self.engine.connect() as db:
            found = value.shown(db, "w")
        assert found is not None
        return found.code

    def decide(self, do: str) -> value.Answer:
        order = ValueDecision("w", "commit" if do == "commit" else "cancel", "wallet", 2468)
        with writing(self.engine) as db:
            return (value.commit if do == "commit" else value.cancel)(db, LANE, order, self.time)

    def look(self, after: int = 1000) -> None:
        self.time += after
        self.keeper.look()

    def alarms(self) -> list[str]:
        with self.engine.connect() as db:
            return [one.what for one in alarms.open_alarms(db)]

    def at_peace(self) -> bool:
        """Long after: nothing is watched any more, and no refund is owed."""
        for _ in range(3):
            self.look(LIFE + GRACE + 1)
        with self.engine.connect() as db:
            rows = db.execute(select(wallets)).all()
        return not any(row.watched or row.refund == "wanted" for row in rows)


@pytest.fixture
def shop(engine: Engine) -> Iterator[Shop]:
    shop = Shop(engine)
    yield shop
    shop.peer.close()


def test_it_is_pending_with_its_code_until_the_shopper_has_paid(shop: Shop) -> None:
    assert shop.reserve() == "pending"
    assert shop.code() == f"{shop.peer.url}/pay/w"
    shop.look()
    assert shop.state() == ("pending", "")
    shop.peer.pay("w")
    shop.look()
    assert shop.state() == ("reserved", "")
    assert shop.reserve() == "reserved"
    assert shop.decide("commit").conflict == ""
    assert shop.at_peace()
    assert shop.peer.owed() == 2468


def test_a_callback_is_quicker_than_the_next_look_and_may_come_twice(shop: Shop) -> None:
    shop.reserve()
    callback = shop.peer.pay("w")
    assert [shop.keeper.heard(callback) for _ in range(3)] == [True] * 3
    assert shop.state() == ("reserved", "")
    assert (shop.peer.charged, shop.peer.refunded) == ([("w", 2468)], [])


def test_callbacks_in_the_wrong_order_change_nothing_that_is_so(shop: Shop) -> None:
    shop.reserve()
    early = shop.peer.said("w", "open")
    paid = shop.peer.pay("w")
    for callback in (paid, early, shop.peer.said("w", "expired"), shop.peer.said("w", "cancelled"), paid):
        assert shop.keeper.heard(callback)
    assert shop.state() == ("reserved", "")
    assert shop.peer.refunded == []


def test_a_callback_that_says_failed_is_not_believed_before_the_provider_was_asked(shop: Shop) -> None:
    shop.reserve()
    shop.keeper.heard(shop.peer.said("w", "failed"))
    assert shop.state() == ("pending", "")
    shop.keeper.heard(shop.peer.fail("w"))
    assert shop.state() == ("refused", "wallet_failed")


@pytest.mark.parametrize("word", ["lost", "dead", "500"])
def test_whatever_happens_to_the_opening_nobody_pays_for_nothing(shop: Shop, word: str) -> None:
    shop.peer.words = [word]
    assert shop.reserve() == "refused"
    assert shop.state() == ("refused", "wallet_away")
    shop.look()
    if word == "lost":
        assert shop.peer.payments["w"].state == "cancelled"
    assert shop.at_peace()
    assert shop.peer.owed() == 0


@pytest.mark.parametrize("word", ["lost", "dead", "500"])
def test_a_provider_that_is_away_for_a_while_is_asked_again(shop: Shop, word: str) -> None:
    shop.reserve()
    shop.peer.pay("w")
    shop.peer.words = [word, word]
    shop.look()
    shop.look()
    assert shop.state() == ("pending", "")
    shop.look()
    assert shop.state() == ("reserved", "")


def test_a_withdrawal_is_told_the_provider_first(shop: Shop) -> None:
    shop.reserve()
    answer = shop.keeper.withdraw(LANE, "w")
    assert answer.state is not None
    assert (answer.state.state, shop.peer.payments["w"].state) == ("refused", "cancelled")
    assert shop.at_peace()


def test_who_has_just_paid_has_paid_though_she_goes_back(shop: Shop) -> None:
    shop.reserve()
    shop.peer.pay("w")
    answer = shop.keeper.withdraw(LANE, "w")
    assert answer.state is not None
    assert (answer.state.state, answer.state.amount) == ("reserved", 2468)
    assert shop.peer.refunded == []


@pytest.mark.parametrize("word", ["lost", "dead", "500"])
def test_withdrawn_while_the_provider_is_away_a_late_success_is_given_back(shop: Shop, word: str) -> None:
    shop.reserve()
    shop.peer.words = ["dead" if word == "lost" else word]
    answer = shop.keeper.withdraw(LANE, "w")
    assert answer.state is not None
    assert (answer.state.state, answer.state.reason) == ("cancelled", "withdrawn")
    shop.peer.pay("w")
    shop.peer.words = ["", "", "", word]  # cancel, status, status, and the refund goes astray
    shop.look()
    shop.look()
    shop.look()
    assert (shop.peer.refunded, shop.peer.owed()) == ([("w", 2468)], 0)
    assert shop.alarms() == ["wallet_refunded"]
    assert shop.state() == ("cancelled", "withdrawn")
    assert shop.at_peace()


def test_a_success_long_after_the_end_is_given_back_once(shop: Shop) -> None:
    shop.reserve()
    shop.look(LIFE + 1)
    assert shop.state() == ("refused", "wallet_expired")
    assert shop.at_peace()
    late = shop.peer.pay("w", however=True)
    for _ in range(3):
        shop.keeper.heard(late)
    assert (shop.peer.refunded, shop.alarms()) == ([("w", 2468)], ["wallet_refunded"])
    assert shop.state() == ("refused", "wallet_expired")


def test_a_paid_wallet_that_the_lane_cancels_is_given_back(shop: Shop) -> None:
    shop.reserve()
    shop.peer.pay("w")
    shop.look()
    assert shop.decide("cancel").conflict == ""
    shop.look()
    assert (shop.peer.owed(), shop.state()) == (0, ("cancelled", ""))
    assert shop.at_peace()
    assert shop.peer.refunded == [("w", 2468)]


def test_refunds_of_a_sale_are_paid_back_each_once_however_the_provider_answers(shop: Shop) -> None:
    shop.reserve()
    shop.peer.pay("w")
    shop.look()
    shop.decide("commit")
    for amount, refund in ((400, "r1"), (68, "r2"), (68, "r2")):
        order = ValueDecision("w", "credit", "wallet", amount, refund)
        with writing(shop.engine) as db:
            assert value.credit(db, Lane("0001", "2"), order, shop.time).conflict == ""
        shop.peer.words = ["lost"]
        shop.look()
        shop.look()
    assert shop.peer.refunded == [("w", 400), ("w", 68)]
    assert (shop.peer.owed(), shop.alarms(), shop.state()) == (2000, [], ("committed", ""))
    assert shop.at_peace()


def test_another_sum_is_not_released_but_given_back(shop: Shop) -> None:
    shop.reserve()
    shop.peer.payments["w"] = Payment("w", "open", 100, "EUR")
    shop.peer.pay("w")
    shop.look()
    assert shop.state() == ("refused", "wallet_amount")
    assert sorted(shop.alarms()) == ["wallet_amount", "wallet_refunded"]
    assert shop.peer.owed() == 0


def test_a_cancel_before_the_reserve_opens_nothing(shop: Shop) -> None:
    shop.decide("cancel")
    assert shop.reserve() == "cancelled"
    assert shop.peer.payments == {}


def test_a_server_that_died_between_its_books_and_the_provider_opens_it_later(shop: Shop) -> None:
    with writing(shop.engine) as db:
        value.reserve(db, b"salt", LANE, ReserveValue("w", "wallet", 2468, "EUR"), shop.time)
        db.execute(
            wallets.insert().values(
                id="w", amount=2468, code="", until=shop.time + LIFE, watched=True, refund=""
            )
        )
    shop.look()
    assert (shop.state(), shop.code()) == (("pending", ""), f"{shop.peer.url}/pay/w")


def test_only_the_provider_can_sign(engine: Engine) -> None:
    payment = Payment("w", "succeeded", 2468, "EUR")
    good = signed(payment, KEY.encode())
    assert opened(good, KEY.encode()) == payment
    head, body, signature = good.split(b".")
    other = signed(Payment("w", "succeeded", 1, "EUR"), KEY.encode()).split(b".")[1]
    none = b"eyJhbGciOiJub25lIn0." + body + b"."
    for bad in (
        head + b"." + other + b"." + signature,
        signed(payment, b"x"),
        none,
        b"",
        b"..",
        b"\xff.a.b",
        good + b"A",
    ):
        with pytest.raises(SignatureError):
            opened(bad, KEY.encode())


def test_the_callbacks_door_takes_signed_ones_only(engine: Engine) -> None:
    peer = WalletPeer(KEY)
    app = make_app(engine, wallet=HttpProvider(peer.url, KEY))
    try:
        with TestClient(app) as client:
            client.headers["Authorization"] = f"Bearer {add_lane(engine, LANE)}"
            asked = {"id": "w", "kind": "wallet", "amount": 2468, "currency": "EUR"}
            answer = client.post("/v1/value/reserve", json=asked).json()
            assert (answer["state"], answer["code"]) == ("pending", f"{peer.url}/pay/w")
            callback = peer.pay("w")
            client.headers.pop("Authorization")
            assert client.post("/v1/wallet/callback", content=callback + b"A").status_code == 401
            assert client.post("/v1/wallet/callback", content=callback).json() == {"known": True}
            strange = signed(Payment("other", "succeeded", 5, "EUR"), KEY.encode())
            assert client.post("/v1/wallet/callback", content=strange).json() == {"known": False}
    finally:
        peer.close()
    with engine.connect() as db:
        assert [one.what for one in alarms.open_alarms(db)] == ["wallet_unknown"]
        found = value.shown(db, "w")
    assert found is not None
    assert found.state == "reserved"


def test_without_a_provider_no_wallet_is_offered(lane: TestClient) -> None:
    asked = {"id": "w", "kind": "wallet", "amount": 2468, "currency": "EUR"}
    answer = lane.post("/v1/value/reserve", json=asked).json()
    assert (answer["state"], answer["reason"]) == ("refused", "not_offered")
