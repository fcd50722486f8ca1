"""Page and panel to a frame of placed marks. Pure: text is measured by a function that is given."""

from collections.abc import Sequence

from screens.boxes import Box, Column, Grow, Icon, Named, Place, Row, Space, Words
from screens.counter import Overlay, dots_box, farewell_box, hero_box, picture_box, qr_box, table_box
from screens.keys import Dress, key_box
from screens.kit import Kit, State, gap
from screens.marks import Frame, Rect
from screens.paper import Paper, line_box, line_boxes, news_boxes, slip_box
from screens.pen import Measure, Pen
from screens.shop import ask_box, finder_box, weighing_box
from screens.sill import band_box, column_box, foot_keys, sill_terminal
from screens.theme import Panel, Theme
from screens.widgets import Dots, Finder, Hero, Page, Picture, QrCode, Slip, Table, Weighing

HEAD, FOOT, COLUMN = 76, 144, 704
"""Landscape: heights of head and foot, width of the sill's column (reference px). Portrait's head is 96."""
LEAST_LINE = 94
"""No line of a slip is lower (reference px)."""


def lay_out(page: Page, panel: Panel, theme: Theme, measure: Measure, state: State | None = None) -> Frame:
    """Place a page on a panel."""
    width, height = panel.px[0] / panel.scale, panel.px[1] / panel.scale
    kit = Kit(theme, panel.portrait, state or State(), page.low_reach, page.language)
    pen = Pen(measure, panel.scale, panel.px[0], page.rtl)
    pen.open("ground", "ground")
    pen.plate(0, 0, width, height, theme.palette.counter)
    if panel.portrait:
        counter = portrait(kit, pen, page, width, height)
    else:
        counter = landscape(kit, pen, page, width, height)
    pen.close()
    return Frame(pen.parts(), counter)


def portrait(kit: Kit, pen: Pen, page: Page, width: float, height: float) -> Rect:
    finder = kit.low and any(isinstance(block, Finder) for block in page.blocks)
    side = 20 if finder else 32
    sill = column_box(kit, pen, page, width - 64)
    foot = None if finder else foot_keys(kit, page, width - 64)
    sill_high = sill.takes(pen, width - 64)[1] + (20 + side if finder else 28 + 24)
    foot_high = foot.takes(pen, width - 64)[1] + 28 if foot else 0
    top = height - sill_high - foot_high
    head_box(kit, page).put(pen, 0, 0, width, 96)
    put_counter(kit, pen, page, 40, 96, width - 80, top - 96)
    pen.open("sill", "sill")
    ground(kit, pen, 0, top, width, height - top, "top")
    sill.put(pen, 32, top + (20 if finder else 28), width - 64, sill_high - 52)
    if foot:
        foot.put(pen, 32, height - foot_high, width - 64, foot_high - 28)
    pen.close()
    return pen.rect(0, 96, width, top - 96)


def landscape(kit: Kit, pen: Pen, page: Page, width: float, height: float) -> Rect:
    if kit.low:
        band = band_box(kit, pen, page, width - 80)
        high = band.takes(pen, width - 80)[1]
        top = height - high - 60
        head_box(kit, page).put(pen, 0, 0, width, HEAD)
        put_counter(kit, pen, page, 40, HEAD, width - 80, top - HEAD)
        pen.open("sill", "sill")
        ground(kit, pen, 0, top, width, height - top, "top")
        band.put(pen, 40, top + 26, width - 80, high)
        pen.close()
        return pen.rect(0, HEAD, width, top - HEAD)
    column = min(COLUMN, width * 0.42)
    left = width - column
    top = height - FOOT
    head_box(kit, page).put(pen, 0, 0, left, HEAD)
    put_counter(kit, pen, page, 40, HEAD, left - 80, top - HEAD)
    pen.open("sill", "sill")
    ground(kit, pen, 0, top, left, FOOT, "top")
    ground(kit, pen, left, 0, column, height, "side")
    column_box(kit, pen, page, column - 64).put(pen, left + 32, 32, column - 64, height - 64)
    foot = foot_keys(kit, page, left - 52)
    if foot:
        foot.put(pen, 40, top + 16, left - 52, 112)
    pen.close()
    return pen.rect(0, HEAD, left, top - HEAD)


def ground(kit: Kit, pen: Pen, x: float, y: float, w: float, h: float, line: str) -> None:
    """The sill itself; a line parts it from the counter where colour does not."""
    p = kit.palette
    pen.plate(x, y, w, h, p.sill)
    thick, colour = {"dark": (2, p.edge), "contrast": (4, p.edge)}.get(kit.theme.name, (0, p.edge))
    if thick and line == "top":
        pen.plate(x, y, w, thick, colour)
    elif thick:
        pen.plate(x, y, thick, h, colour)


def head_box(kit: Kit, page: Page) -> Box:
    """The line that tells where one is; it has no keys."""
    head, p = page.head, kit.palette
    fill, ink, quiet = {
        "staff": (p.person, p.on_person, p.on_person),
        "service": (p.sill, p.sill_ink, p.sill_ink),
    }.get(head.tone, (p.counter, p.ink, p.ink_2))
    if kit.large:
        pieces: list[Box] = [kit.words(head.title, "small", True, ink), Grow(Box())]
        pieces.append(kit.words(head.sub, "small", colour=ink))
        return Headed(kit, Row(tuple(pieces), 20), fill)
    icon = head.icon or "mark"
    shop = Row((kit.icon(icon, 46 if icon == "mark" else 48, ink), kit.words(head.title, 36, True, ink)), 14)
    pieces = [shop, kit.words(head.sub, "small", colour=quiet), Grow(Box())]
    right: list[Box] = []
    if head.right_icon:
        right.append(kit.icon(head.right_icon, 40 if head.tone == "staff" else 44, ink))
    if head.right or head.right_strong:
        runs = [kit.run(head.right, "small", colour=ink)] if head.right else []
        if head.right_strong:
            runs += [kit.run((" " if head.right else "") + head.right_strong, "small", True, ink)]
        right.append(Words(tuple(runs)))
    if right:
        pieces.append(Row(tuple(right), 20 if head.tone == "staff" else 12))
    return Headed(kit, Row(tuple(pieces), 20), fill)


class Headed(Box):
    """The head on its ground."""

    kit: Kit
    child: Box
    fill: tuple[int, int, int]

    def put(self, pen: Pen, x: float, y: float, w: float, h: float) -> None:
        pen.open("head", "head")
        pen.plate(x, y, w, h, self.fill)
        self.child.put(pen, x + 40, y, w - 80, h)
        pen.close()


# ---- the counter


def put_counter(kit: Kit, pen: Pen, page: Page, x: float, y: float, w: float, h: float) -> None:
    """The blocks of a page from the top down, the slip in its slot."""
    blocks = [b for b in page.blocks if b is not sill_terminal(page)]
    shown: list[Box] = []
    kinds = [type(block) for block in blocks]
    slip_high = 0.0
    for number, block in enumerate(blocks):
        later = blocks[number + 1 :]
        match block:
            case Hero():
                shown.append(hero_place(kit, block, kinds, blocks))
            case Picture() if block.name == "terminal":
                shown[-1] = Grow(present_card(kit, shown[-1], block))
            case Picture() if block.name == "first_product" and not kit.portrait:
                shown[-1] = Grow(Overlay(shown[-1], picture_box(kit, block, False), 0, 190))
            case Picture() if block.name == "first_product":
                shown += [picture_box(kit, block, False), gap(110)]
            case Picture() if block.name == "bag" and any(b.marker for b in blocks if isinstance(b, Hero)):
                if kit.portrait:
                    shown.append(farewell_box(kit))
                else:
                    bag = farewell_box(kit)
                    shown[-1] = Grow(Overlay(shown[-1], bag, -10, h - bag.takes(pen, w)[1]))
            case Picture():
                shown.append(picture_box(kit, block, Slip in kinds))
            case Slip():
                room = h - sum(box.takes(pen, w)[1] for box in shown) - slip_high
                free = bool(later)
                low_finder = next((b for b in later if isinstance(b, Finder)), None)
                shown.append(fitting_slip(kit, pen, block, w, room, free, low_finder))
                if free and not low_finder:
                    shown.append(gap(kit.pick(70, 36)))
            case Finder():
                if not (kit.low and kit.portrait):
                    shown.append(Grow(finder_box(kit, block)))
            case Weighing():
                shown.append(weighing_box(kit, block))
            case QrCode():
                shown.append(qr_box(kit, block))
            case Dots():
                hero = shown.pop()
                inner = hero.child if isinstance(hero, Grow) else hero
                inner = inner.child if isinstance(inner, Place) else inner
                both = Column((inner, gap(kit.pick(70, 56)), dots_box(kit, block)), 0)
                shown.append(Grow(Place(both)))
            case Table():
                shown.append(table_box(kit, block))
    Column(tuple(shown), 0, "end").put(pen, x, y, w, h)


def hero_place(kit: Kit, hero: Hero, kinds: list[type], blocks: Sequence[object]) -> Box:
    """A headline in the middle of what is left; joined to one line where notices leave little."""
    notices = Slip in kinds and any(isinstance(b, Picture) and b.name == "shelf" for b in blocks)
    squeezed = notices and not kit.portrait
    middle = kit.portrait and any(isinstance(b, Picture) and b.name == "terminal" for b in blocks)
    box = hero_box(kit, hero, "centre" if middle else "start", one_line=squeezed)
    if squeezed:
        return Grow(Column((gap(10), box), 0, "start"))
    if QrCode in kinds and not kit.portrait:
        return Grow(Column((gap(24), box), 0, "start"))
    return Grow(Place(box))


def present_card(kit: Kit, hero: Box, picture: Picture) -> Box:
    """Amount and terminal: one under the other, or side by side."""
    inner = hero.child if isinstance(hero, Grow) else hero
    inner = inner.child if isinstance(inner, Place) else inner
    terminal = picture_box(kit, picture, False)
    if kit.portrait:
        return Column((inner, terminal), 50, "centre")
    return Row((Grow(inner), terminal, Space(10)), 30)


def fitting_slip(
    kit: Kit, pen: Pen, slip: Slip, width: float, room: float, free: bool, finder: Finder | None
) -> Box:
    """The slip with as many of the newest lines as there is room for."""
    lines = line_boxes(kit, slip.lines[-1 - max(0, int(room / LEAST_LINE)) :])
    if finder:
        return Paper(kit, Column((slip_box(kit, lines, ()).child, ask_box(kit, finder)), 0))
    news = news_boxes(kit, slip)
    box = slip_box(kit, lines, news, free)
    while lines and box.takes(pen, width)[1] > room:
        lines = lines[1:]
        box = slip_box(kit, lines, news, free)
    return box


__all__ = ["COLUMN", "Dress", "Icon", "Named", "key_box", "lay_out", "line_box"]
