"""Runs of words, broken into lines, and the boxes that they make."""

from collections.abc import Sequence
from functools import lru_cache
from math import floor

from msgspec import Struct

from kiosk.text.bidi import base_of, carried, towards, turns
from kiosk.text.breaks import BREAK, SEAMS, SOFT_HYPHEN, UNITS, pieces
from screens.boxes import Box, Size
from screens.pen import ASCENT, DESCENT, Font, Pen
from screens.theme import Colour

TIMES = "×"
TALL = (("\u0600", "\u06ff", 1.32), ("\u0900", "\u097f", 1.4))
"""Arabic and Devanagari: first and last character, and the least line height."""


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
            whole = list(pieces(text))
            for place, piece in enumerate(whole, 1):
                found[-1].append(Run(piece, run.font, run.colour, run.line))
                if place < len(whole) or piece.endswith(SEAMS):
                    found.append([])
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
    return in_one_direction(lines)


def bare(pen: Pen, word: list[Run]) -> float:
    """Width of a word without the spaces after it."""
    return sum(pen.width(ended(part.text), part.font) for part in word)


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
        line.runs[-1:] = [Run(ended(last.text), last.font, last.colour, last.line)]
        line.width = sum(pen.width(run.text, run.font) for run in line.runs)
    return in_one_direction(lines)


def ended(text: str) -> str:
    """The text as it stands at the end of a line: no space, and a hyphen where the word goes on."""
    text = text.rstrip(" ")
    return f"{text[:-1]}-" if text.endswith(SOFT_HYPHEN) else text


def in_one_direction(lines: list[Line]) -> list[Line]:
    """Words that go on in the next line keep the direction that they have as a whole."""
    at = 0
    while at < len(lines):
        end = at + 1
        while end < len(lines) and goes_on(lines[end - 1], lines[end]):
            end += 1
        if end > at + 1:
            ends = [lines[at].runs[-1], *(line.runs[0] for line in lines[at + 1 : end])]
            for number, text in enumerate(carried([run.text for run in ends])):
                run, place = ends[number], 0 if number else -1
                lines[at + number].runs[place] = Run(text, run.font, run.colour, run.line)
        at = end
    return lines


def goes_on(line: Line, after: Line) -> bool:
    """Whether a line's only or last words are those of the next line, too."""
    return (
        bool(line.runs and after.runs) and same_style(line.runs[-1], after.runs[0]) and len(after.runs) == 1
    )


@lru_cache(maxsize=2000)
def least_high(text: str) -> float:
    """The line height in em that a text's script needs: some have marks above and below their letters."""
    if text.isascii():
        return 0
    return max((high for first, last, high in TALL if any(first <= sign <= last for sign in text)), default=0)


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
        high = max(self.high, *(least_high(run.text) for run in self.runs))
        return max(run.font.size for run in self.runs) * high

    def need(self, pen: Pen, width: float) -> Size:
        lines = self.lines(pen, width)
        return max(line.width for line in lines), len(lines) * self.line_height()

    def put(self, pen: Pen, x: float, y: float, w: float, h: float) -> None:
        high = self.line_height()
        lines = self.lines(pen, w)
        top = y + (h - len(lines) * high) / 2
        joins: str | None = None
        base = base_of("".join(run.text for run in self.runs), pen.base)
        for line in lines:
            size = max(run.font.size for run in line.runs)
            ascent, descent = round(size * ASCENT), round(size * DESCENT)
            baseline = top + floor((high - ascent - descent) / 2) + ascent
            left = x + (
                0 if self.align == "start" else (w - line.width) / (2 if self.align == "centre" else 1)
            )
            against = base != pen.base
            left += line.width if against else 0
            for run in line.runs:
                wide = pen.width(run.text, run.font)
                left -= wide if against else 0
                if run.text.strip(" " + BREAK):
                    shown = run.text.replace(BREAK, "")
                    if len(line.runs) > 1 and (base or turns(shown)):
                        shown = towards(shown, base)
                    pen.words(left, top, wide, high, shown, run.font, run.colour, run.line, baseline, joins)
                    joins = ""
                left += 0 if against else wide
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
