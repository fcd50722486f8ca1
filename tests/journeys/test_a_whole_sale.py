"""From the first scan to the paper in the shopper's hand."""

from pathlib import Path

from kiosk.checkout.model import Finishing
from tests.journeys.rig import CARD, PIN, Journey
from tests.lane import EGGS, MILK, WINE, YOGHURT


def test_scanned_bagged_approved_paid_and_printed(tmp_path: Path) -> None:
    with Journey(tmp_path) as journey:
        journey.devices_ready()
        for thing in (MILK, YOGHURT, YOGHURT, YOGHURT, EGGS):
            journey.buy(thing)
        assert "€9.24" in " ".join(journey.words)
        journey.buy(WINE)
        journey.staff("17", PIN)
        journey.press("yes-age.restricted")
        journey.watch.until(lambda session: not session.kept.phase.sale.open, "the age check")  # type: ignore[union-attr]
        journey.pay_by_card(CARD)
        journey.press("print")
        journey.watch.until(
            lambda session: (
                isinstance(session.kept.phase, Finishing) and session.kept.phase.printed == "printed"
            ),
            "the receipt",
        )
        (paper,) = journey.lane.printer.papers
        assert "17.14" in paper.text and "4417" in paper.text
        assert [sale.priced.total for sale in journey.kiosk.journal.sales()] == [1714]
        (entry,) = journey.lane.terminal.book.entries
        assert entry.amount == 1714
