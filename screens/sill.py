"""The sill: tools, what it tells, total, go key and foot. Everything that can be pressed lies here."""

from msgspec.structs import replace

from screens.boxes import Box, Card, Column, Flow, Grid, Grow, Named, Place, Row
from screens.counter import Terminal
from screens.keys import Dress, columns_that_fit, go_key, key_box, key_grid, too_wide
from screens.kit import Kit
from screens.letters import band_letters, is_keyboard, letter_key, letters_box
from screens.paper import TimeBar
from screens.paragraph import Fitted
from screens.pen import Pen
from screens.shop import small_tile_box
from screens.widgets import Finder, Hero, Key, Page, Picture, Total


def total_box(kit: Kit, total: Total) -> Box:
    """The sum, always beside the go key."""
    p = kit.palette
    amount = kit.words(total.amount, "total", True, p.sill_ink, 1.02, tracking=-1, cells=False)
    parts: list[Box] = [
        kit.words(total.label, "small", colour=p.sill_ink_2),
        Named("amount", Fitted(amount)),
    ]
    under: list[Box] = []
    if total.under and not (kit.large and (total.saved or kit.flat > 2)):
        under.append(kit.words(total.under, "small", colour=p.sill_ink_2))
    if total.saved and not (kit.large and kit.flat > 2):
        under.append(kit.saving(total.saved))
    if under:
        parts.append(Flow(tuple(under), 17))
    return Named("total", Column(tuple(parts), 0, "centre"))


def tools_box(kit: Kit, pen: Pen, page: Page, width: float) -> list[Box]:
    """The tools in rows. One answer among other tools (Undo) is a big key of its own."""
    band = kit.low and not kit.portrait
    tools = page.tools[:2] if kit.crowded and not band else page.tools
    answers = [key for key in tools if key.kind == "answer"]
    boxes: list[Box] = []
    if len(answers) == 1 and len(tools) > 1 and not band:
        high = 132 if kit.large else 160
        dress = Dress(size=64, icon=72, gap=kit.pick(18, 12), high=high, centre=True)
        boxes.append(key_box(kit, answers[0], dress))
        tools = tuple(key for key in tools if key.kind != "answer")
    if page.total and not page.go and len(tools) == 1 and not (kit.portrait or kit.low or kit.large):
        p = kit.palette
        label = kit.words(page.total.label, "small", colour=p.sill_ink_2, align="end")
        amount = kit.words(page.total.amount, "lead", True, p.sill_ink, align="end")
        back = key_box(kit, tools[0], Dress(size=40, pad=18, gap=12))
        boxes.append(Grow(Place(Row((Grow(back), Named("total", Column((label, amount), 0))), 20), "end")))
    elif tools:
        boxes.append(tool_grid(kit, pen, page, tools, width))
    return boxes


def tool_grid(kit: Kit, pen: Pen, page: Page, tools: tuple[Key, ...], width: float) -> Box:
    dress = tool_dress(kit, page, tools)
    if kit.large:
        tools = tuple(ticked(key) for key in tools)
    if kit.large and (kit.flat > 1 or kit.crowded):
        tools = tuple(replace(spare(key), note="" if kit.low else key.note) for key in tools)
    if kit.large and kit.low and not kit.portrait:
        wishes = (len(tools), 2) if len(tools) > 2 else (len(tools),)
        columns = columns_that_fit(kit, pen, tools, wishes, dress, width, 1)
        return key_grid(kit, tools, columns, dress, odd=True)
    if kit.large:
        columns = 2 if kit.portrait or (page.letters and kit.flat > 2) else 1
        if too_wide(kit, pen, tools, columns, dress, width):
            tools = tuple(spare(key) for key in tools)
        return key_grid(kit, tools, columns, dress, odd=True)
    if len(tools) == 6 and not kit.portrait and not kit.low:
        tools = tuple(tools[number] for number in (0, 3, 1, 2, 4, 5))
    if kit.flat > 2 and kit.portrait and len(tools) > 3:
        dress = replace(dress, stack=True, icon=44, gap=4, pad=8)
    columns = column_count(kit, pen, page, tools, dress, width)
    if too_wide(kit, pen, tools, columns, dress, width):
        dress = replace(dress, stack=True, icon=44, gap=4, pad=8)
    return key_grid(kit, tools, columns, dress, odd=not (kit.low and not kit.portrait))


def ticked(key: Key) -> Key:
    """A chosen key of large text has a tick in place of its note."""
    return replace(key, icon="check", note="") if key.chosen and key.note else key


def spare(key: Key) -> Key:
    """A key of large text that has room for its words alone; the tick of a chosen one stays."""
    return key if key.chosen and key.icon == "check" else replace(key, icon="")


def column_count(kit: Kit, pen: Pen, page: Page, tools: tuple[Key, ...], dress: Dress, width: float) -> int:
    """In how many columns the tools stand."""
    if kit.portrait:
        many = (3, 2, 1) if len(tools) <= 12 else (4, 3, 2)
        wishes = {1: (1,), 2: (2, 1), 4: (2, 1), 8: (4, 2)}.get(len(tools), many)
        return columns_that_fit(kit, pen, tools, wishes, dress, width)
    if kit.low:
        return len(tools) if len(tools) <= 6 else -(-len(tools) // 2)
    alone = len(page.tools) <= 2 or all(key.kind == "answer" for key in tools)
    return 1 if alone and not kit.crowded else 2


def tool_dress(kit: Kit, page: Page, tools: tuple[Key, ...]) -> Dress:
    """How the tools of a page are set; as low as keys may be where the sill is to stay low."""
    dress = usual_dress(kit, page, tools)
    if kit.flat > 1:
        dress = replace(dress, high=min(dress.high, 112))
    if kit.flat > 1 and kit.portrait and not kit.large:
        return replace(
            dress, size=min(dress.size, kit.size("small")), icon=min(dress.icon, 44), pad=12, gap=10
        )
    return dress


def usual_dress(kit: Kit, page: Page, tools: tuple[Key, ...]) -> Dress:
    """How the tools of a page are set: few and large, or many and close (look: parts and screens)."""
    tone = page.head.tone
    answers = all(key.kind == "answer" for key in tools)
    centre = sum(1 for key in tools if key.icon) <= 1 < len(tools)
    size = kit.pick(40, 36)
    roomy = kit.portrait and (answers or len(page.tools) <= 3)
    side, near = (24, 18) if roomy else (18, kit.pick(14, 12))
    if kit.large:
        return Dress(
            size=62, icon=68, pad=12 if kit.crowded else 22, gap=near, high=132 if kit.portrait else 112
        )
    if page.letters and len(tools) == 1:
        return Dress(size=40, gap=kit.pick(18, 12), centre=True)
    if kit.low and not kit.portrait and not page.letters:
        return Dress(size=36, icon=48, pad=18, gap=12, high=112 if kit.crowded else 124)
    if centre:
        return Dress(size=size, pad=12, gap=14, centre=True)
    if tone == "staff":
        return Dress(size=36, icon=44, pad=18, gap=14, high=112)
    if tone == "service":
        return Dress(size=size, pad=22, gap=kit.pick(18, 12), high=124)
    if answers:
        return Dress(size=size, icon=64, pad=side, gap=near)
    if len(page.tools) <= 2 and not page.letters:
        icon, high = (60, 128) if any(key.note for key in tools) else (64, 144)
        return Dress(size=size, icon=icon, pad=side, gap=near, high=high)
    return Dress(size=size, pad=side, gap=near)


def small_total(kit: Kit, total: Total) -> Box:
    """The sum on one line, where keys need the room."""
    p = kit.palette
    label = kit.words(total.label, "small", colour=p.sill_ink_2)
    return Named("total", Row((Grow(label), kit.words(total.amount, "lead", True, p.sill_ink))))


def pay_box(kit: Kit, page: Page) -> Box | None:
    """Total and go key: side by side in portrait, one above the other in landscape."""
    go = go_key(kit, page.go, page.total is None) if page.go else None
    total = total_box(kit, page.total) if page.total else None
    if go and total and page.total:
        if kit.crowded > 1:
            return Column((small_total(kit, page.total), go), 24)
        if not kit.portrait:
            return Column((total, go), 24)
        return Row((Grow(total), Grow(go, 1.05 if kit.large else 1)), 28, "stretch")
    return go or (total if kit.portrait or kit.large or len(page.tools) != 1 else None)


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


def foot_keys(kit: Kit, pen: Pen, page: Page, width: float) -> Box | None:
    """Help, language, easier to use; and before them the tools that found no room in the column."""
    keys = (*page.tools[2:], *page.foot) if kit.crowded else page.foot
    if not keys:
        return None
    dress = Dress(size=32, pad=14, gap=14, high=112, centre=True)
    if kit.large:
        dress = Dress(size=62, icon=68, pad=10, gap=10, high=112, centre=True, whole=True)
        if too_wide(kit, pen, keys, len(keys), dress, width):
            keys = tuple(spare(key) for key in keys)
    elif too_wide(kit, pen, keys, len(keys), dress, width):
        dress = Dress(size=32, icon=36, pad=6, gap=2, high=112, stack=True)
    return key_grid(kit, keys, len(keys), dress)


def column_box(kit: Kit, pen: Pen, page: Page, width: float) -> Box:
    """The sill's contents from the top down; the total and the go key keep to its end."""
    low_finder = finder_of(page) if kit.on_sill else None
    parts: list[Box] = []
    if page.progress:
        parts.append(progress_box(kit, page.progress, not page.go))
    if low_finder and low_finder.tiles:
        parts.append(Grid(tuple(small_tile_box(kit, tile) for tile in low_finder.tiles[:3]), 3))
    if page.letters:
        letters = letters_box(kit, page)
        alone = not kit.portrait and not page.go and not finder_of(page)
        parts.append(Grow(Place(letters)) if alone else letters)
    terminal = sill_terminal(page)
    if terminal and not kit.portrait and not page.tools:
        drawn = Named("terminal", Terminal(kit, terminal, on_sill=True))
        parts.append(Grow(Row((drawn,), justify="centre")))
    parts += tools_box(kit, pen, page, width)
    pay = pay_box(kit, page)
    if pay and not kit.portrait and not any(isinstance(part, Grow) for part in parts):
        parts.append(Grow(Place(pay, "end")))
    elif pay:
        parts.append(pay)
    return Column(tuple(parts) or (Box(),), 17 if kit.low and kit.portrait else 24)


def finder_of(page: Page) -> Finder | None:
    return next((block for block in page.blocks if isinstance(block, Finder)), None)


def sill_terminal(page: Page) -> Picture | None:
    """A terminal that goes along with news on the slip stands on the sill, where there is room."""
    if len(page.blocks) < 3:
        return None
    return next((b for b in page.blocks if isinstance(b, Picture) and b.name == "terminal"), None)


def band_box(kit: Kit, pen: Pen, page: Page, width: float, most: float) -> Box:
    """Low reach in landscape: tools in a row; total, foot and go key in the one beneath."""
    if page.letters:
        return typing_band(kit, page, width, most)
    if kit.large and len(page.tools) > 4 and not (page.go or page.total or page.progress):
        keys = tuple(spare(ticked(key)) for key in (*page.tools, *page.foot))
        return key_grid(kit, keys, 4, Dress(size=62, icon=56, pad=14, gap=10, high=112, centre=True))
    parts: list[Box] = [progress_box(kit, page.progress, False)] if page.progress else []
    parts += tools_box(kit, pen, page, width)
    if kit.large:
        return Column((*parts, large_foot(kit, page)), 17)
    dress = Dress(size=32, icon=56, pad=10, gap=18, high=176, stack=True)
    if kit.crowded:
        dress = Dress(size=32, icon=44, pad=10, gap=8, high=130, stack=True)
    total = line_total if kit.crowded else total_box
    row: list[Box] = [Grow(total(kit, page.total)) if page.total else Grow(Box())]
    row += [Card(key_box(kit, key, dress), least=(210, 0)) for key in page.foot]
    if page.go:
        row.append(Card(go_key(kit, page.go, False), least=(560, 0)))
    parts.append(Row(tuple(row), 20, "end"))
    return Column(tuple(parts), 24)


def large_foot(kit: Kit, page: Page) -> Box:
    """Total, foot and go key in one row of large text: words without icons."""
    row: list[Box] = [Grow(line_total(kit, page.total) if page.total else Box())]
    dress = Dress(size=62, pad=18, high=112, centre=True, whole=True)
    row += [Card(key_box(kit, replace(key, icon=""), dress), least=(116, 0)) for key in page.foot]
    if page.go and page.go.kind == "go":
        row.append(Card(go_key(kit, replace(page.go, note=""), False), least=(420, 0)))
    elif page.go:
        row.append(Grow(go_key(kit, replace(page.go, note=""), False), 1.8))
    return Row(tuple(row), 20, "end")


def line_total(kit: Kit, total: Total) -> Box:
    """The sum behind its label, under it where there is less room, and alone where large text has no second line."""
    label = kit.words(total.label, "small", colour=kit.palette.sill_ink_2)
    amount = Named(
        "amount", Fitted(kit.words(total.amount, kit.size("price"), True, kit.palette.sill_ink, 1.02))
    )
    return Named("total", amount if kit.large and kit.crowded else Flow((label, amount), 20))


def typing_band(kit: Kit, page: Page, width: float, most: float) -> Box:
    """Low reach in landscape while something is typed: rows of keys, and all else in the one beneath."""
    letters, left = band_letters(kit, page, width, 3 if most > 500 else 2)
    upper, tools = letters, tuple(map(spare, page.tools)) if kit.large else page.tools
    if not is_keyboard(page) and tools:
        dress = Dress(size=kit.size("body") if kit.large else 36, pad=18, gap=12, high=112)
        side = key_grid(kit, tools, 1 if len(tools) <= 2 else 2, dress, odd=True)
        upper, tools = Row((Grow(letters), Grow(side)), 24, "start"), ()
    if kit.large:
        dress = Dress(size=62, pad=14, high=112, centre=True)
        keys = tuple(replace(key, icon="") for key in (*tools, *page.foot))
    else:
        dress = Dress(size=32, icon=44, pad=14, gap=12, high=112, centre=True)
        keys = (*tools, *page.foot)
    row: list[Box] = [Grow(small_total(kit, page.total))] if page.total else []
    row += [Grow(key_box(kit, key, dress), max(8, len(key.text))) for key in keys]
    row += [Card(letter_key(kit, key, 112, 52), least=(150, 0)) for key in left]
    if page.go:
        row.append(Grow(go_key(kit, page.go, False), 1.3))
    return Column((upper, Row(tuple(row), 20, "stretch")), 20)
