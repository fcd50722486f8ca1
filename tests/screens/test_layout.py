"""What stands where: what slips, keys and words do when there is more than fits, and mirrored pages."""

import msgspec
import pytest

from kiosk.checkout.passed import LookChosen
from screens.boxes import Box
from screens.kit import State
from screens.layout import lay_out
from screens.lint import findings
from screens.marks import Frame, Glyphs, Rect
from screens.paragraph import Run, break_lines
from screens.pen import Font, Pen
from screens.text import Type
from screens.theme import Panel, theme
from screens.widgets import Key, Page
from tests.screens.matrix import LOOKS, PANELS
from tests.screens.matrix import page as state
from tests.screens.states import BUILD

PORTRAIT, LANDSCAPE = Panel((1080, 1920), (194, 344)), Panel((1920, 1080), (344, 194))
TYPE = Type()


def placed(page: Page, panel: Panel, state: State | None = None) -> Frame:
    return lay_out(page, panel, theme(page.theme, page.large), TYPE.measure, state)


def test_the_sill_takes_no_more_than_two_fifths_of_portrait() -> None:
    sill = next(part for part in placed(state("basket"), PORTRAIT).parts if part.id == "sill")
    assert 1920 - sill.marks[0].box.y <= 0.405 * 1920


def test_a_slip_keeps_its_newest_lines() -> None:
    page = state("basket")
    slip = page.blocks[0]
    many = msgspec.structs.replace(slip, lines=slip.lines * 4)  # type: ignore[union-attr]
    frame = placed(msgspec.structs.replace(page, blocks=(many,)), PORTRAIT)
    texts = frame.words()
    assert texts.count("Free-range eggs, 10") < 4
    assert texts[texts.index("Cherry tomatoes 250 g") - 4] == "Free-range eggs, 10"
    assert findings(frame, PORTRAIT) == []


def test_a_page_from_right_to_left_is_the_mirror_of_the_other() -> None:
    page = state("basket")
    plain = placed(page, LANDSCAPE)
    mirrored = placed(msgspec.structs.replace(page, rtl=True), LANDSCAPE)
    for one, other in zip(plain.parts, mirrored.parts, strict=True):
        for mark, twin in zip(one.marks, other.marks, strict=True):
            box = mark.box
            assert twin.box == Rect(1920 - box.right, box.y, box.w, box.h)


def test_numbers_that_change_in_place_keep_their_width() -> None:
    page = state("weigh-stable")
    weighing = page.blocks[0]
    values = weighing.values  # type: ignore[union-attr]
    widths = set()
    for value in ("0.645", "1.111", "0.888"):
        new = (msgspec.structs.replace(values[0], value=value), *values[1:])
        frame = placed(
            msgspec.structs.replace(page, blocks=(msgspec.structs.replace(weighing, values=new),)), PORTRAIT
        )
        marks = [mark for part in frame.parts for mark in part.marks if isinstance(mark, Glyphs)]
        widths.add(next(mark.box.w for mark in marks if mark.text == value))
    assert len(widths) == 1


@pytest.mark.parametrize("look", LOOKS)
@pytest.mark.parametrize("language", ["en", "fr", "de"])
def test_the_page_that_makes_it_easier_has_room_for_one_more_key(language: str, look: str) -> None:
    shown = state("access", language, look)
    more = Key(
        id="slower", text="Plus de temps", icon="clock", sends=LookChosen("slower"), chosen=True, note="on"
    )
    fuller = msgspec.structs.replace(shown, tools=(*shown.tools, more))
    for panel in PANELS.values():
        assert findings(placed(fuller, panel), panel) == []


def test_a_long_word_is_parted_with_a_hyphen_and_loses_nothing() -> None:
    pen = Pen(TYPE.measure, 1, 1000, False)
    run = Run("Rückvergütungsgutschein einlösen", Font(62, True), (0, 0, 0))
    lines = ["".join(part.text for part in line.runs) for line in break_lines(pen, (run,), 400, tight=True)]
    assert all(pen.width(line, run.font) <= 400.5 for line in lines) and lines[0].endswith("-")
    assert "".join(lines).replace("-", "").replace(" ", "") == run.text.replace(" ", "")
    (whole,) = break_lines(pen, (run,), 4000, tight=True)
    assert whole.runs[0].text == run.text


@pytest.mark.parametrize("panel", [PORTRAIT, LANDSCAPE], ids=["portrait", "landscape"])
@pytest.mark.parametrize("language", ["en", "ar"])
def test_boxes_that_are_kept_from_page_to_page_change_no_page(language: str, panel: Panel) -> None:
    kept: dict[object, Box] = {}
    for page in (state(name, language) for name in [*BUILD, *reversed(BUILD)]):
        style = theme(page.theme, page.large)
        assert lay_out(page, panel, style, TYPE.measure, None, kept) == placed(page, panel), page.name
