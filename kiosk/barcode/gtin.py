"""GTIN-8, -12, -13 and -14: one number, four lengths, and what its prefix says it is for."""

from enum import StrEnum

from kiosk.barcode.digits import BarcodeError, Reason, check_digit, digits_of
from kiosk.units import Gtin

LENGTHS = (8, 12, 13, 14)


def parse(text: str) -> Gtin:
    """The GTIN written as 8, 12, 13 or 14 digits; its check digit must be right."""
    digits_of(text)
    if len(text) not in LENGTHS:
        raise BarcodeError(Reason.LENGTH)
    if int(text[-1]) != check_digit(text[:-1]):
        raise BarcodeError(Reason.CHECK_DIGIT)
    return Gtin(int(text))


def natural_length(gtin: Gtin) -> int:
    """The length it was given out in: 8, 12, 13 or 14. A GTIN-12 may itself begin with zeros."""
    for length in LENGTHS:
        if 0 <= gtin < 10**length:
            return length
    raise BarcodeError(Reason.LENGTH)


def written(gtin: Gtin, length: int) -> str:
    """gtin in 8, 12, 13 or 14 digits; NOT_SHORTENABLE where it does not fit."""
    if length not in LENGTHS:
        raise BarcodeError(Reason.LENGTH)
    if natural_length(gtin) > length:
        raise BarcodeError(Reason.NOT_SHORTENABLE)
    return f"{gtin:0{length}}"


class Use(StrEnum):
    """What a number may be used for, by its GS1 prefix."""

    TRADE_ITEM = "trade_item"
    RESTRICTED_GEOGRAPHIC = "restricted_geographic"
    RESTRICTED_COMPANY = "restricted_company"
    DEMONSTRATION = "demonstration"
    ISSN = "issn"
    ISBN = "isbn"
    REFUND_RECEIPT = "refund_receipt"
    COUPON_COMMON_CURRENCY = "coupon_common_currency"
    COUPON = "coupon"


# GS1 prefixes of three digits, inclusive; whatever is not listed is a trade item.
_USES = (
    (20, 29, Use.RESTRICTED_GEOGRAPHIC),
    (40, 49, Use.RESTRICTED_COMPANY),
    (50, 59, Use.COUPON),
    (200, 299, Use.RESTRICTED_GEOGRAPHIC),
    (952, 952, Use.DEMONSTRATION),
    (977, 977, Use.ISSN),
    (978, 979, Use.ISBN),
    (980, 980, Use.REFUND_RECEIPT),
    (981, 983, Use.COUPON_COMMON_CURRENCY),
    (990, 999, Use.COUPON),
)


def use(gtin: Gtin) -> Use:
    """What gtin is for. A GTIN-8 on 0 or 2 is the shop's own; a case (GTIN-14) is always a trade item."""
    match natural_length(gtin):
        case 8:
            return Use.RESTRICTED_COMPANY if f"{gtin:08}"[0] in "02" else Use.TRADE_ITEM
        case 14:
            return Use.TRADE_ITEM
        case _:
            prefix = int(f"{gtin:013}"[:3])
            return next((name for low, high, name in _USES if low <= prefix <= high), Use.TRADE_ITEM)
