"""Keyboards and number pads on the sill."""

import re

from msgspec.structs import replace

from kiosk.text.bidi import turns
from screens.boxes import Box, Grid, Grow, Row, Size
from screens.keys import Dress, key_box
from screens.kit import Kit
from screens.pen import Pen
from screens.widgets import Dots, Field, Key, Page

ADDRESS = re.compile(r"[^@]+@[^@]+\.[a-z]{2,}")


def letters_box(kit: Kit, page: Page) -> Box:
    """A keyboard of rows, or a number pad; letters and digits that run from the left do so on any page."""
    box = unturned(kit, page)
    return (
        Unmirrored(box)
        if page.rtl and not any(turns(key.text) for row in page.letters for key in row)
        else box
    )


class Unmirrored(Box):
    """A box that stands as it does on a page from the left."""

    child: Box

    def need(self, pen: Pen, width: float) -> Size:
        return self.child.need(pen, width)

    def put(self, pen: Pen, x: float, y: float, w: float, h: float) -> None:
        with pen.upright(x, w):
            self.child.put(pen, x, y, w, h)


def unturned(kit: Kit, page: Page) -> Box:
    cells = tuple(ready(kit, page, key) for row in page.letters for key in row)
    if not is_keyboard(page):
        wide = max(len(row) for row in page.letters)
        high, size = (112 if kit.crowded else kit.pick(124, 132)), 72.0
        return Grid(tuple(letter_key(kit, key, high, size) for key in cells), wide)
    if kit.low and kit.portrait:
        return LowLetters(kit, cells, page.tools)
    if kit.portrait:
        return Grid(tuple(letter_key(kit, key, 112, 52) for key in cells), 7, gap=18)
    return SpannedLetters(kit, cells)


def is_keyboard(page: Page) -> bool:
    """Letters in long rows; otherwise a number pad."""
    return any(len(row) > 4 for row in page.letters)


def ready(kit: Kit, page: Page, key: Key) -> Key:
    """The key that sends a secret is off until all its digits are there, or the address looks like one."""
    field = next((block for block in page.blocks if isinstance(block, Field)), None)
    if field and key.kind == "go" and not ADDRESS.fullmatch(dict(kit.state.written).get(field.field, "")):
        return replace(key, off=True)
    dots = next((block for block in page.blocks if isinstance(block, Dots)), None)
    if dots and key.kind == "go" and dict(kit.state.typed).get(dots.field, 0) < (dots.least or dots.length):
        return replace(key, off=True)
    return key


class LowLetters(Box):
    """The keyboard of low reach: eight columns, and the tools, twice as wide, in its last row."""

    kit: Kit
    keys: tuple[Key, ...]
    tools: tuple[Key, ...]

    def rows(self) -> list[Row]:
        cells: list[Box] = [Grow(letter_key(self.kit, key, 112, 52)) for key in self.keys]
        dress = Dress(size=36, icon=48, pad=10, gap=12, high=112, centre=True)
        cells += [Grow(key_box(self.kit, key, dress), 2 + 17 / 115) for key in self.tools]
        whole = [Row(tuple(cells[at : at + 8]), 17, "stretch") for at in range(0, len(self.keys) - 7, 8)]
        return [*whole, Row(tuple(cells[8 * len(whole) :]), 17, "stretch")]

    def need(self, pen: Pen, width: float) -> Size:
        return width, 129 * len(self.rows()) - 17

    def put(self, pen: Pen, x: float, y: float, w: float, h: float) -> None:
        for row in self.rows():
            row.put(pen, x - 12, y, w + 24, 112)
            y += 129


class SpannedLetters(Box):
    """The keyboard of landscape: five columns, its last two keys twice as wide."""

    kit: Kit
    keys: tuple[Key, ...]

    def rows(self) -> list[Row]:
        cells = [Grow(letter_key(self.kit, key, 112, 52)) for key in self.keys]
        rows, at = [], 0
        while at < len(cells):
            last = len(cells) - at <= 3
            row = cells[at : at + (3 if last else 5)]
            if last and len(row) == 3:
                row = [row[0], Grow(row[1].child, 2.155), Grow(row[2].child, 2.155)]
            rows.append(Row(tuple(row), 17, "stretch"))
            at += len(row)
        return rows

    def need(self, pen: Pen, width: float) -> Size:
        return width, 129 * len(self.rows()) - 17

    def put(self, pen: Pen, x: float, y: float, w: float, h: float) -> None:
        for row in self.rows():
            row.put(pen, x - 16, y, w + 32, 112)
            y += 129


def letter_key(kit: Kit, key: Key, high: float, size: float) -> Box:
    """A key of the keyboard or the number pad: one sign in the middle."""
    big = key.icon == "" and len(key.text) > 1
    dress = Dress(
        size=40 if big and high < 120 else size,
        icon=60 if high < 120 else 72,
        pad=0,
        gap=0,
        high=high,
        centre=True,
    )
    if key.kind == "go":
        dress = Dress(size=size, icon=80, pad=0, gap=0, high=high, centre=True)
    return key_box(kit, key, dress)
