"""Find a product by part of its name or the number on its label; letters that lead nowhere are not now."""

import unicodedata

from kiosk.checkout.events import HelpPressed, LineChosen, Picked
from kiosk.checkout.model import Item
from kiosk.checkout.passed import ANY_LETTER, Closed, Opened, Paged, Typed
from kiosk.checkout.session import Panel
from kiosk.text import Words
from kiosk.units import UnitPrice
from screens.alphabets import DIGITS, alphabet_of
from screens.lane import Lane
from screens.slip import called, older
from screens.widgets import Finder, Key, Page, Slip, Tile

TILES, ALL_TILES, FEW_TILES = 6, 9, 3
"""Large ones for what was typed; more of them until the second letter, so that what sells is two touches away; with
large text or in low reach."""
DEPARTMENTS = 3
LOW_LINES = 4
SYMBOLS = {
    "fruit": "apple", "vegetables": "carrot", "bakery": "loaf", "dairy": "milk", "drinks": "bottle", "grocery": "",
    "household": "",
}  # fmt: skip


def finder(lane: Lane) -> Page:
    words, passing = lane.words, lane.session.passing
    tiles = offered(lane)
    room = FEW_TILES if lane.large or lane.low else TILES if len(passing.typed) > 1 else ALL_TILES
    pages = max(1, -(-len(tiles) // room))
    page = passing.page % pages
    nothing = ""
    if passing.typed and not passing.found:
        nothing = words("We have not found it yet. Another word?")
    block = Finder(
        department(words, lane.panel.department) or words("What is it?"),
        passing.typed,
        words("Name or number") if lane.large else words("Part of the name, or the number on the label"),
        tiles[page * room : (page + 1) * room],
        nothing,
    )
    basket = Key(id="back", text=words("Basket") if lane.sale else words("Back"), icon="back", sends=Closed())
    keys, letters = tools(lane, page, len(tiles) - (page + 1) * room), keyboard(lane)
    if lane.low:
        lines = older(lane, lane.sale, LineChosen)[-LOW_LINES:] if lane.sale else ()
        slip = (Slip(lines),) if lines else ()
        last = 0 if page == pages - 1 else 1
        return lane.page(
            "finder", *slip, block, letters=letters, foot=(basket, keys[last], lane.access_key())
        )
    foot = (basket, lane.help_key(), lane.access_key()) if lane.large else (basket, *lane.foot())
    return lane.page("finder", block, tools=keys, letters=letters, foot=foot)


def tools(lane: Lane, page: int, left: int) -> tuple[Key, ...]:
    """It is not here; and what did not fit on this page, or all over again from the first question."""
    words, begun = lane.words, bool(page or lane.session.passing.typed or lane.panel.department)
    ask = Key(id="not_here", text=words("It is not here"), icon="people", sends=HelpPressed(lane.easier))
    if left > 0:
        text = words.n("{n} more", "{n} more", left)
        return ask, Key(id="next", text=text, icon="down", sends=Paged(page + 1))
    again = Key(
        id="next",
        text=words("From the start"),
        icon="up",
        sends=Opened(Panel("finder")) if begun else None,
        off=not begun,
        why="" if begun else words("These are all."),
    )
    return ask, again


def offered(lane: Lane) -> tuple[Tile, ...]:
    """What was found, the best first; before a letter is typed, the departments stand behind the very best."""
    words, passing = lane.words, lane.session.passing
    found = tuple(tile(words, item, passing.typed, lane.policy.unit_price) for item in passing.found)
    if passing.typed or lane.panel.department:
        return found
    named = [(each, department(words, each)) for each in passing.departments]
    doors = tuple(door(each, text) for each, text in named if text)[:DEPARTMENTS]
    best = (FEW_TILES if lane.large or lane.low else ALL_TILES) - len(doors)
    return (*found[:best], *doors, *found[best:])


def door(name: str, text: str) -> Tile:
    """A tile that leads to what sells of a department."""
    return Tile(f"department-{name}", text, "", SYMBOLS[name], name, Opened(Panel("finder", department=name)))


def department(words: Words, name: str) -> str:
    """What people call it; empty where we have no word for it."""
    match name:
        case "fruit":
            return words("Fruit")
        case "vegetables":
            return words("Vegetables")
        case "bakery":
            return words("Bakery")
        case "dairy":
            return words("Milk and cheese")
        case "drinks":
            return words("Drinks")
        case "grocery":
            return words("Groceries")
        case "household":
            return words("Household")
        case _:
            return ""


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
    """The language's letters in rows of seven, or digits; one key changes over, the last takes a character back."""
    digits, alphabet = lane.panel.digits, alphabet_of(lane.words.language)
    text = alphabet.letters_key if digits else alphabet.signs_key
    turned = Panel("finder", digits=not digits, department=lane.panel.department)
    other = Key(id="digits", text=text, sends=Opened(turned))
    signs = alphabet.signs if digits else alphabet.letters
    *rows, last = (tuple(letter(lane, each) for each in row) for row in signs)
    if len(signs[0]) < len(DIGITS):
        return (*rows, (other, *last, lane.erase()))
    return (*rows, (*last, other, lane.erase()))


def letter(lane: Lane, text: str) -> Key:
    passing = lane.session.passing
    nothing_yet = not (passing.next_letters or passing.typed)
    leads = nothing_yet or passing.next_letters == ANY_LETTER or text in passing.next_letters
    why = "" if leads else lane.words("Nothing here goes on with that.")
    return Key(id=f"type-{text}", text=text, sends=Typed(text) if leads else None, off=not leads, why=why)
