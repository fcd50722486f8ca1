"""Words to surfaces: drawn four times too large and made small, so that letters stand where the type
designer put them, not on the grid of pixels; kept in a bounded cache."""

import math
from collections import OrderedDict
from collections.abc import Callable
from typing import NamedTuple

import pygame

from kiosk.text.fonts import LATIN, Family, face, face_of, runs
from screens.collection import opened
from screens.marks import Glyphs
from screens.pen import WIDEST
from screens.theme import Colour

LARGE = 72
"""From this size on twice is enough."""
SPACE = " "
COPY = pygame.BLEND_RGBA_MAX


Drawn = tuple[pygame.Surface, int]
"""A text, and how far below the surface's top its baseline is."""


class Piece(NamedTuple):
    """A drawn stretch of text: where it begins, and what is over and under its baseline."""

    x: int
    surface: pygame.Surface
    over: int
    under: int


class Type:
    """The fonts of one screen, their measure, and the surfaces of what was last written."""

    def __init__(self, budget: int = 9_000_000) -> None:
        pygame.font.init()
        self._fonts: dict[tuple[Family, int, bool, bool], pygame.font.Font] = {}
        self._widths: dict[tuple[str, int, bool], float] = {}
        self._surfaces: OrderedDict[tuple[object, ...], Drawn] = OrderedDict()
        self._held, self._budget = 0, budget
        self._language = ""

    def read_by(self, language: str) -> bool:
        """Draw Chinese characters as readers of a language know them; whether that changes anything."""
        changed = face_of(language) != face_of(self._language)
        self._language = language
        if changed:
            self._fonts, self._widths, self._held = {}, {}, 0
            self._surfaces.clear()
        return changed

    def font(self, family: Family, px: int, bold: bool, right_to_left: bool = False) -> pygame.font.Font:
        """An open font; a family that is not installed is drawn by Atkinson's empty boxes."""
        key = (family, px, bold, right_to_left)
        if key not in self._fonts:
            if len(self._fonts) > 100:
                self._fonts.clear()
            found = face(family, bold, self._language) or face(LATIN, bold)
            font = opened(found, px)
            if family.script:
                font.set_script(family.script)
            if right_to_left:
                font.set_direction(pygame.DIRECTION_RTL)
            self._fonts[key] = font
        return self._fonts[key]

    def measure(self, text: str, px: int, bold: bool) -> float:
        """Width of a text in pixels, not rounded to whole letters."""
        key = (text, px, bold)
        width = self._widths.get(key)
        if width is None:
            if len(self._widths) > 4000:
                self._widths.clear()
            times = coarse(px)
            wide = (
                self.font(run.family, px * times, bold, run.right_to_left).size(run.text)
                for run in runs(text)
            )
            width = sum(size[0] for size in wide) / times
            self._widths[key] = width
        return width

    def surface(self, mark: Glyphs) -> tuple[pygame.Surface, int]:
        """The words of a mark, and how far below the surface's top their baseline is."""
        key = (mark.text, mark.px, mark.bold, mark.colour, mark.tracking, mark.cells)
        return self._kept(key, lambda: self._draw(mark))

    def _kept(self, key: tuple[object, ...], draw: Callable[[], Drawn]) -> Drawn:
        found = self._surfaces.get(key)
        if found is not None:
            self._surfaces.move_to_end(key)
            return found
        drawn = self._surfaces[key] = draw()
        self._held += weight(drawn)
        while self._held > self._budget:
            self._held -= weight(self._surfaces.popitem(last=False)[1])
        return drawn

    def _draw(self, mark: Glyphs) -> Drawn:
        times = coarse(mark.px)
        parts = runs(mark.text)
        if all(run.set_apart for run in parts):
            return self._set(mark, "".join(run.text for run in parts), times)
        return self._small(self._pieces(mark, times), mark.px, mark.bold, mark.colour)

    def _set(self, mark: Glyphs, text: str, times: int) -> Drawn:
        """A line of letters that were drawn before: of other products, other prices."""
        font = self.font(LATIN, mark.px * times, mark.bold)
        letters, _ = spread(font, text, mark, times)
        drawn = [(self._letter(font, sign, mark, place % times), place // times) for sign, place in letters]
        wide = max(x + letter.get_width() for (letter, _), x in drawn)
        (first, baseline), _ = drawn[0]
        line = pygame.Surface((wide, first.get_height()), pygame.SRCALPHA)
        line.fblits([(letter, (x, 0)) for (letter, _), x in drawn], COPY)
        return line, baseline

    def _letter(self, font: pygame.font.Font, sign: str, mark: Glyphs, phase: int) -> Drawn:
        """One letter that begins so many parts of a pixel after a pixel's edge."""
        key = (sign, mark.px, mark.bold, mark.colour, phase)
        piece = (phase, font, sign)
        return self._kept(
            key, lambda: self._small([written(*piece, mark.colour)], mark.px, mark.bold, mark.colour)
        )

    def _small(self, pieces: list[Piece], px: int, bold: bool, colour: Colour) -> Drawn:
        """The pieces together, as small as they are to be."""
        times = coarse(px)
        over, under = max(p.over for p in pieces), max(p.under for p in pieces)
        zones = self._zones(px, bold, over, under)
        baseline = sum(rows for rows, _ in zones[:-1])
        large, top = together(pieces, baseline, colour, times)
        wide = -(-large.get_width() // times)
        small = pygame.Surface((wide, sum(rows for _, rows in zones)), pygame.SRCALPHA)
        y = 0
        for rows, shown in zones:
            first, last = max(top, 0), min(top + rows, large.get_height())
            if last > first and shown:
                zone = large.subsurface((0, first, large.get_width(), last - first))
                high = round((last - first) * shown / rows)
                place = y + (shown - high if top < 0 else 0)
                small.blit(pygame.transform.smoothscale(zone, (wide, high)), (0, place), special_flags=COPY)
            top, y = top + rows, y + shown
        return small, y - zones[-1][1]

    def _zones(self, px: int, bold: bool, over: int, under: int) -> list[tuple[int, int]]:
        """Rows of the large drawing and of the small one: above capitals, to small letters, to the
        baseline, below.

        The edges between them become whole pixels, so that letters stand sharp on their line.
        """
        times = coarse(px)
        x, cap = heights(px, bold)
        small, capital = self.font(LATIN, px * times, bold).metrics("xH")
        large_x, large_cap = (small or (0,) * 5)[3], (capital or (0,) * 5)[3]
        above = max(0, -(-(over - large_cap) // times))
        below = -(-under // times)
        return [(above * times, above), (large_cap - large_x, cap - x), (large_x, x), (below * times, below)]

    def _pieces(self, mark: Glyphs, times: int) -> list[Piece]:
        """Surfaces with their place: one for each run of letters that join, one for each letter of the others."""
        pieces: list[Piece] = []
        x = 0
        for run in runs(mark.text):
            font = self.font(run.family, mark.px * times, mark.bold, run.right_to_left)
            if run.set_apart:
                letters, wide = spread(font, run.text, mark, times)
                pieces += [written(x + place, font, sign, mark.colour) for sign, place in letters]
            else:
                drawn, wide = font.render(run.text, True, mark.colour), font.size(run.text)[0]
                pieces.append(Piece(x, drawn, font.get_ascent(), -font.get_descent()))
            x += wide
        return pieces


def spread(font: pygame.font.Font, text: str, mark: Glyphs, times: int) -> tuple[list[tuple[str, int]], int]:
    """Where the letters of a text begin, and the width of all, in pixels of the font: side by side with the font's own
    kerning, or tracked, or in the cells of digits."""
    letters: list[tuple[str, int]] = []
    if not mark.cells:
        for number, sign in enumerate(text):
            place = font.size(text[: number + 1])[0] - font.size(sign)[0] + mark.tracking * times * number
            letters.append((sign, round(place)))
        return letters, round(font.size(text)[0] + mark.tracking * times * len(text))
    x, cell = 0.0, font.size(WIDEST)[0]
    for sign in text:
        own = font.size(sign)[0]
        wide = cell if sign.isdigit() else own
        letters.append((sign, round(x + (wide - own) / 2)))
        x += wide
    return letters, round(x)


def written(x: int, font: pygame.font.Font, sign: str, colour: Colour) -> Piece:
    return Piece(x, font.render(sign, True, colour), font.get_ascent(), -font.get_descent())


def together(pieces: list[Piece], baseline: int, colour: Colour, times: int) -> tuple[pygame.Surface, int]:
    """Pieces on one surface of whole small pixels, and the row of it at which the zones above the baseline begin."""
    wide = max(piece.x + piece.surface.get_width() for piece in pieces)
    over, under = max(piece.over for piece in pieces), max(piece.under for piece in pieces)
    large = pygame.Surface((-(-wide // times) * times, over + under), pygame.SRCALPHA)
    large.fill((*colour, 0))
    for piece in pieces:
        large.blit(piece.surface, (piece.x, over - piece.over))
    return large, over - baseline


def coarse(px: int) -> int:
    """How many times too large letters of a size are drawn."""
    return 2 if px >= LARGE else 4


def heights(px: int, bold: bool) -> tuple[int, int]:
    """Whole pixels of a small letter and of a capital, as FreeType's light hinter fits Atkinson
    Hyperlegible: letters are stretched until round small letters end on a pixel, preferring to grow; flat
    edges are then rounded."""
    round_x = px * (0.510 if bold else 0.504)
    stretch = math.floor(round_x + 0.625) / round_x
    return round(0.496 * px * stretch), round(0.668 * px * stretch)


def weight(drawn: tuple[pygame.Surface, int]) -> int:
    """Bytes that a surface takes."""
    return drawn[0].get_width() * drawn[0].get_height() * 4
