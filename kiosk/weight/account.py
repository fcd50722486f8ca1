"""Accounts of what lies in the bag: each change of level extends every account by all that it may have been.

An account is one consistent story: which things are still on their way, which lie in the bag and what they weigh
there, what else lies there. `odds` is the logarithm of how likely it is beside the others. A story in which
something is wrong says how much money is at risk.
"""

from math import inf, log

from msgspec import Struct

from kiosk.weight.belief import Belief, Market


class Unit(Struct, frozen=True):
    """One thing that was scanned: `alike` is the same for things of one item, `price` minor units of money."""

    line: int
    alike: int
    price: int
    belief: Belief


class Lain(Struct, frozen=True):
    """A thing in the bag, and what it weighs there: it would take the same away again."""

    unit: int
    grams: float
    var: float


class Account(Struct, frozen=True):
    """One story. `loose` are grams that nothing scanned explains (negative: missing), `lean` grams that will go again.

    `weighed` are the things that were put down alone, with what the scale then said; `out` were in the bag before.
    """

    odds: float = 0.0
    pending: tuple[int, ...] = ()
    placed: tuple[Lain, ...] = ()
    bag: float = 0.0
    unsaid: float = 0.0
    loose: float = 0.0
    lean: float = 0.0
    wrong: int = 0
    swapped: int = -1
    weighed: tuple[tuple[int, float], ...] = ()
    out: tuple[int, ...] = ()
    story: str = ""


class Rates(Struct, frozen=True):
    """How often what happens at a change of level, as natural logarithms; of the wrong ones `-tau` besides."""

    still: float = log(0.05)
    one: float = log(0.70)
    two: float = log(0.10)
    three: float = log(0.03)
    more: float = log(0.02)
    disorder: float = log(0.08)
    lean: float = log(0.05)
    lift: float = log(0.005)
    first_bag: float = log(0.03)
    bag: float = log(0.004)
    bag_too: float = log(0.0006)
    announced: float = log(0.7)
    late: float = log(0.02)
    back: float = log(0.02)
    voided: float = log(0.6)
    gone: float = log(0.9)
    back_too: float = log(0.008)
    stays: float = log(0.1)
    out: float = log(0.002)
    clear: float = log(0.003)
    with_it: float = log(0.3)
    heavy: float = log(20.0)
    half: float = log(0.1)
    single: float = log(0.05)
    full: float = log(0.7)
    extra: float = log(0.0025)
    twin: float = log(0.0025)
    swap: float = log(0.0025)
    taken: float = log(0.0006)


class Setting(Struct, frozen=True):
    """What the stories are told in: the scale's division, the variance of one change, the shop's mix of goods."""

    division: int = 5
    blur: float = 8.5
    market: Market = Market()
    rates: Rates = Rates()
    bag_max: int = 400


RIGHT, WRONG = 8, 6  # accounts that are kept at most
WORSE = 10.0  # an account this much less likely than the best is forgotten


def bag_odds(grams: float, most: int) -> float:
    """Log density of a bag's mass: thin ones of 5 to 60 g, bags of one's own of 20 g to `most`."""
    if grams <= 3:
        return -inf
    density = (0.3 / 55 if 5 <= grams <= 60 else 0.0) + (0.7 / (most - 20) if 20 <= grams <= most else 0.0)
    return log(density + 1e-6)


def lean_odds(grams: float) -> float:
    """Log density of a hand, an elbow, a child: 30 g to 5 kg, lighter ones likelier."""
    size = abs(grams)
    return -log(size * 5.1) if 30 <= size <= 5_000 else -inf
