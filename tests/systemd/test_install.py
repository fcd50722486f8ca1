"""`make install` and `make uninstall`, into a folder that stands for the machine."""

import os
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
LAID = {
    "etc/kiosk/kiosk.toml",
    "etc/systemd/system/kiosk-camera.service",
    "etc/systemd/system/kiosk-link.service",
    "etc/systemd/system/kiosk-terminal.service",
    "etc/systemd/system/kiosk.service",
    "etc/systemd/system/kiosk.service.d/terminal.conf.example",
    "etc/systemd/system/store.service",
    "etc/sysusers.d/kiosk.conf",
    "etc/tmpfiles.d/kiosk.conf",
    "etc/udev/rules.d/70-kiosk.rules",
    "etc/udev/rules.d/71-kiosk-names.rules",
    "etc/udev/rules.d/72-kiosk-usb.rules.example",
    "usr/local/bin/kiosk",
    "usr/local/bin/store",
}


@pytest.fixture
def machine(tmp_path: Path) -> Path:
    (tmp_path / "shop.toml").write_text("# this shop's\n")
    return tmp_path / "machine"


def make(target: str, machine: Path, **settings: str) -> str:
    run = subprocess.run(
        ["make", "--silent", target],
        cwd=ROOT,
        env={**os.environ, "DESTDIR": str(machine), "CONFIG": str(machine.parent / "shop.toml"), **settings},
        capture_output=True,
        text=True,
    )
    assert run.returncode == 0, run.stderr
    return run.stdout


def files(machine: Path) -> set[str]:
    return {
        str(path.relative_to(machine)) for path in machine.rglob("*") if path.is_symlink() or path.is_file()
    }


def test_everything_is_laid_where_systemd_looks_and_nothing_is_started(machine: Path) -> None:
    said = make("install", machine, VENV="skip")
    assert files(machine) == LAID
    assert (machine / "usr/local/bin/kiosk").readlink() == Path("/opt/kiosk/current/bin/kiosk")
    assert "nothing is started" in said
    assert "systemctl enable --now kiosk.service kiosk-link.service" in said


def test_a_second_install_leaves_the_shops_configuration_alone(machine: Path) -> None:
    make("install", machine, VENV="skip")
    (machine / "etc/kiosk/kiosk.toml").write_text("# edited by hand\n")
    (machine / "etc/udev/rules.d/71-kiosk-names.rules").write_text("# edited, too\n")
    (machine / "etc/systemd/system/kiosk.service").write_text("# of an older release\n")
    make("install", machine, VENV="skip")
    assert (machine / "etc/udev/rules.d/71-kiosk-names.rules").read_text() == "# edited, too\n"
    assert (machine / "etc/kiosk/kiosk.toml").read_text() == "# edited by hand\n"
    assert "ExecStart" in (machine / "etc/systemd/system/kiosk.service").read_text()


def test_uninstall_keeps_data_configuration_and_the_shops_own_drop_ins(machine: Path) -> None:
    make("install", machine, VENV="skip")
    kept = {
        "etc/kiosk/kiosk.toml",
        "etc/udev/rules.d/71-kiosk-names.rules",
        "var/lib/kiosk/journal/1",
        "etc/systemd/system/kiosk.service.d/terminal.conf",
    }
    for name in (*kept, "opt/kiosk/current", "etc/udev/rules.d/72-kiosk-usb.rules"):
        (machine / name).parent.mkdir(parents=True, exist_ok=True)
        (machine / name).touch()
    assert "/var/lib/kiosk" in make("uninstall", machine)
    assert files(machine) == kept


def test_uninstall_with_purge_leaves_nothing(machine: Path) -> None:
    make("install", machine, VENV="skip")
    (machine / "var/lib/kiosk").mkdir(parents=True)
    make("uninstall", machine, PURGE="1")
    assert files(machine) == set()
    assert not (machine / "var/lib/kiosk").exists()


def test_missing_packages_are_named_with_the_command_that_installs_them(tmp_path: Path) -> None:
    for name, body in {"dpkg-query": "exit 1", "id": "echo 1000", "sudo": "exit 1"}.items():
        (tmp_path / name).write_text(f"#!/bin/sh\n{body}\n")
        (tmp_path / name).chmod(0o755)
    run = subprocess.run(
        [ROOT / "systemd/need.sh", "python3-venv", "libzbar0"],
        env={"PATH": f"{tmp_path}:{os.environ['PATH']}"},
        capture_output=True,
        text=True,
    )
    assert run.returncode == 1
    assert "sudo apt-get install --no-install-recommends python3-venv libzbar0" in run.stderr
