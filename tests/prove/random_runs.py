"""Seeded random runs over the fault matrix in virtual time, on every processor there is."""

import logging
import multiprocessing
import os
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from pathlib import Path

from tests.prove.families import COUNTED, FAMILIES
from tests.prove.matrix import summary, table
from tests.prove.plan import drawn
from tests.prove.run import Outcomes, play

CHUNK = 25
WRITTEN = Path("out") / "fault-matrix.md"
"""The tables of the last time, for the README."""


@contextmanager
def quiet() -> Iterator[None]:
    """No log: thousands of disks are full in here."""
    before = logging.root.manager.disable
    logging.disable(logging.CRITICAL)
    try:
        yield
    finally:
        logging.disable(before)


def families(name: str) -> list[str]:
    """The families that count as that one, or all."""
    return [each for each in FAMILIES if name in ("", each, COUNTED.get(each, each))]


def chunk(job: tuple[str, str, int, int]) -> list[Outcomes]:
    """The runs of one family from a number up to another."""
    family, seed, first, last = job
    with quiet():
        return [play(drawn(family, seed, number)) for number in range(first, last)]


def runs(family: str, seed: str, count: int, first: int = 0, jobs: int = 0) -> Iterator[Outcomes]:
    """Every run of a family, shared out among its kinds, in no order."""
    names = families(family)
    work = []
    for number, name in enumerate(names):
        share = count // len(names) + (number < count % len(names))
        work += [
            (name, seed, at, min(at + CHUNK, first + share)) for at in range(first, first + share, CHUNK)
        ]
    jobs = jobs or os.cpu_count() or 1
    if jobs == 1 or len(work) == 1:
        for job in work:
            yield from chunk(job)
        return
    with ProcessPoolExecutor(jobs, multiprocessing.get_context("spawn")) as pool:
        for done in pool.map(chunk, work):
            yield from done


def again(run: Outcomes) -> str:
    """The command that plays a run again, alone."""
    family, seed, number = run.plan.seed.rsplit(" ", 2)
    return f'make prove WHAT=random SEED={seed} FAMILY="{family}" FIRST={number} RUNS=1'


def told(run: Outcomes) -> str:
    plan = run.plan
    kills = ", ".join(f"{kill.at}{' (power)' if kill.power else ''}" for kill in plan.kills) or "no kill"
    what = f"{plan.flow}; {kills}; link {plan.link}; terminal {plan.terminal}; disk {plan.disk}; clock {plan.clock}"
    return "\n".join((f"VIOLATION  {what}", *(f"    {line}" for line in run.violations), f"    {again(run)}"))


def prove(names: Sequence[str], seed: str, count: int, first: int) -> int:
    """Play so many runs of each family; the number of runs with a violation."""
    everything: list[Outcomes] = []
    for name in names:
        for run in runs(name, seed, count, first):
            everything.append(run)
            if run.violations:
                print(told(run), flush=True)
    if len(everything) == 1:
        print(everything[0])
    text = f"{summary(everything)}\n\n{table(everything)}\n"
    print(text, flush=True)
    WRITTEN.parent.mkdir(exist_ok=True)
    WRITTEN.write_text(text)
    return sum(bool(run.violations) for run in everything)
