"""Keyboard layouts as data: key code of linux/input-event-codes.h to its characters plain, shifted, with AltGr."""

from typing import Literal
from unicodedata import normalize

Name = Literal["us", "de", "fr"]
Layout = dict[int, tuple[str, str, str]]

NUMBERS, UPPER, HOME, BACKSLASH, LOWER, EXTRA = 2, 16, 30, 43, 44, 86  # the first key of each row


def _row(first: int, plain: str, shifted: str, alt_gr: str = "") -> Layout:
    """A blank in `alt_gr` is a key without one."""
    third = alt_gr.ljust(len(plain))
    rows = zip(plain, shifted, third, strict=True)
    return {first + i: (low, high, alt.strip()) for i, (low, high, alt) in enumerate(rows)}


_COMMON: Layout = {15: ("\t", "\t", ""), 28: ("\n", "\n", ""), 57: (" ", " ", "")}

LAYOUTS: dict[Name, Layout] = {
    "us": _COMMON
    | _row(NUMBERS, "1234567890-=", "!@#$%^&*()_+")
    | _row(UPPER, "qwertyuiop[]", "QWERTYUIOP{}")
    | _row(HOME, "asdfghjkl;'`", 'ASDFGHJKL:"~')
    | _row(BACKSLASH, "\\", "|")
    | _row(LOWER, "zxcvbnm,./", "ZXCVBNM<>?"),
    "de": _COMMON
    | _row(NUMBERS, "1234567890ß´", '!"§$%&/()=?`', " ²³   {[]}\\")
    | _row(UPPER, "qwertzuiopü+", "QWERTZUIOPÜ*", "@ €        ~")
    | _row(HOME, "asdfghjklöä^", "ASDFGHJKLÖÄ°")
    | _row(BACKSLASH, "#", "'")
    | _row(LOWER, "yxcvbnm,.-", "YXCVBNM;:_")
    | _row(EXTRA, "<", ">", "|"),
    "fr": _COMMON
    | _row(NUMBERS, "&é\"'(-è_çà)=", "1234567890°+", " ~#{[|`\\^@]}")
    | _row(UPPER, "azertyuiop^$", "AZERTYUIOP¨£", "  €")
    | _row(HOME, "qsdfghjklmù²", "QSDFGHJKLM%²")
    | _row(BACKSLASH, "*", "µ")
    | _row(LOWER, "wxcvbn,;:!", "WXCVBN?./§")
    | _row(EXTRA, "<", ">"),
}

DEAD: dict[Name, frozenset[tuple[int, int]]] = {
    "us": frozenset(),
    "de": frozenset({(13, 0), (13, 1), (41, 0)}),
    "fr": frozenset({(26, 0), (26, 1), (3, 2), (8, 2)}),
}
"""Keys (code; 0 plain, 1 shifted, 2 with AltGr) whose accent waits for the next key, as on Windows."""

COMBINING = {"^": "\u0302", "´": "\u0301", "`": "\u0300", "¨": "\u0308", "~": "\u0303"}


def composed(accent: str, char: str) -> str:
    """What an accent and the key after it type: `^ a` one letter, `^ space` the accent itself, `^ 1` both."""
    if char == " ":
        return accent
    letter = normalize("NFC", char + COMBINING[accent])
    return letter if len(letter) == 1 else accent + char


KEYPAD = {
    82: "0", 79: "1", 80: "2", 81: "3", 75: "4", 76: "5", 77: "6", 71: "7", 72: "8", 73: "9",
    83: ".", 55: "*", 74: "-", 78: "+", 98: "/", 96: "\n",
}  # fmt: skip
