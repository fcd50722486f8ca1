"""kiosk weight trial: how the weight check does in a simulated shop, beside fixed tolerances, as JSON.
kiosk weight judge: the learned check for a shop outside, which says a JSON line an event and hears one back.

kiosk weight trial --seed 1 --baskets 5000 --changes         with and without pack changes
kiosk weight trial --seed 1-10 --jobs 2                       ten shops, counted together
kiosk weight trial --world other --dishonest 0.15             another shop; more that is wrong
kiosk weight trial --deciders learned:-1,learned,learned:2    the learned check at several thresholds
kiosk weight trial --deciders fixed25 --tape FILE             what the first check was told, a line an event
kiosk weight trial --deciders fixed25,pipe --pipe "kiosk weight judge -"
kiosk weight judge - --tau 1                                  events from standard input, fewer alarms
kiosk weight judge FILE                                       what it says to a tape
"""

import argparse
import os
import re
import shlex
import sys
from collections.abc import Callable, Iterable
from concurrent.futures import ProcessPoolExecutor
from contextlib import ExitStack
from pathlib import Path
from typing import IO, Any

import msgspec
from msgspec.structs import replace

from drivers.simulated.shop import rates, trial
from drivers.simulated.shop.tally import Tally, merged, ratios
from drivers.simulated.shop.visit import Decide
from kiosk.weight.judge import MOST_TAU, Judge, OutOfOrderError
from kiosk.weight.talk import Event, types

BASE = "fixed25"


def main(argv: list[str]) -> int:
    options = _options(argv)
    return judge(options) if options.what == "judge" else trials(options)


def judge(options: argparse.Namespace) -> int:
    """Answers until nobody says or hears any more, which is well (0), or until something is wrong with a line (2)."""
    name = "" if options.events == "-" else f"{options.events}, "
    try:
        with ExitStack() as stack:
            said = stack.enter_context(Path(options.events).open("rb")) if name else sys.stdin.buffer
            answer(said, sys.stdout.buffer, Judge(options.tau))
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except (OSError, BadLineError) as wrong:
        print(
            f"kiosk weight judge: {name if isinstance(wrong, BadLineError) else ''}{wrong}", file=sys.stderr
        )
        return 2
    return 0


class BadLineError(ValueError):
    """A line that is no event, or none that can come now; names the line and what was expected."""


def answer(said: Iterable[bytes], heard: IO[bytes], check: Judge) -> None:
    """A line `{"d": ...}` for each event, at once. Raises BadLineError."""
    read = msgspec.json.Decoder(Event).decode
    for number, line in enumerate(said, start=1):
        try:
            event = read(line)
        except (ValueError, RecursionError) as wrong:
            raise BadLineError(f"line {number}: {_what_is_wrong(wrong)}") from None
        try:
            decision = check.decide(event)
        except OutOfOrderError as wrong:
            raise BadLineError(f"line {number}: {wrong}") from None
        heard.write(b'{"d":"%s"}\n' % decision.encode())
        heard.flush()


def _what_is_wrong(wrong: Exception) -> str:
    if not isinstance(wrong, msgspec.ValidationError):
        return f"{wrong}: expected one JSON object"
    if str(wrong).endswith("`$.type`"):
        return f"{wrong}: expected one of {', '.join(types())}"
    return str(wrong)


def trials(options: argparse.Namespace) -> int:
    """The figures of all checks in all shops, to standard output."""
    shops = [(seed, changes) for changes in options.packs for seed in options.seed]
    try:
        if options.jobs > 1 and len(shops) > 1:
            with ProcessPoolExecutor(options.jobs) as pool:
                tallies = list(pool.map(run, [options] * len(shops), shops))
        else:
            tallies = [run(options, shop) for shop in shops]
    except (OSError, EOFError, ValueError) as wrong:
        print(f"kiosk weight trial: {wrong}", file=sys.stderr)
        return 2
    told: dict[str, Any] = {"world": options.world, "seeds": options.seed, "baskets": options.baskets}
    for changes in options.packs:
        mine = [tally for (_, changed), tally in zip(shops, tallies, strict=True) if changed == changes]
        checks = {name: merged(tally[name] for tally in mine) for name in options.deciders}
        told["pack_changes" if changes else "same_packs"] = _told(checks)
    sys.stdout.write(msgspec.json.format(msgspec.json.encode(told), indent=1).decode() + "\n")
    return 0


def run(options: argparse.Namespace, shop: tuple[int, bool]) -> dict[str, Tally]:
    """The tallies of all checks in one shop: its seed, and whether packs change."""
    seed, changes = shop
    rate = replace(rates.WORLDS[options.world](seed), changes=rates.PACK_CHANGES if changes else 0.0)
    if options.dishonest is not None:
        rate = replace(rate, dishonest=options.dishonest)
    files: list[Path | None] = [options.tape, options.trace]
    with ExitStack() as stack:
        tape, trace = (stack.enter_context(path.open("wb")) if path else None for path in files)
        checks = {name: _check(name, options, stack) for name in options.deciders}
        return trial.trial(rate, str(seed), options.baskets, checks, tape, trace)


def _check(name: str, options: argparse.Namespace, stack: ExitStack) -> Decide:
    if name == "pipe":
        return stack.enter_context(trial.Piped(shlex.split(options.pipe))).decide
    if name in trial.FIXED:
        return trial.FIXED[name]()
    return Judge(tau=float(name.partition(":")[2] or 0)).decide


def _told(checks: dict[str, Tally]) -> dict[str, Any]:
    told: dict[str, Any] = {name: tally.told() for name, tally in checks.items()}
    if BASE in checks:
        base = checks[BASE]
        told[f"ratios_to_{BASE}"] = {
            name: ratios(tally, base) for name, tally in checks.items() if name != BASE
        }
    return told


def _options(argv: list[str]) -> argparse.Namespace:
    whole = argparse.ArgumentParser(
        prog="kiosk weight", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    whats = whole.add_subparsers(dest="what", required=True)
    _judge_options(whats.add_parser("judge", help="decide for a shop outside"))
    parser = whats.add_parser("trial", help="try checks in a simulated shop")
    _trial_options(parser)
    options = whole.parse_args(argv)
    if options.what == "judge":
        return options
    options.packs = {None: [False], "also": [False, True], "only": [True]}[options.changes]
    if (options.tape or options.trace) and len(options.seed) * len(options.packs) > 1:
        parser.error("--tape and --trace take one shop: one seed, and not both with and without changes")
    return options


def _judge_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("events", metavar="FILE", help="JSON lines; - for standard input")
    parser.add_argument("--tau", type=_tau, default=0.0, help="shifts the threshold: higher, fewer alarms")


def _trial_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--seed", type=_seeds, default=[1], help="of the shop: 7, or 1-10 for ten shops")
    parser.add_argument("--baskets", type=_at_least(1), default=5_000)
    parser.add_argument("--changes", nargs="?", choices=["also", "only"], const="also", help="packs change")
    parser.add_argument("--dishonest", type=float, help="share of visits with something wrong")
    parser.add_argument("--world", choices=list(rates.WORLDS), default="main")
    parser.add_argument("--deciders", type=_checks, default=_checks("learned,fixed25,fixed50"))
    parser.add_argument("--pipe", default="kiosk weight judge -", help="the command of the check `pipe`")
    parser.add_argument("--tape", type=Path, help="one seed only: file for what the first check is told")
    parser.add_argument("--trace", type=Path, help="the same: its visits with a false alarm or a missed deed")
    parser.add_argument("--jobs", type=_at_least(1), default=1, help="shops at a time")


def _tau(text: str) -> float:
    if not abs(tau := float(text)) <= MOST_TAU:
        raise argparse.ArgumentTypeError(f"{text}: expected -{MOST_TAU} to {MOST_TAU}")
    return tau


_tau.__name__ = "number"


def _seeds(text: str) -> list[int]:
    first, _, last = text.partition("-")
    try:
        seeds = list(range(int(first), int(last or first) + 1))
    except ValueError:
        seeds = []
    if not seeds:
        raise argparse.ArgumentTypeError(f"{text!r} is no seed: expected 7 or 1-10")
    return seeds


def _checks(text: str) -> list[str]:
    known = ["learned", *trial.FIXED, "pipe"]
    names = text.split(",")
    for name in names:
        if name not in known and not re.fullmatch(r"learned:-?\d+(\.\d+)?", name):
            raise argparse.ArgumentTypeError(f"no check {name!r}: expected {', '.join(known)}, learned:TAU")
    return names


def _at_least(least: int) -> Callable[[str], int]:
    def number(text: str) -> int:
        if (value := int(text)) < least:
            raise argparse.ArgumentTypeError(f"{value}: expected at least {least}")
        return value

    number.__name__ = "whole number"
    return number
