"""The kiosk's own share of a payment: everything but the terminal and the disk.

The real loop, journal, screen and ZVT driver take payments from a tape, which answers at once, so no time is the
terminal's. What a commit waits for the disk is taken off; what a commit costs without a disk (synchronous off) is not.
"""

import time
from collections.abc import Iterator
from pathlib import Path
from statistics import median

from drivers.simulated.terminal_zvt import ZvtTerminal
from drivers.simulated.world import Card, Scene, World
from drivers.terminals import zvt
from drivers.terminals.zvt.driver import worker as zvt_worker
from drivers.worker import Worker
from kiosk.barcode import Product
from kiosk.checkout.effects import (
    Abort,
    Acknowledge,
    AskTerminal,
    Authorise,
    Deed,
    LookUp,
    Question,
    Reverse,
    TakeOffers,
)
from kiosk.checkout.events import Event, FinishPressed, ItemFound, OffersTaken, PayPressed, Scanned
from kiosk.checkout.session import Finishing, Health, Idle, Shopping
from kiosk.config import ScreenConfig
from kiosk.journal import Journal
from kiosk.loop import Inbox, Loop
from kiosk.loop.face import Glass
from tests.bench import Row
from tests.bench.rig import Floor, folder, percentile
from tests.lane import DAY, MILK, OFFERS, POLICY

TERMINAL = (Authorise, Acknowledge, Abort, AskTerminal, Reverse)
LONG = 3600.0


class Till:
    """A loop with a terminal behind `port`; everything else is not there."""

    def __init__(self, place: Path, port: str, *, record: str = "", synchronous: bool = True) -> None:
        from kiosk.commands.run import open_screen, wall

        self.inbox = Inbox()
        self.journal = Journal(place / f"journal-{time.monotonic_ns()}.db")
        if not synchronous:
            self.journal._db.execute("PRAGMA synchronous=OFF")
        screen = open_screen(ScreenConfig(fullscreen=False, driver="dummy", sound=False))
        self.glass = Glass(screen, POLICY.currency, POLICY.exponent, wall, None)
        config = zvt.Config(port=port, record=record, poll=LONG, issue=255, commit=200.0)
        self.terminal: Worker[object] = zvt_worker("terminal", config, self.inbox.put)  # type: ignore[assignment]
        self.loop = Loop(
            inbox=self.inbox, journal=self.journal, face=self.glass, policy=POLICY, answer=answer,
            act=self.act, heed=lambda message: None,
        )  # fmt: skip
        self.loop.begin()
        self.terminal.start()
        self.until(lambda: any(d.health is Health.READY for d in self.loop.session.passing.devices))

    def act(self, deed: Deed) -> None:
        if isinstance(deed, TERMINAL):
            self.terminal.order(deed)

    def until(self, wanted: object) -> None:
        end = time.monotonic() + 30
        while not wanted():  # type: ignore[operator]
            assert time.monotonic() < end, f"the lane stays {type(self.loop.session.kept.phase).__name__}"
            self.loop.once(0.01)

    def phase(self, kind: type) -> None:
        self.until(lambda: isinstance(self.loop.session.kept.phase, kind))

    def sale(self) -> tuple[int, int, int]:
        """One sale: nanoseconds from Pay to the closed sale, of them waited for the disk, and how many commits."""
        assert MILK.gtin is not None
        self.inbox.put(Scanned(Product(MILK.gtin)))
        self.phase(Shopping)
        self.loop.timings.clear()
        began = time.monotonic_ns()
        self.inbox.put(PayPressed())
        self.phase(Finishing)
        took = time.monotonic_ns() - began
        self.until(lambda: any(turn.event == "TerminalAnswered" for turn in self.loop.timings))
        facts = [turn for turn in self.loop.timings if turn.event in MONEY]
        waited = sum(turn.durable - turn.decided for turn in facts)
        self.inbox.put(FinishPressed())
        self.phase(Idle)
        return took, waited, len(facts)

    def close(self) -> None:
        self.terminal.stop(5)
        self.journal.close()
        self.glass.close()


MONEY = {"PayPressed", "ReadyToSend", "ResultReceived", "TerminalAnswered"}


def answer(question: Question) -> Event:
    match question:
        case LookUp(code=code):
            return ItemFound(code, MILK)
        case TakeOffers():
            return OffersTaken(OFFERS, DAY)
    raise TypeError(question)


def recorded(place: Path, payments: int) -> str:
    """A tape of so many payments, from the simulated terminal."""
    tape = place / "terminal.tape"
    with ZvtTerminal(World(Scene(card=Card(last4="4417")))) as peer:
        till = Till(place, peer.port, record=str(tape))
        for _ in range(payments):
            till.sale()
        till.close()
    return f"tape://{tape}"


def taken(place: Path, tape: str, payments: int, *, synchronous: bool) -> list[tuple[int, int, int]]:
    till = Till(place, tape, synchronous=synchronous)
    sales = [till.sale() for _ in range(payments)]
    till.close()
    return sales


def rows(quick: bool) -> Iterator[Row]:
    payments = 40 if quick else 300
    with folder() as place:
        tape = recorded(place, payments)
        bare = median(
            waited / commits for _, waited, commits in taken(place, tape, payments, synchronous=False)
        )
        floor = Floor(place)
        for _ in range(payments):
            floor.sync()
        sales = taken(place, tape, payments, synchronous=True)
        floor.close()
    own = [took - waited + bare * commits for took, waited, commits in sales]
    syncs = median(commits for _, _, commits in sales) * median(floor.times)
    got = percentile([round(each) for each in own], 99)
    middle = percentile([round(each) for each in own], 50)
    yield Row(
        what=f"own share of a card payment, p99 of {payments} (p50 {middle / 1e6:.2f} ms)",
        goal="<= 1/2 of the fdatasyncs it waits for",
        measured=f"{got / 1e6:.2f} ms, {syncs / 1e6:.2f} ms of fdatasync",
        ratio=got / syncs,
        ok=got <= syncs / 2,
    )
