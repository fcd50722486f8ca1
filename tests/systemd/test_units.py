"""The services as systemd itself reads them: nothing to warn of, and a sandbox that stays as closed as it is."""

import os
import re
import shutil
from pathlib import Path

import pytest

from kiosk.commands import COMMANDS
from tests.systemd.laid import APPLIANCE, SYSTEMD, UNITS, analyze, lay, run, tool

OURS = [SYSTEMD / name for name in UNITS] + sorted(APPLIANCE.rglob("*.service.d/*.conf"))
ALL = [*OURS, *(path for path in APPLIANCE.rglob("*.service") if not path.is_symlink())]
"""Commands that are built elsewhere at the same time."""

EXPOSURE = {
    "kiosk.service": 9,
    "kiosk-link.service": 12,
    "kiosk-terminal.service": 12,
    "kiosk-camera.service": 7,
    "kiosk-health.service": 4,
    "kiosk-journal-check.service": 4,
    "kiosk-update.service": 12,
    "kiosk-diag.service": 12,
    "kiosk-config.service": 20,
    "kiosk-enrol.service": 23,
    "kiosk-enrol-camera@.service": 7,
    "kiosk-restart.service": 15,
    "store.service": 12,
}
"""Tenths on the scale of `systemd-analyze security`, with the drop-ins of the device."""


@pytest.fixture
def desktop(tmp_path: Path) -> Path:
    return lay(tmp_path, appliance=False)


@pytest.fixture
def device(tmp_path: Path) -> Path:
    return lay(tmp_path, appliance=True)


def opened(tree: Path) -> None:
    """With the drop-in for a card terminal on the network in force."""
    folder = tree / "etc/systemd/system/kiosk.service.d"
    shutil.copy(SYSTEMD / "kiosk-terminal.conf", folder / "terminal.conf")


@pytest.mark.parametrize("terminal", [False, True])
def test_systemd_has_nothing_to_say_about_the_units(desktop: Path, terminal: bool) -> None:
    if terminal:
        opened(desktop)
    assert analyze(desktop, "verify", "--man=no", *UNITS) == (0, "")


def test_nor_about_those_of_a_device_that_is_nothing_but_a_lane(device: Path) -> None:
    more = ["kiosk-config.service", "kiosk-config.path", "kiosk-restart.service", "kiosk-restart.path"]
    more += ["kiosk-enrol.service", "kiosk-enrol.path", "kiosk-enrol-camera@video0.service"]
    more += [
        name
        for name in ("nftables.service", "ssh.service")
        if (device / f"usr/lib/systemd/system/{name}").exists()
    ]
    assert analyze(device, "verify", "--man=no", *UNITS, *more) == (0, "")


@pytest.mark.parametrize("name", ["kiosk-health.service", "kiosk-update.service"])
def test_who_keeps_the_slots_sees_which_start_of_the_machine_it_is(name: str) -> None:
    """/proc/cmdline and the boot's id; hidden, the check took every device for one without slots."""
    assert "\nProcSubset=pid" not in (SYSTEMD / name).read_text()


ON = [
    "kiosk.service", "kiosk-link.service", "kiosk-health.service", "kiosk-update.timer", "kiosk-config.service",
    "kiosk-config.path", "kiosk-restart.path",
]  # fmt: skip
"""What runs on every device; ssh and nftables besides, which are Debian's own."""


def order(device: Path) -> str:
    """What systemd says of the order in which a device starts, as far as it concerns us."""
    said = analyze(device, "verify", "--man=no", "multi-user.target", "boot-complete.target")[1]
    return "\n".join(line for line in said.splitlines() if "kiosk" in line or "cycle" in line)


def test_everything_that_runs_has_a_place_in_the_order_of_a_start(device: Path) -> None:
    code, said = run(tool("systemctl"), f"--root={device}", "enable", *ON)
    assert code == 0, said
    assert order(device) == ""
    with (device / "etc/systemd/system/kiosk-journal-check.service").open("a") as unit:
        unit.write("[Unit]\nAfter=kiosk-health.service\n")
    assert "cycle" in order(device)


def test_a_unit_with_a_slip_of_the_pen_is_not_accepted(desktop: Path) -> None:
    with (desktop / "etc/systemd/system/store.service").open("a") as unit:
        unit.write("[Service]\nWatchdogSecs=3\n")
    assert "WatchdogSecs" in analyze(desktop, "verify", "--man=no", "store.service")[1]


@pytest.mark.parametrize(("unit", "tenths"), EXPOSURE.items())
def test_the_sandbox_is_as_closed_as_promised(device: Path, unit: str, tenths: int) -> None:
    code, output = analyze(device, "security", "--offline=true", f"--threshold={tenths}", unit)
    assert code == 0, output


def test_no_service_is_without_a_promise() -> None:
    assert EXPOSURE.keys() == {path.name for path in ALL if path.suffix == ".service"}


def test_a_terminal_on_the_network_opens_no_more_than_its_address(desktop: Path) -> None:
    opened(desktop)
    code, output = analyze(desktop, "security", "--offline=true", "--threshold=15", "kiosk.service")
    assert code == 0, output
    assert analyze(desktop, "security", "--offline=true", "--threshold=9", "kiosk.service")[0] != 0


@pytest.mark.parametrize("path", ALL, ids=lambda path: str(path.relative_to(SYSTEMD)))
def test_each_says_in_its_first_lines_what_it_is_for(path: Path) -> None:
    first = path.read_text().splitlines()[0]
    assert re.fullmatch(r"# [A-Z].{20,}", first), first


def named(path: Path) -> dict[str, set[str]]:
    """The units that one names, by the word with which it does."""
    said: dict[str, set[str]] = {}
    for key, names in re.findall(r"^([A-Z]\w+)=(.*)$", path.read_text(), re.M):
        said.setdefault(key, set()).update(re.findall(r"[\w@-]+\.(?:device|service|target|timer)\b", names))
    return said


@pytest.mark.parametrize("path", ALL, ids=lambda path: str(path.relative_to(SYSTEMD)))
def test_no_peripheral_is_a_condition_for_anything(path: Path) -> None:
    """The display alone is waited for, and not for long; a scale that is away is something for the screen to say."""
    devices = {
        (key, name) for key, names in named(path).items() for name in names if name.endswith(".device")
    }
    display = {("After", "dev-kiosk-display.device"), ("Wants", "dev-kiosk-display.device")}
    assert devices == (display if path.name == "kiosk.service" else set())
    assert not re.search(r"^(Condition|Assert)\w+=.*/dev|^BindsTo=|^DeviceAllow=/dev", path.read_text(), re.M)


def test_nor_does_a_rule_make_a_unit_of_one() -> None:
    tagged = {
        line.split(",")[0] for path in SYSTEMD.rglob("*.rules") for line in path.read_text().splitlines()
        if "systemd" in line.lower() and not line.startswith("# ")
    }  # fmt: skip
    assert tagged == {'SUBSYSTEM=="drm"', 'SUBSYSTEM=="video4linux"'}


def test_the_kiosk_starts_although_a_companion_does_not() -> None:
    for path in ALL:
        said = named(path)
        hard = set().union(
            *(said.get(word, set()) for word in ("Requires", "Requisite", "BindsTo", "PartOf"))
        )
        assert not hard, path.name
    health = named(SYSTEMD / "kiosk-health.service")
    assert health["RequiredBy"] == health["Before"] == {"boot-complete.target"}


def test_the_journal_is_looked_at_before_the_kiosk_opens_it() -> None:
    check = named(SYSTEMD / "kiosk-journal-check.service")
    assert check["Before"] == {"kiosk.service"}
    assert "kiosk-journal-check.service" in named(SYSTEMD / "kiosk.service")["Wants"]


def made(device: Path) -> dict[str, int]:
    """Users and folders as systemd makes them at the first start; gives the users with their numbers."""
    if os.getuid() != 0:
        pytest.skip("needs root to own files as other users")
    folders = (tool("systemd-tmpfiles"), "--create", "--prefix=/var/lib/kiosk")
    for command in ((tool("systemd-sysusers"),), folders):
        code, said = run(*command, f"--root={device}")
        assert code == 0, said
    passwd = [line.split(":") for line in (device / "etc/passwd").read_text().splitlines()]
    return {name: int(uid) for name, _, uid, *_ in passwd}


def test_users_are_made_as_the_units_need_them(device: Path) -> None:
    users = made(device)
    wanted = {
        user for path in ALL for user in re.findall(r"^User=(\S+)", path.read_text(), re.M)
    }  # fmt: skip
    assert {"technician", "support"} | wanted == users.keys()
    assert sorted(users.values()) == [*range(860, 869)], (
        "with other numbers the next release would not own its files"
    )
    lines = [line.split(":") for line in (device / "etc/passwd").read_text().splitlines()]
    shells = {name: shell for name, *_, shell in lines}
    assert {
        name for name in shells if name.startswith("kiosk") and shells[name] != "/usr/sbin/nologin"
    } == set()
    members = {
        name: set(people.split(",")) for name, _, _, people in
        (line.split(":") for line in (device / "etc/group").read_text().splitlines())
    }  # fmt: skip
    assert members["kiosk"] == {"kiosk-link", "kiosk-health", "kiosk-update"}
    assert members["systemd-journal"] == {"technician", "support"}
    assert members["kiosk-update"] == {"kiosk-health"}
    assert all(
        members[group] == {"kiosk"}
        for group in ("video", "render", "input", "dialout", "lp", "gpio", "audio")
    )


def test_each_has_a_folder_of_its_own_and_none_has_the_one_above(device: Path) -> None:
    users = made(device)
    folders = {
        path.name: path.stat() for path in ((device / "var/lib/kiosk"), *(device / "var/lib/kiosk").iterdir())
    }
    assert {name: (oct(of.st_mode & 0o7777), of.st_uid) for name, of in folders.items()} == {
        "kiosk": ("0o755", 0),
        "journal": ("0o700", users["kiosk"]),
        "catalogue": ("0o2770", users["kiosk"]),
        "update": ("0o2770", users["kiosk-update"]),
        "diag": ("0o2750", users["kiosk"]),
        "config": ("0o755", 0),
        "secrets": ("0o700", 0),
        "keys": ("0o755", 0),
        "ssh": ("0o700", 0),
    }


def test_what_a_unit_may_write_is_a_folder_that_is_made() -> None:
    made = set(re.findall(r"^d (/var/lib/kiosk\S*)", (SYSTEMD / "kiosk.tmpfiles").read_text(), re.M))
    for path in OURS:
        for folders in re.findall(r"^ReadWritePaths=(.*)", path.read_text(), re.M):
            assert {folder for folder in folders.split() if folder[0] != "-"} <= made, path.name


def test_the_services_call_commands_that_there_are() -> None:
    for unit in set(UNITS) - {"store.service", "kiosk-update.timer"}:
        calls = re.findall(r"^ExecStart=\S+/kiosk (\S+)", (SYSTEMD / unit).read_text(), re.M)
        assert len(calls) == 1
        assert calls[0] in COMMANDS.keys()


def test_the_display_that_the_kiosk_waits_for_is_named_by_a_rule() -> None:
    assert 'ENV{SYSTEMD_ALIAS}+="/dev/kiosk/display"' in (SYSTEMD / "70-kiosk.rules").read_text()
