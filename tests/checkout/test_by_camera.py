"""A code that a camera read: known it is a line, unknown it is asked for once more, and nobody is called."""

from kiosk.barcode import Product
from kiosk.checkout.effects import Beep
from kiosk.checkout.events import PayPressed, Scanned
from kiosk.checkout.model import Why
from tests.lane import MILK, Lane

SEEN = Scanned(Product(MILK.gtin), by_camera=True)
MISREAD = Scanned(Product(9074932437075), by_camera=True)


def test_a_code_that_the_catalogue_knows_is_a_line() -> None:
    assert [line.item.id for line in Lane().play(SEEN).sale.lines] == [MILK.id]


def test_an_unknown_one_is_asked_for_once_more_and_calls_nobody() -> None:
    lane = Lane().play(SEEN)
    deeds = lane.turn(MISREAD)
    assert lane.session.passing.notice == "unsure"
    assert [deed for deed in deeds if isinstance(deed, Beep)] == [Beep("needs_you")]
    assert lane.sale.open == () and len(lane.sale.lines) == 1
    assert lane.play(MISREAD, MISREAD).sale.open == ()


def test_the_first_scan_of_a_visit_may_be_one() -> None:
    lane = Lane().play(MISREAD)
    assert lane.sale.lines == () and lane.session.passing.notice == "unsure"


def test_the_same_from_a_scanner_is_an_unknown_item() -> None:
    lane = Lane().play(SEEN, Scanned(Product(9074932437075)))
    assert [each.why for each in lane.sale.open] == [Why.ITEM_NOT_FOUND]
    lane.play(PayPressed())
    assert lane.session.passing.notice != "unsure"
