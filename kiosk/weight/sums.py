"""What was weighed of an item's packs, as sums that lanes can share, and which pack the shop sells now.

A pack is an `epoch` of its item: it begins at 0 and rises when the pack has changed. A lane alone adds to its own
sums of an epoch, and says how many weighings ever came into them; of two sayings of one lane the later counts. So it
may be told in any order and again and again, and the lanes' sums of an epoch just add up.

No lane counts for more than LANE_MOST weighings, because it remembers no more: a new one always counts, and a lane
whose scale is wrong outvotes nobody. Nor does an epoch that it has opened alone: for the others it is `coming`, until
a second lane has weighed one like it. The pack before stays an alternative until none has been weighed for OLDER_DAYS.

A sum says nothing of a basket, a time or a person.
"""

from collections.abc import Iterable

from msgspec import Struct
from msgspec.structs import replace

from kiosk.units import half_up

HEAVIEST = 60_000  # grams of one weighing
LANE_MOST = 50  # weighings of one epoch that a lane remembers
MOST = 200  # weighings that a belief rests on at most, so that it can still be moved
OPENS = 3  # weighings that agree, from which an epoch is one
ALIKE = 0.06, 10  # the standard deviation of weighings that agree, at most: a share of the mean, and grams
OLDER_DAYS = 30
EPOCHS = 10_000


class Sums(Struct, frozen=True):
    """`n` weighings, each of 0 to HEAVIEST grams: their sum in grams, and the sum of their squares."""

    n: int
    sum: int
    squares: int

    def __post_init__(self) -> None:
        fits = 0 <= self.sum <= self.n * HEAVIEST and self.squares <= HEAVIEST * self.sum
        if self.n < 1 or not fits or self.sum * self.sum > self.n * self.squares:
            raise ValueError(
                f"expected the sums of 1 or more weighings of 0 to {HEAVIEST} g, not n {self.n}, "
                f"sum {self.sum}, squares {self.squares}"
            )

    @classmethod
    def of(cls, *grams: int) -> "Sums":
        return cls(len(grams), sum(grams), sum(one * one for one in grams))

    def __add__(self, other: "Sums") -> "Sums":
        return Sums(self.n + other.n, self.sum + other.sum, self.squares + other.squares)

    def __sub__(self, other: "Sums") -> "Sums":
        """Without a part of it. ValueError if it is no part, or nothing is left."""
        return Sums(self.n - other.n, self.sum - other.sum, self.squares - other.squares)

    @property
    def mean(self) -> float:
        """Grams."""
        return self.sum / self.n

    @property
    def variance(self) -> float:
        """Square grams about the mean, of these weighings (the divisor is n)."""
        return (self.n * self.squares - self.sum * self.sum) / (self.n * self.n)

    @property
    def opens(self) -> bool:
        """Often enough, and alike enough, to be a pack of its own rather than this and that."""
        return self.n >= OPENS and self.variance <= (ALIKE[0] * self.mean + ALIKE[1]) ** 2

    def at_most(self, n: int) -> "Sums":
        """As if it were so many weighings: the same mean and variance, to half a gram in `sum` and one in `squares`."""
        if self.n <= n:
            return self
        total = half_up(self.sum * n, self.n)
        about = self.n * self.squares - self.sum * self.sum
        squares = half_up(total * total * self.n * self.n + about * n * n, n * self.n * self.n)
        least = -(-total * total // n)
        return Sums(n, total, max(least, min(squares, HEAVIEST * total)))


class Known(Struct, frozen=True, omit_defaults=True):
    """What so many `lanes` have weighed of one epoch, and on which days (since 1970) the first and the last of them."""

    epoch: int
    sums: Sums
    first: int
    last: int
    lanes: int = 1


class Weighings(Struct, frozen=True, omit_defaults=True):
    """What is known of an item's weight.

    `sums` are those of the pack sold now, which is `epoch`; None: nobody has weighed one. `older` are those of the
    pack before, while there are any left; `coming` those of a later one that too few have seen. What fits one of them
    is to be learnt under its own epoch.
    """

    epoch: int = 0
    sums: Sums | None = None
    older: Sums | None = None
    older_epoch: int = 0
    coming: Sums | None = None
    coming_epoch: int = 0


def pooled(known: Iterable[Known]) -> list[Known]:
    """One for each epoch, the oldest first; the order of what is put together does not matter."""
    packs: dict[int, Known] = {}
    for one in known:
        if (there := packs.get(one.epoch)) is None:
            packs[one.epoch] = one
        else:
            packs[one.epoch] = Known(
                one.epoch,
                there.sums + one.sums,
                min(there.first, one.first),
                max(there.last, one.last),
                there.lanes + one.lanes,
            )
    return [packs[epoch] for epoch in sorted(packs)]


def together(own: Iterable[Known], others: Iterable[Known], today: int, floor: int = 0) -> Weighings | None:
    """What a lane may believe, of its own weighings and those of others; None: nobody knows anything.

    An epoch is the one sold now if it is the highest that two lanes have seen, or this one often enough by itself;
    failing that the lowest there is. Epochs below `floor` are forgotten.
    """
    mine = [one for one in own if one.epoch >= floor]
    packs = pooled([*mine, *(one for one in others if one.epoch >= floor)])
    live = [pack for pack in packs if not _over(pack, packs, today)]
    if not live:
        return Weighings(floor) if floor else None
    sure = {one.epoch for one in mine if one.sums.opens}
    sold = [pack for pack in live if pack.epoch in sure or (pack.lanes > 1 and pack.sums.opens)]
    now = sold[-1] if sold else live[0]
    found = Weighings(now.epoch, now.sums.at_most(MOST))
    if before := [pack for pack in live if pack.epoch < now.epoch]:
        found = replace(found, older=before[-1].sums.at_most(MOST), older_epoch=before[-1].epoch)
    if live[-1].epoch > now.epoch:
        found = replace(found, coming=live[-1].sums.at_most(MOST), coming_epoch=live[-1].epoch)
    return found


def _over(pack: Known, packs: list[Known], today: int) -> bool:
    """Another has taken its place, and since then, or since one was weighed, OLDER_DAYS have gone by."""
    later = [one.first for one in packs if one.epoch > pack.epoch and one.sums.opens]
    return bool(later) and today > max(pack.last, min(later)) + OLDER_DAYS
