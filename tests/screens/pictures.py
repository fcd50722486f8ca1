"""The picture golden of each state: one small PNG, in a language, theme, look and panel that follow from its name, so
that over all states everything occurs with everything, and a new state changes no other one's picture."""

from pathlib import Path
from zlib import crc32

import pygame
from PIL import Image, ImageChops, ImageStat

from tests.conftest import ROOT
from tests.screens.matrix import BUILD, PANELS, THEMES, Shown, drawn, looks

GOLDEN = ROOT / "tests" / "golden" / "screens"
LANGUAGES = ("en", "fr", "de")
"""Of pictures: those whose letters every machine draws alike."""
OTHER_LETTERS = ("start", "language")
"""States that name languages in their own letters, whose fonts a machine may not have."""
REDUCED, COLOURS = 4, (32, 48, 64, 96, 128, 256)
DIFFERENT, OTHERWISE = 1.5, 3.0
"""Mean difference of a colour channel (0 to 255) from which on a picture is another one."""


def chosen(state: str) -> Shown:
    """How a state is drawn for its golden."""
    number = crc32(state.encode())
    number, look = divmod(number, 3 * len(looks(state)))
    number, theme = divmod(number, len(THEMES))
    number, panel = divmod(number, len(PANELS))
    return Shown(
        state,
        LANGUAGES[number % len(LANGUAGES)],
        looks(state)[look % len(looks(state))],
        THEMES[theme],
        list(PANELS)[panel],
    )


def image(shown: Shown) -> Image.Image:
    """The picture, in its panel's own pixels."""
    surface = drawn(shown)
    return Image.frombytes("RGB", surface.get_size(), pygame.image.tobytes(surface, "RGB"))


def reduced(shown: Shown) -> Image.Image:
    return image(shown).reduce(REDUCED)


def path(state: str) -> Path:
    return GOLDEN / f"{state}.png"


def keep(state: str) -> None:
    """Make what is drawn now the golden; it is left alone where it says the same."""
    if compared(state)[2] is None:
        return
    path(state).parent.mkdir(parents=True, exist_ok=True)
    whole = reduced(chosen(state))
    made = (whole.quantize(colours) for colours in COLOURS)
    few = next(each for each in made if difference(whole, each.convert("RGB")) < DIFFERENT / 2)
    few.save(path(state), optimize=True)


def difference(one: Image.Image, other: Image.Image) -> float:
    """Mean difference of a colour channel; 255 for pictures of two sizes."""
    if one.size != other.size:
        return 255
    return sum(ImageStat.Stat(ImageChops.difference(one, other)).mean) / 3


def compared(state: str) -> tuple[Image.Image | None, Image.Image, Image.Image | None]:
    """The golden, what is drawn now, and what differs; no last one where the two say the same."""
    after = reduced(chosen(state))
    if not path(state).exists():
        return None, after, after
    before = Image.open(path(state)).convert("RGB")
    most = OTHERWISE if state.startswith(OTHER_LETTERS) else DIFFERENT
    if difference(before, after) < most:
        return before, after, None
    same = before if before.size == after.size else before.resize(after.size)
    return before, after, ImageChops.invert(ImageChops.difference(same, after))


def unused() -> set[str]:
    """Goldens that no state has."""
    return {each.name for each in GOLDEN.iterdir()} - {path(state).name for state in BUILD}
