"""Nobody moves any more: a question, a colleague, and then the basket is set aside and the lane is free; not lost."""

import sqlite3
from contextlib import closing
from pathlib import Path

from kiosk.checkout.jobs import JobState
from kiosk.checkout.model import Why
from kiosk.checkout.records import Cancelled, HandedOver
from kiosk.checkout.session import Idle, Shopping
from tests.journeys.asides import show
from tests.journeys.rig import STAMPS, Journey, job

QUICK = "idle_prompt = 1000\nidle_countdown = 1500\nsuspend_after = {}"


def scans(folder: Path) -> int:
    """How many scans the journal has."""
    with closing(sqlite3.connect(f"file:{folder}/journal.db?mode=ro", uri=True)) as db:
        return sum(b'"type":"Scanned"' in facts for (facts,) in db.execute("SELECT facts FROM turns"))


def test_she_comes_back_to_the_lane_with_the_paper(tmp_path: Path) -> None:
    with Journey(tmp_path, rules=QUICK.format(1000)) as journey:
        journey.devices_ready()
        journey.scan(STAMPS)
        journey.until_page("more_time")
        journey.until_asked(Why.IDLE_ABANDONED)
        journey.until_phase(Idle)
        (basket,) = journey.recorded(HandedOver)
        assert (basket.why, basket.priced.total) == ("left", 119)
        journey.until(job(JobState.PRINTED), "the slip")
        (slip,) = journey.lane.printer.papers
        assert basket.code in slip.text and "NOT A RECEIPT, NOT PAID" in slip.text
        assert basket.name in [getattr(mark, "text", "") for mark in slip.marks]
        show(journey, basket)
        journey.until_phase(Shopping)
        assert journey.says(STAMPS.name)
        journey.finish()
        assert journey.sold == [119] and journey.charged == 119 and journey.recorded(Cancelled) == []


def test_she_comes_back_in_time_and_goes_on_with_one_touch(tmp_path: Path) -> None:
    with Journey(tmp_path, rules=QUICK.format(60_000)) as journey:
        journey.devices_ready()
        journey.scan(STAMPS)
        journey.until_page("whose")
        journey.lane.scanner.scan(f"{STAMPS.gtin:013d}")
        journey.until_true(lambda: scans(journey.folder) == 2, "the scan of a stranger")
        journey.press("came_back")
        journey.until(
            lambda s: isinstance(s.kept.phase, Shopping) and not s.kept.phase.sale.open, "her basket"
        )
        assert journey.session.kept.phase.sale.lines[0].qty == 1, "a stranger's scan was not hers"
        journey.finish()
        assert journey.sold == [119]


def test_a_look_around_leaves_the_page_as_the_next_one_wants_it(tmp_path: Path) -> None:
    with Journey(tmp_path, rules=QUICK.format(1000)) as journey:
        journey.press("language-fr")
        journey.until(lambda s: s.kept.language == "fr", "French")
        journey.until(lambda s: s.kept.language == "en", "the shop's language")
