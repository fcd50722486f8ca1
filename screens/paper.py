"""The slip: older lines, the newest one big, and news printed under it."""

from screens.boxes import Box, Card, Column, Flow, Grow, Named, Place, Row, Size
from screens.keys import Dress, key_box
from screens.kit import Kit, gap
from screens.paragraph import Fitted, Words
from screens.pen import Pen
from screens.widgets import Headline, Key, Slip, SlipLine, Strip

STAFF_NOTE = 28
"""Codes that only colleagues read keep their size in large text."""


class Rule(Box):
    """A thin line across, of `px`."""

    kit: Kit
    px: float = 2

    def need(self, pen: Pen, width: float) -> Size:
        return width, self.px

    def put(self, pen: Pen, x: float, y: float, w: float, h: float) -> None:
        pen.plate(x, y, w, self.px, self.kit.palette.rule)


class Upright(Box):
    """A thin line down."""

    kit: Kit

    def need(self, pen: Pen, width: float) -> Size:
        return 2, 0

    def put(self, pen: Pen, x: float, y: float, w: float, h: float) -> None:
        pen.plate(x, y, 2, h, self.kit.palette.rule)


class TimeBar(Box):
    """Time that runs out."""

    kit: Kit
    ms: int
    on_sill: bool = False

    def need(self, pen: Pen, width: float) -> Size:
        return width, 16

    def put(self, pen: Pen, x: float, y: float, w: float, h: float) -> None:
        p = self.kit.palette
        fill, back = (p.sill_ink, p.sill_key) if self.on_sill else (p.ink, p.rule)
        pen.bar(x, y, w, 16, fill, back, self.ms)


class Paper(Box):
    """A sheet that stands in the slot, or lies free when `free`; it throws the only shadow there is."""

    kit: Kit
    child: Box
    free: bool = False

    def line(self) -> float:
        return 3 if self.kit.theme.name == "contrast" else 0

    def need(self, pen: Pen, width: float) -> Size:
        line = self.line()
        wide, high = self.child.fit(pen, width - 2 * line)
        return wide + 2 * line, high + line

    def put(self, pen: Pen, x: float, y: float, w: float, h: float) -> None:
        p, line = self.kit.palette, self.line()
        pen.open("paper", "slip")
        if line:
            below = 0 if self.free else line
            pen.plate(x, y, w, h + below, p.paper, 18, p.edge, line, top=not self.free)
        else:
            pen.shadow(x, y, w, h, 18)
            pen.plate(x, y, w, h, p.paper, 18, top=not self.free)
        self.child.put(pen, x + line, y + line, w - 2 * line, h - line)
        pen.close()
        if not line:
            pen.open("slot", "slip")
            pen.shade(x, y + h - 14, w, 14)
            pen.close()


LEAST_LINE, LINE_INSET = 102, 8
"""No older line is lower (reference px): 15 mm to touch, and half of the 3 mm between two of them on either side."""


def slip_box(kit: Kit, lines: tuple[Box, ...], news: tuple[Box, ...], more: int = 0, skip: int = 0,
             free: bool = False) -> Paper:  # fmt: skip
    """A slip of older lines with what is printed under them; `more` lines are above, `skip` newer ones below."""
    rows = list(lines)
    if lines and kit.turn:
        above, newest = kit.turn
        if more:
            text = above.replace("{n}", str(more))
            rows.insert(0, turn_box(kit, Key(id="earlier", text=text, icon="up", skip=skip + len(lines))))
        if skip:
            rows.append(turn_box(kit, Key(id="newest", text=newest, icon="down", skip=0), last=True))
    old = (Named("old", OldPaper(kit, Column(tuple(rows), 0))),) if rows else ()
    return Paper(kit, Column((*old, *news), 0), free)


def line_boxes(kit: Kit, lines: tuple[SlipLine, ...], room: float, alone: bool) -> tuple[Box, ...]:
    """The newest older lines, more than fit into that room; in large text one or two of them, unless they are
    `alone` on the slip."""
    most = 1 + max(0, int(room / LEAST_LINE))
    if kit.large and not alone:
        most = min(most, 2 if kit.portrait else 1)
    return tuple(kept_box(kit, line, line is lines[-1]) for line in lines[-most:])


def kept_box(kit: Kit, line: SlipLine, last: bool) -> Box:
    return kit.kept((line, last), lambda: line_box(kit, line, last))


def news_boxes(kit: Kit, slip: Slip) -> tuple[Box, ...]:
    """The headline and the strips."""
    head = (headline_box(kit, slip.headline),) if slip.headline else ()
    strips = (
        strip_box(kit, strip, bare=number == 0 and bool(strip.keys))
        for number, strip in enumerate(slip.strips)
    )
    return (*head, *strips)


def turn_box(kit: Kit, key: Key, last: bool = False) -> Box:
    """A line of the slip that leads to more of them."""
    words = kit.words(key.text, "body", True, kit.palette.ink_2)
    row = Card(
        Row((Row((kit.icon(key.icon, 44),), justify="centre"), Grow(words)), 24), least=(0, LEAST_LINE)
    )
    named = Named(key.id, row, key=key, inset=LINE_INSET)
    return Column((Rule(kit), named) if last else (named, Rule(kit)), 0)


class OldPaper(Box):
    """The tinted ground of the older lines."""

    kit: Kit
    child: Box

    def need(self, pen: Pen, width: float) -> Size:
        wide, high = self.child.fit(pen, width - 64)
        return wide + 64, high + 16

    def put(self, pen: Pen, x: float, y: float, w: float, h: float) -> None:
        radius = 15 if self.kit.theme.name == "contrast" else 18
        pen.plate(x, y, w, h, self.kit.palette.paper_old, radius, top=True)
        self.child.put(pen, x + 32, y + 8, w - 64, h - 16)


def line_box(kit: Kit, line: SlipLine, last: bool) -> Box:
    """One older line: tile, name, what it is made of, price."""
    p = kit.palette
    strike = "through" if line.struck else ""
    size = "body"
    if kit.large:
        name: Box = kit.words(line.text, size, True, high=1.05, line=strike)
        tile = kit.tile(line.symbol, line.department, 80, (96, 96), 14, name=line.text)
        least = 150.0
    else:
        under: list[Box] = []
        if line.under:
            under.append(kit.words(line.under, "small", colour=p.ink_2))
        if line.marker:
            under.append(kit.saving(line.marker))
        words: list[Box] = [kit.words(line.text, size, True, line=strike)]
        if under:
            words.append(Flow(tuple(under), 14))
        name = Column(tuple(words), 0)
        tile = kit.tile(line.symbol, line.department, 60, (72, 72), 14, name=line.text)
        least = kit.pick(112, LEAST_LINE + 2)
    price: list[Box] = []
    if line.was and not kit.large:
        price.append(kit.words(line.was, "small", colour=p.ink_2, line="through"))
    price.append(kit.words(line.price, size, True, line=strike))
    room = kit.pick(8, 5)
    row = Card(
        Row((tile, Grow(name), Row(tuple(price), 12)), 24),
        (room, 0, room, 0),
        least=(0, least - (0 if last else 2)),
    )
    pressed = Key(id=f"line:{line.id}", text=line.text, sends=line.touch, kind="line") if line.touch else None
    named = Named(f"line:{line.id}", row, key=pressed, inset=LINE_INSET)
    return named if last else Column((named, Rule(kit)), 0)


def headline_box(kit: Kit, headline: Headline) -> Box:
    """The line that counts now: big, with what one more would bring, or the time left for Undo."""
    line = headline.line
    inner = large_headline(kit, headline) if kit.large else headline_row(kit, headline)
    if headline.bar_ms:
        inner = Column((inner, Named(f"bar:{line.id}", TimeBar(kit, headline.bar_ms))), 26)
    pad = (32.0, 32.0, 32.0, 32.0) if kit.portrait else (24.0, 32.0, 28.0, 32.0)
    return Named(f"now:{line.id}", Column((Rule(kit), Card(inner, pad)), 0))


def headline_row(kit: Kit, headline: Headline) -> Box:
    line, p = headline.line, kit.palette
    side = kit.pick(208, 184)
    tile = kit.tile(
        line.symbol, line.department, kit.pick(176, 156), (side, side), faded=line.struck, name=line.text
    )
    words: list[Box] = [kit.words(line.text, "lead", True, high=1.1)]
    if line.under and not line.struck:
        words.append(kit.words(line.under, "small", colour=p.ink_2))
    if line.marker:
        words.append(Row((kit.saving(line.marker),)))
    if headline.says:
        words += [gap(10), kit.words(headline.says)]
    price: Box = kit.words(line.price, "price", True, high=1.0, line="through" if line.struck else "")
    if line.was:
        before = kit.words(line.was, "small", colour=p.ink_2, align="end", line="through")
        price = Column((before, price), 0)
    top = Row((Grow(Column(tuple(words), 0)), price), 32)
    if line.struck:
        return Row((tile, Grow(top)), 32)
    below: Box = Place(hint_box(kit, headline), "end") if headline.hint else Box()
    return Row((Place(tile), Grow(Column((top, Grow(below)), 12))), 32, "stretch")


def large_headline(kit: Kit, headline: Headline) -> Box:
    line = headline.line
    tile = kit.tile(
        line.symbol, line.department, 170, (208, 208) if kit.portrait else (184, 184), name=line.text
    )
    struck = "through" if line.struck else ""
    price = kit.words(line.price, "price", True, high=1.0, line=struck)
    under = kit.words(headline.says or line.under)
    under.tight = True  # a unit price in another script may be wider than what the price leaves
    right = Column(
        (
            Grow(Place(kit.words(line.text, "lead", True, high=1.1))),
            Grow(Place(Row((Grow(under), price), 20))),
        ),
        20,
    )
    rows: list[Box] = [right if line.struck else Row((Place(tile), Grow(right)), 32, "stretch")]
    if headline.hint:
        rows.append(hint_box(kit, headline))
    return Column(tuple(rows), 20)


def hint_box(kit: Kit, headline: Headline) -> Box:
    """What one more would bring, with a box for each piece."""
    bold, rest = headline.hint or ("", "")
    words: list[Box] = [kit.words(bold, bold=True, high=1.15)]
    if rest:
        words.append(kit.words(rest, high=1.15))
    filled, total = headline.hint_boxes
    pieces: list[Box] = [Pips(kit, filled, total)] if total else []
    pieces.append(Grow(Flow(tuple(words), 16)))
    return Card(Row(tuple(pieces), 18), (17, 23, 17, 23), kit.palette.paper, 14, kit.palette.edge, 3)


class Pips(Box):
    """Small boxes, filled for what is there."""

    kit: Kit
    filled: int
    total: int

    def need(self, pen: Pen, width: float) -> Size:
        return self.total * 34 - 8, 38

    def put(self, pen: Pen, x: float, y: float, w: float, h: float) -> None:
        p = self.kit.palette
        for number in range(self.total):
            fill = p.ink if number < self.filled else p.paper
            pen.plate(x + 34 * number, y, 26, 38, fill, 6, p.ink, 4)


def strip_box(kit: Kit, strip: Strip, bare: bool = False) -> Box:
    """News on the slip; a colleague's in blue, with keys on staff pages."""
    p = kit.palette
    person = strip.tone == "person"
    step = strip.tone in ("done", "next")
    ink = p.on_person_tint if person else p.ink
    quiet = p.ink_2 if step else ink
    staff = bool(strip.keys)
    title = Fitted(kit.words(strip.title, 44 if staff else "lead", True, ink), False, kit.size("body"))
    runs = [kit.run(strip.text, "small" if staff else "body", colour=quiet)] if strip.text else []
    if strip.count:
        runs += [kit.run(" "), kit.run(strip.count, bold=True, colour=quiet, cells=True)]
    words = Column((title, Words(tuple(runs))) if runs else (title,), 0)
    pieces: list[Box] = [kit.round(strip.icon, strip.tone), Grow(words)]
    if strip.right:
        pieces.append(kit.words(strip.right, STAFF_NOTE, colour=ink))
    row: Box = Row(tuple(pieces), 32 if step else 26 if len(strip.keys) > 1 else 28)
    if len(strip.keys) == 1:
        key = key_box(kit, strip.keys[0], Dress(high=112, pad=40), p.person_tint)
        row = Beside(row, key)
    if len(strip.keys) > 1:
        row = Column((row, StaffKeys(kit, strip.keys)), 20)
    if strip.bar_ms:
        row = Column((row, Named(f"bar:{strip.id}", TimeBar(kit, strip.bar_ms))), 26)
    pad = (26.0, 32.0, 40.0 if strip.bar_ms else 26.0, 46.0 if person else 32.0)
    if step:
        high = kit.pick(34, 20)
        pad = (high, 40, high, 40)
    ground = p.person_tint if person else p.paper
    card = Card(row, pad, fill=ground if person else None)
    sheet: Box = Edged(kit, card) if person else card
    if step:
        whole: Box = Column((sheet, Rule(kit)), 0)
    else:
        whole = sheet if bare else Column((Rule(kit), sheet), 0)
    return Named(f"strip:{strip.id}", whole)


class Edged(Box):
    """The blue side of a colleague's news."""

    kit: Kit
    child: Box

    def need(self, pen: Pen, width: float) -> Size:
        return self.child.fit(pen, width)

    def put(self, pen: Pen, x: float, y: float, w: float, h: float) -> None:
        p = self.kit.palette
        self.child.put(pen, x, y, w, h)
        if self.kit.theme.name == "contrast":
            pen.plate(x, y, w, 4, p.person)
            pen.plate(x, y + h - 4, w, 4, p.person)
            pen.plate(x + w - 4, y, 4, h, p.person)
        pen.plate(x, y - 2, 14, h + 2, p.person)


class Beside(Box):
    """A question with its one answer: at its end, or under it where the question would be squeezed."""

    words: Box
    key: Box

    def whole(self, pen: Pen, width: float) -> Box:
        if self.key.fit(pen, width)[0] < 0.4 * width:
            return Row((Grow(self.words), self.key), 28)
        return Column((self.words, Row((self.key,), justify="end")), 20)

    def need(self, pen: Pen, width: float) -> Size:
        return self.whole(pen, width).fit(pen, width)

    def put(self, pen: Pen, x: float, y: float, w: float, h: float) -> None:
        self.whole(pen, w).put(pen, x, y, w, h)


class StaffKeys(Box):
    """Two answers of a colleague: the likely one wider."""

    kit: Kit
    keys: tuple[Key, ...]

    def row(self) -> Row:
        dress = Dress(high=112)
        ground = self.kit.palette.person_tint
        return Row(
            tuple(
                Grow(key_box(self.kit, key, dress, ground), 1.0 if number else 1.35)
                for number, key in enumerate(self.keys)
            ),
            20,
            "stretch",
        )

    def need(self, pen: Pen, width: float) -> Size:
        return self.row().fit(pen, width)

    def put(self, pen: Pen, x: float, y: float, w: float, h: float) -> None:
        self.row().put(pen, x, y, w, h)
