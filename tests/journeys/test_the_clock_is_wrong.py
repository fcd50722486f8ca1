"""The clock is wrong: sales go on in their order, staff are told, and no date decides about goods by itself."""

import time
from pathlib import Path

import pytest

from kiosk.checkout.effects import TakeOffers
from kiosk.checkout.events import (
    Approved,
    FinishPressed,
    Happened,
    OffersTaken,
    PayPressed,
    PinAccepted,
    Refused,
)
from kiosk.checkout.model import Why
from kiosk.checkout.passed import Passed
from kiosk.checkout.records import ClosedSale, Technical
from kiosk.checkout.session import Health, Idle, Session
from kiosk.journal import Journal
from kiosk.units import Millis
from tests.journeys.rig import PIN, STAMPS, Journey
from tests.lane import MILK
from tests.screens.sessions import LOAF, OFFERS, Shop

DAY = 86_400_000


class Undated(Shop):
    """A lane whose clock cannot be believed when a basket opens."""

    def answer(self, question: object) -> Happened | Passed:
        return OffersTaken(OFFERS, "") if isinstance(question, TakeOffers) else super().answer(question)


@pytest.mark.parametrize("day", ["2020-01-01", "2099-01-01"])
@pytest.mark.parametrize("kind", ["use_by", "best_before"])
def test_a_colleague_looks_at_each_date_whatever_it_says(kind: str, day: str) -> None:
    lane = Undated().scan(LOAF, "matrix", **{kind: day})
    assert [each.why for each in lane.sale.open] == [Why.ITEM_DATE_UNSURE]
    assert lane.sale.priced and not lane.sale.priced.discount, "no day is left, or counted"
    lane.put(LOAF.grams or 0).play(PayPressed())
    assert lane.phase == "Shopping"
    lane.play(PinAccepted("17", "Sam"), Approved(Why.ITEM_DATE_UNSURE, lane.sale.lines[0].no), PayPressed())
    assert lane.phase == "Paying"


def test_what_she_says_no_to_leaves_the_basket() -> None:
    lane = Undated().scan(LOAF, "matrix", use_by="2026-11-21")
    lane.play(PinAccepted("17", "Sam"), Refused(Why.ITEM_DATE_UNSURE, lane.sale.lines[0].no))
    assert not lane.sale.lines and not lane.sale.open


def test_goods_without_a_date_are_sold_as_ever_and_the_day_stays_open() -> None:
    lane = Shop().paid().play(FinishPressed())
    day = lane.session.kept.day
    undated = Undated()
    undated.session = lane.session
    undated.scan(MILK)
    assert day and undated.session.kept.day == day


def doubted(session: Session) -> bool:
    return any(d.name == "clock" and d.health is Health.FAULT for d in session.passing.devices)


def test_behind_its_own_books_a_lane_sells_on_in_order_until_a_technician_says_the_time_is_right(
    tmp_path: Path,
) -> None:
    with Journey(tmp_path) as journey:
        journey.devices_ready()
        journey.stop()
        later = Millis(time.time_ns() // 1_000_000 + 300 * DAY + 60_000)
        journal = Journal(tmp_path / "journal.db")
        journal.note(later, Technical("test", later)).result()
        journal.close()
        journey.start()
        journey.until(doubted, "the clock to be doubted")
        journey.devices_ready()
        journey.scan(STAMPS)
        journey.finish()
        (sale,) = journey.recorded(ClosedSale)
        assert later <= sale.started <= sale.ended < later + DAY
        journey.staff("17", PIN)
        journey.until_says("Needs a look: Clock")
        journey.press("service")
        journey.press("test-clock")
        journey.until(
            lambda s: any(d.name == "clock" and d.health is Health.READY for d in s.passing.devices), "it"
        )
        journey.until_phase(Idle)

        def told() -> list[dict[str, str | int]]:
            return [record.fields for record in journey.recorded(Technical) if record.name == "clock"]

        journey.until_true(
            lambda: any("by" in each for each in told()), "the step of the clock in the ledger"
        )
        assert {"system": "300 days behind"} in told()
