"""Which elements may stand together on one thing, and which must."""

from kiosk.barcode.digits import BarcodeError, Reason
from kiosk.barcode.gs1.ai import matches
from kiosk.barcode.gs1.elements import Element
from kiosk.barcode.gs1.lookup import BY_CODE

Elements = tuple[Element, ...]

SIGNATURE = "8030"
BARE = {"253": 13, "255": 13, "8003": 14}
"""How long these numbers are without the serial that a digital signature needs."""


def check(elements: Elements) -> None:
    """Raises BarcodeError where the elements do not go together."""
    check_repeats(elements)
    check_excluded(elements)
    check_required(elements)
    check_signature(elements)


def check_repeats(elements: Elements) -> None:
    """What is said twice is said alike."""
    said: dict[str, str] = {}
    for ai, value in elements:
        if said.setdefault(ai, value) != value:
            raise BarcodeError(Reason.REPEATED)


def check_excluded(elements: Elements) -> None:
    there = {each.ai for each in elements}
    for ai in there:
        for pattern in BY_CODE[ai].excludes:
            if any(matches(pattern, other) for other in there - {ai}):
                raise BarcodeError(Reason.EXCLUDED)


def check_required(elements: Elements) -> None:
    there = {each.ai for each in elements}
    for ai in there:
        others = there - {ai}
        for groups in BY_CODE[ai].requires:
            if not any(all(_has(others, pattern) for pattern in group) for group in groups):
                raise BarcodeError(Reason.COMPANION_MISSING)


def _has(there: set[str], pattern: str) -> bool:
    return pattern in there or any(matches(pattern, ai) for ai in there)


def check_signature(elements: Elements) -> None:
    if any(each.ai == SIGNATURE for each in elements):
        for ai, value in elements:
            if len(value) <= BARE.get(ai, 0):
                raise BarcodeError(Reason.NOT_SERIALISED)
