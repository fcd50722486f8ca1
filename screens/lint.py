"""What a look at a placed page must never find: small keys, narrow gaps, words cut off or over one
another."""

from screens.marks import Frame, Glyphs, Part, Rect
from screens.theme import REFERENCE_PX_PER_MM, Panel

MAIN_MM, OTHER_MM, GAP_MM = 20, 15, 3
SLACK = 1
"""Pixels lost to rounding."""


def findings(frame: Frame, panel: Panel) -> list[str]:
    """Everything that is wrong, in words; an empty list when nothing is."""
    mm = REFERENCE_PX_PER_MM * panel.scale
    keys = [part for part in frame.parts if part.key and part.hit]
    found = [finding for part in keys for finding in small(part, panel, mm)]
    real = [part for part in keys if not part.id.startswith("line:")]
    for number, one in enumerate(real):
        for other in real[number + 1 :]:
            assert one.hit and other.hit
            if gap(one.hit, other.hit) < GAP_MM * mm - SLACK:
                found.append(f"{one.id} and {other.id} are {gap(one.hit, other.hit)} px apart")
    return found + cut_off(frame, panel) + overlaps(frame)


def small(part: Part, panel: Panel, mm: float) -> list[str]:
    """Keys below their least size, or not wholly on the panel."""
    assert part.hit
    main = part.zone == "sill"
    least = (MAIN_MM if main else OTHER_MM) * mm - SLACK
    found = []
    if min(part.hit.w, part.hit.h) < least:
        found.append(f"{part.id} is {part.hit.w} x {part.hit.h} px, needs {least:.0f}")
    if not inside(part.hit, Rect(0, 0, *panel.px)):
        found.append(f"{part.id} is not wholly on the panel")
    return found


def gap(one: Rect, other: Rect) -> int:
    """Pixels between two rectangles; negative when they overlap."""
    across = max(one.x - other.right, other.x - one.right)
    down = max(one.y - other.bottom, other.y - one.bottom)
    return max(across, down)


def ink(mark: Glyphs) -> Rect:
    """Where the letters of a text are: capitals and tails, without the air of the line."""
    top = mark.baseline - round(0.68 * mark.px)
    return Rect(mark.box.x, top, mark.box.w, round(0.88 * mark.px))


def inside(box: Rect, bounds: Rect) -> bool:
    return (
        box.x >= bounds.x - SLACK
        and box.y >= bounds.y - SLACK
        and box.right <= bounds.right + SLACK
        and box.bottom <= bounds.bottom + SLACK
    )


def cut_off(frame: Frame, panel: Panel) -> list[str]:
    """Words that leave their key, the counter or the panel."""
    found = []
    for part in frame.parts:
        bounds = Rect(0, 0, *panel.px)
        where = "the panel"
        if part.hit and part.key:
            bounds, where = part.hit.grown(round(10 * panel.scale)), part.id
        elif part.zone in ("counter", "slip"):
            bounds, where = frame.counter, "the counter"
        found += [
            f"{mark.text!r} leaves {where}"
            for mark in part.marks
            if isinstance(mark, Glyphs) and not inside(ink(mark), bounds)
        ]
    return found


def overlaps(frame: Frame) -> list[str]:
    """Words written over other words."""
    texts = [mark for part in frame.parts for mark in part.marks if isinstance(mark, Glyphs)]
    found = []
    for number, one in enumerate(texts):
        for other in texts[number + 1 :]:
            common = ink(one).within(ink(other))
            if common.w > 2 * SLACK and common.h > 2 * SLACK:
                found.append(f"{one.text!r} is over {other.text!r}")
    return found
