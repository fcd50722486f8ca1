"""Numbers that carry a weight, a price or a count, by patterns that are data of the shop or its country."""

import re

from msgspec import Struct

from kiosk.barcode import gtin as gtins
from kiosk.barcode.codes import Measure, Measured
from kiosk.barcode.digits import BarcodeError, Reason, check_digit, price_check_digit
from kiosk.units import Grams, Gtin, Minor


class MeasurePattern(Struct, frozen=True, forbid_unknown_fields=True):
    """One kind of label, in the 13 digits of its GTIN: "22PPPPCVVVVVC", say.

    A digit stands for itself, P for the item, V for the value, C before the V for the value's check digit,
    X for a digit without meaning; the last C is the check digit of the whole. A UPC of number system 2
    begins with 02. step is what one unit of the value is worth in grams, minor units of money or pieces:
    10 for a weight with two decimals of a kilogram.
    """

    digits: str
    measure: Measure
    step: int = 1

    def __post_init__(self) -> None:
        """ValueError for a pattern that cannot be, or that would swallow numbers of ordinary goods."""
        form = re.fullmatch(r"(?:0[24]|2[0-9])[0-9X]*P[0-9PX]*(C?)(V+)[0-9PX]*C", self.digits)
        if form is None or len(self.digits) != 13:
            raise ValueError(f"no measure pattern of 13 places on 02, 04 or 2: {self.digits!r}")
        if form[1] and len(form[2]) not in (4, 5):
            raise ValueError(f"only 4 or 5 digits of value have a check digit: {self.digits!r}")
        if self.step < 1:
            raise ValueError(f"step must be positive, not {self.step}")

    def matches(self, digits: str) -> bool:
        """Whether the 13 digits have this form."""
        return all(
            place in ("PVCX") or place == digit for place, digit in zip(self.digits, digits, strict=True)
        )

    def part(self, letter: str, digits: str) -> str:
        """What stands in the places of letter, of the 13 digits without their own check digit."""
        return "".join(d for place, d in zip(self.digits[:12], digits, strict=False) if place == letter)

    def amount(self, digits: str) -> int:
        """Grams, minor units or pieces; PRICE_CHECK_DIGIT where the value's check digit is wrong."""
        value, check = self.part("V", digits), self.part("C", digits)
        if check and int(check) != price_check_digit(value):
            raise BarcodeError(Reason.PRICE_CHECK_DIGIT)
        return int(value) * self.step

    def item(self, digits: str) -> Gtin:
        """The number with the measure zeroed: the same for every label of the item."""
        kept = "".join("0" if p in "VCX" else d for p, d in zip(self.digits[:12], digits, strict=False))
        return Gtin(int(f"{kept}{check_digit(kept)}"))


def pattern_of(gtin: Gtin, patterns: tuple[MeasurePattern, ...]) -> MeasurePattern | None:
    """The first pattern that gtin has the form of; never one for a GTIN-8 or a case."""
    if gtins.natural_length(gtin) not in (12, 13):
        return None
    digits = gtins.written(gtin, 13)
    return next((pattern for pattern in patterns if pattern.matches(digits)), None)


def measured(gtin: Gtin, printed: str, patterns: tuple[MeasurePattern, ...]) -> Measured | None:
    """gtin as a label with a measure, or None: so too for a measure of zero, which only names the item."""
    pattern = pattern_of(gtin, patterns)
    if pattern is None:
        return None
    digits = gtins.written(gtin, 13)
    item, amount = pattern.item(digits), pattern.amount(digits)
    if amount == 0:
        return None
    match pattern.measure:
        case "grams":
            return Measured(item, grams=Grams(amount), printed=printed)
        case "price":
            return Measured(item, price=Minor(amount), printed=printed)
        case "count":
            return Measured(item, count=amount, printed=printed)
