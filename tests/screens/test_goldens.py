"""What the sample pages say and how they look, as kept in tests/golden/screens; KEEP=1 writes them anew."""

import os
from pathlib import Path

import pytest
from PIL import Image, ImageChops, ImageStat

from screens.screen import Screen
from screens.theme import Panel
from tests.screens.gallery import ONLY, PASSED_MS, SAMPLES, VARIANTS

GOLDEN = Path(__file__).resolve().parents[1] / "golden" / "screens"
PANELS = {"portrait": Panel((1080, 1920), (194, 344)), "landscape": Panel((1920, 1080), (344, 194))}
PINNED = {name: VARIANTS[name] for name in VARIANTS if not name.startswith(("23", "24"))}
"""Without the languages whose fonts a machine may not have."""
PAGES = SAMPLES | PINNED
CASES = [
    f"{name}-{orientation}"
    for name in PAGES
    for orientation in PANELS
    if ONLY.get(name, orientation) == orientation
]
LETTERS_OF_OTHER_SCRIPTS = {"01-start", "17-limits"}
"""Pages with words whose font a machine may not have; their pictures may differ there."""


def shown(case: str) -> Screen:
    name, _, orientation = case.rpartition("-")
    screen = Screen(PANELS[orientation])
    screen.show(PAGES[name](orientation == "portrait"), 0)
    if name == "14-pin":
        for digit in "123":
            screen.press(digit)
    if name == "19-email":
        for sign in "ada@tilleul":
            screen.press(sign)
    screen.settle(PASSED_MS.get(name, 0))
    return screen


@pytest.mark.parametrize("case", CASES)
def test_a_page_says_and_looks_what_was_agreed(case: str, tmp_path: Path) -> None:
    screen = shown(case)
    text = "\n".join(screen.words()) + "\n"
    screen.png(tmp_path / "page.png")
    picture = Image.open(tmp_path / "page.png").convert("RGB").reduce(4)
    words, small = GOLDEN / f"{case}.txt", GOLDEN / f"{case}.png"
    if os.environ.get("KEEP"):
        GOLDEN.mkdir(parents=True, exist_ok=True)
        words.write_text(text)
        picture.quantize(64).save(small, optimize=True)
    assert words.read_text() == text
    kept = Image.open(small).convert("RGB")
    assert kept.size == picture.size
    difference = sum(ImageStat.Stat(ImageChops.difference(kept, picture)).mean) / 3
    limit = 3.0 if case.rpartition("-")[0] in LETTERS_OF_OTHER_SCRIPTS else 1.5
    assert difference < limit, f"{case} differs by {difference:.2f} of 255"


def test_no_golden_is_left_over() -> None:
    assert {path.stem for path in GOLDEN.iterdir()} == set(CASES)
