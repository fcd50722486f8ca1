"""A kiosk in a thread, a simulated lane around it, and a shopper who touches the screen."""

import sqlite3
import threading
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from types import TracebackType
from typing import TypeVar

import argon2
import msgspec

from drivers.simulated.lane import SimulatedLane
from drivers.simulated.paper import Paper
from drivers.simulated.terminal import Fault
from drivers.simulated.world import Card
from kiosk.catalogue import Intake
from kiosk.checkout.jobs import JobState
from kiosk.checkout.model import Why
from kiosk.checkout.session import Finishing, Idle, Paying, Session, Shopping
from kiosk.commands.run import Kiosk
from kiosk.commands.script import PATIENCE, Shopper, paper
from kiosk.config import Config, parse
from kiosk.pricing import Promotion
from kiosk.units import Grams, Gtin, ItemId
from kiosk.wire import CataloguePage, Colleague, DatedPromotion, DatedTax, Entry, Recall, Terms, peppered
from tests.lane import ITEMS, OFFERS, item

T = TypeVar("T")

PEPPER = b"pepper of the tests"
PIN, OTHER_PIN = "471100", "582206"
STAMPS = item(8, "Stamps", 119, grams=Grams(2))  # too light for the bag scale: sold without being put down
LUNCH = item(9, "Lentil salad", 690, grams=Grams(2), meal_voucher=True)
CARD = Card(last4="4417")
RESULT = 6  # the terminal's 04 0F, counted in its steps from our 06 01

TOML = """
[lane]
store = "0187"
number = "{number}"

[shop]
name = "Tilleul"
address = ["12 place du Marche"]
timezone = "Europe/Paris"

[rules]
produce_plate = "Max 15 kg  Min 100 g  e = 5 g  Class III"
weigh_wait = 50
thank_you = 60000
receipt_wait = 60000
ask_again = 100

[codes]
member = ["2950*", "MB1.*"]
badge = ["STAFF-*"]
gift_card = ["GC*"]
deposit_voucher = ["DV*"]

[screen]
fullscreen = false
sound = false

[files]
journal = "{folder}/journal.db"
catalogue = "{folder}/catalogue.db"
pepper = "{folder}/pepper"
status = "{folder}/status.sock"
"""


def stock(path: Path, *recalls: tuple[Gtin, str, str], more: tuple[Promotion, ...] = ()) -> None:
    """A catalogue file with the shop of tests.lane, and these offers more, as the link would leave it."""
    quick = argon2.PasswordHasher(time_cost=1, memory_cost=64)
    terms = Terms(
        staff=(
            Colleague("17", "Sam", "attendant", quick.hash(peppered(PIN, PEPPER))),
            Colleague("23", "Alex", "attendant", quick.hash(peppered(OTHER_PIN, PEPPER))),
        ),
        promotions=tuple(DatedPromotion(promotion) for promotion in (*OFFERS.promotions, *more)),
        taxes=tuple(DatedTax(tax) for tax in OFFERS.taxes),
        recalls=tuple(Recall(*recall) for recall in recalls),
    )
    entries = tuple(
        Entry(item, (item.gtin,) if item.gtin and not item.by_weight else ())
        for item in (*ITEMS, STAMPS, LUNCH)
    )
    page = CataloguePage("tests", 0, 1, 1, ItemId(99), entries, last=True, terms=terms)
    intake = Intake(path)
    assert intake.take(msgspec.json.encode(page))
    intake.close()


def written(
    folder: Path,
    lane: SimulatedLane,
    rules: str = "",
    terminal: str = "",
    tapes: bool = False,
    number: str = "4",
    shop: str = "",
) -> str:
    """The configuration of a lane whose files lie in `folder`, with these lines more in three of its tables."""
    devices = lane.toml().replace("[scales.bag]\n", "[scales.bag]\nhold = 0.2\nrate = 20\n")
    hasty = "ask = 0.1\nlife = 0.3" if 'model = "zvt"' in lane.table else ""
    devices = devices.replace("[terminal]\n", f"[terminal]\n{hasty}\n{terminal}\n")
    if tapes:
        for name, port in (("scanner", lane.scanner.port), ("keyboard", lane.keyboard.port)):
            devices = devices.replace(port, f'{port}"\nrecord = "{folder}/{name}.tape')
    (folder / "pepper").write_bytes(PEPPER)
    if not (folder / "catalogue.db").exists():
        stock(folder / "catalogue.db")
    text = TOML.format(folder=folder, number=number)
    text = text.replace("[rules]\n", f"[rules]\n{rules}\n").replace("[shop]\n", f"[shop]\n{shop}\n")
    return text + devices


def job(state: JobState) -> Callable[[Session], bool]:
    """A condition on the last document's way to paper."""
    return lambda session: paper(session) is state


def receipts(lane: SimulatedLane) -> list[Paper]:
    """The papers that hold a receipt to its end; what a printer that was cut off left is no receipt."""
    return [paper for paper in lane.printer.papers if any(code.startswith("0187-4-") for code in paper.codes)]


def unmarked(lane: SimulatedLane) -> int:
    return sum("DUPLICATE" not in paper.text for paper in receipts(lane))


class Journey(Shopper):
    """One kiosk's life; after `stop`, `start` begins it again on the same files with the same lane."""

    def __init__(
        self,
        folder: Path,
        lane: SimulatedLane | None = None,
        *,
        rules: str = "",
        terminal: str = "",
        tapes: bool = False,
        link: str = "",
        shop: str = "",
    ) -> None:
        self.folder = folder
        self.lane = lane or SimulatedLane()
        self.text = written(folder, self.lane, rules, terminal, tapes, shop=shop) + link
        self.start()

    def start(self) -> None:
        started = threading.Event()

        config = parse(self.text, "journey.toml")

        def live() -> None:
            self.kiosk = self.built(config)
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

    def built(self, config: Config) -> Kiosk:
        return Kiosk(config)

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

    # ---- what is seen

    @property
    def words(self) -> list[str]:
        """Every text on the screen now."""
        return self.kiosk.glass.on_loop(self.kiosk.glass.screen.words).result(20)

    def says(self, text: str) -> bool:
        """Whether the page says so, wherever its lines break."""
        return text in " ".join(" ".join(self.words).split())

    def until_says(self, text: str) -> None:
        """Wait until the page says so."""
        until = time.monotonic() + PATIENCE
        while not self.says(text):  # each look waits for the loop's next round
            assert time.monotonic() < until, f"{text!r} is not among {self.words}"

    def until_true(self, wanted: Callable[[], object], what: str) -> None:
        """Wait for something that is on no page: each look waits for the loop's next round."""
        until = time.monotonic() + PATIENCE
        while not self.kiosk.glass.on_loop(wanted).result(PATIENCE):
            assert time.monotonic() < until, f"waited for {what}"

    @property
    def session(self) -> Session:
        return self.kiosk.loop.session

    def until(self, wanted: Callable[[Session], bool], what: str) -> Session:
        return self.watch.until(wanted, what)

    def until_page(self, name: str) -> None:
        """Wait until the page of that name is shown."""
        until = time.monotonic() + PATIENCE
        while (shown := self.kiosk.glass.on_loop(lambda: self.kiosk.glass.page).result(PATIENCE)) is None or (
            shown.name != name
        ):
            assert time.monotonic() < until, f"the page is not {name}, but {shown and shown.name}"

    def until_key(self, name: str) -> None:
        """Wait until the key of that id is there and works."""
        screen = self.kiosk.glass.screen

        def works() -> bool:
            parts = screen.frame.parts if screen.frame else ()
            return any(part.key and part.key.id == name and not part.key.off for part in parts)

        until = time.monotonic() + PATIENCE
        while not self.kiosk.glass.on_loop(works).result(PATIENCE):
            assert time.monotonic() < until, f"no key {name} that works among {self.words}"

    def until_phase(self, kind: type) -> Session:
        return self.until(lambda session: isinstance(session.kept.phase, kind), kind.__name__)

    def until_asked(self, *whys: Why) -> Session:
        def asked(session: Session) -> bool:
            phase = session.kept.phase
            return isinstance(phase, Shopping | Paying) and {q.why for q in phase.sale.open} >= set(whys)

        return self.until(asked, f"{whys} to be asked")

    def devices_ready(self, *names: str) -> None:
        wanted = set(names) or set(self.lane.peers)

        def well(session: Session) -> bool:
            return wanted <= {d.name for d in session.passing.devices if d.health == "ready"}

        self.until(well, f"{sorted(wanted)} to be ready")

    # ---- what happens to the devices

    def unplug(self, name: str) -> None:
        """Pull its cable, and see that the lane knows."""
        self.lane.peers[name].unplug()

        def gone(session: Session) -> bool:
            return any(d.name == name and d.health != "ready" for d in session.passing.devices)

        self.until(gone, f"{name} to be missed")

    def replug(self, name: str) -> float:
        """Plug it in again; seconds until the lane says that it is ready."""
        started = time.monotonic()
        self.lane.peers[name].replug()
        self.devices_ready(name)
        return time.monotonic() - started

    def in_payment(self, step: int, fault: Fault, order: str = "hear 06 01") -> None:
        """What goes wrong so many steps after the terminal has heard the next order to pay (ZVT's 06 01)."""
        terminal = self.lane.terminal

        def heard(said: str) -> None:
            if said == order:
                terminal.script[len(terminal.steps) - 1 + step] = fault
                terminal.on_step = lambda said: None

        terminal.on_step = heard

    # ---- what people do

    def badge(self, person: str) -> None:
        """A colleague holds her badge to the scanner, and is asked for her PIN."""
        self.lane.scanner.scan(f"STAFF-{person}", "]C0")
        self.until(
            lambda s: s.passing.panel is not None and s.passing.panel.name == "staff_pin", "the PIN page"
        )

    def ask_for_card(self) -> None:
        """Press Pay, and see the terminal ask for the card."""
        self.press("pay")
        self.until(
            lambda s: isinstance(s.kept.phase, Paying) and s.passing.terminal_says == "present_card",
            "the terminal to ask for the card",
        )

    def step_back(self) -> None:
        """Leave whatever panel is open."""
        self.press("back")
        self.until(lambda s: s.passing.panel is None, "the panel to close")

    def present(self, card: Card = CARD) -> None:
        self.world.change(card=None)
        self.world.change(card=card)

    def print(self) -> None:
        self.press("print")
        self.until(job(JobState.PRINTED), "the receipt")

    def finish(self) -> None:
        """Pay for whatever lies in the basket, and go."""
        phase = self.session.kept.phase
        if isinstance(phase, Shopping | Paying):
            self.pay_by_card(CARD)
        if isinstance(self.session.kept.phase, Finishing) and not self.session.kept.phase.receipt:
            self.press("none")
        self.until(lambda s: bool(getattr(s.kept.phase, "receipt", "")), "the thanks")
        self.press("finish")
        self.until_phase(Idle)

    # ---- what the books say

    @property
    def sold(self) -> list[int]:
        """The totals in the ledger, whose chain is whole."""
        assert self.kiosk.journal.broken_chain() is None
        return [sale.priced.total for sale in self.kiosk.journal.sales()]

    def recorded(self, kind: type[T]) -> list[T]:
        """The ledger's lines of that kind, oldest first."""
        query = "SELECT body FROM ledger WHERE kind = ? ORDER BY number"
        with closing(sqlite3.connect(f"file:{self.folder}/journal.db?mode=ro", uri=True)) as db:
            return [msgspec.json.decode(body, type=kind) for (body,) in db.execute(query, (kind.kind,))]

    @property
    def charged(self) -> int:
        """What the terminal has really taken, in minor units."""
        return self.lane.terminal.book.charged
