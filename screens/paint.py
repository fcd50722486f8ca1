"""Marks to pixels."""

from collections import OrderedDict
from collections.abc import Mapping
from pathlib import Path

import pygame

from screens import icons, shapes
from screens.marks import (
    REST,
    Bar,
    Dashes,
    Drawing,
    Glyphs,
    Mark,
    Marker,
    Moment,
    Part,
    Plate,
    Rect,
    Shade,
    Shadow,
    Sign,
    Squares,
    Waiting,
)
from screens.text import Type
from screens.theme import Colour

EMPTY: Mapping[str, Path] = {}


class Painter:
    """Draws marks; keeps icons and words that were drawn before, within bounds."""

    def __init__(
        self, type_: Type, paint: dict[str, Colour], own: Mapping[str, Path] = EMPTY, sprites: int = 200
    ) -> None:
        self._type, self._paint, self._own, self._most = type_, paint, own, sprites
        self._sprites: OrderedDict[tuple[object, ...], pygame.Surface] = OrderedDict()

    def part(self, target: pygame.Surface, part: Part, moment: Moment = REST) -> None:
        """All marks of a part."""
        down = moment.dy + moment.sunk
        for mark in part.marks:
            self.mark(target, mark, mark.box.moved(down) if down else mark.box, moment)

    def mark(self, target: pygame.Surface, mark: Mark, box: Rect, moment: Moment) -> None:
        match mark:
            case Plate():
                shapes.plate(target, mark, box, moment)
            case Glyphs():
                self._words(target, mark, box, moment.dy + moment.sunk)
            case Sign():
                sprite = self._sprite(
                    (mark.name, mark.box.w, mark.colour, mark.stroke, mark.turn, mark.mirrored), mark
                )
                target.blit(sprite, (box.x, box.y), None, shapes.PREMULTIPLIED)
            case Drawing():
                sprite = self._sprite((mark.name, mark.box.w, mark.faded), mark)
                target.blit(sprite, (box.x, box.y), None, shapes.PREMULTIPLIED)
            case Marker():
                wide = round(box.w * moment.swept)
                left = box.right - wide if mark.mirrored else box.x
                shapes.rounded(target, Rect(left, box.y, wide, box.h), mark.fill, mark.radius)
            case Bar():
                self._bar(target, mark, box, moment.left)
            case Shadow():
                shapes.shadow(target, mark, box)
            case Shade():
                shapes.shade(target, box)
            case Dashes():
                shapes.dashes(target, mark, box)
            case Waiting():
                self._waiting(target, mark, box, moment.phase)
            case Squares():
                shapes.squares(target, mark, box)

    def _sprite(self, key: tuple[object, ...], mark: Sign | Drawing) -> pygame.Surface:
        found = self._sprites.get(key)
        if found is None:
            found = self._sprites[key] = self._drawn(mark)
            if len(self._sprites) > self._most:
                self._sprites.popitem(last=False)
        else:
            self._sprites.move_to_end(key)
        return found

    def _drawn(self, mark: Sign | Drawing) -> pygame.Surface:
        if isinstance(mark, Sign):
            return icons.draw_icon(mark)
        path = self._own.get(mark.name)
        return icons.draw_picture(mark, path) if path else icons.draw_symbol(mark, self._paint)

    def _words(self, target: pygame.Surface, mark: Glyphs, box: Rect, dy: int) -> None:
        surface, above = self._type.surface(mark)
        baseline = mark.baseline + dy
        target.blit(surface, (box.x, baseline - above))
        if mark.line == "under":
            target.fill(mark.colour, (box.x, baseline + round(mark.px * 0.11), box.w, mark.line_px))
        elif mark.line == "through":
            y = baseline - round(mark.px * 0.29) - mark.line_px // 2
            target.fill(mark.colour, (box.x, y, box.w, mark.line_px))

    def _bar(self, target: pygame.Surface, mark: Bar, box: Rect, left: float) -> None:
        radius = box.h // 2
        shapes.rounded(target, box, mark.back, radius)
        wide = max(box.h, round(box.w * left)) if left > 0 else 0
        if wide:
            x = box.right - wide if mark.mirrored else box.x
            shapes.rounded(target, Rect(x, box.y, wide, box.h), mark.fill, radius)

    def _waiting(self, target: pygame.Surface, mark: Waiting, box: Rect, phase: int) -> None:
        step = (box.w - box.h) // 2
        for number in range(3):
            ring = Rect(box.x + number * step, box.y, box.h, box.h)
            shapes.rounded(target, ring, mark.colour, box.h // 2)
            if number >= phase:
                shapes.rounded(target, ring.grown(-mark.edge_px), mark.behind, box.h // 2 - mark.edge_px)
