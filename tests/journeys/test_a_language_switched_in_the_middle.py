"""Another language in the middle of a sale: the basket, its prices and its open questions stay."""

from pathlib import Path

from kiosk.checkout.model import Why
from kiosk.checkout.session import Idle
from tests.journeys.rig import PIN, STAMPS, Journey
from tests.lane import WINE


def test_the_basket_stays_in_every_language(tmp_path: Path) -> None:
    with Journey(tmp_path) as journey:
        journey.devices_ready()
        journey.buy(WINE)
        journey.scan(STAMPS)
        journey.until_asked(Why.AGE_RESTRICTED)
        sale = journey.session.kept.phase.sale
        for language in ("fr", "de", "en", "fr"):
            journey.until_page("basket")
            journey.press("language")
            journey.until_page("language")
            journey.press(f"language-{language}")
            journey.until(lambda s, wanted=language: s.kept.language == wanted, language)
            assert journey.session.kept.phase.sale == sale
        journey.until_page("basket")
        assert journey.says("9,09")
        journey.staff("17", PIN)
        journey.approve(Why.AGE_RESTRICTED)
        journey.ask_for_card()
        journey.present()
        journey.until(lambda s: hasattr(s.kept.phase, "closed"), "the payment")
        (closed,) = journey.kiosk.journal.sales()
        assert closed.language == "fr"
        journey.print()
        assert "9,09" in journey.lane.printer.papers[-1].text
        journey.finish()
        assert journey.until_phase(Idle).kept.language == "en"
