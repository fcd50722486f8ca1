"""`make install` and `make uninstall`, into a folder that stands for the machine."""

import os
from pathlib import Path

import pytest

from tests.systemd.laid import APPLIANCE, ROOT, SYSTEMD, UNITS, run

LAID = {
    "etc/kiosk/kiosk.toml",
    *(f"etc/systemd/system/{name}" for name in UNITS),
    "etc/systemd/system/kiosk.service.d/terminal.conf.example",
    "etc/sysusers.d/kiosk.conf",
    "etc/tmpfiles.d/kiosk.conf",
    "etc/udev/rules.d/70-kiosk.rules",
    "etc/udev/rules.d/71-kiosk-names.rules",
    "etc/udev/rules.d/72-kiosk-usb.rules.example",
    "etc/udev/rules.d/73-kiosk-usb-drivers.rules",
    "usr/local/bin/kiosk",
    "usr/local/bin/store",
}


@pytest.fixture
def machine(tmp_path: Path) -> Path:
    (tmp_path / "shop.toml").write_text("# this shop's\n")
    return tmp_path / "machine"


def make(target: str, machine: Path, **settings: str) -> str:
    shop = {"DESTDIR": str(machine), "CONFIG": str(machine.parent / "shop.toml")}
    code, said = run("make", "--silent", "-C", ROOT, target, **shop | settings)
    assert code == 0, said
    return said


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


def test_a_device_that_is_nothing_but_a_lane_has_what_lies_in_appliance_too(machine: Path) -> None:
    make("install", machine, VENV="skip", APPLIANCE="1")
    its_own = {"etc/udev/rules.d/71-kiosk-names.rules", "etc/udev/rules.d/72-kiosk-usb.rules.example"}
    assert files(machine) == LAID - its_own | files(APPLIANCE) | {"usr/share/kiosk/kiosk.toml"}
    assert (machine / "etc/systemd/system/ctrl-alt-del.target").readlink() == Path("/dev/null")
    assert (machine / "etc/sudoers.d/kiosk").stat().st_mode & 0o777 == 0o440
    assert os.access(machine / "usr/lib/kiosk/technician", os.X_OK)


def test_nobody_is_shut_out_of_the_machine_that_he_works_at(tmp_path: Path) -> None:
    """Asked by one who is not root, so that nothing happens to this machine whatever the script does."""
    (tmp_path / "id").write_text("#!/bin/sh\necho 1000\n")
    (tmp_path / "id").chmod(0o755)
    code, said = run(
        SYSTEMD / "install.sh", "install", PATH=f"{tmp_path}:{os.environ['PATH']}", APPLIANCE="1", DESTDIR=""
    )
    assert code == 1
    assert "for images, with DESTDIR" in said


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
    path = f"{tmp_path}:{os.environ['PATH']}"
    code, said = run(SYSTEMD / "need.sh", "python3-venv", "libzbar0", PATH=path)
    assert code == 1
    assert "sudo apt-get install --no-install-recommends python3-venv libzbar0" in said
