"""A device that is nothing but a lane: what its firewall lets through, what of its own it may say, and what is shut."""

import json
import os
import subprocess
import sys
from configparser import ConfigParser
from pathlib import Path

import pytest

from tests.systemd.laid import APPLIANCE, ROOT, SYSTEMD, run, tool
from tests.systemd.shopnet import LANE, SHOP

RULES = APPLIANCE / "etc/nftables.conf"
ETC = APPLIANCE / "etc/systemd"


class Lane:
    """A data partition and /run in a folder, and the system's programs, which write down how they were called."""

    def __init__(self, folder: Path) -> None:
        self.data, self.run, self.calls = folder / "data", folder / "run", folder / "calls"
        for name in ("data/config", "data/secrets", "run", "bin"):
            (folder / name).mkdir(parents=True)
        told = {"nft": "", "systemctl": "", "udevadm": "", "kiosk": f"cat {folder / 'told'}"}
        for name, answer in told.items():
            (folder / "bin" / name).write_text(f'#!/bin/sh\necho {name} "$@" >>{self.calls}\n{answer}\n')
            (folder / "bin" / name).chmod(0o755)
        self._path = f"{folder / 'bin'}:{os.environ['PATH']}"

    def start(self, network: str = "") -> tuple[int, str]:
        if network:
            (self.data / "config/network").write_text(network)
        return self.call("lane-config", self.data, self.run)

    def call(self, program: str, *arguments: Path) -> tuple[int, str]:
        return run(APPLIANCE / "usr/lib/kiosk" / program, *arguments, PATH=self._path)

    @property
    def firewall(self) -> Path:
        return self.run / "kiosk-config/network.nft"

    def rules(self) -> list[str]:
        """What is added to the firewall, after what was there is taken away."""
        lines = self.firewall.read_text().splitlines()
        assert lines[:2] == ["flush chain inet kiosk service", "flush chain inet kiosk shop"]
        return [line.removeprefix("add rule inet kiosk ") for line in lines[2:]]

    def drop_ins(self) -> dict[str, str]:
        units = self.run / "systemd/system"
        return {str(path.relative_to(units)): path.read_text() for path in units.rglob("*.conf")}


@pytest.fixture
def lane(tmp_path: Path) -> Lane:
    return Lane(tmp_path)


def test_addresses_open_firewall_and_sandbox_for_those_whom_they_concern(lane: Lane) -> None:
    network = """
# lane 4
store 192.168.10.10 8700
terminal 192.168.10.20 20007
terminal fd00::20 20007
cloud 203.0.113.7 443
service 192.168.10.0/24
"""
    for _ in range(2):
        assert lane.start(network) == (0, "")
    assert lane.rules() == [
        "shop ip daddr 192.168.10.10 tcp dport 8700 accept",
        "shop ip daddr 192.168.10.20 tcp dport 20007 accept",
        "shop ip6 daddr fd00::20 tcp dport 20007 accept",
        "shop ip daddr 203.0.113.7 tcp dport 443 accept",
        "service ip saddr 192.168.10.0/24 accept",
    ]
    assert lane.drop_ins() == {
        "kiosk-link.service.d/lane-store.conf": "[Service]\nIPAddressAllow=192.168.10.10\n",
        "kiosk-update.service.d/lane-store.conf": "[Service]\nIPAddressAllow=192.168.10.10\n",
        "kiosk-terminal.service.d/lane-cloud.conf": "[Service]\nIPAddressAllow=203.0.113.7\n",
        "kiosk.service.d/lane-terminal.conf": "[Service]\nPrivateNetwork=no\n"
        "RestrictAddressFamilies=AF_INET AF_INET6\nIPAddressAllow=192.168.10.20\nIPAddressAllow=fd00::20\n",
    }
    assert lane.calls.read_text().splitlines()[:2] == [f"nft -f {lane.firewall}", "systemctl daemon-reload"]


@pytest.mark.parametrize(
    "line",
    [
        "printer 192.168.10.30 9100",
        "terminal 192.168.10.20",
        "service 192.168.10.0/24 22",
        "store shop.example 8700",
        "store 1.2.3.4 8700 }; flush ruleset",
        "store $(reboot) 8700",
        "store 1.2.3.4\\ 8700",
        "store 1.2.3.4 8700\tx",
        " store 1.2.3.4 8700",
        "store * 8700",
        "../store 1.2.3.4 8700",
    ],
)
def test_a_line_that_says_anything_else_is_refused_and_the_others_count(lane: Lane, line: str) -> None:
    code, said = lane.start(f"{line}\nstore 192.168.10.10 8700\n")
    assert code == 1
    assert said == f"{line}\nnetwork: these lines were not understood\n"
    assert lane.rules() == ["shop ip daddr 192.168.10.10 tcp dport 8700 accept"]
    assert set(lane.drop_ins()) == {
        "kiosk-link.service.d/lane-store.conf",
        "kiosk-update.service.d/lane-store.conf",
    }


def test_whom_the_configuration_names_is_asked_once_and_again_when_it_has_changed(lane: Lane) -> None:
    told, config = lane.data.parent / "told", lane.data / "config/kiosk.toml"
    for text in ("one", "another"):
        config.write_text(text)
        told.write_text(f"store 192.168.10.{len(text)} 8700\n")
        for _ in range(2):
            assert lane.start("service 192.168.10.0/24\n") == (0, "")
        assert lane.rules() == [
            f"shop ip daddr 192.168.10.{len(text)} tcp dport 8700 accept",
            "service ip saddr 192.168.10.0/24 accept",
        ]
    assert lane.calls.read_text().count(f"kiosk check --network {config}") == 2


def test_a_configuration_that_cannot_be_read_leaves_technicians_their_way_in(lane: Lane) -> None:
    (lane.data / "config/kiosk.toml").write_text("wrong")
    code, said = lane.start("service 192.168.10.0/24\n")  # and what `kiosk check` says is not there
    assert code == 1 and "nobody is known from the configuration" in said
    assert lane.rules() == ["service ip saddr 192.168.10.0/24 accept"]


def test_who_uses_what_was_changed_is_started_anew_and_nobody_without_need(lane: Lane) -> None:
    secret, restarts = lane.data / "secrets/kiosk.pepper", "try-restart kiosk.service kiosk-link.service"
    secret.write_text("first")
    for _ in range(2):  # a start, and a change of something else
        assert lane.start("store 192.168.10.10 8700\n") == (0, "")
    assert restarts not in lane.calls.read_text()
    secret.write_text("second")
    assert lane.start() == (0, "")
    assert lane.calls.read_text().count(restarts) == 1
    assert lane.start("store 192.168.10.11 8700\n") == (0, "")
    assert lane.calls.read_text().count(restarts) == 2


def test_names_of_devices_are_laid_and_what_names_a_program_is_not(lane: Lane) -> None:
    names = (SYSTEMD / "71-kiosk-names.rules").read_text()
    (lane.data / "config/71-kiosk-names.rules").write_text(names)
    (lane.data / "config/72-kiosk-usb.rules").write_text((SYSTEMD / "72-kiosk-usb.rules").read_text())
    (lane.data / "config/10-more.rules").write_text('SUBSYSTEM=="usb", MODE="0666"\n')
    assert lane.start() == (0, "")
    laid = lane.run / "udev/rules.d"
    assert {path.name for path in laid.iterdir()} == {"71-kiosk-names.rules", "72-kiosk-usb.rules"}
    assert (laid / "71-kiosk-names.rules").read_text() == names
    assert "udevadm control --reload" in lane.calls.read_text()


@pytest.mark.parametrize(
    "line",
    [
        'SUBSYSTEM=="usb", RUN+="/bin/sh -c reboot"',
        'PROGRAM=="/bin/sh", SYMLINK+="kiosk/bag"',
        'IMPORT{program}="/bin/sh"',
        'SUBSYSTEM=="usb", TAG+="systemd", ENV{SYSTEMD_WANTS}+="reboot.target"',
        'SUBSYSTEM=="usb", R\\\nUN+="/bin/sh"',
    ],
)
def test_no_rule_of_a_lane_runs_anything(lane: Lane, line: str) -> None:
    (lane.data / "config/71-kiosk-names.rules").write_text(line + "\n")
    code, said = lane.start()
    assert code == 1 and "71-kiosk-names.rules: more than a rule about devices" in said
    assert not (lane.run / "udev/rules.d").exists()


def test_secrets_come_to_where_only_root_and_systemd_look(lane: Lane) -> None:
    (lane.data / "secrets/kiosk.pepper").write_text("pepper")
    assert lane.start() == (0, "")
    laid = lane.run / "credstore/kiosk.pepper"
    assert laid.read_text() == "pepper" and laid.stat().st_mode & 0o777 == 0o600
    assert not lane.calls.exists(), "a lane without a network of its own has no other one"


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ("", "systemctl reboot"),
        ("0 tryboot", "systemctl reboot --reboot-argument=0 tryboot"),
        ("0 tryboot; x", "systemctl reboot"),
    ],
)
def test_another_start_is_had_by_leaving_a_file(lane: Lane, asked: str, told: str) -> None:
    file = lane.run / "restart"
    file.write_text(asked)
    assert lane.call("restart", file) == (0, "")
    assert lane.calls.read_text() == told + "\n"
    assert not file.exists(), "or the next start would ask for another"


# ---- the firewall, in a network of its own


def apart(*command: str | Path, packets: list[tuple[str | int, ...]] = []) -> str:  # noqa: B006
    tool("nft"), tool("ip"), tool("nsenter")
    done = subprocess.run(
        [tool("unshare"), "--map-root-user", "--net", *command],
        input="\n".join(map(json.dumps, packets)),
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def let_through(lane: Lane, network: str, packets: list[tuple[str | int, ...]]) -> list[bool]:
    assert lane.start(network) == (0, "")
    program: list[str | Path] = [sys.executable, "-m", "tests.systemd.shopnet", RULES, lane.firewall]
    return [json.loads(line) for line in apart(*program, packets=packets).splitlines()]


def test_the_rules_are_rules() -> None:
    assert apart(tool("nft"), "--check", "--file", RULES) == ""


def test_of_all_packets_those_that_are_named_go_out_and_come_in(lane: Lane) -> None:
    network = (
        f"store 192.168.0.0/20 8700\nstore {SHOP} 8700\nterminal {SHOP} 20007\nservice 192.168.10.0/24\n"
    )
    expected: dict[tuple[str | int, ...], bool] = {
        ("out", "tcp", SHOP, 8700): True,
        ("out", "tcp", SHOP, 20007): True,
        ("out", "tcp", SHOP, 443): False,
        ("out", "tcp", SHOP, 22): False,
        ("out", "udp", SHOP, 8700): False,
        ("out", "tcp", "192.168.10.11", 8700): True,
        ("out", "tcp", "192.168.16.1", 8700): False,
        ("out", "tcp", "203.0.113.7", 443): False,
        ("out", "udp", SHOP, 53): True,
        ("out", "udp", "203.0.113.7", 123): True,
        ("out", "udp", "203.0.113.7", 5353): False,
        ("in", "tcp", LANE, 22): True,
        ("in", "tcp", LANE, 8700): False,
        ("in", "udp", LANE, 5353): False,
        ("in", "udp", LANE, 123): False,
    }
    assert dict(zip(expected, let_through(lane, network, list(expected)), strict=True)) == expected


def test_without_addresses_of_its_own_a_lane_talks_to_nobody(lane: Lane) -> None:
    packets: list[tuple[str | int, ...]] = [("out", "tcp", SHOP, 8700), ("in", "tcp", LANE, 22)]
    assert let_through(lane, "# nobody yet\n", packets) == [False, False]
    assert let_through(lane, "service 10.0.0.0/8\n", packets) == [False, False]


# ---- what is shut, and what watches


def settings(path: str) -> dict[str, str]:
    parser = ConfigParser(strict=True, interpolation=None)
    parser.optionxform = str  # type: ignore[assignment,method-assign]
    parser.read_string((ETC / path).read_text())
    (section,) = parser.sections()
    return dict(parser[section])


def test_the_log_the_watchdog_and_the_keys_are_as_they_are_promised() -> None:
    log = settings("journald.conf.d/kiosk.conf")
    assert log.items() >= {
        "Storage": "persistent", "SystemMaxUse": "200M", "SystemMaxFileSize": "16M", "MaxRetentionSec": "30day",
        "SyncIntervalSec": "60s",
    }.items()  # fmt: skip
    machine = settings("system.conf.d/kiosk.conf")
    assert machine.items() >= {
        "RuntimeWatchdogSec": "15s", "RebootWatchdogSec": "60s", "CtrlAltDelBurstAction": "none",
    }.items()  # fmt: skip
    assert settings("logind.conf.d/kiosk.conf").items() >= {"NAutoVTs": "0", "ReserveVT": "0"}.items()


@pytest.mark.parametrize("name", ["journald", "logind", "system", "timesyncd"])
def test_systemd_knows_each_of_these_words(name: str) -> None:
    """By the manual pages of this system's systemd; where they were left out, by the words in its programs."""
    folder = Path("/usr/lib/systemd")
    if not folder.is_dir():
        pytest.skip("needs systemd")
    programs = {
        "system": [
            *folder.glob("libsystemd-core-*.so"),
            *folder.glob("*/libsystemd-core-*.so"),
            folder / "systemd",
        ]
    }
    known = b"".join(
        path.read_bytes() for path in programs.get(name, [folder / f"systemd-{name}"]) if path.exists()
    )
    for word in settings(f"{name}.conf.d/kiosk.conf"):
        assert word.encode() in known, word


def test_masked_is_what_opens_a_console_or_ends_the_lane() -> None:
    masked = {
        path.name
        for path in (ETC / "system").iterdir()
        if path.is_symlink() and path.readlink() == Path("/dev/null")
    }
    assert masked >= {"getty@tty1.service", "autovt@.service", "serial-getty@.service", "ctrl-alt-del.target"}


def test_the_kernel_listens_to_no_keyboard_and_starts_anew_by_itself() -> None:
    lines = (APPLIANCE / "etc/sysctl.d/kiosk.conf").read_text().splitlines()
    said = dict(line.split(" = ") for line in lines if line and not line.startswith("#"))
    assert said.items() >= {"kernel.sysrq": "0", "kernel.panic": "10", "kernel.ctrl-alt-del": "0"}.items()


def test_storage_on_usb_has_no_driver() -> None:
    """As modprobe itself reads it, which takes - and _ for the same."""
    modprobe = tool("modprobe")
    for module in ("usb_storage", "uas", "bluetooth", "rndis_host"):
        code, said = run(modprobe, "--config", APPLIANCE / "etc/modprobe.d", "--showconfig")
        assert code == 0 and f"install {module} /bin/false" in said
