"""Finding items by what somebody types: folded words, and which letters lead further."""

import sqlite3
import unicodedata

from kiosk.checkout.model import Item

# Letters that Unicode does not take apart.
_LETTERS = str.maketrans(
    {"đ": "d", "ð": "d", "ħ": "h", "ı": "i", "ł": "l", "ø": "o", "œ": "oe", "æ": "ae", "þ": "th"}
)
_NO_KEYS = "\u3040"  # kana and ideographs: typed through an input method, never on single keys
_SCANNED = 100  # names looked at for the next letters of a second word


def _is_ideograph(char: str) -> bool:
    return "\u3040" <= char <= "\u30ff" or "\u3400" <= char <= "\u9fff" or "\uf900" <= char <= "\ufaff"


def words_of(text: str) -> list[str]:
    """The words of a text without case and accents, each once; an ideograph is a word of its own."""
    plain = unicodedata.normalize("NFKD", text.casefold()).translate(_LETTERS)
    kept: list[str] = []
    for char in plain:
        if unicodedata.combining(char):
            continue
        if _is_ideograph(char):
            kept += " ", char, " "
        else:
            kept.append(char if char.isalnum() or unicodedata.category(char)[0] == "M" else " ")
    return list(dict.fromkeys("".join(kept).split()))


def words_of_item(item: Item) -> list[str]:
    """Every word under which an item is found: its names in all languages, and its PLU."""
    names = " ".join((item.name, *item.names.values()))
    return words_of(f"{names} {item.plu}" if item.plu is not None else names)


def matching(words: list[str]) -> str:
    """The FTS5 query for names in which each of the words begins a word."""
    return " ".join(f'"{word}"*' for word in words)


def next_letters(db: sqlite3.Connection, text: str) -> str:
    """The characters that may follow `text` and still find something: exact for one word; for more, none that
    leads somewhere is missing. Kana and ideographs are left out."""
    words = words_of(text)
    if not words or _ends_word(text[-1]):
        words.append("")
    *others, last = words
    if not others:
        return "".join(_letters_after(db, last))
    found = _letters_beside(db, others, last)
    return "".join(_letters_after(db, last) if found is None else sorted(found))


def _ends_word(char: str) -> bool:
    return _is_ideograph(char) or not (char.isalnum() or unicodedata.category(char)[0] == "M")


def _letters_after(db: sqlite3.Connection, prefix: str) -> list[str]:
    """By leaping through the word list: one look-up per letter, however many words there are."""
    letters: list[str] = []
    bound = prefix + "0"
    while True:
        row = db.execute("SELECT word FROM words WHERE word >= ? ORDER BY word LIMIT 1", (bound,)).fetchone()
        if row is None or not row[0].startswith(prefix):
            return letters
        letter = row[0][len(prefix)]
        if letter >= _NO_KEYS:
            return letters
        letters.append(letter)
        bound = prefix + chr(ord(letter) + 1)


def _letters_beside(db: sqlite3.Connection, others: list[str], last: str) -> set[str] | None:
    """The letters after `last` in names that have the other words too; None where there are too many names."""
    query = matching([*others, last] if last else others)
    rows = db.execute(
        "SELECT text FROM names WHERE names MATCH ? ORDER BY rowid LIMIT ?", (query, _SCANNED)
    ).fetchall()
    if len(rows) == _SCANNED:
        return None
    size = len(last)
    words = {word for (text,) in rows for word in text.split()}
    return {word[size] for word in words if len(word) > size and word.startswith(last)}
