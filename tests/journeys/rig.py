"""A kiosk in a thread, a simulated lane around it, and a shopper who touches the screen."""

import threading
from pathlib import Path
from types import TracebackType

import argon2
import msgspec

from drivers.simulated.lane import SimulatedLane
from drivers.simulated.world import Card
from kiosk.catalogue import Intake
from kiosk.commands.run import Kiosk
from kiosk.commands.script import Shopper
from kiosk.config import parse
from kiosk.units import ItemId
from kiosk.wire import CataloguePage, Colleague, DatedPromotion, DatedTax, Entry, Terms, peppered
from tests.lane import ITEMS, OFFERS

PEPPER = b"pepper of the tests"
PIN = "471100"
CARD = Card(last4="4417")

TOML = """
[lane]
store = "0187"
number = "4"

[shop]
name = "Tilleul"
address = ["12 place du Marche"]
timezone = "Europe/Paris"

[rules]
weigh_wait = 50
thank_you = 60000
ask_again = 100

[codes]
member = ["2950*"]
badge = ["STAFF-*"]

[screen]
fullscreen = false
sound = false

[files]
journal = "{folder}/journal.db"
catalogue = "{folder}/catalogue.db"
pepper = "{folder}/pepper"
"""


def stock(path: Path) -> None:
    """A catalogue file with the shop of tests.lane, as the link would leave it."""
    quick = argon2.PasswordHasher(time_cost=1, memory_cost=64)
    terms = Terms(
        staff=(Colleague("17", "Sam", "attendant", quick.hash(peppered(PIN, PEPPER))),),
        promotions=tuple(DatedPromotion(promotion) for promotion in OFFERS.promotions),
        taxes=tuple(DatedTax(tax) for tax in OFFERS.taxes),
    )
    entries = tuple(Entry(item, (item.gtin,) if item.gtin and not item.by_weight else ()) for item in ITEMS)
    page = CataloguePage("tests", 0, 1, 1, ItemId(99), entries, last=True, terms=terms)
    intake = Intake(path)
    assert intake.take(msgspec.json.encode(page))
    intake.close()


class Journey(Shopper):
    """One kiosk's life; `kill` ends it without a farewell, `start` begins it again on the same files."""

    def __init__(self, folder: Path, extra: str = "") -> None:
        self.folder = folder
        self.lane = SimulatedLane()
        self.text = TOML.format(folder=folder) + extra + self.lane.toml()
        (folder / "pepper").write_bytes(PEPPER)
        if not (folder / "catalogue.db").exists():
            stock(folder / "catalogue.db")
        self.start()

    def start(self) -> None:
        started = threading.Event()

        def live() -> None:
            self.kiosk = Kiosk(parse(self.text, "journey.toml"))
            self.kiosk.begin()
            started.set()
            try:
                self.kiosk.reach_out()
                self.kiosk.loop.run()
            finally:
                self.kiosk.close()

        self._thread = threading.Thread(target=live, name="kiosk", daemon=True)
        self._thread.start()
        assert started.wait(20), "the first page did not come"
        super().__init__(self.kiosk, self.lane)

    def stop(self) -> None:
        self.kiosk.loop.stopping = True
        self._thread.join(20)
        assert not self._thread.is_alive(), "the kiosk does not stop"

    def __enter__(self) -> "Journey":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()
        self.lane.close()

    @property
    def words(self) -> list[str]:
        """Every text on the screen now."""
        return self.kiosk.glass.on_loop(self.kiosk.glass.screen.words).result(20)

    def devices_ready(self, *names: str) -> None:
        wanted = set(names) or set(self.lane.peers)

        def well(session):  # type: ignore[no-untyped-def]
            return wanted <= {d.name for d in session.passing.devices if d.health == "ready"}

        self.watch.until(well, f"{sorted(wanted)} to be ready")
