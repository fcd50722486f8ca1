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
ABOUT = 0.03  # spread of an item whose catalogue weight has none, as a share of it
MOST_AT_ONCE = 4
LIGHT = 2  # divisions below which a scale cannot see a thing arrive


class Expected(Struct, frozen=True):
    """Something scanned that should reach the bag. `grams` None: nobody knows its weight yet."""

    line: LineNo
    grams: Grams | None
    spread: Grams | None = None


class Bag(Struct, frozen=True):
    """What the bag scale should carry.

    `level` is the last settled gross reading; `pending` was scanned and is not in yet, `placed` is in,
    `leaving` was removed from the basket and must come out; `unexplained` grams have no account (negative:
    missing); `own_bag` says that the shopper is about to put her own bag down.
    """

    level: Grams = Grams(0)
    pending: tuple[Expected, ...] = ()
    placed: tuple[Expected, ...] = ()
    leaving: tuple[Expected, ...] = ()
    unexplained: Grams = Grams(0)
    own_bag: bool = False


class Verdict(StrEnum):
    FITS = "fits"
    NOTHING = "nothing"
    TOO_HEAVY = "too_heavy"
    TOO_LIGHT = "too_light"
    UNEXPECTED = "unexpected"
    REMOVED = "removed"


Things = tuple[Expected, ...]


def tolerance(things: Iterable[Expected], division: Grams) -> float:
    """Grams that a true weight may differ from what is expected: scale and items together."""
    variance = 2.0 * division * division / 3
    for thing in things:
        if thing.grams is not None:
            spread = thing.spread if thing.spread is not None else max(2.0, thing.grams * ABOUT)
            variance += spread * spread
    return max(2.0 * division, SURE * sqrt(variance))


def judge(bag: Bag, after: Grams, division: Grams, own_bag_max: Grams) -> tuple[Verdict, Bag]:
    """The verdict on the bag scale having settled at `after`, and the bag as it then is.

    What was unexplained before is explained together with the new change, so putting right what was wrong
    (taking a thing out again, scanning it late) ends as FITS without anybody's help.
    """
    change = after - bag.level + bag.unexplained
    bag, before = replace(bag, level=after, unexplained=Grams(0)), bag
    if change > 0 and (placed := _likeliest(bag.pending, change, division)):
        return Verdict.FITS, replace(bag, pending=_without(bag.pending, placed), placed=bag.placed + placed)
    if change < 0 and (gone := _likeliest(bag.leaving, -change, division)):
        return Verdict.FITS, replace(bag, leaving=_without(bag.leaving, gone))
    if change < 0 and (lifted := _likeliest(bag.placed, -change, division)):
        return Verdict.FITS, replace(bag, placed=_without(bag.placed, lifted), pending=bag.pending + lifted)
    if abs(change) <= LIGHT * division:
        return (Verdict.FITS if before.unexplained else Verdict.NOTHING), bag
    if bag.own_bag and 0 < change <= own_bag_max:
        return Verdict.FITS, replace(bag, own_bag=False)
    bag = replace(bag, unexplained=Grams(change))
    if change < 0:
        return Verdict.REMOVED, bag
    if not bag.pending:
        return Verdict.UNEXPECTED, bag
    return (Verdict.TOO_HEAVY if change > _most(bag.pending) else Verdict.TOO_LIGHT), bag


def missing(bag: Bag, division: Grams) -> Things:
    """What was scanned, is heavy enough to be seen, and never reached the bag."""
    return tuple(thing for thing in bag.pending if thing.grams and thing.grams > LIGHT * division)


def _most(things: Things) -> int:
    return sum(thing.grams or 0 for thing in things)


def _without(things: Things, gone: Things) -> Things:
    left = list(things)
    for thing in gone:
        left.remove(thing)
    return tuple(left)


def _likeliest(pool: Things, grams: int, division: Grams) -> Things:
    """The set of at most four of the pool that explains these grams best, the latest first; empty if none."""
    latest = tuple(reversed(pool))[: 3 * MOST_AT_ONCE]
    best: Things = ()
    nearest = 1.0
    for size in range(1, min(MOST_AT_ONCE, len(latest)) + 1):
        for things in combinations(latest, size):
            off = abs(grams - _most(things)) / tolerance(things, division)
            if any(thing.grams is None for thing in things):
                off = 0.9 if grams >= _most(things) else 2.0
            if off < nearest or (off == 1.0 and not best):
                best, nearest = things, off
        if best:
            return best
    whole = tuple(pool)
    if len(whole) > MOST_AT_ONCE and abs(grams - _most(whole)) <= tolerance(whole, division):
        return whole
    return ()
