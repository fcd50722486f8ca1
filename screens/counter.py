"""What stands on the counter beside the slip: headlines, pictures, secret dots, QR code, devices."""

from collections.abc import Sequence

from screens.boxes import (
    Box,
    Card,
    Column,
    Grow,
    Icon,
    Mark,
    Named,
    Place,
    Row,
    Size,
    Space,
    Symbol,
    Words,
)
from screens.kit import HEADLINES, Kit, gap
from screens.paper import Paper, Rule
from screens.paragraph import Run
from screens.pen import Font, Pen
from screens.widgets import Dots, Hero, Picture, QrCode, Table

SHELF = {"loaf": 210, "milk": 280, "tomato": 160, "wine": 330, "cheese": 200, "bottle": 290, "apple": 150}
"""The groceries that stand on the sill at start, with their sizes."""


class Fitted(Box):
    """Big lines, made smaller until the longest of them fits."""

    words: Words

    def shrunk(self, pen: Pen, width: float) -> Words:
        wide = self.words.takes(pen, 1e6)[0]
        if wide <= width:
            return self.words
        run = self.words.runs[0]
        font = Font(int(run.font.size * width / wide), run.font.bold, run.font.tracking, run.font.cells)
        return Words((Run(run.text, font, run.colour, run.line),), self.words.high, self.words.align)

    def fit(self, pen: Pen, width: float) -> Size:
        return self.shrunk(pen, width).takes(pen, width)

    def put(self, pen: Pen, x: float, y: float, w: float, h: float) -> None:
        self.shrunk(pen, w).put(pen, x, y, w, h)


def hero_box(kit: Kit, hero: Hero, align: str = "start", one_line: bool = False) -> Box:
    """A headline with its explanation."""
    p = kit.palette
    style = HEADLINES.get(hero.size, HEADLINES["title"])
    quiet = p.ink if hero.strong else p.ink_2
    px = 96.0 if one_line else 0
    lines = kit.hero_lines(hero, align, px)
    parts: list[Box] = [Fitted(lines) if isinstance(lines, Words) else lines]
    if hero.amount:
        amount = kit.words(hero.amount, kit.pick(230, 196), True, high=1.1, align=align, tracking=-6)
        parts.append(Fitted(amount))
    if hero.text:
        below = kit.pick(*style.below)
        parts += [gap(below), kit.words(hero.text, "lead", colour=quiet, align=align)]
    if hero.marker:
        words = kit.words(hero.marker, kit.pick(88, 80), True, p.on_save)
        parts += [gap(kit.pick(70, 30)), Row((Mark(words, p.save, (14, 34, 20, 34), 16),))]
    if hero.after:
        parts += [gap(30), kit.words(hero.after, "lead", align=align)]
    if hero.quiet:
        parts += [gap(10), kit.words(hero.quiet, "lead", colour=p.ink_2, align=align)]
    column = Column(tuple(parts), 0)
    whole: Box = column
    if hero.icon:
        whole = Row((kit.round(hero.icon, size=64, stroke=2.6), Grow(column)), 32)
    return Named(f"hero:{hero.lines[0]}", whole, "counter")


class Overlay(Box):
    """A child in front of another one; it may move by some pixels to the end side and down."""

    back: Box
    front: Box
    right: float = 0
    down: float = 0

    def fit(self, pen: Pen, width: float) -> Size:
        return self.back.takes(pen, width)

    def put(self, pen: Pen, x: float, y: float, w: float, h: float) -> None:
        self.back.put(pen, x, y, w, h)
        wide, high = self.front.takes(pen, w)
        self.front.put(pen, x + w - wide - self.right, y + self.down, wide, high)


def shelf_box(kit: Kit, names: Sequence[str], share: float) -> Box:
    """Groceries standing on the sill."""
    row = Row(tuple(kit.standing(name, SHELF[name] * share) for name in names), 0, "end", "centre")
    return Named("shelf", row, "counter")


def picture_box(kit: Kit, picture: Picture, beside_slip: bool) -> Box:
    """A drawing by its name."""
    name = picture.name
    if name == "shelf":
        names = [each for each in SHELF if kit.portrait is False or each != "bottle"]
        share = kit.pick(0.7, 0.5) if beside_slip else kit.pick(0.74, 0.72)
        return shelf_box(kit, names, share)
    if name == "first_product":
        milk, scan = kit.pick(400, 290), kit.pick(250, 140)
        pair = (Symbol("milk", milk), Icon("scan", scan, kit.palette.ink, 1.3))
        return Named("first", Row(pair, kit.pick(70, 0), justify="centre"), "counter")
    if name == "terminal":
        return Named("terminal", Terminal(kit, picture), "counter")
    bag: Box = kit.standing("tote", kit.pick(380, 300))
    caption = kit.words(picture.caption, "note", colour=kit.palette.ink_2)
    lifted = Column((caption, gap(kit.pick(28, 26))), 0)
    row = Row((Space(30), bag, Grow(Space()), lifted), 0, "end")
    return Named("bag", row, "counter")


def farewell_box(kit: Kit) -> Box:
    """The packed bag at the end."""
    things = [kit.standing("tote", kit.pick(420, 350)), kit.standing("apple", kit.pick(150, 120))]
    if kit.portrait:
        things.insert(0, kit.standing("milk", 250))
    return Named("bag", Row(tuple(things), 0, "end", "centre"), "counter")


class Terminal(Box):
    """The card terminal, with what it shows; drawn on a grid of 300 x 440."""

    kit: Kit
    picture: Picture
    on_sill: bool = False

    def wide(self) -> float:
        return 330 if self.on_sill else self.kit.pick(400, 380)

    def fit(self, pen: Pen, width: float) -> Size:
        return self.wide(), self.wide() * 440 / 300 + (0 if self.on_sill else self.kit.pick(90, 60))

    def put(self, pen: Pen, x: float, y: float, w: float, h: float) -> None:
        kit, p = self.kit, self.kit.palette
        unit = self.wide() / 300
        x += (w - self.wide()) / 2
        if not self.on_sill:
            size = kit.pick(130, 112)
            y += kit.pick(90, 60)
            pen.sign(
                x + self.wide() / 2 - size / 2, y - kit.pick(104, 92), size, "contactless", p.ink, 2, -90
            )

        def plate(left: float, top: float, wide: float, high: float, *look: object) -> None:
            pen.plate(x + left * unit, y + top * unit, wide * unit, high * unit, *look)  # type: ignore[arg-type]

        edge = (p.sill_edge, 4 * unit) if self.on_sill else (None, 0)
        grow = 2 if self.on_sill else 0
        plate(8 - grow, 8 - grow, 284 + 2 * grow, 424 + 2 * grow, p.sill, 34 * unit, *edge)
        plate(36, 40, 228, 150, p.paper, 14 * unit)
        for text, size, bold, base in (
            (self.picture.amount, 44, True, 100),
            (self.picture.caption, 30, False, 152),
        ):
            if text:
                words = kit.words(text, size * unit, bold, align="centre", high=1.24)
                words.put(pen, x + 40 * unit, y + (base - 0.95 * size) * unit, 220 * unit, 1.24 * size * unit)
        for row in range(4):
            for column in range(3):
                plate(51 + column * 70, 213 + row * 50, 58, 38, p.sill_key, 11 * unit, p.sill_edge, 2 * unit)


def dots_box(kit: Kit, dots: Dots) -> Box:
    """Circles for the digits of a secret, filled as they are typed."""
    typed = dict(kit.state.typed).get(dots.field, 0)
    circles = Circles(kit, min(typed, dots.length), dots.length)
    parts: list[Box] = [Named(f"dots:{dots.field}", circles, "counter")]
    if dots.wrong:
        parts.append(Named(f"wrong:{dots.field}", kit.words(dots.wrong, "lead", True), "counter"))
    return Column(tuple(parts), 28)


class Circles(Box):
    """Discs and rings of 76 px."""

    kit: Kit
    filled: int
    total: int

    def fit(self, pen: Pen, width: float) -> Size:
        return self.total * 108 - 32, 76

    def put(self, pen: Pen, x: float, y: float, w: float, h: float) -> None:
        p = self.kit.palette
        for number in range(self.total):
            if number < self.filled:
                pen.plate(x + 108 * number, y, 76, 76, p.ink, 38)
            else:
                pen.plate(x + 108 * number, y, 76, 76, p.counter, 38, p.edge, 5)


class Code(Box):
    """A QR code with its quiet zone."""

    rows: tuple[str, ...]
    size: float

    def fit(self, pen: Pen, width: float) -> Size:
        return self.size, self.size

    def put(self, pen: Pen, x: float, y: float, w: float, h: float) -> None:
        pen.squares(x + (w - self.size) / 2, y, self.size, self.rows)


def qr_box(kit: Kit, code: QrCode) -> Box:
    """A QR code on paper, with what it is for."""
    align = "centre" if kit.portrait else "start"
    words = Column(
        (
            kit.words(code.title, 64, True, high=1.1, align=align),
            gap(14),
            kit.words(code.text, "lead", align=align),
        ),
        0,
    )
    square = Code(code.rows, kit.pick(560, 480))
    inner: Box
    if kit.portrait:
        inner = Card(Column((square, words), 32), (56, 44, 64, 44))
    else:
        inner = Card(Row((square, Grow(words)), 52), (36, 52, 36, 52))
    return Paper(kit, inner)


def table_box(kit: Kit, table: Table) -> Box:
    """Devices and versions, for technicians."""
    pad = (30.0, 30.0, 40.0, 30.0) if kit.portrait else (12.0, 32.0, 20.0, 32.0)
    pairs = tuple(
        Column(
            (kit.words(name, "note", colour=kit.palette.ink_2), kit.words(value, kit.pick(38, 34), True)), 0
        )
        for name, value in table.pairs
    )
    parts: list[Box] = [DeviceRows(kit, table)]
    if pairs:
        columns = 2 if kit.portrait else 3
        parts += [gap(kit.pick(44, 14)), Pairs(pairs, columns, kit.pick(26, 8))]
    return Paper(kit, Card(Column(tuple(parts), 0), pad))


class Pairs(Box):
    """Names and values in columns as wide as they need, the rest shared."""

    cells: tuple[Box, ...]
    columns: int
    row_gap: float

    def rows(self) -> list[tuple[Box, ...]]:
        return [self.cells[at : at + self.columns] for at in range(0, len(self.cells), self.columns)]

    def fit(self, pen: Pen, width: float) -> Size:
        heights = [max(cell.takes(pen, width)[1] for cell in row) for row in self.rows()]
        return width, sum(heights) + self.row_gap * (len(heights) - 1)

    def put(self, pen: Pen, x: float, y: float, w: float, h: float) -> None:
        rows = self.rows()
        widths = [max(row[n].takes(pen, w)[0] for row in rows if n < len(row)) for n in range(self.columns)]
        spare = (w - sum(widths) - 40 * (self.columns - 1)) / self.columns
        for row in rows:
            left = x
            high = max(cell.takes(pen, w)[1] for cell in row)
            for cell, wide in zip(row, widths, strict=False):
                cell.put(pen, left, y, wide + spare, high)
                left += wide + spare + 40
            y += high + self.row_gap


class DeviceRows(Box):
    """A table whose columns are as wide as their widest cell, and share what is left in proportion."""

    kit: Kit
    table: Table

    def cell(self, text: str, column: int) -> Box:
        kit, p = self.kit, self.kit.palette
        size = kit.pick(28, 32)
        last = column == len(self.table.header) - 1
        if last and text.startswith("!"):
            words = kit.words(text[1:], "small" if not kit.portrait else 28, True, p.paper)
            return Row((Card(words, (1, 12, 3, 12), p.ink, 7),))
        if last:
            icon = "check" if not any(sign.isdigit() for sign in text) else "clock"
            stroke = 3 if icon == "check" else 2.4
            lamp = Row((kit.icon(icon, 34, stroke=stroke), kit.words(text, size, True)), 14)
            return Card(lamp, (4, 0, 4, 0))
        return kit.words(text, size, column == 0)

    def rows(self) -> list[list[Box]]:
        head: list[Box] = [
            self.kit.words(text, "note", colour=self.kit.palette.ink_2) for text in self.table.header
        ]
        return [head, *([self.cell(text, at) for at, text in enumerate(row)] for row in self.table.rows)]

    def heights(self, pen: Pen, rows: list[list[Box]]) -> list[float]:
        room = self.kit.pick(30, 14)
        high = [max(cell.takes(pen, 1e6)[1] for cell in row) + room + 2 for row in rows]
        high[0] += self.kit.pick(-9, 0)
        return high

    def fit(self, pen: Pen, width: float) -> Size:
        return width, sum(self.heights(pen, self.rows()))

    def put(self, pen: Pen, x: float, y: float, w: float, h: float) -> None:
        rows = self.rows()
        pad = self.kit.pick(5, 6)
        natural = [max(row[n].takes(pen, 1e6)[0] for row in rows) + 2 * pad for n in range(len(rows[0]))]
        spare = w / sum(natural)
        for row, high in zip(rows, self.heights(pen, rows), strict=True):
            left = x
            for cell, wide in zip(row, natural, strict=True):
                cell.put(pen, left + pad, y, wide * spare - 2 * pad, high - 2)
                left += wide * spare
            Rule(self.kit).put(pen, x, y + high - 2, w, 2)
            y += high


def bottom(box: Box) -> Place:
    return Place(box, "end")
