"""Finding and weighing: the search field with its tiles, and the four legal values of a weighing on one
paper."""

from screens.boxes import Box, Card, Column, Grid, Grow, Named, Row, Size, Words
from screens.keys import Dress, key_box, look
from screens.kit import Kit, gap
from screens.paper import Paper, Rule, Upright
from screens.paragraph import Run
from screens.pen import Font, Pen
from screens.widgets import Finder, Key, Tile, Value, Weighing

NBSP = "\u00a0"


def tile_key(tile: Tile) -> Key:
    return Key(id=f"tile:{tile.id}", text=tile.text, sends=tile.sends, kind="paper", note=tile.under)


def tile_name(kit: Kit, tile: Tile, size: float, align: str) -> Words:
    """The name with the typed part underlined."""
    font, ink = Font(size, True), kit.palette.ink
    start, end = tile.match or (0, 0)
    parts = ((tile.text[:start], ""), (tile.text[start:end], "under"), (tile.text[end:], ""))
    return Words(tuple(Run(text, font, ink, line) for text, line in parts if text), 1.1, align)


def tile_box(kit: Kit, tile: Tile) -> Box:
    """A product to pick: picture above, name and price below."""
    key = tile_key(tile)
    style = look(kit, key, kit.palette.counter)
    side = kit.pick(160, 132)
    picture = Wide(kit.tile(tile.symbol, tile.department, side, (0, kit.pick(176, 158)), name=tile.text))
    words = Column(
        (
            tile_name(kit, tile, 36, "centre"),
            kit.words(tile.under, "small", colour=style.note, high=1.1, align="centre"),
        ),
        0,
    )
    card = Card(
        Column((picture, words), 12), (18, 12, 20, 12), style.fill, 22, style.edge, style.edge_px, style.lip,
        style.lip_px, sunk=style.sunk,
    )  # fmt: skip
    return Named(key.id, card, "counter", key)


def small_tile_box(kit: Kit, tile: Tile) -> Box:
    """The same in one row, for low reach."""
    key = tile_key(tile)
    style = look(kit, key, kit.palette.sill)
    picture = kit.tile(tile.symbol, tile.department, 84, (104, 168), name=tile.text)
    words = Column(
        (tile_name(kit, tile, 34, "start"), kit.words(tile.under, "small", colour=style.note, high=1.1)), 0
    )
    card = Card(
        Row((picture, Grow(words)), 14), (0, 14, 0, 14), style.fill, 22, style.edge, style.edge_px, style.lip,
        style.lip_px, least=(0, 200), sunk=style.sunk,
    )  # fmt: skip
    return Named(key.id, card, "sill", key)


class Wide(Box):
    """Its child over the whole width."""

    child: Box

    def fit(self, pen: Pen, width: float) -> Size:
        return width, self.child.takes(pen, width)[1]

    def put(self, pen: Pen, x: float, y: float, w: float, h: float) -> None:
        self.child.put(pen, x, y, w, self.child.takes(pen, w)[1])


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

    def fit(self, pen: Pen, width: float) -> Size:
        return 5, 60

    def put(self, pen: Pen, x: float, y: float, w: float, h: float) -> None:
        pen.plate(x, y, 5, 60, self.kit.palette.ink, 3)


def finder_box(kit: Kit, finder: Finder) -> Box:
    """Title, field and tiles over the whole counter."""
    title = Row((kit.icon("find", 64), Grow(kit.words(finder.title, kit.pick(72, 60), True, high=1.1))), 24)
    parts: list[Box] = [Named("what", title, "counter"), Named("typing", field_box(kit, finder), "counter")]
    if finder.tiles:
        parts.append(Grid(tuple(tile_box(kit, tile) for tile in finder.tiles), 3, even=True))
    else:
        nothing = kit.words(finder.nothing, "lead", colour=kit.palette.ink_2)
        parts.append(Grow(Column((Named("nothing", nothing, "counter"),), justify="centre")))
    return Column(tuple(parts), 22)


def ask_box(kit: Kit, finder: Finder) -> Box:
    """Title and field printed on the slip, for low reach."""
    column = Column((kit.words(finder.title, "lead", True), gap(18), field_box(kit, finder)), 0)
    return Column((Rule(kit), Card(column, (26, 32, 34, 32))), 0)


def weighing_box(kit: Kit, weighing: Weighing) -> Box:
    """Product above; state, net, tare, unit price, price and the scale's plate on one paper."""
    side = kit.pick(280, 168)
    tile = kit.tile(
        weighing.symbol, weighing.department, kit.pick(230, 140), (side, side), name=weighing.title
    )
    names = Column(
        (
            kit.words(weighing.title, "title", True, high=1.1),
            gap(10),
            kit.words(weighing.text, "lead", colour=kit.palette.ink_2),
        ),
        0,
    )
    head = Named("product", Row((tile, Grow(names)), 36), "counter")
    return Column((head, gap(kit.pick(48, 24)), Paper(kit, weighing_paper(kit, weighing))), 0)


def weighing_paper(kit: Kit, weighing: Weighing) -> Box:
    p = kit.palette
    pad = (30.0, 36.0, 30.0, 36.0) if kit.portrait else (20.0, 32.0, 20.0, 32.0)
    state = Row(
        (
            kit.icon(weighing.state_icon, 64),
            kit.words(weighing.state, "lead", True),
            Grow(Box()),
            Row((kit.icon("zero", 52, p.ink_2), kit.words(weighing.right, colour=p.ink_2)), 12),
        ),
        22,
    )
    rows: list[Box] = [Named("state", Card(state, pad)), Rule(kit)]
    cells = [Named(f"value:{value.label}", value_box(kit, value)) for value in weighing.values]
    for at in range(0, len(cells), 2):
        first, *rest = cells[at : at + 2]
        pair: list[Box] = [Grow(Card(first, pad))]
        for each in rest:
            pair.append(Grow(Row((Upright(kit), Grow(Card(each, pad))), 0, "stretch")))
        rows += [Row(tuple(pair), 0, "stretch"), Rule(kit)]
    foot = (26.0, 36.0, 34.0, 36.0) if kit.portrait else (16.0, 32.0, 24.0, 32.0)
    plate = Row(
        (kit.icon("scale", 44, p.ink_2), Grow(kit.words(weighing.plate, "small", colour=p.ink_2))), 20
    )
    rows.append(Named("plate", Card(plate, foot)))
    return Column(tuple(rows), 0)


def value_box(kit: Kit, value: Value) -> Box:
    ink = kit.palette.ink_2 if value.dim else kit.palette.ink
    size = kit.pick(96, 84)
    runs = [kit.run(value.value, size, True, ink, cells=True)]
    if value.unit:
        unit = value.unit.replace(" ", NBSP)
        runs += [kit.run(NBSP, size, True, ink), kit.run(unit, "lead", colour=ink)]
    return Column((kit.words(value.label, colour=kit.palette.ink_2), Words(tuple(runs), 1.1)), 0)


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
