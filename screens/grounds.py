"""Whether words, icons and keys can be told from what really lies under them: a frame's marks are walked in the order
in which they are painted."""

from functools import lru_cache

from screens.marks import Bar, Dashes, Frame, Glyphs, Marker, Part, Plate, Rect, Sign, Squares, ink
from screens.theme import WHITE, Colour, contrast

TEXT, GRAPHICS, HIGH = 4.5, 3.0, 7.0
"""Least contrasts (WCAG 2.1, 1.4.3, 1.4.11 and 1.4.6)."""

ratio = lru_cache(maxsize=4096)(contrast)


class Grounds:
    """What has been painted so far, the newest last."""

    def __init__(self) -> None:
        self._painted: list[tuple[Rect, Colour]] = []

    def add(self, box: Rect, colour: Colour) -> None:
        self._painted.append((box, colour))

    def under(self, box: Rect) -> set[Colour]:
        """The colours that a box lies on."""
        found = set()
        for other, colour in reversed(self._painted):
            if not box.meets(other):
                continue
            found.add(colour)
            if other.with_(box) == other:
                break
        return found


def pale(frame: Frame) -> list[str]:
    """Everything that can hardly be told from its ground."""
    high = frame.page.theme == "contrast"
    grounds, found = Grounds(), []
    for part in frame.parts:
        own_plate = True
        for mark in part.marks:
            needed = HIGH if high else TEXT if isinstance(mark, Glyphs) else GRAPHICS
            match mark:
                case Glyphs():
                    found += weak(repr(mark.text), mark.colour, grounds.under(ink(mark)), needed)
                case Sign():
                    found += weak(f"the icon {mark.name}", mark.colour, grounds.under(mark.box), needed)
                case Dashes():
                    found += weak(f"the frame of {part.id}", mark.colour, grounds.under(mark.box), needed)
                case Plate():
                    if own_plate and part.hit and 2 * mark.box.w > part.hit.w:
                        found += faint(part, mark, grounds, GRAPHICS)
                    own_plate = False
                    grounds.add(mark.box, mark.fill)
                case Marker() | Bar():
                    grounds.add(mark.box, mark.fill)
                case Squares():
                    grounds.add(mark.box, WHITE)
                case _:
                    pass
    return found


def weak(what: str, colour: Colour, under: set[Colour], needed: float) -> list[str]:
    """One of the grounds is too near to the colour."""
    worst = min((ratio(colour, ground) for ground in under), default=21.0)
    return [f"{what} has a contrast of {worst:.1f}, needs {needed}"] if worst < needed - 0.05 else []


def faint(part: Part, plate: Plate, grounds: Grounds, needed: float) -> list[str]:
    """A key that neither by its face nor by its line stands out from where it lies."""
    colours = [plate.fill, *([plate.edge] if plate.edge is not None else [])]
    under = grounds.under(plate.box)
    worst = min((max(ratio(colour, ground) for colour in colours) for ground in under), default=21.0)
    return [f"{part.id} stands out by {worst:.1f}, needs {needed}"] if worst < needed - 0.05 else []
