"""Dots for what a printer has no letters for: lines in other scripts, and the shop's logo. Loads Pillow."""

import re
import unicodedata
from functools import lru_cache

from PIL import Image, ImageDraw, ImageFont

from drivers.printers.faces import installed
from kiosk.text.cells import cells, clusters

CELL = (12, 24)  # font A of a printer with 203 dots per inch
LINE = 30  # dots from line to line, so that drawn lines keep the distance of printed ones
NOBODY_HAS = "\U0010ffff"


class Font:
    """A face at the size that fits a cell `height` dots high."""

    def __init__(self, path: str, height: int) -> None:
        self.face = ImageFont.truetype(path, height * 20 // 24)
        self.baseline = height * 19 // 24
        self._missing = bytes(self.face.getmask(NOBODY_HAS))

    def covers(self, text: str) -> bool:
        return all(char == " " or bytes(self.face.getmask(char)) != self._missing for char in text)

    def has(self, letter: str) -> bool:
        """Whether it has a letter that stands alone: a mark without its letter is none."""
        return not unicodedata.category(letter[0]).startswith("M") and self.covers(letter)


font = lru_cache(maxsize=32)(Font)


def drawn(text: str, fonts: tuple[str, ...], columns: int, scale: int = 1) -> tuple[bytes, int]:
    """The line as dots on the printer's own grid of cells, and its width in dots.

    `scale` 2 is twice as wide and high. `fonts` are asked first; a letter that no font has is an empty box.
    """
    wide, high = CELL[0] * scale, CELL[1] * scale
    image = Image.new("1", (columns * CELL[0] + 7 & ~7, LINE * scale))
    column = 0
    for run in _runs(text):
        for piece, face in _faces(run, fonts, high):
            room = cells(piece) * wide
            if piece.strip(" ") and room:
                strip = _strip(piece, face, room, high) if face else _box(room, high)
                image.paste(strip, (column, (LINE - CELL[1]) // 2 * scale))
            column += room
    return image.tobytes(), image.width


def _faces(run: str, fonts: tuple[str, ...], high: int) -> list[tuple[str, Font | None]]:
    """The run with the first font that has all of it, or letter by letter with the first that has each, if any."""
    choice = [font(path, high) for path in (*fonts, *installed())]
    whole = next((each for each in choice if each.covers(run)), None)
    if whole is not None or len(run) == 1:
        return [(run, whole)]
    letters = list(clusters(run))
    if _is_rtl(run):
        letters.reverse()
    return [(letter, next((each for each in choice if each.has(letter)), None)) for letter in letters]


def _strip(run: str, chosen: Font, room: int, high: int) -> Image.Image:
    length = int(chosen.face.getlength(run)) + 1
    strip = Image.new("1", (max(room, length), high))
    pen = ImageDraw.Draw(strip)
    pen.fontmode = "1"
    left = max(0, room - length) // 2 if len(run) == 1 else 0
    pen.text((left, chosen.baseline), run, fill=1, font=chosen.face, anchor="ls")
    return strip if strip.width == room else strip.resize((room, high))


def _box(room: int, high: int) -> Image.Image:
    """What stands for a letter that nobody can draw."""
    box = Image.new("1", (room, high))
    ImageDraw.Draw(box).rectangle((1, high // 6, room - 3, high * 19 // 24), outline=1, width=2)
    return box


def _runs(text: str) -> list[str]:
    """What is drawn in one go, from left to right as seen.

    Latin letter by letter, so that columns stay; anything else word by word, so that scripts can join. From the
    first to the last right-to-left letter the words run the other way, Latin and numbers in between as they are.
    """
    turned = [i for i, char in enumerate(text) if _is_rtl(char)]
    if not turned:
        return _words(text)
    first, last = turned[0], turned[-1] + 1
    parts = re.split(r"( +)", text[first:last])
    groups: list[list[str]] = []
    for part in parts:
        alike = groups and (part.isspace() or _is_rtl(part) == _is_rtl("".join(groups[-1])))
        groups[-1:] = [[*groups[-1], part]] if alike else [*groups[-1:], [part]]
    seen = [run for group in reversed(groups) for run in _group(group)]
    return [*_words(text[:first]), *seen, *_words(text[last:])]


def _group(parts: list[str]) -> list[str]:
    """Words of one direction: to the left word by word from the last, to the right as they come."""
    if _is_rtl("".join(parts)):
        return list(reversed(parts))
    words = "".join(parts).rstrip(" ")
    return [" " * (len("".join(parts)) - len(words)), *_words(words)]


def _is_rtl(text: str) -> bool:
    return any(unicodedata.bidirectional(char) in ("R", "AL") for char in text)


def _words(text: str) -> list[str]:
    runs: list[str] = []
    for char in text:
        if runs and char >= "\u0300" and runs[-1][-1] >= "\u0300":
            runs[-1] += char
        else:
            runs.append(char)
    return runs


def logo(path: str, dots: int) -> tuple[bytes, int]:
    """A picture in black dots, at most `dots` wide, and its width. Raises OSError if it cannot be read."""
    with Image.open(path) as picture:
        flat = Image.new("RGBA", picture.size, "white")
        flat.alpha_composite(picture.convert("RGBA"))
    grey = flat.convert("L")
    if grey.width > dots:
        grey = grey.resize((dots, grey.height * dots // grey.width))
    padded = Image.new("L", (grey.width + 7 & ~7, grey.height), 255)
    padded.paste(grey)
    return padded.point(lambda level: 255 - level).convert("1").tobytes(), padded.width
