"""The link's own thread for value that the server holds: one order after the other, and an open wallet in between."""

import logging
import threading
import time
from collections.abc import Callable
from queue import Empty, SimpleQueue

from kiosk.link.client import NoStoreError, RefusedError, StoreClient
from kiosk.link.config import LinkConfig
from kiosk.wire import (
    AskServer,
    LinkEvent,
    NoValueAnswer,
    Reserve,
    ReserveValue,
    ValueAnswered,
    ValueState,
    WalletShown,
    Withdraw,
)

IDLE = 0.2  # seconds between looks whether the link is to stop
NOT_DONE = (400, 404, 413, 422)  # statuses with which a server says that it has done nothing
_log = logging.getLogger("kiosk.link.value")


class Values:
    """`tell` sends an event to the loop. An order is tried once: the loop asks again, as it sees fit."""

    def __init__(self, config: LinkConfig, stop: threading.Event, tell: Callable[[LinkEvent], None]) -> None:
        self._config, self._stop, self._tell = config, stop, tell
        self._orders: SimpleQueue[Reserve | AskServer | Withdraw] = SimpleQueue()
        self._open: dict[str, float] = {}
        self._shown: dict[str, str] = {}
        self._client: StoreClient | None = None

    def put(self, order: Reserve | AskServer | Withdraw) -> None:
        self._orders.put(order)

    def run(self) -> None:
        while not self._stop.is_set():
            try:
                order = self._orders.get(timeout=self._config.wallet_poll if self._open else IDLE)
            except Empty:
                self._watch()
                continue
            self._carry_out(order)

    def _carry_out(self, order: Reserve | AskServer | Withdraw) -> None:
        try:
            client = self._client = self._client or StoreClient(self._config)
            match order:
                case Reserve():
                    self._say(client.reserve(_asked(order)))
                case AskServer(id=id_):
                    self._shown.pop(id_, None)
                    self._say(client.value(id_) or id_, asked=True)
                case Withdraw(id=id_):
                    self._say(client.withdraw(id_))
        except (NoStoreError, RefusedError, UnicodeDecodeError) as error:
            _log.info("%s of %s: %s", type(order).__name__, order.id, type(error).__name__)
            self._tell(_failed(order, error))
            if isinstance(error, NoStoreError):
                self._client = None  # the token may be another by then

    def _say(self, state: ValueState | str, *, asked: bool = False) -> None:
        """What the loop is told; a wallet that is still open is watched from here on."""
        if isinstance(state, str):
            self._over(state)
            self._tell(ValueAnswered(state, "unknown", reason="not_found"))
            return
        if state.state == "pending":
            self._open.setdefault(state.id, time.monotonic() + self._config.wallet_watch)
            if state.code and self._shown.get(state.id) != state.code:
                self._shown[state.id] = state.code
                self._tell(WalletShown(state.id, state.code))
            if asked:
                self._tell(answered(state))
            return
        self._over(state.id)
        self._tell(answered(state))

    def _over(self, id_: str) -> None:
        self._open.pop(id_, None)
        self._shown.pop(id_, None)

    def _watch(self) -> None:
        """Ask about every open wallet; one that is open for too long is given up, and the loop told so."""
        for id_, until in list(self._open.items()):
            try:
                client = self._client = self._client or StoreClient(self._config)
                self._say(client.value(id_) or id_)
            except (NoStoreError, RefusedError) as error:
                _log.info("wallet %s: %s", id_, type(error).__name__)
                self._client = None
            if id_ in self._open and time.monotonic() > until:
                self._over(id_)
                self._tell(NoValueAnswer(id_))


def _asked(order: Reserve) -> ReserveValue:
    return ReserveValue(order.id, order.kind, order.amount, order.currency, order.number.decode())


def answered(state: ValueState) -> ValueAnswered:
    """The server's word as an outcome. What is cancelled or refused will never be charged: its id is used up."""
    match state.state:
        case "reserved" | "committed":
            return ValueAnswered(
                state.id, "approved", state.amount, state.currency, state.last4, state.reference
            )
        case "refused" | "cancelled":
            reason = state.reason or state.state
            return ValueAnswered(state.id, "not_charged", last4=state.last4, reason=reason)
        case _:
            return ValueAnswered(state.id, "unknown", reason="in_progress")


def _failed(order: Reserve | AskServer | Withdraw, error: Exception) -> LinkEvent:
    """Nothing was charged only if no byte of any try can have left, or the server says that it has done nothing."""
    if isinstance(order, Reserve) and not order.again:
        if isinstance(error, UnicodeDecodeError):
            return ValueAnswered(order.id, "not_charged", reason="unknown_number")
        if isinstance(error, RefusedError) and error.status in NOT_DONE:
            return ValueAnswered(order.id, "not_charged", reason="not_offered")
        if isinstance(error, NoStoreError) and not error.sent:
            return ValueAnswered(order.id, "not_charged", reason="server_away")
    return NoValueAnswer(order.id)
