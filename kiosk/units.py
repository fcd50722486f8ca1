"""Money, weight, rates and identifiers: whole numbers only, and the two ways to round them.

Money is an int of minor units (cents), weight an int of grams, a rate an int of ten-thousandths of a
percent (20 % = 200_000, 8.875 % = 88_750). Nothing here knows a float or a true division.
"""

from collections.abc import Sequence
from typing import Literal, NewType

Minor = NewType("Minor", int)
Grams = NewType("Grams", int)
Rate = NewType("Rate", int)
Millis = NewType("Millis", int)  # UTC, milliseconds since 1970

ItemId = NewType("ItemId", int)
Gtin = NewType("Gtin", int)  # any GTIN as the integer of its 14 digits
SaleId = NewType("SaleId", str)
AttemptId = NewType("AttemptId", str)
LineNo = NewType("LineNo", int)

UnitPrice = Literal["kg", "100g"]  # by which weight a shop writes what loose goods cost

HUNDRED_PERCENT = 1_000_000


def half_up(numerator: int, denominator: int) -> int:
    """numerator / denominator to the nearest whole number, halves away from zero."""
    if denominator <= 0:
        raise ValueError(f"denominator must be positive, not {denominator}")
    twice = (2 * abs(numerator) + denominator) // (2 * denominator)
    return twice if numerator >= 0 else -twice


def percent_of(amount: int, rate: Rate) -> Minor:
    """rate of amount, half up: percent_of(1299, Rate(150_000)) is 195."""
    return Minor(half_up(amount * rate, HUNDRED_PERCENT))


def share(amount: int, weights: Sequence[int]) -> list[Minor]:
    """Split amount over weights by largest remainder; the parts always add up to amount.

    Equal remainders: the larger weight first, then the earlier place. All weights zero: the first
    places take the cents one by one.
    """
    if not weights:
        raise ValueError("nothing to share over")
    if amount < 0:
        return [Minor(-part) for part in share(-amount, weights)]
    total = sum(weights)
    if total == 0:
        weights, total = [1] * len(weights), len(weights)
    parts = [amount * weight // total for weight in weights]
    order = sorted(range(len(weights)), key=lambda i: (-(amount * weights[i] % total), -weights[i], i))
    for i in order[: amount - sum(parts)]:
        parts[i] += 1
    return [Minor(part) for part in parts]
