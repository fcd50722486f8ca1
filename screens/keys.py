"""Keys: what has a lip can be pressed, nothing else has one. One look per kind and state (look: 30-keys)."""

from msgspec import Struct
from msgspec.structs import replace

from screens.boxes import Box, Card, Column, Grid, Named, Row
from screens.kit import Kit, blend
from screens.paragraph import Fitted, Run, Words
from screens.pen import Font, Pen
from screens.theme import BLACK, WHITE, Colour, contrast
from screens.widgets import Key

WORDS = 4.5
"""Least contrast of words; a shop's go colour may have less on its sill."""
FINGER_GREEN = "terminal"
"""The icon of a waiting frame that asks the shopper to act at the terminal; all other frames wait for
somebody else."""


class Look(Struct, frozen=True):
    """Colours and thickness of one kind in one state."""

    fill: Colour
    text: Colour
    note: Colour
    edge: Colour | None = None
    edge_px: float = 0
    lip: Colour | None = None
    lip_px: float = 0
    pressed: Colour | None = None
    """What fills it under a finger."""


class Dress(Struct, frozen=True, kw_only=True):
    """How a key is set: type and icon size, room at the sides, gap after the icon, least height; `centre`
    puts the words in the middle, `stack` the icon above them, `after` the icon behind them; `whole` words
    stay on one line, smaller if need be."""

    size: float = 40
    icon: float = 52
    pad: float = 24
    gap: float = 18
    high: float = 128
    centre: bool = False
    stack: bool = False
    after: bool = False
    whole: bool = False


def look(kit: Kit, key: Key, behind: Colour) -> Look:
    """The look of a key on what is behind it; under a finger it lies on its lip and is darker (motion.py)."""
    p = kit.palette
    if key.off:
        return Look(behind, p.off_ink, p.off_ink, p.off_ink, 2)
    if key.kind == "go":
        return Look(p.go, p.on_go, p.on_go, lip=p.go_lip, lip_px=10, pressed=p.go_pressed)
    if key.kind == "answer" or key.chosen:
        return Look(p.sill_ink, p.sill, p.sill, p.sill_edge, 2, p.sill_lip, 6, p.sill_ink_2)
    if key.kind == "person":
        darker = blend(p.person, BLACK, 0.2)
        if kit.theme.name == "contrast":
            return Look(p.person, p.on_person, p.on_person, lip=WHITE, lip_px=6, pressed=darker)
        return Look(p.person, p.on_person, p.on_person, p.sill_edge, 2, p.sill_lip, 6, darker)
    if key.kind == "paper":
        return Look(p.paper, p.ink, p.ink_2, p.edge, 3, p.edge, 6, p.rule)
    return Look(p.sill_key, p.sill_ink, p.sill_ink_2, p.sill_edge, 2, p.sill_lip, 6, p.sill_key_pressed)


def key_box(kit: Kit, key: Key, dress: Dress, behind: Colour | None = None) -> Box:
    """A key to be put on the sill, or on what is `behind` it."""
    ground = behind or kit.palette.sill
    if key.kind == "wait":
        return wait_box(kit, key)
    focused = kit.state.focus == key.id
    return kit.kept((key, dress, ground, focused), lambda: made_key(kit, key, dress, ground))


def made_key(kit: Kit, key: Key, dress: Dress, ground: Colour) -> Box:
    style = look(kit, key, ground)
    content = label(kit, key, dress, style)
    card = Card(
        content, (0, dress.pad, 0, dress.pad), style.fill, 22, style.edge, style.edge_px, style.lip,
        style.lip_px, style.pressed, least=(0, dress.high),
    )  # fmt: skip
    return Named(key.id, focused(kit, key, card, ground), key=key)


def focused(kit: Kit, key: Key, card: Card, ground: Colour) -> Box:
    """The card with the keypad's ring round it, where it is the one in focus."""
    if kit.state.focus != key.id:
        return card
    on_paper = key.kind == "paper" and kit.theme.name == "light"
    return Ring(card, kit.palette.focus_halo if on_paper else kit.palette.focus, ground)


def label(kit: Kit, key: Key, dress: Dress, style: Look) -> Box:
    """Icon and words of a key, before its plate."""
    words: list[Box] = []
    if key.text:
        align = "centre" if dress.stack or (dress.centre and not key.icon) else "start"
        text = kit.words(key.text, dress.size, True, style.text, 1.1, align)
        words.append(Fitted(text, dress.whole, kit.size("small")))
    if key.note:
        align = "centre" if dress.stack else "start"
        words.append(kit.words(key.note, "small", False, style.note, 1.1, align))
    pieces: list[Box] = []
    if key.icon:
        pieces.append(kit.icon(key.icon, dress.icon, style.text))
    if words:
        pieces.append(Column(tuple(words), 0))
    if dress.stack:
        return Column(tuple(pieces), dress.gap, "centre", "centre")
    if dress.after:
        pieces.reverse()
    return Row(tuple(pieces), dress.gap, justify="centre" if dress.centre else "start")


def next_high(kit: Kit) -> float:
    """Height of the key of the next step; it gives way in the band of low reach."""
    if kit.low and not kit.portrait and (kit.large or kit.crowded):
        return 112 if kit.large else 130
    return 176


def wait_box(kit: Kit, key: Key) -> Box:
    """A dashed frame: who acts next, outside the screen."""
    p = kit.palette
    yours = key.icon == FINGER_GREEN
    line = p.go if yours else p.sill_ink_2
    ink = p.go if yours and contrast(p.go, p.sill) >= WORDS else p.sill_ink
    pieces: list[Box] = []
    if key.icon == "dots":
        pieces.append(Waits(ink, p.sill))
    elif key.icon:
        pieces.append(kit.icon(key.icon, 84 if yours else 64, ink))
    words = kit.words(key.text, 62 if kit.large else 44, True, ink, 1.15)
    pieces.append(Fitted(words, whole=not kit.large, least=kit.size("small")))
    if yours and not kit.large:
        pieces.append(kit.icon("forward", 60, ink))
    return Named(key.id, Dashed(Row(tuple(pieces), 24, justify="centre"), line, next_high(kit)))


class Waits(Box):
    """Three dots of 30 px that fill in turn."""

    colour: Colour
    behind: Colour

    def need(self, pen: Pen, width: float) -> tuple[float, float]:
        return 130, 30

    def put(self, pen: Pen, x: float, y: float, w: float, h: float) -> None:
        pen.waiting(x, y, 130, 30, self.colour, self.behind)


class Dashed(Box):
    """A dashed frame round its child."""

    child: Box
    colour: Colour
    least: float

    def need(self, pen: Pen, width: float) -> tuple[float, float]:
        wide, high = self.child.fit(pen, width - 48)
        return wide + 48, max(self.least, high + 8)

    def put(self, pen: Pen, x: float, y: float, w: float, h: float) -> None:
        pen.dashes(x, y, w, h, self.colour, 22, 4)
        self.child.put(pen, x + 24, y, w - 48, h)


class Ring(Box):
    """The keypad's focus: five pixels of air, then a ring of eight."""

    child: Card
    colour: Colour
    behind: Colour

    def need(self, pen: Pen, width: float) -> tuple[float, float]:
        return self.child.fit(pen, width)

    def put(self, pen: Pen, x: float, y: float, w: float, h: float) -> None:
        pen.plate(x - 13, y - 13, w + 26, h + 26, self.behind, 35, self.colour, 8)
        self.child.put(pen, x, y, w, h)


def key_grid(kit: Kit, keys: tuple[Key, ...], columns: int, dress: Dress, odd: bool = False) -> Grid:
    """Keys in equal columns."""
    return Grid(tuple(key_box(kit, key, dress) for key in keys), columns, odd=odd)


def line_count(kit: Kit, pen: Pen, key: Key, dress: Dress, width: float) -> int:
    """How many lines the words of a key take at a width; a note counts as one."""
    room = width - 2 * dress.pad - (dress.icon + dress.gap if key.icon and not dress.stack else 0)
    run = Run(key.text, Font(dress.size, True), BLACK)
    broken = Words((run,)).lines(pen, room)
    too_wide = any(line.width > room for line in broken)
    return len(broken) + bool(key.note) + 2 * too_wide


def too_wide(kit: Kit, pen: Pen, keys: tuple[Key, ...], columns: int, dress: Dress, width: float) -> bool:
    """Whether in so many columns a word of a key would have to be smaller than the others."""
    wide = (width - 20 * (columns - 1)) / columns - 2 * dress.pad
    rooms = ((key, wide - (dress.icon + dress.gap if key.icon else 0)) for key in keys)
    return any(kit.words(key.text, dress.size, True).fit(pen, room)[0] > room + 1 for key, room in rooms)


def columns_that_fit(kit: Kit, pen: Pen, keys: tuple[Key, ...], wishes: tuple[int, ...], dress: Dress,
                     width: float, lines: int = 2) -> int:  # fmt: skip
    """The first of these numbers of columns at which every key keeps to so many lines."""
    for columns in wishes:
        wide = (width - 20 * (columns - 1)) / columns
        if all(line_count(kit, pen, key, dress, wide) <= lines for key in keys):
            return columns
    return wishes[-1]


def go_key(kit: Kit, key: Key, alone: bool) -> Box:
    """The key of the next step, in its corner: the icon after the word; `alone` (no sum beside it), before
    it."""
    if key.kind == "wait":
        return wait_box(kit, key)
    if key.kind != "go":
        return key_box(kit, key, Dress(size=52 if alone else 48, gap=kit.pick(18, 12), high=150, centre=True))
    icon = 84 if alone else 72
    shown = replace(key, icon="") if kit.large else key
    high = next_high(kit)
    dress = Dress(size=kit.size("title"), icon=icon, gap=24, high=high, centre=True, after=not alone)
    return key_box(kit, shown, dress)
