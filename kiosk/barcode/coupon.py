"""GS1 coupons of the common currency (Euro): an EAN-13 from 981 or 982 that carries its own value.

981 or 982 with four more digits name the issuer, then two digits the promotion, three the value (981: one decimal, 982:
two), and the check digit. A value of 000 is a free item. GS1 General Specifications, coupon numbering of the member
organisations.
"""

from kiosk.barcode import gtin
from kiosk.barcode.codes import EuroCoupon
from kiosk.barcode.digits import BarcodeError, Reason
from kiosk.units import Minor

DECIMALS = {"981": 10, "982": 1}
"""Prefix, and how many cents the last digit of the value is worth."""


def is_coupon(text: str) -> bool:
    return len(text) == 13 and text[:3] in DECIMALS


def parse(text: str) -> EuroCoupon:
    """Raises BarcodeError for anything that is no such coupon."""
    if not is_coupon(text):
        raise BarcodeError(Reason.LENGTH)
    gtin.parse(text)
    value = int(text[9:12])
    return EuroCoupon(text[:7], text[7:9], Minor(value * DECIMALS[text[:3]]), value == 0)
