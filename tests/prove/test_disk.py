"""The recorded disk knows what a power cut leaves of a journal, and the journal is whole again from that."""

from pathlib import Path
from random import Random

import pytest

from kiosk.checkout.events import PayPressed
from kiosk.journal import Commit, Journal, JournalError
from kiosk.units import Millis
from tests.prove import disk


def turns(folder: Path) -> int:
    journal = Journal(folder / "journal.db")
    count = sum(1 for _ in journal.turns())
    journal.close()
    return count


@pytest.mark.parametrize("seed", range(12))
def test_every_committed_turn_outlives_a_power_cut(seed: int, tmp_path: Path) -> None:
    before, after = tmp_path / "before", tmp_path / "after"
    before.mkdir(), after.mkdir()
    watched = disk.watch(before)
    watched.tears = seed % 2 == 0
    journal = Journal(before / "journal.db")
    for number in range(seed):
        journal.commit(Commit(Millis(number), (PayPressed(),))).result()
    writes = iter(range(seed % 3, -1, -1))
    watched.seen = lambda what: watched.freeze(Random(seed), True) if next(writes, 0) == 0 else None
    with pytest.raises(JournalError):
        journal.commit(Commit(Millis(0), (PayPressed(),))).result()
    disk.forget(watched)
    journal.close()
    disk.forget(watched.thaw(after))
    assert turns(after) in (seed, seed + 1)


def test_without_syncs_a_power_cut_loses_turns(tmp_path: Path) -> None:
    """What the recording is for: a journal that does not sync is found out."""
    before, after = tmp_path / "before", tmp_path / "after"
    before.mkdir(), after.mkdir()
    watched = disk.watch(before)
    journal = Journal(before / "journal.db")
    journal._db.execute("PRAGMA synchronous=OFF")
    for number in range(5):
        journal.commit(Commit(Millis(number), (PayPressed(),))).result()
    choices = Random(1)
    choices.choice = lambda seq: "none"  # type: ignore[method-assign,assignment]
    watched.freeze(choices, True)
    disk.forget(watched)
    journal._writer.shutdown()
    journal._db.close()
    disk.forget(watched.thaw(after))
    assert turns(after) == 0
