"""Text on a grid of cells, as receipts have it: how wide it is, where it breaks, and nothing that controls a device."""

import re
import unicodedata
from collections.abc import Iterator

from kiosk.text.bidi import ISOLATES, PDI, bare, carried
from kiosk.text.breaks import pieces

DROPPED = {"Cc", "Cf", "Cs", "Zl", "Zp"}
UNKNOWN = {"Cn", "Co"}
GAP = re.compile("(?: {2,}|^ *| +$)")
SPACES = "\t\n\v\f\r\x85\u2028\u2029"


def clean(text: str) -> str:
    """The text on one line: no control or format characters, white space as spaces, U+FFFD for unassigned ones.

    No-break spaces stay, and isolates that are closed. What is left cannot command a printer or turn the
    direction of what follows.
    """
    cleaned = "".join(map(_cleaned, text))
    return cleaned if text.isascii() or whole(cleaned) else bare(cleaned)


def whole(text: str) -> bool:
    """Whether every isolate ends, and none ends that did not begin."""
    depth = 0
    for char in text:
        depth += (char in ISOLATES) - (char == PDI)
        if depth < 0:
            return False
    return depth == 0


def _cleaned(char: str) -> str:
    category = unicodedata.category(char)
    if char in ISOLATES or char == PDI:
        return char
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
    if unicodedata.category(char) in ("Mn", "Me", "Cf"):
        return 0
    return 2 if unicodedata.east_asian_width(char) in "WF" else 1


def fold(text: str, width: int) -> list[str]:
    """The text in lines of at most `width` columns, broken at spaces, and inside a word only if it must be."""
    lines = [""]
    for piece in pieces(" ".join(word for word in text.split(" ") if word)):
        joined, alone = lines[-1] + piece.rstrip(" "), piece.rstrip(" ")
        if cells(joined) <= width:
            lines[-1] += piece
        elif cells(alone) <= width:
            lines.append(piece)
        else:
            lines[-1:] = [*_broken(joined, width)]
            lines[-1] += piece[len(alone) :]
    return carried([line.strip(" ") for line in lines])


def _broken(text: str, width: int) -> list[str]:
    lines = [""]
    for cluster in clusters(text):
        if cells(lines[-1] + cluster) > width and lines[-1]:
            lines.append("")
        lines[-1] += cluster
    return [line.strip(" ") for line in lines]


def chunks(text: str) -> Iterator[tuple[int, str]]:
    """What stands apart on a line, by two spaces or more, and in which column each begins."""
    at = 0
    for gap in [*GAP.finditer(text), None]:
        end = gap.start() if gap else len(text)
        if text[at:end].strip(" "):
            yield cells(text[:at]), text[at:end]
        at = gap.end() if gap else end


def mirrored(text: str, width: int) -> str:
    """The line for readers from the right: what stands apart changes sides, and is not changed itself."""
    line = ""
    for column, chunk in reversed([*chunks(text)]):
        line += " " * (width - column - cells(chunk) - cells(line)) + chunk
    return line


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
