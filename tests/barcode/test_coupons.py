"""Euro coupons and transfer codes: their own error for anything else, whatever it is."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.barcode import BarcodeError, EuroCoupon, ShopCodes, coupon, epc, read
from kiosk.barcode.digits import check_digit
from kiosk.units import Minor

SHOP = ShopCodes()


def code(payload: str) -> str:
    return payload + str(check_digit(payload))


@pytest.mark.parametrize(
    ("payload", "value"),
    [("981376503001", 10), ("981376503150", 1500), ("982376503150", 150), ("982376503999", 999)],
)
def test_one_or_two_decimals(payload: str, value: int) -> None:
    assert read(code(payload), "]E0", SHOP) == EuroCoupon(payload[:7], "03", Minor(value), False)


def test_no_value_is_a_free_item() -> None:
    assert read(code("982376503000"), None, SHOP) == EuroCoupon("9823765", "03", Minor(0), True)


def test_a_wrong_check_digit_is_no_coupon() -> None:
    with pytest.raises(BarcodeError):
        coupon.parse("9813765030012")


@given(st.text())
def test_only_the_rooms_own_errors(text: str) -> None:
    for parse, error in ((coupon.parse, BarcodeError), (epc.parse, epc.EpcError)):
        try:
            parse(text)
        except error:
            pass


GOOD = "BCD\n002\n1\nSCT\n\nTilleul\nDE33100205000001194700\nEUR12.3\n\nRF18539007547034"


@pytest.mark.parametrize(
    ("old", "new", "line"),
    [("BCD", "BCX", 1), ("002", "003", 2), ("SCT", "INS", 4), ("4700", "4701", 7), ("EUR12.3", "12.30", 8)],
)
def test_what_is_wrong_is_named_by_its_line(old: str, new: str, line: int) -> None:
    with pytest.raises(epc.EpcError, match=f"line {line}:"):
        epc.parse(GOOD.replace(old, new))


def test_a_dropped_zero_is_no_other_amount() -> None:
    assert epc.parse(GOOD).amount == 1230
