"""Every state in every language and look, in all themes, on every panel: the linter finds nothing, every key has its
place, and what the sizes say is as it was written down.

Here each state is looked at in one language; MATRIX=whole, which .ci/run sets, takes all. UPDATE_GOLDENS=1 writes.
"""

import os
from itertools import chain, product
from zlib import crc32

import pytest

from kiosk.text import languages
from screens.lint import findings
from screens.marks import Frame
from screens.widgets import Page
from tests.screens import pictures, sizes
from tests.screens.matrix import BUILD, LOOKS, PANELS, THEMES, Shown, looks, page, placed

WHOLE = os.environ.get("MATRIX") == "whole"
UPDATE = bool(os.environ.get("UPDATE_GOLDENS"))
THEMED = ("portrait", "landscape")
"""The panels on which the other themes are looked at: colours move nothing but the line between sill and counter."""


def spoken(state: str) -> tuple[str, ...]:
    """The languages in which a state is looked at: one, another one for each state, or all."""
    found = languages()
    return found if WHOLE else (found[crc32(state.encode()) % len(found)],)


@pytest.mark.parametrize("state", BUILD)
def test_every_size_and_look_of_a_state(state: str) -> None:
    found = []
    for language in spoken(state):
        frames: dict[tuple[str, str], Frame] = {}
        for look, panel in product(looks(state), PANELS):
            shown = Shown(state, language, look, "light", panel)
            frames[look, panel] = placed(shown)
            found += wrong(shown, frames[look, panel])
        text = sizes.section(frames)
        if UPDATE:
            sizes.keep(state, language, text)
        assert sizes.kept(state).get(language) == text, f"UPDATE_GOLDENS=1 writes {language} of {state} anew"
    assert found == []


@pytest.mark.parametrize("state", BUILD)
def test_every_theme_of_a_state(state: str) -> None:
    found = []
    ways = [
        Shown(state, "de", look, theme, panel)
        for look, theme, panel in product(looks(state), THEMES[1:], THEMED)
    ]
    for shown in ways if WHOLE else [ways[crc32(state.encode()) % len(ways)]]:
        found += wrong(shown, placed(shown))
    assert found == []


def wrong(shown: Shown, frame: Frame) -> list[str]:
    """What the linter finds, and keys that have no place or two."""
    found = findings(frame, PANELS[shown.panel])
    keys = [part.key.id for part in frame.parts if part.key]
    if len(keys) != len(set(keys)):
        found.append(f"a key is there twice: {keys}")
    if lost := wanted_keys(frame.page) - set(keys):
        found.append(f"no place for {lost}")
    return [f"{shown}: {each}" for each in found]


def wanted_keys(shown: Page) -> set[str]:
    rows = (shown.tools, *shown.letters, (shown.go,) if shown.go else (), shown.foot)
    return {key.id for key in chain.from_iterable(rows) if key.kind != "wait"}


@pytest.mark.parametrize("state", BUILD)
def test_a_look_changes_no_price_and_no_step(state: str) -> None:
    normal = page(state)
    for look in LOOKS:
        shown = page(state, "en", look)
        most = {"access": 5, "language": 6}.get(shown.name, 4)
        assert len(shown.tools) <= most or not shown.large
        assert (
            shown.head.tone != "shop" or shown.name == "access" or "access" in {key.id for key in shown.foot}
        )
        if normal.total and shown.total:
            assert shown.total.amount == normal.total.amount
        assert (shown.go and shown.go.sends) == (normal.go and normal.go.sends)


@pytest.mark.parametrize("state", BUILD)
def test_a_state_looks_as_it_did(state: str) -> None:
    if UPDATE:
        pictures.keep(state)
    before, _, difference = pictures.compared(state)
    assert before is not None, "UPDATE_GOLDENS=1 draws it"
    assert difference is None, f"{pictures.chosen(state)} looks different: make gallery shows how"


def test_no_golden_is_left_over() -> None:
    assert pictures.unused() == set()
    assert sizes.unused() == set()


def test_over_all_pictures_everything_occurs_with_everything() -> None:
    seen = [pictures.chosen(state) for state in BUILD]
    assert {(one.theme, one.panel) for one in seen} == set(product(THEMES, PANELS))
    assert {(one.look, one.panel) for one in seen} == set(product(LOOKS, PANELS))
    assert {(one.language, one.theme) for one in seen} == set(product(pictures.LANGUAGES, THEMES))
