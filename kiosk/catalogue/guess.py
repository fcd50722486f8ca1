"""Guessing what was meant: beginnings of the catalogue's words that are one slip away from what was typed, and words
two slips away where it is long. A slip is a letter wrong, missing, too many, or two letters the wrong way round.

The word list is walked like a tree, a look-up for each branch, so the cost hangs on the typed word and hardly on how
many words there are.
"""

import sqlite3

from kiosk.catalogue.folding import NO_KEYS

ONE, TWO = 4, 8
"""From so many letters on one slip is forgiven, or two."""
HALF = 4
"""Letters of a long word that are looked at first: with two slips, there is one or none in one of its halves."""
WORDS, HEADS = 400, 60
"""Words compared with a long one, and beginnings under which they are looked for, at most."""
FIRST = "SELECT word FROM words WHERE word >= ? ORDER BY word LIMIT 1"
UNDER = "SELECT word FROM words WHERE word >= ? AND word < ? LIMIT ?"
ENDING = "SELECT word FROM tails WHERE tail >= ? AND tail < ? LIMIT ?"
LAST, BEYOND_ASCII = "\U0010ffff", "{"


def guesses(db: sqlite3.Connection, word: str) -> list[str]:
    """Beginnings of words that may have been meant; the nearest only."""
    if len(word) < ONE or not word.isalpha():
        return []
    near = one_slip(db, word)
    return sorted(near) if near or len(word) < TWO else two_slips(db, word)


def one_slip(db: sqlite3.Connection, word: str) -> set[str]:
    """Beginnings of words, one slip away from the word."""
    tried: set[str] = set()
    end = BEYOND_ASCII if word.isascii() else NO_KEYS
    for at in range(len(word)):
        head, rest = word[:at], word[at:]
        if at and not leads(db, head):
            break
        tried |= {head + rest[1:], head + rest[1:2] + rest[:1] + rest[2:]}
        for letter in branches(db, head, end):
            tried |= {head + letter + rest, head + letter + rest[1:]}
    tried.discard(word)
    return {each for each in tried if leads(db, each)}


def two_slips(db: sqlite3.Connection, word: str) -> list[str]:
    """Words that begin two slips away from the word."""
    head, rest = word[:HALF], word[HALF:]
    asked: list[tuple[str, str]] = [(ENDING, rest)]
    asked += [(UNDER, each) for each in sorted({head} | one_slip(db, head))[:HEADS]]
    letters, found = set(word), dict[str, None]()
    for query, part in asked:
        for (other,) in db.execute(query, (part, part + LAST, WORDS)):
            if (
                len(other) >= len(word) - 2
                and len(letters.difference(other)) <= 2
                and slips(word, other) <= 2
            ):
                found[other] = None
    return list(found)


def leads(db: sqlite3.Connection, prefix: str) -> bool:
    """Whether a word begins so."""
    row = db.execute(FIRST, (prefix,)).fetchone()
    return row is not None and row[0].startswith(prefix)


def branches(db: sqlite3.Connection, prefix: str, end: str) -> list[str]:
    """The letters after a beginning, of those before `end`; digits left out."""
    found: list[str] = []
    bound = prefix + ":"
    while (row := db.execute(FIRST, (bound,)).fetchone()) is not None and row[0].startswith(prefix):
        letter = row[0][len(prefix)]
        if letter >= end:
            break
        found.append(letter)
        bound = prefix + chr(ord(letter) + 1)
    return found


def slips(typed: str, word: str, most: int = 2) -> int:
    """How many slips make the typed letters the beginning of the word; any number above `most` stands for all above."""
    size = len(typed)
    two_ago: list[int] = []
    ago = list(range(size + 1))
    best = ago[-1]
    for column, letter in enumerate(word, 1):
        row = [column]
        for at, mine in enumerate(typed, 1):
            cost = min(ago[at] + 1, row[at - 1] + 1, ago[at - 1] + (mine != letter))
            if at > 1 and two_ago and mine == word[column - 2] and typed[at - 2] == letter:
                cost = min(cost, two_ago[at - 2] + 1)
            row.append(cost)
        best = min(best, row[-1])
        if min(row) > most:
            break
        two_ago, ago = ago, row
    return best
