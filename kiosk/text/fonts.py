"""Which font draws a stretch of text: Atkinson Hyperlegible, and Noto for other scripts and for the signs that
it lacks. Screens and paper draw the same runs.

Fonts come from packages (fontpkg-...), or from where Debian's fonts-noto packages put them; a file is looked
for when a character first needs it. Characters without a font are drawn as empty boxes; `drawable` lets the doctor
say so.
"""

from collections.abc import Iterator
from functools import cache, lru_cache
from importlib.util import find_spec
from pathlib import Path
from typing import NamedTuple
from unicodedata import category, normalize

from msgspec import Struct

from kiosk.text.bidi import bare, visual
from kiosk.text.cmap import covers

DEBIAN = (Path("/usr/share/fonts/truetype/noto"), Path("/usr/share/fonts/opentype/noto"))
JOINS = frozenset("\u200c\u200d\ufe0e\ufe0f")
FACES = {"ja": 0, "ko": 1, "zh": 2, "zh-TW": 3, "zh-HK": 4}
"""The face of the CJK collection that writes Chinese characters as a language's readers know them."""


class Family(Struct, frozen=True):
    """A font family: its package, its files' stem, its ISO 15924 script, and the characters it is for."""

    name: str
    package: str
    stem: str
    script: str = ""
    ranges: tuple[tuple[int, int], ...] = ()


class Run(NamedTuple):
    """A stretch of text that one font draws in one go, in the order in which it is read."""

    family: Family
    text: str
    right_to_left: bool

    @property
    def set_apart(self) -> bool:
        """Whether its letters may be moved one by one: those of other scripts join, or stand in squares."""
        return self.family is LATIN and not self.right_to_left


LATIN = Family("Atkinson Hyperlegible", "fontpkg_atkinson_hyperlegible", "AtkinsonHyperlegible")
CJK = Family("Noto Sans CJK", "fontpkg_noto_sans_cjk", "NotoSansCJK", "", (
    (0x2E80, 0x9FFF), (0xAC00, 0xD7AF), (0xF900, 0xFAFF), (0xFE30, 0xFE4F), (0xFF00, 0xFFEF),
    (0x20000, 0x323AF)))  # fmt: skip
FAMILIES = (
    Family("Noto Sans Arabic", "fontpkg_noto_sans_arabic", "NotoSansArabic", "Arab", (
        (0x0600, 0x06FF), (0x0750, 0x077F), (0x08A0, 0x08FF), (0xFB50, 0xFDFF), (0xFE70, 0xFEFF))),
    Family("Noto Sans Hebrew", "fontpkg_noto_sans_hebrew", "NotoSansHebrew", "Hebr", (
        (0x0590, 0x05FF), (0xFB1D, 0xFB4F))),
    Family("Noto Sans Devanagari", "fontpkg_noto_sans_devanagari", "NotoSansDevanagari", "Deva", (
        (0x0900, 0x097F), (0xA8E0, 0xA8FF))),
    CJK,
    Family("Noto Sans", "fontpkg_noto_sans", "NotoSans", "", ((0x0370, 0x052F), (0x1E00, 0x1FFF))),
)  # fmt: skip
SIGNS = (
    Family("Noto Sans Symbols", "fontpkg_noto_sans_symbols", "NotoSansSymbols"),
    Family("Noto Sans Symbols 2", "fontpkg_noto_sans_symbols_2", "NotoSansSymbols2"),
    Family("Noto Emoji", "fontpkg_noto_emoji", "NotoEmoji"),
    Family("DejaVu Sans", "fontpkg_dejavu_sans", "DejaVuSans"),
)
"""Asked for what no script's font has."""


@lru_cache(maxsize=2000)
def runs(text: str, base: int | None = None) -> tuple[Run, ...]:
    """A text from left to right, split where the font or the direction changes."""
    if text.isascii() and not base:
        return (Run(LATIN, text, False),)
    found: list[Run] = []
    for part in visual(text, base):
        stretch = list(_stretches(part.text, part.right_to_left))
        found += reversed(stretch) if part.right_to_left else stretch
    return tuple(found) or (Run(LATIN, "", False),)


def _stretches(text: str, right_to_left: bool) -> Iterator[Run]:
    held, start = LATIN, 0
    for at, sign in enumerate(text):
        family = family_of(sign) if at == 0 else _beside(held, sign)
        if family is not held and at > start:
            yield Run(held, text[start:at], right_to_left)
            start = at
        held = family
    if text:
        yield Run(held, text[start:], right_to_left)


def _beside(held: Family, sign: str) -> Family:
    """Marks stay with their letter, and signs of no script with what is before them, if its font has them."""
    if sign in JOINS:
        return held
    return held if category(sign)[0] not in "LN" and _draws(held, sign) else family_of(sign)


@cache
def family_of(character: str) -> Family:
    """The family that draws a character: its script's own, or the first that has it; Latin's box if none does."""
    code = ord(character)
    own = [each for each in FAMILIES if any(first <= code <= last for first, last in each.ranges)]
    others = (each for each in FAMILIES[:-1] if each not in own)
    choice = (*own, LATIN, FAMILIES[-1], *SIGNS, *others)
    return next((each for each in choice if _draws(each, character)), LATIN)


@cache
def _draws(family: Family, character: str) -> bool:
    """Whether its font has the character, or the letter and the marks that it is composed of."""
    found = face(family, False)
    signs = (character, normalize("NFD", character))
    return found is not None and any(all(covers(found.path, 0, each) for each in sign) for sign in signs)


class Face(NamedTuple):
    """A file that draws a family in a weight, and which face of it.

    `thin`: boldness must be painted, for want of a bold file.
    """

    path: Path
    number: int
    thin: bool


@cache
def face(family: Family, bold: bool, language: str = "") -> Face | None:
    """The face of a family: the package's own, or Debian's; None when neither is installed.

    A real bold file is taken before a variable one, which SDL draws in its regular weight only.
    """
    folders = () if family is LATIN else DEBIAN
    package = find_spec(family.package)
    if package and package.origin:
        folders = (Path(package.origin).parent / "files", *folders)
    index = face_of(language) if family is CJK else 0
    for weight in ("Bold", "Regular") if bold else ("Regular",):
        thin = bold and weight == "Regular"
        for folder in folders:
            files = sorted(folder.glob(f"{family.stem}-{weight}.[to]t[fc]"))
            files += sorted(folder.glob(f"{family.stem}[[]*.[to]tf")) if weight == "Regular" else []
            if files:
                return Face(files[0], index, thin)
    return None


def face_of(language: str) -> int:
    """Which face of a collection a language reads; the first for those that have none of their own."""
    return FACES.get(language, FACES.get(language.partition("-")[0], 0))


def drawable(text: str) -> bool:
    """Whether every sign of a text has a font that is installed."""
    return all(_draws(family_of(sign), sign) for sign in bare(text) if not sign.isspace())
