"""Runs of words, broken into lines at spaces, and the boxes that they make."""

from collections.abc import Sequence
from math import floor

from msgspec import Struct

from screens.boxes import Box, Size
from screens.pen import ASCENT, DESCENT, Font, Pen
from screens.theme import Colour

BREAK = "\u200b"
"""Where a word may be broken without a space."""
UNITS = frozenset(("g", "kg", "mg", "ml", "cl", "dl", "l", "L", "cm", "m", "%", "€", "غ", "كغ", "ل"))
"""What a line may not begin with, after its number."""
TIMES = "×"


class Run(Struct, frozen=True, gc=False):
    """A stretch of words in one style. `line` is under, through or nothing."""

    text: str
    font: Font
    colour: Colour
    line: str = ""


class Line(Struct):
    runs: list[Run]
    width: float = 0


def words_of(runs: Sequence[Run]) -> list[list[Run]]:
    """The words of a paragraph, each with the spaces after it; a word may be of several runs. An empty word
    ends a line."""
    found: list[list[Run]] = [[]]
    for run in runs:
        for number, text in enumerate(run.text.split("\n")):
            if number:
                found += [[], []]
            start = 0
            for at, sign in enumerate(text, 1):
                if sign in (" ", BREAK) or (sign == "-" and text[at - 2 : at - 1].isalpha()):
                    found[-1].append(Run(text[start:at], run.font, run.colour, run.line))
                    found.append([])
                    start = at
            if text[start:]:
                found[-1].append(Run(text[start:], run.font, run.colour, run.line))
    return kept_together(found if found[-1] else found[:-1])


def kept_together(words: list[list[Run]]) -> list[list[Run]]:
    """A number and its unit never part, nor do the two sides of a ×."""
    found: list[list[Run]] = []
    for word in words:
        text = "".join(run.text for run in word).rstrip(" ")
        before = found[-1][-1].text if found and found[-1] else ""
        after_number = before[-2:-1].isdigit() and before.endswith(" ")
        if (after_number and (text in UNITS or text == TIMES)) or before == TIMES + " ":
            found[-1] = [*found[-1], *word]
        else:
            found.append(word)
    return found


def whole_lines(pen: Pen, runs: Sequence[Run]) -> list[Line]:
    """The lines of a paragraph that has all the width it wants: it ends them itself."""
    lines = [Line([])]
    for run in runs:
        for number, text in enumerate(run.text.split("\n")):
            if number:
                lines.append(Line([]))
            lines[-1].runs.append(Run(text, run.font, run.colour, run.line))
            lines[-1].width += pen.width(text, run.font)
    return lines


def bare(pen: Pen, word: list[Run]) -> float:
    """Width of a word without the spaces after it."""
    wide = sum(pen.width(part.text, part.font) for part in word)
    return (
        wide - pen.width(word[-1].text, word[-1].font) + pen.width(word[-1].text.rstrip(" "), word[-1].font)
    )


def parted(pen: Pen, word: list[Run], width: float) -> list[list[Run]]:
    """A word that is wider than a whole line, in pieces that are not; between letters they end in a hyphen."""
    if not word or bare(pen, word) <= width + 0.5:
        return [word]
    if len(word) > 1:
        return [piece for part in word for piece in parted(pen, [part], width)]
    run, found, rest = word[0], [], word[0].text
    while pen.width(rest.rstrip(" "), run.font) > width + 0.5 and len(rest) > 1:
        at = max(1, next((n for n in range(len(rest) - 1, 0, -1) if fits(pen, run, rest, n, width)), 1))
        found.append([Run(rest[:at] + hyphen(rest, at), run.font, run.colour, run.line)])
        rest = rest[at:]
    return [*found, [Run(rest, run.font, run.colour, run.line)]]


def fits(pen: Pen, run: Run, text: str, at: int, width: float) -> bool:
    """Whether the text up to there fits, and neither side of the break is a splinter."""
    whole = len(text.rstrip(" "))
    splinter = hyphen(text, at) and not (2 < at < whole - 2)
    return not splinter and pen.width(text[:at] + hyphen(text, at), run.font) <= width + 0.5


def hyphen(text: str, at: int) -> str:
    """What ends a line that breaks a word there: nothing in scripts that are written without spaces."""
    return "-" if text[at - 1].isalpha() and text[at].isalpha() and text[at - 1] < "\u0590" else ""


def break_lines(pen: Pen, runs: Sequence[Run], width: float, tight: bool = False) -> list[Line]:
    """Greedy: a word goes to the next line when it does not fit any more; `tight` parts those that fit on none."""
    lines = [Line([])]
    words = words_of(runs)
    for word in [part for each in words for part in parted(pen, each, width)] if tight else words:
        line = lines[-1]
        if not word or (line.runs and line.width + bare(pen, word) > width + 0.5):
            line = Line([])
            lines.append(line)
        for part in word:
            if line.runs and same_style(line.runs[-1], part):
                text = line.runs[-1].text + part.text
                line.runs[-1] = Run(text, part.font, part.colour, part.line)
            else:
                line.runs.append(part)
            line.width += pen.width(part.text, part.font)
    for line in lines:
        last = line.runs[-1] if line.runs else Run("", runs[0].font, runs[0].colour)
        line.runs[-1:] = [Run(last.text.rstrip(" "), last.font, last.colour, last.line)]
        line.width = sum(pen.width(run.text, run.font) for run in line.runs)
    return lines


def same_style(one: Run, other: Run) -> bool:
    return one.font == other.font and one.colour == other.colour and one.line == other.line


def smaller(run: Run, share: float) -> Run:
    """The same words at a share of their size."""
    font = Font(int(run.font.size * share), run.font.bold, run.font.tracking, run.font.cells)
    return Run(run.text, font, run.colour, run.line)


class Words(Box):
    """A paragraph: runs of text, broken at spaces. `high` is the line height in em; `lines` counts after
    `fit`."""

    runs: tuple[Run, ...]
    high: float = 1.2
    align: str = "start"
    tight: bool = False
    """Words that are wider than the paragraph are parted."""
    whole: list[Line] = []
    broken: dict[float, list[Line]] = {}

    def lines(self, pen: Pen, width: float) -> list[Line]:
        """The paragraph broken for a width; most are not broken at all."""
        if not self.whole:
            self.whole = whole_lines(pen, self.runs)
        if all(line.width <= width + 0.5 for line in self.whole):
            return self.whole
        if width not in self.broken:
            self.broken[width] = break_lines(pen, self.runs, width, self.tight)
        return self.broken[width]

    def line_height(self) -> float:
        return max(run.font.size for run in self.runs) * self.high

    def need(self, pen: Pen, width: float) -> Size:
        lines = self.lines(pen, width)
        return max(line.width for line in lines), len(lines) * self.line_height()

    def put(self, pen: Pen, x: float, y: float, w: float, h: float) -> None:
        high = self.line_height()
        lines = self.lines(pen, w)
        top = y + (h - len(lines) * high) / 2
        joins: str | None = None
        for line in lines:
            size = max(run.font.size for run in line.runs)
            ascent, descent = round(size * ASCENT), round(size * DESCENT)
            baseline = top + floor((high - ascent - descent) / 2) + ascent
            left = x + (
                0 if self.align == "start" else (w - line.width) / (2 if self.align == "centre" else 1)
            )
            for run in line.runs:
                wide = pen.width(run.text, run.font)
                if run.text.strip(" " + BREAK):
                    shown = run.text.replace(BREAK, "")
                    pen.words(left, top, wide, high, shown, run.font, run.colour, run.line, baseline, joins)
                    joins = ""
                left += wide
            top += high
            joins = " "


class Fitted(Box):
    """Big words, made smaller until they fit: `whole` lines, or only words that are too long by
    themselves. They grow no smaller than the `least` size: then lines break, and at last words."""

    words: Words
    whole: bool = True
    least: float = 0

    def shrunk(self, pen: Pen, width: float) -> Words:
        """The words at the size at which they fit."""
        words = self.words
        lines = words.lines(pen, 1e6 if self.whole else width)
        wide, size = max(line.width for line in lines), max(run.font.size for run in words.runs)
        if wide <= width + 0.5:
            return words
        share = min(1.0, max(width / wide, self.least / size))
        runs = tuple(smaller(run, share) for run in words.runs)
        tight = share > width / wide
        if tight and self.whole:
            return Fitted(Words(runs, words.high, words.align), False, self.least).shrunk(pen, width)
        return Words(runs, words.high, words.align, tight)

    def need(self, pen: Pen, width: float) -> Size:
        return self.shrunk(pen, width).fit(pen, width)

    def put(self, pen: Pen, x: float, y: float, w: float, h: float) -> None:
        self.shrunk(pen, w).put(pen, x, y, w, h)
