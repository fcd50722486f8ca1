"""Reading the local catalogue: by code, by id, by name; offers of a day; staff."""

import sqlite3
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType

import msgspec

from kiosk.barcode import Code, Measured, Produce, Product
from kiosk.catalogue.about import about, offer
from kiosk.catalogue.file import CatalogueError, connect
from kiosk.catalogue.search import matching, next_letters, words_of
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
BY_NAME = (
    "SELECT record FROM names CROSS JOIN items ON id = names.rowid & 1099511627775 "
    "WHERE names MATCH ? ORDER BY names.rowid LIMIT ?"
)


class Catalogue:
    """The catalogue as one thread of the kiosk reads it, while the link process brings it up to date."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db

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

    def search(self, text: str, limit: int = 24) -> tuple[tuple[Item, ...], str]:
        """The items with a word beginning with each word of `text` (any case, with or without accents, any
        language, PLU digits), best sellers first; and the letters that lead somewhere, lower case."""
        words = words_of(text)
        if words:
            rows = self._db.execute(BY_NAME, (matching(words), limit))
        else:
            rows = self._db.execute("SELECT record FROM items ORDER BY place LIMIT ?", (limit,))
        return tuple(_item.decode(row[0]) for row in rows), next_letters(self._db, text)

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
