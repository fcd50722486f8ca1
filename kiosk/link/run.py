"""The link process: orders come in over the socket, threads carry them out, events go back."""

import logging
import random
import secrets
import selectors
import socket
import threading
import time
from contextlib import suppress
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import TypeAlias
from urllib.parse import urlsplit

from msgspec.structs import asdict, replace

from kiosk.catalogue import CatalogueError, Intake
from kiosk.link.client import NoStoreError, RefusedError, StoreClient
from kiosk.link.config import LinkConfig
from kiosk.link.frames import FrameError, framed, orders
from kiosk.link.sharing import Sharing
from kiosk.link.value import Values
from kiosk.units import Millis
from kiosk.wire import (
    AskSale,
    AskServer,
    BasketUnheard,
    CatalogueChanged,
    Deliver,
    Delivered,
    EmailReceipt,
    EmailTaken,
    FindMember,
    Heartbeat,
    HeartbeatAnswer,
    LaneWanted,
    LinkEvent,
    LinkOrder,
    MemberFound,
    MemberUnknown,
    NotTaken,
    OwnAddress,
    ReceiptMail,
    Reserve,
    SaleFound,
    SaleUnknown,
    ServerSeen,
    Status,
    TakeBasket,
    Teach,
    Withdraw,
)

Asked: TypeAlias = FindMember | AskSale | TakeBasket | EmailReceipt
AWAY = "away"  # the lane's state while its loop is not there
_log = logging.getLogger("kiosk.link")


def run(config: LinkConfig, stop: threading.Event) -> None:
    """Serve the loop until `stop` is set; comes back to it as often as the socket breaks."""
    link = Link(config, stop)
    link.start()
    try:
        waits = Waits(config)
        while not stop.is_set():
            if link.talk():
                waits.reset()
            stop.wait(waits.next())
    finally:
        stop.set()
        link.join()


def own_address(server: str) -> str:
    """The address that this machine would reach the server from, without a byte being sent; empty: by none."""
    there = urlsplit(server)
    try:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as line:
            line.connect((there.hostname or "", there.port or 443))
            return str(line.getsockname()[0])
    except OSError:
        return ""


class Waits:
    """Seconds to the next try: doubling from `retry` to `retry_most`, each shortened at random by up to half."""

    def __init__(self, config: LinkConfig) -> None:
        self._config = config
        self._tries = 0

    def reset(self) -> None:
        self._tries = 0

    def next(self) -> float:
        wait: float = min(self._config.retry * 2**self._tries, self._config.retry_most)
        self._tries = min(self._tries + 1, 30)
        return wait * (0.5 + random.random() / 2)


class Link:
    """What the threads share: the queues of orders, the last status, and whether the server was there."""

    def __init__(self, config: LinkConfig, stop: threading.Event) -> None:
        self._config = config
        self._stop = stop
        self._outbox: dict[int, Deliver] = {}
        self._posted = threading.Condition()
        self._questions: SimpleQueue[Asked] = SimpleQueue()
        self._values = Values(config, stop, self._tell)
        self._sharing = Sharing(Path(config.catalogue))
        self._status: Heartbeat | None = None
        self._beat = threading.Event()
        self._socket: socket.socket | None = None
        self._sending = threading.Lock()
        self._seen: ServerSeen | None = None
        self._wanted: LaneWanted | None = None
        self._address: OwnAddress | None = None
        jobs = {
            "carry": self._carry,
            "answer": self._answer,
            "keep_up": self._keep_up,
            "value": self._values.run,
        }
        self._threads = [threading.Thread(target=job, name=name, daemon=True) for name, job in jobs.items()]

    def start(self) -> None:
        for thread in self._threads:
            thread.start()

    def join(self) -> None:
        with self._posted:
            self._posted.notify_all()
        self._beat.set()
        for thread in self._threads:
            thread.join()

    # ---- the loop's side

    def talk(self) -> bool:
        """Read orders until the loop goes away or the link is to stop; whether there was a loop at all."""
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as there, selectors.DefaultSelector() as ready:
            try:
                there.connect(self._config.socket)
            except OSError as error:
                _log.info("no kiosk at %s: %s", self._config.socket, error.strerror)
                return False
            self._joined(there)
            ready.register(there, selectors.EVENT_READ)
            frames = orders()
            try:
                while not self._stop.is_set():
                    if not ready.select(0.2):
                        continue
                    if not (data := there.recv(65536)):
                        break
                    for order in frames.feed(data):
                        self._take(order)
            except (OSError, FrameError) as error:
                _log.warning("the kiosk was let go: %s", error)
            finally:
                self._parted()
        return True

    def _joined(self, there: socket.socket) -> None:
        with self._posted:
            self._outbox.clear()  # the loop sends it again, as it is now
        self._sharing.joined()
        there.settimeout(5.0)
        with self._sending:
            self._socket = there
        for known in (self._seen, self._wanted, self._address):
            if known is not None:
                self._tell(known)

    def _parted(self) -> None:
        with self._sending:
            self._socket = None
        self._status = None

    def _take(self, order: LinkOrder) -> None:
        match order:
            case Deliver():
                with self._posted:
                    self._outbox[order.id] = order
                    self._posted.notify_all()
            case FindMember() | AskSale() | TakeBasket() | EmailReceipt():
                self._questions.put(order)
            case Reserve() | AskServer() | Withdraw():
                self._values.put(order)
            case Teach():
                self._sharing.put(order)
            case Status():
                before, self._status = self._status, order.heartbeat
                if before is None or before.asked != order.heartbeat.asked:  # somebody waits
                    self._beat.set()

    def _tell(self, event: LinkEvent) -> None:
        """Send an event to the loop; if it is away it will ask for all that matters when it is back."""
        with self._sending:
            if self._socket is None:
                return
            try:
                self._socket.sendall(framed(event))
            except OSError as error:  # perhaps half a frame has left: begin anew
                _log.info("the kiosk does not listen: %s", error)
                with suppress(OSError):
                    self._socket.shutdown(socket.SHUT_RDWR)
                self._socket = None

    def _saw(self, server: bool, detail: str = "") -> None:
        seen = ServerSeen(server, detail)
        with self._sending:
            news, self._seen = seen != self._seen, seen
        if news:
            if detail:
                _log.warning("%s", detail)
            self._tell(seen)
            self._name_address()

    def _name_address(self) -> None:
        ours = OwnAddress(own_address(self._config.server))
        if ours != self._address:
            self._address = ours
            self._tell(ours)

    # ---- the outbox

    def _carry(self) -> None:
        """Deliver in the loop's order, one after the other, each until the server has it or refuses it."""
        waits = Waits(self._config)
        client: StoreClient | None = None
        while (order := self._next()) is not None:
            try:
                client = client or StoreClient(self._config)
                client.deliver(order)
                self._done(order, Delivered(order.id))
                if self._seen is None or not self._seen.server:
                    self._saw(True)
            except RefusedError as error:
                _log.error("outbox %d is refused: %s", order.id, error)
                self._done(order, NotTaken(order.id, str(error)))
            except NoStoreError as error:
                self._saw(False, str(error))
                client = None  # the token may be another by then
                self._stop.wait(waits.next())
                continue
            waits.reset()

    def _next(self) -> Deliver | None:
        """The oldest order, once there is one; None when the link ends."""
        with self._posted:
            self._posted.wait_for(lambda: self._outbox or self._stop.is_set())
            return None if self._stop.is_set() else self._outbox[min(self._outbox)]

    def _done(self, order: Deliver, event: LinkEvent) -> None:
        with self._posted:
            if self._outbox.get(order.id) == order:
                del self._outbox[order.id]
        self._tell(event)

    # ---- members, sales, baskets, addresses

    def _answer(self) -> None:
        """Ask one thing at a time; somebody waits, so each is asked once."""
        client: StoreClient | None = None
        while not self._stop.is_set():
            try:
                question = self._questions.get(timeout=0.2)
            except Empty:
                continue
            try:
                client = client or StoreClient(self._config)
                self._tell(_asked(client, question))
            except (NoStoreError, RefusedError, UnicodeDecodeError) as error:
                _log.info("%s not asked: %s", type(question).__name__, type(error).__name__)
                self._tell(_unanswered(question))
                if isinstance(error, NoStoreError):
                    client = None

    # ---- heartbeat, catalogue and weights

    def _keep_up(self) -> None:
        """Tell how the lane is and what it has weighed, hear what the shop wants, and fetch what is newer there."""
        client: StoreClient | None = None
        intake: Intake | None = None
        try:
            while not self._stop.is_set():
                try:
                    client = client or StoreClient(self._config)
                    intake = intake or Intake(Path(self._config.catalogue))
                    self._exchange(client, intake)
                    self._saw(True)
                except NoStoreError as error:
                    client = None
                    self._saw(False, str(error))
                except (RefusedError, CatalogueError) as error:
                    self._saw(True, str(error))
                self._beat.wait(self._config.heartbeat * (0.75 + random.random() / 4))
                self._beat.clear()
        finally:
            if intake is not None:
                intake.close()
            self._sharing.close()

    def _exchange(self, client: StoreClient, intake: Intake) -> None:
        now = Millis(int(time.time() * 1000))
        heartbeat = self._status or Heartbeat(at=now, version="", state=AWAY, since=now)
        answer = client.heartbeat(replace(heartbeat, catalogue=intake.version))
        wanted = LaneWanted(answer.open, answer.reason)
        if wanted != self._wanted:
            self._wanted = wanted
            self._tell(wanted)
        self._fetch(client, intake, answer)
        self._sharing.exchange(client, answer)

    def _fetch(self, client: StoreClient, intake: Intake, answer: HeartbeatAnswer) -> None:
        while not self._stop.is_set() and not intake.is_at(answer.source, answer.catalogue):
            if intake.take(client.catalogue_page(intake.wanted())):
                _log.info("catalogue version %d", intake.version)
                self._tell(CatalogueChanged(intake.version))
                return


def _asked(client: StoreClient, question: Asked) -> LinkEvent:
    match question:
        case FindMember(ask=ask):
            found = client.find_member(question)
            return MemberUnknown(ask) if found is None else MemberFound(ask, **asdict(found))
        case AskSale(number=number):
            try:
                answer = client.find_sale(number)
            except RefusedError as error:
                return SaleUnknown(number, "claimed" if error.status == 409 else "unknown")
            return SaleFound(number, answer.sale, answer.refunds)
        case TakeBasket():
            return client.take_basket(question)
        case EmailReceipt(sale=sale, address=address):
            client.mail_receipt(ReceiptMail(secrets.token_hex(16), sale, address.decode()))
            return EmailTaken(sale, True)


def _unanswered(question: Asked) -> LinkEvent:
    match question:
        case FindMember(ask=ask):
            return MemberUnknown(ask, asked=False)
        case AskSale(number=number):
            return SaleUnknown(number, "away")
        case TakeBasket(request=request):
            return BasketUnheard(request)
        case EmailReceipt(sale=sale):
            return EmailTaken(sale, False)
