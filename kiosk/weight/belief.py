"""What one thing of an item should weigh: learned from weighings, begun from the catalogue's word or the shop's mix.

The mass of one is normal with unknown mean and variance (normal-inverse-gamma), so of the next one Student's t is
believed. What else it may be - the pack before, one that is coming, what the catalogue says - stands beside it.
"""

from math import exp, log, sqrt

from msgspec import Struct

from kiosk.weight.sums import Sums, Weighings

WORD = 0.6  # weighings that the catalogue's word is worth
FEW = 3  # weighings from which it is no longer asked
SHARE = 0.02  # of its weight that one thing may differ from another, before any was weighed
LEAST = 2.5  # grams that it may differ by in any case, before any was weighed
ALIKE = 1.5  # grams: nothing is more alike than that
DEGREES = 2.0  # of freedom, before any was weighed

UNWEIGHED, UNKNOWN, KNOWN = 0.06, 0.15, 0.002  # chances that it is another pack than was thought
FEWER = 0.04  # more of that after one weighing, less and less after more
ANOTHER = 0.10, 0.15  # chances that it is the pack before, or the one that is coming


class Market(Struct, frozen=True):
    """The shop's mix of goods: mean and standard deviation of the logarithm of grams, and of grams a cent."""

    middle: float = 5.77
    spread: float = 1.05
    a_cent: float = 0.36
    a_cent_spread: float = 1.0

    @classmethod
    def of(cls, goods: list[tuple[float, float]]) -> "Market":
        """From grams and cents of the goods whose weights are known; the usual one where these are too few."""
        known = [(log(grams), log(grams / cents)) for grams, cents in goods if grams >= 1 and cents >= 1]
        if len(known) < 20:
            return cls()
        middle, spread = _moments([one for one, _ in known])
        a_cent, a_cent_spread = _moments([one for _, one in known])
        return cls(middle, max(0.3, spread), a_cent, max(0.1, a_cent_spread))

    def worth(self, grams: float) -> int:
        """Cents that something of this mass may cost here."""
        return max(40, int(grams * exp(-self.a_cent)))


class Other(Struct, frozen=True):
    """Something else that it may weigh: Student's t as in Belief, and how likely that is."""

    mean: float
    var: float
    degrees: float
    chance: float


class Belief(Struct, frozen=True):
    """Grams of the next one: Student's t of scale² `var` about `mean`, or log-normal of spread `wide` if that is given.

    `change` is the chance that it is a pack which nobody has weighed yet.
    """

    mean: float
    var: float
    degrees: float = DEGREES
    change: float = UNWEIGHED
    wide: float = 0.0
    others: tuple[Other, ...] = ()


def measured(grams: float, spread: float) -> Belief:
    """Of something that another scale has just weighed."""
    return Belief(grams, spread * spread, 1e9, KNOWN)


def believe(
    master: float | None,
    weighings: Weighings | None,
    price: int,
    market: Market,
    blur: float,
    spread: float | None = None,
) -> Belief:
    """About an item: `master` grams (and `spread`, a standard deviation) as the catalogue has them, cents it costs.

    `blur` is the variance of one weighing in square grams: it is in the sums, and is not the item's own.
    """
    sums = weighings.sums if weighings else None
    if weighings is None or sums is None:
        return _unweighed(master, price, market, spread)
    mean, var, degrees = _learned(sums, blur)
    others = []
    if weighings.older:
        others.append(Other(*_learned(weighings.older, blur), ANOTHER[0]))
    if weighings.coming:
        others.append(Other(*_learned(weighings.coming, blur), ANOTHER[1]))
    if master is not None and sums.n < FEW:
        first = _unweighed(master, price, market, spread)
        if abs(mean - master) > 4 * sqrt(first.var + var):
            others.append(Other(first.mean, first.var, first.degrees, 1 / (2 + sums.n)))
        else:
            off, whole = mean - master, sums.n + WORD
            var += WORD * sums.n / whole * off * off / (degrees + 1)
            mean = (mean * sums.n + master * WORD) / whole
    change = KNOWN + FEWER / (1 + sums.n * sums.n)
    return Belief(mean, var, degrees, change, 0.0, tuple(others))


def _unweighed(master: float | None, price: int, market: Market, spread: float | None) -> Belief:
    if master is not None:
        off = spread if spread is not None else max(LEAST, master * SHARE)
        return Belief(master, off * off * (1 + 1 / WORD))
    if price > 0 and market.a_cent_spread < market.spread:
        middle, wide = log(price) + market.a_cent, market.a_cent_spread + 0.01
    else:
        middle, wide = market.middle, market.spread
    return Belief(exp(middle), 0.0, DEGREES, UNKNOWN, wide)


def _learned(sums: Sums, blur: float) -> tuple[float, float, float]:
    """Mean, scale² and degrees of freedom after these weighings."""
    n, mean = sums.n, sums.mean
    first = max(LEAST, mean * SHARE)
    squares = max(0.0, sums.variance * n - (n - 1) * blur)
    degrees = DEGREES + n
    var = max(ALIKE * ALIKE, (DEGREES * first * first + squares) / degrees)
    return mean, var * (1 + 1 / n), degrees


def epoch_of(weighings: Weighings | None, belief: Belief, grams: int, blur: float) -> int:
    """The pack that a weighing belongs to: the one sold now, the one before, the one that is coming, or yet another."""
    if weighings is None:
        return 0
    if weighings.sums is None or _near(grams, belief.mean, belief.var + blur):
        return weighings.epoch
    for sums, epoch in ((weighings.older, weighings.older_epoch), (weighings.coming, weighings.coming_epoch)):
        if sums and _near(grams, *_learned(sums, blur)[:2]):
            return epoch
    return max(weighings.epoch, weighings.coming_epoch) + 1


def _near(grams: float, mean: float, var: float) -> bool:
    return abs(grams - mean) < 5 * sqrt(var)


def _moments(values: list[float]) -> tuple[float, float]:
    mean = sum(values) / len(values)
    return mean, sqrt(sum((value - mean) ** 2 for value in values) / len(values))
