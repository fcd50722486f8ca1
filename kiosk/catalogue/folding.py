"""Words as they are compared: without case, accents and the forms that letters take at the end of a word."""

import unicodedata

from kiosk.checkout.model import Item

NO_KEYS = "\u3040"
"""From here on: kana and ideographs, typed through an input method, never on single keys."""
_LETTERS = str.maketrans(
    {"đ": "d", "ð": "d", "ħ": "h", "ı": "i", "ł": "l", "ø": "o", "œ": "oe", "æ": "ae", "þ": "th"}
    | dict(zip("ךםןףץ", "כמנפצ", strict=True))
    | {"ة": "ه", "ى": "ي", "ـ": "", "ґ": "г"}
)
"""Letters that Unicode does not take apart; Hebrew's finals; what Arabic and Ukrainian write in two ways."""


def is_ideograph(char: str) -> bool:
    return "\u3040" <= char <= "\u30ff" or "\u3400" <= char <= "\u9fff" or "\uf900" <= char <= "\ufaff"


def is_vowel_sign(char: str) -> bool:
    """A sign of Devanagari that only goes with a consonant: no keyboard of ours has it."""
    return "\u0900" <= char <= "\u0903" or "\u093a" <= char <= "\u094f"


def words_of(text: str) -> list[str]:
    """The words of a text without case and accents, each once; an ideograph is a word of its own."""
    plain = unicodedata.normalize("NFKD", text.casefold()).translate(_LETTERS)
    kept: list[str] = []
    for char in plain:
        if unicodedata.combining(char) or is_vowel_sign(char):
            continue
        if is_ideograph(char):
            kept += " ", char, " "
        else:
            kept.append(char if char.isalnum() or unicodedata.category(char)[0] == "M" else " ")
    return list(dict.fromkeys("".join(kept).split()))


def words_of_item(item: Item) -> list[str]:
    """Every word under which an item is found: its names in all languages, its synonyms, and its PLU."""
    names = " ".join((item.name, *item.names.values(), *item.synonyms))
    return words_of(f"{names} {item.plu}" if item.plu is not None else names)


MARK = "\ue000"
"""Begins the word of a department: nobody types it."""


INITIAL = "\ue001"
"""Begins the word for the letter that a whole name begins with."""


def initial_of(words: list[str]) -> list[str]:
    """The word under which names that begin with that letter are found."""
    return [INITIAL + words[0][0]] if words else []


def mark_of(department: str) -> str:
    """The word under which all goods without a code of that department are found."""
    return MARK + "".join(char for char in department.casefold() if char.isalnum())


def tails_of(word: str) -> list[str]:
    """What is left of a word of letters without its first ones; at least two. A number is found by its beginning."""
    if not word.isalpha() or is_ideograph(word[0]):
        return []
    return [word[at:] for at in range(1, len(word) - 1)]


def ends_word(char: str) -> bool:
    return is_ideograph(char) or not (char.isalnum() or unicodedata.category(char)[0] == "M")
