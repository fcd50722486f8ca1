"""What is recorded, what is expected of it, and what came of so many power cuts."""

import multiprocessing
import tempfile
import time
import traceback
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from typing import NamedTuple, Protocol

from tests.cuts import catalogue, journal, old_journal, server
from tests.cuts.disk import MODELS, SYNCS, Model, State, cuts
from tests.cuts.recording import Call, recorded
from tests.cuts.voice import Said

AT_ONCE = 2
"""Processes; a machine of ours has two cores."""
LONGEST = 900.0
"""Seconds for one subject under one model: what is not examined by then is not counted."""


class Check(Protocol):
    def __call__(self, folder: Path, said: Said) -> str: ...


class Subject(NamedTuple):
    """Files that the product writes as it ships them, or (`loses`) as it must not: a control that has to be found out.

    `lives` are the processes that write them, one after the other.
    """

    name: str
    mode: str
    lives: tuple[tuple[str, ...], ...]
    check: Callable[[Path], Check]
    loses: tuple[Model, ...] = ()
    without: str = ""
    """Calls that are left out of the recording."""

    @property
    def sales(self) -> int:
        """At the lane; 0: what is recorded are no sales."""
        return journal.SALES * sum(life[0] == "journal" for life in self.lives)


FULL, OFTEN = "WAL FULL", "wal_autocheckpoint=24"
"""The log is folded back after so many pages, in the middle of it all; as shipped that is once in some 80 sales."""
LANE = ("journal", "killed"), ("journal", "closed")
SHIPPED = (
    Subject("the lane's journal", FULL, LANE, journal.Check),
    Subject("… its log folded back often", FULL, (("journal", "killed", OFTEN), LANE[1]), journal.Check),
    Subject("a journal of version 1, taken over", FULL, (("old_journal",),), old_journal.Check),
    Subject(
        "the catalogue and shared weights", FULL,
        (("catalogue", "0", "killed"), ("catalogue", "6", "closed", OFTEN)), catalogue.Check,
    ),
    Subject(
        "the store server", FULL, (("server", "0", "killed"), ("server", "12", "closed", OFTEN)), server.Check
    ),
)  # fmt: skip
CONTROLS = (
    *(
        Subject("the journal", mode, (("journal", "killed", *pragmas),), journal.Check, MODELS)
        for mode, *pragmas in (
            ("WAL NORMAL", "synchronous=NORMAL"),
            ("WAL OFF", "synchronous=OFF", OFTEN),
            ("DELETE FULL", "journal_mode=DELETE"),
        )
    ),
    Subject("the journal", "WAL FULL, folder never synced", LANE, journal.Check, ("posix",), "f"),
    Subject(
        "the catalogue", "WAL NORMAL",
        (("catalogue", "0", "killed", "synchronous=NORMAL"),), catalogue.Check, MODELS,
    ),
)  # fmt: skip


class Found(NamedTuple):
    """What came of the power cuts: how many states, in how many something acknowledged was lost, or anything broken;
    the first few in words. What was recorded waited for the disk so often."""

    subject: Subject
    model: Model
    states: int
    lost: int
    broken: int
    examples: tuple[str, ...]
    syncs: int

    @property
    def as_expected(self) -> bool:
        bad = self.lost + self.broken
        return bad > 0 if self.model in self.subject.loses else bad == 0 or bool(self.subject.loses)


@contextmanager
def in_memory() -> Iterator[Path]:
    """A folder whose files cost no disk anything, where there is one."""
    memory = Path("/dev/shm")
    with tempfile.TemporaryDirectory(dir=memory if memory.is_dir() else None, prefix="cuts-") as name:
        yield Path(name)


def explored(subjects: Sequence[Subject], states: int, seed: object, processes: int = 1) -> Iterator[Found]:
    """Every subject under every model."""
    with in_memory() as place:
        for number, subject in enumerate(subjects):
            here = place / str(number)
            here.mkdir()
            calls = [each for each in recorded(here, subject.lives) if each.call not in subject.without]
            for model in MODELS:
                yield cut(here, subject, calls, model, states, seed, processes)


def cut(
    here: Path, subject: Subject, calls: list[Call], model: Model, states: int, seed: object, processes: int
) -> Found:
    share = -(-states // processes)
    tasks = [(here, subject, calls, model, share, f"{seed} {number}") for number in range(processes)]
    if processes == 1:
        counts = [examined(*tasks[0])]
    else:
        with multiprocessing.get_context("fork").Pool(processes) as pool:
            counts = pool.starmap(examined, tasks)
    count = sum(counts, Counter())
    lost = sum(n for what, n in count.items() if what.startswith("lost"))
    broken = sum(n for what, n in count.items() if what) - lost
    return Found(
        subject, model, sum(count.values()), lost, broken, tuple(islice(filter(None, count), 4)),
        sum(call.call in SYNCS for call in calls),
    )  # fmt: skip


def examined(
    here: Path, subject: Subject, calls: list[Call], model: Model, states: int, seed: str
) -> Counter[str]:
    """What the check said of so many states, and how often."""
    check, count, until = subject.check(here / "files"), Counter[str](), time.monotonic() + LONGEST
    for said, state in cuts(calls, model, states, seed):
        with tempfile.TemporaryDirectory(dir=here) as name:
            count[verdict(check, Path(name), said, state)] += 1
        if time.monotonic() > until:
            break
    return count


def verdict(check: Check, folder: Path, said: Said, state: State) -> str:
    for name, data in state.items():
        (folder / name).write_bytes(data)
    try:
        return check(folder, said)
    except Exception as wrong:  # whatever the product stumbles over is what is looked for here
        last = traceback.extract_tb(wrong.__traceback__)[-1]
        what = str(wrong).replace(f"{folder}/", "")
        return f"{type(wrong).__name__}: {what} ({Path(last.filename).name}:{last.lineno})"
