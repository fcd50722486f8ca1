"""No store server: the lane sells on; when it is back, every sale arrives there exactly once."""

from pathlib import Path

from tests.journeys.rig import CARD, STAMPS, Journey
from tests.journeys.shop import delivered, shop


def sell(journey: Journey) -> None:
    journey.scan(STAMPS)
    journey.pay_by_card(CARD)
    journey.world.change(card=None)
    journey.finish()


def test_sales_wait_and_arrive_once_though_answers_are_lost(tmp_path: Path) -> None:
    with shop(tmp_path) as here, here.linked(), Journey(tmp_path, link=here.toml) as journey:
        journey.devices_ready()
        journey.until(lambda s: s.passing.server, "the store server")
        sell(journey)
        journey.until(delivered, "the first sale to be there")
        here.server.stop()
        journey.until(lambda s: not s.passing.server, "the store server to be missed")
        for _ in range(3):
            sell(journey)
        assert here.stored == [sale.id for sale in journey.kiosk.journal.sales()][:1]
        here.server.start()
        here.server.mischief.words = ["lost", "500", "dead", "lost", "html"]
        journey.until(delivered, "every sale to be there")
        assert here.stored == sorted(sale.id for sale in journey.kiosk.journal.sales())
        assert journey.sold == [119] * 4
        assert journey.charged == 4 * 119


def test_a_sale_waits_over_a_restart_too(tmp_path: Path) -> None:
    with shop(tmp_path) as here:
        here.server.stop()
        with here.linked(), Journey(tmp_path, link=here.toml) as journey:
            journey.devices_ready()
            sell(journey)
            journey.stop()
            journey.start()
            assert journey.sold == [119]
            assert here.stored == []
            here.server.start()
            journey.until(delivered, "the sale to be there")
            assert here.stored == [sale.id for sale in journey.kiosk.journal.sales()]
