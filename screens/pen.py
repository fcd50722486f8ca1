"""The pen writes marks: it turns reference pixels into panel pixels and mirrors pages that run from right
to left."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from msgspec import Struct

from kiosk.text.fonts import runs
from screens.marks import (
    Bar,
    Dashes,
    Drawing,
    Glyphs,
    Mark,
    Marker,
    Part,
    Plate,
    Rect,
    Shade,
    Shadow,
    Sign,
    Squares,
    Waiting,
)
from screens.theme import Colour
from screens.widgets import Key

Measure = Callable[[str, int, bool], float]
"""Width of a text in panel pixels: text, em in panel pixels, bold."""

ASCENT, DESCENT = 0.95, 0.29
"""Atkinson Hyperlegible, in em (hhea table)."""
WIDEST = "0"
"""The widest digit of Atkinson Hyperlegible, in both weights."""
FORWARD_SIGNS = frozenset({"back", "forward", "undo"})
"""Icons that point along the line of reading, so they are mirrored with it."""


class Font(Struct, frozen=True, gc=False):
    """Size in reference px, weight, and tracking in reference px. With `cells`, digits stand in cells as
    wide as the widest of them, so that a number that changes in place does not tremble."""

    size: float
    bold: bool = False
    tracking: float = 0
    cells: bool = False


class Open:
    """A part that is being written, and then stays as it is."""

    def __init__(self, name: str, zone: str, key: Key | None, hit: Rect | None) -> None:
        self.name, self.zone, self.key, self.hit = name, zone, key, hit
        self.marks: list[Mark] = []
        self._part: Part | None = None

    def closed(self) -> Part:
        if self._part is None:
            self._part = self._whole()
        return self._part

    def _whole(self) -> Part:
        box = self.hit
        for mark in self.marks:
            reach = mark.box
            if isinstance(mark, Shadow):
                reach = reach.grown(mark.blur + mark.y)
            elif isinstance(mark, Plate) and mark.lip_px:
                reach = Rect(reach.x, reach.y, reach.w, reach.h + mark.lip_px)
            box = reach if box is None else box.with_(reach)
        return Part(self.name, self.zone, box or Rect(0, 0, 0, 0), tuple(self.marks), self.key, self.hit)


class Pen:
    """Writes marks into named parts. Lengths given to it are reference pixels, from the reading side."""

    def __init__(self, measure: Measure, scale: float, width: int, mirrored: bool) -> None:
        self._measure, self.scale, self._width, self.mirrored = measure, scale, width, mirrored
        self._parts: list[Open] = []
        self._stack: list[Open] = []
        self._upright: tuple[float, float] | None = None

    @property
    def base(self) -> int:
        """The direction of the page, as texts have it: 1 from the right."""
        return int(self.mirrored)

    def width(self, text: str, font: Font) -> float:
        """Reference px that a text takes."""
        px = max(1, round(font.size * self.scale))
        if not font.cells and not font.tracking:
            return self._measure(text, px, font.bold) / px * font.size
        wide = apart = 0.0
        for run in runs(text):
            if not run.set_apart:
                wide += self._measure(run.text, px, font.bold)
            elif font.cells:
                signs = (WIDEST if sign.isdigit() else sign for sign in run.text)
                wide += sum(self._measure(sign, px, font.bold) for sign in signs)
            else:
                wide += self._measure(run.text, px, font.bold)
                apart += len(run.text)
        return wide / px * font.size + font.tracking * apart

    @contextmanager
    def upright(self, x: float, w: float) -> Iterator[None]:
        """Within these bounds nothing is mirrored."""
        self._upright = (x, w)
        yield
        self._upright = None

    def rect(self, x: float, y: float, w: float, h: float) -> Rect:
        if self._upright:
            x = 2 * self._upright[0] + self._upright[1] - x - w
        left, right = round(x * self.scale), round((x + w) * self.scale)
        top, bottom = round(y * self.scale), round((y + h) * self.scale)
        return Rect(self._width - right if self.mirrored else left, top, right - left, bottom - top)

    def px(self, length: float) -> int:
        """A thickness: never thinner than a pixel."""
        return max(1, round(length * self.scale)) if length else 0

    def open(self, name: str, zone: str, key: Key | None = None, hit: Rect | None = None) -> None:
        part = Open(name, zone or self._stack[-1].zone, key, hit)
        self._parts.append(part)
        self._stack.append(part)

    def close(self) -> Open:
        return self._stack.pop()

    def again(self, part: Open) -> None:
        """The same part at the same place as on the page before."""
        self._parts.append(part)

    def parts(self) -> tuple[Part, ...]:
        return tuple(part.closed() for part in self._parts)

    def mark(self, mark: Mark) -> None:
        self._stack[-1].marks.append(mark)

    def words(self, x: float, y: float, w: float, h: float, text: str, font: Font, colour: Colour, line: str,
              baseline: float, joins: str | None) -> None:  # fmt: skip
        px = max(1, round(font.size * self.scale))
        self.mark(
            Glyphs(
                box=self.rect(x, y, w, h),
                text=text,
                px=px,
                bold=font.bold,
                colour=colour,
                baseline=round(baseline * self.scale),
                tracking=font.tracking * self.scale,
                line=line,
                line_px=self.px(font.size / 18) if line else 0,
                cells=font.cells,
                joins=joins,
            )
        )

    def plate(self, x: float, y: float, w: float, h: float, fill: Colour, radius: float = 0,
              edge: Colour | None = None, edge_px: float = 0, lip: Colour | None = None, lip_px: float = 0,
              pressed: Colour | None = None, top: bool = False) -> None:  # fmt: skip
        self.mark(
            Plate(
                self.rect(x, y, w, h),
                fill,
                self.px(radius),
                edge,
                self.px(edge_px),
                lip,
                self.px(lip_px),
                pressed,
                top,
            )
        )

    def dashes(
        self, x: float, y: float, w: float, h: float, colour: Colour, radius: float, px: float
    ) -> None:
        self.mark(Dashes(self.rect(x, y, w, h), colour, self.px(radius), self.px(px)))

    def sign(
        self, x: float, y: float, size: float, name: str, colour: Colour, stroke: float = 2, turn: int = 0
    ) -> None:
        mirrored = self.mirrored and name in FORWARD_SIGNS
        self.mark(Sign(self.rect(x, y, size, size), name, colour, stroke, turn, mirrored))

    def drawing(self, x: float, y: float, size: float, name: str, faded: Colour | None = None) -> None:
        self.mark(Drawing(self.rect(x, y, size, size), name, faded))

    def shadow(self, x: float, y: float, w: float, h: float, radius: float) -> None:
        self.mark(Shadow(self.rect(x, y, w, h), self.px(radius), self.px(8), self.px(32)))

    def shade(self, x: float, y: float, w: float, h: float) -> None:
        self.mark(Shade(self.rect(x, y, w, h)))

    def marker(self, x: float, y: float, w: float, h: float, fill: Colour, radius: float) -> None:
        self.mark(Marker(self.rect(x, y, w, h), fill, self.px(radius), self.mirrored))

    def bar(self, x: float, y: float, w: float, h: float, fill: Colour, back: Colour, ms: int) -> None:
        self.mark(Bar(self.rect(x, y, w, h), fill, back, ms, self.mirrored))

    def waiting(self, x: float, y: float, w: float, h: float, colour: Colour, behind: Colour) -> None:
        self.mark(Waiting(self.rect(x, y, w, h), colour, behind, self.px(4)))

    def squares(self, x: float, y: float, size: float, rows: tuple[str, ...]) -> None:
        self.mark(Squares(self.rect(x, y, size, size), rows))
