"""Cash: nothing is paid here, a slip leads to a till with a colleague, and one till takes the basket over, once."""

import pytest

from kiosk.checkout.jobs import JobState
from kiosk.checkout.records import ClosedSale, HandedOver
from kiosk.checkout.session import Handover, Idle
from store import handovers
from store.database import writing
from tests.journeys.rig import LUNCH, STAMPS, Journey, job
from tests.journeys.shop import GIFT, Shop

RULES = 'tenders = ["meal_voucher", "gift_card", "card"]\nhandover = true'


def arrived(journey: Journey) -> None:
    journey.until_true(lambda: not journey.kiosk.journal.depth(), "everything to be at the server")


def taken_over(here: Shop, id_: str, by: str) -> int:
    """A till takes it; what is to be paid there, in minor units. TakenError."""
    with writing(here.engine) as db:
        found = handovers.take(db, id_, "till 1", by, 1)
    assert found is not None
    return found.basket.priced.total


def test_the_basket_is_at_the_till_before_the_shopper(journey: Journey, here: Shop) -> None:
    journey.scan(LUNCH)
    journey.scan(STAMPS)
    journey.press("pay")
    journey.until_page("ways")
    journey.press("cash")
    journey.until_phase(Handover)
    journey.until(job(JobState.PRINTED), "the slip")
    assert journey.says("Nothing is paid yet.")
    (slip,) = journey.lane.printer.papers
    assert "NOT A RECEIPT, NOT PAID" in slip.text and "8.09" in slip.text
    (basket,) = journey.recorded(HandedOver)
    assert basket.id in [getattr(mark, "text", "") for mark in slip.marks]
    arrived(journey)
    assert taken_over(here, basket.id, "Sam") == 809
    assert taken_over(here, basket.id, "Sam") == 809  # the same till may ask again
    with pytest.raises(handovers.TakenError):
        taken_over(here, basket.id, "Alex")
    journey.press("finish")
    journey.until_phase(Idle)
    assert journey.charged == 0 and journey.sold == [] and journey.recorded(ClosedSale) == []


def test_what_was_paid_already_goes_back_first(journey: Journey, here: Shop) -> None:
    here.issue(GIFT, 200)
    journey.scan(LUNCH)
    journey.press("pay")
    journey.until_page("ways")
    journey.lane.terminal.authorises = 300
    journey.press("way-meal_voucher")
    journey.present()
    journey.until(lambda s: len(s.kept.phase.sale.tenders) == 1, "the meal voucher")
    journey.world.change(card=None)
    journey.lane.scanner.scan(GIFT, "]C0")
    journey.until(lambda s: len(s.kept.phase.sale.tenders) == 2, "the gift card")
    journey.press("cash")
    journey.until_phase(Handover)
    journey.until(lambda s: not s.kept.giving_back, "the money to be back")
    arrived(journey)
    assert journey.charged == 0 and here.left(GIFT) == 200 and here.alarms == []
    (basket,) = journey.recorded(HandedOver)
    assert taken_over(here, basket.id, "Sam") == 690


def test_the_power_fails_with_the_slip_in_the_printer(journey: Journey, here: Shop) -> None:
    journey.scan(LUNCH)
    journey.press("pay")
    journey.until_page("ways")
    journey.world.change(paper=20)
    journey.press("cash")
    journey.until_phase(Handover)
    journey.until_true(lambda: not journey.world.scene.paper, "the paper to end")
    journey.stop()
    journey.world.change(paper=80_000)
    journey.start()
    assert isinstance(journey.session.kept.phase, Handover)
    journey.until(job(JobState.PRINTED), "the slip")
    assert len(journey.recorded(HandedOver)) == 1
    arrived(journey)
    (basket,) = journey.recorded(HandedOver)
    assert taken_over(here, basket.id, "Sam") == 690


def test_without_the_server_the_slip_still_says_what_is_in_it(journey: Journey, here: Shop) -> None:
    here.server.stop()
    journey.until(lambda s: not s.passing.server, "the server to be missed")
    journey.scan(LUNCH)
    journey.press("pay")
    journey.until_page("ways")
    journey.press("cash")
    journey.until(job(JobState.PRINTED), "the slip")
    (slip,) = journey.lane.printer.papers
    assert "Lentil salad" in slip.text
    here.server.start()
    arrived(journey)
    (basket,) = journey.recorded(HandedOver)
    assert taken_over(here, basket.id, "Sam") == 690
