"""What the loop reaches out with: deeds to the workers, questions to the catalogue, secrets to whom they concern."""

import re
import secrets
import time
from base64 import b32encode
from collections.abc import Callable, Iterable
from datetime import datetime, tzinfo
from typing import Protocol

from msgspec.structs import replace

from kiosk import wire
from kiosk.barcode import Code, Measured, Product
from kiosk.catalogue import Catalogue
from kiosk.checkout.effects import (
    Abort,
    Acknowledge,
    AskRecalled,
    AskSale,
    AskServer,
    AskTerminal,
    Authorise,
    Beep,
    CheckPin,
    CheckPrice,
    Deed,
    DrawName,
    EmailReceipt,
    EndOfDay,
    FindMember,
    FindOffer,
    FiscalFinish,
    FiscalStart,
    HoldScanner,
    Learnt,
    Light,
    LookUp,
    LookUpDocument,
    LookUpItem,
    LookUpSale,
    Note,
    Print,
    Question,
    Report,
    Reserve,
    Reverse,
    Search,
    TakeBasket,
    TakeOffers,
    TestDevice,
    Withdraw,
)
from kiosk.checkout.events import (
    Barred,
    Event,
    FiscalDone,
    ItemFound,
    ItemUnknown,
    LaneWanted,
    NoAnswer,
    OffersTaken,
    PrintFailed,
    Recalled,
    SaleFound,
    SaleNotHere,
    TerminalAnswered,
)
from kiosk.checkout.model import Line
from kiosk.checkout.money import Outcome, PaymentResult
from kiosk.checkout.passed import (
    CatalogueSeen,
    DeviceSeen,
    DocumentFound,
    Found,
    LinkSeen,
    OfferFound,
    PriceFound,
    StaffNamed,
)
from kiosk.checkout.records import Cancelled, ClosedSale, FiscalSignature, HandedOver, Refund
from kiosk.checkout.session import Device, Health
from kiosk.checkout.suspending import NameDrawn
from kiosk.journal import Journal
from kiosk.loop.clock import Clock
from kiosk.loop.inbox import Inbox, Message
from kiosk.loop.pins import PinDesk, Stored
from kiosk.loop.server import AtServer, Vault
from kiosk.loop.telemetry import Telemetry
from kiosk.loop.weights import Weights
from kiosk.units import ItemId, Millis

HOUR = 3_600_000  # ms
BATCH = 50  # ledger lines on their way to the store server at one time
ROUTES: dict[str, str] = {"print": "printer", "light": "light"}


def drawn(why: str, by: str) -> NameDrawn:
    """A name of 128 random bits in the characters that BasketName is read by, and a number of six digits."""
    name = b32encode(secrets.token_bytes(16)).decode().rstrip("=")
    return NameDrawn(f"BASKET-{name}", f"{secrets.randbelow(1_000_000):06}", why, by)


class Takes(Protocol):
    """A worker, as far as giving it an order goes."""

    def start(self) -> None: ...

    def order(self, deed: Deed) -> None: ...

    def stop(self, deadline: float) -> bool: ...


class Sends(Protocol):
    """The door to the link process."""

    def send(self, order: wire.LinkOrder) -> bool: ...

    def close(self) -> None: ...


class Hands:
    """Deeds out, answers back. All methods but `secret` are the loop's own."""

    def __init__(
        self,
        *,
        inbox: Inbox,
        journal: Journal,
        catalogue: Catalogue,
        timezone: tzinfo,
        pins: PinDesk,
        typed: Callable[[str], str],
        beep: Callable[[str], None],
        telemetry: Telemetry,
        excerpt: bool = False,
        clock: Clock | None = None,
    ) -> None:
        """`excerpt`: a piece of its ledger line's hash stands on each receipt. `clock`: the lane's own time of day."""
        self.clock = clock or Clock()
        self.excerpt = excerpt
        self.inbox, self.journal, self.catalogue, self.timezone = inbox, journal, catalogue, timezone
        self.pins, self.typed, self.beep, self.telemetry = pins, typed, beep, telemetry
        self.workers: dict[str, Takes] = {}
        self.door: Sends | None = None
        self.vault = Vault()
        self.server = AtServer(inbox.put, self._send, self.vault, typed)
        self.weights = Weights(journal, lambda: self.catalogue, self._send)
        self._joined = False
        self._sent = 0
        self._hour = 0
        self._sells: tuple[ItemId, ...] = ()

    def secret(self, kind: str, text: str) -> None:
        """From a scanner's thread: a number that must not become an event."""
        if kind == "badge":
            digits = re.findall(r"\d+", text)
            if digits:
                self.inbox.put(StaffNamed(digits[-1]))
            return
        self.vault.put(kind, text)

    def _send(self, order: wire.LinkOrder) -> bool:
        return self.door is not None and self.door.send(order)

    def tell(self, order: wire.LinkOrder) -> None:
        if self.door is not None and self._joined:
            self.door.send(order)

    def close(self, deadline: float) -> None:
        """Stop every worker, the desk and the door; the workers all at once, within so many seconds."""
        for worker in self.workers.values():
            worker.stop(0)
        until = time.monotonic() + deadline
        for worker in self.workers.values():
            worker.stop(max(0.0, until - time.monotonic()))
        self.pins.close()
        if self.door is not None:
            self.door.close()

    # ---- questions

    def answer(self, question: Question) -> Event:
        match question:
            case LookUp(code=code, carrier=carrier, by_camera=by_camera):
                found = self.catalogue.find(code)
                if found is None:
                    return ItemUnknown(code, by_camera)
                return ItemFound(code, self.weights.given(found), carrier, self._barred(code))
            case LookUpItem(item=item):
                found = self.catalogue.item(item)
                if found is None:
                    return ItemUnknown(None)
                barred: Barred = "recalled" if self.catalogue.is_recalled_whole(item) else ""
                return ItemFound(None, self.weights.given(found), barred=barred)
            case AskRecalled(lines=lines):
                return Recalled(tuple(line.no for line in lines if self._is_recalled(line)))
            case TakeOffers():
                today = self._today()
                date = today if self.clock.believed else ""
                page, lot = secrets.token_urlsafe(16), secrets.randbelow(1_000_000)
                return OffersTaken(self.catalogue.offers(today), date, page, lot)
            case DrawName(why=why, by=by):
                return drawn(why, by)
            case Search(text=text, department=department):
                selling = self._selling(Millis(self.clock.now()))
                items, letters = self.catalogue.search(text, department=department, selling=selling)
                return Found(text, items, letters, () if text else self.catalogue.departments())
            case LookUpSale(number=number):
                sold = self.journal.receipt(number)
                return SaleFound(*sold) if sold else SaleNotHere(number)
            case CheckPrice(code=code, item=item):
                return self._price(code, item)
            case FindOffer(items=items):
                return OfferFound(self.catalogue.offer(items))
            case LookUpDocument(job=job, kind=kind, of=of):
                record = self.journal.document(kind, of)
                return DocumentFound(job, record) if record else PrintFailed(job, "gone")
            case _:
                raise TypeError(f"a question that nobody answers: {question}")

    def _selling(self, now: Millis) -> tuple[ItemId, ...]:
        """What shoppers pick at this hour; looked up once in an hour."""
        if now // HOUR != self._hour:
            self._hour, self._sells = now // HOUR, self.journal.picked(now)
        return self._sells

    def _today(self) -> str:
        return datetime.fromtimestamp(self.clock.now() / 1000, self.timezone).date().isoformat()

    def _price(self, code: Code | None, id_: ItemId | None) -> PriceFound:
        """What the shop says of an item, by what was scanned or picked."""
        found = self.catalogue.find(code) if code is not None else None
        found = self.catalogue.item(id_) if id_ is not None else found
        return PriceFound(found, self.catalogue.about(found, self._today())) if found else PriceFound(None)

    def _barred(self, code: Code) -> Barred:
        """Whether a recall names the pack, or its serial was sold here."""
        if self.catalogue.is_recalled(code):
            return "recalled"
        match code:
            case Product(gtin=gtin, pack=pack) | Measured(item=gtin, pack=pack) if pack.serial:
                return "sold" if self.journal.is_sold(gtin, pack.serial) else ""
            case _:
                return ""

    def _is_recalled(self, line: Line) -> bool:
        if line.gtin is None:
            return self.catalogue.is_recalled_whole(line.item.id)
        return self.catalogue.is_recalled(Product(line.gtin, pack=line.pack))

    # ---- deeds

    def act(self, deed: Deed) -> None:
        match deed:
            case Authorise() | Acknowledge() | Abort() | AskTerminal() | Reverse():
                self._terminal(deed)
            case EndOfDay(id=id_):
                self._order("terminal", deed, NoAnswer(id_))
            case Reserve() | AskServer() | Withdraw() | AskSale() | TakeBasket() | EmailReceipt():
                self.server.act(deed)
            case Print():
                self._order("printer", self._with_excerpt(deed), PrintFailed(deed.job, "absent"))
            case Light():
                self._order("light", deed)
            case HoldScanner():
                for name in self._named("scanner"):
                    self._order(name, deed)
            case TestDevice():
                self._test(deed)
            case Report():
                if isinstance(deed.record, ClosedSale | Cancelled | HandedOver):
                    self.telemetry.ended(deed.record)
                self.deliver()
            case Learnt():
                self.weights.tell(deed)
            case FiscalStart():
                self._order("fiscal", deed)
            case FiscalFinish(record=record):
                out = FiscalSignature(outage=self.clock.now())
                self._order("fiscal", deed, FiscalDone(record.id, out))
            case Note():
                self.telemetry.note(deed)
            case FindMember(by=by):
                self.server.find_member(by)
            case CheckPin(person=person):
                self._check_pin(person)
            case Beep(sound=sound):
                self.beep(sound)
            case _:
                raise TypeError(f"a deed that nobody does: {deed}")

    def _order(self, name: str, deed: Deed, otherwise: Event | None = None) -> None:
        worker = self.workers.get(name)
        if worker is not None:
            worker.order(deed)
        elif otherwise is not None:
            self.inbox.put(otherwise)

    def _terminal(self, deed: Authorise | Acknowledge | Abort | AskTerminal | Reverse) -> None:
        """Without a terminal nothing is ever charged, and nothing that was is ever found out."""
        match deed:
            case Authorise(attempt=id_) | Reverse(attempt=id_):
                refused = PaymentResult(Outcome.NOT_CHARGED, reason="terminal_away")
                self._order("terminal", deed, TerminalAnswered(id_, refused))
            case AskTerminal(attempt=id_):
                self._order("terminal", deed, NoAnswer(id_))
            case _:
                self._order("terminal", deed)

    def _with_excerpt(self, deed: Print) -> Print:
        """A receipt names its line of the ledger, where the country wants that: known only once it is written."""
        if not self.excerpt or not isinstance(deed.document, ClosedSale | Refund):
            return deed
        return replace(deed, excerpt=self.journal.proof_of(deed.document.number))

    def _named(self, prefix: str) -> Iterable[str]:
        return [name for name in self.workers if name.startswith(prefix)]

    def _test(self, deed: TestDevice) -> None:
        """A technician's key: one device or both scales try, and of the clock she says that it is right."""
        if deed.name == "clock":
            self.clock.trust()
            return
        both = ("produce", "bag")
        for target in both if deed.name == "zero_scales" else (ROUTES.get(deed.name, deed.name),):
            self._order(target, deed)

    def _check_pin(self, person: str) -> None:
        colleague = self.catalogue.staff(person)
        stored = None
        if colleague is not None:
            stored = Stored(colleague.name, colleague.pin_hash, colleague.role == "technician")
        self.pins.compare(person, self.typed(f"pin-{person}"), stored)

    # ---- the store server

    def deliver(self) -> None:
        """Bring what waits in the outbox on its way, oldest first, so many at one time."""
        if self.door is None or not self._joined:
            return
        for entry in self.journal.waiting(self._sent, BATCH):
            order = wire.Deliver(entry.number, entry.key, entry.kind, entry.body)
            if not self.door.send(order):
                return
            self._sent = entry.number
        self.weights.catch_up()

    def heed(self, message: Message) -> Event | None:
        """What the link says, as an event of the checkout where it is one."""
        match message:
            case wire.LinkJoined():
                self._joined, self._sent = True, 0
                self.deliver()
                self.weights.tell_all()
            case wire.LinkParted():
                self._joined = False
                self.server.parted()
                return LinkSeen(False, self.journal.depth())
            case wire.ServerSeen(server=server):
                return LinkSeen(server, self.journal.depth())
            case wire.OwnAddress(address=address):
                return DeviceSeen(Device("network", Health.READY, address))
            case wire.Delivered(id=id):
                self.journal.delivered(id)
                self.deliver()
                return LinkSeen(True, self.journal.depth())
            case wire.NotTaken(id=id, why=why):
                self.telemetry.refused(id, why)
            case wire.CatalogueChanged():
                return CatalogueSeen()
            case wire.LaneWanted(open=open_, reason=reason):
                return LaneWanted(open_, reason)
            case _:
                return self.server.heed(message)
        return None
