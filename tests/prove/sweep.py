"""Processes that end: after every single write, send and sync of a payment, and at random in every family.

Counted is what concerns the lane's own files and its sockets. After one call is before the next.
"""

import os
import shutil
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from random import Random
from tempfile import mkdtemp

from drivers.simulated.terminal import Fault
from drivers.simulated.terminal_book import Rule
from tests.prove.doomed import SCENARIOS, Doom, Moment, can_kill, doomed, with_basket
from tests.prove.real import PEERS
from tests.prove.shop import shop

FAMILY = "zvt"


def folder() -> Path:
    return Path(mkdtemp(prefix="sweep-", dir=shop()))


def jobs() -> int:
    return max(2, os.cpu_count() or 1)


def exhaustive(scenarios: tuple[str, ...] = SCENARIOS, every: int = 1) -> int:
    """Each scenario once whole, then killed after every counted call; the number of violations."""
    if not can_kill():
        print("needs the package gcc")
        return 1
    wrong = 0
    for scenario in scenarios:
        here = folder()
        with_basket(here / "basket", FAMILY, scenario)
        whole = doomed(here / "basket", here / "whole", FAMILY, scenario, Moment())
        moments = [Moment(number) for number in range(1, whole.calls + 1, every)]

        def one(moment: Moment, here: Path = here, scenario: str = scenario) -> Doom:
            return doomed(here / "basket", here / str(moment.number), FAMILY, scenario, moment)

        with ThreadPoolExecutor(jobs()) as pool:
            dooms = list(pool.map(one, moments))
        wrong += told(f"killed after every call, {scenario}", [whole, *dooms])
        shutil.rmtree(here)
    return wrong


def told(what: str, dooms: list[Doom]) -> int:
    killed = sum(doom.killed for doom in dooms)
    bad = [doom for doom in dooms if doom.violations]
    print(f"{what}: {len(dooms)} runs, {killed} killed, {len(bad)} violations", flush=True)
    for doom in bad:
        print(
            "\n    ".join((f"VIOLATION  last call: {doom.last}", *(line[:300] for line in doom.violations))),
            flush=True,
        )
    return len(bad)


def at_random(families: list[str], seed: str, count: int) -> int:
    """So many processes of each family that end anywhere, with a terminal that misbehaves."""
    if not can_kill():
        print("needs the package gcc")
        return 1
    wrong = 0
    for family in families:
        here = folder()
        for scenario in SCENARIOS:
            with_basket(here / scenario, family, scenario)

        def one(number: int, family: str = family, here: Path = here) -> Doom:
            random = Random(f"{family} {seed} {number}")
            scenario = random.choice(SCENARIOS)
            moment = Moment(random.randint(1, 60), random.random() < 0.5)
            script = {
                random.randint(4, 30): random.choice((Fault.CUT_BEFORE, Fault.CUT_AFTER, Fault.REBOOT))
                for _ in range(random.choice((0, 0, 1)))
            }
            return doomed(
                here / scenario, here / f"run-{number}", family, scenario, moment,
                script=script, rule=random.choice(tuple(Rule)),
            )  # fmt: skip

        with ThreadPoolExecutor(jobs()) as pool:
            dooms = list(pool.map(one, range(count)))
        wrong += told(f"killed at random, {family}, seed {seed}", dooms)
        shutil.rmtree(here)
    return wrong


ALL = tuple(PEERS)
