"""Dots for what a printer has no letters for: lines in other scripts, and the shop's logo. Loads Pillow."""

from functools import lru_cache
from pathlib import Path

from msgspec import Struct
from PIL import Image, ImageDraw, ImageFont, features

from kiosk.text import right_to_left
from kiosk.text.bidi import turns
from kiosk.text.cells import cells, chunks, clusters
from kiosk.text.cmap import covers
from kiosk.text.fonts import Face, Run, face, runs

CELL = (12, 24)  # font A of a printer with 203 dots per inch
LINE = 30  # dots from line to line, so that drawn lines keep the distance of printed ones
BASELINE = 22
LETTERS = 20  # dots of an em that fills a cell
SHAPES = ImageFont.Layout.RAQM if features.check("raqm") else ImageFont.Layout.BASIC
"""Without libfribidi letters of Arabic do not join; they still stand in their order."""


class Style(Struct, frozen=True):
    """How a line is drawn: the shop's own fonts (paths, asked first), its language, weight and size in cells."""

    fonts: tuple[str, ...] = ()
    language: str = "en"
    strong: bool = False
    scale: int = 1
    centred: bool = False


def drawn(text: str, style: Style, columns: int) -> tuple[bytes, int]:
    """The line as dots on the printer's own grid of cells, and its width in dots.

    What stands apart by two spaces and more keeps its columns: the first at the start, the others at their end.
    In a language that runs from the right the grid is turned round. A letter that no font has is an empty box.
    """
    wide, rtl = CELL[0] * style.scale, right_to_left(style.language)
    image = Image.new("1", (columns * CELL[0] + 7 & ~7, LINE * style.scale))
    across = columns // style.scale
    for column, chunk in chunks(text):
        room, strip = cells(chunk) * wide, _strip(chunk, style, rtl)
        if strip.width > room:
            strip = strip.resize((room, strip.height))
        spare = room - strip.width
        before = spare // 2 if style.centred else spare if column > across // 8 else 0
        left = column * wide + before
        image.paste(strip, (across * wide - left - strip.width if rtl else left, 0), strip)
    return image.tobytes(), image.width


def _strip(text: str, style: Style, rtl: bool) -> Image.Image:
    """The runs of a text side by side."""
    strips = [_of_run(run, style) for run in runs(text, 1 if rtl and turns(text) else 0)]
    whole = Image.new("1", (max(1, sum(strip.width for strip in strips)), LINE * style.scale))
    at = 0
    for strip in strips:
        whole.paste(strip, (at, 0))
        at += strip.width
    return whole


def _of_run(run: Run, style: Style) -> Image.Image:
    """A run of letters that join, in one go; Latin letter by letter, each in its cell, so that columns stay."""
    if not run.set_apart:
        font = _font(run, style)
        return _boxes(run.text, style) if font is None else _letters(run, font, style, 0)
    wide = CELL[0] * style.scale
    whole = Image.new("1", (max(1, cells(run.text) * wide), LINE * style.scale))
    at = 0
    for letter in clusters(run.text):
        one = Run(run.family, letter, False)
        room, font = cells(letter) * wide, _font(one, style)
        if letter.strip(" ") and room:
            strip = _boxes(letter, style) if font is None else _letters(one, font, style, room)
            whole.paste(strip, (at, 0))
        at += room
    return whole


def _letters(run: Run, font: ImageFont.FreeTypeFont, style: Style, room: int) -> Image.Image:
    """The run as dots, in the middle of so much room, or as wide as it is by itself."""
    text = run.text
    direction: str | None = "rtl" if run.right_to_left else "ltr"
    if SHAPES is ImageFont.Layout.BASIC:
        text = "".join(reversed([*clusters(text)])) if run.right_to_left else text
        direction = None
    length = int(font.getlength(text, direction=direction)) + 1
    strip = Image.new("1", (max(room, length), LINE * style.scale))
    pen = ImageDraw.Draw(strip)
    pen.fontmode = "1"
    place = ((max(room, length) - length) // 2, BASELINE * style.scale)
    pen.text(place, text, fill=1, font=font, anchor="ls", direction=direction)
    return strip.resize((room, strip.height)) if room and length > room else strip


def _font(run: Run, style: Style) -> ImageFont.FreeTypeFont | None:
    """The first of the shop's fonts that has the whole run, or that of its family; None if neither has."""
    own = (Face(Path(path), 0, False) for path in style.fonts)
    family = face(run.family, style.strong, style.language)
    for each in (*own, *([family] if family else [])):
        if all(sign == " " or _has(each, sign) for sign in run.text):
            return _opened(str(each.path), each.number, LETTERS * style.scale)
    return None


def _has(each: Face, sign: str) -> bool:
    return covers(each.path, each.number, sign)


@lru_cache(maxsize=32)
def _opened(path: str, index: int, size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(path, size, index=index, layout_engine=SHAPES)


def _boxes(text: str, style: Style) -> Image.Image:
    """What stands for letters that nobody can draw."""
    wide, high = CELL[0] * style.scale, CELL[1] * style.scale
    boxes = Image.new("1", (max(1, cells(text) * wide), LINE * style.scale))
    at, top = 0, (LINE - CELL[1]) // 2 * style.scale
    for letter in clusters(text):
        room = cells(letter) * wide
        if letter.strip(" ") and room:
            corner = (at + 1, top + high // 6, at + room - 3, top + high * 19 // 24)
            ImageDraw.Draw(boxes).rectangle(corner, outline=1, width=2)
        at += room
    return boxes


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
