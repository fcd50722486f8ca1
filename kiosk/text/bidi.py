"""Text that runs from right to left and its numbers that do not: the order in which signs stand on a line.

The Unicode Bidirectional Algorithm (UAX 9), whole: a name from any catalogue may hold any sign. A text takes
its direction from its first strong letter unless a base is given: 0 from the left, 1 from the right. A value
put into a sentence stands in an isolate, so that neither changes the order of the other.
"""

from functools import lru_cache
from unicodedata import bidirectional

from msgspec import Struct

from kiosk.text.levels import direction, isolate_ends, levels

ZWJ = "\u200d"
LRI, RLI, FSI, PDI = "\u2066", "\u2067", "\u2068", "\u2069"
ISOLATES = (LRI, RLI, FSI)
TURNS = "\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
BREAKS = "\u00ad\u200b\u2060"
UNSEEN = dict.fromkeys(map(ord, TURNS + BREAKS))
"""What turns directions, or says where a word may break: never drawn, printed or spoken."""
TURNING = frozenset(("R", "AL", "AN", "RLE", "RLO", "RLI"))
SIDES = ("\u200e", "\u200f")
"""A mark that gives a line its direction, by base."""


class Part(Struct, frozen=True):
    """A stretch of one direction, in the order in which it is read."""

    text: str
    right_to_left: bool


def turns(text: str) -> bool:
    """Whether anything in the text runs from the right, or might turn what is around it."""
    return not text.isascii() and any(bidirectional(sign) in TURNING for sign in text)


def bare(text: str) -> str:
    """The text without the marks that are never drawn."""
    return text if text.isascii() else text.translate(UNSEEN)


def isolated(text: str, within_rtl: bool) -> str:
    """A value as it stands in a sentence: its own direction inside, one neutral sign outside.

    In a text that runs from the left only what turns needs that: all others stay as they are.
    """
    if not (within_rtl or turns(text)):
        return text
    alone = isolate_ends([bidirectional(sign) for sign in text]).get(0) == len(text) - 1
    return text if alone else f"{FSI}{text}{PDI}"


def base_of(text: str, otherwise: int = 0) -> int:
    """The direction of a text: that of its first strong letter outside isolates."""
    found = direction([bidirectional(sign) for sign in text], 0)
    return otherwise if found is None else found


@lru_cache(maxsize=2000)
def visual(text: str, base: int | None = None) -> tuple[Part, ...]:
    """The parts of a line from left to right. A mark that was dropped parts what it stood between."""
    if not base and not turns(text):
        return (Part(bare(text), False),)
    found: list[Part] = []
    last = -2
    for at, level in ordered(text, base_of(text) if base is None else base):
        sign, right = bare(text[at]), level % 2 == 1
        if not sign:
            continue
        if found and found[-1].right_to_left == right and at == last + (-1 if right else 1):
            joined = sign + found[-1].text if right else found[-1].text + sign
            found[-1] = Part(joined, right)
        else:
            found.append(Part(sign, right))
        last = at
    return tuple(found)


def ordered(text: str, base: int) -> list[tuple[int, int]]:
    """Rule L2: (place in the text, level) of every sign from left to right."""
    signs = [(at, level) for at, level in enumerate(levels(text, base)) if level >= 0]
    for level in range(max((each for _, each in signs), default=0), 0, -1):
        at = 0
        while at < len(signs):
            end = at
            while end < len(signs) and signs[end][1] >= level:
                end += 1
            signs[at:end] = signs[at:end][::-1]
            at = max(end, at + 1)
    return signs


def towards(text: str, base: int) -> str:
    """The text with a mark that gives it a direction, if it would not have it by itself."""
    return text if base_of(text) == base else SIDES[base] + text


def cut(text: str, start: int, end: int) -> tuple[str, str, str]:
    """The text in three; letters that join go on joining over the cuts."""

    def joint(at: int) -> str:
        return (
            ZWJ
            if 0 < at < len(text) and all(bidirectional(sign) == "AL" for sign in text[at - 1 : at + 1])
            else ""
        )

    first, last = joint(start), joint(end)
    return text[:start] + first, first + text[start:end] + last, last + text[end:]


def carried(lines: list[str]) -> list[str]:
    """The lines of a broken paragraph, each in the paragraph's direction and with its isolates whole."""
    if not any(map(turns, lines)):
        return lines
    base, open_, found = base_of("".join(lines)), "", []
    for line in lines:
        start = open_
        for sign in line:
            if sign in ISOLATES:
                open_ += sign
            elif sign == PDI:
                open_ = open_[:-1]
        text = f"{start}{line}{PDI * len(open_)}"
        found.append(towards(text, base))
    return found
