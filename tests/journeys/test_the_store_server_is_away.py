"""No store server: the lane sells on; when it is back, every sale arrives there exactly once."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Engine, select

from kiosk.checkout.session import Session
from kiosk.link.config import LinkConfig
from kiosk.link.run import run
from store.database import open_database
from store.lanes import Lane, add_lane
from store.tables import sales
from tests.journeys.rig import CARD, STAMPS, Journey
from tests.shop import Server, serving


class Shop:
    """A store server, and the link process of lane 4 as a thread. The catalogue of the lane stays as it is."""

    def __init__(self, folder: Path, engine: Engine, server: Server) -> None:
        self.engine, self.server = engine, server
        (folder / "token").write_text(add_lane(engine, Lane("0187", "4")))
        self.config = LinkConfig(
            server=server.url,
            token_file=str(folder / "token"),
            catalogue=str(folder / "from-the-server.db"),
            socket=str(folder / "link.sock"),
            heartbeat=0.2,
            retry=0.05,
            retry_most=0.2,
        )

    @property
    def toml(self) -> str:
        """What the loop has to know of the link."""
        return f'\n[link]\nserver = "{self.config.server}"\nsocket = "{self.config.socket}"\n'

    @contextmanager
    def linked(self) -> Iterator[None]:
        stop = threading.Event()
        thread = threading.Thread(target=run, args=(self.config, stop))
        thread.start()
        try:
            yield
        finally:
            stop.set()
            thread.join()

    @property
    def stored(self) -> list[str]:
        with self.engine.connect() as db:
            return sorted(row.id for row in db.execute(select(sales.c.id)))


@contextmanager
def shop(folder: Path) -> Iterator[Shop]:
    engine = open_database(f"sqlite:///{folder / 'store.db'}")
    with serving(engine) as server:
        yield Shop(folder, engine, server)
    engine.dispose()


def delivered(session: Session) -> bool:
    return session.passing.server and session.passing.queue == 0


def sell(journey: Journey) -> None:
    journey.scan(STAMPS)
    journey.pay_by_card(CARD)
    journey.world.change(card=None)
    journey.finish()


def test_sales_wait_and_arrive_once_though_answers_are_lost(tmp_path: Path) -> None:
    with shop(tmp_path) as here, here.linked(), Journey(tmp_path, link=here.toml) as journey:
        journey.devices_ready()
        journey.until(lambda s: s.passing.server, "the store server")
        sell(journey)
        journey.until(delivered, "the first sale to be there")
        here.server.stop()
        journey.until(lambda s: not s.passing.server, "the store server to be missed")
        for _ in range(3):
            sell(journey)
        assert here.stored == [sale.id for sale in journey.kiosk.journal.sales()][:1]
        here.server.start()
        here.server.mischief.words = ["lost", "500", "dead", "lost", "html"]
        journey.until(delivered, "every sale to be there")
        assert here.stored == sorted(sale.id for sale in journey.kiosk.journal.sales())
        assert journey.sold == [119] * 4
        assert journey.charged == 4 * 119


def test_a_sale_waits_over_a_restart_too(tmp_path: Path) -> None:
    with shop(tmp_path) as here:
        here.server.stop()
        with here.linked(), Journey(tmp_path, link=here.toml) as journey:
            journey.devices_ready()
            sell(journey)
            journey.stop()
            journey.start()
            assert journey.sold == [119]
            assert here.stored == []
            here.server.start()
            journey.until(delivered, "the sale to be there")
            assert here.stored == [sale.id for sale in journey.kiosk.journal.sales()]
