"""`kiosk camera FILE…`: a JSON line a picture, and clear words for what is none."""

import json
import os
from pathlib import Path

import cv2
import pytest

from kiosk.commands.camera import main
from tests.drivers.camera.pictures import counter, laid, symbol


def test_a_line_a_picture(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    files = []
    for name, text in (("EAN-13", "4006381333931"), ("QR", "http://example.com"), ("", "")):
        files.append(tmp_path / f"{name}.png")
        picture = laid(counter(), symbol(name, text)) if name else counter()
        cv2.imwrite(str(files[-1]), picture)
    before = sorted(tmp_path.iterdir())
    assert main([str(file) for file in files]) == 0
    rows = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [row.pop("ms") > 0 for row in rows] == [True] * 3
    assert rows == [
        {"file": str(files[0]), "symbology": "EAN-13", "text": "4006381333931", "gtin": "04006381333931"},
        {"file": str(files[1]), "symbology": "QR", "text": "http://example.com", "gtin": None},
        {"file": str(files[2]), "symbology": None, "text": None, "gtin": None},
    ]
    assert sorted(tmp_path.iterdir()) == before


def test_of_two_codes_the_one_that_is_goods(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    both = laid(counter(), symbol("QR", "http://example.com"), symbol("EAN-13", "4006381333931"))
    cv2.imwrite(str(tmp_path / "pack.png"), both)
    assert main([str(tmp_path / "pack.png")]) == 0
    assert json.loads(capsys.readouterr().out)["gtin"] == "04006381333931"


def test_what_is_no_picture_is_named_and_the_others_are_read(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "list.txt").write_text("no picture")
    cv2.imwrite(str(tmp_path / "tin.png"), laid(counter(), symbol("EAN-13", "4006381333931")))
    assert main([str(tmp_path / name) for name in ("list.txt", "nowhere.png", "tin.png")]) == 1
    out, err = capsys.readouterr()
    assert json.loads(out)["text"] == "4006381333931"
    assert [line.split(":")[0] for line in err.splitlines()] == ["kiosk camera"] * 2


def test_it_wants_pictures_or_a_configuration(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for arguments in ([], ["a.png", "--watch", "kiosk.toml"]):
        with pytest.raises(SystemExit):
            main(arguments)
    file = tmp_path / "kiosk.toml"
    file.write_text('[lane]\nstore = "1"\nnumber = "1"\n[shop]\nname = "Shop"\n')
    assert main(["--watch", str(file)]) == os.EX_CONFIG
    assert "no scanner is a camera" in capsys.readouterr().err
    file.write_text("[lane")
    assert main(["--watch", str(file)]) == os.EX_CONFIG
