"""The letters of the finder's keyboard, as the catalogue's words are folded: no accents, no forms of the end of a word.

Japanese and Chinese are not typed letter by letter: there the departments' tiles come first, then names in Latin
letters and the numbers on the labels.
"""

from msgspec import Struct

DIGITS = ("123", "456", "789", "0")


class Alphabet(Struct, frozen=True):
    """Rows of at most eight letters; `signs` are on the other side of the keyboard. The two keys' texts lead there."""

    letters: tuple[str, ...]
    signs: tuple[str, ...] = DIGITS
    letters_key: str = "abc"
    signs_key: str = "123"


LATIN = Alphabet(("abcdefg", "hijklmn", "opqrstu", "vwxyz"))
ALPHABETS = {
    "ru": Alphabet(("абвгдеж", "зиклмно", "прстуфх", "цчшщъыь", "эюя"), letters_key="абв"),
    "uk": Alphabet(("абвгдеєж", "зиіклмно", "прстуфхц", "чшщьюя"), letters_key="абв"),
    "el": Alphabet(("αβγδεζη", "θικλμνξ", "οπρστυφ", "χψω"), letters_key="αβγ"),
    "he": Alphabet(("אבגדהוז", "חטיכלמנ", "סעפצקרש", "ת"), letters_key="אבג"),
    "ar": Alphabet(("ابتثجحخد", "ذرزسشصضط", "ظعغفقكلم", "نهوي"), letters_key="ابت"),
    "hi": Alphabet(
        ("कखगघचछज", "झटठडढणत", "थदधनपफब", "भमयरलवश", "षसह"), ("अआइईउऊए", "ऐओऔ1234", "567890"), "कख", "अ 1"
    ),
}
"""Hindi's vowel signs are left out where words are compared; those that begin a word are on the other side."""


def alphabet_of(language: str) -> Alphabet:
    return ALPHABETS.get(language, LATIN)
