"""What passed on the glass between two facts, as far as a later look needs it: a short note beside a turn's facts.

What passes is not journaled. But a page also shows which devices were there, how large the text was, or which panel
lay over the basket: so the fields of `Passing` that hints have changed since the last commit go to the disk with the
next one, and the names of the panels that were opened. A turn before which nothing passed has no note.
"""

import sqlite3
from typing import Any, get_type_hints

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from kiosk.checkout.session import LiveWeight, Passing, Reading, Session
from kiosk.units import Millis

SCHEMA = "CREATE TABLE IF NOT EXISTS glass (seq INTEGER PRIMARY KEY, seen BLOB NOT NULL)"
NOT_NOTED = frozenset({"found", "next_letters", "queue"})
"""What the finder found is long and in the catalogue; how much waits for the server is on no shopper's page."""
NOTED = tuple(name for name in Passing.__struct_fields__ if name not in NOT_NOTED)
LASTING = ("devices", "weighing_module", "server", "produce", "bag", "zeroed", "dark")
"""Of these, what outlives a visit."""
TYPES = get_type_hints(Passing)
MOST = 50


class Glimpse(Struct, frozen=True):
    """Fields of Passing as they stood just before a turn, and which panels had been opened when (UTC ms)."""

    seen: dict[str, msgspec.Raw] = {}
    opened: tuple[tuple[Millis, str], ...] = ()

    def on(self, session: Session, only: tuple[str, ...] = NOTED) -> Session:
        """The session as the glass showed it then."""
        fields = {
            name: msgspec.json.decode(raw, type=TYPES[name])
            for name, raw in self.seen.items()
            if name in only and name in TYPES
        }
        return replace(session, passing=replace(session.passing, **fields))


class Glimpses:
    """Collects between two commits what the next one takes along."""

    def __init__(self) -> None:
        self._seen: dict[str, Any] = {}
        self._opened: list[tuple[Millis, str]] = []

    def passed(self, before: Passing, after: Passing, at: Millis) -> None:
        """A hint has been heard at `at`."""
        if after is before:
            return
        for name in NOTED:
            old, new = getattr(before, name), getattr(after, name)
            if new is not old and (name != "bag" or is_heavy(old) or is_heavy(new)):
                self._seen[name] = new
        if after.panel is not before.panel and after.panel is not None:
            self._opened = [*self._opened[-MOST:], (at, after.panel.name)]

    def taken(self) -> bytes:
        """The note for a turn, JSON; empty where nothing passed."""
        if not self._seen and not self._opened:
            return b""
        return msgspec.json.encode({"seen": self._seen, "opened": self._opened})

    def clear(self) -> None:
        """The note is on the disk."""
        self._seen, self._opened = {}, []


def is_heavy(live: LiveWeight) -> bool:
    """All that a shopper's page says of the bag scale; its weights are facts once they have settled."""
    return live.reading is Reading.OVERLOADED


def fold(db: sqlite3.Connection) -> None:
    """The turns before the first one are gone: of their notes one stays, with what outlives a visit."""
    first = db.execute("SELECT coalesce(min(seq), 0) FROM turns").fetchone()[0]
    notes = glimpses(db, 0, first - 1)
    lasting = {name: raw for note in notes.values() for name, raw in note.seen.items() if name in LASTING}
    db.execute("DELETE FROM glass WHERE seq < ?", (first,))
    if lasting:
        db.execute("INSERT INTO glass VALUES (?, ?)", (first - 1, msgspec.json.encode(Glimpse(lasting))))


def glimpses(db: sqlite3.Connection, first: int, last: int) -> dict[int, Glimpse]:
    """The notes of the turns from `first` to `last`."""
    rows = db.execute("SELECT seq, seen FROM glass WHERE seq BETWEEN ? AND ? ORDER BY seq", (first, last))
    return {seq: msgspec.json.decode(seen, type=Glimpse) for seq, seen in rows}
