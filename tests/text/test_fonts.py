"""Which font draws what: by script, by what the files hold, and never a box where some font has the sign."""

import struct
import subprocess
import sys
from pathlib import Path

import pytest

from kiosk.checks.software import fonts
from kiosk.text.cmap import covered, covers
from kiosk.text.fonts import CJK, LATIN, Family, Run, drawable, face, face_of, family_of, runs

NOWHERE = Family("Nowhere", "fontpkg_nowhere", "Nowhere")


def named(text: str) -> list[tuple[str, str, bool]]:
    return [
        (run.family.name.replace("Noto Sans", "Noto").strip(), run.text, run.right_to_left)
        for run in runs(text)
    ]


@pytest.mark.parametrize(
    ("text", "seen"),
    [
        ("To pay €16.78", [("Atkinson Hyperlegible", "To pay €16.78", False)]),
        ("12,50 ₴", [("Atkinson Hyperlegible", "12,50 ", False), ("Noto", "₴", False)]),
        ("Привіт 5", [("Noto", "Привіт ", False), ("Atkinson Hyperlegible", "5", False)]),
        ("Mindest\u00adhaltbar", [("Atkinson Hyperlegible", "Mindesthaltbar", False)]),
        ("İptal ığş", [("Atkinson Hyperlegible", "İptal ığş", False)]),
        ("حليب 5", [("Atkinson Hyperlegible", "5", False), ("Noto Arabic", "حليب ", True)]),
        ("हिन्दी 5", [("Noto Devanagari", "हिन्दी ", False), ("Atkinson Hyperlegible", "5", False)]),
    ],
)
def test_runs_by_script_and_by_what_a_font_has(text: str, seen: list[tuple[str, str, bool]]) -> None:
    assert named(text) == seen


def test_digits_are_the_same_in_every_language() -> None:
    for text in ("אב 12", "اب 12", "हि 12", "日本 12"):
        assert Run(LATIN, "12", False) in [Run(run.family, run.text.strip(), False) for run in runs(text)]


def test_what_no_font_has_is_a_box_of_atkinson() -> None:
    assert not drawable("a\u0378") and not drawable("\ue000") and family_of("\ue000") is LATIN
    assert drawable("To pay €16.78") and drawable("Привіт")


def test_a_family_that_is_not_installed_has_no_face() -> None:
    assert face(NOWHERE, True) is None


def test_each_reader_has_a_face_of_the_collection() -> None:
    assert [face_of(each) for each in ("ja", "zh", "zh-TW", "zh-CN", "en", "ko")] == [0, 2, 3, 2, 0, 1]
    if (found := face(CJK, True, "zh")) is None:
        pytest.skip("needs the font Noto Sans CJK")
    assert (found.number, found.thin) == (2, False)
    assert covers(found.path, 2, "骨") and not covers(found.path, 2, "א")


def test_the_characters_of_a_file_are_those_that_another_reader_finds() -> None:
    from PIL import ImageFont

    found = face(LATIN, False)
    assert found is not None
    opened = ImageFont.truetype(str(found.path), 40)
    box = bytes(opened.getmask("\U0010ffff"))
    for code in range(0x21, 0x2400):
        if covers(found.path, 0, chr(code)):
            assert bytes(opened.getmask(chr(code))) != box or chr(code).isspace() or code < 0x100, hex(code)


JUNK = [b"", b"ttcf", b"\0\1\0\0" + b"\xff" * 40, struct.pack(">IH", 0x10000, 3), bytes(range(256))]


@pytest.mark.parametrize("junk", JUNK)
def test_a_file_that_is_no_font_covers_nothing(tmp_path: Path, junk: bytes) -> None:
    path = tmp_path / "junk.ttf"
    path.write_bytes(junk)
    assert covered(path) == ([], [])


def test_the_doctor_says_whether_the_languages_can_be_drawn() -> None:
    said = fonts(("en", "fr", "ar"))
    assert said.fault is None and said.seen == "en, fr, ar"


def test_no_font_file_is_opened_at_the_start() -> None:
    code = """
import pathlib
opened = []
path_open = pathlib.Path.open
pathlib.Path.open = lambda self, *rest, **more: (opened.append(self.suffix), path_open(self, *rest, **more))[1]
import screens.screen, kiosk.text.fonts
kiosk.text.fonts.runs("To pay 16.78")
print([each for each in opened if each.startswith(".tt")])
"""
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.splitlines()[-1] == "[]"
