"""The curve of the weight check: what it misses against whom it disturbs, drawn from a trial's figures.

kiosk weight trial --deciders learned:-1,learned:0,learned:1,fixed25,fixed50 … > trial.json
python -m tests.weight.curve trial.json curve.png
"""

import sys
from math import log10
from pathlib import Path

import msgspec
from PIL import Image, ImageDraw, ImageFont

from kiosk.text.fonts import LATIN, face

WIDE, HIGH, FINE = 1600, 1100, 2  # pixels, and how many times finer it is drawn
LEFT, RIGHT, TOP, BOTTOM = 170, 80, 240, 150
PAPER, INK, SOFT, GRID = "#fbfaf7", "#22313a", "#66757d", "#e3e1da"
LEARNED, PALE, FIXED, FIXED_PALE = "#0b6e6e", "#57a5a0", "#c2571a", "#e3a583"
FIXED_ONES = {"fixed50": ("50 g or 10 %", -1), "fixed25": ("25 g or 5 %", 1)}
"""What they accept, and on which side of the point it is written."""
TICKS = (1, 2, 5, 10, 20, 50, 100, 200, 500)


class Figures(msgspec.Struct):
    """Of one check: false alarms per 100 visits, and what share of wrong things was missed, was undetected."""

    alarms: float
    missed: float
    undetected: float


def read(path: Path) -> tuple[dict[str, Figures], str]:
    """Each check's figures, the learned ones by threshold, and in words what was tried."""
    told = msgspec.json.decode(path.read_bytes())
    parts = {name: check["all"] for name, check in told["same_packs"].items() if "all" in check}
    order = sorted(parts, key=lambda name: float(name.partition(":")[2] or 0))
    found = {
        name: Figures(
            parts[name]["false_alarms_per_100_baskets"],
            parts[name]["deeds"]["missed_rate"],
            parts[name]["deeds"]["undetected_rate"],
        )
        for name in order
    }
    deeds = next(iter(parts.values()))["deeds"]["events"]
    return (
        found,
        f"{len(told['seeds'])} shops x {told['baskets']:,} visits from the first one on, {deeds:,} wrong deeds",
    )


class Chart:
    """A picture with a logarithmic axis across and a linear one up; coordinates are figures."""

    def __init__(self, figures: dict[str, Figures]) -> None:
        self.image = Image.new("RGB", (WIDE * FINE, HIGH * FINE), PAPER)
        self.draw = ImageDraw.Draw(self.image)
        alarms = [one.alarms for one in figures.values()]
        self.least = max(tick for tick in TICKS if tick <= max(1.0, min(alarms)))
        self.most = min(tick for tick in TICKS if tick >= max(alarms))
        self.top = 0.1 * (1 + int(10 * max(one.missed for one in figures.values())))

    def at(self, alarms: float, share: float) -> tuple[float, float]:
        across = log10(max(alarms, self.least) / self.least) / log10(self.most / self.least)
        x = LEFT + across * (WIDE - LEFT - RIGHT)
        return x * FINE, (HIGH - BOTTOM - share / self.top * (HIGH - TOP - BOTTOM)) * FINE

    def text(
        self, xy: tuple[float, float], words: str, size: int, fill: str, anchor: str, bold: bool = False
    ) -> None:
        found = face(LATIN, bold)
        assert found, "the font package of the test environment"
        self.draw.text(xy, words, fill, ImageFont.truetype(str(found.path), size * FINE), anchor)

    def axes(self) -> None:
        for tick in [tick for tick in TICKS if self.least <= tick <= self.most]:
            x, y = self.at(tick, 0)
            self.draw.line([(x, y), (x, self.at(tick, self.top)[1])], GRID, 2 * FINE)
            self.text((x, y + 16 * FINE), str(tick), 30, SOFT, "ma")
        for tenth in range(round(10 * self.top) + 1):
            x, y = self.at(self.least, tenth / 10)
            self.draw.line([(x, y), (self.at(self.most, 0)[0], y)], GRID, 2 * FINE)
            self.text((x - 18 * FINE, y), f"{10 * tenth} %", 30, SOFT, "rm")
        self.text((60 * FINE, (TOP - 38) * FINE), "share of all wrong deeds", 32, INK, "ls")
        middle = (LEFT + WIDE - RIGHT) / 2 * FINE
        self.text((middle, (HIGH - 36) * FINE), "false alarms per 100 visits", 32, INK, "ms")

    def curve(self, points: list[tuple[float, float]], colour: str, wide: int) -> None:
        places = [self.at(*point) for point in points]
        self.draw.line(places, colour, wide * FINE, "curve")
        for place in places:
            self.dot(place, colour, wide + 5)

    def dot(self, place: tuple[float, float], colour: str, radius: int) -> None:
        self.draw.circle(place, (radius + 3) * FINE, PAPER)
        self.draw.circle(place, radius * FINE, colour)

    def save(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self.image.resize((WIDE, HIGH), Image.Resampling.LANCZOS).quantize(128).save(path, optimize=True)


def picture(figures: dict[str, Figures], tried: str) -> Chart:
    chart = Chart(figures)
    chart.text(
        (60 * FINE, 42 * FINE), "What the weight check misses, and whom it disturbs", 44, INK, "la", True
    )
    chart.text((60 * FINE, 104 * FINE), f"{tried}; down and to the left is better", 30, SOFT, "la")
    chart.axes()
    learned = {name: one for name, one in figures.items() if name.startswith("learned")}
    chart.curve([(one.alarms, one.undetected) for one in learned.values()], PALE, 6)
    chart.curve([(one.alarms, one.missed) for one in learned.values()], LEARNED, 7)
    for name, one in learned.items():
        x, y = chart.at(one.alarms, one.missed)
        tau = name.partition(":")[2] or "0"
        chart.text((x + 8 * FINE, y - 20 * FINE), f"tau {tau}".replace("-", "−"), 28, LEARNED, "ls", True)
    for name, (accepts, side) in FIXED_ONES.items():
        if name in figures:
            _fixed(chart, figures[name], accepts, side)
    _said_of_the_lines(chart, next(iter(learned.values())))
    return chart


def _fixed(chart: Chart, one: Figures, accepts: str, side: int) -> None:
    ends = [chart.at(one.alarms, share) for share in (one.missed, one.undetected)]
    chart.draw.line(ends, FIXED, 3 * FINE)
    for place, colour in zip(ends, (FIXED, FIXED_PALE), strict=True):
        chart.dot(place, colour, 13)
    x, y = ends[0]
    anchor = "ls" if side > 0 else "rs"
    chart.text((x + side * 24 * FINE, y - 2 * FINE), "fixed", 30, FIXED, anchor, True)
    chart.text((x + side * 24 * FINE, y + 30 * FINE), accepts, 26, SOFT, anchor)


def _said_of_the_lines(chart: Chart, last: Figures) -> None:
    """What the two lines are, where they end on the right."""
    for share, colour, name, about in (
        (last.missed, LEARNED, "learned: missed", "still wrong at the door"),
        (last.undetected, PALE, "undetected", "of these, nobody looked at it"),
    ):
        x, y = chart.at(last.alarms, share)
        chart.text((x + 22 * FINE, y + 26 * FINE), name, 30, colour, "ls", True)
        chart.text((x + 22 * FINE, y + 58 * FINE), about, 26, SOFT, "ls")


if __name__ == "__main__":
    source, target = map(Path, sys.argv[1:])
    picture(*read(source)).save(target)
