"""The model checker's report: situations, budgets, states, depth, and the shortest way to each violation."""

import time

from tests.prove.explore import Found, explore
from tests.prove.modelled import World
from tests.prove.situations import SITUATIONS

WHOLE = {
    "one card": World(faults=2, restarts=2, presses=3),
    "a tender goes back": World(faults=2, restarts=2, presses=3),
}
SHORT = World(faults=1, restarts=1, presses=2)
DEEPEST = 80


def report(name: str, budget: World, found: Found, seconds: float) -> str:
    how = "every state visited" if not found.open else f"{found.open:,} states not gone on from"
    return (
        f"{name}: {found.states:,} states, {found.steps:,} steps, depth {found.depth}, {how}; at most {budget.faults} "
        f"faults, {budget.restarts} restarts, {budget.presses} presses; {len(found.violations)} violations "
        f"({seconds:.0f} s)"
    )


def prove() -> int:
    """Explore every situation; the number of violations."""
    wrong = 0
    for name, budget in WHOLE.items():
        began = time.monotonic()
        found = explore(SITUATIONS[name](budget), DEEPEST)
        print(report(name, budget, found, time.monotonic() - began), flush=True)
        for what, way in found.violations[:10]:
            print(f"VIOLATION  {what}\n    " + ", ".join(way))
        wrong += len(found.violations) + bool(found.open)
    return wrong
