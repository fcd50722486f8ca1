"""The level of every sign of a line, by the rules X1 to L1 of the Unicode Bidirectional Algorithm (UAX 9).

Even levels run from the left, odd ones from the right; -1 is a sign that takes no part (rule X9). Each rule is
a function that changes the kinds of a run in place, in the standard's order.
"""

from collections.abc import Iterator
from unicodedata import bidirectional

STRONG = ("L", "R", "AL")
INITIATORS = {"LRI": 0, "RLI": 1, "FSI": None}
EMBEDDINGS = {"LRE": (0, ""), "RLE": (1, ""), "LRO": (0, "L"), "RLO": (1, "R")}
REMOVED = frozenset((*EMBEDDINGS, "PDF", "BN"))
NEUTRAL = frozenset(("B", "S", "WS", "ON", *INITIATORS, "PDI"))
DEEPEST = 125
OPENING = "([{⁅⁽₍⟨⟦⟪《「『【〔〖〘（［｛｟｢\u3008"
CLOSING = ")]}⁆⁾₎⟩⟧⟫》」』】〕〗〙）］｝｠｣\u3009"
SAME = {"\u2329": "\u3008", "\u232a": "\u3009"}
"""Brackets that are canonically the same as another pair."""
Sequence = list[int]


def levels(text: str, base: int) -> list[int]:
    """One level for each sign."""
    original = [bidirectional(sign) or "L" for sign in text]
    kinds, found = original[:], [base] * len(text)
    ends = isolate_ends(kinds)
    explicit(kinds, found, ends, base)
    kept = [at for at, kind in enumerate(original) if kind not in REMOVED]
    for sequence, start, end in list(sequences(original, found, ends, kept, base)):
        weak(kinds, sequence, start)
        brackets(text, original, kinds, sequence, found[sequence[0]], start)
        neutral(kinds, sequence, found[sequence[0]], start, end)
        for at in sequence:
            odd = found[at] % 2
            found[at] += (kinds[at] != "R") if odd else {"L": 0, "R": 1}.get(kinds[at], 2)
    trailing(original, found, base)
    return [-1 if kind in REMOVED else level for kind, level in zip(original, found, strict=True)]


def direction(kinds: list[str], start: int, end: int | None = None) -> int | None:
    """Rules P2 and P3: that of the first strong sign that is in no isolate; None without one."""
    depth = 0
    for kind in kinds[start:end]:
        if kind in INITIATORS:
            depth += 1
        elif kind == "PDI":
            depth = max(0, depth - 1)
        elif kind in STRONG and not depth:
            return 0 if kind == "L" else 1
        elif kind == "B":
            return None
    return None


def isolate_ends(kinds: list[str]) -> dict[int, int]:
    """Definition BD9: where each isolate that is closed ends."""
    found: dict[int, int] = {}
    open_: list[int] = []
    for at, kind in enumerate(kinds):
        if kind in INITIATORS:
            open_.append(at)
        elif kind == "PDI" and open_:
            found[open_.pop()] = at
    return found


def inner(kinds: list[str], at: int, ends: dict[int, int]) -> int:
    """The direction inside the isolate that begins there; rule X5c where its own text says it."""
    side = INITIATORS[kinds[at]]
    return (direction(kinds, at + 1, ends.get(at)) or 0) if side is None else side


def above(level: int, odd: int) -> int:
    """The next level of that direction."""
    return level + 1 + ((level + 1) % 2 != odd)


def explicit(kinds: list[str], found: list[int], ends: dict[int, int], base: int) -> None:
    """Rules X1 to X8: what the marks that turn directions make of the signs between them."""
    stack: list[tuple[int, str, bool]] = [(base, "", False)]
    lost_isolates = lost_embeddings = isolates = 0
    for at, kind in enumerate(kinds):
        level, forced, _ = stack[-1]
        if kind in EMBEDDINGS:
            odd, force = EMBEDDINGS[kind]
            deeper = above(level, odd)
            if deeper <= DEEPEST and not lost_isolates and not lost_embeddings:
                stack.append((deeper, force, False))
            elif not lost_isolates:
                lost_embeddings += 1
        elif kind in INITIATORS:
            deeper = above(level, inner(kinds, at, ends))
            found[at], kinds[at] = level, forced or kind
            if deeper <= DEEPEST and not lost_isolates and not lost_embeddings:
                isolates += 1
                stack.append((deeper, "", True))
            else:
                lost_isolates += 1
        elif kind == "PDI":
            if lost_isolates:
                lost_isolates -= 1
            elif isolates:
                lost_embeddings, isolates = 0, isolates - 1
                while not stack[-1][2]:
                    stack.pop()
                stack.pop()
            found[at], kinds[at] = stack[-1][0], stack[-1][1] or kind
        elif kind == "PDF":
            if lost_embeddings and not lost_isolates:
                lost_embeddings -= 1
            elif not lost_isolates and not stack[-1][2] and len(stack) > 1:
                stack.pop()
        elif kind == "B":
            found[at] = base
        elif kind != "BN":
            found[at], kinds[at] = level, forced or kind


def sequences(
    original: list[str], found: list[int], ends: dict[int, int], kept: list[int], base: int
) -> Iterator[tuple[Sequence, str, str]]:
    """Definition BD13 and rule X10: runs of one level, joined over isolates, with what is before and after."""
    runs: list[Sequence] = []
    for number, at in enumerate(kept):
        if runs and found[at] == found[kept[number - 1]]:
            runs[-1].append(at)
        else:
            runs.append([at])
    starts = {end: start for start, end in ends.items()}
    whole: dict[int, Sequence] = {}
    for run in runs:
        opened = starts.get(run[0]) if original[run[0]] == "PDI" else None
        before = whole.get(opened) if opened is not None else None
        joined = run if before is None else before
        if before is not None:
            before += run
        whole[run[-1]] = joined
    place = {at: number for number, at in enumerate(kept)}
    for sequence in {id(each): each for each in whole.values()}.values():
        own, first, last = found[sequence[0]], place[sequence[0]], place[sequence[-1]]
        before_level = found[kept[first - 1]] if first else base
        cut = original[sequence[-1]] in INITIATORS
        after_level = base if cut or last + 1 == len(kept) else found[kept[last + 1]]
        yield sequence, "LR"[max(own, before_level) % 2], "LR"[max(own, after_level) % 2]


def weak(kinds: list[str], sequence: Sequence, start: str) -> None:
    """Rules W1 to W7: what numbers and the signs beside them are."""
    before = strong = start
    for at in sequence:
        if kinds[at] == "NSM":
            kinds[at] = "ON" if before in INITIATORS or before == "PDI" else before
        before = kinds[at]
    for at in sequence:
        if kinds[at] in STRONG:
            strong = kinds[at]
        elif kinds[at] == "EN" and strong == "AL":
            kinds[at] = "AN"
    for at in sequence:
        kinds[at] = "R" if kinds[at] == "AL" else kinds[at]
    for left, at, right in zip(sequence, sequence[1:], sequence[2:], strict=False):
        if kinds[left] == kinds[right] and (
            (kinds[at] == "CS" and kinds[left] in ("EN", "AN")) or (kinds[at] == "ES" and kinds[left] == "EN")
        ):
            kinds[at] = kinds[left]
    for order in (sequence, sequence[::-1]):
        before = ""
        for at in order:
            if kinds[at] == "ET" and before == "EN":
                kinds[at] = "EN"
            before = kinds[at]
    strong = start
    for at in sequence:
        if kinds[at] in ("ES", "ET", "CS"):
            kinds[at] = "ON"
        elif kinds[at] in ("L", "R"):
            strong = kinds[at]
        elif kinds[at] == "EN" and strong == "L":
            kinds[at] = "L"


def brackets(
    text: str, original: list[str], kinds: list[str], sequence: Sequence, level: int, start: str
) -> None:
    """Rule N0: a pair of brackets takes the direction of what it holds, or else of what is before it."""
    own, other = "LR"[level % 2], "RL"[level % 2]
    side = {"L": "L", "R": "R", "EN": "R", "AN": "R"}
    for first, last in pairs(text, kinds, sequence):
        inside = {side.get(kinds[at]) for at in sequence if first < at < last}
        before = next(
            (side[kinds[at]] for at in reversed(sequence) if at < first and kinds[at] in side), start
        )
        if own in inside:
            chosen = own
        elif other in inside:
            chosen = before
        else:
            continue
        for bracket in (first, last):
            kinds[bracket] = chosen
            for at in sequence[sequence.index(bracket) + 1 :]:
                if original[at] != "NSM":
                    break
                kinds[at] = chosen


def pairs(text: str, kinds: list[str], sequence: Sequence) -> list[tuple[int, int]]:
    """Definition BD16: the brackets that belong together, by where they open."""
    found: list[tuple[int, int]] = []
    open_: list[tuple[str, int]] = []
    for at in sequence:
        sign = SAME.get(text[at], text[at])
        if kinds[at] != "ON":
            continue
        if sign in OPENING:
            if len(open_) == 63:
                break
            open_.append((CLOSING[OPENING.index(sign)], at))
        elif sign in CLOSING:
            for number in range(len(open_) - 1, -1, -1):
                if open_[number][0] == sign:
                    found.append((open_[number][1], at))
                    del open_[number:]
                    break
    return sorted(found)


def neutral(kinds: list[str], sequence: Sequence, level: int, start: str, end: str) -> None:
    """Rules N1 and N2: signs between two of the same direction take it; others take that of the line."""
    at = 0
    while at < len(sequence):
        if kinds[sequence[at]] not in NEUTRAL:
            at += 1
            continue
        stop = at
        while stop < len(sequence) and kinds[sequence[stop]] in NEUTRAL:
            stop += 1
        before = kinds[sequence[at - 1]] if at else start
        after = kinds[sequence[stop]] if stop < len(sequence) else end
        sides = {"L" if kind == "L" else "R" for kind in (before, after)}
        for each in sequence[at:stop]:
            kinds[each] = sides.copy().pop() if len(sides) == 1 else "LR"[level % 2]
        at = stop


def trailing(original: list[str], found: list[int], base: int) -> None:
    """Rule L1: separators, and spaces before them or at the end of the line, have the level of the line."""
    blank = True
    for at in range(len(original) - 1, -1, -1):
        kind = original[at]
        if kind in ("B", "S"):
            found[at], blank = base, True
        elif kind == "WS" or kind in INITIATORS or kind == "PDI" or kind in REMOVED:
            found[at] = base if blank else found[at]
        else:
            blank = False
