"""What one thing of an item should weigh: learned from weighings, begun from the catalogue's word or the shop's mix.

The mass of one is normal with unknown mean and variance (normal-inverse-gamma), so the next one is Student's t.
"""

from math import exp, log, sqrt

from msgspec import Struct

from kiosk.weight.sums import Sums

MASTER = 0.6  # weighings that the catalogue's word is worth
MASTER_SPREAD = (
    0.02  # share of the catalogue's weight that one thing may differ by, before it was ever weighed
)
FEW = 3  # weighings from which the catalogue is no longer asked
DOF = 1.0  # alpha of the prior
LEAST = 1.5  # grams: nothing is alike to less
MOST = 200  # weighings that count: older ones fade


class Market(Struct, frozen=True):
    """The shop's mix of goods: log grams, and log grams a cent, each as mean and standard deviation."""

    middle: float = 5.77
    spread: float = 1.05
    a_cent: float = 0.36
    a_cent_spread: float = 0.45


class Belief(Struct, frozen=True):
    """Grams of the next one: Student's t about `mean`, of scale² `var`; with `wide` a log-normal of that spread.

    `change` is the chance that it is another pack than the one that was learned.
    """

    mean: float
    var: float
    dof: float
    change: float
    wide: float = 0.0


NEW = 0.06  # chance that the catalogue's word is wrong
UNWEIGHED = 0.15
KNOWN = 0.002
HAZARD = 1e-5  # pack changes of an item a basket


def believe(
    master: float | None, price: int, sums: Sums | None, market: Market, blur: float, since: int = 0
) -> Belief:
    """The belief about an item: `blur` is the variance of one weighing, `since` how many baskets ago it was weighed."""
    n = sums.n if sums else 0
    if sums is None or n == 0:
        if master is None:
            middle, spread = unknown(price, market)
            return Belief(exp(middle), 0.0, 2 * DOF, UNWEIGHED, spread)
        spread = max(2.5, master * MASTER_SPREAD)
        return Belief(master, spread * spread * (1 + 1 / MASTER), 2 * DOF, NEW)
    mean = sums.sum / n
    squares = max(0.0, sums.squares - sums.sum * mean)
    kept = min(n, MOST)
    squares *= kept / n
    spread = max(2.5, mean * MASTER_SPREAD)
    alpha = DOF + kept / 2
    beta = DOF * spread * spread + max(0.0, squares - max(0, kept - 1) * blur) / 2
    if master is not None and n < FEW:
        off = mean - master
        weight = MASTER * n / (MASTER + n)
        if abs(off) < 4 * spread:
            mean = (mean * n + master * MASTER) / (n + MASTER)
            beta += weight * off * off / 2
            kept += MASTER
    var = max(LEAST * LEAST, beta / alpha) * (1 + 1 / kept)
    return Belief(mean, var, 2 * alpha, min(0.3, KNOWN + HAZARD * since + 0.04 / (1 + n * n)))


def unknown(price: int, market: Market) -> tuple[float, float]:
    """Log grams of something that nobody has weighed, by its price in cents if that says anything."""
    if price > 0 and market.a_cent_spread < market.spread:
        return log(price) + market.a_cent, sqrt(market.a_cent_spread**2 + 0.01)
    return market.middle, market.spread
