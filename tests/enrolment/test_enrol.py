"""A machine becomes a lane: by a file or a QR code, with a code that is good once; nonsense changes nothing."""

import io
import sys
from pathlib import Path

import numpy as np
import pytest
import segno

from kiosk.commands import enrol
from kiosk.config import read
from kiosk.enrolment import InvitationError, parse
from kiosk.enrolment.edit import edited
from store.commands_enrolment import invitation
from store.database import open_database
from store.enrolment import HOUR, MOST, TooManyError, invite
from store.enrolment import enrol as exchange
from store.lanes import Doorkeeper, Lane
from store.tls import own_certificate, pin_of
from tests.conftest import ROOT
from tests.shop import serving

SAMPLE = ROOT / "systemd" / "kiosk.toml"
LANE = Lane("0042", "7")
TOKEN = "a-token-that-nobody-shall-read"


@pytest.fixture
def place(tmp_path: Path) -> list[str]:
    """Where this machine's files lie."""
    (tmp_path / "etc").mkdir()
    return [f"--config={tmp_path}/etc/kiosk.toml", f"--base={SAMPLE}", f"--credentials={tmp_path}/credstore"]


def told(**more: str) -> str:
    link = "".join(f'{key} = "{value}"\n' for key, value in more.items())
    return f'[lane]\nstore = "0042"\nnumber = "7"\n[link]\nserver = "https://192.168.10.10:8700"\n{link}'


PIN = "sha256/47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU="


def test_a_file_on_the_boot_partition_makes_a_lane(
    tmp_path: Path, place: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    engine = open_database(f"sqlite:///{tmp_path}/store.db")
    pin = pin_of(own_certificate(tmp_path / "keys")[0])
    file = tmp_path / "enrol.toml"
    with serving(engine, tmp_path / "keys") as server:
        code = invite(engine, LANE, server_now())
        file.write_text(invitation(LANE, server.url, pin, code, "socket://192.168.10.21:20007", "DE"))
        assert enrol.main([str(file), *place]) == 0
        config = read(tmp_path / "etc" / "kiosk.toml")
        token = (tmp_path / "credstore" / "kiosk.store-token").read_text().strip()
        assert Doorkeeper(engine).lane_of(token) == LANE
        assert not file.exists()
        file.write_text(invitation(LANE, server.url, pin, code))
        assert enrol.main([str(file), *place]) == 3
    assert file.exists() and (tmp_path / "credstore" / "kiosk.store-token").read_text().strip() == token
    assert config.link is not None and config.terminal is not None
    assert (config.lane.store, config.lane.number, config.shop.country) == ("0042", "7", "DE")
    assert (config.link.server, config.link.pin, config.terminal.port) == (
        server.url,
        pin,
        "socket://192.168.10.21:20007",
    )
    assert (tmp_path / "credstore" / "kiosk.store-token").stat().st_mode & 0o777 == 0o600
    assert (tmp_path / "credstore").stat().st_mode & 0o777 == 0o700
    assert "# A key that nobody knows stops the start" in (tmp_path / "etc" / "kiosk.toml").read_text()
    said = "".join(capsys.readouterr())
    assert "store 0042, lane 7: enrolled" in said and "makes another" in said
    assert token not in said and code not in said


def server_now() -> int:
    import time

    return int(time.time() * 1000)


def test_a_code_before_the_camera(tmp_path: Path, place: list[str]) -> None:
    rows = [
        [*map(bool, row)]
        for row in segno.make_qr(told(pin=PIN, token=TOKEN), error="m").matrix_iter(border=4)
    ]
    picture = np.kron(np.where(np.array(rows), 0, 255).astype(np.uint8), np.ones((4, 4), np.uint8))
    import cv2

    for number in range(3):
        cv2.imwrite(
            f"{tmp_path}/seen_{number:02}.png", picture if number == 2 else np.full_like(picture, 200)
        )
    assert enrol.main(["--camera", f"{tmp_path}/seen_%02d.png", *place]) == 0
    assert (tmp_path / "credstore" / "kiosk.store-token").read_text() == TOKEN + "\n"


def test_no_camera_and_nothing_before_it(
    tmp_path: Path, place: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert enrol.main(["--camera", f"{tmp_path}/none.avi", *place]) == 1
    assert enrol.main(place) == 2
    assert "no camera" in capsys.readouterr().err


WRONG = {
    "": "lane",
    "hello": "not TOML",
    told(pin=PIN): "either a code or a token",
    told(pin=PIN, code="7K4M-9QXT-W2HD", token=TOKEN): "either a code or a token",
    told(pin=PIN, token=TOKEN, colour="red"): "colour",
    told(pin="sha256/short", token=TOKEN): "pin",
    told(token=TOKEN): "pin",
    told(pin=PIN, token="spaced out token"): "no spaces",
    told(pin=PIN, token=TOKEN).replace("https://", "http://"): "TLS",
    told(pin=PIN, token=TOKEN) + '[shop]\ntimezone = "Europe/Paris"\ncountry = "France"': "country",
    told(pin=PIN, token=TOKEN).replace('"7"', "7"): "number",
    "x" * 5000: "too long",
}


@pytest.mark.parametrize("text", WRONG)
def test_nonsense_changes_nothing(
    tmp_path: Path,
    place: list[str],
    text: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(text.encode())))
    assert enrol.main(["-", *place]) == 3
    said = capsys.readouterr().err
    assert WRONG[text] in said and TOKEN not in said and len(said.splitlines()) == 1
    assert (
        not (tmp_path / "etc" / "kiosk.toml").exists()
        and not (tmp_path / "credstore" / "kiosk.store-token").exists()
    )


def test_no_store_server_no_lane(
    tmp_path: Path, place: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "enrol.toml"
    file.write_text(told(pin=PIN, code="7K4M-9QXT-W2HD").replace("192.168.10.10:8700", "127.0.0.1:9"))
    assert enrol.main([str(file), *place]) == 1
    assert "was not reached" in capsys.readouterr().err
    assert file.exists() and not (tmp_path / "etc" / "kiosk.toml").exists()


def test_a_lane_keeps_its_file_and_where_its_link_leads(tmp_path: Path, place: list[str]) -> None:
    data = tmp_path / "data" / "kiosk.toml"
    data.parent.mkdir()
    data.write_text(SAMPLE.read_text().replace('"My shop"', '"Tilleul"'))
    (tmp_path / "etc" / "kiosk.toml").symlink_to(data)
    file = tmp_path / "enrol.toml"
    file.write_text('pepper = "quince"\n' + told(pin=PIN, token=TOKEN))
    assert enrol.main([str(file), place[0], place[2]]) == 0
    config = read(data)
    assert (tmp_path / "etc" / "kiosk.toml").is_symlink() and config.shop.name == "Tilleul"
    assert (
        tmp_path / "credstore" / "kiosk.pepper"
    ).read_text() == "quince\n" and "quince" not in data.read_text()
    assert config.files.pepper == enrol.PEPPER_FILE


def test_codes_are_good_once_for_an_hour_and_for_one_lane(tmp_path: Path) -> None:
    engine = open_database(f"sqlite:///{tmp_path}/store.db")
    first, second = invite(engine, LANE, 0), invite(engine, LANE, 1000)
    assert exchange(engine, first, 2000) is None, "a second code closes the first"
    assert exchange(engine, second.lower().replace("-", " "), 2000) is not None
    assert exchange(engine, second, 2000) is None
    late = invite(engine, LANE, 0)
    assert exchange(engine, late, HOUR) is None
    assert late.replace("-", "").encode() not in (tmp_path / "store.db").read_bytes()


def test_a_shop_of_open_codes_is_enough(tmp_path: Path) -> None:
    engine = open_database(f"sqlite:///{tmp_path}/store.db")
    for number in range(MOST):
        invite(engine, Lane("1", str(number)), 0)
    with pytest.raises(TooManyError):
        invite(engine, LANE, 0)
    assert invite(engine, LANE, HOUR)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", '\n[lane]\nnumber = "7"\n'),
        ("[lane]\nnumber = '1' # first\nx = 2\n", '[lane]\nnumber = "7"\nx = 2\n'),
        ("[lane]  # ours\n[shop]\nnumber = 1\n", '[lane]  # ours\nnumber = "7"\n[shop]\nnumber = 1\n'),
        ("#[lane]\n[lane]\nnumber = [\n 1,\n 2,\n]\ny = 1\n", '#[lane]\n[lane]\nnumber = "7"\ny = 1\n'),
    ],
)
def test_one_value_is_put_in_and_the_rest_stays(text: str, expected: str) -> None:
    assert edited(text, "lane", "number", "7") == expected


def test_a_value_cannot_leave_its_string() -> None:
    with pytest.raises(InvitationError):
        parse(told(pin=PIN, token=TOKEN).replace("8700", '8700\\"\\nx = \\"'), "file")
    assert edited("", "shop", "name", 'a"\nb = "c') == '\n[shop]\nname = "a\\"\\nb = \\"c"\n'
