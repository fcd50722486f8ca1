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


def _pieces(run: Run) -> list[tuple[str, bool]]:
    """The words of a run with the spaces after them; True where a line must end."""
    found: list[tuple[str, bool]] = []
    for number, part in enumerate(run.text.split("\n")):
        if number:
            found.append(("", True))
        word = ""
        for sign in part:
            word += sign
            if sign in (" ", BREAK):
                found.append((word, False))
                word = ""
        if word:
            found.append((word, False))
    return found


def break_lines(pen: Pen, runs: Sequence[Run], width: float) -> list[Line]:
    """Greedy: a word goes to the next line when it does not fit any more; a word without space before it is
    kept with the one before."""
    whole = runs[0]
    if len(runs) == 1 and "\n" not in whole.text:
        text = whole.text.rstrip(" ")
        if (wide := pen.width(text, whole.font)) <= width:
            return [Line([Run(text, whole.font, whole.colour, whole.line)], wide)]
    lines = [Line([])]
    for run in runs:
        for word, ends in _pieces(run):
            if ends:
                lines.append(Line([]))
                continue
            line = lines[-1]
            bare = pen.width(word.rstrip(" "), run.font)
            may_break = line.runs and line.runs[-1].text[-1:] in (" ", BREAK)
            if may_break and line.width + bare > width + 0.5:
                lines.append(Line([]))
                line = lines[-1]
            if line.runs and same_style(line.runs[-1], run):
                last = line.runs[-1]
                line.runs[-1] = Run(last.text + word, run.font, run.colour, run.line)
            else:
                line.runs.append(Run(word, run.font, run.colour, run.line))
            line.width += pen.width(word, run.font)
    for line in lines:
        if line.runs:
            last = line.runs[-1]
            line.runs[-1] = Run(last.text.rstrip(" "), last.font, last.colour, last.line)
        else:
            line.runs.append(Run("", runs[0].font, runs[0].colour))
        line.width = sum(pen.width(run.text, run.font) for run in line.runs)
    return lines


def same_style(one: Run, other: Run) -> bool:
    return one.font == other.font and one.colour == other.colour and one.line == other.line
