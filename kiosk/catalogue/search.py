"""Finding items by what somebody types: names with a word that begins so, then those with it inside a word, then
guesses where fingers slipped; and the letters that lead further."""

import sqlite3

from kiosk.catalogue.folding import INITIAL, NO_KEYS, ends_word, words_of
from kiosk.catalogue.guess import LAST, UNDER, guesses, leads
from kiosk.checkout.passed import ANY_LETTER

INSIDE = 30
"""So many words that have the typed letters inside them are looked at, those that end with them first."""
SCANNED = 50
"""Names looked at for the next letters of a second word."""
INDEXED, FEW, MOST = 4, 20, 40
"""Letters of a beginning that FTS5 has an index of; words asked for one by one; guesses."""
FORGIVEN = 4
"""From this length on a slip in a word is forgiven, so that no letter of it leads nowhere any more."""


def places(db: sqlite3.Connection, words: list[str], limit: int, page: int) -> list[int]:
    """Where the items lie that have all these words, best first: by beginnings; by insides where those are few (of a
    single word: fewer than the limit); and by guesses where both do not fill a page."""
    alone = len(words) == 1
    beginnings = [begins(db, word) for word in words]
    found = matching(db, beginnings, limit)
    if len(found) < (limit if alone else page):
        found = more(db, found, [inside(db, word) for word in words], beginnings, limit)
    if len(found) < page:
        slipped = [guessed(db, word) if alone or not leads(db, word) else [] for word in words]
        found = more(db, found, slipped, beginnings, limit)
    return found[:limit]


def whole_first(db: sqlite3.Connection, letter: str, selling: list[int], limit: int) -> list[int]:
    """Names that begin with the letter, then those with another word that does; what sells now first in each."""
    first = matching(db, [[f'"{INITIAL}{letter}"']], limit)
    begin = set(first)
    return [
        *(place for place in selling if place in begin),
        *first,
        *selling,
        *places(db, [letter], limit, 0),
    ]


def more(
    db: sqlite3.Connection, found: list[int], terms: list[list[str]], others: list[list[str]], limit: int
) -> list[int]:
    """What was found, and behind it what these terms find beside the others."""
    if not any(terms):
        return found
    both = [one + other for one, other in zip(terms, others, strict=True)]
    return list(dict.fromkeys((*found, *matching(db, both, limit))))


def has_all(text: str, words: list[str]) -> bool:
    """Whether each word begins one of the text's, which have a blank before them."""
    return all(f" {word}" in text for word in words)


def begins(db: sqlite3.Connection, word: str) -> list[str]:
    """FTS5 terms for words that begin so: themselves where they are few, since FTS5 reads all names of a beginning that
    its index does not have before it gives the first."""
    return under(db, word) or [f'"{word}"*']


def guessed(db: sqlite3.Connection, word: str) -> list[str]:
    """FTS5 terms for what may have been meant."""
    found = [term for each in guesses(db, word) for term in under(db, each, cut=True) or [f'"{each}"*']]
    return found[:MOST]


def under(db: sqlite3.Connection, word: str, cut: bool = False) -> list[str]:
    """The words that begin so, as terms; none where there is an index, or where they are too many and not `cut`."""
    if len(word) <= INDEXED:
        return []
    rows = db.execute(UNDER, (word, word + LAST, FEW + 1)).fetchall()
    return [f'"{row[0]}"' for row in rows[:FEW]] if cut or len(rows) <= FEW else []


def matching(db: sqlite3.Connection, terms: list[list[str]], limit: int) -> list[int]:
    """The first places that have one of each list of terms."""
    query = "SELECT rowid FROM names WHERE names MATCH ? ORDER BY rowid LIMIT ?"
    return [row[0] for row in db.execute(query, (all_of(terms), limit))]


def all_of(terms: list[list[str]]) -> str:
    """The FTS5 query for names with one of each list of terms."""
    return " AND ".join(f"({' OR '.join(each)})" for each in terms)


def inside(db: sqlite3.Connection, part: str) -> list[str]:
    """FTS5 terms for words that have the part inside, not at their beginning."""
    if len(part) < 2:
        return []
    query = "SELECT word FROM tails WHERE tail >= ? AND tail < ? ORDER BY tail LIMIT ?"
    rows = db.execute(query, (part, part + "\U0010ffff", INSIDE))
    return [f'"{word}"' for word in dict.fromkeys(row[0] for row in rows)]


def next_letters(db: sqlite3.Connection, text: str, first: str) -> str:
    """The characters that may follow `text` and still find something; none that leads somewhere is missing, and there
    is none too many while one word of less than FORGIVEN letters is typed. Kana and ideographs are left out. `first`
    are the letters that begin a word."""
    words = words_of(text)
    if not words or ends_word(text[-1]):
        words.append("")
    *others, last = words
    if len(last) + 1 >= FORGIVEN:
        return ANY_LETTER
    letters = set(letters_after(db, last) if last else first)
    if last:
        letters |= set(letters_after(db, last, "tail"))
    beside = letters_beside(db, others, last) if others else None
    return "".join(sorted(letters if beside is None else beside))


LEAPS = {
    "word": "SELECT word FROM words WHERE word >= ? ORDER BY word LIMIT 1",
    "tail": "SELECT tail FROM tails WHERE tail >= ? ORDER BY tail LIMIT 1",
}


def letters_after(db: sqlite3.Connection, prefix: str, column: str = "word") -> list[str]:
    """By leaping through the list: one look-up per letter, however many words there are."""
    letters: list[str] = []
    query, bound = LEAPS[column], prefix + "0"
    while True:
        row = db.execute(query, (bound,)).fetchone()
        if row is None or not row[0].startswith(prefix):
            return letters
        letter = row[0][len(prefix)]
        if letter >= NO_KEYS:
            return letters
        letters.append(letter)
        bound = prefix + chr(ord(letter) + 1)


def letters_beside(db: sqlite3.Connection, others: list[str], last: str) -> set[str] | None:
    """The letters after `last` in names that have the other words too; None where that would be too many names, or
    where those words were only guessed."""
    query = all_of([[*begins(db, word), *inside(db, word)] for word in others])
    rows = db.execute(
        "SELECT text FROM names WHERE names MATCH ? ORDER BY rowid LIMIT ?", (query, SCANNED)
    ).fetchall()
    if not rows or len(rows) == SCANNED:
        return None
    words = {word for (text,) in rows for word in text.split()}
    if not last:
        return {word[0] for word in words if word[0] < NO_KEYS}
    size = len(last)
    return {
        word[at + size]
        for word in words
        for at in range(len(word) - size)
        if word.startswith(last, at) and word[at + size] < NO_KEYS
    }
