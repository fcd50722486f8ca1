"""What to do about it: say nothing, wait in silence, ask with a card, call a colleague, stop the lane."""

from math import exp

from msgspec import Struct

from kiosk.weight.check import Verdict


class Patience(Struct, frozen=True):
    """Where the lines are: chances times money, and how they move with what was already asked."""

    tau: float = 0.0
    silent: float = 0.10
    ask: float = 0.22
    ask_late: float = 0.15
    staff: float = 0.27


def suspicion(verdict: Verdict, patience: Patience) -> float:
    """Chance that something is wrong, in terms of a thing of 3 euros; less alarm with a higher tau."""
    wrong = min(verdict.wrong, 1 - 1e-12)
    odds = wrong / (1 - wrong)
    value = max(0.3, min(3.0, verdict.risk / max(1e-9, verdict.wrong) / 300)) ** 0.5
    odds *= value * exp(-patience.tau)
    return odds / (1 + odds)
