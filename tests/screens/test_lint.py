"""The linter finds each thing that it is for: a page with one thing wrong, and what it says of it."""

import msgspec
import pytest

from screens.lint import findings
from screens.marks import Frame, Glyphs, Part, Plate, Rect
from screens.theme import Panel
from screens.widgets import Key
from tests.screens.matrix import PANELS, Shown, page, placed

PORTRAIT = PANELS["portrait"]


def changed(frame: Frame, name: str, **fields: object) -> Frame:
    """The frame with other fields in one of its parts."""
    parts = tuple(
        msgspec.structs.replace(part, **fields) if part.id == name else part for part in frame.parts
    )
    return msgspec.structs.replace(frame, parts=parts)


def part(frame: Frame, name: str) -> Part:
    return next(part for part in frame.parts if part.id == name)


def glyphs(frame: Frame, name: str, **fields: object) -> Frame:
    """The frame with the words of one part changed."""
    marks = tuple(
        msgspec.structs.replace(mark, **fields) if isinstance(mark, Glyphs) else mark
        for mark in part(frame, name).marks
    )
    return changed(frame, name, marks=marks)


@pytest.fixture
def basket() -> Frame:
    frame = placed(Shown("basket"))
    assert findings(frame, PORTRAIT) == []
    return frame


def test_a_small_key_and_one_too_near_to_another(basket: Frame) -> None:
    hit = part(basket, "find").hit
    assert hit
    found = findings(changed(basket, "find", hit=Rect(hit.x, hit.y, hit.w, 100)), PORTRAIT)
    assert found == [f"find is {hit.w} x 100 px, needs 111"]
    found = findings(changed(basket, "find", hit=Rect(hit.x, hit.y, hit.w + 10, hit.h)), PORTRAIT)
    assert found == ["find and quantity are 10 px apart"]


def test_a_key_out_of_the_zone_and_one_out_of_reach(basket: Frame) -> None:
    hit = part(basket, "find").hit
    assert hit
    found = findings(changed(basket, "find", hit=hit.moved(-150)), PORTRAIT)
    assert any("above the lower 40%" in each for each in found)
    high = msgspec.structs.replace(PORTRAIT, floor=1000)
    assert any("mm above the floor" in each for each in findings(basket, high))
    low = msgspec.structs.replace(PORTRAIT, floor=300)
    assert any("help is 305 to" in each for each in findings(basket, low))


def test_a_next_step_that_is_not_in_its_corner_and_a_second_one(basket: Frame) -> None:
    pay = part(basket, "pay")
    assert pay.hit and pay.key
    left = Rect(pay.hit.x - 60, pay.hit.y, pay.hit.w, pay.hit.h)
    assert any(
        "away from the end side" in each for each in findings(changed(basket, "pay", hit=left), PORTRAIT)
    )
    find = part(basket, "find").key
    assert find
    two = changed(basket, "find", key=msgspec.structs.replace(find, kind="go"))
    assert any(each.startswith("2 go keys") for each in findings(two, PORTRAIT))


def test_words_that_are_small_pale_cut_off_or_over_others(basket: Frame) -> None:
    assert any("px, needs 32" in each for each in findings(glyphs(basket, "find", px=20), PORTRAIT))
    plate = next(mark for mark in part(basket, "find").marks if isinstance(mark, Plate))
    near = tuple(channel + 40 for channel in plate.fill)
    found = findings(glyphs(basket, "find", colour=near), PORTRAIT)
    assert any("has a contrast of 1." in each for each in found)
    found = findings(glyphs(basket, "find", box=Rect(1000, 1300, 200, 40)), PORTRAIT)
    assert any("leaves find" in each for each in found)
    twice = msgspec.structs.replace(basket, parts=(*basket.parts, part(basket, "amount")))
    assert any("is over" in each for each in findings(twice, PORTRAIT))


def test_a_word_in_splinters(basket: Frame) -> None:
    assert "'R-' of remove is a splinter" in findings(glyphs(basket, "remove", text="R-"), PORTRAIT)


def test_a_key_that_does_not_stand_out(basket: Frame) -> None:
    sill = part(basket, "sill").marks[0]
    assert isinstance(sill, Plate)
    marks = tuple(
        msgspec.structs.replace(mark, fill=sill.fill, edge=sill.fill) if isinstance(mark, Plate) else mark
        for mark in part(basket, "find").marks
    )
    assert "find stands out by 1.0, needs 3.0" in findings(changed(basket, "find", marks=marks), PORTRAIT)


def test_a_page_for_another_panel_or_with_words_that_no_key_holds() -> None:
    assert findings(placed(Shown("basket")), Panel((540, 960), (194, 344)))
    wide = Key(id="wide", text="Donaudampfschifffahrtsgesellschaftskapitän" * 3, icon="find")
    shown = msgspec.structs.replace(page("basket"), tools=(wide,) * 9)
    from screens.layout import lay_out
    from screens.theme import theme
    from tests.screens.matrix import TYPE

    assert findings(lay_out(shown, PORTRAIT, theme(), TYPE.measure), PORTRAIT)
