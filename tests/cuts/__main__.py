"""`python -m tests.cuts [--states N] [--seed S]`: power cuts in everything that the product writes, as a table."""

import argparse
import sys
import time
from collections.abc import Iterable

from tests.cuts.explore import AT_ONCE, CONTROLS, SHIPPED, Found, explored

ROW = "{:<36}{:<31}{:<7}{:>7}{:>7}{:>8}{:>7}{:>6}  {}"


def table(found: Iterable[Found]) -> bool:
    """Print a row as soon as it is there; whether all was as expected."""
    print(
        ROW.format("what", "journal, synchronous", "disk", "states", "lost", "broken", "syncs", "s", ""),
        flush=True,
    )
    good, began = True, time.monotonic()
    for row in found:
        subject, bad = row.subject, row.lost + row.broken
        said = "" if row.as_expected else "FOUND" if bad else "NOT FOUND OUT"
        now = time.monotonic()
        print(
            ROW.format(
                subject.name, subject.mode, row.model, row.states, row.lost, row.broken, row.syncs,
                f"{now - began:.0f}", said,
            ).rstrip(), flush=True,
        )  # fmt: skip
        if said == "FOUND":
            print(*(f"    {example}" for example in row.examples), sep="\n", flush=True)
        good, began = good and row.as_expected, now
    return good


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.cuts", description=__doc__)
    parser.add_argument("--states", type=int, default=2_000, help="power cuts for each file and kind of disk")
    parser.add_argument("--seed", default="1")
    options = parser.parse_args()
    good = table(explored(SHIPPED, options.states, options.seed, AT_ONCE))
    print("\ncontrols, which have to lose something:")
    return 0 if table(explored(CONTROLS, options.states, options.seed, AT_ONCE)) and good else 1


if __name__ == "__main__":
    sys.exit(main())
