"""Places and areas of a panel, upright as the page has them and turned as the display is mounted."""

from screens.marks import Rect
from screens.theme import Panel


def upright(panel: Panel, x: float, y: float) -> tuple[float, float]:
    """A place on the display as a place on the page."""
    wide, high = panel.px
    match panel.rotation % 360:
        case 90:
            return y, high - 1 - x
        case 180:
            return wide - 1 - x, high - 1 - y
        case 270:
            return wide - 1 - y, x
    return x, y


def turned(panel: Panel, area: Rect) -> Rect:
    """A place on the page as a place on the display."""
    wide, high = panel.px
    match panel.rotation % 360:
        case 90:
            return Rect(high - area.bottom, area.x, area.h, area.w)
        case 180:
            return Rect(wide - area.right, high - area.bottom, area.w, area.h)
        case 270:
            return Rect(area.y, wide - area.right, area.h, area.w)
    return area


def joined(areas: list[Rect], bounds: Rect) -> list[Rect]:
    """The same area in rectangles that do not meet, within bounds."""
    found: list[Rect] = []
    for area in areas:
        area = area.within(bounds)
        if not area.w or not area.h:
            continue
        while near := next((other for other in found if other.meets(area)), None):
            found.remove(near)
            area = area.with_(near)
        found.append(area)
    return found
