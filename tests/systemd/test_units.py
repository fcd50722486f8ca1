"""The services as systemd itself reads them: nothing to warn of, and a sandbox that stays as closed as it is."""

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from kiosk.commands import COMMANDS

SYSTEMD = Path(__file__).resolve().parents[2] / "systemd"
UNITS = (
    "kiosk.service",
    "kiosk-link.service",
    "kiosk-terminal.service",
    "kiosk-camera.service",
    "store.service",
)
VENDOR = Path("/usr/lib/systemd/system")


def tool(name: str) -> str:
    path = shutil.which(name)
    if path is None:
        pytest.skip(f"needs {name}")
    return path


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """A root folder with systemd's own units, ours, and programs where ours expect them."""
    if not (VENDOR / "sysinit.target").exists():
        pytest.skip("needs systemd's own units")
    shutil.copytree(VENDOR, tmp_path / VENDOR.relative_to("/"), symlinks=True)
    ours = tmp_path / "etc/systemd/system"
    ours.mkdir(parents=True)
    for unit in UNITS:
        shutil.copy(SYSTEMD / unit, ours)
    programs = tmp_path / "opt/kiosk/current/bin"
    programs.mkdir(parents=True)
    for name in ("kiosk", "store"):
        (programs / name).touch(mode=0o755)
    return tmp_path


def drop_in(tree: Path, name: str) -> None:
    folder = tree / "etc/systemd/system/kiosk.service.d"
    folder.mkdir(exist_ok=True)
    shutil.copy(SYSTEMD / name, folder)


def analyze(tree: Path, *arguments: str) -> tuple[int, str]:
    command = [tool("systemd-analyze"), *arguments, f"--root={tree}"]
    run = subprocess.run(
        command, capture_output=True, text=True, env={**os.environ, "SYSTEMD_LOG_LEVEL": "warning"}
    )
    return run.returncode, run.stdout + run.stderr


@pytest.mark.parametrize("drop_ins", [(), ("kiosk-terminal.conf", "kiosk-lane.conf")])
def test_systemd_has_nothing_to_say_about_the_units(tree: Path, drop_ins: tuple[str, ...]) -> None:
    for name in drop_ins:
        drop_in(tree, name)
    code, output = analyze(tree, "verify", "--man=no", *UNITS)
    assert (code, output) == (0, "")


def test_a_unit_with_a_slip_of_the_pen_is_not_accepted(tree: Path) -> None:
    with (tree / "etc/systemd/system/store.service").open("a") as unit:
        unit.write("[Service]\nWatchdogSecs=3\n")
    assert "WatchdogSecs" in analyze(tree, "verify", "--man=no", "store.service")[1]


@pytest.mark.parametrize(
    ("unit", "tenths"),
    [
        ("kiosk.service", 9),
        ("kiosk-link.service", 12),
        ("kiosk-terminal.service", 12),
        ("kiosk-camera.service", 7),
        ("store.service", 12),
    ],
)
def test_the_sandbox_is_as_closed_as_promised(tree: Path, unit: str, tenths: int) -> None:
    code, output = analyze(tree, "security", "--offline=true", f"--threshold={tenths}", unit)
    assert code == 0, output


def test_a_terminal_on_the_network_opens_no_more_than_its_address(tree: Path) -> None:
    drop_in(tree, "kiosk-terminal.conf")
    code, output = analyze(tree, "security", "--offline=true", "--threshold=15", "kiosk.service")
    assert code == 0, output
    assert analyze(tree, "security", "--offline=true", "--threshold=9", "kiosk.service")[0] != 0


def test_users_and_folders_are_made_as_the_units_need_them(tmp_path: Path) -> None:
    if os.getuid() != 0:
        pytest.skip("needs root to own files as other users")
    (tmp_path / "etc").mkdir()
    for command, name in (("systemd-sysusers", "kiosk.sysusers"), ("systemd-tmpfiles", "kiosk.tmpfiles")):
        create = ["--create"] if command == "systemd-tmpfiles" else []
        run = subprocess.run(
            [tool(command), *create, f"--root={tmp_path}", str(SYSTEMD / name)],
            capture_output=True,
            text=True,
        )
        assert run.returncode == 0, run.stderr
    users = dict(line.split(":")[0::2][:2] for line in (tmp_path / "etc/passwd").read_text().splitlines())
    assert {"kiosk", "kiosk-link", "kiosk-terminal", "kiosk-camera", "kiosk-store"} <= users.keys()
    members = {
        line.split(":")[0]: line.split(":")[3] for line in (tmp_path / "etc/group").read_text().splitlines()
    }
    assert members["kiosk"] == "kiosk-link"
    assert all(
        members[group] == "kiosk" for group in ("video", "render", "input", "dialout", "lp", "gpio", "audio")
    )
    journal = (tmp_path / "var/lib/kiosk/journal").stat()
    assert (journal.st_mode & 0o7777, str(journal.st_uid)) == (0o700, users["kiosk"])
    assert (tmp_path / "var/lib/kiosk/catalogue").stat().st_mode & 0o7777 == 0o2770


def test_the_services_call_commands_that_there_are() -> None:
    for unit in UNITS[:-1]:
        calls = re.findall(r"^ExecStart=\S+/kiosk (\S+)", (SYSTEMD / unit).read_text(), re.M)
        assert len(calls) == 1
        assert calls[0] in COMMANDS


def test_the_display_that_the_kiosk_waits_for_is_named_by_a_rule() -> None:
    assert 'ENV{SYSTEMD_ALIAS}+="/dev/kiosk/display"' in (SYSTEMD / "70-kiosk.rules").read_text()
    assert "Wants=dev-kiosk-display.device" in (SYSTEMD / "kiosk.service").read_text()
