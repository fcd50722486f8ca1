"""The shopper of the demo: she scans, weighs, puts things down and pays, by what lies in the simulated world.

She touches keys by their ids at the place where they are drawn, and looks at the session only to know when to go
on, as a person looks at the screen.
"""

import json
import threading
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from drivers.simulated.lane import SimulatedLane
from drivers.simulated.world import Card
from kiosk.barcode import Product
from kiosk.checkout.jobs import JobState
from kiosk.checkout.model import Item, Why
from kiosk.checkout.session import Finishing, Idle, Paying, Session, Shopping
from kiosk.text import Words
from kiosk.units import Gtin

if TYPE_CHECKING:
    from kiosk.commands.run import Kiosk

PATIENCE = 20.0  # seconds until something on the screen must have happened


class ScriptError(Exception):
    """The screen did not come to what the script waits for."""


class Watch:
    """Waits until a session is as expected; woken after every turn."""

    def __init__(self, kiosk: "Kiosk") -> None:
        self._changed = threading.Condition()
        self._session = kiosk.loop.session
        kiosk.watchers.append(self._seen)

    def _seen(self, session: Session) -> None:
        with self._changed:
            self._session = session
            self._changed.notify_all()

    def until(self, wanted: Callable[[Session], bool], what: str) -> Session:
        with self._changed:
            if not self._changed.wait_for(lambda: wanted(self._session), PATIENCE):
                raise ScriptError(f"waited {PATIENCE:.0f} s for {what}; {state(self._session)}")
            return self._session


def state(session: Session) -> str:
    phase = session.kept.phase
    open_ = [question.why.value for question in getattr(getattr(phase, "sale", None), "open", ())]
    devices = {device.name: device.health.value for device in session.passing.devices}
    return f"the lane is {type(phase).__name__}, open questions {open_}, devices {devices}"


def paper(session: Session) -> JobState | None:
    """How the paper of the receipt on the screen, or else of the last one, is getting on."""
    return session.kept.jobs[-1].state if session.kept.jobs else None


def shopping(wanted: Callable[[Any], bool]) -> Callable[[Session], bool]:
    """A condition on the sale, true only while shopping."""
    return lambda session: isinstance(session.kept.phase, Shopping) and wanted(session.kept.phase.sale)


class Shopper:
    """Hands, eyes and things: what the demo's script and the journeys are written in."""

    def __init__(self, kiosk: "Kiosk", lane: SimulatedLane) -> None:
        self.kiosk, self.lane, self.world = kiosk, lane, lane.world
        self.watch = Watch(kiosk)

    def press(self, key: str) -> None:
        self.kiosk.glass.press(key).result(PATIENCE)

    def type(self, digits: str) -> None:
        for digit in digits:
            self.press(f"digit-{digit}")

    def ready(self) -> None:
        """Every device has answered, and the store server is there."""
        names = set(self.lane.peers)

        def well(session: Session) -> bool:
            there = {device.name for device in session.passing.devices if device.health == "ready"}
            return session.passing.server and names <= there

        self.watch.until(well, "all devices")

    def thing(self, code: int | str) -> Item:
        """What the shop sells under a GTIN."""
        item = self.kiosk.glass.on_loop(lambda: self.kiosk.catalogue.find(Product(Gtin(int(code))))).result(
            PATIENCE
        )
        if item is None:
            raise ScriptError(f"the catalogue has no {code}")
        return item

    def scan(self, item: Item) -> None:
        """Hold its code to the glass, and see its line appear."""
        before = self.pieces(self.kiosk.loop.session, item)
        self.lane.scanner.scan(f"{item.gtin:013d}")
        self.watch.until(lambda session: self.pieces(session, item) == before + 1, f"a line for {item.name}")

    def pieces(self, session: Session, item: Item) -> int:
        sale = getattr(session.kept.phase, "sale", None)
        return sum(line.qty for line in sale.lines if line.item.id == item.id) if sale else 0

    def put(self, grams: int) -> None:
        self.world.put("bag", grams)

    def bag(self, item: Item) -> None:
        """Put it into the bag, and see that the scale has understood."""
        self.put(item.grams or 0)
        self.watch.until(shopping(lambda sale: not sale.bag.pending), f"{item.name} to be in the bag")

    def buy(self, item: Item) -> None:
        self.scan(item)
        self.bag(item)

    def staff(self, person: str, pin: str) -> None:
        """A colleague comes with her number and her PIN."""
        self.lane.scanner.scan(f"STAFF-{person}", "]C0")
        self.watch.until(
            lambda session: session.passing.panel is not None and session.passing.panel.name == "staff_pin",
            "the PIN page",
        )
        self.type(pin)
        self.press("ok")
        self.watch.until(lambda session: session.kept.staff is not None, "the PIN to be accepted")

    def approve(self, why: Why) -> None:
        """The colleague who is there says yes to an open question, and it is closed."""
        phase = self.kiosk.loop.session.kept.phase
        assert isinstance(phase, Shopping | Paying)
        sale = phase.sale
        line = next(question.line for question in sale.open if question.why is why)
        self.press(f"ask-{why}-{line or 0}-yes")
        self.watch.until(shopping(lambda sale: all(q.why is not why for q in sale.open)), f"{why} to be over")

    def pay_by_card(self, card: Card) -> None:
        self.world.change(card=None)
        self.press("pay")
        self.watch.until(
            lambda session: isinstance(session.kept.phase, Paying) and bool(session.passing.terminal_says),
            "the terminal to ask for the card",
        )
        self.world.change(card=card)
        self.watch.until(lambda session: isinstance(session.kept.phase, Finishing), "the payment")


class Script(Shopper):
    """The demo's sale, step by step, with a picture of every page on the way."""

    def __init__(self, kiosk: "Kiosk", lane: SimulatedLane, out: Path, language: str) -> None:
        super().__init__(kiosk, lane)
        self.out, self.language = out, language
        self.wrong: Exception | None = None
        self._pictures = 0
        self.cast = json.loads((Path(__file__).with_name("demo.json")).read_text())

    def play(self) -> None:
        """The whole visit; the kiosk is stopped when it is over, `wrong` says why if it broke off."""
        try:
            self.arrive()
            self.shop()
            self.be_helped()
            self.pay()
        except Exception as wrong:
            self.wrong = wrong
            self.picture("where-it-stopped")
        finally:
            self.kiosk.loop.stopping = True

    def picture(self, name: str) -> None:
        self._pictures += 1
        path = self.out / f"{self._pictures:02d}-{name}.png"
        self.kiosk.glass.picture(path).result(PATIENCE)

    def arrive(self) -> None:
        self.ready()
        self.picture("start")
        self.press(f"language-{self.language}")
        self.watch.until(lambda session: session.kept.language == self.language, "the language")
        self.picture("language")
        self.press("start")
        self.watch.until(shopping(lambda sale: True), "an empty basket")
        self.picture("empty")
        self.lane.scanner.scan(self.cast["member"])
        self.watch.until(shopping(lambda sale: sale.member is not None), "the member's prices")

    def shop(self) -> None:
        milk, yoghurt, eggs = (self.thing(self.cast[name]) for name in ("milk", "yoghurt", "eggs"))
        self.buy(milk)
        self.buy(eggs)
        self.weigh()
        for number in range(3):
            self.buy(yoghurt)
            if number == 1:
                self.picture("one-more")
        self.picture("three-for-two")
        self.too_heavy()

    def weigh(self) -> None:
        """Tomatoes by weight: found by name, weighed on the produce scale."""
        self.press("find")
        self.watch.until(lambda session: bool(session.passing.found), "the finder")
        self.picture("finder")
        for letter in self.cast["search"]:
            self.press(f"type-{letter}")
        wanted = self.cast["tomatoes"]

        def there(session: Session) -> bool:
            return any(item.plu == wanted for item in session.passing.found)

        found = self.watch.until(there, "tomatoes in the finder")
        self.picture("finder-typed")
        tomatoes = next(item for item in found.passing.found if item.plu == wanted)
        self.press(f"tile:item-{tomatoes.id}")
        self.watch.until(lambda session: session.passing.panel is not None, "the weighing page")
        self.world.put("produce", 655)
        self.watch.until(lambda session: session.passing.produce.grams == 655, "a stable weight")
        self.picture("weigh")
        self.press("add")
        self.watch.until(lambda session: self.pieces(session, tomatoes) == 1, "a line for the tomatoes")
        self.world.put("produce", -655)
        self.put(655)
        self.watch.until(shopping(lambda sale: not sale.bag.pending), "the tomatoes in the bag")

    def too_heavy(self) -> None:
        """Two tins for one scan: the scale asks, she takes one out again, and nobody had to come."""
        tin = self.thing(self.cast["tin"])
        self.scan(tin)
        self.put(2 * (tin.grams or 0))
        self.watch.until(
            shopping(lambda sale: any(q.why is Why.WEIGHT_UNEXPECTED for q in sale.open)), "a question"
        )
        self.picture("weight-problem")
        self.put(-(tin.grams or 0))
        self.watch.until(shopping(lambda sale: not sale.open), "the question to be settled")
        self.picture("weight-solved")

    def be_helped(self) -> None:
        wine = self.thing(self.cast["wine"])
        self.buy(wine)
        self.picture("age-check")
        self.lane.scanner.scan(f"STAFF-{self.cast['person']}", "]C0")
        self.watch.until(
            lambda session: session.passing.panel is not None and session.passing.panel.name == "staff_pin",
            "the PIN page",
        )
        self.type(self.cast["pin"][:3])
        self.picture("staff-pin")
        self.type(self.cast["pin"][3:])
        self.press("ok")
        self.watch.until(lambda session: session.kept.staff is not None, "the PIN to be accepted")
        self.picture("attendant")
        self.approve(Why.AGE_RESTRICTED)
        self.picture("basket")

    def pay(self) -> None:
        self.press("pay")
        self.watch.until(
            lambda session: isinstance(session.kept.phase, Paying) and bool(session.passing.terminal_says),
            "the terminal to ask for the card",
        )
        self.picture("payment")
        self.world.change(card=Card(last4="4417"))
        self.watch.until(lambda session: isinstance(session.kept.phase, Finishing), "the payment")
        self.picture("receipt")
        self.world.change(card=None)
        self.press("print")

        self.watch.until(lambda session: paper(session) is JobState.PRINTED, "the receipt")
        self.picture("thanks")
        self.watch.until(lambda session: session.passing.queue == 0, "the store server to have the sale")
        self.press("finish")
        self.watch.until(lambda session: isinstance(session.kept.phase, Idle), "the attract page")


class Summary:
    """What the demo has to say at its end, and whether server and receipt agree to the cent."""

    def __init__(self, kiosk: "Kiosk", lane: SimulatedLane, record: dict[str, Any], ready: float) -> None:
        self.record, self.ready = record, ready
        self.receipt = lane.printer.papers[-1].text if lane.printer.papers else ""
        self.words = Words(record["language"], record["currency"])
        self.scans = sorted(timing.shown / 1e6 for timing in kiosk.loop.timings if timing.event == "Scanned")

    def agrees(self) -> bool:
        """Every line, discount, tax sum and tender and the total of the server's record stand on the paper."""
        priced = self.record["priced"]
        amounts = [priced["total"], priced["discount"], *(line["gross"] for line in priced["lines"])]
        amounts += [discount["amount"] for line in priced["lines"] for discount in line["discounts"]]
        amounts += [tender["amount"] for tender in self.record["tenders"]]
        amounts += [tax[part] for tax in priced["taxes"] for part in ("net", "vat", "gross")]
        return bool(self.receipt) and all(self.words.decimal(amount, 2) in self.receipt for amount in amounts)

    def text(self) -> str:
        priced, card = self.record["priced"], self.record["tenders"][0]["result"]
        pieces = sum(line.get("qty", 1) for line in self.record["lines"])
        middle, worst = self.scans[len(self.scans) // 2], self.scans[int(len(self.scans) * 0.99)]
        rows = [
            ("items", f"{pieces} in {len(self.record['lines'])} lines"),
            ("total", f"{self.words.money(priced['total'])} (saved {self.words.money(priced['discount'])})"),
            ("card", f"{card['outcome']}, ending in {card['last4']}, receipt {card['receipt_no']}"),
            ("scan to screen", f"p50 {middle:.1f} ms, p99 {worst:.1f} ms, durable, {len(self.scans)} scans"),
            ("start to ready", f"{self.ready:.2f} s"),
            (
                "server's record",
                "equals the receipt to the cent" if self.agrees() else "DIFFERS from the receipt",
            ),
        ]
        return "\n".join(f"{name:16} {said}" for name, said in rows)
