"""`python -m tests.prove [WHAT…] [--seed N] [--family F] [--runs N] [--first N]`: all of the proof, or parts of it."""

import argparse
import sys
import time
from collections.abc import Sequence

from tests.prove import cards, controls, model_check, random_runs, sweep
from tests.prove.families import COUNTED, FAMILIES
from tests.prove.real import PEERS

PARTS = ("model", "controls", "random", "sweep", "kills", "cards")


def part(name: str, options: argparse.Namespace) -> int:
    """Run one part; the number of violations."""
    match name:
        case "model":
            return model_check.prove()
        case "controls":
            return controls.prove()
        case "cards":
            return cards.prove(options.seed, options.payments) + cards.cores()
        case "sweep":
            return sweep.exhaustive()
        case "kills":
            return sweep.at_random(
                [options.family] if options.family else [*PEERS], options.seed, options.kills
            )
        case "random":
            every = [each for each in FAMILIES if each not in COUNTED]
            names = [options.family] if options.family else every
            return random_runs.prove(names, options.seed, options.runs, options.first)
    raise SystemExit(f"no part called {name}; there are: {', '.join(PARTS)}")


def main(arguments: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.prove", description=__doc__)
    parser.add_argument("what", nargs="*", default=PARTS)
    parser.add_argument("--seed", default="1")
    parser.add_argument("--family", default="")
    parser.add_argument("--runs", type=int, default=2_000, help="random runs per family")
    parser.add_argument("--kills", type=int, default=200, help="processes killed at random per family")
    parser.add_argument("--payments", type=int, default=10_000, help="by terminals that tell card numbers")
    parser.add_argument("--first", type=int, default=0, help="number of the first random run")
    options = parser.parse_args(arguments)
    wrong = 0
    for name in options.what or PARTS:
        began = time.monotonic()
        print(f"== {name}, seed {options.seed}", flush=True)
        wrong += part(name, options)
        print(f"   {time.monotonic() - began:.0f} s\n", flush=True)
    print(f"{wrong} violations")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
