"""The bundle for support: every kind of secret is planted wherever text comes from, and none of them goes out."""

import base64
import json
import sqlite3
import zipfile
from pathlib import Path

import pytest

from kiosk.commands import diag
from kiosk.diag.bundle import NotToBeHadError, gathered, run, scrubber_of, written
from kiosk.diag.scrub import GONE, Scrubber, is_card
from kiosk.journal import Journal

PEPPER, TOKEN, PASSPHRASE = (
    "Zw7-quince",
    "hJ3kP0sLq9Xw2VbN8mTfR6yUeA1cDgKiOzQ5t4W7x_Y",
    "correct horse battery",
)
PIN_HASH = "$argon2id$v=19$m=65536,t=3,p=4$c29tZXNhbHQ$RdescudvJCsgt3ub+b5JWeQ5oG0r"
CARD, MAIL, PHONE = "4111 1111 1111 1111", "ada.lovelace@example.org", "+33 6 12 34 56 78"
PEM = "-----BEGIN EC PRIVATE KEY-----\nMHcCAQEEIIrYSSNQFaA2Hwf1duRSxKtLYX5CB04fSeQ6tF1aY\n-----END EC PRIVATE KEY-----"
JWT = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJraW9zayJ9.dBjftJeZ4CVPmB92K27uhbUJU1p1r"
OTP = "otpauth://totp/Checkout:17?secret=JBSWY3DPEHPK3PXP"
MISUSED = {
    "wifi_psk": "tilleul-wlan-2026",
    "password": "hunter2!",
    "api_key": "sk_live_51H8",
    "admin_pin": "424242",
}
PLANTED = [
    PEPPER, TOKEN, PASSPHRASE, PIN_HASH, CARD, CARD.replace(" ", ""), MAIL, PHONE, PEM.splitlines()[1],
    JWT, OTP, "JBSWY3DPEHPK3PXP",
    *MISUSED.values(), base64.b64encode(PEPPER.encode()).decode().rstrip("="), PEPPER.encode().hex(), "Grace Hopper",
]  # fmt: skip

CONFIG = """
# the old password was hunter2!
[lane]
store = "0001"
number = "4"
[shop]
name = "Tilleul"
[files]
pepper = "{root}/etc/credstore/kiosk.pepper"
journal = "{root}/journal.db"
[terminal]
model = "nexo"
url = "https://kiosk:hunter2!@192.168.10.20:8443/nexo"
form = "local"
passphrase_file = "{root}/nexo-passphrase"
[link]
server = "https://192.168.10.10:8700"
pin = "sha256/47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU="
token_file = "{root}/etc/credstore/kiosk.store-token"
[extra]
wifi_psk = "tilleul-wlan-2026"
password = "hunter2!"
api_key = "sk_live_51H8"
admin_pin = "424242"
"""
SAID = [
    f"INFO kiosk.link: Authorization: Bearer {TOKEN}",
    f"WARNING kiosk: the pepper is {PEPPER}, in hex {PEPPER.encode().hex()}",
    f"INFO kiosk: in base64 {base64.b64encode(PEPPER.encode()).decode()}",
    f"INFO kiosk: card {CARD} and {CARD.replace(' ', '')} for {MAIL}, {PHONE}",
    f"INFO kiosk: {PIN_HASH} {JWT} {OTP}",
    f"INFO kiosk: password=hunter2! passphrase: '{PASSPHRASE}' psk = tilleul-wlan-2026 pin=424242",
    f"INFO kiosk: {PEM}",
    "INFO kiosk: api_key: sk_live_51H8, and 4006381333931 was scanned twice",
]


@pytest.fixture
def machine(tmp_path: Path) -> Path:
    """A machine with secrets in its files, its configuration and its books."""
    files = {
        "etc/credstore/kiosk.pepper": PEPPER + "\n",
        "etc/credstore/kiosk.store-token": TOKEN + "\n",
        "nexo-passphrase": PASSPHRASE,
        "lane.toml": CONFIG.format(root=tmp_path),
        "usr/share/kiosk/release.json": f'{{"version": "1.4.0", "slot_hash": "{"0123456789abcdef" * 4}"}}',
        "sys/bus/usb/devices/1-1.2/idVendor": "0403\n",
        "sys/bus/usb/devices/1-1.2/idProduct": "6001\n",
        "sys/bus/usb/devices/1-1.2/product": "FT232R USB UART\n",
        "proc/meminfo": "MemAvailable: 2912004 kB\n",
        "proc/mounts": "/dev/sda2 / ext4 ro,noatime 0 0\n",
        "proc/device-tree/model": "Raspberry Pi 4 Model B Rev 1.4\0",
    }
    for name, text in files.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    Journal(tmp_path / "journal.db").close()
    db = sqlite3.connect(tmp_path / "journal.db")
    with db:
        body = json.dumps({"name": "Grace Hopper", "mail": MAIL}).encode()
        db.execute(
            "INSERT INTO ledger (number, at, kind, body, hash) VALUES (7, 1, 'technical', ?, x'00')", (body,)
        )
    db.close()
    return tmp_path


def programs(program: list[str]) -> bytes:
    """As journalctl and the others print it, everything planted in it."""
    if program[0] == "journalctl":
        rows = [
            {"MESSAGE": said, "__REALTIME_TIMESTAMP": "1796066609663282", "PRIORITY": "6"} for said in SAID
        ]
        return "\n".join(map(json.dumps, rows)).encode()
    if program[0] == "ip":
        raise NotToBeHadError("ip: not here")
    return "\n".join(SAID).encode()


def bundle(machine: Path, out: Path) -> dict[str, str]:
    members = gathered(machine / "lane.toml", machine / "journal.db", machine, programs)
    written(out, members, scrubber_of(machine / "lane.toml", machine))
    with zipfile.ZipFile(out) as archive:
        return {name: archive.read(name).decode() for name in archive.namelist()}


def test_nothing_that_was_planted_goes_out(machine: Path) -> None:
    found = bundle(machine, machine / "out.zip")
    leaks = [(name, secret) for name, text in found.items() for secret in PLANTED if secret in text]
    assert leaks == []
    assert found["logs.txt"].count(GONE) >= 12


def test_what_was_planted_was_really_there(machine: Path) -> None:
    raw = gathered(machine / "lane.toml", machine / "journal.db", machine, programs)
    assert [
        each
        for each in (TOKEN, PEPPER, PASSPHRASE, PIN_HASH, CARD, MAIL, PHONE, JWT, OTP)
        if each not in raw["logs.txt"]
    ] == []


def test_what_support_needs_is_still_there(machine: Path) -> None:
    found = bundle(machine, machine / "out.zip")
    assert (
        "lane.number = '4'" in found["config.txt"]
        and "link.server = 'https://192.168.10.10:8700'" in found["config.txt"]
    )
    assert "sha256/47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=" in found["config.txt"]
    assert f"files.pepper = '{machine}/etc/credstore/kiosk.pepper'" in found["config.txt"]
    assert "4006381333931 was scanned twice" in found["logs.txt"]
    assert "0123456789abcdef" * 4 in found["release.json"]
    assert found["usb.txt"].split()[:2] == ["1-1.2", "0403:6001"]
    assert '"technical": 1' in found["journal.json"]
    assert "Raspberry Pi 4" in found["machine.txt"] and "ext4 ro,noatime" in found["machine.txt"]
    assert "addresses.txt: ip: not here" in found["left_out.txt"]


def test_the_same_machine_makes_the_same_file(machine: Path) -> None:
    members = gathered(machine / "lane.toml", machine / "journal.db", machine, programs)
    for name in ("one.zip", "two.zip"):
        written(machine / name, dict(reversed(members.items())), scrubber_of(machine / "lane.toml", machine))
    one = (machine / "one.zip").read_bytes()
    assert one == (machine / "two.zip").read_bytes()
    assert (machine / "one.zip").stat().st_mode & 0o777 == 0o600
    assert zipfile.ZipFile(machine / "one.zip").namelist() == sorted(
        zipfile.ZipFile(machine / "one.zip").namelist()
    )


def test_a_configuration_that_is_wrong_goes_out_as_far_as_it_is_toml(machine: Path) -> None:
    (machine / "lane.toml").write_text('[lane\npassword = "hunter2!"')
    assert bundle(machine, machine / "out.zip")["config.txt"] == "no configuration that can be read\n"


@pytest.mark.parametrize(
    "text",
    ["4006381333931", "a turn took 142 ms: Scanned", "KIOSK1 0001/4 V0.1.0", "/dev/kiosk/bag: Permission denied",
     "token_file = '/run/credentials/x'", "0123456789abcdef" * 4, "2026-11-30 19:23:32", "1796066609663282"],
)  # fmt: skip
def test_what_is_no_secret_stays(text: str) -> None:
    assert Scrubber(["", "abc"]).text(text) == text


def test_card_numbers() -> None:
    assert is_card("4111111111111111") and not is_card("4111111111111112")


def test_the_command_on_this_machine(machine: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = machine / "here.zip"
    assert diag.main([str(machine / "lane.toml"), "--out", str(out), "--no-devices"]) == 0
    assert capsys.readouterr().out.strip() == str(out)
    with zipfile.ZipFile(out) as archive:
        names = archive.namelist()
        assert "packages.txt" in names and "report.txt: " in archive.read("left_out.txt").decode()
    assert diag.main([str(machine / "none.toml"), "--out", str(machine / "no" / "x.zip")]) == 1


def test_a_program_that_is_not_there_or_fails_is_said() -> None:
    with pytest.raises(NotToBeHadError, match="no-such-program"):
        run(["no-such-program"])
    with pytest.raises(NotToBeHadError, match="ended with 1"):
        run(["false"])
