"""Names from anywhere on a printer with one code page: spelled, drawn or an empty box, and never a command."""

import subprocess
import sys
from pathlib import Path

import pygame
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace
from PIL import Image

from drivers.printers import commands
from drivers.printers.page import Page
from drivers.printers.raster import Style, drawn, logo
from drivers.simulated.escpos_tokens import Tokens
from kiosk.checkout.model import Line, Member
from kiosk.text.cells import cells
from kiosk.text.receipt_lines import Row
from kiosk.units import LineNo
from tests.drivers.printers.lane import CONFIG, Lane
from tests.receipt.sample import BREAD, SHOP, closed

GREEK = str(Path(pygame.__file__).parent / "freesansbold.ttf")
HELL = [
    "\x1bp\x00\x19\xfa",
    "Milk\x1bp\x00\x19\xfa1 l",
    "\x10\x14\x01\x00\x05",
    "\x1b@\x1dV\x00",
    "\x9bp0",
    "A\nB\r\nC\tD",
    "right \u202eot left",
    "\x00\x7f\x80\x9f",
    "café 5 € «ok» Łódź Œuvre “quoted” 1 × 2 … –",
    "Φέτα Δωδώνης",
    "豆腐 とうふ 두부",
    "🍌🥖👩‍🌾 banana",
    "שוקולד שוקו",
    "x" * 500,
    "",
    "{B{{C!",
]


def sale(name: str):
    return closed((Line(LineNo(1), replace(BREAD, name=name)),), member=Member("t"))


@pytest.mark.parametrize("name", HELL)
@pytest.mark.parametrize("code_page", [0, 16, 19])
def test_a_name_from_hell_prints_and_opens_no_drawer(name, code_page):
    lane = Lane(replace(CONFIG, code_page=code_page))
    lane.printer.shop = replace(SHOP, name=f"Shop {name}", footer=(name,))
    lane.print("job-1", sale(name))
    lane.run(3)
    assert [event.job for event in lane.answers] == ["job-1"]
    assert lane.mechanism.drawer_pulses == 0
    assert lane.mechanism.unknown == []
    assert lane.mechanism.cuts == 1
    assert "TOTAL" in lane.papers[0].text
    assert "2.76" in lane.papers[0].text


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=60))
def test_no_text_becomes_a_command(name):
    page = Page(19)
    data = page.line(Row(page.spell(name)), 48) if len(page.spell(name)) <= 48 else b""
    allowed = {b"", b"\n", b"\x1dv"}
    assert {command.name for command in Tokens().feed(data)} <= allowed


@given(st.text(max_size=60))
def test_the_last_gate_holds_by_itself(name):
    letters = commands.text(name, "cp858")
    assert letters.endswith(b"\n")
    assert all(byte >= 0x20 and byte != 0x7F for byte in letters[:-1])


@pytest.mark.parametrize(
    ("text", "page", "spelled"),
    [
        ("5 €", 19, "5 €"),
        ("5 €", 16, "5 €"),
        ("5 €", 0, "5 EUR"),
        ("−1,50", 19, "-1,50"),
        ("Łódź", 19, "Lódz"),
        ("œuf", 16, "œuf"),
        ("œuf", 19, "oeuf"),
        ("“a” – b…", 19, '"a" - b...'),
        ("Φέτα", 19, "Φέτα"),
        ("Φέτα", 15, "Φέτα"),
    ],
)
def test_spelling(text, page, spelled):
    assert Page(page).spell(text) == spelled


def test_a_line_in_another_script_is_drawn_with_its_price_where_it_belongs():
    bits, width = drawn("Φέτα" + " " * 40 + "2.76", Style((GREEK,)), 48)
    plain, _ = drawn("Feta" + " " * 40 + "2.76", Style((GREEK,)), 48)
    foreign, ours = Image.frombytes("1", (width, 30), bits), Image.frombytes("1", (width, 30), plain)
    price = (44 * 12, 0, 48 * 12, 30)
    assert foreign.crop(price).tobytes() == ours.crop(price).tobytes()
    assert foreign.crop((0, 0, 48, 30)).getbbox() is not None
    unknown, _ = drawn("\u0378" * 4 + " " * 40 + "2.76", Style((GREEK,)), 48)
    assert bits != unknown


def strip(text: str) -> Image.Image:
    bits, width = drawn(text, Style(), 48)
    return Image.frombytes("1", (width, 30), bits)


def test_a_letter_that_no_font_has_is_a_box_and_never_a_gap_or_another_letter():
    nobodys = "\u0378"  # not assigned, so that no font of any machine has it
    assert drawn(f"{nobodys} 1.00", Style(), 48) == drawn("\u0379 1.00", Style(), 48)
    wide = cells(nobodys) * 12
    left, top, right, bottom = strip(f"{nobodys} 1.00").crop((0, 0, wide, 30)).getbbox()
    assert right - left >= wide - 4 and bottom - top >= 14
    inside = strip(f"{nobodys} 1.00").crop((left + 2, top + 2, right - 2, bottom - 2))
    assert inside.getbbox() is None, "hollow"
    price, alone = strip(f"{nobodys} 1.00"), strip(" " * cells(nobodys) + " 1.00")
    assert price.crop((wide, 0, 200, 30)).tobytes() == alone.crop((wide, 0, 200, 30)).tobytes()


def test_one_unknown_letter_does_not_take_its_neighbours_along():
    alone, mixed = strip("Φέτα 1.00"), strip("Φέτα\u0378 1.00")
    assert alone.crop((0, 0, 36, 30)).tobytes() == mixed.crop((0, 0, 36, 30)).tobytes()
    assert mixed.crop((36, 0, 60, 30)).getbbox() is not None


@pytest.mark.parametrize(
    "text", ["豆腐 1.00", "حليب 1.00", "שוקו 1.00", "🍌 1.00", "Φέτα 1.00", "हिन्दी 1.00"]
)
def test_every_script_leaves_something_to_see_in_each_of_its_cells(text):
    word = text.split(" ")[0]
    for number in range(cells(word)):
        cell = strip(text).crop((number * 12 - 6, 0, number * 12 + 18, 30))
        assert cell.getbbox() is not None, f"nothing at cell {number}"


def test_a_picture_holds_no_real_time_order():
    for order in (b"\x10\x04", b"\x10\x05", b"\x10\x14"):
        data = commands.raster(order * 36, 576)
        assert order not in data[8:]
        assert len(data) == 8 + 72


def test_a_logo_is_printed_above_the_receipt(tmp_path):
    path = tmp_path / "logo.png"
    picture = Image.new("RGBA", (801, 100), (0, 0, 0, 0))
    picture.paste((0, 0, 0, 255), (200, 20, 600, 80))
    picture.save(path)
    bits, width = logo(str(path), 576)
    assert width == 576
    assert len(bits) * 8 == width * 71
    lane = Lane(replace(CONFIG, logo=str(path)))
    lane.print("job-1")
    lane.run(3)
    assert lane.papers[0].text.startswith("[picture]\n")


def test_printing_plain_letters_loads_neither_pictures_nor_babel_before_the_first_job():
    code = (
        "import sys, drivers.printers.escpos; print({'PIL', 'babel', 'escpos', 'serial'} & set(sys.modules))"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout == "set()\n"


@pytest.mark.parametrize(("language", "name"), [("he", "חלב"), ("ar", "حليب")])
def test_in_a_language_from_the_right_names_stand_at_the_right_and_sums_at_the_left(language, name):
    bits, width = drawn(Row(name, "2.76 A").text(48), Style(language=language), 48)
    line = Image.frombytes("1", (width, 30), bits)
    assert line.crop((0, 0, 6 * 12, 30)).tobytes() == strip("2.76 A").crop((0, 0, 6 * 12, 30)).tobytes()
    assert line.crop((width - 12, 0, width, 30)).getbbox() is not None
    latin = Page(19).line(Row("Milk", "2.76 A"), 48, language)
    assert latin == b"2.76 A" + b" " * 38 + b"Milk\n"
    assert Page(19).line(Row("Milk", "2.76 A"), 48, "en") == b"Milk" + b" " * 38 + b"2.76 A\n"


def test_a_price_in_a_drawn_sentence_is_not_turned_round():
    sentence, _ = drawn("שולם \u206612,50\u2069", Style(language="he"), 48)
    price = strip("12,50").crop((0, 0, 60, 30)).tobytes()
    line = Image.frombytes("1", (576, 30), sentence)
    assert any(line.crop((x, 0, x + 60, 30)).tobytes() == price for x in range(516))
