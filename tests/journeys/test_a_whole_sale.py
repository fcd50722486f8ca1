"""From the first scan to the paper in the shopper's hand."""

from pathlib import Path

from kiosk.checkout.model import Why
from kiosk.checkout.session import Idle
from tests.journeys.rig import CARD, PIN, Journey
from tests.lane import EGGS, MILK, WINE, YOGHURT


def test_scanned_bagged_approved_paid_and_printed(tmp_path: Path) -> None:
    with Journey(tmp_path) as journey:
        journey.devices_ready()
        for thing in (MILK, YOGHURT, YOGHURT, YOGHURT, EGGS):
            journey.buy(thing)
        assert "€8.52" in " ".join(journey.words)
        journey.buy(WINE)
        journey.staff("17", PIN)
        journey.approve(Why.AGE_RESTRICTED)
        journey.pay_by_card(CARD)
        journey.print()
        (paper,) = journey.lane.printer.papers
        assert "16.42" in paper.text and "4417" in paper.text
        assert [sale.priced.total for sale in journey.kiosk.journal.sales()] == [1642]
        (entry,) = journey.lane.terminal.book.entries
        assert entry.amount == 1642


def test_a_price_check_tells_the_price_and_sells_nothing(tmp_path: Path) -> None:
    with Journey(tmp_path) as journey:
        journey.devices_ready()
        journey.press("price_check")
        journey.watch.until(lambda session: session.passing.panel is not None, "the price-check page")
        journey.lane.scanner.scan(f"{MILK.gtin:013d}")
        journey.watch.until(lambda session: session.passing.priced_item is not None, "a price")
        assert "€1.25" in " ".join(journey.words)
        assert isinstance(journey.kiosk.loop.session.kept.phase, Idle)
