"""kiosk update check: the store server decides, the bundle comes over its HTTPS, and what became of it is told."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from msgspec.structs import replace
from sqlalchemy import Engine

from kiosk.update.fetch import FetchError, digest, fetch
from kiosk.wire.releases import ReleaseWanted
from store import releases
from store.database import open_database, writing
from store.lanes import Lane, add_lane
from store.tables_releases import release_failures
from store.tls import own_certificate, pin_of
from tests.shop import serving
from tests.update.box import WELL, Box
from tests.update.signed import needs_rauc

NOW = 1_795_000_000_000
LANE, OTHER = Lane("0187", "4"), Lane("0187", "5")


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    engine = open_database(f"sqlite:///{tmp_path / 'store.db'}")
    yield engine
    engine.dispose()


@pytest.fixture
def box(tmp_path: Path, engine: Engine) -> Iterator[Box]:
    """A lane that a store server behind TLS knows."""
    box = Box(tmp_path)
    (tmp_path / "token").write_text(add_lane(engine, LANE))
    with serving(engine, tmp_path / "keys", now=lambda: NOW) as server:
        pin = pin_of(own_certificate(tmp_path / "keys")[0])
        table = f'[link]\nserver = "{server.url}"\npin = "{pin}"\ntoken_file = "{tmp_path}/token"\n'
        box.config.write_text(box.config.read_text() + table)
        yield box
    box.door.close()


def offer(engine: Engine, bundle: Path, version: str = "1.1") -> None:
    with writing(engine) as db:
        releases.add(db, bundle, version, "kiosk-amd64", NOW)
        releases.promote(db, version, "kiosk-amd64", "all", LANE, NOW)


@needs_rauc
def test_asked_fetched_written_tried_and_told(
    box: Box, engine: Engine, capsys: pytest.CaptureFixture[str]
) -> None:
    assert box.run("check") == 0
    assert capsys.readouterr().out == "1.0 stays: nothing newer is meant for this lane\n"
    offer(engine, box.ours.bundle("1.1"))
    box.status = replace(WELL, open_basket=True)
    assert box.run("check") == 0
    assert capsys.readouterr().out == "1.1 is written\nthe lane was not free: later\n"
    assert box.restarts == [] and box.names == {"kiosk-a.efi", "kiosk-b+0.efi"}
    assert not list(box.folder.glob("*.raucb")), "what is written need not lie there as well"
    box.status = WELL
    assert box.run("check") == 0
    assert box.restarts == [True] and box.names == {"kiosk-a.efi", "kiosk-b+3.efi"}
    box.up("b", "1.1")
    with writing(engine) as db:
        turn = releases._take_turn(db, OTHER, NOW)
    assert not turn, "the lane beside it waits until this one has proved itself"
    assert (box.run("check"), box.health(), box.run("check")) == (0, 0, 0)
    with engine.connect() as db:
        assert releases.notes(db) == {LANE: "slot b"}
    with writing(engine) as db:
        assert releases._take_turn(db, OTHER, NOW)


@needs_rauc
def test_what_was_left_again_is_told_once_and_not_offered_again(
    box: Box, engine: Engine, capsys: pytest.CaptureFixture[str]
) -> None:
    offer(engine, box.ours.bundle("1.1"))
    assert box.run("check") == 0
    box.up("b", "1.1")
    box.status = replace(WELL, frame_ms=99_000)
    assert box.health() == 1
    box.up("a", "1.0")
    assert box.run("check") == 0
    with engine.connect() as db:
        assert releases.notes(db) == {LANE: "slot a, left 1.1: screen: no frame for 99 s"}
    with writing(engine) as db:
        db.execute(release_failures.delete())
    assert box.run("check") == 1, "even if the server had forgotten"
    assert "1.1 has failed here before" in capsys.readouterr().err
    with engine.connect() as db:
        assert releases.notes(db) == {LANE: "slot a"}, "it was told before"
    assert box.run("status") == 0
    assert "left again: 1.1: screen: no frame" in capsys.readouterr().out


@needs_rauc
def test_a_bundle_under_another_number_is_not_installed(
    box: Box, engine: Engine, capsys: pytest.CaptureFixture[str]
) -> None:
    offer(engine, box.ours.bundle("1.1"), "1.2")
    assert box.run("check") == 1
    assert "1.2: the server's bundle is of another version" in capsys.readouterr().err
    assert box.names == {"kiosk-a.efi"}


def test_a_server_that_is_away_is_one_line(box: Box, capsys: pytest.CaptureFixture[str]) -> None:
    box.config.write_text(box.config.read_text().replace("https://127.0.0.1:", "https://127.0.0.1:1"))
    assert box.run("check") in (1, 2)
    assert capsys.readouterr().err.count("\n") == 1


# ---- fetching


class Pieces:
    """A store server's bundle, so many bytes at a time; `gone` is where the line breaks, once."""

    def __init__(self, whole: bytes, size: int = 1000, gone: int = -1) -> None:
        self.whole, self.size, self.gone = whole, size, gone
        self.asked: list[int] = []

    def bundle(self, version: str, compatible: str, start: int) -> bytes:
        if start == self.gone:
            self.gone = -1
            raise OSError("the line is broken")
        self.asked.append(start)
        return self.whole[start : start + self.size]

    def wanted(self, folder: Path) -> ReleaseWanted:
        (folder / "whole").write_bytes(self.whole)
        return ReleaseWanted("1.1", len(self.whole), digest(folder / "whole"), 60)


def test_it_goes_on_where_it_was_cut_off(tmp_path: Path) -> None:
    pieces = Pieces(bytes(range(256)) * 20, gone=3000)
    wanted = pieces.wanted(tmp_path)
    with pytest.raises(OSError, match="broken"):
        fetch(pieces, wanted, "pc", tmp_path)
    assert fetch(pieces, wanted, "pc", tmp_path).read_bytes() == pieces.whole
    assert pieces.asked == [0, 1000, 2000, 3000, 4000, 5000]
    assert fetch(pieces, wanted, "pc", tmp_path).exists() and len(pieces.asked) == 6, "it is here"


@pytest.mark.parametrize("other", [b"x" * 5120, b"x" * 100, b"x" * 9000])
def test_what_is_not_what_was_announced_is_thrown_away(tmp_path: Path, other: bytes) -> None:
    wanted = Pieces(bytes(5120)).wanted(tmp_path)
    with pytest.raises(FetchError, match="not what the server announced"):
        fetch(Pieces(other), wanted, "pc", tmp_path)
    assert {path.name for path in tmp_path.iterdir()} == {"whole"}


def test_no_room_is_said_before_anything_is_fetched(tmp_path: Path) -> None:
    pieces = Pieces(b"x")
    with pytest.raises(FetchError, match="no room"):
        fetch(pieces, replace(pieces.wanted(tmp_path), size=2**60), "pc", tmp_path)
    assert pieces.asked == []


def test_halves_of_other_releases_make_room(tmp_path: Path) -> None:
    (tmp_path / "1.0.part").write_bytes(b"half")
    pieces = Pieces(b"whole")
    assert fetch(pieces, pieces.wanted(tmp_path), "pc", tmp_path).name == "1.1.raucb"
    assert not (tmp_path / "1.0.part").exists()
