"""Find a product by part of its name or the number on its label; letters that lead nowhere are not now."""

import unicodedata

from kiosk.checkout.events import HelpPressed, LineChosen, Picked
from kiosk.checkout.model import Item
from kiosk.checkout.passed import Closed, Opened, Paged, Typed
from kiosk.checkout.session import Panel
from kiosk.text import Words
from kiosk.units import UnitPrice
from screens.lane import Lane
from screens.slip import called, older
from screens.widgets import Finder, Key, Page, Slip, Tile

TILES, FEW_TILES = 6, 3
LOW_LINES = 4
LETTERS = ("abcdefg", "hijklmn", "opqrstu", "vwxyz")
DIGITS = ("123", "456", "789", "0")


def finder(lane: Lane) -> Page:
    words, passing = lane.words, lane.session.passing
    room = FEW_TILES if lane.large or lane.low else TILES
    pages = max(1, -(-len(passing.found) // room))
    page = passing.page % pages
    shown = passing.found[page * room : (page + 1) * room]
    nothing = ""
    if passing.typed and not passing.found:
        nothing = words("We have not found it yet. Another word?")
    block = Finder(
        words("What is it?"),
        passing.typed,
        words("Name or number") if lane.large else words("Part of the name, or the number on the label"),
        tuple(tile(words, item, passing.typed, lane.policy.unit_price) for item in shown),
        nothing,
    )
    basket = Key(id="back", text=words("Basket"), icon="back", sends=Closed())
    keys, letters = tools(lane, page, pages, len(passing.found) - (page + 1) * room), keyboard(lane)
    if lane.low:
        lines = older(lane, lane.sale, LineChosen)[-LOW_LINES:] if lane.sale else ()
        slip = (Slip(lines),) if lines else ()
        last = 0 if page == pages - 1 else 1
        return lane.page(
            "finder", *slip, block, letters=letters, foot=(basket, keys[last], lane.access_key())
        )
    foot = (basket, lane.help_key(), lane.access_key()) if lane.large else (basket, *lane.foot())
    return lane.page("finder", block, tools=keys, letters=letters, foot=foot)


def tools(lane: Lane, page: int, pages: int, left: int) -> tuple[Key, ...]:
    words = lane.words
    more = Key(
        id="next",
        text=words.n("{n} more", "{n} more", left) if left > 0 else words("From the start"),
        icon="down",
        sends=Paged((page + 1) % pages) if pages > 1 else None,
        off=pages < 2,
        why=words("These are all.") if pages < 2 else "",
    )
    return Key(id="not_here", text=words("It is not here"), icon="people", sends=HelpPressed()), more


def tile(words: Words, item: Item, typed: str, unit: UnitPrice) -> Tile:
    if item.price_per_kg is not None:
        price = by_weight(words, item.price_per_kg, unit)
    else:
        price = words("{sum} each", sum=words.money(item.price)) if item.price is not None else ""
    text = called(item, words)
    return Tile(
        f"item-{item.id}", text, price, item.symbol, item.department, Picked(item.id), match(text, typed)
    )


def by_weight(words: Words, per_kg: int, unit: UnitPrice) -> str:
    price = words.price_of(per_kg, unit)
    return words("{sum} per kg", sum=price) if unit == "kg" else words("{sum} per 100\u00a0g", sum=price)


def match(text: str, typed: str) -> tuple[int, int] | None:
    """Where the typed letters stand in the name, accents and capitals aside."""
    start = folded(text).find(folded(typed)) if typed else -1
    return (start, start + len(typed)) if start >= 0 else None


def folded(text: str) -> str:
    """Lower case without accents, as many characters as before."""
    return "".join(unicodedata.normalize("NFD", letter)[0].lower()[:1] for letter in text)


def keyboard(lane: Lane) -> tuple[tuple[Key, ...], ...]:
    """A to Z in rows of seven, or digits; 123 and abc change over, the last key takes a character back."""
    digits = lane.panel.digits
    other = Key(
        id="digits", text="abc" if digits else "123", sends=Opened(Panel("finder", digits=not digits))
    )
    erase = lane.erase()
    *rows, last = (tuple(letter(lane, each) for each in row) for row in signs(lane))
    if digits:
        return (*rows, (other, *last, erase))
    return (*rows, (*last, other, erase))


def signs(lane: Lane) -> tuple[str, ...]:
    return DIGITS if lane.panel.digits else LETTERS


def letter(lane: Lane, text: str) -> Key:
    passing = lane.session.passing
    leads = text in passing.next_letters or not (passing.next_letters or passing.typed)
    why = "" if leads else lane.words("Nothing here goes on with that.")
    return Key(id=f"type-{text}", text=text, sends=Typed(text) if leads else None, off=not leads, why=why)
