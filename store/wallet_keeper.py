"""Wallet payments kept in step with their provider: released on success only, asked about until nothing can come of
them any more, and given back when a success comes too late."""

import logging
import threading
from collections.abc import Callable
from typing import Any

from sqlalchemy import ColumnElement, Connection, Engine, Row, Select, insert, select, update

from kiosk.wire import ReserveValue
from store import value
from store.alarms import alarm
from store.database import writing
from store.lanes import Lane
from store.tables import value_reservations, wallets
from store.wallet import ENDED, Payment, Provider, ProviderError

LIFE = 300_000  # milliseconds that a shopper has to pay
GRACE = (
    120_000  # milliseconds after that in which a late success is still looked for; a callback may come later
)
EVERY = 1.0  # seconds
SOLD = ("reserved", "committed")
_log = logging.getLogger("store.wallet")


class WalletKeeper:
    """`look` asks the provider about every payment that is not over; `run` does so every second until `close`.

    Without a provider no wallet is offered. All methods may be called from any thread; `now` gives milliseconds.
    """

    def __init__(self, engine: Engine, provider: Provider | None, now: Callable[[], int]) -> None:
        self._engine, self._provider, self._now = engine, provider, now
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self.run, name="wallets", daemon=True)

    def start(self) -> None:
        if self._provider is not None:
            self._thread.start()

    def close(self) -> None:
        self._stop.set()
        if self._thread.ident is not None:
            self._thread.join()

    def run(self) -> None:
        while not self._stop.wait(EVERY):
            try:
                self.look()
            except Exception:
                _log.exception("wallets could not be looked at")

    # ---- what the kiosk asks for

    def reserve(self, salt: bytes, lane: Lane, asked: ReserveValue) -> value.Answer:
        """Open a payment: first in the books, then at the provider. The code is in the answer, or comes later."""
        now = self._now()
        with writing(self._engine) as db:
            answer = value.reserve(db, salt, lane, asked, now)
            if answer.again or answer.conflict:
                return answer
            if self._provider is None:
                value.refuse(db, asked.id, "not_offered", now)
                return value.Answer(value.shown(db, asked.id))
            row = {"id": asked.id, "amount": asked.amount, "code": "", "until": now + LIFE}
            db.execute(insert(wallets).values(**row, watched=True, refund=""))
        self._open(asked.id, asked.amount, asked.currency, now + LIFE)
        with self._engine.connect() as db:
            return value.Answer(value.shown(db, asked.id))

    def withdraw(self, lane: Lane, id_: str) -> value.Answer:
        """The shopper went back: the provider is told first, for if she has just paid, then she has."""
        with self._engine.connect() as db:
            state = value.shown(db, id_)
        if state is not None and state.kind == "wallet" and state.state == "pending":
            self._cancel(id_)
        with writing(self._engine) as db:
            return value.withdraw(db, lane, id_, self._now())

    # ---- what the provider says

    def heard(self, callback: bytes) -> bool:
        """A callback, whenever and however often it comes. Only a success is believed; of all else it is asked.

        False: no such payment. SignatureError: it is not the provider's.
        """
        if self._provider is None:
            return False
        payment = self._provider.heard(callback)
        if payment.state == "succeeded":
            known = self._take(payment)
        else:
            with self._engine.connect() as db:
                known = db.execute(select(wallets.c.id).where(wallets.c.id == payment.id)).first() is not None
            if known:
                self._ask(payment.id)
        self._refund()
        return known

    def look(self) -> None:
        """One round: every payment that is watched is asked about, every refund that is wanted is tried."""
        with self._engine.connect() as db:
            watched = db.execute(_watched(wallets.c.watched)).all()
        for row in watched:
            if row.state == "pending" and not row.code:
                self._open(row.id, row.amount, row.currency, row.until)
            elif row.state == "pending" and self._now() <= row.until:
                self._ask(row.id)
            else:
                self._cancel(row.id)
        self._refund()

    def _open(self, id_: str, amount: int, currency: str, until: int) -> None:
        assert self._provider is not None
        try:
            payment = self._provider.open(id_, amount, currency, until)
        except ProviderError as error:
            _log.warning("payment %s not opened: %s", id_, error)
            self._end(id_, "wallet_away")
            return
        with writing(self._engine) as db:
            db.execute(update(wallets).where(wallets.c.id == id_).values(code=payment.code))
        self._take(payment)

    def _ask(self, id_: str) -> None:
        assert self._provider is not None
        try:
            payment = self._provider.status(id_)
        except ProviderError as error:
            _log.info("payment %s not asked about: %s", id_, error)
            return
        if payment is not None:
            self._take(payment)

    def _cancel(self, id_: str) -> None:
        """Tell the provider, then ask it once more: its word after the cancel is what counts."""
        assert self._provider is not None
        try:
            self._provider.cancel(id_)
            payment = self._provider.status(id_)
        except ProviderError as error:
            _log.info("payment %s not cancelled: %s", id_, error)
            return
        if payment is not None:
            self._take(payment)
        else:
            self._end(id_, "wallet_unknown")

    def _take(self, payment: Payment) -> bool:
        """What a payment's state means; whether there is one."""
        now = self._now()
        with writing(self._engine) as db:
            row = _locked(db, payment.id)
            if row is None:
                if payment.state == "succeeded":
                    detail = f"{payment.amount} {payment.currency} paid for what nobody asked for"
                    alarm(db, Lane("", ""), "wallet_unknown", payment.id, detail, now)
                return False
            if payment.state == "succeeded":
                _succeeded(db, row, payment, now)
            elif payment.state in ENDED:
                _ended(db, row, f"wallet_{payment.state}", now)
        return True

    def _end(self, id_: str, reason: str) -> None:
        with writing(self._engine) as db:
            row = _locked(db, id_)
            if row is not None:
                _ended(db, row, reason, self._now())

    def _refund(self) -> None:
        """Give back what was paid for nothing; a refund stays wanted until the provider says that it is done."""
        assert self._provider is not None
        with self._engine.connect() as db:
            wanted = db.execute(_watched(wallets.c.refund == "wanted")).all()
        for row in wanted:
            try:
                amount = self._owed(row)
                self._provider.refund(row.id, amount)
            except ProviderError as error:
                _log.warning("payment %s not given back yet: %s", row.id, error)
                continue
            with writing(self._engine) as db:
                value.locked(db, row.id)  # a credit that comes just now is wanted, too
                done = update(wallets).where(wallets.c.id == row.id, wallets.c.refund == "wanted")
                if row.state in SOLD:
                    if value.credited(db, row.id) == amount:
                        db.execute(done.values(refund="done", refunded=self._now()))
                elif db.execute(done.values(refund="done", refunded=self._now())).rowcount:
                    detail = f"{amount} {row.currency} given back ({row.state} {row.reason})".replace(
                        " )", ")"
                    )
                    alarm(db, Lane(row.store, row.lane), "wallet_refunded", row.id, detail, self._now())

    def _owed(self, row: Row[Any]) -> int:
        """Of a sale what its refunds gave back, of anything else all that was paid."""
        assert self._provider is not None
        if row.state in SOLD:
            with self._engine.connect() as db:
                return value.credited(db, row.id)
        found = self._provider.status(row.id)
        return int(found.amount if found is not None else row.amount)


def _watched(which: ColumnElement[bool]) -> Select[Any]:
    w, r = wallets.c, value_reservations.c
    columns = (w.id, w.amount, w.code, w.until, w.refund, r.state, r.reason, r.currency, r.store, r.lane)
    return select(*columns).join_from(wallets, value_reservations).where(which)


def _locked(db: Connection, id_: str) -> Row[Any] | None:
    """Always the reservation first, so that nobody waits for each other; then both as they are now."""
    value.locked(db, id_)
    return db.execute(_watched(wallets.c.id == id_)).first()


def _succeeded(db: Connection, row: Row[Any], payment: Payment, now: int) -> None:
    """Paid: it is the reservation's if that still waits and the sum is right; else it is owed back, once."""
    right = (payment.amount, payment.currency) == (row.amount, row.currency)
    mine = update(wallets).where(wallets.c.id == row.id)
    if row.state == "pending" and right:
        value.paid(db, row.id, payment.amount, payment.reference, now)
        db.execute(mine.values(watched=False))
        return
    if row.state in SOLD:
        return
    if row.state == "pending":
        value.refuse(db, row.id, "wallet_amount", now)
        detail = f"{payment.amount} {payment.currency} paid where {row.amount} {row.currency} were due"
        alarm(db, Lane(row.store, row.lane), "wallet_amount", row.id, detail, now)
    refund = row.refund or "wanted"
    db.execute(mine.values(watched=False, refund=refund))


def _ended(db: Connection, row: Row[Any], reason: str, now: int) -> None:
    """Nothing was paid; looked at a while longer, for the provider may yet think better of it."""
    if row.state == "pending":
        value.refuse(db, row.id, reason, now)
    if now > row.until + GRACE:
        db.execute(update(wallets).where(wallets.c.id == row.id).values(watched=False))
