"""kiosk update and kiosk health on a lane whose RAUC reads real bundles and whose boot partition is a folder."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from msgspec.structs import replace

from kiosk.commands.health import doubted, waited
from kiosk.commands.update import QUIET, own_token, quiet
from kiosk.journal import Journal
from kiosk.update.rauc import Rauc
from kiosk.update.release import Claims, Formats
from kiosk.wire import LaneStatus
from tests.update.box import WELL, Box
from tests.update.signed import Authority, needs_rauc


@pytest.fixture
def box(tmp_path: Path) -> Iterator[Box]:
    box = Box(tmp_path)
    yield box
    box.door.close()


@needs_rauc
def test_a_release_is_written_waits_for_the_shopper_is_tried_and_kept(
    box: Box, capsys: pytest.CaptureFixture[str]
) -> None:
    assert box.run("install", str(box.ours.bundle("1.1"))) == 0
    assert box.names == {"kiosk-a.efi", "kiosk-b+0.efi"}
    box.status = replace(WELL, open_basket=True)
    assert box.run("switch") == 1 and "a basket is open" in capsys.readouterr().err
    box.status = WELL
    assert box.run("switch") == 0
    assert box.names == {"kiosk-a.efi", "kiosk-b+3.efi"} and box.restarts == [True]
    box.up("b", "1.1")
    assert box.health() == 0
    assert box.names == {"kiosk-a.efi", "kiosk-b.efi"}
    capsys.readouterr()
    assert box.run("status") == 0
    assert capsys.readouterr().out.splitlines() == [
        "slot a  1.0          good",
        "slot b  1.1          good  runs",
        "nothing older than 1.1 is installed",
    ]
    assert box.run("rollback") == 0 and box.names == {"kiosk-a+3.efi", "kiosk-b+0.efi"}


@needs_rauc
def test_a_release_that_never_gets_ready_says_why_and_is_not_tried_again(
    box: Box, capsys: pytest.CaptureFixture[str]
) -> None:
    bundle = str(box.ours.bundle("1.1"))
    assert (box.run("install", bundle), box.run("switch")) == (0, 0)
    box.up("b", "1.1")
    box.status = replace(WELL, ready=False, fault="journal.db: not a usable journal")
    assert box.health() == 1
    assert box.names == {"kiosk-a.efi", "kiosk-b+0.efi"} and box.restarts == [True, False]
    box.up("a", "1.0")
    capsys.readouterr()
    assert box.run("status", "--json") == 0
    slots = json.loads(capsys.readouterr().out)["slots"]
    assert slots["b"]["state"] == "bad"
    assert slots["failures"] == [
        {"version": "1.1", "why": "kiosk: journal.db: not a usable journal", "told": False}
    ]
    assert box.run("install", bundle) == 1
    assert "1.1 has failed here before: kiosk: journal.db" in capsys.readouterr().err


@needs_rauc
def test_a_release_whose_machine_starts_anew_before_the_verdict_says_why_as_well(box: Box) -> None:
    assert (box.run("install", str(box.ours.bundle("1.1"))), box.run("switch")) == (0, 0)
    box.up("b", "1.1")
    patience = iter([True, False])
    waited(lambda: None, lambda: next(patience), lambda found: doubted(found, box.place.keeper), box.sleep)
    box.up("a", "1.0")
    (failure,) = box.place.keeper().slots.failures
    assert failure.why == "kiosk: it does not answer on its status socket"


@needs_rauc
def test_what_is_refused_is_refused_before_a_byte_is_written(
    box: Box, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = box.names
    damaged = box.ours.bundle("1.4")
    damaged.write_bytes(damaged.read_bytes()[:-200] + bytes(200))
    for bundle, words in (
        (Authority(tmp_path / "theirs").bundle("1.1"), "erif"),
        (damaged, ""),
        (box.ours.bundle("0.9"), "0.9 is older than 1.0"),
        (box.ours.bundle("1.2", Claims(Formats(3, 3, 3))), "the journal has format 2"),
    ):
        (box.folder / "journal.db").unlink(missing_ok=True)
        Journal(box.folder / "journal.db").close()
        assert box.run("install", str(bundle)) == 1
        assert words in capsys.readouterr().err
    assert box.names == before


@needs_rauc
def test_an_image_for_shops_takes_no_key_of_the_bench(box: Box, capsys: pytest.CaptureFixture[str]) -> None:
    bench = Authority(box.folder / "bench", "development")
    box.place = replace(box.place, rauc=Rauc(keyring=bench.keyring))
    bundle = str(bench.bundle("1.1"))
    assert box.run("install", bundle) == 1
    assert "signed with a development key" in capsys.readouterr().err


def test_without_an_image_it_says_so(box: Box, capsys: pytest.CaptureFixture[str]) -> None:
    (box.folder / "cmdline").write_text("quiet\n")
    assert box.run("status") == 1
    assert "names a slot" in capsys.readouterr().err
    assert box.health() == 0, "a kiosk that was installed on a computer is well without slots"


def test_a_start_that_it_cannot_see_is_no_good_one(box: Box, capsys: pytest.CaptureFixture[str]) -> None:
    (box.folder / "boot_id").unlink()
    assert box.health() == 1
    assert "BAD  the slot could not be marked" in capsys.readouterr().out


# ---- health


@pytest.mark.parametrize(
    ("status", "line"),
    [
        (replace(WELL, ready=False), "kiosk: it is not ready"),
        (replace(WELL, frame_ms=40_000), "screen: no frame for 40 s"),
        (replace(WELL, journal_ms=61_000), "journal: its writer has said nothing for 61 s"),
        (replace(WELL, devices={"storage": "fault"}), "disk: it does not take what is sold"),
        (replace(WELL, devices={"clock": "fault"}), "clock: the time of day cannot be believed"),
    ],
)
def test_each_fault_is_one_line(
    box: Box, capsys: pytest.CaptureFixture[str], status: LaneStatus, line: str
) -> None:
    box.status = status
    assert box.health("--look") == 1
    assert capsys.readouterr().out == f"BAD  {line}\n"


def test_a_kiosk_that_does_not_answer(box: Box, capsys: pytest.CaptureFixture[str]) -> None:
    box.door.close()
    assert box.health("--look") == 1
    assert capsys.readouterr().out == "BAD  kiosk: it does not answer on its status socket\n"


def test_a_journal_that_is_damaged(box: Box, capsys: pytest.CaptureFixture[str]) -> None:
    (box.folder / "journal.db").write_bytes(b"SQLite format 3\0" + b"\xff" * 4096)
    assert box.health("--look") == 1
    assert capsys.readouterr().out.startswith("BAD  journal: ")


def test_looking_changes_nothing(box: Box) -> None:
    assert box.health("--look") == 0
    assert not (box.folder / "slots.json").exists()


# ---- a free lane


def test_the_lane_must_have_been_free_for_a_while() -> None:
    now = [0.0]
    free = iter([True] * 5 + [False] + [True] * 100)

    def sleep(seconds: float) -> None:
        now[0] += seconds

    assert quiet(lambda: next(free), 1000, lambda: now[0], sleep)
    assert now[0] == 25 + QUIET, "a shopper came and went"
    now[0] = 0.0
    assert not quiet(lambda: False, 100, lambda: now[0], sleep)


def test_the_updater_has_a_token_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    other = "/run/credentials/kiosk-link.service/kiosk.store-token"
    monkeypatch.setenv("CREDENTIALS_DIRECTORY", str(tmp_path))
    assert own_token(other) == other
    (tmp_path / "kiosk.store-token").touch()
    assert own_token(other) == str(tmp_path / "kiosk.store-token")
