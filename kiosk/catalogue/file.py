"""The catalogue's file: its tables, and how it is opened."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

LAYOUT = 3  # PRAGMA user_version

RECALLS = """CREATE TABLE recalls (gtin INTEGER NOT NULL, batch TEXT NOT NULL, serial TEXT NOT NULL,
    PRIMARY KEY (gtin, batch, serial)) WITHOUT ROWID"""
TAILS = "CREATE TABLE tails (tail TEXT, word TEXT, PRIMARY KEY (tail, word)) WITHOUT ROWID"
TABLES = f"""
CREATE TABLE held (source TEXT NOT NULL, version INTEGER NOT NULL);
INSERT INTO held VALUES ('', 0);
CREATE TABLE items (id INTEGER PRIMARY KEY, place INTEGER NOT NULL, record BLOB NOT NULL);
CREATE INDEX places ON items (place);
CREATE TABLE codes (gtin INTEGER PRIMARY KEY, item INTEGER NOT NULL);
CREATE INDEX codes_of_item ON codes (item);
CREATE TABLE plus (plu INTEGER PRIMARY KEY, item INTEGER NOT NULL);
CREATE INDEX plus_of_item ON plus (item);
CREATE TABLE staff (person TEXT PRIMARY KEY, record BLOB NOT NULL);
{RECALLS};
CREATE TABLE terms (name TEXT PRIMARY KEY, record BLOB NOT NULL);
CREATE TABLE words (word TEXT PRIMARY KEY, uses INTEGER NOT NULL) WITHOUT ROWID;
{TAILS};
CREATE TABLE round (source TEXT NOT NULL, base INTEGER NOT NULL, since INTEGER NOT NULL,
    version INTEGER NOT NULL, after INTEGER NOT NULL);
CREATE TABLE pages (seq INTEGER PRIMARY KEY, body BLOB NOT NULL);
"""

# Rows lie in the order of what is looked for (`place`): what has no code, then the rest, each as it sells. So the
# first matches are the best without sorting. The text is folded words with blanks between them; the ascii tokenizer
# leaves all other scripts as they are.
NAMES = "CREATE VIRTUAL TABLE names USING fts5 (text, prefix='1 2 3 4', detail='none', tokenize='ascii')"


# What other lanes have weighed, under the ids of the catalogue `source`; files made before it was shared get it, too.
WEIGHINGS = (
    "CREATE TABLE IF NOT EXISTS weighings (item INTEGER PRIMARY KEY, record BLOB NOT NULL)",
    "CREATE TABLE IF NOT EXISTS weighed (source TEXT NOT NULL, journal TEXT NOT NULL, version INTEGER NOT NULL)",
)


# What the shop says of items besides selling them; files made before there was such a thing get it, too.
FACTS = ("CREATE TABLE IF NOT EXISTS facts (item INTEGER PRIMARY KEY, record BLOB NOT NULL)",)


class CatalogueError(Exception):
    """The catalogue cannot be read, or what came for it cannot be used; nothing was changed."""


def connect(path: Path) -> sqlite3.Connection:
    """Open the file, making an empty catalogue where there is none. WAL: a writer never blocks a reader. FULL: what a
    lane has taken it still has after a power cut, when the server may be away and an empty shelf would sell nothing."""
    db = sqlite3.connect(path, isolation_level=None, timeout=10.0, cached_statements=64)
    try:
        db.execute("PRAGMA journal_mode=WAL")
        db.execute("PRAGMA synchronous=FULL")
        db.execute("PRAGMA journal_size_limit=16777216")
        layout = _layout(db) or _make(db)
        layout = _from_older(db) if layout in (1, 2) else layout
        for statement in (*WEIGHINGS, *FACTS) if layout == LAYOUT else ():
            db.execute(statement)
    except sqlite3.Error as error:
        db.close()
        raise CatalogueError(f"{path}: {error}") from error
    if layout != LAYOUT:
        db.close()
        raise CatalogueError(f"{path}: layout {layout} is not ours ({LAYOUT}); delete the file, it is a copy")
    return db


def _layout(db: sqlite3.Connection) -> int:
    layout: int = db.execute("PRAGMA user_version").fetchone()[0]
    return layout


def _make(db: sqlite3.Connection) -> int:
    """The empty tables, unless another process was quicker."""
    db.execute("BEGIN IMMEDIATE")
    if _layout(db) == 0:
        for statement in TABLES.split(";"):
            db.execute(statement)
        db.execute(NAMES)
        db.execute(f"PRAGMA user_version={LAYOUT}")
    db.execute("COMMIT")
    return _layout(db)


def _from_older(db: sqlite3.Connection) -> int:
    """A copy from before there were recalls (1) or words found by their insides (2) is asked for again whole, and sold
    by until that has come."""
    with transaction(db):
        layout = _layout(db)
        if layout == 1:
            db.execute(RECALLS)
        if layout in (1, 2):
            db.execute(TAILS)
            db.execute("UPDATE held SET source = '', version = 0")
            db.execute("DELETE FROM round")
            db.execute("DELETE FROM pages")
            db.execute(f"PRAGMA user_version={LAYOUT}")
    return _layout(db)


@contextmanager
def transaction(db: sqlite3.Connection) -> Iterator[None]:
    """BEGIN IMMEDIATE to COMMIT, or ROLLBACK on any error."""
    db.execute("BEGIN IMMEDIATE")
    try:
        yield
    except BaseException:
        db.execute("ROLLBACK")
        raise
    db.execute("COMMIT")


@contextmanager
def reading(db: sqlite3.Connection) -> Iterator[None]:
    """Many look-ups at one state of the file, which is locked once for all of them."""
    db.execute("BEGIN")
    try:
        yield
    finally:
        db.execute("COMMIT")
