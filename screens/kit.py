"""What every box of a page is made with: theme, orientation and state, and the small pieces all screens
share."""

from collections.abc import Callable

from msgspec import Struct

from screens.boxes import Box, Card, Column, Grow, Icon, Mark, Row, Size, Space, Symbol
from screens.paragraph import Run, Words
from screens.pen import Font
from screens.theme import Colour, Palette, Theme

BOTTOMS = {
    "baguette": 43.6, "milk": 45, "tomato": 44, "wine": 46, "cheese": 41, "banana": 34.5, "bottle": 45,
    "tote": 45, "apple": 45, "loaf": 41.5, "avocado": 44.5,
}  # fmt: skip
"""Where a symbol's feet are, on its grid of 48."""


KEPT = 300
"""Boxes that are kept, at most."""


class State(Struct, frozen=True):
    """What a shopper does with a page: the keypad's focus, digits typed per
    field, what is written in fields that show it, how many of a slip's newest lines are passed over."""

    focus: str = ""
    typed: tuple[tuple[str, int], ...] = ()
    written: tuple[tuple[str, str], ...] = ()
    skip: int = 0


class Headline(Struct, frozen=True):
    """How large a hero is set: px in portrait and landscape, line height and tracking in px, room below."""

    portrait: float
    landscape: float
    high: float = 1.1
    tracking: float = 0
    below: tuple[float, float] = (24, 24)


HEADLINES = {
    "hero": Headline(148, 150, 0.98, -4, (28, 28)),
    "farewell": Headline(150, 136, 1.0, -4, (24, 24)),
    "closed": Headline(136, 124, 1.02, -4, (40, 40)),
    "title": Headline(104, 100, 1.1, -2, (24, 24)),
    "ask": Headline(104, 92, 1.1, 0, (20, 20)),
    "check": Headline(96, 84, 1.1, -2, (36, 22)),
    "amount": Headline(84, 76, 1.1, 0, (0, 0)),
    "done": Headline(72, 72, 1.1, 0, (0, 0)),
}


class Kit(Struct):
    """Theme, orientation and state of one layout, and how its words are set."""

    theme: Theme
    portrait: bool
    state: State
    low: bool = False
    squeeze: float = 1
    """By how much headlines and pictures are smaller than they would like to be."""
    turn: tuple[str, str] | None = None
    """What is said where a slip has more lines above, and where it leads back to its newest."""
    crowded: int = 0
    """How full the sill's column is: at 1 most tools go to the foot, at 2 the sum is small, too."""
    made: dict[object, Box] = {}
    """Boxes of lines and keys that were made for the pages before, on this panel."""

    flat: int = 0
    """How low the sill is to stay: from 1 number pads lie in four columns, from 2 tools are as
    low as keys may be, at 3 the total of large text stands alone."""

    @property
    def on_sill(self) -> bool:
        """What is found lies on the sill and what is asked stands on the slip: low reach upright."""
        return self.low and self.portrait and not self.large

    def kept(self, what: tuple[object, ...], make: Callable[[], Box]) -> Box:
        """The box as it was made for the page before, if nothing about it is new; what sends a whole item, which has no
        hash, is made anew."""
        key = (self.theme.name, self.large, self.portrait, *what)
        try:
            box = self.made.get(key)
        except TypeError:
            return make()
        if box is None:
            if len(self.made) >= KEPT:
                self.made.clear()
            box = self.made[key] = make()
        return box

    @property
    def palette(self) -> Palette:
        return self.theme.palette

    @property
    def large(self) -> bool:
        return self.theme.large

    @property
    def brim(self) -> float:
        """Thickness of the line that parts sill and counter where their colours do not."""
        return {"dark": 2, "contrast": 4}.get(self.theme.name, 0)

    def pick(self, portrait: float, landscape: float) -> float:
        return portrait if self.portrait else landscape

    def size(self, name: str) -> float:
        return self.theme.sizes[name]

    def run(self, text: str, size: float | str = "body", bold: bool = False, colour: Colour | None = None,
            line: str = "", tracking: float = 0, cells: bool = False) -> Run:  # fmt: skip
        px = self.size(size) if isinstance(size, str) else size
        return Run(text, Font(px, bold, tracking, cells), colour or self.palette.ink, line)

    def words(self, text: str, size: float | str = "body", bold: bool = False, colour: Colour | None = None,
              high: float = 1.2, align: str = "start", line: str = "", tracking: float = 0,
              cells: bool = False) -> Words:  # fmt: skip
        return Words((self.run(text, size, bold, colour, line, tracking, cells),), high, align)

    def icon(self, name: str, size: float, colour: Colour | None = None, stroke: float = 2) -> Icon:
        return Icon(name, size, colour or self.palette.ink, stroke)

    def saving(self, text: str, size: float | str = "small") -> Mark:
        return Mark(self.words(text, size, True, self.palette.on_save), self.palette.save)

    def tile(self, symbol: str, department: str, picture: float, size: Size, radius: float = 18,
             faded: bool = False, name: str = "") -> Box:  # fmt: skip
        """A department's square with the product's symbol, or the first letters of its name."""
        tint = self.theme.tints.get(department, self.theme.tints["other"])
        if faded:
            tint = blend(tint, self.palette.paper, 0.55)
        inner: Box
        if symbol in self.theme.symbols:
            inner = Symbol(symbol, picture, self.palette.paper if faded else None)
        else:
            ink = (0x13, 0x20, 0x1B) if self.theme.name == "contrast" else self.palette.ink
            inner = self.words(name[:2], picture * 0.6, True, ink)
        across = Row((inner,), justify="centre")
        return Card(Grow(Column((across,), justify="centre")), fill=tint, radius=radius, least=size)

    def round(self, icon: str, tone: str = "plain", size: float = 56, stroke: float = 2) -> Box:
        """The disc of 96 px before a piece of news: ink, blue for a person, a ring for what is still to
        come."""
        p = self.palette
        fill, ink = {"person": (p.person, p.on_person), "next": (p.paper, p.ink)}.get(tone, (p.ink, p.paper))
        edge, width = (p.edge, 4) if tone == "next" else (None, 0)
        inner = Row((Column((self.icon(icon, size, ink, stroke),)),), justify="centre")
        return Card(inner, fill=fill, radius=48, edge=edge, edge_px=width, least=(96, 96))

    def standing(self, name: str, size: float) -> Symbol:
        """A symbol that stands with its feet on what is below."""
        return Symbol(name, size, dip=size * (48 - BOTTOMS.get(name, 45)) / 48)


def blend(one: Colour, other: Colour, share: float) -> Colour:
    """`one` seen through that share of `other`."""
    red, green, blue = (round(a + (b - a) * share) for a, b in zip(one, other, strict=True))
    return red, green, blue


def gap(height: float) -> Space:
    return Space(0, height)
