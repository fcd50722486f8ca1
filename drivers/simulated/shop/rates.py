"""How a simulated shop is, as numbers: goods, scale, shoppers and staff. The shop of the notes, and others."""

from collections.abc import Callable

from msgspec import Struct
from msgspec.structs import replace

Range = tuple[float, float]


class Rates(Struct, frozen=True):
    """Masses in grams, prices in cents, times in seconds; all else are shares or weights.

    The defaults are the simulator of the domain notes, section 5.4. `variation` is (share of items, coefficient
    of variation); `loose` things are produce-like: of no master weight, each of its own mass and price.
    `letters`: items are named i1, i2, …, not 1, 2, …; `quantity_left`: some of what the quantity key said stays in
    the trolley; `tick_again`: a `wait` during a wait begins its two seconds anew.
    """

    items: int = 2_000
    letters: bool = True
    popularity: float = 0.8
    median: float = 320.0
    breadth: float = 1.05
    masses: Range = (3.0, 12_000.0)
    variation: tuple[tuple[float, float], ...] = ((0.60, 0.006), (0.25, 0.02), (0.15, 0.06))
    least_spread: float = 0.8
    loose: float = 0.0
    master_unknown: float = 0.06
    master_wrong: float = 0.04
    wrong_by: tuple[float, ...] = (-0.12, 0.12, 0.30)
    master_off: float = 0.01
    cents_per_gram: Range = (0.3, 1.4)
    least_price: int = 40
    changes: float = 0.0
    changed_by: Range = (-0.15, 0.25)
    popular_change: bool = True

    division: int = 5
    capacity: int = 15_000
    noise: float = 2.0
    drift: float = 1.0
    hold: float = 0.5
    every_rest: bool = False

    more_items: float = 8.0
    two: float = 0.12
    three: float = 0.02
    crossed: float = 0.08
    late_scan: float = 0.03
    own_bag: float = 0.06
    own_bag_told: float = 0.04
    bag: Range = (20.0, 400.0)
    lean: float = 0.04
    lean_seconds: Range = (0.3, 3.0)
    lean_grams: Range = (100.0, 3_000.0)
    rearranged: float = 0.05
    trolley: float = 0.03
    trolley_from: float = 1_000.0
    trolley_told: float = 0.5
    changed_mind: float = 0.01
    quantity: float = 0.05
    quantity_left: float = 0.0
    bag_full: Range = (6_000.0, 9_000.0)
    bag_full_told: float = 0.6
    takes_all: float = 0.20
    takes_twice: float = 0.03
    pace: float = 1.0

    dishonest: float = 0.03
    kinds: tuple[str, ...] = ("extra", "swap", "one_of_two", "nothing", "after", "light")
    lies: float = 0.8
    confused: float = 0.05
    corrected: float = 0.7
    tick_again: bool = False


MAIN = Rates()

PACK_CHANGES = 0.02
"""Items that get another pack, a basket."""


_OTHER = replace(
    MAIN,
    letters=False,
    variation=((0.4, 0.008), (0.35, 0.03), (0.25, 0.05)),
    loose=0.10,
    master_wrong=0.08,
    wrong_by=(-0.25, -0.08, 0.08, 0.2, 0.5),
    master_off=0.02,
    cents_per_gram=(0.1, 3.0),
    least_price=25,
    changed_by=(-0.25, 0.25),
    popular_change=False,
    drift=2.0,
    every_rest=True,
    two=0.20,
    three=0.06,
    crossed=0.15,
    late_scan=0.06,
    own_bag=0.10,
    own_bag_told=0.10,
    bag=(5.0, 600.0),
    lean=0.07,
    lean_seconds=(0.3, 5.0),
    lean_grams=(30.0, 5_000.0),
    rearranged=0.10,
    trolley=0.06,
    trolley_told=0.3,
    changed_mind=0.02,
    quantity=0.10,
    quantity_left=0.15,
    bag_full=(4_000.0, 12_000.0),
    bag_full_told=0.0,
    takes_all=0.4,
    takes_twice=0.1,
    pace=0.7,
    dishonest=0.06,
    kinds=(*MAIN.kinds, "alone", "short", "cover"),
    lies=0.9,
    confused=0.10,
    corrected=0.5,
    tick_again=True,
)


def other(seed: int) -> Rates:
    """Another shop: which one depends on the seed, but heavier nuisance and other goods in each."""
    small, fine = seed % 2 == 1, seed // 2 % 2 == 1
    return replace(
        _OTHER,
        items=500 if small else 8_000,
        popularity=0.6 if small else 1.0,
        median=450.0 if small else 230.0,
        breadth=0.8 if small else 1.2,
        master_unknown=0.15 if small else 0.03,
        more_items=5.0 if small else 13.0,
        division=2 if fine else 10,
        capacity=15_000 if fine else 30_000,
        noise=1.0 if fine else 3.5,
    )


WORLDS: dict[str, Callable[[int], Rates]] = {
    "main": lambda seed: MAIN,
    "calm": lambda seed: replace(MAIN, pace=2.5),
    "other": other,
}
"""By name, for each seed. In the calm one people let the scale settle before they go on."""
