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
        return pad_box(kit, cells, bool(kit.flat) or (kit.large and not kit.portrait and len(page.tools) > 2))
    if kit.portrait:
        return Lines(kit, cells, 8 if -(-len(cells) // 8) < -(-len(cells) // 7) else 7)
    return SpannedLetters(kit, cells)


def pad_box(kit: Kit, cells: tuple[Key, ...], flat: bool) -> Box:
    """Digits as on a telephone; where room is needed below, what stands beside the 0 goes to the end side."""
    wide = 3
    if flat and 9 < len(cells) < 13:
        wide, rows = 4, ((cells[at : at + 3], cells[9 + at // 3 : 10 + at // 3]) for at in (0, 3, 6))
        cells = tuple(key for three, last in rows for key in (*three, *last))
    high = 112 if kit.crowded or kit.portrait else 132
    return Grid(tuple(letter_key(kit, key, high, 72) for key in cells), wide)


def band_letters(kit: Kit, page: Page, width: float, most: int) -> tuple[Box, tuple[Key, ...]]:
    """Low reach in landscape: letters in at most so many rows, or digits in two; and the keys that are left over."""
    cells = tuple(ready(kit, page, key) for row in page.letters for key in row)
    if not is_keyboard(page):
        cells = (*cells[:9], cells[10], cells[9], cells[11]) if len(cells) == 12 else cells
        return Grid(tuple(letter_key(kit, key, 112, 72) for key in cells), 6), ()
    columns = int((width + 17) / (112 + 17))
    rows = min(most, -(-len(cells) // columns))
    if rows * columns >= len(cells):
        columns = -(-len(cells) // rows)
    return Lines(kit, cells[: rows * columns], columns), cells[rows * columns :]


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


class Lines(Box):
    """A keyboard in rows of so many keys; the last ones share their row."""

    kit: Kit
    keys: tuple[Key, ...]
    columns: int

    def rows(self) -> list[Row]:
        cells = tuple(Grow(letter_key(self.kit, key, 112, 52)) for key in self.keys)
        starts = range(0, len(cells), self.columns)
        return [Row(cells[at : at + self.columns], 17, "stretch") for at in starts]

    def need(self, pen: Pen, width: float) -> Size:
        return width, 129 * len(self.rows()) - 17

    def put(self, pen: Pen, x: float, y: float, w: float, h: float) -> None:
        for row in self.rows():
            row.put(pen, x, y, w, 112)
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
    size = max(size, kit.size("body"))
    dress = Dress(
        size=kit.size("body") if big and high < 120 else size,
        icon=60 if high < 120 else 72,
        pad=0,
        gap=0,
        high=high,
        centre=True,
    )
    if key.kind == "go":
        dress = Dress(size=size, icon=80, pad=0, gap=0, high=high, centre=True)
    return key_box(kit, key, dress)
