"""What the other lanes have weighed, beside the catalogue that names its items; a sync of the catalogue leaves it."""

import sqlite3
from pathlib import Path

import msgspec

from kiosk.catalogue.file import CatalogueError, connect, transaction
from kiosk.wire import WeightsPage

_page = msgspec.json.Decoder(WeightsPage)
_pack = msgspec.msgpack.Encoder()


class SharedIntake:
    """The one writer of it. `journal` is the lane's book: of another's own sums this file knows nothing, so with
    another book, as with another catalogue, it begins anew."""

    def __init__(self, path: Path) -> None:
        self._db = connect(path)

    def close(self) -> None:
        self._db.close()

    def version(self, source: str, journal: str) -> int:
        """The version that is held of what the server `source` knows; 0: nothing."""
        query = "SELECT version FROM weighed WHERE source = ? AND journal = ?"
        row = self._db.execute(query, (source, journal)).fetchone()
        return row[0] if row else 0

    def take(self, body: bytes, source: str, journal: str) -> WeightsPage:
        """Put a page in at once. CatalogueError if it is broken or does not follow, and nothing has changed."""
        held = self.version(source, journal)
        try:
            page = _page.decode(body)
        except (msgspec.MsgspecError, UnicodeDecodeError) as error:
            raise CatalogueError(f"weights after version {held}: {error}") from error
        if page.source != source or page.since not in (0, held):
            raise CatalogueError(
                f"asked for weights of {source} after {held}, was sent {page.source} after {page.since}"
            )
        if page.version < page.since or (page.version == page.since and not page.last):
            raise CatalogueError(f"weights after version {held} lead nowhere")
        try:
            with transaction(self._db):
                self._keep(page, journal)
        except sqlite3.Error as error:
            raise CatalogueError(f"weights after version {held}: {error}") from error
        return page

    def _keep(self, page: WeightsPage, journal: str) -> None:
        if page.since == 0:
            self._db.execute("DELETE FROM weighings")
        rows = [(one.item, _pack.encode(one)) for one in page.items]
        self._db.executemany("INSERT OR REPLACE INTO weighings VALUES (?, ?)", rows)
        self._db.execute("DELETE FROM weighed")
        self._db.execute("INSERT INTO weighed VALUES (?, ?, ?)", (page.source, journal, page.version))
