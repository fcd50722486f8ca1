"""Finding and weighing: the search field with its tiles, and the four legal values of a weighing on one
paper."""

from kiosk.text.bidi import cut
from screens.boxes import Box, Card, Column, Grid, Grow, Named, Row, Size, Space
from screens.keys import focused, look
from screens.kit import Kit, gap
from screens.paper import Paper, Rule, Upright
from screens.paragraph import Fitted, Run, Words
from screens.pen import Font, Pen
from screens.widgets import Finder, Key, Tile, Value, Weighing

NBSP = "\u00a0"
LEAST_ABOVE = 222
"""Height (reference px) from which a tile has room for a picture above two lines of its name and the price."""
TWO_LARGE = 1700
"""Width (reference px) from which two values of large text stand side by side."""
BARE, LAST = 0.5, 0.4
"""Below this squeeze a weighing in large text has no room for the product's picture, at the last one not for what to do
beside what is."""
LEAST_GAP = 16
"""Between the longest value of a weighing and the line beside it."""


def tile_key(tile: Tile) -> Key:
    return Key(id=f"tile:{tile.id}", text=tile.text, sends=tile.sends, kind="paper", note=tile.under)


def tile_name(kit: Kit, tile: Tile, size: float, align: str) -> Words:
    """The name with the typed part underlined."""
    font, ink = Font(size, True), kit.palette.ink
    parts = zip(cut(tile.text, *(tile.match or (0, 0))), ("", "under", ""), strict=True)
    return Words(tuple(Run(text, font, ink, line) for text, line in parts if text), 1.1, align)


def tile_box(kit: Kit, tile: Tile) -> Box:
    """A product to pick: picture above, name and price below."""
    key = tile_key(tile)
    style = look(kit, key, kit.palette.counter)
    name = tile_name(kit, tile, 36, "centre")
    price = (
        (kit.words(tile.under, "small", colour=style.note, high=1.1, align="centre"),) if tile.under else ()
    )
    card = Card(
        Pictured(kit, tile, Column((name, *price), 0)), (18, 12, 20, 12), style.fill, 22, style.edge, style.edge_px,
        style.lip, style.lip_px, style.pressed,
    )  # fmt: skip
    return Named(key.id, focused(kit, key, card, kit.palette.counter), "counter", key)


class Pictured(Box):
    """A product's picture over its words; the picture gives way where there is little room."""

    kit: Kit
    tile: Tile
    words: Box

    def need(self, pen: Pen, width: float) -> Size:
        return width, self.kit.pick(176, 158) + 12 + self.words.fit(pen, width)[1]

    def put(self, pen: Pen, x: float, y: float, w: float, h: float) -> None:
        kit, tile, words = self.kit, self.tile, self.words.fit(pen, w)[1]
        high = min(kit.pick(176, 158), h - 12 - words)
        side = round(min(kit.pick(160, 132), high * 0.9))
        kit.tile(tile.symbol, tile.department, side, (0, high), name=tile.text).put(pen, x, y, w, high)
        self.words.put(pen, x, y + high + 12, w, words)


class Short(Box):
    """A name in at most two lines, ended by an ellipsis where it is longer."""

    words: Words

    def shown(self, pen: Pen, width: float) -> Words:
        lines = self.words.lines(pen, width)
        if len(lines) <= 2 and all(line.width <= width for line in lines):
            return self.words
        run, texts = self.words.runs[0], ["".join(run.text for run in line.runs) for line in lines[:2]]
        texts[-1] += "…"
        while pen.width(texts[-1], run.font) > width and len(texts[-1]) > 2:
            texts[-1] = texts[-1][:-2].rstrip() + "…"
        return Words((Run("\n".join(texts), run.font, run.colour),), self.words.high, self.words.align)

    def need(self, pen: Pen, width: float) -> Size:
        return self.shown(pen, width).fit(pen, width)

    def put(self, pen: Pen, x: float, y: float, w: float, h: float) -> None:
        self.shown(pen, w).put(pen, x, y, w, h)


def small_tile_box(kit: Kit, tile: Tile) -> Box:
    """The same in one row: for low reach, for large text, and where there are many."""
    key = tile_key(tile)
    style = look(kit, key, kit.palette.sill)
    low = kit.on_sill and not kit.large
    picture = kit.tile(tile.symbol, tile.department, 76, (84, 138 if kit.large else 158), name=tile.text)
    size = kit.size("body") if kit.large else 34
    name: Box = Fitted(tile_name(kit, tile, size, "start"), False, kit.size("small"))
    if kit.large and kit.low and not kit.portrait:
        name = Short(tile_name(kit, tile, size, "start"))
    price = (kit.words(tile.under, "small", colour=style.note, high=1.1),) if tile.under else ()
    words = Column((name, *price), 0)
    bare = kit.large and kit.low and not kit.portrait
    card = Card(
        Row((Space(4) if bare else picture, Grow(words)), 12), (6, 10, 8, 10), style.fill, 22, style.edge,
        style.edge_px, style.lip, style.lip_px, style.pressed, least=(0, 170 if kit.large else 184),
    )  # fmt: skip
    behind = kit.palette.sill if low else kit.palette.counter
    return Named(key.id, focused(kit, key, card, behind), "sill" if low else "counter", key)


class Tiles(Box):
    """Tiles with their pictures above the names, or beside them where the rows are too low for that."""

    above: Grid
    beside: Grid

    def need(self, pen: Pen, width: float) -> Size:
        return self.above.need(pen, width)

    def put(self, pen: Pen, x: float, y: float, w: float, h: float) -> None:
        rows, gap = len(self.above.rows()), self.above.row_gap
        room = (h + gap) / rows - gap
        (self.above if room >= LEAST_ABOVE else self.beside).put(pen, x, y, w, h)


def field_box(kit: Kit, finder: Finder) -> Box:
    """The search field, with its caret."""
    p = kit.palette
    typed: tuple[Box, ...] = (Caret(kit),)
    if finder.typed:
        typed = (kit.words(finder.typed, "lead", True), *typed)
    row = Row((Row(typed, 8), Grow(kit.words(finder.placeholder, "small", colour=p.ink_2, align="end"))), 20)
    return Named("field", Card(row, (4, 32, 4, 32), p.paper, 18, p.ink, 4, least=(0, 120)))


class Caret(Box):
    kit: Kit

    def need(self, pen: Pen, width: float) -> Size:
        return 5, 60

    def put(self, pen: Pen, x: float, y: float, w: float, h: float) -> None:
        pen.plate(x, y, 5, 60, self.kit.palette.ink, 3)


def finder_box(kit: Kit, finder: Finder) -> Box:
    """Title, field and tiles over the whole counter."""
    size = max(kit.size("body"), kit.pick(72, 60))
    title = Row((kit.icon("find", 64), Grow(kit.words(finder.title, size, True, high=1.1))), 24)
    parts: list[Box] = [Named("typing", field_box(kit, finder), "counter")]
    if not (kit.large and kit.low and not kit.portrait):
        parts.insert(0, Named("what", title, "counter"))
    if finder.tiles and kit.large:
        columns = 3 if kit.low and not kit.portrait else 1
        tiles = tuple(small_tile_box(kit, tile) for tile in finder.tiles)
        parts.append(Grow(Grid(tiles, columns, row_gap=22, even=columns > 1)))
    elif finder.tiles:
        columns = 6 if kit.low and len(finder.tiles) > 3 else 3
        tiles = tuple(tile_box(kit, tile) for tile in finder.tiles)
        small = tuple(small_tile_box(kit, tile) for tile in finder.tiles)
        parts.append(Grow(Tiles(Grid(tiles, columns, even=True), Grid(small, columns, even=True))))
    else:
        nothing = kit.words(finder.nothing, "lead", colour=kit.palette.ink_2)
        parts.append(Grow(Column((Named("nothing", nothing, "counter"),), justify="centre")))
    return Card(Column(tuple(parts), 22), (0, 0, 16, 0))


def ask_box(kit: Kit, finder: Finder) -> Box:
    """Title and field printed on the slip, for low reach."""
    column = Column((kit.words(finder.title, "lead", True), gap(18), field_box(kit, finder)), 0)
    return Column((Rule(kit), Card(column, (26, 32, 34, 32))), 0)


def weighing_box(kit: Kit, weighing: Weighing) -> Box:
    """Product above; state, net, tare, unit price, price and the scale's plate on one paper."""
    side, picture = kit.pick(280, 168) * kit.squeeze, kit.pick(230, 140) * kit.squeeze
    tile = kit.tile(weighing.symbol, weighing.department, picture, (side, side), name=weighing.title)
    size = max(kit.size("body"), kit.size("title") * max(0.7, kit.squeeze))
    title = kit.words(weighing.title, size, True, high=1.1)
    text = kit.words(weighing.text, "lead", colour=kit.palette.ink_2)
    names: Box = title
    bare = kit.large and kit.squeeze < BARE
    if bare:
        pass
    elif weighing.text and kit.squeeze > 0.5:
        names = Column((title, gap(10), text), 0)
    elif weighing.text:
        names = Row((title, Grow(text)), 36)
    head = Named("product", names if bare else Row((tile, Grow(names)), 36), "counter")
    return Column((head, gap(kit.pick(48, 24) * kit.squeeze), Paper(kit, weighing_paper(kit, weighing))), 0)


def weighing_paper(kit: Kit, weighing: Weighing) -> Box:
    p = kit.palette
    air, side = kit.pick(30, 20) * kit.squeeze, kit.pick(36, 32)
    pad = (air, side, air, side)
    checked = Row((kit.icon("zero", 52, p.ink_2), kit.words(weighing.right, colour=p.ink_2)), 12)
    bare = kit.large and kit.squeeze < BARE
    said: list[Box] = [kit.words(weighing.state, "body" if bare else "lead", True, high=1.1)]
    if weighing.do and not (bare and kit.squeeze <= LAST):
        said.append(kit.words(weighing.do, colour=p.ink_2))
    state = Row(
        (
            kit.icon(weighing.state_icon, 44 if bare else 64),
            Grow(Column(tuple(said), 0)),
            *([checked] if weighing.right else []),
        ),
        22,
    )
    rows: list[Box] = [Named("state", Card(state, pad)), Rule(kit)]
    rows += [Values(kit, weighing.values, pad), Rule(kit)]
    foot = (kit.pick(26, 16) * kit.squeeze, side, kit.pick(34, 24) * kit.squeeze, side)
    plate = Row(
        (kit.icon("scale", 44, p.ink_2), Grow(kit.words(weighing.plate, "small", colour=p.ink_2))), 20
    )
    rows.append(Named("plate", Card(plate, foot)))
    return Column(tuple(rows), 0)


class Values(Box):
    """The four values, two by two, all of one size: the largest at which the longest fits."""

    kit: Kit
    values: tuple[Value, ...]
    pad: tuple[float, float, float, float]

    def grid(self, pen: Pen, width: float) -> Box:
        if self.kit.large:
            return self.rows(width)
        room = width / 2 - self.pad[3] - LEAST_GAP
        cells: list[Box] = []
        for share in (1, 0.96, 0.92, 0.88, 0.84, 0.8, 0.75, 0.7):
            cells = [value_box(self.kit, value, share) for value in self.values]
            if max(cell.fit(pen, 1e6)[0] for cell in cells) <= room:
                break
        cells = [
            Card(Named(f"value:{value.label}", cell), (*self.pad[:1], LEAST_GAP, *self.pad[2:]))
            for value, cell in zip(self.values, cells, strict=True)
        ]
        rows = [
            Row((Grow(left), Grow(Row((Upright(self.kit), Grow(right)), 0, "stretch"))), 0, "stretch")
            for left, right in zip(cells[::2], cells[1::2], strict=True)
        ]
        return Column((rows[0], Rule(self.kit), *rows[1:]), 0)

    def rows(self, width: float) -> Box:
        """In large text each in one line, one under the other where there is no room for two."""
        kit, room = self.kit, max(2, self.pad[0] * 0.3)
        pad = (room, self.pad[1], room, self.pad[3])
        lines = tuple(
            Named(f"value:{value.label}", Card(value_line(kit, value), pad)) for value in self.values
        )
        if width > TWO_LARGE:
            return Grid(lines, 2, row_gap=0)
        return Column(tuple(each for line in lines for each in (Rule(kit), line))[1:], 0)

    def need(self, pen: Pen, width: float) -> Size:
        return self.grid(pen, width).fit(pen, width)

    def put(self, pen: Pen, x: float, y: float, w: float, h: float) -> None:
        self.grid(pen, w).put(pen, x, y, w, h)


def value_box(kit: Kit, value: Value, share: float) -> Box:
    return Column((kit.words(value.label, colour=kit.palette.ink_2), amount_of(kit, value, share)), 0)


def value_line(kit: Kit, value: Value) -> Box:
    """A value behind its name."""
    label = kit.words(value.label, colour=kit.palette.ink_2, high=1.05)
    return Row((Grow(label), amount_of(kit, value, 0)), 20)


def amount_of(kit: Kit, value: Value, share: float) -> Words:
    """A number and its unit at a share of their size."""
    ink = kit.palette.ink_2 if value.dim else kit.palette.ink
    least = kit.size("body" if kit.large else "lead")
    size = max(least, kit.pick(96, 84) * max(0.75, kit.squeeze) * share)
    runs = [kit.run(value.value, size, True, ink, cells=True)]
    if value.unit:
        unit, small = value.unit.replace(" ", NBSP), max(kit.size("small"), kit.size("lead") * share)
        runs += [kit.run(NBSP, small, colour=ink), kit.run(unit, small, colour=ink)]
    return Words(tuple(runs), 1.1)
