"""What the painter gets: a page as a flat list of placed marks, in panel pixels, grouped into parts with a
name.

No pygame here. Equal parts need no new paint, so comparing two frames gives the dirty rectangles.
"""

from msgspec import Struct

from kiosk.text.bidi import bare
from screens.theme import Colour
from screens.widgets import Key, Page


class Rect(Struct, frozen=True, gc=False):
    """A rectangle in panel pixels."""

    x: int
    y: int
    w: int
    h: int

    @property
    def right(self) -> int:
        return self.x + self.w

    @property
    def bottom(self) -> int:
        return self.y + self.h

    def holds(self, x: float, y: float) -> bool:
        return self.x <= x < self.right and self.y <= y < self.bottom

    def meets(self, other: "Rect") -> bool:
        return (
            self.x < other.right and other.x < self.right and self.y < other.bottom and other.y < self.bottom
        )

    def with_(self, other: "Rect") -> "Rect":
        """The smallest rectangle around both."""
        x, y = min(self.x, other.x), min(self.y, other.y)
        return Rect(x, y, max(self.right, other.right) - x, max(self.bottom, other.bottom) - y)

    def within(self, other: "Rect") -> "Rect":
        """What both have in common; empty when they do not meet."""
        x, y = max(self.x, other.x), max(self.y, other.y)
        return Rect(
            x, y, max(0, min(self.right, other.right) - x), max(0, min(self.bottom, other.bottom) - y)
        )

    def moved(self, dy: int) -> "Rect":
        return Rect(self.x, self.y + dy, self.w, self.h)

    def grown(self, by: int) -> "Rect":
        return Rect(self.x - by, self.y - by, self.w + 2 * by, self.h + 2 * by)


class Plate(Struct, frozen=True, gc=False):
    """A filled box; its lip stands out below it, `pressed` fills it under a finger; `top` rounds the upper corners
    only."""

    box: Rect
    fill: Colour
    radius: int = 0
    edge: Colour | None = None
    edge_px: int = 0
    lip: Colour | None = None
    lip_px: int = 0
    pressed: Colour | None = None
    top: bool = False


class Dashes(Struct, frozen=True, gc=False):
    """A dashed rounded frame: somebody or something outside the screen acts now."""

    box: Rect
    colour: Colour
    radius: int
    px: int


class Glyphs(Struct, frozen=True, gc=False):
    """Words on one line; `box` is the line box, `px` the em."""

    box: Rect
    text: str
    px: int
    bold: bool
    colour: Colour
    baseline: int
    tracking: float = 0
    line: str = ""
    """`under`, `through` or nothing."""
    line_px: int = 0
    cells: bool = False
    """Digits that change in place stand in equal cells."""
    joins: str | None = None
    """What stands between the text before and this one, when they are one paragraph."""


class Sign(Struct, frozen=True, gc=False):
    """An icon of the 24 grid in one colour; `stroke` in units of the grid, `turn` in degrees."""

    box: Rect
    name: str
    colour: Colour
    stroke: float = 2
    turn: int = 0
    mirrored: bool = False


class Drawing(Struct, frozen=True, gc=False):
    """A product symbol in its own colours; `faded` for what has been taken away."""

    box: Rect
    name: str
    faded: Colour | None = None


class Shadow(Struct, frozen=True, gc=False):
    """The soft shadow that paper throws; `box` is the paper."""

    box: Rect
    radius: int
    y: int
    blur: int


class Shade(Struct, frozen=True, gc=False):
    """The dark breath at the slot, rising from the sill."""

    box: Rect


class Marker(Struct, frozen=True, gc=False):
    """The yellow of a saving; it is swept from start to end."""

    box: Rect
    fill: Colour
    radius: int
    mirrored: bool = False


class Bar(Struct, frozen=True, gc=False):
    """Time that runs out: full at first, empty after `ms`."""

    box: Rect
    fill: Colour
    back: Colour
    ms: int
    mirrored: bool = False


class Waiting(Struct, frozen=True, gc=False):
    """Three dots that fill in turn."""

    box: Rect
    colour: Colour
    behind: Colour
    edge_px: int


class Squares(Struct, frozen=True, gc=False):
    """A QR code with its quiet zone, black on white; `rows` of 0 and 1."""

    box: Rect
    rows: tuple[str, ...]


Mark = Plate | Dashes | Glyphs | Sign | Drawing | Shadow | Shade | Marker | Bar | Waiting | Squares


NO_TAILS = frozenset("0123456789.:€$£%+−-–×ABCDEFGHIKLMNOPRSTUVWXYZabcdefhiklmnorstuvwxz\u00a0 ")


def ink(mark: Glyphs) -> Rect:
    """Where the letters of a text are: capitals, and tails where there may be some, without the air of the line."""
    top = mark.baseline - round(0.68 * mark.px)
    rest = set(bare(mark.text)) - NO_TAILS
    high = 0.88 if rest - {","} else 0.82 if rest else 0.68
    return Rect(mark.box.x, top, mark.box.w, round(high * mark.px))


class Moment(Struct, frozen=True, gc=False):
    """How far a part has moved: pixels down, share of its markers swept, share of time left, dots filled; of a key,
    by how many pixels its face has sunk towards its lip, and whether a finger is on it."""

    dy: int = 0
    swept: float = 1
    left: float = 1
    phase: int = 2
    sunk: int = 0
    held: bool = False


REST = Moment()


class Part(Struct, frozen=True):
    """Marks that belong together. `zone`: ground, head, counter, slip or sill. `box` holds all of them. A
    part with a key is pressed within `hit`."""

    id: str
    zone: str
    box: Rect
    marks: tuple[Mark, ...]
    key: Key | None = None
    hit: Rect | None = None

    @property
    def lip(self) -> int:
        """How far it stands out as a key, in panel pixels."""
        return max((mark.lip_px for mark in self.marks if isinstance(mark, Plate)), default=0)


class Frame(Struct, frozen=True):
    """A placed page. `counter` is where paper may be drawn."""

    page: Page
    parts: tuple[Part, ...]
    counter: Rect

    def words(self) -> list[str]:
        """Every visible text, in the order in which it is read."""
        found: list[str] = []
        for part in self.parts:
            for mark in part.marks:
                if isinstance(mark, Glyphs) and mark.joins is not None and found:
                    found[-1] += mark.joins + mark.text
                elif isinstance(mark, Glyphs):
                    found.append(mark.text)
        return found
