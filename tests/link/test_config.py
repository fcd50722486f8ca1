"""What the link can be told, and what is refused."""

import subprocess
import sys
from pathlib import Path
from typing import Any

import msgspec
import pytest

from kiosk.link.config import LinkConfig


@pytest.mark.parametrize(
    ("told", "words"),
    [
        ({"server": "http://store.lan:8700"}, "loopback only"),
        ({"server": "https://store.lan:8700"}, "`pin` must be"),
        ({"server": "https://store.lan:8700", "pin": "md5/x"}, "`pin` must be"),
        ({"server": "store.lan"}, "https://HOST:PORT"),
        ({"server": "http://127.0.0.1:1", "retry": 5, "retry_most": 1}, "`retry_most`"),
        ({"server": "http://127.0.0.1:1", "retry": 0}, r"\$\.retry"),
        ({"server": "http://127.0.0.1:1", "colour": "red"}, "unknown field `colour`"),
    ],
)
def test_what_cannot_be_is_refused_in_words(told: dict[str, Any], words: str) -> None:
    with pytest.raises(msgspec.ValidationError, match=words):
        msgspec.convert(told, LinkConfig)


@pytest.mark.parametrize("server", ["http://127.0.0.1:1", "http://[::1]:1", "http://localhost:1"])
def test_without_tls_only_on_loopback(server: str) -> None:
    assert msgspec.convert({"server": server}, LinkConfig).server == server


def test_the_command_says_what_is_wrong_with_its_configuration(tmp_path: Path) -> None:
    path = tmp_path / "kiosk.toml"
    path.write_text('[link]\nserver = "http://shop"\n')
    command = [sys.executable, "-m", "kiosk.commands.link", str(path)]
    run = subprocess.run(command, capture_output=True, text=True, cwd=Path(__file__).parents[2])
    assert run.returncode == 78  # EX_CONFIG
    assert "kiosk.toml" in run.stderr
    assert "loopback" in run.stderr
