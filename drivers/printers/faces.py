"""Font files for what a printer has no letters for: the shop's own first, then what is installed on the machine."""

from functools import cache
from importlib.util import find_spec
from pathlib import Path

PACKAGES = (
    "fontpkg_atkinson_hyperlegible",
    "fontpkg_noto_sans",
    "fontpkg_noto_sans_arabic",
    "fontpkg_noto_sans_hebrew",
    "fontpkg_noto_sans_devanagari",
    "fontpkg_noto_sans_jp",
    "fontpkg_noto_sans_kr",
    "fontpkg_noto_emoji",
)
DEBIAN = ("truetype/noto", "opentype/noto", "truetype/dejavu")
STEMS = (
    "NotoSans-Regular", "NotoSansArabic-Regular", "NotoSansHebrew-Regular", "NotoSansDevanagari-Regular",
    "NotoSansCJK-Regular", "NotoEmoji-Regular", "DejaVuSans",
)  # fmt: skip


@cache
def installed() -> tuple[str, ...]:
    """Regular faces of the font packages and of Debian's, best first; the Latin one is always among them."""
    found: list[Path] = []
    for package in PACKAGES:
        spec = find_spec(package)
        if spec and spec.origin:
            files = sorted((Path(spec.origin).parent / "files").glob("*.[to]tf"))
            regular = [file for file in files if "Regular" in file.name] or files
            found += regular[:1]
    for folder in DEBIAN:
        for stem in STEMS:
            found += sorted((Path("/usr/share/fonts") / folder).glob(f"{stem}.*"))[:1]
    return tuple(map(str, found))
