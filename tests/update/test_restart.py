"""Who has few rights asks for another start by a file."""

from pathlib import Path

from kiosk.update.keeper import started_anew


def test_a_start_is_asked_for_with_the_word_that_a_pi_wants(tmp_path: Path) -> None:
    started_anew(True, tmp_path)
    assert {path.name: path.read_text() for path in tmp_path.iterdir()} == {"restart": "0 tryboot"}
    started_anew(False, tmp_path)
    assert (tmp_path / "restart").read_text() == ""
