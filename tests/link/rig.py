"""A loop's door, a link and a store server for tests of the whole way between them."""

import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

from msgspec.structs import replace
from sqlalchemy import Engine, select

from kiosk.link.config import LinkConfig
from kiosk.link.door import Door
from kiosk.link.run import run
from kiosk.wire import Deliver, LinkEvent, LinkJoined
from store.database import open_database
from store.importing.load import import_file
from store.lanes import Lane, add_lane
from store.tables import sales
from store.tls import own_certificate, pin_of
from tests.shop import Server, as_json, sale

T = TypeVar("T", bound=LinkEvent)
PATIENCE = 20.0  # seconds after which a test has failed; nothing waits that long when all is well


class Loop:
    """The loop's end: a door, and everything that came through it."""

    def __init__(self, path: Path) -> None:
        self._news = threading.Condition()
        self.events: list[LinkEvent] = []
        self.door = Door(path, self._heard)

    def _heard(self, event: LinkEvent) -> None:
        with self._news:
            self.events.append(event)
            self._news.notify_all()

    def until(self, done: Callable[[list[LinkEvent]], bool]) -> None:
        with self._news:
            assert self._news.wait_for(lambda: done(self.events), PATIENCE), self.events

    def has(self, *wanted: LinkEvent) -> None:
        self.until(lambda events: all(one in events for one in wanted))

    def first(self, kind: type[T]) -> T:
        self.until(lambda events: any(isinstance(event, kind) for event in events))
        return next(event for event in self.events if isinstance(event, kind))


class Shop:
    """A store server, a loop and a link between them."""

    def __init__(self, folder: Path, *, tls: bool = False, **app: Any) -> None:
        self.folder = folder
        self.engine: Engine = open_database(f"sqlite:///{folder / 'store.db'}")
        (folder / "token").write_text(add_lane(self.engine, Lane("0001", "1")))
        keys = folder / "keys" if tls else None
        self.server = Server(self.engine, keys, page_size=2, **app)
        self.config = LinkConfig(
            server=self.server.url,
            pin=pin_of(own_certificate(keys)[0]) if keys else "",
            token_file=str(folder / "token"),
            catalogue=str(folder / "catalogue.db"),
            socket=str(folder / "link.sock"),
            heartbeat=0.02,
            answer_timeout=5,
            wallet_poll=0.02,
            retry=0.01,
            retry_most=0.04,
        )
        self.loop = Loop(folder / "link.sock")
        self._stop = threading.Event()
        self._link = threading.Thread(target=lambda: None)

    def start(self, **changed: Any) -> "Shop":
        self._stop = threading.Event()
        config = replace(self.config, **changed)
        self._link = threading.Thread(target=run, args=(config, self._stop))
        self._link.start()
        self.loop.first(LinkJoined)
        return self

    def stop_link(self) -> None:
        self._stop.set()
        if self._link.ident is not None:
            self._link.join()

    def close(self) -> None:
        self.server.mischief.let_go()
        self.stop_link()
        self.loop.door.close()
        self.server.stop()
        self.engine.dispose()

    def deliver(self, number: int, **more: Any) -> None:
        one = sale(f"s{number}", **more)
        assert self.loop.door.send(Deliver(number, one.id, "sale", as_json(one)))

    def stored(self) -> list[str]:
        with self.engine.connect() as db:
            return sorted(db.execute(select(sales.c.id)).scalars())

    def goods(self, count: int, price: str = "1.00") -> None:
        rows = [f"{n},Item {n},{price},R" for n in range(1, count + 1)]
        (self.folder / "goods.csv").write_text("\n".join(["gtin,name,price,tax", *rows]))
        assert import_file(self.engine, self.folder / "goods.csv").rejects == []
