"""Runs of words, broken into lines at spaces."""

from collections.abc import Sequence

from msgspec import Struct

from screens.pen import Font, Pen
from screens.theme import Colour

BREAK = "\u200b"
"""Where a word may be broken without a space."""


class Run(Struct, frozen=True):
    """A stretch of words in one style. `line` is under, through or nothing."""

    text: str
    font: Font
    colour: Colour
    line: str = ""


class Line(Struct):
    runs: list[Run]
    width: float = 0


def words_of(runs: Sequence[Run]) -> list[list[Run]]:
    """The words of a paragraph, each with the spaces after it; a word may be of several runs. An empty word ends a
    line."""
    found: list[list[Run]] = [[]]
    for run in runs:
        for number, text in enumerate(run.text.split("\n")):
            if number:
                found += [[], []]
            start = 0
            for at, sign in enumerate(text, 1):
                if sign in (" ", BREAK):
                    found[-1].append(Run(text[start:at], run.font, run.colour, run.line))
                    found.append([])
                    start = at
            if text[start:]:
                found[-1].append(Run(text[start:], run.font, run.colour, run.line))
    return found if found[-1] else found[:-1]


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


def break_lines(pen: Pen, runs: Sequence[Run], width: float) -> list[Line]:
    """Greedy: a word goes to the next line when it does not fit any more."""
    lines = [Line([])]
    for word in words_of(runs):
        line = lines[-1]
        bare = sum(pen.width(part.text.rstrip(" "), part.font) for part in word)
        if not word or (line.runs and line.width + bare > width + 0.5):
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
