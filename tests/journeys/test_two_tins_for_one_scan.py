"""The bag says something else than the scans: asked kindly, put right by the shopper, and never a dead end."""

from pathlib import Path

from kiosk.checkout.model import Why
from kiosk.checkout.session import Finishing, Reading, Shopping
from kiosk.commands.script import shopping
from tests.journeys.rig import CARD, Journey
from tests.lane import MILK, TIN


def test_the_second_tin_is_scanned_late(tmp_path: Path) -> None:
    with Journey(tmp_path) as journey:
        journey.devices_ready()
        journey.scan(TIN)
        journey.put(2 * 470)
        journey.until_asked(Why.WEIGHT_UNEXPECTED)
        assert journey.says("Let’s check the bag together")
        journey.press("not_scanned")
        journey.until_says("Please scan it now")
        journey.scan(TIN)
        journey.until(shopping(lambda sale: not sale.open), "the question to be over")
        journey.pay_by_card(CARD)
        assert journey.sold == [190]


def test_the_second_tin_is_taken_out_again(tmp_path: Path) -> None:
    with Journey(tmp_path) as journey:
        journey.devices_ready()
        journey.scan(TIN)
        journey.put(2 * 470)
        journey.until_asked(Why.WEIGHT_UNEXPECTED)
        journey.put(-470)
        journey.until(
            shopping(lambda sale: not sale.open and not sale.bag.pending), "the question to be over"
        )
        journey.pay_by_card(CARD)
        assert journey.sold == [95]


def test_an_own_bag_announced_and_one_that_was_not(tmp_path: Path) -> None:
    with Journey(tmp_path) as journey:
        journey.devices_ready()
        journey.press("start")
        journey.until_page("empty")
        journey.press("own_bag")
        journey.until(shopping(lambda sale: sale.bag.announced), "the word")
        journey.put(120)
        journey.until(shopping(lambda sale: sale.bag.level == 120 and not sale.bag.announced), "the bag")
        journey.buy(MILK)
        journey.put(95)
        journey.until_asked(Why.WEIGHT_UNEXPECTED)
        journey.press("own_bag")
        journey.until(shopping(lambda sale: not sale.open), "the question to be over")
        journey.pay_by_card(CARD)
        assert journey.sold == [125]


def test_an_item_is_lifted_and_put_back(tmp_path: Path) -> None:
    with Journey(tmp_path) as journey:
        journey.devices_ready()
        journey.buy(MILK)
        journey.buy(TIN)
        journey.put(-1030)
        journey.until(shopping(lambda sale: len(sale.bag.pending) == 1), "the milk to be missed")
        journey.press("pay")
        journey.until_asked(Why.WEIGHT_REMOVED)
        assert journey.says("Something left the bag")
        journey.put(1030)
        journey.until(shopping(lambda sale: not sale.open and not sale.bag.pending), "the milk to be back")
        journey.pay_by_card(CARD)
        assert journey.sold == [220]


def test_the_bag_scale_is_overloaded_and_scanning_goes_on(tmp_path: Path) -> None:
    with Journey(tmp_path) as journey:
        journey.devices_ready()
        journey.buy(MILK)
        journey.put(16_000)
        journey.until(lambda s: s.passing.bag.reading is Reading.OVERLOADED, "too much")
        journey.scan(TIN)
        journey.put(-16_000)
        journey.bag(TIN)
        journey.pay_by_card(CARD)
        assert journey.sold == [220]


def test_the_bag_scale_dies_with_its_question_open(tmp_path: Path) -> None:
    with Journey(tmp_path) as journey:
        journey.devices_ready()
        journey.buy(MILK)
        journey.put(900)
        journey.until_asked(Why.WEIGHT_UNEXPECTED)
        journey.unplug("bag")
        journey.until(shopping(lambda sale: not sale.open), "the question to go with its scale")
        assert not journey.says("Let’s check the bag together")
        journey.pay_by_card(CARD)
        assert journey.sold == [125]


def test_the_bag_scale_comes_back_and_asks_what_it_still_sees(tmp_path: Path) -> None:
    with Journey(tmp_path) as journey:
        journey.devices_ready()
        journey.buy(MILK)
        journey.put(900)
        journey.until_asked(Why.WEIGHT_UNEXPECTED)
        journey.unplug("bag")
        journey.until(shopping(lambda sale: not sale.open), "the question to go with its scale")
        journey.replug("bag")
        journey.until_asked(Why.WEIGHT_UNEXPECTED)
        journey.put(-900)
        journey.until(shopping(lambda sale: not sale.open), "the question to be over")
        journey.pay_by_card(CARD)
        assert journey.sold == [125]


def test_the_bag_is_packed_while_its_scale_is_away(tmp_path: Path) -> None:
    with Journey(tmp_path) as journey:
        journey.devices_ready()
        journey.scan(MILK)
        journey.unplug("bag")
        journey.put(1030)
        journey.scan(TIN)
        journey.put(470)
        journey.replug("bag")
        journey.until(
            shopping(lambda sale: sale.bag.level == 1500 and not sale.bag.pending), "both in the bag"
        )
        assert isinstance(journey.session.kept.phase, Shopping)
        journey.pay_by_card(CARD)
        journey.until_phase(Finishing)
        assert journey.sold == [220]
