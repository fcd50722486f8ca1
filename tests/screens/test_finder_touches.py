"""From the basket: Find, and then at most two touches to each of the fifty products that are looked for most.

One touch could not do it: fifty tiles of 20 mm whose names can be read are larger than the panel.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest

from kiosk.catalogue import Catalogue, Intake
from kiosk.checkout.effects import Search
from kiosk.checkout.events import Event, Picked
from kiosk.checkout.hints import hint
from kiosk.checkout.passed import ANY_LETTER, Closed, Found, Opened, Passed
from kiosk.checkout.session import Panel, Session
from kiosk.text import Words
from kiosk.units import ItemId, Millis
from kiosk.wire import CataloguePage, Entry, Terms
from screens.alphabets import ALPHABETS, LATIN, Alphabet
from screens.view import view
from screens.widgets import Finder, Page
from tests.shop import as_json, item

FRUIT = (
    "Bananas", "Gala apples", "Lemons", "Oranges", "Clementines", "Avocados", "White grapes", "Strawberries", "Kiwis",
    "Pears", "Fuji apples", "Limes", "Peaches", "Nectarines", "Mangoes", "Plums", "Pineapple", "Watermelon",
    "Red grapes", "Grapefruit", "Granny Smith apples", "Galia melon", "Apricots", "Cherries", "Figs",
)  # fmt: skip
VEGETABLES = (
    "Vine tomatoes", "Carrots", "Cucumber", "Onions", "Potatoes", "Red peppers", "Courgettes", "Broccoli", "Mushrooms",
    "Garlic", "Iceberg lettuce", "Leeks", "Cherry tomatoes", "Sweet potatoes", "Aubergines", "Ginger", "Red onions",
    "Celery", "Cauliflower", "Spinach", "Fennel", "Green beans", "Radishes", "Beetroot", "Spring onions",
)  # fmt: skip
BAKERY = (
    "Croissant",
    "Baguette",
    "Pain au chocolat",
    "Bread roll",
    "Pretzel",
    "Muffin",
    "Doughnut",
    "Brioche",
)


@pytest.fixture
def catalogue(tmp_path: Path) -> Iterator[Catalogue]:
    """Fruit and vegetables in turns by how they sell, bread between, and five hundred packs that sell better."""
    names = [(name, "fruit") for name in FRUIT], [(name, "vegetables") for name in VEGETABLES]
    best = [pair for both in zip(*names, strict=True) for pair in both]
    loose = [*best[:20], *((name, "bakery") for name in BAKERY), *best[20:]]
    entries = [
        Entry(item(number, name, department=department), (), 1000 + number)
        for number, (name, department) in enumerate(loose, 1)
    ]
    entries += [Entry(item(n, f"{'abcdefghij'[n % 10]}rand {n}"), (n,), n) for n in range(101, 601)]
    intake = Intake(tmp_path / "c.db")
    page = CataloguePage("test", 0, 1, 1, ItemId(600), tuple(entries), last=True, terms=Terms())
    assert intake.take(as_json(page))
    intake.close()
    with Catalogue.open(tmp_path / "c.db") as opened:
        yield opened


def after(session: Session, event: Passed, catalogue: Catalogue) -> Session:
    """What comes of a touch, the catalogue's answer included."""
    session, effects = hint(session, event, Millis(0))
    for effect in effects:
        assert isinstance(effect, Search)
        items, letters = catalogue.search(effect.text, department=effect.department)
        found = Found(effect.text, items, letters, catalogue.departments())
        session, _ = hint(session, found, Millis(0))
    return session


def touches(page: Page) -> Iterator[Event]:
    """What the page's tiles and keys send, but for those that lead away from the finder."""
    tiles = [tile.sends for block in page.blocks if isinstance(block, Finder) for tile in block.tiles]
    keys = [key.sends for row in (page.tools, *page.letters) for key in row if key.sends and not key.off]
    yield from (event for event in (*tiles, *keys) if not isinstance(event, Closed))


def drawn(session: Session) -> Page:
    return view(session, lambda language: Words(language, "EUR", 2), Millis(0))


def test_each_of_the_top_fifty_is_two_touches_away(catalogue: Catalogue) -> None:
    at_once: set[ItemId] = set()
    by_two: set[ItemId] = set()
    opened = after(Session(), Opened(Panel("finder")), catalogue)
    for first in touches(drawn(opened)):
        if isinstance(first, Picked):
            at_once.add(first.item)
        elif isinstance(first, Passed):
            then = after(opened, first, catalogue)
            by_two |= {event.item for event in touches(drawn(then)) if isinstance(event, Picked)}
    names = {one.id: one.name for one in map(catalogue.item, map(ItemId, range(1, 59))) if one}
    missing = [name for id_, name in names.items() if id_ not in at_once | by_two and name not in BAKERY]
    assert not missing
    assert len(at_once) == 6


def test_a_department_leads_to_what_sells_of_it_and_typing_leads_out_of_it(catalogue: Catalogue) -> None:
    fruit = after(Session(), Opened(Panel("finder", department="fruit")), catalogue)
    page = drawn(fruit)
    (block,) = (each for each in page.blocks if isinstance(each, Finder))
    assert block.title == "Fruit"
    assert [tile.text for tile in block.tiles] == list(FRUIT[:9])
    (letter,) = (event for row in page.letters for key in row if key.text == "v" and (event := key.sends))
    assert isinstance(letter, Passed)
    found = after(fruit, letter, catalogue)
    assert found.passing.found[0].name == "Vine tomatoes"


@pytest.mark.parametrize("language", [*ALPHABETS, "en"])
def test_every_letter_of_a_keyboard_is_one_that_words_are_kept_with(language: str) -> None:
    from kiosk.catalogue.folding import words_of

    alphabet = ALPHABETS.get(language, LATIN)
    assert isinstance(alphabet, Alphabet)
    for sign in "".join(alphabet.letters + alphabet.signs):
        assert words_of(sign) == [sign]
    assert all(len(row) <= 8 for row in alphabet.letters)


def test_from_the_fourth_letter_on_every_key_goes_on(catalogue: Catalogue) -> None:
    session = after(Session(), Opened(Panel("finder")), catalogue)
    for key in "tom":
        (event,) = (each.sends for row in drawn(session).letters for each in row if each.text == key)
        assert isinstance(event, Passed)
        session = after(session, event, catalogue)
    assert session.passing.next_letters == ANY_LETTER
    assert not [key.text for row in drawn(session).letters for key in row if key.off]
