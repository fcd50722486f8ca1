"""A page as it is heard: the paper's things from the top down, the sill's keys from the go key on; pure.

Each is one utterance that can be gone to and heard again, and pressed where a finger could press it.
"""

from collections.abc import Iterator
from itertools import chain

from msgspec import Struct
from msgspec.structs import replace

from kiosk.text import Words, msg
from kiosk.text.bidi import bare
from screens.widgets import (
    Block,
    Dots,
    Field,
    Finder,
    Headline,
    Hero,
    Key,
    Page,
    Picture,
    QrCode,
    Sheet,
    Slip,
    SlipLine,
    Strip,
    Table,
    Tile,
    Total,
    Value,
    Weighing,
)

SIGNS = {
    "erase": msg("Erase"),
    "check": msg("Done"),
    ".": msg("Dot"),
    "-": msg("Hyphen"),
    "_": msg("Underscore"),
    "@": msg("At sign"),
    "+": msg("Plus"),
}
"""What keys are called that have a picture and no word, or a sign that no voice reads."""
NOTHING = "–"
SAID = "said"
"""The strip that prints what is spoken: it is not spoken itself."""


class Heard(Struct, frozen=True):
    """Something of a page: what is said of it, what OK does on it, and whether it is `news`: said unasked when it is
    new. What is `secret` is said to a headset only."""

    id: str
    text: str
    key: Key | None = None
    news: bool = True
    secret: bool = False


def whole(text: str) -> str:
    """The text as a sentence, so that a voice pauses after it."""
    return text if text[-1:] in ".?!:…" else f"{text}."


def sentences(*texts: str) -> str:
    """Texts of one thing in one breath; line breaks are the eye's."""
    said = (whole(text.replace("\n", " ").strip()) for text in texts if text and text != NOTHING)
    return bare(" ".join(said))


def paper(words: Words, page: Page) -> tuple[Heard, ...]:
    """What the paper tells, from the top down, the total and what the sill tells at the end."""
    head = page.head
    found = [Heard("place", sentences(head.title, head.sub), news=False)]
    found.append(
        Heard("head", sentences(f"{head.right} {head.right_strong}".strip()), news=bool(head.right_icon))
    )
    for block in page.blocks:
        found += _block(words, block)
    found += [_total(page.total)] if page.total else []
    found += [_hero("progress", page.progress)] if page.progress else []
    return tuple(each for each in found if each.text)


def sill(words: Words, page: Page) -> tuple[Heard, ...]:
    """Every key: the go key first, then tools, letters and foot."""
    letters = tuple(chain.from_iterable(page.letters))
    private = any(isinstance(block, Dots | Field) for block in page.blocks)
    go = tuple(key for key in (page.go, *letters) if key and key.kind == "go")
    rest = tuple(key for key in (page.go, *page.tools, *letters, *page.foot) if key and key not in go)
    return tuple(_key(words, key, key not in letters, private) for key in (*go, *rest))


def script(words: Words, page: Page) -> tuple[str, ...]:
    """Everything of a page that can be heard."""
    return tuple(each.text for each in (*paper(words, page), *sill(words, page)))


def spoken_key(words: Words, key: Key) -> str:
    """Name, note, whether it is chosen, and why it waits."""
    sign = SIGNS.get(key.text or key.icon)
    name = words(sign) if sign else key.text
    if key.id == "language":  # a name alone does not tell what the key does
        name = sentences(words.name, words("Choose your language"))
    why = words("Not now: {why}", why=key.why) if key.off else ""
    chosen = words("chosen") if key.chosen and not key.note else ""
    return sentences(name, key.note, chosen, why)


def _key(words: Words, key: Key, tells: bool, private: bool) -> Heard:
    news = tells and not key.off and key.kind in {"go", "answer", "wait"}
    return Heard(key.id, spoken_key(words, key), key, news, private and bool(key.digit))


def _block(words: Words, block: Block) -> Iterator[Heard]:
    match block:
        case Hero():
            yield _hero("hero", block)
        case Picture(name="terminal"):  # its sum is the hero's
            yield Heard("picture", sentences(block.caption))
        case Slip():
            yield from _slip(words, block)
        case Finder():
            yield Heard("finder", sentences(block.title, block.placeholder))
            yield _typed(block)
            yield Heard("nothing", sentences(block.nothing))
            yield from (_tile(tile) for tile in block.tiles)
        case Weighing():
            yield Heard("product", sentences(block.title, block.text))
            yield Heard("state", sentences(block.state, block.do))
            yield Heard("zeroed", sentences(block.right), news=False)
            yield from (_value(value) for value in block.values)
            yield Heard("plate", sentences(block.plate), news=False)
        case Sheet():
            yield from _sheet(block)
        case QrCode():
            yield Heard("code", sentences(block.title, block.text))
        case Dots():
            yield Heard("dots", sentences(block.wrong))
        case Field():
            yield Heard("field", sentences(block.hint))
        case Table():
            yield from _table(block)


def _hero(name: str, hero: Hero) -> Heard:
    title = " ".join(hero.lines)
    return Heard(
        name, sentences(title, hero.amount, hero.text, hero.marker, *hero.after.split("\n"), hero.quiet)
    )


def _slip(words: Words, slip: Slip) -> Iterator[Heard]:
    for line in slip.lines:
        yield replace(_line(line), news=False)
    if slip.headline is not None:
        yield _headline(slip.headline)
    for strip in slip.strips:
        if strip.id != SAID:
            yield _strip(words, strip)
            yield from (_key(words, key, True, False) for key in strip.keys)


def _line(line: SlipLine, *more: str) -> Heard:
    name = f"line:{line.id}"
    key = Key(id=name, text=line.text, sends=line.touch, kind="line") if line.touch is not None else None
    return Heard(name, sentences(line.text, line.under, line.price, line.marker, *more), key)


def _headline(headline: Headline) -> Heard:
    said = _line(headline.line, " ".join(headline.hint or ()), headline.says)
    return replace(said, id=f"now:{headline.line.id}")


def _strip(words: Words, strip: Strip) -> Heard:
    counts = strip.bar_ms and not strip.count
    left = words.n("{n} second", "{n} seconds", strip.bar_ms // 1000) if counts else ""
    return Heard(f"strip-{strip.id}", sentences(strip.title, strip.text, strip.right, strip.count, left))


def _typed(finder: Finder) -> Heard:
    """The letters, and the first that was found by them, which OK takes."""
    letters = sentences(", ".join(finder.typed))
    if not letters or not finder.tiles:
        return Heard("typed", letters)
    first = _tile(finder.tiles[0])
    return Heard("typed", f"{letters} {first.text}", first.key)


def _tile(tile: Tile) -> Heard:
    key = Key(id=f"tile:{tile.id}", text=tile.text, sends=tile.sends)
    return Heard(f"tile:{tile.id}", sentences(tile.text, tile.under), key, news=False)


def _value(value: Value) -> Heard:
    known = value.value != NOTHING
    said = f"{value.label}: {value.value} {value.unit}".strip() if known else ""
    return Heard(f"value-{value.label}", sentences(said.replace(" kg", "\u00a0kg")))


def _sheet(sheet: Sheet) -> Iterator[Heard]:
    yield Heard("product", sentences(sheet.title, sheet.price, sheet.unit, *sheet.marker))
    for each in sheet.told:
        yield Heard(f"told-{each.label}", sentences(f"{each.label}: {each.text}"))
    others = (f"{name}: {price}" for name, price in sheet.others)
    yield Heard("others", sentences(sheet.others_title, *others), news=False)
    yield Heard("after", sentences(sheet.after))


def _table(table: Table) -> Iterator[Heard]:
    for number, row in enumerate(table.rows):
        yield Heard(f"row-{number}", sentences(*(cell.lstrip("!") for cell in row)), news=False)
    for label, value in table.pairs:
        yield Heard(f"pair-{label}", sentences(f"{label}: {value}"), news=False)


def _total(total: Total) -> Heard:
    return Heard("total", sentences(f"{total.label} {total.amount}", total.under, total.saved))
