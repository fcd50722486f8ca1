"""Which font file draws a character: Atkinson Hyperlegible, and Noto for other scripts. Files are found
when first needed.

Fonts come from packages (fontpkg-...), or from where Debian's fonts-noto packages put them. A script
without a font is named by `missing`, so that the doctor can say it; its characters are then drawn as empty
boxes.
"""

from functools import cache
from importlib.util import find_spec
from pathlib import Path

from msgspec import Struct

DEBIAN = (Path("/usr/share/fonts/truetype/noto"), Path("/usr/share/fonts/opentype/noto"))


class Family(Struct, frozen=True):
    """A font family: its package, its files' stem, and the ranges of characters it is for."""

    name: str
    package: str
    stem: str
    ranges: tuple[tuple[int, int], ...]


LATIN = Family("Atkinson Hyperlegible", "fontpkg_atkinson_hyperlegible", "AtkinsonHyperlegible", ())
FAMILIES = (
    Family("Noto Sans Arabic", "fontpkg_noto_sans_arabic", "NotoSansArabic", (
        (0x0600, 0x06FF), (0x0750, 0x077F), (0x08A0, 0x08FF), (0xFB50, 0xFDFF), (0xFE70, 0xFEFF))),
    Family("Noto Sans Hebrew", "fontpkg_noto_sans_hebrew", "NotoSansHebrew", (
        (0x0590, 0x05FF), (0xFB1D, 0xFB4F))),
    Family("Noto Sans Devanagari", "fontpkg_noto_sans_devanagari", "NotoSansDevanagari", ((0x0900, 0x097F),)),
    Family("Noto Sans CJK", "fontpkg_noto_sans_jp", "NotoSansCJK", (
        (0x2E80, 0x9FFF), (0xAC00, 0xD7AF), (0xF900, 0xFAFF), (0xFF00, 0xFFEF))),
    Family("Noto Sans", "fontpkg_noto_sans", "NotoSans", ((0x0370, 0x052F), (0x1E00, 0x1FFF))),
)  # fmt: skip
"""Scripts that Atkinson Hyperlegible does not have. Its own Latin covers all European languages of the
kiosk."""


@cache
def family_of(character: str) -> Family:
    """The family that draws a character."""
    code = ord(character)
    if code < 0x0370:
        return LATIN
    for family in FAMILIES:
        if any(first <= code <= last for first, last in family.ranges):
            return family
    return LATIN


@cache
def font_file(family: Family, bold: bool) -> Path | None:
    """The file of a family in a weight: the package's own, or Debian's; None when neither is installed."""
    weight = "Bold" if bold else "Regular"
    folders = () if family is LATIN else DEBIAN
    found = find_spec(family.package)
    if found and found.origin:
        folders = (Path(found.origin).parent / "files", *folders)
    for folder in folders:
        for pattern in (f"{family.stem}-{weight}.*", f"{family.stem}*.ttf"):
            files = sorted(folder.glob(pattern))
            if files:
                return files[0]
    return None


def missing() -> list[str]:
    """Families that are not installed."""
    return [family.name for family in (LATIN, *FAMILIES) if font_file(family, True) is None]
