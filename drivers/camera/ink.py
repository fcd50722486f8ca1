"""EAN-13 and UPC-A under a blur: what each digit in each place looks like, and which number looks like a profile.

A profile across the bars is a sum: guards and twelve digits, each blurred by the same Gaussian. Blurred digits overlap
with their neighbours only, so the number nearest to a profile is found exactly, by dynamic programming. The check digit
has no part in it, and so is a real check. Pure; profiles are 0 where the ground is and 1 where the ink is.
"""

import math
from functools import cache
from itertools import pairwise
from typing import Any, TypeAlias

import cv2
import numpy as np
from numpy.typing import NDArray

Floats: TypeAlias = NDArray[np.floating[Any]]

ODD = "0001101 0011001 0010011 0111101 0100011 0110001 0101111 0111011 0110111 0001011".split()
# Odd and even, of the six left digits, by the first digit, which has no bars.
PARITIES = "OOOOOO OOEOEE OOEEOE OOEEEO OEOOEE OEEOOE OEEEOO OEOEOE OEOEEO OEEOEO".split()
RIGHT = np.array([[1 - int(bit) for bit in digit] for digit in ODD], np.float32)
LEFT = np.concatenate([1 - RIGHT, RIGHT[:, ::-1]])  # ten of odd parity, ten of even
STARTS = (3, 10, 17, 24, 31, 38, 50, 57, 64, 71, 78, 85)  # of the digits, in modules
SPLITS = np.cumsum([0] + [len(LEFT)] * 6 + [len(RIGHT)] * 6)  # where a place begins among the 180 digits
EVEN = np.array([[letter == "E" for letter in parities] for parities in PARITIES])
KINDS = 10 * EVEN.T[:, :, None] + np.arange(10)  # [place, first digit, digit]: its row of LEFT

MODULES, QUIET, FINE = 95, 5, 2  # in a code, beside it; samples in a module
GUARDS = np.zeros(MODULES, np.float32)
GUARDS[[0, 2, 46, 48, 92, 94]] = 1
SAMPLES = (MODULES + 2 * QUIET) * FINE
AT = (np.arange(SAMPLES, dtype=np.float32) + 0.5) / FINE - QUIET  # modules

BLUR = (0.4, 1.9)  # modules: the least and the most that is tried


class Ink:
    """Every digit in every place, under a blur of `sigma` modules."""

    def __init__(self, sigma: float) -> None:
        edges = np.arange(-QUIET - MODULES, MODULES + QUIET + 1 + 1 / FINE, 1 / FINE) + 0.5 / FINE
        step = np.array([0.5 * (1 + math.erf(edge / sigma / math.sqrt(2))) for edge in edges])
        module = (step[FINE:] - step[:-FINE]).astype(np.float32)
        starts = [(MODULES - 1 - at) * FINE for at in range(MODULES)]
        bars = np.stack([module[start : start + SAMPLES] for start in starts])
        places = [(LEFT if at < 45 else RIGHT) @ bars[at : at + 7] for at in STARTS]
        self.guards = GUARDS @ bars
        self.digits = np.concatenate(places)
        self.power = (self.digits**2).sum(1)
        self.joins = [2 * a @ b.T for a, b in pairwise(places)]
        left = [join[KINDS[k][:, :, None], KINDS[k + 1][:, None, :]] for k, join in enumerate(self.joins[:5])]
        right = [np.broadcast_to(join, (10, 10, 10)) for join in self.joins[6:]]
        self.lawful = [*left, self.joins[5][KINDS[5]], *right]  # [first digit, digit, next digit]

    def drawn(self, number: str) -> Floats:
        """What a number looks like."""
        return np.asarray(self.guards + self.digits[SPLITS[:-1] + rows(number)].sum(0))

    def costs(self, profiles: Floats) -> tuple[Floats, Floats]:
        """For profiles in rows: of each digit in each place, and of each profile as it is; in squares of ink."""
        left = np.asarray(profiles - self.guards, np.float32)
        alike = cv2.gemm(
            left, self.digits, -2, np.empty(0, np.float32), 0, flags=cv2.GEMM_2_T
        )  # in one thread
        return np.asarray(alike + self.power), (left**2).sum(1)

    def least(self, profiles: Floats) -> Floats:
        """What of each profile no number can explain."""
        digits, rest = self.costs(profiles)
        cost = digits[:, : SPLITS[1]]
        for place, join in enumerate(self.joins, 1):
            cost = (cost[:, :, None] + join).min(1) + digits[:, SPLITS[place] : SPLITS[place + 1]]
        return np.asarray(cost.min(1) + rest)

    def nearest(self, profile: Floats) -> tuple[float, str]:
        """The number nearest to a profile, whose first digit the parities tell, and what it does not explain."""
        digits, rest = self.costs(profile[None])
        here = [digits[0, SPLITS[place] : SPLITS[place + 1]] for place in range(12)]
        cost, back = here[0][KINDS[0]], []
        for place in range(1, 12):
            ways = cost[:, :, None] + self.lawful[place - 1]
            back.append(ways.argmin(1))
            cost = ways.min(1) + (here[place][KINDS[place]] if place < 6 else here[place])
        first, last = divmod(int(cost.argmin()), 10)
        number = [last]
        for step in reversed(back):
            number.append(int(step[first, number[-1]]))
        return float(cost[first, last] + rest[0]), "".join(map(str, [first, *reversed(number)]))

    def margin(self, profile: Floats, number: str) -> float:
        """How much less would be explained if any one digit were another."""
        digits, chosen = self.costs(profile[None])[0][0], rows(number)
        least = math.inf
        for place, row in enumerate(chosen):
            cost = digits[SPLITS[place] : SPLITS[place + 1]].copy()
            if place > 0:
                cost += self.joins[place - 1][chosen[place - 1]]
            if place < 11:
                cost += self.joins[place][:, chosen[place + 1]]
            here, cost[row] = float(cost[row]), math.inf
            same = KINDS[place, int(number[0])] if place < 6 else slice(None)
            least = min(least, float(cost[same].min()) - here)
        return least


def rows(number: str) -> list[int]:
    """Of each digit after the first among those of its place."""
    first, *rest = map(int, number)
    return [int(KINDS[place, first, digit]) if place < 6 else digit for place, digit in enumerate(rest)]


@cache
def _ink(twentieths: int) -> Ink:
    return Ink(twentieths / 20)


def ink(sigma: float) -> Ink:
    """Blurred by about that; each of them is made once."""
    return _ink(round(min(max(sigma, BLUR[0]), BLUR[1]) * 20))


def prepare() -> None:
    """Make all of them, so that no picture waits for one."""
    for sigma in np.arange(BLUR[0], BLUR[1] + 0.05, 0.05):
        ink(float(sigma))
