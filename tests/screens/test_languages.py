"""Every language on every page: the basket stays when it changes, and pages that run from the right are mirrored."""

from functools import lru_cache

import pytest
from msgspec.structs import replace

from kiosk.checkout.effects import Fade, Remind
from kiosk.checkout.events import LanguageChosen
from kiosk.checkout.step import step
from kiosk.text import PSEUDO, Words, languages
from kiosk.text.bidi import bare
from screens.layout import lay_out
from screens.lint import findings
from screens.marks import Frame, Glyphs
from screens.text import Type
from screens.theme import Panel, theme
from screens.view import view
from screens.widgets import Page
from tests.screens.look import PANELS
from tests.screens.states import BUILD, session
from tests.screens.states.languages import SIXTEEN

TYPE = Type()
words_for = lru_cache(Words)
SAMPLE = (
    "start", "basket-long", "finder", "weigh-stable", "bag-heavier", "pay-checking", "receipt", "staff-unsold", "pin",
    "refund-chosen", "limits", "language-sixteen",
)  # fmt: skip


def page(name: str, language: str) -> Page:
    here, now = session(name, language)
    return view(here, words_for, now)


def placed(shown: Page, panel: Panel) -> Frame:
    return lay_out(shown, panel, theme(shown.theme, shown.large), TYPE.measure)


@pytest.mark.parametrize("name", BUILD)
def test_another_language_changes_nothing_but_the_words(name: str) -> None:
    here, now = session(name)
    for language in SIXTEEN:
        after, effects = step(here, LanguageChosen(language), now)
        assert all(isinstance(each, Remind | Fade) for each in effects), (
            "whoever chooses is here: her time begins anew"
        )
        assert after.kept == replace(here.kept, language=language)


@pytest.mark.parametrize("panel", PANELS)
@pytest.mark.parametrize("language", [*(each for each in languages() if Words(each).rtl), PSEUDO])
def test_a_page_fits_mirrored_and_stretched(language: str, panel: str) -> None:
    for name in SAMPLE:
        assert findings(placed(page(name, language), PANELS[panel]), PANELS[panel]) == [], name


def x_of(frame: Frame, text: str) -> int:
    """Where a text begins on the panel."""
    marks = [mark for part in frame.parts for mark in part.marks if isinstance(mark, Glyphs)]
    return next(mark.box.x for mark in marks if bare(mark.text) == text)


def test_pages_are_mirrored_and_keyboards_are_not() -> None:
    panel = PANELS["landscape"]
    english, hebrew = placed(page("pin", "en"), panel), placed(page("pin", "he"), panel)
    assert x_of(english, "1") > panel.px[0] // 2 > x_of(hebrew, "1"), "the sill changes sides"
    for frame in (english, hebrew):
        assert x_of(frame, "1") < x_of(frame, "2") < x_of(frame, "3")
    letters, address = placed(page("finder", "ar"), panel), placed(page("email", "ar"), panel)
    assert x_of(letters, "ا") > x_of(letters, "ب") and x_of(address, "a") < x_of(address, "b")


def test_a_name_keeps_its_direction_on_a_page_that_has_another() -> None:
    panel = PANELS["landscape"]
    frame = placed(page("finder-typed", "ar"), panel)
    assert x_of(frame, "Cherry ") < x_of(frame, "matoes")


def test_a_language_that_nobody_has_written_yet_is_english() -> None:
    assert page("basket", "en").blocks == replace(page("basket", "tlh"), language="en").blocks
