"""Every sample page, on every panel: nothing small, nothing crowded, nothing cut off."""

import msgspec
import pytest

from screens.kit import State
from screens.layout import lay_out
from screens.lint import findings
from screens.marks import Frame, Glyphs, Rect
from screens.text import Type
from screens.theme import Panel, theme
from screens.widgets import Key, Page
from tests.screens.gallery import SAMPLES
from tests.screens.states import BUILD
from tests.screens.test_views import LANGUAGES
from tests.screens.test_views import page as shop_page

PORTRAIT, LANDSCAPE = Panel((1080, 1920), (194, 344)), Panel((1920, 1080), (344, 194))
TYPE = Type()


def placed(page: Page, panel: Panel, state: State | None = None) -> Frame:
    return lay_out(page, panel, theme(page.theme, page.large), TYPE.measure, state)


@pytest.mark.parametrize("panel", [PORTRAIT, LANDSCAPE], ids=["portrait", "landscape"])
@pytest.mark.parametrize("name", SAMPLES)
def test_the_linter_finds_nothing(name: str, panel: Panel) -> None:
    assert findings(placed(SAMPLES[name](panel.portrait), panel), panel) == []


SMALL = Panel((1366, 768), (344, 194)), Panel((1024, 768), (304, 228))


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", BUILD)
def test_the_linter_finds_nothing_on_any_page_of_the_shop(name: str, language: str) -> None:
    shown = shop_page(name, language)
    for panel in (PORTRAIT, LANDSCAPE):
        assert findings(placed(shown, panel), panel) == []


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", BUILD)
def test_small_panels_do_not_break(name: str, language: str) -> None:
    for panel in SMALL:
        assert findings(placed(shop_page(name, language), panel), panel) == []


def wanted_keys(page: Page) -> set[str]:
    rows: tuple[tuple[Key, ...], ...] = (page.tools, *page.letters, (page.go,) if page.go else (), page.foot)
    return {key.id for row in rows for key in row if key.kind != "wait"}


LOOKS = [{}, {"low_reach": True}, {"large": True}, {"large": True, "low_reach": True}]


@pytest.mark.parametrize("look", LOOKS, ids=str)
@pytest.mark.parametrize("name", BUILD)
def test_every_key_of_a_page_is_placed_once(name: str, look: dict[str, bool]) -> None:
    shown = msgspec.structs.replace(shop_page(name), **look)
    for panel in (PORTRAIT, LANDSCAPE):
        found = [part.key.id for part in placed(shown, panel).parts if part.key]
        assert len(found) == len(set(found))
        assert wanted_keys(shown) <= set(found)


def test_the_sill_takes_no_more_than_two_fifths_of_portrait() -> None:
    sill = next(part for part in placed(SAMPLES["03-basket"](True), PORTRAIT).parts if part.id == "sill")
    assert 1920 - sill.marks[0].box.y <= 0.405 * 1920


def test_a_slip_keeps_its_newest_lines() -> None:
    page = SAMPLES["03-basket"](True)
    slip = page.blocks[0]
    many = msgspec.structs.replace(slip, lines=slip.lines * 4)  # type: ignore[union-attr]
    frame = placed(msgspec.structs.replace(page, blocks=(many,)), PORTRAIT)
    texts = frame.words()
    assert texts.count("Free-range eggs, 10") < 4
    assert texts[texts.index("Cherry tomatoes 250 g") - 4] == "Free-range eggs, 10"
    assert findings(frame, PORTRAIT) == []


def test_a_page_from_right_to_left_is_the_mirror_of_the_other() -> None:
    page = SAMPLES["03-basket"](False)
    plain = placed(page, LANDSCAPE)
    mirrored = placed(msgspec.structs.replace(page, rtl=True), LANDSCAPE)
    for one, other in zip(plain.parts, mirrored.parts, strict=True):
        for mark, twin in zip(one.marks, other.marks, strict=True):
            box = mark.box
            assert twin.box == Rect(1920 - box.right, box.y, box.w, box.h)


def test_the_linter_finds_what_is_wrong() -> None:
    page = SAMPLES["03-basket"](True)
    small = Panel((540, 960), (194, 344))
    assert findings(placed(page, small), PORTRAIT)
    wide = Key(id="wide", text="Donaudampfschifffahrtsgesellschaft", icon="find")
    frame = placed(msgspec.structs.replace(page, tools=(wide,) * 9), PORTRAIT)
    assert any("leaves" in finding for finding in findings(frame, PORTRAIT))


def test_numbers_that_change_in_place_keep_their_width() -> None:
    page = SAMPLES["05-weigh"](True)
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
