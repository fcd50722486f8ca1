"""Icons and product symbols: lists of plain shapes, drawn four times too large once for each size and
colour."""

import math
from collections.abc import Sequence
from functools import cache
from itertools import pairwise
from pathlib import Path

import msgspec
import pygame

from screens.marks import Drawing, Sign
from screens.theme import Colour, mix

Point = tuple[float, float]
Shape = list[object]


class Shapes(msgspec.Struct):
    """icons.json: icons on a grid of 24 (strokes), symbols on a grid of 48 (flat paint)."""

    icons: dict[str, list[list[object]]]
    symbols: dict[str, list[list[object]]]


MARK: list[Shape] = [
    ["b", 10.8, 13, 2.4, 10, 1.2],
    ["d", 12, 5.5, 4.75],
    ["d", 6.5, 12, 4.75],
    ["d", 17.5, 12, 4.75],
]
"""The example shop's mark."""


@cache
def shapes() -> Shapes:
    found = msgspec.json.decode(Path(__file__).with_name("icons.json").read_bytes(), type=Shapes)
    found.icons["mark"] = MARK
    return found


class Sheet:
    """A surface of a grid, drawn large, made small; the result has its colours multiplied by its coverage."""

    def __init__(self, px: int, grid: float, origin: float = 0) -> None:
        times = 4 if px <= 100 else 2
        self.px, self.unit, self.origin = px, px * times / grid, origin
        self.surface = pygame.Surface((px * times, px * times), pygame.SRCALPHA)

    def at(self, x: float, y: float) -> Point:
        return (x - self.origin) * self.unit, (y - self.origin) * self.unit

    def disc(self, colour: Colour, x: float, y: float, radius: float) -> None:
        pygame.draw.circle(self.surface, colour, self.at(x, y), radius * self.unit)

    def polygon(self, colour: Colour, points: Sequence[Point]) -> None:
        pygame.draw.polygon(self.surface, colour, [self.at(x, y) for x, y in points])

    def line(self, colour: Colour, points: Sequence[Point], width: float) -> None:
        """A line with round ends and corners."""
        half = width / 2
        for x, y in points:
            self.disc(colour, x, y, half)
        for (x, y), (u, v) in pairwise(points):
            length = math.hypot(u - x, v - y)
            if length:
                dx, dy = (v - y) / length * half, (x - u) / length * half
                self.polygon(colour, [(x + dx, y + dy), (u + dx, v + dy), (u - dx, v - dy), (x - dx, y - dy)])

    def box(self, colour: Colour, x: float, y: float, w: float, h: float, radius: float) -> None:
        left, top = self.at(x, y)
        right, bottom = self.at(x + w, y + h)
        place = pygame.Rect(round(left), round(top), round(right) - round(left), round(bottom) - round(top))
        pygame.draw.rect(self.surface, colour, place, border_radius=round(radius * self.unit))

    def small(self) -> pygame.Surface:
        return pygame.transform.smoothscale(self.surface, (self.px, self.px))


def arc(x: float, y: float, radius: float, start: float, end: float) -> list[Point]:
    """Points along an arc, degrees clockwise from three o'clock."""
    steps = max(8, int(abs(end - start) / 5))
    angles = [math.radians(start + (end - start) * step / steps) for step in range(steps + 1)]
    return [(x + radius * math.cos(angle), y + radius * math.sin(angle)) for angle in angles]


def outline(x: float, y: float, w: float, h: float, radius: float) -> list[Point]:
    """Points along a rounded box, closed."""
    points: list[Point] = []
    corners = ((x + w - radius, y + radius, -90), (x + w - radius, y + h - radius, 0),
               (x + radius, y + h - radius, 90), (x + radius, y + radius, 180))  # fmt: skip
    for cx, cy, start in corners:
        points += arc(cx, cy, radius, start, start + 90)
    return [*points, points[0]]


def numbers(values: Sequence[object]) -> list[float]:
    return [value for value in values if isinstance(value, int | float)]


def pairs(values: Sequence[object]) -> list[Point]:
    return [(point[0], point[1]) for point in values if isinstance(point, list)]


def draw_icon(mark: Sign) -> pygame.Surface:
    """An icon in one colour, premultiplied."""
    sheet, colour = Sheet(mark.box.w, 26, -1), mark.colour
    for kind, *values in shapes().icons[mark.name]:
        v, points = numbers(values), pairs(values)
        match kind:
            case "L":
                sheet.line(colour, [(v[0], v[1]), (v[2], v[3])], mark.stroke)
            case "P":
                sheet.line(colour, points, mark.stroke)
            case "Z":
                sheet.line(colour, [*points, points[0]], mark.stroke)
            case "C":
                sheet.line(colour, arc(v[0], v[1], v[2], 0, 360), mark.stroke)
            case "A":
                sheet.line(colour, arc(v[0], v[1], v[2], v[3], v[4]), mark.stroke)
            case "O":
                sheet.line(colour, outline(*v[:5]), mark.stroke)
            case "d":
                sheet.disc(colour, v[0], v[1], v[2])
            case "f":
                sheet.polygon(colour, points)
            case "b":
                sheet.box(colour, *v[:5])
    small = sheet.small()
    if mark.turn:
        small = pygame.transform.rotate(small, -mark.turn)
    return pygame.transform.flip(small, True, False) if mark.mirrored else small


def draw_symbol(mark: Drawing, paint: dict[str, Colour]) -> pygame.Surface:
    """A product symbol, premultiplied; faded ones let the paper through."""
    sheet = Sheet(mark.box.w, 48)
    for name, kind, *values in shapes().symbols[mark.name]:
        colour = paint[str(name)]
        if mark.faded:
            colour = mix(colour, mark.faded, 0.55)
        v, points = numbers(values), pairs(values)
        match kind:
            case "disc":
                sheet.disc(colour, v[0], v[1], v[2])
            case "oval":
                sheet.polygon(colour, oval(*v[:5]))
            case "box":
                sheet.box(colour, *v[:5])
            case "poly":
                sheet.polygon(colour, points)
                sheet.line(colour, [*points, points[0]], v[0])
            case "line":
                sheet.line(colour, points, v[0])
            case "arc":
                sheet.line(colour, arc(v[0], v[1], v[2], v[3], v[4]), v[5])
    return sheet.small()


def own_pictures(folder: Path | None) -> dict[str, Path]:
    """A shop's own pictures: PNG files, each named as the symbol of its products in the catalogue."""
    return {path.stem: path for path in sorted(folder.glob("*.png"))} if folder else {}


def draw_picture(mark: Drawing, path: Path) -> pygame.Surface:
    """A shop's own picture, as large as its square takes it whole, premultiplied; faded for what is gone."""
    square = pygame.Surface((mark.box.w, mark.box.h), pygame.SRCALPHA)
    loaded = pygame.image.load(path)
    picture = pygame.Surface(loaded.get_size(), pygame.SRCALPHA)
    picture.blit(loaded, (0, 0))
    share = min(mark.box.w / picture.get_width(), mark.box.h / picture.get_height())
    wide, high = (max(1, round(length * share)) for length in picture.get_size())
    small = pygame.transform.smoothscale(picture, (wide, high))
    if mark.faded:
        small.set_alpha(115)
    square.blit(small, ((mark.box.w - wide) // 2, (mark.box.h - high) // 2))
    return square.premul_alpha()


def oval(x: float, y: float, wide: float, high: float, turn: float) -> list[Point]:
    """Points of an ellipse turned by degrees."""
    cos, sin = math.cos(math.radians(turn)), math.sin(math.radians(turn))
    points = []
    for step in range(72):
        angle = math.tau * step / 72
        u, v = wide * math.cos(angle), high * math.sin(angle)
        points.append((x + u * cos - v * sin, y + u * sin + v * cos))
    return points
