"""Rounded boxes, shadows, dashes and codes with smooth edges: corners are drawn once per radius and
colour."""

import math
from functools import lru_cache
from typing import NamedTuple

import pygame

from screens.marks import REST, Dashes, Moment, Plate, Rect, Shadow, Squares
from screens.theme import BLACK, WHITE, Colour

TIMES = 4
PREMULTIPLIED = pygame.BLEND_PREMULTIPLIED
SHADE: Colour = (10, 25, 18)
"""The colour of all shadow."""


@lru_cache(maxsize=256)
def disc(radius: int, colour: Colour) -> pygame.Surface:
    """A disc of twice the radius, premultiplied."""
    large = pygame.Surface((2 * radius * TIMES, 2 * radius * TIMES), pygame.SRCALPHA)
    pygame.draw.circle(large, colour, (radius * TIMES, radius * TIMES), radius * TIMES)
    return pygame.transform.smoothscale(large, (2 * radius, 2 * radius))


def rounded(
    target: pygame.Surface,
    box: Rect,
    colour: Colour,
    radius: int,
    top: bool = False,
    under: Rect | None = None,
) -> None:
    """A filled box with round corners; `top` leaves the lower ones square. What lies `under` a box that is drawn over
    it next may be left out, between the corners."""
    radius = min(radius, box.w // 2, box.h // 2)
    if radius <= 0:
        target.fill(colour, (box.x, box.y, box.w, box.h))
        return
    target.fill(colour, (box.x + radius, box.y, box.w - 2 * radius, radius))
    low = 0 if top else radius
    middle = Rect(box.x, box.y + radius, box.w, box.h - radius - low)
    for piece in around(middle, under) if under else (middle,):
        target.fill(colour, (piece.x, piece.y, piece.w, piece.h))
    sprite = disc(radius, colour)
    far = box.right - radius
    target.blit(sprite, (box.x, box.y), (0, 0, radius, radius), PREMULTIPLIED)
    target.blit(sprite, (far, box.y), (radius, 0, radius, radius), PREMULTIPLIED)
    if not top:
        foot = box.bottom - radius
        target.fill(colour, (box.x + radius, foot, box.w - 2 * radius, radius))
        target.blit(sprite, (box.x, foot), (0, radius, radius, radius), PREMULTIPLIED)
        target.blit(sprite, (far, foot), (radius, radius, radius, radius), PREMULTIPLIED)


def around(box: Rect, hole: Rect) -> tuple[Rect, ...]:
    """The pieces of a box that a hole leaves of it."""
    inner = box.within(hole)
    if inner.w <= 0 or inner.h <= 0:
        return (box,)
    pieces = (
        Rect(box.x, box.y, box.w, inner.y - box.y),
        Rect(box.x, inner.bottom, box.w, box.bottom - inner.bottom),
        Rect(box.x, inner.y, inner.x - box.x, inner.h),
        Rect(inner.right, inner.y, box.right - inner.right, inner.h),
    )
    return tuple(piece for piece in pieces if piece.w > 0 and piece.h > 0)


def core(box: Rect, radius: int) -> Rect:
    """The rows of a round box that its fill covers from side to side."""
    radius = max(0, min(radius, box.w // 2, box.h // 2))
    return Rect(box.x, box.y + radius, box.w, box.h - 2 * radius)


SMALL = 100_000
"""Pixels of a plate that is kept as a picture: keys and tiles, of which a page has many alike."""


def plate(target: pygame.Surface, mark: Plate, box: Rect, moment: Moment = REST) -> None:
    """A plate with its edge and its lip, which is shorter by what the plate has sunk."""
    fill = mark.pressed if moment.held and mark.pressed else mark.fill
    look = Layers(fill, mark.radius, mark.edge, mark.edge_px, mark.lip, mark.lip_px - moment.sunk, mark.top)
    if mark.radius and not moment.sunk and box.w * box.h <= SMALL:
        target.blit(kept(look, box.w, box.h), (box.x, box.y), None, PREMULTIPLIED)
    else:
        layers(target, look, box)


class Layers(NamedTuple):
    """How a plate is painted, from the top: its fill, its edge, its lip."""

    fill: Colour
    radius: int
    edge: Colour | None
    edge_px: int
    lip: Colour | None
    lip_px: int
    top: bool


@lru_cache(maxsize=32)
def kept(look: Layers, wide: int, high: int) -> pygame.Surface:
    """A plate alone, premultiplied."""
    made = pygame.Surface((wide, high + look.lip_px), pygame.SRCALPHA)
    layers(made, look, Rect(0, 0, wide, high))
    return made


def layers(target: pygame.Surface, look: Layers, box: Rect) -> None:
    if look.lip is not None:
        rounded(target, box.moved(look.lip_px), look.lip, look.radius, look.top, core(box, look.radius))
    if look.edge is None:
        rounded(target, box, look.fill, look.radius, look.top)
        return
    inner, radius = box.grown(-look.edge_px), max(0, look.radius - look.edge_px)
    rounded(target, box, look.edge, look.radius, look.top, core(inner, radius))
    rounded(target, inner, look.fill, radius, look.top)


@lru_cache(maxsize=8)
def _soft(radius: int, blur: int) -> pygame.Surface:
    """A blurred rounded square, big enough to be cut into nine."""
    reach = blur + radius
    side = 4 * reach + 1
    sharp = pygame.Surface((side, side), pygame.SRCALPHA)
    pygame.draw.rect(
        sharp, (*SHADE, 255), (reach, reach, side - 2 * reach, side - 2 * reach), border_radius=radius
    )
    soft = pygame.transform.gaussian_blur(sharp, blur // 2)
    alpha = pygame.Surface((side, side), pygame.SRCALPHA)
    alpha.fill((26, 26, 26, 26))
    soft.blit(alpha, (0, 0), special_flags=pygame.BLEND_RGBA_MULT)
    return soft


@lru_cache(maxsize=8)
def _shadow_sides(radius: int, blur: int, cut: int, wide: int, high: int) -> tuple[pygame.Surface, ...]:
    """The four sides between the corners: top, bottom, left, right."""
    soft = _soft(radius, blur)
    side = soft.get_width()
    across = soft.subsurface((side // 2, 0, 1, side))
    along = soft.subsurface((0, side // 2, side, 1))
    return (
        pygame.transform.scale(across.subsurface((0, 0, 1, cut)), (wide, cut)),
        pygame.transform.scale(across.subsurface((0, side - cut, 1, cut)), (wide, cut)),
        pygame.transform.scale(along.subsurface((0, 0, cut, 1)), (cut, high)),
        pygame.transform.scale(along.subsurface((side - cut, 0, cut, 1)), (cut, high)),
    )


def shadow(target: pygame.Surface, mark: Shadow, box: Rect) -> None:
    """The shadow round paper, drawn in eight pieces; what the paper covers is left out."""
    reach = mark.blur + mark.radius
    cut, soft = reach + mark.radius + mark.y, _soft(mark.radius, mark.blur)
    side = soft.get_width()
    x, y = box.x - reach, box.y - reach + mark.y
    right, bottom = box.right + reach - cut, box.bottom + reach + mark.y - cut
    wide, high = max(1, right - x - cut), max(1, bottom - y - cut)
    north, south, west, east = _shadow_sides(mark.radius, mark.blur, cut, wide, high)
    for place, area in (((x, y), (0, 0)), ((right, y), (side - cut, 0)), ((x, bottom), (0, side - cut)),
                        ((right, bottom), (side - cut, side - cut))):  # fmt: skip
        target.blit(soft, place, (*area, cut, cut), PREMULTIPLIED)
    target.blit(north, (x + cut, y), None, PREMULTIPLIED)
    target.blit(south, (x + cut, bottom), None, PREMULTIPLIED)
    target.blit(west, (x, y + cut), None, PREMULTIPLIED)
    target.blit(east, (right, y + cut), None, PREMULTIPLIED)


@lru_cache(maxsize=8)
def _slot(wide: int, high: int) -> pygame.Surface:
    column = pygame.Surface((1, high), pygame.SRCALPHA)
    for row in range(high):
        share = 0.16 * (row + 0.5) / high
        column.set_at((0, row), (*(round(part * share) for part in SHADE), round(255 * share)))
    return pygame.transform.scale(column, (wide, high))


def shade(target: pygame.Surface, box: Rect) -> None:
    """The shade that rises from the slot."""
    target.blit(_slot(box.w, box.h), (box.x, box.y), None, PREMULTIPLIED)


@lru_cache(maxsize=4)
def _dashed(wide: int, high: int, radius: int, px: int, colour: Colour) -> pygame.Surface:
    """A dashed frame: dashes of twice its thickness, evenly on every side and corner."""
    large = pygame.Surface((wide * TIMES, high * TIMES), pygame.SRCALPHA)
    path = _round_path(wide, high, radius, px)
    count = max(4, round(len(path) / (px * 3)))
    for number in range(count):
        start = number * len(path) / count
        dash = [path[round(start + step) % len(path)] for step in range(2 * px + 1)]
        outer = [(x + u * px / 2, y + v * px / 2) for x, y, u, v in dash]
        inner = [(x - u * px / 2, y - v * px / 2) for x, y, u, v in reversed(dash)]
        pygame.draw.polygon(large, colour, [(x * TIMES, y * TIMES) for x, y in (*outer, *inner)])
    return pygame.transform.smoothscale(large, (wide, high))


def _round_path(wide: int, high: int, radius: int, px: int) -> list[tuple[float, float, float, float]]:
    """A point for each pixel along the middle of a frame, clockwise, each with its direction outwards."""
    path: list[tuple[float, float, float, float]] = []
    half, bend = px / 2, radius - px / 2
    sides = (
        (radius, half, 1, 0, wide - 2 * radius, wide - radius, radius),
        (wide - half, radius, 0, 1, high - 2 * radius, wide - radius, high - radius),
        (wide - radius, high - half, -1, 0, wide - 2 * radius, radius, high - radius),
        (half, high - radius, 0, -1, high - 2 * radius, radius, radius),
    )
    for x, y, dx, dy, length, cx, cy in sides:
        path += [(x + dx * step, y + dy * step, dy, -dx) for step in range(length)]
        steps = round(math.pi / 2 * bend)
        start = math.atan2(-dx, dy)
        for step in range(steps):
            angle = start + math.pi / 2 * step / steps
            u, v = math.cos(angle), math.sin(angle)
            path.append((cx + bend * u, cy + bend * v, u, v))
    return path


def dashes(target: pygame.Surface, mark: Dashes, box: Rect) -> None:
    sprite = _dashed(box.w, box.h, mark.radius, mark.px, mark.colour)
    target.blit(sprite, (box.x, box.y), None, PREMULTIPLIED)


def squares(target: pygame.Surface, mark: Squares, box: Rect) -> None:
    """A QR code: modules with sharp edges, two of them as quiet zone."""
    count = len(mark.rows) + 4
    edges = [round(box.w * number / count) for number in range(count + 1)]
    target.fill(WHITE, (box.x, box.y, box.w, box.h))
    for row, text in enumerate(mark.rows, 2):
        for column, sign in enumerate(text, 2):
            if sign == "1":
                x, y = edges[column], edges[row]
                target.fill(BLACK, (box.x + x, box.y + y, edges[column + 1] - x, edges[row + 1] - y))
