"""What udev's rules do to the devices of a lane, and to those that have no business there."""

import shutil
import subprocess
from pathlib import Path

import pytest
from msgspec import toml

from kiosk.config import parse
from tests.systemd.udev import Device, play, rules

SYSTEMD = Path(__file__).resolve().parents[2] / "systemd"
KEYBOARDS = SYSTEMD / "appliance/etc/udev/rules.d/73-kiosk-keyboards.rules"
FILES = sorted(SYSTEMD.rglob("*.rules"))


def usb(port: str, vendor: str, product: str, serial: str = "") -> Device:
    attrs = {"idVendor": vendor, "idProduct": product, "authorized": "1"} | (
        {"serial": serial} if serial else {}
    )
    return Device(port, "usb", attrs, {"DEVTYPE": "usb_device"}, "usb")


def interface(of: Device, kind: str, number: int = 0, **more: str) -> Device:
    attrs = {"bInterfaceClass": kind, "bInterfaceNumber": f"{number:02}", "authorized": "0"} | more
    return Device(f"{of.kernel}:1.{number}", "usb", attrs, {"DEVTYPE": "usb_interface"}, parents=(of,))


def node(kernel: str, subsystem: str, on: Device, **attrs: str) -> Device:
    return Device(kernel, subsystem, attrs, parents=(on, *on.parents))


SCANNER = usb("1-1.1", "0c2e", "0b61")
FTDI = usb("1-1.3", "0403", "6001", "FT1A2B3C")
PRINTER = usb("1-1.4", "04b8", "0202")
STRANGER = usb("1-1.1", "1d6b", "0104")


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_every_rule_also_one_that_waits_behind_a_hash_reads_as_a_rule(path: Path) -> None:
    assert rules(path) or rules(path, uncommented=True)
    verifier = shutil.which("udevadm")
    if verifier and b"verify" in subprocess.run([verifier, "--help"], capture_output=True).stdout:
        run = subprocess.run([verifier, "verify", "--no-style", path], capture_output=True, text=True)
        assert run.returncode == 0, run.stdout + run.stderr


@pytest.mark.parametrize(
    ("device", "name"),
    [
        (node("ttyACM0", "tty", interface(SCANNER, "02")), "kiosk/scanner"),
        (node("hidraw3", "hidraw", interface(SCANNER, "03")), "kiosk/scanner"),
        (node("event4", "input", interface(SCANNER, "03")), "kiosk/scanner"),
        (node("ttyUSB0", "tty", interface(usb("1-1.2", "1a86", "7523"), "ff")), "kiosk/produce"),
        (node("ttyUSB1", "tty", interface(FTDI, "ff")), "kiosk/bag"),
        (node("hidraw0", "hidraw", interface(usb("1-1.3", "0eb8", "f000"), "03")), "kiosk/bag"),
        (node("lp0", "usbmisc", interface(PRINTER, "07")), "kiosk/printer"),
        (node("ttyUSB2", "tty", interface(PRINTER, "ff")), "kiosk/printer"),
        (node("ttyACM1", "tty", interface(usb("1-2", "079b", "0028"), "02")), "kiosk/terminal"),
        (
            node("video0", "video4linux", interface(usb("1-3", "046d", "0825"), "0e"), index="0"),
            "kiosk/camera",
        ),
        (node("event9", "input", interface(usb("1-4", "2047", "09d0"), "03")), "kiosk/keypad"),
    ],
)
def test_every_family_has_a_name_that_stays(device: Device, name: str) -> None:
    names = rules(SYSTEMD / "71-kiosk-names.rules", uncommented=True)
    done = play(names, device)
    assert done.links == [name]
    assert done.group == ("kiosk" if device.subsystem == "hidraw" else "")


@pytest.mark.parametrize(
    "device",
    [
        node("ttyUSB0", "tty", interface(usb("1-1.9", "0403", "6001", "OTHER"), "ff")),
        node("hidraw1", "hidraw", interface(SCANNER, "03", 1)),  # the scanner's second interface
        node("event5", "input", interface(SCANNER, "03", 1)),
        node("video1", "video4linux", interface(usb("1-3", "046d", "0825"), "0e"), index="1"),
        node("mouse0", "input", interface(SCANNER, "03")),
    ],
)
def test_what_is_in_no_port_of_the_lane_has_no_name(device: Device) -> None:
    assert play(rules(SYSTEMD / "71-kiosk-names.rules", uncommented=True), device).links == []


def test_the_names_are_those_of_the_example_configuration() -> None:
    said = {
        word.value
        for rule in rules(SYSTEMD / "71-kiosk-names.rules", uncommented=True)
        for word in rule
        if word.key == "SYMLINK"
    }
    text = (SYSTEMD / "kiosk.toml").read_text()
    parse(text, "kiosk.toml")
    assert toml.decode(text)["keyboards"] == {"allowed": []}
    for name in said:
        assert f"/dev/{name}" in text or name == "kiosk/camera", name


# ---- who is let in


def authorized(device: Device, uncommented: bool = True, **cmdline: str) -> str:
    """What is written to an interface: 1 lets it work."""
    let_in = rules(SYSTEMD / "72-kiosk-usb.rules", uncommented=uncommented)
    return play(let_in, device, {name.replace("_", "."): value for name, value in cmdline.items()}).attrs.get(
        "authorized", ""
    )


def test_each_bus_lets_nothing_in_by_itself() -> None:
    let_in = rules(SYSTEMD / "72-kiosk-usb.rules")
    bus = Device("usb1", "usb", {}, {"DEVTYPE": "usb_device"})
    assert play(let_in, bus).attrs == {"interface_authorized_default": "0"}
    assert play(let_in, SCANNER).attrs == {}


@pytest.mark.parametrize(
    ("device", "kind", "may"),
    [
        (SCANNER, "03", "1"),
        (usb("1-1.1", "0c2e", "0b6a"), "02", "1"),
        (usb("1-1.1", "0c2e", "0b6a"), "0a", "1"),
        (FTDI, "ff", "1"),
        (usb("1-1.3", "0eb8", "f000"), "03", "1"),
        (PRINTER, "07", "1"),
        (usb("1-2", "079b", "0028"), "0a", "1"),
        (usb("1-3", "046d", "0825"), "0e", "1"),
        (usb("1-1", "05e3", "0608"), "09", "1"),  # any hub
        (STRANGER, "03", "0"),  # a keyboard, whatever else it is
        (STRANGER, "08", "0"),
        (STRANGER, "02", "0"),
        (STRANGER, "e0", "0"),  # a network or radio adapter
        (SCANNER, "08", "0"),  # storage in the housing of a scanner
        (FTDI, "03", "0"),  # a keyboard in the housing of a scale's adapter
        (PRINTER, "03", "0"),
    ],
)
def test_who_may_bring_what(device: Device, kind: str, may: str) -> None:
    assert authorized(interface(device, kind)) == may


@pytest.mark.parametrize("kind", ["03", "07", "08", "ff"])
def test_the_example_as_it_is_lets_in_hubs_only(kind: str) -> None:
    assert authorized(interface(SCANNER, kind), uncommented=False) == "0"
    assert authorized(interface(SCANNER, "09"), uncommented=False) == "1"


def test_the_way_back_at_the_kernels_command_line() -> None:
    assert authorized(interface(STRANGER, "03"), kiosk_usb="open") == ""
    assert authorized(interface(STRANGER, "03"), kiosk_usb="closed") == "0"


def test_storage_is_refused_before_anything_is_allowed() -> None:
    asked = [
        word.value
        for rule in rules(SYSTEMD / "72-kiosk-usb.rules", uncommented=True)
        for word in rule
        if word.name == "bInterfaceClass"
    ]
    assert asked[0] == "08" and "08" not in asked[1:]


def test_only_additions_are_looked_at() -> None:
    assert authorized(interface(STRANGER, "03")._replace(action="remove")) == ""


def as_keyboard(of: Device, lane: bool, cmdline: str = "") -> str:
    """What becomes of a thing that says it is a keyboard, on a device whose lane has rules of its own, or none."""
    own = rules(SYSTEMD / "72-kiosk-usb.rules", uncommented=True) if lane else []
    typing = interface(of, "03", bInterfaceProtocol="01", authorized="1")
    done = play([*own, *rules(KEYBOARDS)], typing, {"kiosk.usb": cmdline} if cmdline else {})
    return done.attrs.get("authorized", "1")


def test_no_keyboard_works_but_a_scanner_that_the_lane_knows() -> None:
    assert as_keyboard(STRANGER, lane=False) == "0"
    assert as_keyboard(SCANNER, lane=False) == "0"
    assert as_keyboard(STRANGER, lane=True) == "0"
    assert as_keyboard(SCANNER, lane=True) == "1"
    assert as_keyboard(STRANGER, lane=False, cmdline="open") == "1"


def test_a_touch_screen_is_no_keyboard() -> None:
    touch = interface(usb("1-1.1", "0eef", "c000"), "03", bInterfaceProtocol="00", authorized="1")
    assert play(rules(KEYBOARDS), touch).attrs == {}


# ---- what every lane needs


def test_a_scale_is_left_alone_and_answers_at_once() -> None:
    fixed = rules(SYSTEMD / "70-kiosk.rules")
    assert play(fixed, Device("ttyUSB0", "tty")).env == {"ID_MM_DEVICE_IGNORE": "1"}
    assert play(fixed, Device("ttyUSB0", "usb-serial", driver="ftdi_sio")).attrs == {"latency_timer": "1"}
    display = play(fixed, Device("card1-HDMI-A-1", "drm"))
    assert (display.tags, display.env) == (["systemd"], {"SYSTEMD_ALIAS": "/dev/kiosk/display"})
    assert play(fixed, Device("card0", "drm")).tags == []
