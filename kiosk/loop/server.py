"""What is asked of the store server about money: who asked what, with which secret, and what may be believed.

The link may be broken into. So an answer counts only for what was asked here, and never for a card terminal's
attempt; numbers and addresses are handed over once and are in no event.
"""

import threading
from collections.abc import Callable
from typing import Literal

from msgspec.structs import asdict

from kiosk import wire
from kiosk.checkout.effects import AskSale, AskServer, EmailReceipt, Reserve, TakeBasket, Withdraw
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
from kiosk.checkout.money import AT_SERVER, Outcome, PaymentResult, TenderKind
from kiosk.checkout.passed import MemberUnknown
from kiosk.checkout.suspending import BasketAnswered, BasketUnheard
from kiosk.loop.inbox import Message
from kiosk.units import AttemptId, SaleId

ServerDeed = Reserve | AskServer | Withdraw | AskSale | TakeBasket | EmailReceipt
AWAY = PaymentResult(Outcome.NOT_CHARGED, reason="server_away")
NO_NUMBER = PaymentResult(Outcome.NOT_CHARGED, reason="unknown_number")


class Vault:
    """A number between the scanner that read it and the one that needs it: given once."""

    def __init__(self) -> None:
        self._held: dict[str, str] = {}
        self._lock = threading.Lock()

    def put(self, kind: str, text: str) -> None:
        with self._lock:
            self._held[kind] = text

    def take(self, kind: str) -> str:
        with self._lock:
            return self._held.pop(kind, "")


class AtServer:
    """`emit` puts an event into the loop's inbox, `send` hands an order to the link (False: there is none),
    `typed` takes what stands in a secret field."""

    def __init__(
        self,
        emit: Callable[[Event], None],
        send: Callable[[wire.LinkOrder], bool],
        vault: Vault,
        typed: Callable[[str], str],
    ) -> None:
        self._emit, self._send, self._vault, self._typed = emit, send, vault, typed
        self._ours: set[str] = set()
        self._awaited: set[str] = set()
        self._sales: set[str] = set()
        self._mails: set[str] = set()
        self._member = 0
        self._member_awaited = False
        self._baskets: set[str] = set()

    def act(self, deed: ServerDeed) -> None:
        match deed:
            case Reserve():
                self._reserve(deed)
            case AskServer(attempt=id_):
                self._ask(id_, wire.AskServer(id_))
            case Withdraw(attempt=id_):
                self._ask(id_, wire.Withdraw(id_))
            case AskSale(number=number):
                self._sales.add(number)
                if not self._send(wire.AskSale(number)):
                    self._sales.discard(number)
                    self._emit(SaleUnknown(number))
            case TakeBasket(request=request, key=key):
                self._baskets.add(request)
                if not self._send(wire.TakeBasket(request, key)):
                    self._baskets.discard(request)
                    self._emit(BasketUnheard(request))
            case EmailReceipt(sale=sale):
                self._mail(sale)

    def parted(self) -> None:
        """The link is gone, and with it every answer that was awaited: nobody knows what the server has done."""
        for id_ in sorted(self._awaited):
            self._emit(NoAnswer(AttemptId(id_)))
        for number in sorted(self._sales):
            self._emit(SaleUnknown(number))
        for sale in sorted(self._mails):
            self._emit(EmailTaken(SaleId(sale), False))
        if self._member_awaited:
            self._member_awaited = False
            self._emit(MemberUnknown(asked=False))
        for request in sorted(self._baskets):
            self._emit(BasketUnheard(request))
        for waiting in (self._awaited, self._sales, self._mails, self._baskets):
            waiting.clear()

    def heed(self, message: Message) -> Event | None:
        """An answer of the link's as an event; None if it is none, or to what nobody asked."""
        match message:
            case wire.ValueAnswered(id=id_) if id_ in self._ours:
                result = _result(message)
                if result.outcome is not Outcome.UNKNOWN or result.reason == "not_found":
                    self._awaited.discard(id_)
                return ValueAnswered(AttemptId(id_), result)
            case wire.NoValueAnswer(id=id_) if id_ in self._awaited:
                self._awaited.discard(id_)
                return NoAnswer(AttemptId(id_))
            case wire.WalletShown(id=id_, code=code) if id_ in self._awaited:
                return WalletShown(AttemptId(id_), code)
            case wire.SaleFound(number=number, sale=sale, refunds=refunds) if number in self._sales:
                self._sales.discard(number)
                return SaleFound(sale, refunds)
            case wire.SaleUnknown(number=number) if number in self._sales:
                self._sales.discard(number)
                return SaleUnknown(number)
            case wire.MemberFound(ask=ask) if self._member_answered(ask):
                known = asdict(message)
                del known["ask"]
                return MemberFound(**known)
            case wire.MemberUnknown(ask=ask, asked=asked) if self._member_answered(ask):
                return MemberUnknown(asked)
            case wire.BasketGiven(request=request) if request in self._baskets:
                self._baskets.discard(request)
                return BasketAnswered(request, message.answer, message.basket, message.lane)
            case wire.BasketUnheard(request=request) if request in self._baskets:
                self._baskets.discard(request)
                return BasketUnheard(request)
            case wire.EmailTaken(sale=sale, taken=taken) if sale in self._mails:
                self._mails.discard(sale)
                return EmailTaken(SaleId(sale), taken)
            case _:
                return None

    def find_member(self, by: Literal["card", "phone"]) -> None:
        """Ask who that is; only the last question's answer counts."""
        number = self._typed("phone") if by == "phone" else self._vault.take("member")
        self._member += 1
        self._member_awaited = bool(number) and self._send(wire.FindMember(self._member, number.encode(), by))
        if not self._member_awaited:
            self._emit(MemberUnknown(asked=not number))

    def _member_answered(self, ask: int) -> bool:
        """Whether that is what is awaited; it is then awaited no more."""
        awaited = self._member_awaited and ask == self._member
        self._member_awaited = self._member_awaited and not awaited
        return awaited

    def _reserve(self, deed: Reserve) -> None:
        """The second time bytes may have left before, and its number may be gone: then it is asked about."""
        id_, again = deed.attempt, deed.attempt in self._ours
        number = deed.member or self._number(deed.kind)
        if not number and deed.kind is not TenderKind.WALLET:
            if again:
                self._ask(id_, wire.AskServer(id_))
            else:
                self._emit(ValueAnswered(id_, NO_NUMBER))
            return
        assert deed.kind in AT_SERVER
        kind: wire.ValueKind = deed.kind.value  # type: ignore[assignment]
        order = wire.Reserve(id_, kind, deed.amount, deed.currency, number.encode(), again)
        self._ours.add(id_)
        if self._send(order):
            self._awaited.add(id_)
        else:
            self._emit(NoAnswer(id_) if again else ValueAnswered(id_, AWAY))

    def _number(self, kind: TenderKind) -> str:
        """Scanned, or else typed; both are forgotten where they were."""
        return (self._vault.take(kind.value) or self._typed(kind.value)).strip()

    def _ask(self, id_: AttemptId, order: wire.AskServer | wire.Withdraw) -> None:
        self._ours.add(id_)
        if self._send(order):
            self._awaited.add(id_)
        else:
            self._emit(NoAnswer(id_))

    def _mail(self, sale: SaleId) -> None:
        address = self._typed("email").strip()
        if not address:
            self._emit(EmailTaken(sale, False))
            return
        self._mails.add(sale)
        if not self._send(wire.EmailReceipt(sale, address.encode())):
            self._mails.discard(sale)
            self._emit(EmailTaken(sale, False))


def _result(answer: wire.ValueAnswered) -> PaymentResult:
    return PaymentResult(
        Outcome(answer.outcome),
        amount=answer.amount,
        currency=answer.currency,
        last4=answer.last4[-4:],
        reference=answer.reference,
        reason=answer.reason,
    )
