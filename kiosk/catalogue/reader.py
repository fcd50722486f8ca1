"""Reading the local catalogue: by code, by id, by name; offers of a day; staff."""

import sqlite3
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType

import msgspec

from kiosk.barcode import Code, Measured, Produce, Product
from kiosk.catalogue.about import about, offer
from kiosk.catalogue.file import CatalogueError, connect, reading
from kiosk.catalogue.folding import MARK, mark_of, words_of
from kiosk.catalogue.search import has_all, letters_after, matching, next_letters, places, whole_first
from kiosk.checkout.about import About
from kiosk.checkout.model import Item
from kiosk.checkout.suggestion import Offered
from kiosk.pricing import Offers
from kiosk.units import ItemId
from kiosk.wire import Colleague, DatedPromotion, DatedTax, SharedWeights, Terms

_item = msgspec.msgpack.Decoder(Item)
_terms = msgspec.msgpack.Decoder(Terms)
_shared = msgspec.msgpack.Decoder(SharedWeights)
_colleague = msgspec.msgpack.Decoder(Colleague)

BY_GTIN = "SELECT record FROM codes JOIN items ON id = item WHERE gtin = ?"
BY_PLU = "SELECT record FROM plus JOIN items ON id = item WHERE plu = ?"
RECALLED = (
    "SELECT 1 FROM recalls WHERE gtin = ? AND (batch = '' OR batch = ?) AND (serial = '' OR serial = ?)"
)
RECALLED_WHOLE = "SELECT 1 FROM codes JOIN recalls USING (gtin) WHERE item = ? AND batch = '' AND serial = ''"
WEIGHED = (
    "SELECT record FROM weighings WHERE item = ? AND (SELECT source FROM weighed) = (SELECT source FROM held)"
)
BEST = "SELECT place FROM items ORDER BY place LIMIT ?"
NAMED = "SELECT place, text FROM items JOIN names ON names.rowid = place WHERE id = ?"
BY_PLACE = "SELECT record FROM items WHERE place = ?"
DEPARTMENTS = "SELECT word FROM words WHERE word >= ? AND word < ? ORDER BY uses DESC"
PAGE = 6
"""Tiles of the finder: guesses come where what was typed finds less."""


class Catalogue:
    """The catalogue as one thread of the kiosk reads it, while the link process brings it up to date."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db
        self._asked: tuple[int, tuple[ItemId, ...]] | None = None
        self._sells: list[tuple[int, str]] = []
        self._first = ""

    @classmethod
    def open(cls, path: Path) -> "Catalogue":
        """Open it, empty if it is not there yet; the cost does not grow with its size. CatalogueError."""
        db = connect(path)
        db.execute("PRAGMA query_only=1")
        return cls(db)

    def close(self) -> None:
        self._db.close()

    def __enter__(self) -> "Catalogue":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @property
    def version(self) -> int:
        """The version of the server's catalogue that this is a copy of; 0: nothing came yet."""
        version: int = self._db.execute("SELECT version FROM held").fetchone()[0]
        return version

    @property
    def source(self) -> str:
        """Whose catalogue this is a copy of; empty: nothing came yet."""
        source: str = self._db.execute("SELECT source FROM held").fetchone()[0]
        return source

    def find(self, code: Code) -> Item | None:
        """What the shop sells under this code. An organic PLU is a PLU of its own and never its plain sister."""
        match code:
            case Product(gtin=gtin) | Measured(item=gtin):
                return self._one(BY_GTIN, gtin)
            case Produce(plu=plu, organic=organic):
                return self._one(BY_PLU, 90_000 + plu if organic else plu)
            case _:
                return None

    def item(self, item: ItemId) -> Item | None:
        return self._one("SELECT record FROM items WHERE id = ?", item)

    def about(self, item: Item, today: str) -> About:
        """What the price page says of it on that day (ISO)."""
        return about(self._db, item, self.offers(today), today)

    def is_recalled(self, code: Code) -> bool:
        """Whether a recall names this pack; one whose symbol says no batch or serial is named by its number alone."""
        match code:
            case Product(gtin=gtin, pack=pack) | Measured(item=gtin, pack=pack):
                return self._db.execute(RECALLED, (gtin, pack.batch, pack.serial)).fetchone() is not None
            case _:
                return False

    def is_recalled_whole(self, item: ItemId) -> bool:
        """Whether all packs of one of an item's numbers are recalled."""
        return self._db.execute(RECALLED_WHOLE, (item,)).fetchone() is not None

    def _one(self, query: str, key: int) -> Item | None:
        row = self._db.execute(query, (key,)).fetchone()
        return None if row is None else _item.decode(row[0])

    def weighed(self, item: ItemId) -> SharedWeights:
        """What all other lanes have weighed of an item, as far as the server has told."""
        row = self._db.execute(WEIGHED, (item,)).fetchone()
        return SharedWeights(item) if row is None else _shared.decode(row[0])

    def search(
        self, text: str, limit: int = 24, *, department: str = "", selling: tuple[ItemId, ...] = ()
    ) -> tuple[tuple[Item, ...], str]:
        """The items that were meant by `text` (any case, with or without accents, any language, PLU digits, part of a
        word, a slip forgiven), and the letters that lead further, lower case. Without a text, those
        of a department that have no code, or all.

        What sells now (`selling`, the best first) comes first as far as it begins so, then what has no code, then best
        sellers; of a single letter, names that begin with it before those with another word that does.
        """
        with reading(self._db):
            words = words_of(text) or ([mark_of(department)] if department else [])
            found = [place for place, names in self._selling(selling) if has_all(names, words)]
            if not words:
                found += (row[0] for row in self._db.execute(BEST, (limit,)))
            elif words[0].startswith(MARK):
                found += matching(self._db, [[f'"{words[0]}"']], limit)
            elif len(words[0]) == len(words) == 1:
                found = whole_first(self._db, words[0], found, limit)
            else:
                found += places(self._db, words, limit, PAGE)
            found = list(dict.fromkeys(found))[:limit]
            items = (self._one(BY_PLACE, place) for place in found)
            return tuple(item for item in items if item), next_letters(self._db, text, self._first)

    def departments(self) -> tuple[str, ...]:
        """The departments that have goods without a code, those with most of them first."""
        rows = self._db.execute(DEPARTMENTS, (MARK, MARK + "\uffff"))
        return tuple(row[0].removeprefix(MARK) for row in rows)

    def _selling(self, items: tuple[ItemId, ...]) -> list[tuple[int, str]]:
        """Place and text of these items, kept until others are asked for or the catalogue changes; and so are the
        letters that begin a word."""
        asked = (self.version, items)
        if asked != self._asked:
            self._asked, self._sells = asked, []
            for item in items:
                row = self._db.execute(NAMED, (item,)).fetchone()
                if row is not None:
                    self._sells.append((row[0], f" {row[1]}"))
            self._first = "".join(letters_after(self._db, ""))
        return self._sells

    def offers(self, date: str) -> Offers:
        """The promotions and tax rates of a day (ISO, the shop's own). CatalogueError if two rates of one code
        are in force on it."""
        terms = self._terms()
        taxes = tuple(dated.tax for dated in terms.taxes if _on(dated, date))
        promotions = tuple(dated.promotion for dated in terms.promotions if _on(dated, date))
        try:
            return Offers(version=str(self.version), promotions=promotions, taxes=taxes)
        except ValueError as error:
            raise CatalogueError(f"offers of {date}: {error}") from error

    def offer(self, basket: Sequence[Item]) -> Offered | None:
        """What the shop would suggest with this basket."""
        return offer(self._db, self._terms().suggestions, basket)

    def _terms(self) -> Terms:
        row = self._db.execute("SELECT record FROM terms WHERE name = 'terms'").fetchone()
        return _terms.decode(row[0]) if row else Terms()

    def staff(self, person: str) -> Colleague | None:
        """The colleague with this number; the hash of her PIN is for the worker that compares it."""
        row = self._db.execute("SELECT record FROM staff WHERE person = ?", (person,)).fetchone()
        return None if row is None else _colleague.decode(row[0])


def _on(dated: DatedPromotion | DatedTax, date: str) -> bool:
    return (dated.valid_from or "") <= date <= (dated.valid_to or "9999-12-31")
