"""kill -9 at every bad moment: the next start has the same basket on the same page, one charge, one receipt."""

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from drivers.simulated.lane import SimulatedLane
from kiosk.checkout.jobs import JobState
from kiosk.checkout.model import Item, Why
from kiosk.checkout.session import Finishing, Paying, Session, Shopping
from tests.journeys.doomed import PATIENCE, Doomed
from tests.journeys.rig import CARD, PIN, STAMPS, Journey, job, unmarked
from tests.lane import MILK, TIN


@pytest.fixture
def lane() -> Iterator[SimulatedLane]:
    with SimulatedLane() as lane:
        yield lane


def over(session: Session) -> bool:
    phase = session.kept.phase
    return isinstance(phase, Finishing) or (isinstance(phase, Paying) and phase.attempt is None)


def once(journey: Journey, total: int) -> None:
    """One sale, one charge, numbered from one without a gap."""
    assert journey.sold == [total]
    assert [sale.number for sale in journey.kiosk.journal.sales()] == [1]
    assert journey.charged == total


def named(journal: Path, item: Item) -> bool:
    """Whether a fact in the file of a living kiosk is about that item."""
    with closing(sqlite3.connect(f"file:{journal}?mode=ro", uri=True)) as db:
        return any(
            f'"name":"{item.name}"' in facts.decode() for (facts,) in db.execute("SELECT facts FROM turns")
        )


def test_in_the_basket_of_the_very_process_that_a_shop_runs(tmp_path: Path, lane: SimulatedLane) -> None:
    """`kiosk run` itself, which says nothing: what is in its journal is known to be shown."""
    connected = threading.Event()
    lane.scanner.connected = connected.set
    with Doomed(tmp_path, lane, "kiosk run") as doomed:
        assert connected.wait(PATIENCE), (tmp_path / "stderr").read_text()
        for item in (STAMPS, MILK):
            lane.scanner.scan(f"{item.gtin:013d}")
            while not named(tmp_path / "journal.db", item):
                assert doomed.process.poll() is None, (tmp_path / "stderr").read_text()
        doomed.kill()
        doomed.dead()
    with Journey(tmp_path, lane) as journey:
        assert isinstance(journey.session.kept.phase, Shopping)
        assert journey.says(STAMPS.name)
        assert journey.says(MILK.name)


def test_in_the_basket(tmp_path: Path, lane: SimulatedLane) -> None:
    with Doomed(tmp_path, lane) as doomed:
        doomed.ready()
        doomed.scan(STAMPS, STAMPS, MILK)
        doomed.kill()
        doomed.dead()
    with Journey(tmp_path, lane) as journey:
        journey.until_page("basket")
        assert journey.says("3 products")
        assert journey.says("€3.63")
        journey.devices_ready()
        journey.put(1030)
        journey.until(lambda s: s.kept.phase.sale.bag.level == 1030, "the milk in the bag")
        journey.finish()
        once(journey, 363)


def test_with_a_question_about_the_bag(tmp_path: Path, lane: SimulatedLane) -> None:
    with Doomed(tmp_path, lane) as doomed:
        doomed.ready()
        doomed.scan(TIN)
        lane.world.put("bag", 940)
        doomed.until(lambda now: now["open"] == [Why.WEIGHT_UNEXPECTED.value], "question")
        doomed.kill()
        doomed.dead()
    with Journey(tmp_path, lane) as journey:
        journey.until_page("check_bag")
        assert journey.says("Let’s check the bag together")
        journey.devices_ready()
        journey.put(-470)
        journey.until(lambda s: not s.kept.phase.sale.open, "the question to be over")
        journey.finish()
        once(journey, 95)


MOMENTS = {
    "before ready to send": ("hear 06 20", 0),
    "as the payment leaves": ("hear 06 01", 0),
    "as the card is awaited": ("hear 80 00", 1),
    "as the result comes": ("say 04 0f", 0),
    "after the result": ("hear 80 00", 3),
    "as it ends": ("say 06 0f", 0),
}
"""Which of the terminal's steps, and the how manieth of its kind after our 06 01 (or at all, before it)."""


@pytest.mark.parametrize("moment", MOMENTS)
def test_while_paying(moment: str, tmp_path: Path, lane: SimulatedLane) -> None:
    wanted, times = MOMENTS[moment]
    with Doomed(tmp_path, lane) as doomed:
        doomed.ready()
        doomed.scan(STAMPS)
        heard: list[str] = []

        def step(said: str) -> None:
            if said == "hear 06 01":
                heard.clear()
            heard.append(said)
            early = wanted == "hear 06 20" or "hear 06 01" in heard
            if early and said == wanted and heard.count(wanted) > times:
                lane.terminal.on_step = lambda said: None
                doomed.kill()

        lane.terminal.on_step = step
        lane.world.change(card=CARD)
        doomed.press("pay")
        doomed.dead()
    with Journey(tmp_path, lane) as journey:
        journey.until(over, "an end")
        assert journey.charged == sum(journey.sold)
        journey.devices_ready()
        journey.finish()
        once(journey, 119)


def test_paid_and_no_receipt_yet(tmp_path: Path, lane: SimulatedLane) -> None:
    with Doomed(tmp_path, lane) as doomed:
        doomed.ready()
        doomed.scan(STAMPS)
        lane.world.change(card=CARD)
        doomed.press("pay")
        doomed.until(lambda now: now["phase"] == "Finishing", "payment")
        doomed.kill()
        doomed.dead()
    with Journey(tmp_path, lane) as journey:
        journey.until_page("receipt")
        once(journey, 119)
        journey.devices_ready()
        journey.until_key("print")
        journey.print()
        (receipt,) = lane.printer.papers
        assert "DUPLICATE" not in receipt.text
        once(journey, 119)


def test_in_the_middle_of_the_receipt(tmp_path: Path, lane: SimulatedLane) -> None:
    with Doomed(tmp_path, lane) as doomed:
        doomed.ready()
        doomed.scan(STAMPS)
        lane.world.change(card=CARD)
        doomed.press("pay")
        doomed.until(lambda now: now["phase"] == "Finishing", "payment")
        lane.world.change(paper=20)
        doomed.press("print")
        doomed.until(lambda now: not lane.world.scene.paper, "paper to end")
        doomed.kill()
        doomed.dead()
    lane.world.change(paper=80_000)
    with Journey(tmp_path, lane) as journey:
        journey.until(lambda s: s.kept.jobs[-1].state is not JobState.SENT, "the receipt")
        if journey.session.kept.jobs[-1].state is not JobState.PRINTED:
            journey.devices_ready()
            journey.staff("17", PIN)
            journey.press("print_again")
            journey.until(job(JobState.PRINTED), "the duplicate")
        assert "DUPLICATE" in lane.printer.papers[-1].text
        assert unmarked(lane) <= 1
        once(journey, 119)
