"""`python -m tests.cuts [--states N] [--seed S]`: power cuts in everything that the product writes, as a table."""

import argparse
import sys
import time
from collections.abc import Iterable

from tests.cuts.explore import AT_ONCE, CONTROLS, SHIPPED, Found, explored
from tests.cuts.written import sale_of

HEAD = ("what", "journal, synchronous", "disk", "states", "lost", "broken", "syncs/sale", "s", "")
ROW = "{:<36}{:<30}{:<6}{:>7}{:>7}{:>8}{:>12}{:>6}  {}"


def table(found: Iterable[Found], states: int) -> bool:
    """Print a row as soon as it is there; whether all was as expected, and so many states were examined each."""
    print(ROW.format(*HEAD), flush=True)
    good, began = True, time.monotonic()
    for row in found:
        now = time.monotonic()
        print(line(row, f"{now - began:.0f}", said := remark(row, states)), flush=True)
        if said and said != FEW:
            print(*(f"    {example}" for example in row.examples), sep="\n", flush=True)
        good, began = good and not said, now
    return good


FEW = "TOO FEW IN TIME"


def remark(row: Found, states: int) -> str:
    if not row.as_expected:
        return "NOT FOUND OUT" if row.subject.loses else "FOUND"
    return FEW if row.states < states else ""


def line(row: Found, seconds: str, said: str) -> str:
    subject, sales = row.subject, row.subject.sales
    syncs = f"{row.syncs / sales:.1f}" if sales else ""
    counts = (row.states, row.lost, row.broken)
    return ROW.format(subject.name, subject.mode, row.model, *counts, syncs, seconds, said).rstrip()


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.cuts", description=__doc__)
    parser.add_argument("--states", type=int, default=2_000, help="power cuts for each file and kind of disk")
    parser.add_argument("--seed", default="1")
    options = parser.parse_args()
    good = table(explored(SHIPPED, options.states, options.seed, AT_ONCE), options.states)
    print("\ncontrols, which have to lose something:")
    good &= table(explored(CONTROLS, options.states, options.seed, AT_ONCE), options.states)
    for pieces in (1, 3, 10):
        sale = sale_of(pieces)
        print(
            f"\na sale of {pieces}: {sale.commits:.0f} commits, {sale.syncs:.1f} syncs, {sale.kib:.1f} KiB",
            end="",
        )
    print()
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
