"""Dates and times of element strings. Years have two digits; which century they mean needs no clock here."""

import re
from calendar import monthrange

from kiosk.barcode.digits import BarcodeError, Reason

ORIGIN = 2026
"""The year that two-digit years are near: -49 to +50 (GS1 General Specifications 7.12), so 1977 to 2076.

It stands still: a lane whose clock has lost itself must not take tomorrow's milk for a century old.
"""
SIX, EIGHT = re.compile("[0-9]{6}"), re.compile("[0-9]{8}")


def date(text: str) -> str:
    """2026-11-30 of 261130 or 20261130; day 00 is the month's last. DATE for what is no date."""
    if EIGHT.fullmatch(text):
        year, month, day = int(text[:4]), int(text[4:6]), int(text[6:])
    elif SIX.fullmatch(text):
        year, month, day = year_of(int(text[:2])), int(text[2:4]), int(text[4:])
    else:
        raise BarcodeError(Reason.DATE)
    if not 1 <= month <= 12 or year == 0:
        raise BarcodeError(Reason.DATE)
    last = monthrange(year, month)[1]
    if day > last:
        raise BarcodeError(Reason.DATE)
    return f"{year:04}-{month:02}-{day or last:02}"


def year_of(short: int) -> int:
    """The year that ends on the two digits of `short` and is nearest to ORIGIN."""
    earliest = ORIGIN - 49
    return earliest + (short - earliest) % 100


def is_date(text: str) -> bool:
    """A date with its day."""
    try:
        return bool(date(text)) and not text.endswith("00")
    except BarcodeError:
        return False


def is_month(text: str) -> bool:
    """A date whose day may be 00."""
    try:
        return bool(date(text))
    except BarcodeError:
        return False


def clock(text: str) -> str:
    """14:30:00 of 14, 1430 or 143000, checked before."""
    hour, minute, second = (text[i : i + 2] or "00" for i in (0, 2, 4))
    return f"{hour}:{minute}:{second}"
