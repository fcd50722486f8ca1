"""What stands where on the counter: a headline with its picture in the middle, paper in the slot below."""

from collections.abc import Iterator, Sequence

from msgspec.structs import replace

from screens.boxes import Box, Card, Column, Grow, Overlay, Place, Row, Space
from screens.counter import dots_box, farewell_box, hero_box, picture_box, qr_box, table_box, written_box
from screens.kit import Kit, gap
from screens.paper import Paper, line_boxes, news_boxes, slip_box
from screens.pen import Pen
from screens.reading import SAID
from screens.sheet import sheet_box
from screens.shop import ask_box, finder_box, weighing_box
from screens.widgets import Block, Dots, Field, Finder, Hero, Picture, QrCode, Sheet, Slip, Table, Weighing

SQUEEZES = (1, 0.92, 0.85, 0.78, 0.7, 0.62, 0.55, 0.47, 0.4)
"""By how much headlines and pictures give way when paper needs the room; running text never does."""
LARGE_SQUEEZES = 5
"""So many of them, before pictures go: the headline of large text stays larger than the rest."""
LEAST_ROOM = 0.35
"""A picture that finds less than this share of its width beside the words is left out."""


def counter_box(kit: Kit, pen: Pen, blocks: Sequence[Block], width: float, height: float) -> Box:
    """The blocks of a page from the top down, as large as there is room for."""
    box: Box = Box()
    for number, shown in enumerate(less(kit, blocks)):
        for squeeze in SQUEEZES[:LARGE_SQUEEZES] if kit.large and not number else SQUEEZES:
            box = arranged(replace(kit, squeeze=squeeze), pen, shown, width, height)
            if box.fit(pen, width)[1] <= height + 1:
                return box
    return box


def less(kit: Kit, blocks: Sequence[Block]) -> Iterator[Sequence[Block]]:
    """The blocks, and with ever less of what may be left out: the slip under a finder, pictures, explanations."""
    if not kit.on_sill and any(isinstance(block, Finder) for block in blocks):
        blocks = [block for block in blocks if not isinstance(block, Slip)]
    yield blocks
    blocks = [block for block in blocks if not isinstance(block, Picture)]
    yield blocks
    blocks = [replace(each, text="", icon="") if isinstance(each, Hero) else each for each in blocks]
    yield blocks


def arranged(kit: Kit, pen: Pen, blocks: Sequence[Block], width: float, height: float) -> Box:
    """The blocks at one size. The slip takes the room that the others leave."""
    hero = next((block for block in blocks if isinstance(block, Hero)), None)
    picture = next((block for block in blocks if isinstance(block, Picture)), None)
    dots = next((block for block in blocks if isinstance(block, Dots | Field)), None)
    papers = [block for block in blocks if not isinstance(block, Hero | Picture | Dots | Field)]
    above: list[Box] = []
    below: list[Box] = []
    if hero:
        above.append(middle(kit, pen, hero, picture, dots, papers, width, height))
    if picture and (hero is None or not beside(kit, hero, picture)):
        box, on_sill = picture_box(kit, picture, bool(papers)), picture.name in ("shelf", "bag")
        if picture.name == "bag" and hero and hero.marker:
            box = farewell_box(kit)
        (below if on_sill else above).append(box)
        if picture.name == "first_product":
            above.append(gap(110 * kit.squeeze))
    free = bool(below)
    for block in papers:
        if isinstance(block, Sheet):
            above.append(sheet_box(kit, pen, block, width, height))
        elif not isinstance(block, Slip):
            above.append(paper_box(kit, block))
    slip = next((block for block in papers if isinstance(block, Slip)), None)
    if slip:
        finder = next((block for block in papers if isinstance(block, Finder)), None)
        room = height - sum(box.fit(pen, width)[1] for box in (*above, *below))
        above.append(fitting_slip(kit, pen, slip, width, room, free, finder))
        if free:
            above.append(gap(kit.pick(70, 36)))
    return Column((*above, *below), 0, "end")


def paper_box(kit: Kit, block: Block) -> Box:
    """Finder, weighing, code or table."""
    match block:
        case Finder():
            return Box() if kit.on_sill else Grow(finder_box(kit, block))
        case Weighing():
            return weighing_box(kit, block)
        case QrCode():
            return qr_box(kit, block)
        case Table():
            return table_box(kit, block)
        case _:
            return Box()


def beside(kit: Kit, hero: Hero, picture: Picture) -> bool:
    """Whether a picture stands with the headline, not under it."""
    packed = picture.name == "bag" and bool(hero.marker)
    return picture.name == "terminal" or (not kit.portrait and (packed or picture.name == "first_product"))


def middle(kit: Kit, pen: Pen, hero: Hero, picture: Picture | None, dots: Dots | Field | None, papers: Sequence[Block],
           width: float, height: float) -> Box:  # fmt: skip
    """The headline with what belongs to it, in the middle of what the paper leaves."""
    name = picture.name if picture else ""
    if name == "shelf" and papers and not kit.portrait:
        return Grow(Column((gap(10), hero_box(kit, hero, one_line=True)), 0))
    box = hero_box(kit, hero, "centre" if name == "terminal" and kit.portrait else "start")
    if dots:
        typed = dots_box(kit, dots) if isinstance(dots, Dots) else written_box(kit, dots)
        box = Column((box, gap(kit.pick(70, 56) * kit.squeeze), typed), 0)
    if picture and name == "terminal":
        terminal = picture_box(kit, picture, False)
        if kit.portrait:
            return Grow(Column((box, terminal), 50 * kit.squeeze, "centre"))
        return Grow(Row((Grow(box), terminal, Space(10)), 30))
    if picture and name == "first_product" and not kit.portrait:
        room = (width - box.fit(pen, width)[0] - 40) / picture_box(kit, picture, False).fit(pen, width)[0]
        if room < LEAST_ROOM:
            return Grow(Place(box))
        small = replace(kit, squeeze=kit.squeeze * min(1, max(0.6, room)))
        return Grow(Row((Grow(box), picture_box(small, picture, False)), 40))
    if picture and name == "bag" and hero.marker and not kit.portrait:
        low = kit.words(hero.quiet or hero.after or " ", "lead").fit(pen, 1e6)[0]
        room = (width - low + 10) / farewell_box(kit).fit(pen, width)[0]
        bag = farewell_box(kit, min(1, max(0.7, room)))
        wide, high = bag.fit(pen, width)
        beside_bag = Card(box, (0, 0 if low <= width - wide + 20 else wide, 0, 0))
        return Grow(Overlay(Place(beside_bag), bag, -10, height - high))
    if papers and not kit.portrait and isinstance(papers[0], QrCode):
        return Grow(Column((gap(24), box), 0))
    return Grow(Place(box))


def fitting_slip(kit: Kit, pen: Pen, slip: Slip, width: float, room: float, free: bool,
                 finder: Finder | None) -> Box:  # fmt: skip
    """The slip with as many of the newest lines as there is room for; low reach asks for a product on it."""
    skip = max(0, min(kit.state.skip, len(slip.lines) - 1)) if kit.turn else 0
    if skip:
        slip = replace(slip, lines=slip.lines[:-skip], headline=None)
    news = news_boxes(kit, slip)
    lines = line_boxes(kit, slip.lines, room, bool(skip) or not news)
    while lines or news:
        box = slip_box(kit, lines, news, len(slip.lines) - len(lines), skip, free)
        if finder and kit.on_sill:
            box = Paper(kit, Column((box.child, ask_box(kit, finder)), 0))
        if box.fit(pen, width)[1] <= room:
            return box
        if not lines:
            return terse(kit, slip, room, width, pen, free) if slip.strips and slip.headline else box
        lines = lines[1:]
    return Box()


def terse(kit: Kit, slip: Slip, room: float, width: float, pen: Pen, free: bool) -> Box:
    """The news alone, where even they find no room: what a colleague does is said in one line, the last ones first; and
    where that is too much, the gravest thing alone."""
    strips = list(slip.strips)
    for at in reversed(range(len(strips))):
        if not strips[at].keys and strips[at].id != SAID:
            strips[at] = replace(strips[at], text="")
            news = news_boxes(kit, replace(slip, strips=tuple(strips)))
            box = slip_box(kit, (), news, len(slip.lines), 0, free)
            if box.fit(pen, width)[1] <= room:
                return box
    least = (*strips[:1], *(each for each in strips[1:] if each.id == SAID))
    return slip_box(kit, (), news_boxes(kit, replace(slip, strips=least)), len(slip.lines), 0, free)
