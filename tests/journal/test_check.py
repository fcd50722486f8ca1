"""Before the kiosk opens its journal: a file that a power cut has damaged is found, marked and left alone."""

from pathlib import Path

import pytest

from kiosk.checkout.events import FinishPressed
from kiosk.commands.journal import main
from kiosk.journal import Journal, JournalError
from kiosk.journal.check import checked, mark_of
from tests.checkout.test_a_sale import pay
from tests.journal.test_journal import crashed, write
from tests.lane import MILK, TIN, Lane

PAGE = 4096


@pytest.fixture
def cut(tmp_path: Path) -> Path:
    """A journal with a sale, as the end of the power leaves it: its last turns are in the log."""
    journal = Journal(tmp_path / "whole.db")
    write(journal, pay(Lane().buy(MILK, TIN)).play(FinishPressed()))
    (tmp_path / "cut").mkdir()
    path = crashed(tmp_path / "whole.db", tmp_path / "cut")
    journal.close()
    return path


def damaged(path: Path) -> Path:
    """The same with every page but the first one torn in the middle, and a log, as after a cut."""
    assert checked(path) == ""
    body = bytearray(path.read_bytes())
    for page in range(PAGE, len(body), PAGE):
        body[page : page + 64] = b"\xff" * 64
    path.write_bytes(body)
    path.with_name(f"{path.name}-wal").write_bytes(b"\0" * 32)
    return path


def test_after_a_cut_the_log_is_folded_in_and_nothing_is_wrong(cut: Path) -> None:
    log = cut.with_name(f"{cut.name}-wal")
    assert log.exists()
    assert checked(cut) == ""
    assert not log.exists() and not mark_of(cut).exists()
    journal = Journal(cut)
    assert len(list(journal.sales())) == 1
    journal.close()


def test_a_damaged_file_is_marked_and_no_kiosk_opens_it(cut: Path) -> None:
    wrong = checked(damaged(cut))
    assert wrong
    before = cut.read_bytes()
    with pytest.raises(JournalError, match="not a usable journal") as refused:
        Journal(cut)
    assert wrong in str(refused.value) and str(cut) in str(refused.value)
    assert cut.read_bytes() == before


def test_the_mark_goes_when_the_file_is_whole_again(cut: Path) -> None:
    whole = cut.with_name("copy.db")
    assert checked(cut) == ""
    whole.write_bytes(cut.read_bytes())
    assert checked(damaged(cut))
    cut.with_name(f"{cut.name}-wal").unlink(missing_ok=True)
    assert checked(cut), "a clean end of whatever looked at it does not make it whole"
    whole.replace(cut)
    assert checked(cut) == "" and not mark_of(cut).exists()
    Journal(cut).close()


def test_no_file_and_a_clean_end_are_not_looked_at(tmp_path: Path) -> None:
    assert checked(tmp_path / "new.db") == ""
    (tmp_path / "clean.db").write_bytes(b"no database at all")
    assert checked(tmp_path / "clean.db") == ""
    assert not list(tmp_path.glob("*.damaged"))


def test_the_command_names_the_file_of_the_configuration(
    cut: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    config = tmp_path / "kiosk.toml"
    config.write_text(
        f'[lane]\nstore = "1"\nnumber = "1"\n[shop]\nname = "Shop"\n[files]\njournal = "{cut}"\n'
    )
    assert main(["check", str(config)]) == 0
    assert capsys.readouterr().out == f"{cut}: nothing is wrong\n"
    damaged(cut)
    assert main(["check", str(config)]) == 1
    assert capsys.readouterr().out.startswith(f"{cut}: ")
    assert main(["check", str(tmp_path / "none.toml")]) == 2
