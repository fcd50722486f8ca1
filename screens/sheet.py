"""A product on one paper: its price for whoever stands before it, and below what else is known of it."""

from screens.boxes import Box, Card, Column, Flow, Grow, Named, Row
from screens.kit import Kit, gap
from screens.paper import Paper, Rule
from screens.paragraph import Fitted
from screens.pen import Pen
from screens.widgets import Sheet, Told


def sheet_box(kit: Kit, pen: Pen, sheet: Sheet, width: float, height: float) -> Box:
    """As much of it as there is room for: others of its kind go first, then the last rows; never an allergen."""
    told, others = sheet.told, sheet.others
    while True:
        box = Paper(kit, drawn(kit, pen, sheet, told, others))
        if box.fit(pen, width)[1] <= height or not (others or any(not each.strong for each in told)):
            return box
        if others:
            others = others[:-1]
        else:
            last = max(at for at, each in enumerate(told) if not each.strong)
            told = (*told[:last], *told[last + 1 :])


def drawn(
    kit: Kit, pen: Pen, sheet: Sheet, told: tuple[Told, ...], others: tuple[tuple[str, str], ...]
) -> Box:
    side, air = kit.pick(40, 36), kit.pick(32, 22) * kit.squeeze
    parts: list[Box] = [Named("product", Card(head(kit, sheet), (air, side, air, side)))]
    if told:
        wide = min(kit.pick(390, 400), 60 + max(kit.words(each.label).fit(pen, 1e6)[0] for each in told))
        rows: list[Box] = []
        for each in told:
            rows += [told_box(kit, each, wide), gap(kit.pick(16, 10) * kit.squeeze)]
        parts += [Rule(kit), Named("told", Card(Column(tuple(rows[:-1]), 0), (air, side, air, side)))]
    if others:
        title = kit.words(sheet.others_title, "small", colour=kit.palette.ink_2)
        rows = [title, *(other_box(kit, *each) for each in others)]
        parts += [Rule(kit), Named("others", Card(Column(tuple(rows), 8), (air * 0.8, side, air, side)))]
    if sheet.after:
        after = kit.words(sheet.after, "small", colour=kit.palette.ink_2)
        parts += [Rule(kit), Named("after", Card(after, (14, side, 22, side)))]
    return Column(tuple(parts), 0)


def head(kit: Kit, sheet: Sheet) -> Box:
    """Picture and name, then the price, as big as the total of a basket, with what it is for beside it."""
    picture = kit.pick(200, 150) * max(0.7, kit.squeeze)
    square = kit.tile(sheet.symbol, sheet.department, picture * 0.82, (picture, picture), name=sheet.title)
    name = Fitted(
        kit.words(sheet.title, kit.size("title") * max(0.72, kit.squeeze), True, high=1.08), whole=False
    )
    price = Fitted(
        kit.words(sheet.price, kit.size("total") * max(0.8, kit.squeeze), True, high=1.05, tracking=-2)
    )
    unit = kit.words(sheet.unit, "lead", colour=kit.palette.ink_2)
    beside = Flow((price, unit), 28) if kit.large else Row((price, Grow(unit)), 28, "end")
    cost = beside if sheet.unit else price
    parts: list[Box]
    if kit.portrait:
        parts = [Row((square, Grow(name)), 36), gap(22 * kit.squeeze), cost]
    else:
        parts = [Row((square, Grow(Column((name, cost), 0))), 36)]
    for text in sheet.marker:
        parts += [gap(14), Row((kit.saving(text, "lead"),))]
    return Column(tuple(parts), 0)


def told_box(kit: Kit, told: Told, wide: float) -> Box:
    p = kit.palette
    label = kit.words(told.label, "body", colour=p.ink_2)
    text = kit.words(told.text, "body", bold=True)
    if kit.large:
        return Column((label, text), 0)
    named = Card(Row((kit.icon(told.icon, 40, p.ink_2), Grow(label)), 16), least=(wide, 0))
    return Row((Fixed(named, wide), Grow(text)), 24)


class Fixed(Box):
    """A child that is exactly so wide, so that what stands beside it is in one column."""

    child: Box
    wide: float

    def need(self, pen: Pen, width: float) -> tuple[float, float]:
        return self.wide, self.child.fit(pen, self.wide)[1]

    def put(self, pen: Pen, x: float, y: float, w: float, h: float) -> None:
        self.child.put(pen, x, y, self.wide, h)


def other_box(kit: Kit, name: str, price: str) -> Box:
    text = Fitted(kit.words(name, "body"), whole=False)
    return Row((Grow(text), kit.words(price, "body", bold=True, align="end")), 24)
