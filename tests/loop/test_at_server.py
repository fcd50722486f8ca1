"""The loop's desk for the store server: secrets given once, and answers believed only to what was asked here."""

from typing import Any

import pytest

from kiosk import wire
from kiosk.checkout.effects import AskSale, AskServer, EmailReceipt, Reserve, Withdraw
from kiosk.checkout.events import (
    EmailTaken,
    Event,
    MemberFound,
    NoAnswer,
    SaleFound,
    SaleUnknown,
    ValueAnswered,
    WalletShown,
)
from kiosk.checkout.money import Outcome, PaymentResult, TenderKind
from kiosk.checkout.passed import MemberUnknown
from kiosk.loop.server import AtServer, Vault
from kiosk.units import AttemptId, Minor, SaleId
from tests.shop import sale

NUMBER = "GC9876543210987612"
A = AttemptId("a")


class Desk:
    def __init__(self) -> None:
        self.events: list[Event] = []
        self.orders: list[wire.LinkOrder] = []
        self.link = True
        self.vault = Vault()
        self.fields: dict[str, str] = {}
        self.server = AtServer(
            self.events.append, self._send, self.vault, lambda field: self.fields.pop(field, "")
        )

    def _send(self, order: wire.LinkOrder) -> bool:
        if self.link:
            self.orders.append(order)
        return self.link

    def act(self, *deeds: Any) -> None:
        for deed in deeds:
            self.server.act(deed)


@pytest.fixture
def desk() -> Desk:
    return Desk()


def reserve(kind: TenderKind = TenderKind.GIFT_CARD) -> Reserve:
    return Reserve(A, Minor(700), "EUR", kind)


@pytest.mark.parametrize("kind", [TenderKind.GIFT_CARD, TenderKind.DEPOSIT_VOUCHER])
def test_a_number_is_given_once_to_the_link_and_to_nobody_else(desk: Desk, kind: TenderKind) -> None:
    desk.vault.put(kind.value, f" {NUMBER} ")
    desk.act(reserve(kind), reserve(kind))
    assert desk.orders == [
        wire.Reserve(A, kind.value, Minor(700), "EUR", NUMBER.encode()),  # type: ignore[arg-type]
        wire.AskServer(A),
    ]
    assert NUMBER not in str(desk.events)
    assert desk.vault.take(kind.value) == ""


def test_a_typed_number_is_as_good_as_a_scanned_one(desk: Desk) -> None:
    desk.fields["gift_card"] = NUMBER
    desk.act(reserve())
    assert desk.orders == [wire.Reserve(A, "gift_card", Minor(700), "EUR", NUMBER.encode())]
    assert desk.fields == {}


def test_without_a_number_nothing_is_asked(desk: Desk) -> None:
    desk.act(reserve())
    unknown = PaymentResult(Outcome.NOT_CHARGED, reason="unknown_number")
    assert (desk.orders, desk.events) == ([], [ValueAnswered(A, unknown)])


def test_without_a_link_nothing_was_charged_the_first_time_and_nobody_knows_the_second(desk: Desk) -> None:
    desk.link = False
    desk.act(reserve(TenderKind.WALLET), reserve(TenderKind.WALLET), AskServer(A), Withdraw(A))
    away = ValueAnswered(A, PaymentResult(Outcome.NOT_CHARGED, reason="server_away"))
    assert desk.events == [away, NoAnswer(A), NoAnswer(A), NoAnswer(A)]


def test_a_reserve_given_again_says_so(desk: Desk) -> None:
    desk.act(reserve(TenderKind.WALLET), reserve(TenderKind.WALLET))
    assert [order.again for order in desk.orders if isinstance(order, wire.Reserve)] == [False, True]


def test_a_link_that_goes_leaves_everything_it_was_asked_unknown(desk: Desk) -> None:
    desk.fields["email"] = "ada@analytical.example"
    desk.act(reserve(TenderKind.WALLET), AskSale("0001-2-7"), EmailReceipt(SaleId("s1")))
    desk.server.parted()
    desk.server.parted()
    assert desk.events == [NoAnswer(A), SaleUnknown("0001-2-7"), EmailTaken(SaleId("s1"), False)]


def test_an_answer_is_an_event_and_no_number_longer_than_four(desk: Desk) -> None:
    desk.act(AskServer(A))
    said = wire.ValueAnswered("a", "approved", Minor(700), "EUR", NUMBER, "W7")
    result = PaymentResult(Outcome.APPROVED, Minor(700), "EUR", last4="7612", reference="W7")
    assert desk.server.heed(said) == ValueAnswered(A, result)
    desk.server.parted()
    assert desk.events == []


def test_a_wallet_stays_awaited_until_it_is_over(desk: Desk) -> None:
    desk.act(reserve(TenderKind.WALLET))
    assert desk.server.heed(wire.WalletShown("a", "code")) == WalletShown(A, "code")
    desk.server.heed(wire.ValueAnswered("a", "unknown", reason="in_progress"))
    desk.server.parted()
    assert desk.events == [NoAnswer(A)]


@pytest.mark.parametrize(
    "said",
    [
        wire.ValueAnswered("card-1", "approved", Minor(700), "EUR"),
        wire.NoValueAnswer("card-1"),
        wire.WalletShown("card-1", "code"),
        wire.SaleFound("0001-1-1", sale("s1")),
        wire.SaleUnknown("0001-1-1", "unknown"),
        wire.EmailTaken("s1", True),
    ],
)
def test_a_link_that_was_broken_into_cannot_speak_of_what_nobody_asked_it(
    desk: Desk, said: wire.LinkEvent
) -> None:
    desk.act(AskServer(A))
    assert desk.server.heed(said) is None


def test_a_sale_and_an_address_are_answered_once(desk: Desk) -> None:
    desk.fields["email"] = "ada@analytical.example"
    desk.act(AskSale("n"), EmailReceipt(SaleId("s1")), EmailReceipt(SaleId("s2")))
    assert desk.orders == [wire.AskSale("n"), wire.EmailReceipt("s1", b"ada@analytical.example")]
    assert desk.events == [EmailTaken(SaleId("s2"), False)]
    found = wire.SaleFound("n", sale("s9"))
    assert desk.server.heed(found) == SaleFound(sale("s9"))
    assert desk.server.heed(found) is None
    assert desk.server.heed(wire.EmailTaken("s1", True)) == EmailTaken(SaleId("s1"), True)
    assert "analytical" not in str(desk.events)


# ---- members


PHONE = "0612345000"


def test_a_phone_number_is_given_once_and_the_answer_has_no_name(desk: Desk) -> None:
    desk.fields["phone"] = PHONE
    desk.server.find_member("phone")
    assert desk.orders == [wire.FindMember(1, PHONE.encode(), "phone")] and desk.fields == {}
    said = wire.MemberFound(1, "t0ken", points=7, credit=Minor(50), tiers=("silver",))
    assert desk.server.heed(said) == MemberFound("t0ken", points=7, credit=Minor(50), tiers=("silver",))
    assert desk.server.heed(said) is None, "an answer counts once"


def test_only_the_last_question_is_answered(desk: Desk) -> None:
    for number in ("2950000000006", "2950000000013"):
        desk.vault.put("member", number)
        desk.server.find_member("card")
    assert desk.server.heed(wire.MemberFound(1, "first")) is None
    assert desk.server.heed(wire.MemberUnknown(9)) is None
    assert desk.server.heed(wire.MemberUnknown(2)) == MemberUnknown()


def test_a_link_that_goes_while_a_member_is_sought_is_an_answer(desk: Desk) -> None:
    desk.fields["phone"] = PHONE
    desk.server.find_member("phone")
    desk.server.parted()
    desk.server.parted()
    assert desk.events == [MemberUnknown(asked=False)]
    desk.link = False
    desk.fields["phone"] = PHONE
    desk.server.find_member("phone")
    assert desk.events == [MemberUnknown(asked=False)] * 2


@pytest.mark.parametrize("kind", [TenderKind.CREDIT, TenderKind.VOUCHER])
def test_what_is_a_members_own_is_asked_for_by_her_token(desk: Desk, kind: TenderKind) -> None:
    desk.vault.put(kind.value, NUMBER)
    desk.act(Reserve(A, Minor(700), "EUR", kind, "t0ken"))
    assert desk.orders == [wire.Reserve(A, kind.value, Minor(700), "EUR", b"t0ken")]  # type: ignore[arg-type]
