"""Two weighings of one shopper on a simulated scale: each from zero, each once, and a third of nothing."""

from pathlib import Path

from kiosk.checkout.records import Technical
from kiosk.checkout.session import Shopping
from kiosk.loop.weighing_module import digest, shown
from tests.journeys.rig import Journey
from tests.lane import MILK, TOMATOES


def grams(journey: Journey) -> list[int | None]:
    phase = journey.session.kept.phase
    return [line.grams for line in phase.sale.lines] if isinstance(phase, Shopping) else []


def pick(journey: Journey) -> None:
    journey.press("find")
    journey.until(lambda s: bool(s.passing.found), "the finder")
    journey.press(TOMATOES.name)
    journey.until_page("weigh")


def test_each_weight_is_sold_once_and_from_zero(tmp_path: Path) -> None:
    with Journey(tmp_path) as journey:
        journey.devices_ready()
        journey.buy(MILK)
        pick(journey)
        journey.until_says("Put it on the scale.")
        journey.lane.world.change(produce=655)
        journey.until_says("Stable")
        journey.press("add")
        journey.until(lambda s: grams(journey)[-1] == 655, "the first line")
        pick(journey)
        journey.until_says("Empty the scale first")
        journey.press("add")
        journey.lane.world.change(produce=1_200)
        journey.until_says("1.200")
        journey.until_says("Empty the scale first")
        journey.lane.world.change(produce=0)
        journey.until_says("Put it on the scale.")
        journey.lane.world.change(produce=60)
        journey.until_says("Not enough on the scale")
        journey.lane.world.change(produce=16_000)
        journey.until_says("Too heavy")
        journey.lane.world.change(produce=545)
        journey.until_key("add")
        journey.press("add")
        journey.until(lambda s: grams(journey)[-1] == 545, "the second line")
        assert grams(journey)[-2:] == [655, 545]


def test_the_service_page_and_the_ledger_name_what_priced_it(tmp_path: Path) -> None:
    with Journey(tmp_path) as journey:
        journey.until(lambda s: s.passing.weighing_module == shown(digest()), "the module to be named")
        (said,) = [line for line in journey.recorded(Technical) if line.name == "weighing"]
        plate = journey.session.kept.policy.produce_plate
        assert said.fields == {"module": digest(), "plate": plate, "tare_max": 500, "unit_price": "kg"}
