"""Letters of a receipt to the code page of the shop's printer, and what it lacks to dots.

Signs and Latin letters with foreign accents are spelled with letters that the page has, before lines are set,
so that columns stay true. Other scripts are drawn: their whole line becomes one small raster.
"""

import unicodedata

from msgspec.structs import replace

from drivers.printers import commands
from kiosk.text import right_to_left
from kiosk.text.bidi import bare
from kiosk.text.cells import clean, mirrored
from kiosk.text.receipt_lines import Row

SPELLED = {
    "\u00a0": " ", "\u2212": "-", "\u2010": "-", "\u2011": "-", "\u2012": "-", "\u2013": "-", "\u2014": "-",
    "\u2018": "'", "\u2019": "'", "\u201a": ",", "\u201b": "'", "\u201c": '"', "\u201d": '"', "\u201e": '"',
    "─": "-", "\u2039": "<", "\u203a": ">", "\u2026": "...", "\u2022": "*", "\u00d7": "x", "\u20ac": "EUR",
    "Œ": "OE", "œ": "oe", "Æ": "AE", "æ": "ae", "ß": "ss", "ẞ": "SS", "Ø": "O", "ø": "o", "Ł": "L", "ł": "l",
    "Đ": "D", "đ": "d", "Ħ": "H", "ħ": "h", "ı": "i", "ĸ": "k", "Ŋ": "N", "ŋ": "n", "Þ": "Th", "þ": "th",
}  # fmt: skip


class Page:
    """One code page, and fonts (paths of TTF files, best first) for what it lacks."""

    def __init__(self, number: int, fonts: tuple[str, ...] = ()) -> None:
        self.codec = commands.CODECS[number]
        self.select = commands.USA + commands.page(number)
        self._fonts = fonts

    def has(self, text: str) -> bool:
        try:
            bare(text).encode(self.codec)
        except UnicodeEncodeError:
            return False
        return True

    def spell(self, text: str) -> str:
        """The text without control characters, and Latin letters and signs as the page can write them."""
        return "".join(
            char if self.has(char) else self._spelled(char)
            for char in unicodedata.normalize("NFC", clean(text))
        )

    def _spelled(self, char: str) -> str:
        plain = SPELLED.get(char) or "".join(
            part for part in unicodedata.normalize("NFKD", char) if not unicodedata.combining(part)
        )
        return plain if plain and self.has(plain) else char

    def line(self, row: Row, columns: int, language: str = "en") -> bytes:
        """One set line as bytes: letters, or dots if it has letters from outside the page.

        In a language that runs from the right, what stands at the left goes to the right.
        """
        width = columns // 2 if row.big else columns
        rtl = right_to_left(language)
        text = (replace(row, right=row.right.rstrip(" ")) if rtl else row).text(width)
        if self.has(text):
            shown = mirrored(text, width) if rtl and not row.centred else text
            return commands.text(bare(shown), self.codec, strong=row.strong, big=row.big)
        from drivers.printers.raster import Style, drawn

        style = Style(self._fonts, language, row.strong, 2 if row.big else 1, row.centred)
        return commands.raster(*drawn(text, style, columns))
