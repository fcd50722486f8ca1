"""The disk that power cuts are made of, and the library that tells what is done to it."""

from pathlib import Path
from random import Random

import pytest

from tests.cuts.disk import SECTOR, Disk, Model, State, cuts, sectors
from tests.cuts.recording import Call, can_record, recorded
from tests.cuts.voice import SAID

OLD, NEW = b"o" * SECTOR, b"n" * SECTOR


def made(name: str, file: int) -> Call:
    return Call("c", file, 0, name.encode())


def wrote(file: int, data: bytes, at: int = 0) -> Call:
    return Call("w", file, at, data)


def states(model: Model, *calls: Call) -> list[State]:
    """Everything that may be there after these."""
    disk = Disk(model)
    for call in calls:
        disk.play(call)
    return [disk.after(Random(seed)) for seed in range(300)]


SYNC, FOLDER = Call("d", 1, 0, b""), Call("f", 0, 0, b"")


@pytest.mark.parametrize("model", ["posix", "ext4"])
def test_what_was_synced_stays_and_the_rest_may_go_sector_by_sector(model: Model) -> None:
    found = {
        state["a"]
        for state in states(model, made("a", 1), wrote(1, OLD * 2), SYNC, FOLDER, wrote(1, NEW * 2))
    }
    assert found == {OLD * 2, NEW + OLD, OLD + NEW, NEW * 2}


def test_a_write_is_cut_where_sectors_begin() -> None:
    assert [(at, len(data)) for at, data in sectors(wrote(1, bytes(1030), 500))] == [
        (500, 12),
        (512, 512),
        (1024, 506),
    ]


def test_a_name_needs_its_folder_on_posix_and_any_sync_that_has_news_on_ext4() -> None:
    calls = (made("a", 1), wrote(1, OLD), SYNC)
    assert {tuple(state) for state in states("posix", *calls)} == {(), ("a",)}
    assert {tuple(state) for state in states("ext4", *calls)} == {("a",)}
    gone = (*calls, FOLDER, Call("u", 0, 0, b"a"))
    for model in ("posix", "ext4"):
        assert {tuple(state) for state in states(model, *gone)} == {(), ("a",)}
        assert {tuple(state) for state in states(model, *gone, FOLDER)} == {()}
    assert {tuple(state) for state in states("ext4", *gone, wrote(1, NEW), SYNC)} == {(), ("a",)}, (
        "no longer than it was"
    )


def test_names_change_in_their_order_on_ext4_only() -> None:
    calls = (made("a", 1), made("b", 2))
    assert {tuple(state) for state in states("ext4", *calls)} == {(), ("a",), ("a", "b")}
    assert ("b",) in {tuple(state) for state in states("posix", *calls)}


def test_a_new_name_is_the_old_one_or_the_new_one() -> None:
    calls = (made("a", 1), FOLDER, Call("r", 0, 0, b"a/b"))
    assert {tuple(state) for state in states("posix", *calls)} == {("a",), ("b",)}


def test_every_call_of_a_journal_is_told(tmp_path: Path) -> None:
    if not can_record():
        pytest.skip("needs the package gcc")
    calls = recorded(tmp_path / "one", [("old_journal",)])
    names = [call.data.decode() for call in calls if call.call in "cru"]
    assert {"journal.db", "journal.db-wal", SAID, "device.key.new/device.key"} <= set(names)
    assert {call.call for call in calls} == set("cwtdsfur")
    *_, (said, state) = cuts(calls, "posix", 10, 1)
    assert said[-1] == {"line": 5}
    assert state["journal.db"] == (tmp_path / "one" / "files" / "journal.db").read_bytes()
