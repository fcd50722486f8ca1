"""Boxes that know their size and put themselves: words, rows, columns, grids, plates. Lengths in reference
pixels.

Two questions make a layout: `fit(pen, width)` says how much of that width a box takes and how high it is
then; `put(pen, x, y, w, h)` writes its marks there. Content is centred across its row, as type on a label.
"""

from msgspec import Struct

from screens.pen import Open, Pen
from screens.theme import Colour
from screens.widgets import Key

Size = tuple[float, float]
PLACES = 4
"""At so many a box that is kept remembers what it wrote."""


class Box(Struct, kw_only=True):
    """Nothing at all: no size and no marks. Other boxes say what they `need`, once for each width."""

    known: dict[float, Size] = {}

    def fit(self, pen: Pen, width: float) -> Size:
        """Width and height that the box takes when it is given so much width."""
        size = self.known.get(width)
        if size is None:
            size = self.known[width] = self.need(pen, width)
        return size

    def need(self, pen: Pen, width: float) -> Size:
        return 0, 0

    def put(self, pen: Pen, x: float, y: float, w: float, h: float) -> None:
        pass


class Space(Box):
    """Emptiness of a fixed size."""

    w: float = 0
    h: float = 0

    def need(self, pen: Pen, width: float) -> Size:
        return self.w, self.h


class Icon(Box):
    """An icon in its square. `stroke` is 2 of the grid's 24."""

    name: str
    size: float
    colour: Colour
    stroke: float = 2
    turn: int = 0

    def need(self, pen: Pen, width: float) -> Size:
        return self.size, self.size

    def put(self, pen: Pen, x: float, y: float, w: float, h: float) -> None:
        pen.sign(
            x + (w - self.size) / 2,
            y + (h - self.size) / 2,
            self.size,
            self.name,
            self.colour,
            self.stroke,
            self.turn,
        )


class Symbol(Box):
    """A product symbol in a square; `dip` is what hangs below its feet, so that it can stand on the sill."""

    name: str
    size: float
    faded: Colour | None = None
    dip: float = 0

    def need(self, pen: Pen, width: float) -> Size:
        return self.size, self.size - self.dip

    def put(self, pen: Pen, x: float, y: float, w: float, h: float) -> None:
        left, top = x + (w - self.size) / 2, y + (h - self.size + self.dip) / 2
        pen.drawing(left, top, self.size, self.name, self.faded)


class Grow(Box):
    """Takes what its row or column has left, in proportion to `share`."""

    child: Box
    share: float = 1

    def need(self, pen: Pen, width: float) -> Size:
        return self.child.fit(pen, width)

    def put(self, pen: Pen, x: float, y: float, w: float, h: float) -> None:
        self.child.put(pen, x, y, w, h)


class Row(Box):
    """Side by side; where room lacks, the widest gives way. `align` across: centre, stretch or end; `justify`
    along: start, centre or end."""

    children: tuple[Box, ...]
    gap: float = 20
    align: str = "centre"
    justify: str = "start"
    shared: dict[float, list[float]] = {}

    def widths(self, pen: Pen, width: float) -> list[float]:
        """The width of each child."""
        if width not in self.shared:
            self.shared[width] = self.share(pen, width)
        return self.shared[width]

    def share(self, pen: Pen, width: float) -> list[float]:
        free = width - self.gap * (len(self.children) - 1)
        fixed = {n: child for n, child in enumerate(self.children) if not isinstance(child, Grow)}
        taken = {n: min(child.fit(pen, free)[0], free) for n, child in fixed.items()}
        lacking = sum(taken.values()) - free
        if lacking > 0:
            widest = max(taken, key=lambda n: taken[n])
            taken[widest] = fixed[widest].fit(pen, max(0.0, taken[widest] - lacking))[0]
        shares = sum(child.share for child in self.children if isinstance(child, Grow))
        left = max(0.0, free - sum(taken.values()))
        return [
            left * child.share / shares if isinstance(child, Grow) else taken[number]
            for number, child in enumerate(self.children)
        ]

    def need(self, pen: Pen, width: float) -> Size:
        widths = self.widths(pen, width)
        heights = [child.fit(pen, wide)[1] for child, wide in zip(self.children, widths, strict=True)]
        return sum(widths) + self.gap * (len(widths) - 1), max(heights)

    def put(self, pen: Pen, x: float, y: float, w: float, h: float) -> None:
        widths = self.widths(pen, w)
        free = w - sum(widths) - self.gap * (len(widths) - 1)
        x += free * {"start": 0, "centre": 0.5, "end": 1}[self.justify]
        for child, wide in zip(self.children, widths, strict=True):
            if self.align == "stretch":
                child.put(pen, x, y, wide, h)
            else:
                high = child.fit(pen, wide)[1]
                drop = h - high if self.align == "end" else (h - high) / 2
                child.put(pen, x, y + drop, wide, high)
            x += wide + self.gap


class Flow(Box):
    """A row that goes on in the next line when it is full."""

    children: tuple[Box, ...]
    gap: float = 16

    def lines(self, pen: Pen, width: float) -> list[Row]:
        found: list[list[Box]] = [[]]
        used = 0.0
        for child in self.children:
            wide = child.fit(pen, width)[0]
            if found[-1] and used + self.gap + wide > width + 0.5:
                found.append([])
                used = 0
            used += wide + (self.gap if found[-1] else 0)
            found[-1].append(child)
        return [Row(tuple(children), self.gap) for children in found]

    def need(self, pen: Pen, width: float) -> Size:
        sizes = [row.fit(pen, width) for row in self.lines(pen, width)]
        return max(wide for wide, _ in sizes), sum(high for _, high in sizes)

    def put(self, pen: Pen, x: float, y: float, w: float, h: float) -> None:
        for row in self.lines(pen, w):
            high = row.fit(pen, w)[1]
            row.put(pen, x, y, w, high)
            y += high


class Column(Box):
    """One under the other. What height is left goes to its Grow children; without them it lies above
    (`end`), around (`centre`) or below (`start`)."""

    children: tuple[Box, ...]
    gap: float = 20
    justify: str = "start"
    align: str = "stretch"

    def need(self, pen: Pen, width: float) -> Size:
        sizes = [child.fit(pen, width) for child in self.children]
        return max(w for w, _ in sizes), sum(h for _, h in sizes) + self.gap * (len(sizes) - 1)

    def put(self, pen: Pen, x: float, y: float, w: float, h: float) -> None:
        sizes = [child.fit(pen, w) for child in self.children]
        free = h - sum(high for _, high in sizes) - self.gap * (len(sizes) - 1)
        shares = sum(child.share for child in self.children if isinstance(child, Grow))
        if not shares:
            y += free * {"start": 0, "centre": 0.5, "end": 1}[self.justify]
        for child, (wide, high) in zip(self.children, sizes, strict=True):
            if isinstance(child, Grow) and shares:
                high += free * child.share / shares
            if self.align == "centre":
                child.put(pen, x + (w - wide) / 2, y, wide, high)
            else:
                child.put(pen, x, y, w, high)
            y += high + self.gap


class Place(Box):
    """Its child at its own height within more room: at the end, in the middle or at the start of it."""

    child: Box
    where: str = "centre"

    def need(self, pen: Pen, width: float) -> Size:
        return self.child.fit(pen, width)

    def put(self, pen: Pen, x: float, y: float, w: float, h: float) -> None:
        high = self.child.fit(pen, w)[1]
        y += max(0.0, h - high) * {"start": 0, "centre": 0.5, "end": 1}[self.where]
        self.child.put(pen, x, y, w, high)


class Overlay(Box):
    """A child in front of another one; it may move by some pixels to the end side and down."""

    back: Box
    front: Box
    right: float = 0
    down: float = 0

    def need(self, pen: Pen, width: float) -> Size:
        return self.back.fit(pen, width)

    def put(self, pen: Pen, x: float, y: float, w: float, h: float) -> None:
        self.back.put(pen, x, y, w, h)
        wide, high = self.front.fit(pen, w)
        self.front.put(pen, x + w - wide - self.right, y + self.down, wide, high)


class Grid(Box):
    """Equal columns; rows as high as their highest child, or when `even` all as the highest of all, and lower
    where there is less room. With
    `odd`, a lonely last child takes its whole row."""

    children: tuple[Box, ...]
    columns: int
    gap: float = 20
    row_gap: float = 20
    even: bool = False
    odd: bool = False

    def cell(self, width: float) -> float:
        return (width - self.gap * (self.columns - 1)) / self.columns

    def rows(self) -> list[tuple[Box, ...]]:
        return [
            self.children[start : start + self.columns]
            for start in range(0, len(self.children), self.columns)
        ]

    def heights(self, pen: Pen, wide: float) -> list[float]:
        found = [max(child.fit(pen, wide)[1] for child in row) for row in self.rows()]
        return [max(found)] * len(found) if self.even else found

    def need(self, pen: Pen, width: float) -> Size:
        heights = self.heights(pen, self.cell(width))
        return width, sum(heights) + self.row_gap * (len(heights) - 1)

    def put(self, pen: Pen, x: float, y: float, w: float, h: float) -> None:
        wide, rows = self.cell(w), self.rows()
        room = (h - self.row_gap * (len(rows) - 1)) / len(rows)
        for row, natural in zip(rows, self.heights(pen, wide), strict=True):
            high = min(natural, room) if self.even else natural
            if self.odd and len(row) == 1:
                row[0].put(pen, x, y, w, high)
            else:
                for number, child in enumerate(row):
                    child.put(pen, x + number * (wide + self.gap), y, wide, high)
            y += high + self.row_gap


class Card(Box):
    """A child on a plate, with room around it (top, end, bottom, start) and a least size."""

    child: Box
    pad: tuple[float, float, float, float] = (0, 0, 0, 0)
    fill: Colour | None = None
    radius: float = 0
    edge: Colour | None = None
    edge_px: float = 0
    lip: Colour | None = None
    lip_px: float = 0
    pressed: Colour | None = None
    """What fills it under a finger."""
    top: bool = False
    least: Size = (0, 0)

    def need(self, pen: Pen, width: float) -> Size:
        top, end, bottom, start = self.pad
        wide, high = self.child.fit(pen, width - start - end)
        return max(self.least[0], wide + start + end), max(self.least[1], high + top + bottom)

    def put(self, pen: Pen, x: float, y: float, w: float, h: float) -> None:
        top, end, bottom, start = self.pad
        if self.fill is not None:
            pen.plate(
                x,
                y,
                w,
                h,
                self.fill,
                self.radius,
                self.edge,
                self.edge_px,
                self.lip,
                self.lip_px,
                self.pressed,
                self.top,
            )
        self.child.put(pen, x + start, y + top, w - start - end, h - top - bottom)


class Mark(Box):
    """Words on the yellow marker."""

    child: Box
    fill: Colour
    pad: tuple[float, float, float, float] = (1, 12, 3, 12)
    radius: float = 7

    def need(self, pen: Pen, width: float) -> Size:
        top, end, bottom, start = self.pad
        wide, high = self.child.fit(pen, width - start - end)
        return wide + start + end, high + top + bottom

    def put(self, pen: Pen, x: float, y: float, w: float, h: float) -> None:
        top, end, bottom, start = self.pad
        pen.marker(x, y, w, h, self.fill, self.radius)
        self.child.put(pen, x + start, y + top, w - start - end, h - top - bottom)


class Named(Box):
    """Opens a part of its own: what is in it is compared, painted and moved together, and pressed if it has
    a key; `inset` px at its top and bottom are not, where keys follow each other without a gap."""

    id: str
    child: Box
    zone: str = ""
    key: Key | None = None
    inset: float = 0
    placed: dict[tuple[float | bool, ...], Open] = {}
    """Keys as they were written, by their place: most stay where they were on the page before."""

    def need(self, pen: Pen, width: float) -> Size:
        return self.child.fit(pen, width)

    def put(self, pen: Pen, x: float, y: float, w: float, h: float) -> None:
        at = (x, y, w, h, pen.mirrored)
        if at in self.placed:
            pen.again(self.placed[at])
            return
        hit = pen.rect(x, y + self.inset, w, h - 2 * self.inset) if self.key else None
        pen.open(self.id, self.zone, self.key, hit)
        self.child.put(pen, x, y, w, h)
        part = pen.close()
        if self.key and len(self.placed) < PLACES:
            self.placed[at] = part
