"""Words to surfaces: drawn four times too large and made small, so that letters stand where the type
designer put them, not on the grid of pixels; kept in a bounded cache."""

import math
from collections import OrderedDict
from typing import NamedTuple

import pygame

from screens.fonts import LATIN, Family, family_of, font_file
from screens.marks import Glyphs
from screens.pen import WIDEST

LARGE = 72
"""From this size on twice is enough."""
RIGHT_TO_LEFT = frozenset({"Noto Sans Arabic", "Noto Sans Hebrew"})
SCRIPTS = {"Noto Sans Arabic": "Arab", "Noto Sans Hebrew": "Hebr", "Noto Sans Devanagari": "Deva"}


class Piece(NamedTuple):
    """A drawn stretch of text: where it begins, and what is over and under its baseline."""

    x: float
    surface: pygame.Surface
    over: int
    under: int


class Type:
    """The fonts of one screen, their measure, and the surfaces of what was last written."""

    def __init__(self, budget: int = 8_000_000) -> None:
        pygame.font.init()
        self._fonts: dict[tuple[Family, int, bool], pygame.font.Font] = {}
        self._widths: dict[tuple[str, int, bool], float] = {}
        self._surfaces: OrderedDict[tuple[object, ...], tuple[pygame.Surface, int]] = OrderedDict()
        self._held, self._budget = 0, budget
        self._large = pygame.Surface((1, 1), pygame.SRCALPHA)

    def font(self, family: Family, px: int, bold: bool) -> pygame.font.Font:
        """An open font; a family that is not installed is drawn by Atkinson's empty boxes."""
        key = (family, px, bold)
        if key not in self._fonts:
            file = font_file(family, bold) or font_file(LATIN, bold)
            font = pygame.font.Font(file, px)
            if family.name in SCRIPTS:
                font.set_script(SCRIPTS[family.name])
            if family.name in RIGHT_TO_LEFT:
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
            width = sum(self.font(f, px * times, bold).size(part)[0] for f, part in runs(text)) / times
            self._widths[key] = width
        return width

    def surface(self, mark: Glyphs) -> tuple[pygame.Surface, int]:
        """The words of a mark, and how far below the surface's top their baseline is."""
        key = (mark.text, mark.px, mark.bold, mark.colour, mark.tracking, mark.cells)
        found = self._surfaces.get(key)
        if found is not None:
            self._surfaces.move_to_end(key)
            return found
        drawn = self._draw(mark)
        self._surfaces[key] = drawn
        self._held += weight(drawn)
        while self._held > self._budget:
            self._held -= weight(self._surfaces.popitem(last=False)[1])
        return drawn

    def _draw(self, mark: Glyphs) -> tuple[pygame.Surface, int]:
        times = coarse(mark.px)
        pieces = self._pieces(mark, times)
        over, under = max(p.over for p in pieces), max(p.under for p in pieces)
        zones = self._zones(mark.px, mark.bold, over, under)
        wide = -(-int(max(p.x + p.surface.get_width() for p in pieces) + 1) // times)
        large = self._sheet((wide * times, sum(rows for rows, _ in zones)))
        large.fill((*mark.colour, 0))
        baseline = sum(rows for rows, _ in zones[:-1])
        for piece in pieces:
            large.blit(piece.surface, (round(piece.x), baseline - piece.over))
        small = pygame.Surface((wide, sum(rows for _, rows in zones)), pygame.SRCALPHA)
        top = y = 0
        for rows, shown in zones:
            if rows and shown:
                zone = large.subsurface((0, top, wide * times, rows))
                pygame.transform.smoothscale(zone, (wide, shown), small.subsurface((0, y, wide, shown)))
            top, y = top + rows, y + shown
        return small, y - zones[-1][1]

    def _sheet(self, size: tuple[int, int]) -> pygame.Surface:
        """A corner of the one surface on which everything is drawn large: fresh memory is dear."""
        wide, high = (max(pair) for pair in zip(size, self._large.get_size(), strict=True))
        if (wide, high) != self._large.get_size():
            self._large = pygame.Surface((wide, high), pygame.SRCALPHA)
        return self._large.subsurface((0, 0, *size))

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
        """Surfaces with their place: one for each script, or one for each letter where letters are moved."""
        pieces: list[Piece] = []
        x = 0.0
        for family, part in runs(mark.text):
            font = self.font(family, mark.px * times, mark.bold)
            over, under = font.get_ascent(), -font.get_descent()
            if not mark.tracking and not mark.cells:
                pieces.append(Piece(x, font.render(part, True, mark.colour), over, under))
                x += font.size(part)[0]
                continue
            cell = font.size(WIDEST)[0]
            for number, sign in enumerate(part):
                own = font.size(sign)[0]
                if mark.cells:
                    wide = cell if sign.isdigit() else own
                    place = x + (wide - own) / 2
                    x += wide
                else:
                    place = x + font.size(part[: number + 1])[0] - own + mark.tracking * times * number
                pieces.append(Piece(place, font.render(sign, True, mark.colour), over, under))
        return pieces


def runs(text: str) -> list[tuple[Family, str]]:
    """A text split where the font changes; a space stays with what is before it."""
    if text.isascii():
        return [(LATIN, text)]
    found: list[tuple[Family, str]] = []
    for sign in text:
        family = found[-1][0] if found and sign.isspace() else family_of(sign)
        if found and found[-1][0] is family:
            found[-1] = (family, found[-1][1] + sign)
        else:
            found.append((family, sign))
    if any(family.name in RIGHT_TO_LEFT for family, _ in found):
        found.reverse()
    return found


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
