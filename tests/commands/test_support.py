"""Somebody comes in for two hours, and the lane's book says who let her in."""

import base64
import sqlite3
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat

from kiosk.commands.support import main
from kiosk.journal import Journal
from kiosk.support import KeyRefusedError, guest, guests, with_guest

NOW = datetime(2026, 11, 30, 20, 0, tzinfo=UTC)
LANE = '[lane]\nstore = "0001"\nnumber = "4"\n[shop]\nname = "Tilleul"\n[files]\njournal = "{folder}/journal.db"\n'


def public(name: str = "ada@support") -> str:
    key = Ed25519PrivateKey.generate().public_key().public_bytes(Encoding.OpenSSH, PublicFormat.OpenSSH)
    return f"{key.decode()} {name}\n"


def private() -> str:
    key = Ed25519PrivateKey.generate()
    return key.private_bytes(Encoding.PEM, PrivateFormat.OpenSSH, NoEncryption()).decode()


@pytest.fixture
def lane(tmp_path: Path) -> list[str]:
    (tmp_path / "kiosk.toml").write_text(LANE.format(folder=tmp_path))
    (tmp_path / "id.pub").write_text(public())
    return [f"--keys={tmp_path}/support", f"--config={tmp_path}/kiosk.toml"]


def book(folder: Path) -> list[dict[str, str]]:
    Journal(folder / "journal.db").close()
    with closing(sqlite3.connect(folder / "journal.db")) as db:
        rows = db.execute("SELECT body FROM ledger WHERE kind = 'technical' ORDER BY number").fetchall()
    found = [msgspec.json.decode(body) for (body,) in rows]
    return [each["fields"] for each in found if each["name"] == "support"]


def test_in_and_out_stand_in_the_journal(
    tmp_path: Path, lane: list[str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("SUDO_USER", "tina")
    assert main([*lane, "open", str(tmp_path / "id.pub"), "--hours", "2"]) == 0
    (line,) = (tmp_path / "support").read_text().splitlines()
    assert line.startswith('expiry-time="') and line.endswith(" ada@support") and " ssh-ed25519 AAAA" in line
    assert main([*lane, "list"]) == 0
    told = capsys.readouterr().out.splitlines()
    assert told[0] == told[1] and told[0].startswith("ada@support, SHA256:")
    assert main([*lane, "close"]) == 0
    assert (tmp_path / "support").read_text() == ""
    opened, closed = book(tmp_path)
    assert opened["user"] == closed["user"] == "tina" and (opened["command"], closed["command"]) == (
        "open",
        "close",
    )
    assert opened["key"] in told[0] and opened["until"] > closed.get("until", "2026")


def test_nobody_comes_in_whom_the_journal_does_not_know(tmp_path: Path, lane: list[str]) -> None:
    (tmp_path / "journal.db").write_bytes(b"SQLite format 3\0" + b"\xff" * 4096)
    assert main([*lane, "open", str(tmp_path / "id.pub")]) == 1
    assert not (tmp_path / "support").exists()


def test_a_key_ends_by_itself_and_is_left_out_of_the_next_file() -> None:
    first = guest(public("first"), 2, NOW)
    assert first.line.startswith('expiry-time="20261130220000Z" ssh-ed25519 ')
    file = with_guest("", first, NOW)
    second = guest(public("second"), 1, NOW)
    assert [each.name for each in guests(with_guest(file, second, NOW), NOW)] == ["first", "second"]
    assert with_guest(file, second, NOW + timedelta(hours=3)).count("\n") == 1
    again = guest(f"ssh-ed25519 {first.key} first", 4, NOW)
    assert with_guest(file, again, NOW) == again.line + "\n"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "hello",
        "ssh-rsa AAAAB3NzaC1yc2E= old",
        f'command="sh" {public()}',
        public() + public(),
        "ssh-ed25519 AAAA! x",
        f"ssh-ed25519 {base64.b64encode(b'nonsense').decode()}",
        private(),
    ],
)
def test_what_is_no_public_key_is_refused(text: str) -> None:
    with pytest.raises(KeyRefusedError):
        guest(text, 2, NOW)


@pytest.mark.parametrize("hours", [0, -1, 12.5, float("nan")])
def test_not_for_ever(hours: float) -> None:
    with pytest.raises(KeyRefusedError):
        guest(public(), hours, NOW)


def test_a_name_brings_no_line_of_its_own() -> None:
    key = public('x"\tssh-ed25519 AAAA evil')
    assert len(guest(key, 2, NOW).line.splitlines()) == 1
