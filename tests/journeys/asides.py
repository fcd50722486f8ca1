"""What the journeys of baskets set aside share: put one away, know its slip, see where the server has it."""

from sqlalchemy import select

from kiosk.checkout.records import HandedOver
from kiosk.checkout.session import Handover, Idle
from store.basket_table import handovers
from tests.journeys.rig import PIN, Journey
from tests.journeys.shop import Shop


def put_aside(journey: Journey) -> HandedOver:
    """By a colleague, with her PIN; the page with its code is left."""
    journey.staff("17", PIN)
    journey.press("put_aside")
    journey.until_phase(Handover)
    journey.press("finish")
    journey.until_phase(Idle)
    return journey.recorded(HandedOver)[-1]


def show(journey: Journey, basket: HandedOver) -> None:
    """Its slip is held to the scanner."""
    journey.lane.scanner.scan(basket.name, "]Q1")


def noticed(journey: Journey, notice: str) -> None:
    journey.until(lambda s: s.passing.notice == notice, notice)


def let_go(journey: Journey, here: Shop) -> None:
    """The server has it, and may hand it out."""

    def free() -> bool:
        with here.engine.connect() as db:
            return any(not row.kept for row in db.execute(select(handovers)))

    journey.until_true(free, "the server to have the basket")
