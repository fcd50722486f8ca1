"""What the price page says of an item: facts, the day's offers, and others of its kind. Never on the way of a scan."""

import sqlite3
from collections.abc import Sequence

import msgspec

from kiosk.catalogue.folding import words_of
from kiosk.checkout.about import About, Facts
from kiosk.checkout.model import Item
from kiosk.checkout.suggestion import Offered, Suggestion
from kiosk.pricing import Offers, offered

_facts = msgspec.msgpack.Decoder(Facts)
_item = msgspec.msgpack.Decoder(Item)
LOOKED_AT = 60  # others of a name's words
LEAST = 4  # letters of a word by which others are found
OF_ITS_WORDS = (
    "SELECT record FROM names CROSS JOIN items ON id = names.rowid & 1099511627775 "
    "WHERE names MATCH ? ORDER BY names.rowid LIMIT ?"
)
RECALLED = "SELECT 1 FROM codes JOIN recalls USING (gtin) WHERE item = ? AND batch = '' AND serial = ''"


def about(db: sqlite3.Connection, item: Item, offers: Offers, today: str) -> About:
    """What there is to say of it on that day (ISO)."""
    facts = _facts_of(db, item)
    counted = facts.stock is not None and facts.counted == today
    return About(facts, offered(item, offers), others(db, item), counted, is_recalled(db, item))


def offer(db: sqlite3.Connection, rules: Sequence[Suggestion], basket: Sequence[Item]) -> Offered | None:
    """What the first rule that fits this basket suggests and can be sold at a known price."""
    there = {item.id for item in basket}
    for rule in rules:
        if not rule.fits(basket):
            continue
        if rule.item is None:
            rows = db.execute("SELECT record FROM items ORDER BY place LIMIT ?", (LOOKED_AT,))
        else:
            rows = db.execute("SELECT record FROM items WHERE id = ?", (rule.item,))
        for row in rows:
            item = _item.decode(row[0])
            priced = item.price is not None or item.price_per_kg is not None
            if priced and item.id not in there and not item.min_age and not is_recalled(db, item):
                return Offered(item, rule.text, _facts_of(db, item).place)
    return None


def _facts_of(db: sqlite3.Connection, item: Item) -> Facts:
    row = db.execute("SELECT record FROM facts WHERE item = ?", (item.id,)).fetchone()
    return Facts() if row is None else _facts.decode(row[0])


def is_recalled(db: sqlite3.Connection, item: Item) -> bool:
    return db.execute(RECALLED, (item.id,)).fetchone() is not None


def others(db: sqlite3.Connection, item: Item) -> tuple[Item, ...]:
    """Of the same department and with a word of the name in common: the one that costs least for as much, if it costs
    less than this, and the one that sells most."""
    words = [word for word in words_of(item.name) if len(word) >= LEAST and not word.isdigit()]
    if not words:
        return ()
    query = " OR ".join(f'"{word}"' for word in words)
    found = [_item.decode(row[0]) for row in db.execute(OF_ITS_WORDS, (query, LOOKED_AT))]
    kin = [each for each in found if is_kin(item, each) and not is_recalled(db, each)]
    cheaper = sorted(
        (each for each in kin if is_cheaper(each, item)), key=lambda each: (each.per_unit or (0, ""))[0]
    )
    return tuple({each.id: each for each in (*cheaper[:1], *kin[:2])}.values())[:2]


def is_kin(item: Item, other: Item) -> bool:
    """Something else that is sold the same way in the same department, at a known price."""
    priced = (item.price_per_kg, other.price_per_kg) if item.by_weight else (item.price, other.price)
    alike = other.by_weight == item.by_weight and other.department == item.department
    return other.id != item.id and alike and priced[1] is not None


def is_cheaper(one: Item, other: Item) -> bool:
    """Less for a kilogram or litre; nothing is compared that has not the same unit."""
    if one.per_unit is None or other.per_unit is None or one.per_unit[1] != other.per_unit[1]:
        return False
    return one.per_unit[0] < other.per_unit[0]
