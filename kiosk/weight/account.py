"""Accounts of what lies in the bag, and how often what happens there.

An account is one consistent story of a visit: what is still on its way, what lies in the bag and weighs what, what else
lies there. A check keeps the few likeliest; a story in which something is wrong says how much money is at risk.
"""

from math import inf, log

from msgspec import Struct

from kiosk.weight.belief import Belief, Market


class Unit(Struct, frozen=True):
    """One thing that was scanned: `alike` is equal for things of one item, `price` in minor units of money."""

    line: int
    alike: int
    price: int
    belief: Belief


class Lain(Struct, frozen=True):
    """A thing in the bag (its place among the units), and the grams and variance that it would take away again."""

    unit: int
    grams: float
    var: float


class Account(Struct, frozen=True):
    """One story. `odds` is the logarithm of how likely it is beside the others. Masses are grams.

    `pending` things are on their way, `out` those of them that were in the bag before. `bag` is what her bags weigh,
    `unsaid` what of it she has not told. `loose` lies there without a scan (negative: is missing), `lean` will go.
    `wrong` are the cents at risk (0: nothing is wrong), `swapped` the thing that another was put down for. `alone` are
    the things that were put down by themselves, with what the scale then said: they teach.
    """

    odds: float = 0.0
    pending: tuple[int, ...] = ()
    out: tuple[int, ...] = ()
    placed: tuple[Lain, ...] = ()
    bag: float = 0.0
    unsaid: float = 0.0
    loose: float = 0.0
    lean: float = 0.0
    wrong: int = 0
    swapped: int = -1
    late: bool = False
    alone: tuple[tuple[int, float], ...] = ()


class Rates(Struct, frozen=True):
    """How often it happens at a change of level, as natural logarithms, measured nowhere: see the README's curve."""

    still: float = log(0.05)
    by_count: tuple[float, ...] = (0.0, log(0.70), log(0.10), log(0.03), log(0.02))
    disorder: float = log(0.08)
    lean: float = log(0.05)
    lift: float = log(0.005)
    goes: float = log(0.9)
    stays: float = log(0.1)
    first_bag: float = log(0.03)
    bag: float = log(0.004)
    bag_with_things: float = log(0.0006)
    bag_announced: float = log(0.7)
    late: float = log(0.02)
    back: float = log(0.02)
    two_back: float = log(0.008)
    voided: float = log(0.6)
    out: float = log(0.002)
    full: float = log(0.003)
    full_heavy: float = log(0.06)
    full_announced: float = log(0.7)
    gone_with_it: float = log(0.3)
    extra: float = log(0.003)
    twin: float = log(0.003)
    swap: float = log(0.003)
    taken: float = log(0.0006)
    half_goes: float = log(0.1)
    one_goes: float = log(0.05)
    more_after: float = log(0.3)


class Setting(Struct, frozen=True):
    """What the stories are told in: the scale's division (grams), the variance of one change (square grams) that scale
    and rounding make, the heaviest bag of one's own (grams), the shop's mix of goods, and how often what happens."""

    division: int = 5
    blur: float = 10.3
    bag_most: int = 400
    market: Market = Market()
    rates: Rates = Rates()

    @classmethod
    def of(cls, division: int, bag_most: int = 400, market: Market | None = None) -> "Setting":
        """For a scale of that division: a change is the difference of two noisy, rounded readings."""
        noise = max(1.0, 0.35 * division)
        return cls(division, 2 * noise * noise + division * division / 6, bag_most, market or Market())

    @property
    def quiet(self) -> float:
        """Grams of a change that need no reason."""
        return 2.0 * self.division

    @property
    def light(self) -> float:
        """Grams below which the scale cannot be sure to see a thing arrive."""
        return 2.5 * self.division

    @property
    def empty(self) -> float:
        """Grams up to which nothing lies there, after some hours of drift."""
        return 3.0 * self.division + 10


def bag_odds(grams: float, most: int) -> float:
    """Log density of a bag's mass: thin ones of 5 to 60 g, bags of one's own of 20 g to `most`."""
    if grams <= 3:
        return -inf
    thin = 0.3 / 55 if 5 <= grams <= 60 else 0.0
    own = 0.7 / (most - 20) if 20 <= grams <= most else 0.0
    return log(thin + own + 1e-6)


def lean_odds(grams: float) -> float:
    """Log density of a hand, an elbow, a child: 30 g to 5 kg, lighter ones likelier."""
    size = abs(grams)
    return -log(size * 5.1) if 30 <= size <= 5_000 else -inf
