"""Page and panel to a frame of placed marks. Pure: text is measured by a function that is given."""

from msgspec.structs import replace

from screens.arrange import counter_box
from screens.boxes import Box, Grow, Row
from screens.kit import Kit, State
from screens.marks import Frame, Rect
from screens.paragraph import Words
from screens.pen import Measure, Pen
from screens.sill import band_box, column_box, finder_of, foot_keys, sill_terminal
from screens.theme import KEYS_OF_PANEL, Colour, Panel, Theme
from screens.widgets import Page

REACH = 0.4
"""The part of an upright panel, and of every one in low reach, in which its main keys lie; pages on which something is
typed, and those of staff, take KEYS_OF_PANEL."""
HEAD, SLOT, COLUMN = 76, 32, 704
"""Landscape: heights of the head and of a foot without keys, width of the sill's column (reference px).
Portrait's head is 96."""


def lay_out(page: Page, panel: Panel, theme: Theme, measure: Measure, state: State | None = None,
            made: dict[object, Box] | None = None) -> Frame:  # fmt: skip
    """Place a page on a panel. `made` keeps boxes of one panel and measure from page to page: most of them stay."""
    width, height = panel.px[0] / panel.scale, panel.px[1] / panel.scale
    kit = Kit(theme, panel.portrait, state or State(), page.low_reach, turn=page.turn,
              made={} if made is None else made)  # fmt: skip
    pen = Pen(measure, panel.scale, panel.px[0], page.rtl)
    pen.open("ground", "ground")
    place = portrait if panel.portrait else low if kit.low else landscape
    counter = place(kit, pen, page, width, height)
    pen.close()
    return Frame(page, pen.parts(), counter)


USUAL_KEYS, LONG_ALPHABET, TILES_TOO = 31, 0.5, 0.03
LONGER = (
    0.012  # of the panel: what words of two lines cost where tiles stand on the sill with all the letters
)
"""Alphabets with more keys than that have a row more, which finds no room in 45 % of the panel; in low reach the
finder's tiles stand on the sill as well."""


def reach(page: Page) -> float:
    """The part of a panel that the sill may take, where it is to stay low."""
    if sum(map(len, page.letters)) > USUAL_KEYS:
        return LONG_ALPHABET + (TILES_TOO if page.low_reach else 0)
    if page.letters and page.low_reach:
        return KEYS_OF_PANEL + LONGER
    return KEYS_OF_PANEL if page.letters or page.head.tone != "shop" else REACH


def portrait(kit: Kit, pen: Pen, page: Page, width: float, height: float) -> Rect:
    """Head, counter, sill and foot, one under the other."""
    above, below = (14, 17) if kit.on_sill and finder_of(page) else (28, 24)
    room = width - 64
    foot = foot_keys(kit, pen, page, room)
    foot_high = foot.fit(pen, room)[1] + 28 if foot else 0
    for flat in (1 if kit.low or kit.large else 0, 1, 2, 3):
        kit = replace(kit, flat=flat)
        sill = column_box(kit, pen, page, room)
        high = sill.fit(pen, room)[1]
        top = height - foot_high - below - high - above - kit.brim
        if top + above >= height * (1 - reach(page)):
            break
    head_box(kit, page).put(pen, 0, 0, width, 96)
    put_counter(kit, pen, page, 96, width - 80, top - 96)
    pen.open("sill", "sill")
    ground(kit, pen, 0, top, width, height - top, "top")
    sill.put(pen, 32, top + kit.brim + above, room, high)
    if foot:
        foot.put(pen, 32, height - foot_high, room, foot_high - 28)
    pen.close()
    return pen.rect(0, 96, width, top - 96)


def low(kit: Kit, pen: Pen, page: Page, width: float, height: float) -> Rect:
    """Landscape within reach of a seated shopper: the whole sill is a band at the bottom."""
    most = height * reach(page) - 36
    for crowded in (0, 1):
        band = band_box(replace(kit, crowded=crowded), pen, page, width - 80, most)
        high = band.fit(pen, width - 80)[1]
        if high <= most:
            break
    top = height - high - 60
    head_box(kit, page).put(pen, 0, 0, width, HEAD)
    put_counter(kit, pen, page, HEAD, width - 80, top - HEAD)
    pen.open("sill", "sill")
    ground(kit, pen, 0, top, width, height - top, "top")
    band.put(pen, 40, top + 26, width - 80, high)
    pen.close()
    return pen.rect(0, HEAD, width, top - HEAD)


def landscape(kit: Kit, pen: Pen, page: Page, width: float, height: float) -> Rect:
    """The sill as an L: a column at the end side, and the foot below the counter."""
    column = min(COLUMN, width * 0.42)
    left, room = width - column, column - 64 - kit.brim
    full, sill = kit, column_box(kit, pen, page, room)
    if kit.large and sill.fit(pen, room)[1] > height - 44:
        full = replace(full, flat=3)
        sill = column_box(full, pen, page, room)
    while full.crowded < 2 and sill.fit(pen, room)[1] > height - 44:
        full = replace(full, crowded=full.crowded + 1)
        sill = column_box(full, pen, page, room)
    foot = foot_keys(full, pen, page, left - 52)
    foot_high = foot.fit(pen, left - 52)[1] if foot else 0
    top = height - (foot_high + 32 if foot else SLOT)
    head_box(kit, page).put(pen, 0, 0, left, HEAD)
    put_counter(kit, pen, page, HEAD, left - 80, top - HEAD)
    pen.open("sill", "sill")
    ground(kit, pen, 0, top, left, height - top, "top")
    ground(kit, pen, left, 0, column, height, "side")
    sill.put(pen, left + 32 + kit.brim, 32, room, height - 64)
    if foot:
        foot.put(pen, 40, top + 16, left - 52, foot_high)
    pen.close()
    return pen.rect(0, HEAD, left, top - HEAD)


def put_counter(kit: Kit, pen: Pen, page: Page, y: float, w: float, h: float) -> None:
    """The counter, and what stands on it between margins of 40."""
    pen.plate(0, y, w + 80, h, kit.palette.counter)
    terminal = sill_terminal(page)
    blocks = [block for block in page.blocks if block is not terminal]
    counter_box(kit, pen, blocks, w, h).put(pen, 40, y, w, h)


def ground(kit: Kit, pen: Pen, x: float, y: float, w: float, h: float, line: str) -> None:
    """The sill itself; a line parts it from the counter where colour does not."""
    p = kit.palette
    pen.plate(x, y, w, h, p.sill)
    if kit.brim and line == "top":
        pen.plate(x, y, w, kit.brim, p.edge)
    elif kit.brim:
        pen.plate(x, y, kit.brim, h, p.edge)


def head_box(kit: Kit, page: Page) -> Box:
    """The line that tells where one is; it has no keys."""
    head, p = page.head, kit.palette
    fill, ink, quiet = {
        "staff": (p.person, p.on_person, p.on_person),
        "service": (p.sill, p.sill_ink, p.sill_ink),
    }.get(head.tone, (p.counter, p.ink, p.ink_2))
    if kit.large:
        pieces: list[Box] = [kit.words(head.title, "small", True, ink), Grow(Box())]
        right = f"{head.right} {head.right_strong}" if head.right_strong else head.sub
        pieces.append(kit.words(right, "small", colour=ink))
        return Headed(kit, Row(tuple(pieces), 20), fill)
    icon = head.icon or "mark"
    shop = Row((kit.icon(icon, 46 if icon == "mark" else 48, ink), kit.words(head.title, 36, True, ink)), 14)
    pieces = [shop, kit.words(head.sub, "small", colour=quiet), Grow(Box())]
    signs: list[Box] = []
    if head.right_icon:
        signs.append(kit.icon(head.right_icon, 40 if head.tone == "staff" else 44, ink))
    if head.right or head.right_strong:
        runs = [kit.run(head.right, "small", colour=ink)] if head.right else []
        if head.right_strong:
            runs += [kit.run((" " if head.right else "") + head.right_strong, "small", True, ink)]
        signs.append(Words(tuple(runs)))
    if signs:
        pieces.append(Row(tuple(signs), 20 if head.tone == "staff" else 12))
    return Headed(kit, Row(tuple(pieces), 20), fill)


class Headed(Box):
    """The head on its ground."""

    kit: Kit
    child: Box
    fill: Colour

    def put(self, pen: Pen, x: float, y: float, w: float, h: float) -> None:
        pen.open("head", "head")
        pen.plate(x, y, w, h, self.fill)
        self.child.put(pen, x + 40, y, w - 80, h)
        pen.close()
