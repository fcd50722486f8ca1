"""The bag: what should lie in it, what does, and the verdict on each settled change.

A change fits when some set of the things scanned and not yet put down explains it, within what their weights
and the scale allow. Weights are grams; a spread is one standard deviation in grams.
"""

from collections.abc import Iterable
from enum import StrEnum
from itertools import combinations
from math import sqrt

from msgspec import Struct
from msgspec.structs import replace

from kiosk.units import Grams, LineNo

SURE = 4  # standard deviations that an honest item may be off
ABOUT = 0.06  # spread of an item whose catalogue weight has no spread, as a share of it
MOST_AT_ONCE = 4


class Expected(Struct, frozen=True):
    """Something scanned that should reach the bag. `grams` None: nobody knows its weight yet."""

    line: LineNo
    grams: Grams | None
    spread: Grams | None = None


class Bag(Struct, frozen=True):
    """`level` is the last settled gross reading, `pending` what was scanned and is not in yet, `placed`
    what is, `unexplained` grams that nothing accounts for (negative: missing)."""

    level: Grams = Grams(0)
    pending: tuple[Expected, ...] = ()
    placed: tuple[Expected, ...] = ()
    unexplained: Grams = Grams(0)


class Verdict(StrEnum):
    FITS = "fits"
    NOTHING = "nothing"
    TOO_HEAVY = "too_heavy"
    TOO_LIGHT = "too_light"
    UNEXPECTED = "unexpected"
    REMOVED = "removed"


def tolerance(things: Iterable[Expected], division: Grams) -> float:
    """Grams that a true weight may differ from what is expected: scale and items together."""
    variance = 2.0 * division * division / 3
    for thing in things:
        if thing.grams is not None:
            spread = thing.spread if thing.spread is not None else max(2.0, thing.grams * ABOUT / 2)
            variance += spread * spread
    return max(2.0 * division, SURE * sqrt(variance))


def judge(bag: Bag, after: Grams, division: Grams) -> tuple[Verdict, Bag]:
    """The verdict on the bag scale having settled at `after`, and the bag as it then is.

    What was unexplained before is explained together with the new change, so putting right what was wrong
    (taking a thing out again, scanning it late) ends as FITS without anybody's help.
    """
    change = after - bag.level + bag.unexplained
    settled = replace(bag, level=after)
    if abs(change) <= 2 * division and not bag.pending:
        return Verdict.FITS if bag.unexplained else Verdict.NOTHING, replace(settled, unexplained=Grams(0))
    found = _explain(bag, change, division)
    if found is not None:
        placed, taken = found
        return Verdict.FITS, replace(
            settled,
            pending=tuple(p for p in bag.pending if p not in placed),
            placed=tuple(p for p in bag.placed if p not in taken) + placed,
            unexplained=Grams(0),
        )
    if abs(change) <= 2 * division:
        verdict = Verdict.FITS if bag.unexplained else Verdict.NOTHING
        return verdict, replace(settled, unexplained=Grams(0))
    settled = replace(settled, unexplained=Grams(change))
    if change < 0:
        return Verdict.REMOVED, settled
    if not bag.pending:
        return Verdict.UNEXPECTED, settled
    heaviest = sum(p.grams or 0 for p in bag.pending)
    return (Verdict.TOO_HEAVY if change > heaviest else Verdict.TOO_LIGHT), settled


def _explain(
    bag: Bag, change: int, division: Grams
) -> tuple[tuple[Expected, ...], tuple[Expected, ...]] | None:
    """The likeliest pending things put down, or placed things lifted, that make this change; latest first."""
    best: tuple[float, tuple[Expected, ...]] | None = None
    pool = bag.pending if change > 0 else bag.placed
    latest = tuple(reversed(pool))[: 3 * MOST_AT_ONCE]
    for size in range(1, min(MOST_AT_ONCE, len(latest)) + 1):
        for things in combinations(latest, size):
            known = sum(thing.grams or 0 for thing in things)
            unknown = any(thing.grams is None for thing in things)
            off = abs(abs(change) - known)
            allowed = tolerance(things, division)
            fits = abs(change) >= known - allowed if unknown else off <= allowed
            if fits and (best is None or off / allowed < best[0]):
                best = (1.0 if unknown else off / allowed, things)
        if best is not None:
            break
    if best is None:
        return None
    things = best[1]
    return (things, ()) if change > 0 else ((), things)
