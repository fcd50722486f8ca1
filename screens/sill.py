"""The sill: tools, what it tells, total, go key and foot. Everything that can be pressed lies here."""

from msgspec.structs import replace

from screens.boxes import Box, Card, Column, Flow, Grid, Grow, Named, Place, Row, Size
from screens.counter import Fitted, Terminal
from screens.keys import Dress, columns_that_fit, go_key, key_box, key_grid
from screens.kit import Kit
from screens.paper import TimeBar
from screens.pen import Pen
from screens.shop import letter_key, small_tile_box
from screens.widgets import Dots, Finder, Hero, Key, Page, Picture, Total


def total_box(kit: Kit, total: Total) -> Box:
    """The sum, always beside the go key."""
    p = kit.palette
    amount = kit.words(total.amount, "total", True, p.sill_ink, 1.02, tracking=-1, cells=False)
    parts: list[Box] = [
        kit.words(total.label, "small", colour=p.sill_ink_2),
        Named("amount", Fitted(amount)),
    ]
    under: list[Box] = []
    if total.under and not (kit.large and total.saved):
        under.append(kit.words(total.under, "small", colour=p.sill_ink_2))
    if total.saved:
        under.append(kit.saving(total.saved))
    if under:
        parts.append(Flow(tuple(under), 17))
    return Named("total", Column(tuple(parts), 0, "centre"))


def tools_box(kit: Kit, pen: Pen, page: Page, width: float) -> list[Box]:
    """The tools in rows. One answer among other tools (Undo) is a big key of its own."""
    tools = page.tools
    answers = [key for key in tools if key.kind == "answer"]
    boxes: list[Box] = []
    if len(answers) == 1 and len(tools) > 1:
        size = 160 if not kit.large else 132
        boxes.append(
            key_box(kit, answers[0], Dress(size=64, icon=72, gap=kit.pick(18, 12), high=size, centre=True))
        )
        tools = tuple(key for key in tools if key.kind != "answer")
    if tools:
        boxes.append(tool_grid(kit, pen, page, tools, width))
    return boxes


def tool_grid(kit: Kit, pen: Pen, page: Page, tools: tuple[Key, ...], width: float) -> Box:
    dress = tool_dress(kit, page, tools)
    if kit.large:
        return key_grid(kit, tools[:4], 2 if kit.portrait else 1, dress)
    if len(tools) == 6 and not kit.portrait:
        tools = tuple(tools[number] for number in (0, 3, 1, 2, 4, 5))
    if kit.portrait:
        wishes = {1: (1,), 2: (2, 1), 4: (2, 1), 8: (4, 2)}.get(len(tools), (3, 2, 1))
        return key_grid(kit, tools, columns_that_fit(kit, pen, tools, wishes, dress, width), dress)
    if kit.low:
        return key_grid(kit, tools, max(6, len(tools)), dress)
    alone = len(page.tools) <= 2 or all(key.kind == "answer" for key in tools)
    return key_grid(kit, tools, 1 if alone else 2, dress, odd=True)


def tool_dress(kit: Kit, page: Page, tools: tuple[Key, ...]) -> Dress:
    """How the tools of a page are set: few and large, or many and close (look: parts and screens)."""
    tone, many = page.head.tone, len(page.tools) > 3
    answers = all(key.kind == "answer" for key in tools)
    centre = bool(tools) and sum(1 for key in tools if key.icon) <= 1
    size: float = 40 if kit.portrait else 36
    side, near = (
        (24.0, 18.0) if kit.portrait and (answers or not many) else (18.0, 14.0 if kit.portrait else 12.0)
    )
    if kit.large:
        return Dress(size=62, icon=68, pad=22, gap=near, high=132 if kit.portrait else 112)
    if page.letters and len(tools) == 1:
        return Dress(size=40, gap=kit.pick(18, 12), centre=True)
    if kit.low and not kit.portrait:
        return Dress(size=36, icon=48, pad=18, gap=12, high=124)
    if centre:
        return Dress(size=size, pad=12, gap=14, centre=True)
    if tone == "staff":
        return Dress(size=36, icon=44, pad=18, gap=14, high=112)
    if tone == "service":
        return Dress(size=size, pad=22, gap=kit.pick(18, 12), high=124)
    icon, high = 52.0, 128.0
    if answers:
        icon = 64
    elif len(tools) <= 2 and len(page.tools) <= 2:
        icon, high = (60, 128) if any(key.note for key in tools) else (64, 144)
    return Dress(size=size, icon=icon, pad=side, gap=near, high=high)


def letters_box(kit: Kit, page: Page) -> Box:
    """A keyboard of rows, or a number pad."""
    cells = tuple(ready(kit, page, key) for row in page.letters for key in row)
    wide = max(len(row) for row in page.letters)
    if wide <= 4:
        high, size = kit.pick(124, 132), 72.0
        return Grid(tuple(letter_key(kit, key, high, size) for key in cells), wide)
    if kit.low and kit.portrait:
        return LowLetters(kit, cells, page.tools)
    if kit.portrait:
        return Grid(tuple(letter_key(kit, key, 112, 52) for key in cells), 7, gap=18)
    return SpannedLetters(kit, cells)


def ready(kit: Kit, page: Page, key: Key) -> Key:
    """The key that sends a secret is off until all its digits are there."""
    dots = next((block for block in page.blocks if isinstance(block, Dots)), None)
    if dots and key.kind == "go" and dict(kit.state.typed).get(dots.field, 0) < dots.length:
        return replace(key, off=True)
    return key


class LowLetters(Box):
    """The keyboard of low reach: eight columns, and the tools, twice as wide, in its last row."""

    kit: Kit
    keys: tuple[Key, ...]
    tools: tuple[Key, ...]

    def rows(self) -> list[Row]:
        cells: list[Box] = [Grow(letter_key(self.kit, key, 112, 52)) for key in self.keys]
        dress = Dress(size=36, icon=48, pad=10, gap=12, high=112, centre=True)
        cells += [Grow(key_box(self.kit, key, dress), 2 + 17 / 115) for key in self.tools]
        whole = [Row(tuple(cells[at : at + 8]), 17, "stretch") for at in range(0, len(self.keys) - 7, 8)]
        return [*whole, Row(tuple(cells[8 * len(whole) :]), 17, "stretch")]

    def need(self, pen: Pen, width: float) -> Size:
        return width, 129 * len(self.rows()) - 17

    def put(self, pen: Pen, x: float, y: float, w: float, h: float) -> None:
        for row in self.rows():
            row.put(pen, x - 12, y, w + 24, 112)
            y += 129


class SpannedLetters(Box):
    """The keyboard of landscape: five columns, its last two keys twice as wide."""

    kit: Kit
    keys: tuple[Key, ...]

    def rows(self) -> list[Row]:
        cells = [Grow(letter_key(self.kit, key, 112, 52)) for key in self.keys]
        rows, at = [], 0
        while at < len(cells):
            last = len(cells) - at <= 3
            row = cells[at : at + (3 if last else 5)]
            if last and len(row) == 3:
                row = [row[0], Grow(row[1].child, 2.155), Grow(row[2].child, 2.155)]
            rows.append(Row(tuple(row), 17, "stretch"))
            at += len(row)
        return rows

    def need(self, pen: Pen, width: float) -> Size:
        return width, 129 * len(self.rows()) - 17

    def put(self, pen: Pen, x: float, y: float, w: float, h: float) -> None:
        for row in self.rows():
            row.put(pen, x - 16, y, w + 32, 112)
            y += 129


def pay_box(kit: Kit, page: Page) -> Box | None:
    """Total and go key: side by side in portrait, one above the other in landscape."""
    go = go_key(kit, page.go, page.total is None) if page.go else None
    total = total_box(kit, page.total) if page.total else None
    if go and total:
        if not kit.portrait:
            return Column((total, go), 24)
        return Row((Grow(total), Grow(go, 1.05 if kit.large else 1)), 28, "stretch")
    return go or total


def progress_box(kit: Kit, hero: Hero, alone: bool) -> Box:
    """What the sill tells beside its keys."""
    p = kit.palette
    if hero.size == "amount" or not hero.text:
        words: Box = kit.words("\n".join(hero.lines), "lead", colour=p.sill_ink)
        row: Box = Row((kit.icon(hero.icon, 64, p.sill_ink), Grow(words)), 24) if hero.icon else words
        parts: list[Box] = [Named("progress", row)]
        if hero.bar_ms:
            parts.append(Named("bar:progress", TimeBar(kit, hero.bar_ms, on_sill=True)))
        return Column(tuple(parts), 24)
    align = "start" if kit.portrait else "centre"
    texts = Column(
        (
            kit.words("\n".join(hero.lines), "lead", True, p.sill_ink, align=align),
            kit.words(hero.text, colour=p.sill_ink_2, align=align),
        ),
        0,
    )
    icon = kit.icon(hero.icon or "info", 110, p.sill_ink)
    if kit.portrait:
        return Named("progress", Row((icon, Grow(texts)), 28))
    return Grow(Named("progress", Column((icon, texts), 28, "centre"))) if alone else Named("progress", texts)


def foot_keys(kit: Kit, page: Page, width: float) -> Box | None:
    """Help, language, easier to use."""
    if not page.foot:
        return None
    size = 62 if kit.large else 32
    dress = Dress(size=size, icon=68 if kit.large else 52, pad=14, gap=14, high=112, centre=True)
    return key_grid(kit, page.foot, len(page.foot), dress)


def column_box(kit: Kit, pen: Pen, page: Page, width: float) -> Box:
    """The sill's contents from the top down; the total and the go key keep to its end."""
    parts: list[Box] = []
    if page.progress:
        parts.append(progress_box(kit, page.progress, not page.go))
    finder = next((block for block in page.blocks if isinstance(block, Finder)), None)
    if kit.low and kit.portrait and finder:
        parts.append(Grid(tuple(small_tile_box(kit, tile) for tile in finder.tiles[:3]), 3))
    if page.letters:
        letters = letters_box(kit, page)
        alone = not kit.portrait and not finder
        parts.append(Grow(Place(letters)) if alone else letters)
    tools = tools_box(kit, pen, page, width)
    pay = pay_box(kit, page)
    terminal = sill_terminal(page)
    if terminal and not kit.portrait and not tools:
        drawn = Named("terminal", Terminal(kit, terminal, on_sill=True))
        parts.append(Grow(Row((drawn,), justify="centre")))
    if page.letters and finder and not kit.portrait and page.total and len(page.tools) == 1:
        small = Column((kit.words(page.total.label, "small", colour=kit.palette.sill_ink_2, align="end"),
                        kit.words(page.total.amount, "lead", True, kit.palette.sill_ink)), 0)  # fmt: skip
        back = key_box(kit, page.tools[0], Dress(size=40, pad=18, gap=12))
        parts.append(Grow(Place(Row((Grow(back), Named("total", small)), 20), "end")))
        return Column(tuple(parts), 24)
    if not (kit.low and kit.portrait and finder):
        parts += tools
    if pay and not kit.portrait and not any(isinstance(part, Grow) for part in parts):
        parts.append(Grow(Place(pay, "end")))
    elif pay:
        parts.append(pay)
    return Column(tuple(parts) or (Box(),), 17 if kit.low and kit.portrait else 24)


def sill_terminal(page: Page) -> Picture | None:
    """A terminal that goes along with news on the slip stands on the sill, where there is room."""
    if len(page.blocks) < 3:
        return None
    return next((b for b in page.blocks if isinstance(b, Picture) and b.name == "terminal"), None)


def band_box(kit: Kit, pen: Pen, page: Page, width: float) -> Box:
    """Low reach in landscape: tools in a row; total, foot and go key in the one beneath."""
    parts: list[Box] = tools_box(kit, pen, page, width)
    dress = Dress(size=32, icon=56, pad=10, gap=18, high=176, stack=True)
    row: list[Box] = [Grow(total_box(kit, page.total)) if page.total else Grow(Box())]
    row += [Card(key_box(kit, key, dress), least=(210, 0)) for key in page.foot]
    if page.go:
        row.append(Card(go_key(kit, page.go, False), least=(560, 0)))
    parts.append(Row(tuple(row), 20, "end"))
    return Column(tuple(parts), 24)
