"""Core, driver and printer together on the wire, in virtual time, with everything that goes wrong between them.

Whatever the seed: each receipt is on paper unmarked once at most, every other paper of it bears a number that is on
record, and what is wanted and not on paper is on the colleague's list.
"""

import random
from collections.abc import Callable

import pytest

from kiosk.checkout import printing, step
from kiosk.checkout.effects import Print, Report
from kiosk.checkout.events import (
    FinishPressed,
    JobDropped,
    PinAccepted,
    Printed,
    PrintedAgain,
    PrintFailed,
    ReceiptChosen,
    Restarted,
)
from kiosk.checkout.jobs import JobState
from kiosk.checkout.records import ClosedSale, Duplicate
from kiosk.checkout.session import Finishing, Session
from kiosk.receipt import number_of
from tests.checkout.test_a_sale import pay
from tests.drivers.printers.lane import Lane as PrinterLane
from tests.drivers.printers.test_escpos import misfortune
from tests.lane import MILK, POLICY, Lane

SAM = PinAccepted("17", "Sam")
VISITS = 6


class Shop:
    """A checkout and its printer: what one says the other hears, unless the kiosk is killed in between."""

    def __init__(self, seed: int) -> None:
        self.chance = random.Random(seed)
        self.core = Lane()
        self.printer = PrinterLane()
        self.printer.world.change(paper=self.chance.choice([150, 400, 80_000]))
        self.wanted: set[str] = set()
        self.dropped: set[str] = set()

    def play(self, *events: object) -> None:
        """The core decides; what it prints goes to the printer, and something may go wrong there."""
        for event in events:
            deeds = self.core.turn(event)  # type: ignore[arg-type]
            for deed in deeds:
                if isinstance(deed, Print):
                    self.at_the_printer(deed)

    def at_the_printer(self, deed: Print) -> None:
        printer, chance = self.printer, self.chance
        if printer.rig.clock.waits:  # the line before has been used
            printer.plug()
        now = printer.rig.clock.time
        printer.rig.clock.at(now + chance.uniform(0, 3), lambda: printer.rig.orders.put(deed))
        misfortune(printer, chance, now)
        killed = chance.random() < 0.2
        printer.run(chance.uniform(0, 12) if killed else 150)
        self.leave_the_paper_whole()
        if killed:
            self.play(Restarted(POLICY))
            return
        answers = printer.rig.said(Printed, PrintFailed)
        self.play(*(answers or printer.printer.refuse(deed)))  # an order that comes while there is no line

    def leave_the_paper_whole(self) -> None:
        """A new line begins with whatever is in the printer, half a command and half a receipt included."""
        mechanism = self.printer.mechanism
        if self.chance.random() < 0.5:
            mechanism.switch_off_and_on()
        self.printer.world.change(cover_open=False)
        mechanism.break_down("")

    def visit(self) -> None:
        pay(self.core.buy(MILK))
        phase = self.core.session.kept.phase
        assert isinstance(phase, Finishing)
        if self.chance.random() < 0.8:
            self.wanted.add(phase.closed.id)
            self.play(ReceiptChosen("print"))
        else:
            self.play(ReceiptChosen("phone"))
        if self.chance.random() < 0.5:
            self.play(FinishPressed())

    def colleague(self, drops: float = 0.1) -> None:
        for job in printing.open_jobs(self.core.session):
            if self.chance.random() < drops:
                self.dropped.add(job.of)
                self.play(SAM, JobDropped(job.of))
            else:
                self.play(SAM, PrintedAgain(job.of))

    # ---- what holds

    def holds(self) -> None:
        sales = {sale.id: sale for sale in self.records(ClosedSale)}
        numbered = {(each.of, each.copy) for each in self.records(Duplicate)}
        jobs = {job.of: job.state for job in self.core.session.kept.jobs}
        for id, sale in sales.items():
            texts = [p.text for p in self.printer.papers if f"[{number_of(sale)}]" in p.text]
            assert sum("DUPLICATE" not in text for text in texts) <= 1
            for text in texts:
                if "DUPLICATE" in text:
                    copy = int(text.split("DUPLICATE no. ")[1].split()[0])
                    assert (id, copy) in numbered
            if id in self.wanted - self.dropped and not texts:
                assert jobs.get(id) in printing.OPEN, f"{id} is neither on paper nor on the list"
            if jobs.get(id) is JobState.PRINTED:
                assert texts, f"{id} was said to be printed"
        assert self.printer.mechanism.drawer_pulses == 0

    def records(self, kind: type) -> list[ClosedSale | Duplicate]:
        return [d.record for d in self.core.deeds if isinstance(d, Report) and isinstance(d.record, kind)]


@pytest.mark.parametrize("seed", range(60))
def test_no_receipt_is_lost_and_none_doubled_without_its_mark(seed: int) -> None:
    shop = Shop(seed)
    for _ in range(VISITS):
        shop.visit()
        shop.holds()
        if shop.chance.random() < 0.3:
            shop.colleague()
            shop.holds()
    for _ in range(40):
        if not printing.open_jobs(shop.core.session):
            break
        shop.printer.world.change(paper=80_000)
        shop.colleague(drops=0)
        shop.holds()
    assert printing.open_jobs(shop.core.session) == (), "in the end everything came out"


def sent_again(patch: pytest.MonkeyPatch) -> None:
    """What may be on paper is taken for not begun."""
    patch.setattr(printing, "NOT_BEGUN", printing.NOT_BEGUN | {"lost"})


def forgotten(patch: pytest.MonkeyPatch) -> None:
    """What did not come out leaves the list by itself."""
    failed = printing.failed

    def and_away(session: Session, id: str, why: str) -> printing.Step:
        session, effects = failed(session, id, why)
        job = printing.by_id(session, id)
        return (printing.put_away(session, job) if job else session), effects

    patch.setattr(printing, "failed", and_away)


def not_asked_after_a_restart(patch: pytest.MonkeyPatch) -> None:
    """What was at the printer when the kiosk was killed stays there for ever."""
    patch.setattr(step, "printing_on", lambda session, now: (session, ()))


@pytest.mark.parametrize("bug", [sent_again, forgotten, not_asked_after_a_restart])
def test_a_sown_bug_is_found(
    bug: Callable[[pytest.MonkeyPatch], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    bug(monkeypatch)
    with pytest.raises(AssertionError):
        for seed in range(60):
            test_no_receipt_is_lost_and_none_doubled_without_its_mark(seed)
