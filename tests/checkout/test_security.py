"""Something strange is plugged in: the books and the shop know, the sale and the shopper do not."""

import pytest

from kiosk.checkout.effects import Note, Report
from kiosk.checkout.events import PayPressed, Started, Tampered
from kiosk.checkout.records import Technical
from tests.checkout.test_a_sale import pay
from tests.lane import MILK, TIN, Lane

KEYBOARD = Tampered("keyboard", "Multi Gadget", "1d6b:0104", "1-1.3", True)
FIELDS = {"what": "keyboard", "name": "Multi Gadget", "usb": "1d6b:0104", "port": "1-1.3", "held": 1}


def idle() -> Lane:
    return Lane()


def empty() -> Lane:
    return Lane().play(Started())


def shopping() -> Lane:
    return Lane().buy(MILK, TIN)


def paying() -> Lane:
    return shopping().play(PayPressed())


def paid() -> Lane:
    return pay(shopping())


@pytest.mark.parametrize("reach", [idle, empty, shopping, paying, paid])
def test_a_strange_keyboard_is_written_down_and_changes_nothing(reach) -> None:  # type: ignore[no-untyped-def]
    lane = reach()
    before = lane.session
    deeds = lane.turn(KEYBOARD)
    assert deeds == [
        Report(Technical("security.tamper", lane.now, FIELDS)),
        Note("security.tamper", FIELDS),
    ]
    assert lane.session == before
