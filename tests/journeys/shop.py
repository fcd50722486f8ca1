"""A store server around the lanes of the journeys: gift cards, vouchers, payments by phone, letters, and its books."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import requests
from sqlalchemy import Engine, select

from kiosk.checkout.session import Session
from kiosk.link.config import LinkConfig
from kiosk.link.run import run
from kiosk.wire import ValueState
from store import accounts, alarms, value
from store.accounts import Issue
from store.alarms import Alarm
from store.database import open_database, value_salt, writing
from store.lanes import Lane, add_lane
from store.mail import Spool
from store.simulated_wallet import WalletPeer
from store.tables import sales, value_reservations
from store.wallet import HttpProvider
from tests.shop import Server, serving

GIFT, VOUCHER = "GC9876543210987612", "DV2000000000012345"
KEY = "a-key-of-the-provider"


class Link:
    """One lane's link process as a thread. The catalogue of the lane stays as it is."""

    def __init__(self, folder: Path, engine: Engine, server: Server, lane: str = "4") -> None:
        self.folder = folder
        (folder / "token").write_text(add_lane(engine, Lane("0187", lane)))
        self.config = LinkConfig(
            server=server.url,
            token_file=str(folder / "token"),
            catalogue=str(folder / "from-the-server.db"),
            socket=str(folder / "link.sock"),
            heartbeat=0.2,
            wallet_poll=0.05,
            retry=0.05,
            retry_most=0.2,
        )
        self._stop = threading.Event()
        self._thread = threading.Thread(target=lambda: None)

    @property
    def toml(self) -> str:
        """What the loop has to know of the link."""
        return f'\n[link]\nserver = "{self.config.server}"\nsocket = "{self.config.socket}"\n'

    def start(self) -> None:
        self._stop = threading.Event()
        self._thread = threading.Thread(target=run, args=(self.config, self._stop))
        self._thread.start()

    def stop(self) -> None:
        self._stop.set()
        if self._thread.ident is not None:
            self._thread.join()

    @contextmanager
    def linked(self) -> Iterator[None]:
        self.start()
        try:
            yield
        finally:
            self.stop()


class Shop(Link):
    """A store server, and the link of lane 4."""

    def __init__(self, folder: Path, engine: Engine, server: Server, wallet: WalletPeer) -> None:
        super().__init__(folder, engine, server)
        self.engine, self.server, self.wallet = engine, server, wallet
        self.letters = folder / "spool"

    def other(self, folder: Path, lane: str) -> Link:
        """The link of another lane of the same store."""
        folder.mkdir()
        return Link(folder, self.engine, self.server, lane)

    def issue(self, number: str, amount: int) -> None:
        """Sell a gift card, or have a bottle machine print a voucher."""
        kind = "gift_card" if number.startswith("GC") else "deposit_voucher"
        one = Issue(kind=kind, number=number, amount=amount, currency="EUR")
        salt = value_salt(self.engine)
        with writing(self.engine) as db:
            accounts.issue(db, salt, one, "Sam", 1)

    def left(self, number: str) -> int:
        """What can still be spent of it, in minor units."""
        kind = "gift_card" if number.startswith("GC") else "deposit_voucher"
        salt = value_salt(self.engine)
        with self.engine.connect() as db:
            (one,) = accounts.called(db, salt, kind, number)
            return accounts.balance(db, one.id)

    def wallet_says(self, callback: bytes) -> None:
        """The provider tells the server about a payment, signed."""
        address = f"{self.server.url}/v1/wallet/callback"
        requests.post(address, data=callback, timeout=20).raise_for_status()

    @property
    def reservations(self) -> list[ValueState]:
        """Everything that lanes have ever reserved, oldest first."""
        with self.engine.connect() as db:
            ids = list(
                db.execute(select(value_reservations.c.id).order_by(value_reservations.c.created)).scalars()
            )
            found = [value.shown(db, id_) for id_ in ids]
        return [one for one in found if one is not None]

    @property
    def booked(self) -> int:
        """What was booked for good, in minor units."""
        return sum(one.amount or 0 for one in self.reservations if one.state == "committed")

    @property
    def alarms(self) -> list[Alarm]:
        with self.engine.connect() as db:
            return list(alarms.open_alarms(db, 99))

    @property
    def stored(self) -> list[str]:
        with self.engine.connect() as db:
            return sorted(row.id for row in db.execute(select(sales.c.id)))


@contextmanager
def shop(folder: Path, **app: Any) -> Iterator[Shop]:
    """Open, with a provider of payments by phone and a folder for letters."""
    engine = open_database(f"sqlite:///{folder / 'store.db'}")
    (folder / "spool").mkdir()
    wallet = WalletPeer(KEY)
    provider = HttpProvider(wallet.url, KEY)
    with serving(engine, wallet=provider, posts=Spool(folder / "spool"), **app) as server:
        yield Shop(folder, engine, server, wallet)
    wallet.close()
    engine.dispose()


def delivered(session: Session) -> bool:
    """The store server is there, and has everything."""
    return session.passing.server and session.passing.queue == 0
