"""Every view in every language on both panels: nothing small, crowded, cut off, or left out."""

from itertools import chain

import pytest
from msgspec.structs import replace

from screens.layout import lay_out
from screens.lint import findings
from screens.text import Type
from screens.theme import Panel, theme
from screens.view import view
from tests.screens.states import BUILD
from tests.screens.test_views import LANGUAGES, seen

PANELS = {"portrait": Panel((1080, 1920), (194, 344)), "landscape": Panel((1920, 1080), (344, 194))}
TYPE = Type()
NAMES = [
    name for name in BUILD if not name.startswith("finder") and name not in ("access-all", "basket-large")
]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", NAMES)
def test_a_view_fits(name: str, language: str) -> None:
    page = view(*seen(name, language))
    wanted = {key.id for key in chain(page.tools, page.foot, *page.letters, [page.go] if page.go else [])}
    for panel in PANELS.values():
        frame = lay_out(page, panel, theme(page.theme, page.large), TYPE.measure)
        assert findings(frame, panel) == []
        waits = {page.go.id} if page.go and page.go.kind == "wait" else set()
        assert wanted - waits <= {part.key.id for part in frame.parts if part.key}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", BUILD)
def test_a_view_fits_in_large_text_with_few_keys(name: str, language: str) -> None:
    here, words_for, now = seen(name, language)
    page = view(replace(here, passing=replace(here.passing, large=True)), words_for, now)
    assert len(page.tools) <= 4 or not page.large
    for panel in PANELS.values():
        assert findings(lay_out(page, panel, theme(page.theme, page.large), TYPE.measure), panel) == []
