"""What stands on the counter beside the slip: headlines, pictures, secret dots, QR code, devices."""

from screens.boxes import Box, Card, Column, Grow, Icon, Mark, Named, Row, Size, Space, Symbol
from screens.kit import HEADLINES, Kit, gap
from screens.paper import Paper, Rule
from screens.paragraph import Fitted
from screens.pen import Pen
from screens.shop import Caret
from screens.widgets import Dots, Field, Hero, Picture, QrCode, Table

SHELF = {"loaf": 210, "milk": 280, "tomato": 160, "wine": 330, "cheese": 200, "bottle": 290, "apple": 150}
"""The groceries that stand on the sill at start, with their sizes."""


def hero_box(kit: Kit, hero: Hero, align: str = "start", one_line: bool = False) -> Box:
    """A headline with its explanation."""
    p = kit.palette
    style = HEADLINES.get(hero.size, HEADLINES["title"])
    quiet = p.ink if hero.strong else p.ink_2
    size = (96 if one_line else kit.pick(style.portrait, style.landscape)) * kit.squeeze
    least = kit.size("body")
    size = max(least, size)
    running = "lead" if kit.squeeze > 0.6 else "body"
    text = (" " if one_line else "\n").join(hero.lines)
    parts: list[Box] = [
        Fitted(
            kit.words(text, size, True, high=style.high, align=align, tracking=style.tracking), least=least
        )
    ]
    if hero.amount:
        size = kit.pick(230, 196) * kit.squeeze
        parts.append(Fitted(kit.words(hero.amount, size, True, high=1.1, align=align, tracking=-6)))
    if hero.text:
        below = kit.pick(*style.below) * kit.squeeze
        parts += [gap(below), kit.words(hero.text, running, colour=quiet, align=align)]
    if hero.marker:
        words = kit.words(hero.marker, max(least, kit.pick(88, 80) * kit.squeeze), True, p.on_save)
        mark = Mark(Fitted(words, least=least), p.save, (14, 34, 20, 34), 16)
        parts += [gap(kit.pick(70, 30) * kit.squeeze), Row((mark,))]
    if hero.after and kit.squeeze > 0.4:
        parts += [gap(30 * kit.squeeze), kit.words(hero.after, running, align=align)]
    if hero.quiet and kit.squeeze > 0.4:
        parts += [gap(10), kit.words(hero.quiet, running, colour=p.ink_2, align=align)]
    column = Column(tuple(parts), 0)
    whole: Box = column
    if hero.icon:
        whole = Row((kit.round(hero.icon, size=64, stroke=2.6), Grow(column)), 32)
    return Named(f"hero:{hero.lines[0]}", whole, "counter")


class Shelf(Box):
    """Groceries standing on the sill, as large as they find room side by side; they may use the margins."""

    kit: Kit
    names: tuple[str, ...]
    share: float

    def row(self, width: float) -> Row:
        share = min(self.share, (width + 80) / sum(SHELF[name] for name in self.names))
        things = tuple(self.kit.standing(name, SHELF[name] * share) for name in self.names)
        return Row(things, 0, "end", "centre")

    def need(self, pen: Pen, width: float) -> Size:
        return self.row(width).fit(pen, width)

    def put(self, pen: Pen, x: float, y: float, w: float, h: float) -> None:
        self.row(w).put(pen, x, y, w, h)


def picture_box(kit: Kit, picture: Picture, beside_slip: bool) -> Box:
    """A drawing by its name; a shelf is smaller where notices stand above it."""
    name = picture.name
    if name == "shelf":
        names = tuple(each for each in SHELF if not kit.portrait or each != "bottle")
        share = kit.pick(0.7, 0.5) if beside_slip else kit.pick(0.74, 0.72)
        return Named("shelf", Shelf(kit, names, share), "counter")
    if name == "first_product":
        milk, scan = kit.pick(400, 290) * kit.squeeze, kit.pick(250, 140) * kit.squeeze
        pair = (Symbol("milk", milk), Icon("scan", scan, kit.palette.ink, 1.3))
        return Named("first", Row(pair, kit.pick(70, 0), justify="centre"), "counter")
    if name == "terminal":
        return Named("terminal", Terminal(kit, picture), "counter")
    bag: Box = kit.standing("tote", kit.pick(380, 300))
    caption = Named("code:", kit.words(picture.caption, "note", colour=kit.palette.ink_2))
    lifted = Column((caption, gap(kit.pick(28, 26))), 0)
    row = Row((Space(30), bag, Grow(Space()), lifted), 0, "end")
    return Named("bag", row, "counter")


def farewell_box(kit: Kit, share: float = 1) -> Box:
    """The packed bag at the end, at a share of its size."""
    things = [
        kit.standing("tote", share * kit.pick(420, 350)),
        kit.standing("apple", share * kit.pick(150, 120)),
    ]
    if kit.portrait:
        things.insert(0, kit.standing("milk", 250))
    return Named("bag", Row(tuple(things), 0, "end", "centre"), "counter")


class Terminal(Box):
    """The card terminal, with what it shows; drawn on a grid of 300 x 440."""

    kit: Kit
    picture: Picture
    on_sill: bool = False

    def wide(self) -> float:
        return 330 if self.on_sill else self.kit.pick(400, 380) * self.kit.squeeze

    def need(self, pen: Pen, width: float) -> Size:
        return self.wide(), self.wide() * 440 / 300 + (0 if self.on_sill else self.kit.pick(104, 92))

    def put(self, pen: Pen, x: float, y: float, w: float, h: float) -> None:
        kit, p = self.kit, self.kit.palette
        unit = self.wide() / 300
        x += (w - self.wide()) / 2
        if not self.on_sill:
            size = kit.pick(130, 112)
            y += kit.pick(104, 92)
            pen.sign(
                x + self.wide() / 2 - size / 2, y - kit.pick(104, 92), size, "contactless", p.ink, 2, -90
            )

        def plate(left: float, top: float, wide: float, high: float, *look: object) -> None:
            pen.plate(x + left * unit, y + top * unit, wide * unit, high * unit, *look)  # type: ignore[arg-type]

        edged = self.on_sill or kit.brim
        edge = (p.sill_edge, 4 * unit) if edged else (None, 0)
        grow = 2 if edged else 0
        plate(8 - grow, 8 - grow, 284 + 2 * grow, 424 + 2 * grow, p.sill, 34 * unit, *edge)
        plate(36, 40, 228, 150, p.paper, 14 * unit)
        for text, size, bold, base in (
            (self.picture.amount, 44, True, 100),
            (self.picture.caption, 30, False, 152),
        ):
            if text and not kit.large and size * unit >= kit.size("small"):
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


def written_box(kit: Kit, field: Field) -> Box:
    """What has been typed, with its caret; letters shrink rather than leave the field."""
    p, text = kit.palette, dict(kit.state.written).get(field.field, "")
    inner: tuple[Box, ...] = (Caret(kit), Grow(kit.words(field.hint, "small", colour=p.ink_2)))
    if text:
        inner = (Fitted(kit.words(text, "lead", True)), Caret(kit))
    row = Row(inner, 8 if text else 20)
    return Named(
        f"field:{field.field}", Card(row, (4, 32, 4, 32), p.paper, 18, p.ink, 4, least=(0, 120)), "counter"
    )


class Circles(Box):
    """Discs and rings of 76 px, smaller where many stand in one row."""

    kit: Kit
    filled: int
    total: int

    def need(self, pen: Pen, width: float) -> Size:
        share = self.share(width)
        return (self.total * 108 - 32) * share, 76 * share

    def share(self, width: float) -> float:
        return min(1.0, width / (self.total * 108 - 32))

    def put(self, pen: Pen, x: float, y: float, w: float, h: float) -> None:
        p, share = self.kit.palette, self.share(w)
        size = 76 * share
        for number in range(self.total):
            left = x + 108 * share * number
            if number < self.filled:
                pen.plate(left, y, size, size, p.ink, size / 2)
            else:
                pen.plate(left, y, size, size, p.counter, size / 2, p.edge, 5 * share)


class Code(Box):
    """A QR code with its quiet zone."""

    rows: tuple[str, ...]
    size: float

    def need(self, pen: Pen, width: float) -> Size:
        return self.size, self.size

    def put(self, pen: Pen, x: float, y: float, w: float, h: float) -> None:
        pen.squares(x + (w - self.size) / 2, y, self.size, self.rows)


def qr_box(kit: Kit, code: QrCode) -> Box:
    """A QR code on paper, with what it is for."""
    align = "centre" if kit.portrait else "start"
    words = Column(
        (
            Fitted(kit.words(code.title, 64, True, high=1.1, align=align), False, kit.size("body")),
            gap(14),
            kit.words(code.text, "lead", align=align),
        ),
        0,
    )
    size = kit.pick(560, 380 if kit.large else 480)
    square = Code(code.rows, size * max(0.6, kit.squeeze))
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
        parts += [gap(kit.pick(44, 14) * kit.squeeze), Pairs(pairs, columns, kit.pick(26, 8) * kit.squeeze)]
    return Paper(kit, Card(Column(tuple(parts), 0), pad))


class Pairs(Box):
    """Names and values in columns as wide as they need, what is left or lacking shared by all."""

    cells: tuple[Box, ...]
    columns: int
    row_gap: float

    def rows(self) -> list[tuple[Box, ...]]:
        return [self.cells[at : at + self.columns] for at in range(0, len(self.cells), self.columns)]

    def widths(self, pen: Pen, width: float) -> list[float]:
        rows = self.rows()
        natural = [
            max(row[n].fit(pen, width)[0] for row in rows if n < len(row)) for n in range(len(rows[0]))
        ]
        spare = (width - sum(natural) - 40 * (len(natural) - 1)) / len(natural)
        return [wide + spare for wide in natural]

    def heights(self, pen: Pen, widths: list[float]) -> list[float]:
        return [
            max(cell.fit(pen, wide)[1] for cell, wide in zip(row, widths, strict=False))
            for row in self.rows()
        ]

    def need(self, pen: Pen, width: float) -> Size:
        heights = self.heights(pen, self.widths(pen, width))
        return width, sum(heights) + self.row_gap * (len(heights) - 1)

    def put(self, pen: Pen, x: float, y: float, w: float, h: float) -> None:
        widths = self.widths(pen, w)
        for row, high in zip(self.rows(), self.heights(pen, widths), strict=True):
            left = x
            for cell, wide in zip(row, widths, strict=False):
                cell.put(pen, left, y, wide, high)
                left += wide + 40
            y += high + self.row_gap


class DeviceRows(Box):
    """A table whose columns are as wide as their widest cell, and share what is left, or lacks, in proportion;
    no column is narrower than its widest word."""

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
            return Card(lamp, (3.65, 0, 3.65, 0))
        return kit.words(text, size, column == 0)

    def rows(self) -> list[list[Box]]:
        head: list[Box] = [
            self.kit.words(text, "note", colour=self.kit.palette.ink_2) for text in self.table.header
        ]
        return [head, *([self.cell(text, at) for at, text in enumerate(row)] for row in self.table.rows)]

    def widths(self, pen: Pen, rows: list[list[Box]], width: float) -> list[float]:
        pad = 2 * self.kit.pick(5, 6)
        natural = [max(row[n].fit(pen, 1e6)[0] for row in rows) + pad for n in range(len(rows[0]))]
        if sum(natural) <= width:
            return [wide * width / sum(natural) for wide in natural]
        texts = zip(self.table.header, *self.table.rows, strict=True)
        least = [max(self.widest_word(pen, text) for text in column) + pad for column in texts]
        wish = [max(0.0, wide - bare) for wide, bare in zip(natural, least, strict=True)]
        rest = (width - sum(least)) / (sum(wish) or 1)
        return [bare + more * rest for bare, more in zip(least, wish, strict=True)]

    def widest_word(self, pen: Pen, text: str) -> float:
        return self.kit.words(text.lstrip("!"), self.kit.pick(28, 32), True).fit(pen, 1)[0]

    def heights(self, pen: Pen, rows: list[list[Box]], widths: list[float]) -> list[float]:
        room, pad = self.kit.pick(30, 14) * self.kit.squeeze, 2 * self.kit.pick(5, 6)
        high = [
            max(cell.fit(pen, wide - pad)[1] for cell, wide in zip(row, widths, strict=True)) + room + 2
            for row in rows
        ]
        high[0] += self.kit.pick(-9, 0)
        return high

    def need(self, pen: Pen, width: float) -> Size:
        rows = self.rows()
        return width, sum(self.heights(pen, rows, self.widths(pen, rows, width)))

    def put(self, pen: Pen, x: float, y: float, w: float, h: float) -> None:
        rows, pad = self.rows(), self.kit.pick(5, 6)
        widths = self.widths(pen, rows, w)
        for row, high in zip(rows, self.heights(pen, rows, widths), strict=True):
            left = x
            for cell, wide in zip(row, widths, strict=True):
                cell.put(pen, left + pad, y, wide - 2 * pad, high - 2)
                left += wide
            Rule(self.kit).put(pen, x, y + high - 2, w, 2)
            y += high
