"""Technicians come by key and say one of a few words, support comes for a while. The server and its users are real."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.systemd.laid import APPLIANCE, ROOT, lay, run, tool

KEYS = APPLIANCE / "usr/lib/kiosk/support-keys"


@pytest.fixture
def device(tmp_path: Path) -> Path:
    """A device with one technician and, of support, a key that holds, one that is past and one without an end."""
    if os.getuid() != 0:
        pytest.skip("needs root to be an SSH server")
    tree = lay(tmp_path / "device", appliance=True)
    for command in (
        (tool("systemd-sysusers"),),
        (tool("systemd-tmpfiles"), "--create", "--prefix=/var/lib/kiosk"),
    ):
        assert run(*command, f"--root={tree}")[0] == 0
    public = {}
    for name in ("technician", "holds", "past", "endless"):
        run(tool("ssh-keygen"), "-q", "-t", "ed25519", "-N", "", "-C", name, "-f", tmp_path / name)
        public[name] = (tmp_path / f"{name}.pub").read_text()
    keys = tree / "var/lib/kiosk/keys"
    (keys / "technician").write_text(public["technician"])
    ends = (
        f'expiry-time="20991231" {public["holds"]}expiry-time="20201231" {public["past"]}{public["endless"]}'
    )
    (keys / "support").write_text(ends)
    return tmp_path


def answers(device: Path, *asked: tuple[str, ...]) -> list[tuple[int, str]]:
    """What the device says to each: key, user, words."""
    lines = [json.dumps([str(device / key), *rest]) for key, *rest in asked]
    done = subprocess.run(
        [
            tool("unshare"),
            "--mount",
            "--net",
            sys.executable,
            "-m",
            "tests.systemd.sshbox",
            device / "device",
        ],
        input="\n".join(lines),
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return [(code, said) for code, said in map(json.loads, done.stdout.splitlines())]


def test_who_comes_in_and_what_he_may_say(device: Path) -> None:
    tool("sshd"), tool("ip")
    bare, helped, shell, logs, root, endless, past, foreign, support, forwarded = answers(
        device,
        ("technician", "technician"),
        ("technician", "technician", "help"),
        ("technician", "technician", "help; id"),
        ("technician", "technician", "logs --all"),
        ("technician", "root", "id"),
        ("endless", "support", "id"),
        ("past", "support", "id"),
        ("holds", "technician", "help"),
        ("holds", "support", "id -un"),
        ("holds", "support", "-N", "-R", "9999:127.0.0.1:1"),
    )
    assert bare == helped
    assert helped[0] == 0 and "doctor " in helped[1]
    assert shell == logs and logs[0] == 2 and "no such command" in logs[1]
    assert all(
        code == 255 and "Permission denied (publickey)" in said
        for code, said in (root, endless, past, foreign)
    )
    assert support == (0, "support\n")
    assert forwarded[0] == 255 and "forwarding failed" in forwarded[1]


@pytest.mark.parametrize(
    ("line", "counts"),
    [
        ('expiry-time="20261201" ssh-ed25519 AAAA ticket 4711', True),
        ('no-pty,expiry-time="202612011200" ssh-ed25519 AAAA', True),
        ('expiry-time="20261201120000Z",from="10.0.0.0/8" ssh-ed25519 AAAA', True),
        ("ssh-ed25519 AAAA", False),
        ('ssh-ed25519 AAAA expiry-time="20261201" ', False),
        ('# expiry-time="20261201" ssh-ed25519 AAAA', False),
        ('environment="X=expiry-time=" ssh-ed25519 AAAA', False),
        ('command="x expiry-time=\\"20261201\\" " ssh-ed25519 AAAA', False),
        ('expiry-time="" ssh-ed25519 AAAA', False),
    ],
)
def test_a_key_of_support_is_one_that_ends(tmp_path: Path, line: str, counts: bool) -> None:
    (tmp_path / "support").write_text(line + "\n")
    assert run(KEYS, "support", tmp_path)[1] == (line + "\n" if counts else "")


def test_a_host_key_is_made_once_and_is_whole(tmp_path: Path) -> None:
    key = tmp_path / "ssh_host_ed25519_key"
    (tmp_path / "ssh_host_ed25519_key.new").write_text("half of a ke")
    for _ in range(2):
        assert run(APPLIANCE / "usr/lib/kiosk/host-key", key) == (0, "")
        first = key.read_text()
    assert key.read_text() == first and key.stat().st_mode & 0o777 == 0o600
    assert (
        run(tool("ssh-keygen"), "-y", "-f", key)[1].split()[:2]
        == key.with_suffix(".pub").read_text().split()[:2]
    )
    assert {path.name for path in tmp_path.iterdir()} == {key.name, f"{key.name}.pub"}


def words(path: Path, sign: str) -> set[str]:
    return {line.split(sign)[1].strip() for line in path.read_text().splitlines() if sign in line}


def test_what_needs_more_rights_is_allowed_word_for_word() -> None:
    """Each `sudo` of the dispatcher has its line, and no line is there for nothing."""
    visudo = tool("visudo")
    allowed = words(APPLIANCE / "etc/sudoers.d/kiosk", "NOPASSWD:")
    text = (APPLIANCE / "usr/lib/kiosk/technician").read_text()
    text = text.replace('"$kiosk"', "/opt/kiosk/current/bin/kiosk").replace(
        '"$config"', "/etc/kiosk/kiosk.toml"
    )
    said = {
        re.sub(r"^-u \S+ ", "", re.split(r" ;;| >&2", line.split("sudo -n ")[1])[0])
        for line in text.splitlines()
        if "sudo -n" in line
    }
    assert said == allowed
    code, told = run(visudo, "--check", "--file", APPLIANCE / "etc/sudoers.d/kiosk")
    assert code == 0, told
