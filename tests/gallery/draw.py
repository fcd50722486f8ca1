"""The pictures of the gallery: one process draws one set at a time."""

from pathlib import Path

from tests.screens import pictures
from tests.screens.matrix import Shown, looks

QUALITY = 82


def draw(job: tuple[tuple[str, str, str, str], list[str], Path]) -> int:
    """Draw one set, at half its size; gives how many pictures that made."""
    (language, theme, look, panel), states, out = job
    folder = out / "-".join((language, theme, look, panel))
    folder.mkdir()
    made = 0
    for state in states:
        if look in looks(state):
            picture = pictures.image(Shown(state, language, look, theme, panel)).reduce(2)
            picture.save(folder / f"{state}.webp", quality=QUALITY, method=2)
            made += 1
    return made


def differing(job: tuple[str, Path]) -> str:
    """Write the three pictures of a golden that differs, and give its state; or nothing."""
    state, out = job
    before, after, difference = pictures.compared(state)
    if difference is None:
        return ""
    (out / "changed").mkdir(exist_ok=True)
    for name, picture in (("before", before), ("after", after), ("difference", difference)):
        if picture is not None:
            picture.save(out / "changed" / f"{state}-{name}.png")
    return state
