"""Text that runs from right to left and its numbers that do not: the order in which runs stand on a line
(UAX 9).

Isolates (U+2066 to U+2069) are honoured, embeddings and overrides are not used by this kiosk. A text takes
its direction from its first strong letter. Numbers, prices and clocks are never mirrored.
"""

from unicodedata import bidirectional

from msgspec import Struct

ISOLATES = {"\u2066": 0, "\u2067": 1, "\u2068": None}
END = "\u2069"
MARKS = dict.fromkeys(map(ord, "\u2066\u2067\u2068\u2069\u200e\u200f"))
PAIRS = str.maketrans("()[]{}<>«»", ")(][}{><»«")
STRONG = ("L", "R", "AL")


class Part(Struct, frozen=True):
    """A stretch of one direction, in the order in which it is read."""

    text: str
    right_to_left: bool


class Sign(Struct):
    """A character, or an isolated stretch that counts as one neutral sign; with its class and level."""

    text: str
    kind: str
    level: int = 0
    inner: tuple[Part, ...] = ()


def visual(text: str) -> tuple[Part, ...]:
    """The parts of a line from left to right."""
    if text.isascii() or not any(bidirectional(sign) in ("R", "AL", "AN") for sign in text):
        return (Part(text.translate(MARKS), False),)
    return _ordered(text, None)


def _ordered(text: str, base: int | None) -> tuple[Part, ...]:
    signs = _signs(text)
    if base is None:
        strong = next((sign.kind for sign in signs if sign.kind in STRONG), "L")
        base = 0 if strong == "L" else 1
    _weak(signs, base)
    _neutral(signs, base)
    for sign in signs:
        if base:
            sign.level = 1 if sign.kind == "R" else 2
        else:
            sign.level = {"L": 0, "R": 1}.get(sign.kind, 2)
    return _parts(_reordered(signs))


def _signs(text: str) -> list[Sign]:
    """Characters, with isolates taken together."""
    found: list[Sign] = []
    at = 0
    while at < len(text):
        sign = text[at]
        if sign in ISOLATES:
            end = text.find(END, at)
            end = len(text) if end < 0 else end
            found.append(Sign("", "ON", inner=_ordered(text[at + 1 : end], ISOLATES[sign])))
            at = end + 1
            continue
        found.append(Sign(sign, bidirectional(sign) or "L"))
        at += 1
    return [sign for sign in found if sign.inner or sign.text.translate(MARKS) or sign.kind in STRONG]


def _weak(signs: list[Sign], base: int) -> None:
    """Rules W1 to W7: what numbers and the signs beside them are."""
    start = "R" if base else "L"
    strong = before = start
    for sign in signs:
        if sign.kind == "NSM":
            sign.kind = before
        if sign.kind in STRONG:
            strong = sign.kind
        elif sign.kind == "EN" and strong == "AL":
            sign.kind = "AN"
        before = sign.kind
    for at in range(1, len(signs) - 1):
        left, here, right = signs[at - 1].kind, signs[at].kind, signs[at + 1].kind
        if left == right and ((here == "CS" and left in ("EN", "AN")) or (here == "ES" and left == "EN")):
            signs[at].kind = left
    for order in (signs, signs[::-1]):
        before = ""
        for sign in order:
            if sign.kind == "ET" and before == "EN":
                sign.kind = "EN"
            before = sign.kind
    strong = start
    for sign in signs:
        if sign.kind == "AL":
            sign.kind = "R"
        if sign.kind in ("L", "R"):
            strong = sign.kind
        elif sign.kind == "EN" and strong == "L":
            sign.kind = "L"
        elif sign.kind not in ("EN", "AN"):
            sign.kind = "ON"


def _neutral(signs: list[Sign], base: int) -> None:
    """Rules N1 and N2: signs between two of the same direction take it; others take that of the line."""
    edge = "R" if base else "L"
    at = 0
    while at < len(signs):
        if signs[at].kind != "ON":
            at += 1
            continue
        end = at
        while end < len(signs) and signs[end].kind == "ON":
            end += 1
        before = signs[at - 1].kind if at else edge
        after = signs[end].kind if end < len(signs) else edge
        sides = {"L" if kind == "L" else "R" for kind in (before, after)}
        for sign in signs[at:end]:
            sign.kind = sides.copy().pop() if len(sides) == 1 else edge
        at = end


def _reordered(signs: list[Sign]) -> list[Sign]:
    """Rule L2: turn round every stretch of a level, from the highest down."""
    for level in (2, 1):
        at = 0
        while at < len(signs):
            end = at
            while end < len(signs) and signs[end].level >= level:
                end += 1
            signs[at:end] = signs[at:end][::-1]
            at = max(end, at + 1)
    return signs


def _parts(signs: list[Sign]) -> tuple[Part, ...]:
    """Neighbours of one direction, together, each in its order of reading."""
    found: list[Part] = []
    for sign in signs:
        if sign.inner:
            found += sign.inner
            continue
        text, right = sign.text.translate(MARKS), sign.level == 1
        if not text:
            continue
        if right:
            text = text.translate(PAIRS)
        if found and found[-1].right_to_left == right:
            joined = text + found[-1].text if right else found[-1].text + text
            found[-1] = Part(joined, right)
        else:
            found.append(Part(text, right))
    return tuple(found)
