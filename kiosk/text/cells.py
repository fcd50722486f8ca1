"""Text on a grid of cells, as receipts have it: how wide it is, where it breaks, and nothing that controls a device."""

import unicodedata
from collections.abc import Iterator

DROPPED = {"Cc", "Cf", "Cs", "Zl", "Zp"}
UNKNOWN = {"Cn", "Co"}
SPACES = "\t\n\v\f\r\x85\u2028\u2029"


def clean(text: str) -> str:
    """The text on one line: no control or format characters, white space as spaces, U+FFFD for unassigned ones.

    No-break spaces stay. What is left cannot command a printer or turn the direction of what follows.
    """
    return "".join(map(_cleaned, text))


def _cleaned(char: str) -> str:
    category = unicodedata.category(char)
    if char in SPACES:
        return " "
    if category in DROPPED or "\ufe00" <= char <= "\ufe0f":
        return ""
    return "\ufffd" if category in UNKNOWN else char


def cells(text: str) -> int:
    """How many columns the text takes: 2 for wide East Asian characters and emoji, 0 for combining marks."""
    return sum(map(_width, text))


def _width(char: str) -> int:
    if char < "\u0300":
        return 1
    if unicodedata.category(char) in ("Mn", "Me"):
        return 0
    return 2 if unicodedata.east_asian_width(char) in "WF" else 1


def fold(text: str, width: int) -> list[str]:
    """The text in lines of at most `width` columns, broken at spaces, and inside a word only if it must be."""
    lines = [""]
    for word in text.split(" "):
        if not word:
            continue
        joined = f"{lines[-1]} {word}" if lines[-1] else word
        if cells(joined) <= width:
            lines[-1] = joined
        elif cells(word) <= width:
            lines.append(word)
        else:
            lines[-1:] = _broken(joined, width)
    return lines


def _broken(text: str, width: int) -> list[str]:
    lines = [""]
    for cluster in clusters(text):
        if cells(lines[-1] + cluster) > width and lines[-1]:
            lines.append("")
        lines[-1] += cluster
    return [line.strip(" ") for line in lines]


def clusters(text: str) -> Iterator[str]:
    """Each character with the combining marks that sit on it."""
    cluster = ""
    for char in text:
        if cluster and _width(char):
            yield cluster
            cluster = ""
        cluster += char
    if cluster:
        yield cluster
