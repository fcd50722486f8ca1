"""Bringing the catalogue up to date: pages are kept as they come, and used all at once when the last is there."""

import sqlite3
from collections import Counter
from pathlib import Path

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from kiosk.catalogue.file import NAMES, CatalogueError, connect, transaction
from kiosk.catalogue.folding import initial_of, mark_of, tails_of, words_of_item
from kiosk.units import ItemId
from kiosk.wire import CataloguePage, Entry, Terms

_page = msgspec.json.Decoder(CataloguePage)
_pack = msgspec.msgpack.Encoder()


class Wanted(Struct, frozen=True):
    """The page to ask for next: of what changed after `since` in `source`, the items beyond `after`."""

    source: str
    since: int
    version: int
    after: ItemId


class Intake:
    """The one writer of a catalogue file. Half a download survives in it; until the last page has come, and that
    in one transaction, readers see the old version whole."""

    def __init__(self, path: Path) -> None:
        self._db = connect(path)

    def close(self) -> None:
        self._db.close()

    @property
    def version(self) -> int:
        version: int = self._db.execute("SELECT version FROM held").fetchone()[0]
        return version

    def is_at(self, source: str, version: int) -> bool:
        """Whether this is the copy in use, and no download of another is under way."""
        held = self._db.execute("SELECT source, version FROM held").fetchone()
        return held == (source, version) and self._round() is None

    def wanted(self) -> Wanted:
        """Where to go on: in the middle of a download, or after the version held."""
        if (row := self._round()) is not None:
            source, _, since, version, after = row
            return Wanted(source, since, version, ItemId(after))
        source, version = self._db.execute("SELECT source, version FROM held").fetchone()
        return Wanted(source, version, 0, ItemId(0))

    def take(self, body: bytes) -> bool:
        """Keep the next page; True if it was the last and the new version is now in use.

        A page that is broken or does not follow raises CatalogueError, and nothing has changed. A page of
        another catalogue, or a snapshot where a delta was asked for, starts the download anew.
        """
        page = self._checked(body)
        try:
            with transaction(self._db):
                return self._keep(page, body)
        except sqlite3.Error as error:
            raise CatalogueError(f"catalogue page after item {page.after}: {error}") from error

    def forget(self) -> None:
        """Drop a half download; what is in use stays."""
        with transaction(self._db):
            self._drop()

    def _round(self) -> tuple[str, int, int, int, int] | None:
        row: tuple[str, int, int, int, int] | None = self._db.execute("SELECT * FROM round").fetchone()
        return row

    def _checked(self, body: bytes) -> CataloguePage:
        wanted = self.wanted()
        try:
            page = _page.decode(body)
        except (msgspec.MsgspecError, UnicodeDecodeError) as error:
            raise CatalogueError(f"catalogue page after item {wanted.after}: {error}") from error
        ids = [entry.item.id for entry in page.entries]
        begins = page.source != wanted.source or page.since != wanted.since
        low = 0 if begins else wanted.after
        if ids != sorted(set(ids)) or any(not low < i <= page.after for i in ids):
            raise CatalogueError(f"catalogue page after item {low}: its items are not in order")
        if begins and page.since != 0:
            raise CatalogueError(f"asked for changes after {wanted.since}, was sent those after {page.since}")
        if not begins and wanted.version not in (0, page.version):
            raise CatalogueError(f"asked for version {wanted.version}, was sent {page.version}")
        if page.last and page.terms is None:
            raise CatalogueError("the last catalogue page has no terms")
        if not page.last and page.after <= low:
            raise CatalogueError(f"catalogue page after item {low} leads nowhere")
        return page

    def _keep(self, page: CataloguePage, body: bytes) -> bool:
        row = self._round()
        if row is None or page.source != row[0] or page.since != row[2]:
            self._drop()
            values = (page.source, page.since, page.since, page.version)
            self._db.execute("INSERT INTO round VALUES (?, ?, ?, ?, 0)", values)
        self._db.execute("INSERT INTO pages (body) VALUES (?)", (body,))
        if not page.last:
            self._db.execute("UPDATE round SET version = ?, after = ?", (page.version, page.after))
            return False
        if page.latest > page.version:  # it changed while it was read: fetch those changes before it is used
            self._db.execute("UPDATE round SET since = ?, version = 0, after = 0", (page.version,))
            return False
        self._apply(page.source, page.version)
        return True

    def _apply(self, source: str, version: int) -> None:
        base = self._db.execute("SELECT base FROM round").fetchone()[0]
        words: Counter[str] = Counter()
        if base == 0:
            for table in ("items", "codes", "plus", "words", "tails", "facts"):
                self._db.execute(f"DELETE FROM {table}")
            self._db.execute("DROP TABLE names")
            self._db.execute(NAMES)
        terms = Terms()
        for (seq,) in self._db.execute("SELECT seq FROM pages ORDER BY seq").fetchall():
            body = self._db.execute("SELECT body FROM pages WHERE seq = ?", (seq,)).fetchone()[0]
            page = _page.decode(body)
            self._remove([*page.gone, *(entry.item.id for entry in page.entries)], words)
            self._add(page.entries, words)
            facts = [(entry.item.id, _pack.encode(entry.facts)) for entry in page.entries if entry.facts]
            self._db.executemany("INSERT INTO facts VALUES (?, ?)", facts)
            terms = page.terms or terms
        self._count(words)
        self._set_terms(terms)
        self._db.execute("UPDATE held SET source = ?, version = ?", (source, version))
        self._drop()

    def _remove(self, ids: list[ItemId], words: Counter[str]) -> None:
        self._db.executemany("DELETE FROM facts WHERE item = ?", [(item,) for item in ids])
        for item in ids:
            row = self._db.execute("SELECT place FROM items WHERE id = ?", (item,)).fetchone()
            if row is None:
                continue
            (text,) = self._db.execute("SELECT text FROM names WHERE rowid = ?", row).fetchone()
            words.subtract(text.split())
            self._db.execute("DELETE FROM names WHERE rowid = ?", row)
            self._db.execute("DELETE FROM codes WHERE item = ?", (item,))
            self._db.execute("DELETE FROM plus WHERE item = ?", (item,))
            self._db.execute("DELETE FROM items WHERE id = ?", (item,))

    def _add(self, entries: tuple[Entry, ...], words: Counter[str]) -> None:
        items, names, codes, plus = [], [], [], []
        for entry in entries:
            item = entry.item
            place = bool(entry.codes) << 62 | entry.rank << 40 | item.id
            found_by = words_of_item(item)
            found_by += initial_of(found_by) + ([] if entry.codes else [mark_of(item.department)])
            words.update(found_by)
            items.append((item.id, place, _pack.encode(replace(item, synonyms=()))))
            names.append((place, " ".join(found_by)))
            codes += [(code, item.id) for code in entry.codes]
            if item.plu is not None:
                plus.append((item.plu, item.id))
        self._db.executemany("INSERT INTO items VALUES (?, ?, ?)", items)
        self._db.executemany("INSERT INTO names (rowid, text) VALUES (?, ?)", names)
        self._db.executemany("INSERT OR REPLACE INTO codes VALUES (?, ?)", codes)
        self._db.executemany("INSERT OR REPLACE INTO plus VALUES (?, ?)", plus)

    def _count(self, words: Counter[str]) -> None:
        self._db.executemany(
            "INSERT INTO words VALUES (?, ?) ON CONFLICT (word) DO UPDATE SET uses = uses + excluded.uses",
            sorted((word, uses) for word, uses in words.items() if uses),
        )
        gone = [word for (word,) in self._db.execute("SELECT word FROM words WHERE uses <= 0")]
        self._db.execute("DELETE FROM words WHERE uses <= 0")
        more = ((tail, word) for word, uses in words.items() if uses > 0 for tail in tails_of(word))
        self._db.executemany("INSERT OR IGNORE INTO tails VALUES (?, ?)", more)
        less = ((tail, word) for word in gone for tail in tails_of(word))
        self._db.executemany("DELETE FROM tails WHERE tail = ? AND word = ?", less)

    def _set_terms(self, terms: Terms) -> None:
        self._db.execute("DELETE FROM staff")
        rows = [(colleague.person, _pack.encode(colleague)) for colleague in terms.staff]
        self._db.executemany("INSERT INTO staff VALUES (?, ?)", rows)
        self._db.execute("DELETE FROM recalls")
        packs = [(recall.gtin, recall.batch, recall.serial) for recall in terms.recalls]
        self._db.executemany("INSERT OR IGNORE INTO recalls VALUES (?, ?, ?)", packs)
        shown = replace(terms, staff=(), recalls=())
        self._db.execute("INSERT OR REPLACE INTO terms VALUES ('terms', ?)", (_pack.encode(shown),))

    def _drop(self) -> None:
        self._db.execute("DELETE FROM pages")
        self._db.execute("DELETE FROM round")
