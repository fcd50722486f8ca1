"""What a look at a placed page must never find: keys that are small, crowded or out of reach, words that are small,
pale, cut off, in splinters or over one another, a next step that is not in its corner."""

from itertools import combinations

from screens.grounds import pale
from screens.layout import reach
from screens.marks import Frame, Glyphs, Part, Plate, Rect, Sign, ink
from screens.theme import REACH_MM, REFERENCE_PX_PER_MM, Panel

MAIN_MM, OTHER_MM, GAP_MM = 20, 15, 3
BODY, SMALL, NOTE, LARGE = 40, 32, 28, 62
"""Least type in reference px: the first words of a piece, the rest of it, codes for colleagues, large text."""
HEADED = ("hero:", "line:", "now:", "strip:")
CORNER, ABOVE_FOOT = 48, 188
"""Reference px from the panel's edges within which the next step keeps to its corner; where a foot is below it."""
SLACK = 1
"""Pixels lost to rounding."""


def findings(frame: Frame, panel: Panel) -> list[str]:
    """Everything that is wrong, in words; an empty list when nothing is."""
    mm = REFERENCE_PX_PER_MM * panel.scale
    keys = [part for part in frame.parts if part.key and part.hit]
    found = [finding for part in keys for finding in small(part, panel, mm)]
    for one, other in combinations(keys, 2):
        assert one.hit and other.hit
        if gap(one.hit, other.hit) < GAP_MM * mm - SLACK:
            found.append(f"{one.id} and {other.id} are {gap(one.hit, other.hit)} px apart")
    found += out_of_reach(frame, panel, keys) + next_step(frame, panel, keys)
    return (
        found
        + little(frame, panel)
        + cut_off(frame, panel)
        + splinters(frame)
        + overlaps(frame)
        + pale(frame)
    )


# ---- keys


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


def out_of_reach(frame: Frame, panel: Panel, keys: list[Part]) -> list[str]:
    """Main keys above their zone, and any key too high or too low above the floor."""
    page, high = frame.page, panel.px[1]
    zone = reach(page)
    top = high * (1 - zone) - SLACK if panel.portrait or page.low_reach else 0
    per_mm = high / panel.mm[1]
    found = []
    for part in keys:
        assert part.hit
        if part.zone == "sill" and part.hit.y < top:
            found.append(f"{part.id} begins {top - part.hit.y:.0f} px above the lower {zone:.0%}")
        lowest, highest = (panel.floor + (high - edge) / per_mm for edge in (part.hit.bottom, part.hit.y))
        if lowest < REACH_MM[0] or highest > REACH_MM[1]:
            found.append(f"{part.id} is {lowest:.0f} to {highest:.0f} mm above the floor")
    return found


def next_step(frame: Frame, panel: Panel, keys: list[Part]) -> list[str]:
    """The go key: one at most, low, at the end side, with nothing but the foot below it."""
    page = frame.page
    go = [part for part in keys if part.key and part.key.kind == "go"]
    if len(go) > 1:
        return [f"{len(go)} go keys: {[part.id for part in go]}"]
    if not go:
        return []
    typing = {key.id for row in page.letters for key in row}
    if go[0].id in typing:
        pad = [part for part in keys if part.id in typing]
        last = max(part.hit.y for part in pad if part.hit)
        return [f"{go[0].id} is not in the last row"] if go[0].hit and go[0].hit.y < last else []
    hit, scale = go[0].hit, panel.scale
    assert hit
    side = hit.x if page.rtl else panel.px[0] - hit.right
    below = panel.px[1] - hit.bottom
    found = []
    if side > CORNER * scale + SLACK:
        found.append(f"{go[0].id} is {side} px away from the end side")
    if below > (ABOVE_FOOT if panel.portrait else CORNER) * scale + SLACK:
        found.append(f"{go[0].id} is {below} px above the lower edge")
    return found


# ---- words


def inside(box: Rect, bounds: Rect) -> bool:
    return (
        box.x >= bounds.x - SLACK
        and box.y >= bounds.y - SLACK
        and box.right <= bounds.right + SLACK
        and box.bottom <= bounds.bottom + SLACK
    )


def little(frame: Frame, panel: Panel) -> list[str]:
    """Words below their least size; the first ones of what stands on the counter are never small ones."""
    page, found = frame.page, []
    staff = page.head.tone != "shop"
    least = LARGE if page.large else NOTE if staff else SMALL
    for part in frame.parts:
        texts = [mark for mark in part.marks if isinstance(mark, Glyphs) and mark.text.strip()]
        if not texts or part.id.startswith("code:"):
            continue
        largest = max(texts, key=lambda mark: mark.px)
        first = part.id.startswith(HEADED) and not staff
        for mark in texts:
            needed = max(least, BODY) if first and mark is largest else least
            if mark.px + SLACK < needed * panel.scale:
                found.append(f"{mark.text!r} of {part.id} is {mark.px} px, needs {needed * panel.scale:.0f}")
    return found


def cut_off(frame: Frame, panel: Panel) -> list[str]:
    """Words and icons that leave their key, the counter or the panel."""
    found = []
    for part in frame.parts:
        bounds = Rect(0, 0, *panel.px)
        where = "the panel"
        plate = next((mark.box for mark in part.marks if isinstance(mark, Plate)), None)
        if part.hit and part.key:
            bounds, where = (plate or part.hit).with_(part.hit).grown(round(10 * panel.scale)), part.id
        elif part.zone in ("counter", "slip"):
            bounds, where = frame.counter, "the counter"
        for mark in part.marks:
            if isinstance(mark, Glyphs) and not inside(ink(mark), bounds):
                found.append(f"{mark.text!r} leaves {where}")
            elif isinstance(mark, Sign) and not inside(mark.box, bounds):
                found.append(f"the icon {mark.name} leaves {where}")
    return found


def splinters(frame: Frame) -> list[str]:
    """Words of a key that are broken after a letter or two."""
    return [
        f"{mark.text!r} of {part.id} is a splinter"
        for part in frame.parts
        if part.key
        for mark in part.marks
        if isinstance(mark, Glyphs)
        and 1 < len(mark.text) < 4
        and mark.text[:-1].isalpha()
        and mark.text[-1] == "-"
    ]


def overlaps(frame: Frame) -> list[str]:
    """Words written over other words or over icons."""
    texts: list[tuple[str, Rect]] = []
    for part in frame.parts:
        for mark in part.marks:
            if isinstance(mark, Glyphs):
                texts.append((repr(mark.text), ink(mark)))
            elif isinstance(mark, Sign):
                texts.append((f"the icon {mark.name}", mark.box))
    found = []
    for (name, one), (other_name, other) in combinations(texts, 2):
        if one.y < other.bottom and other.y < one.bottom:
            common = one.within(other)
            if common.w > 2 * SLACK and common.h > 2 * SLACK:
                found.append(f"{name} is over {other_name}")
    return found
