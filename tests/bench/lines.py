"""From the bytes of a scan to the first changed pixel of the slip, under Xvfb: with 60 lines against one, by language.

A product is scanned and taken out again, over and over, in a basket of one line and in one of sixty; the same products,
the same pauses.
"""

import random
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from drivers.simulated.lane import SimulatedLane
from kiosk.text import languages
from tests.bench import Row
from tests.bench.rig import Goods, Kiosk, configured, folder, gtin, percentile
from tests.bench.x11 import Glass, glass, missing, server

LONG = 60
TIMES = 2.0
SLIP = (40, 300, 1100, 600)
"""Where the newest line stands on a landscape panel: any of its pixels."""
RULES = "\nvoid_limit = 1000000\nvoid_value_limit = 1000000000\nidle_prompt = 100000000"


def rows(quick: bool) -> Iterator[Row]:
    if gone := missing():
        print(f"  scan to line with {LONG} lines not measured: no {gone}", file=sys.stderr)
        return
    spoken = ("en", "fr") if quick else languages()
    with folder() as place, SimulatedLane() as lane, server() as here:
        Goods(1000).stock(place / "catalogue.db")
        config = configured(place, lane, "scanner", driver="x11")
        let_take_out(config, spoken)
        with Kiosk(config, {"DISPLAY": here}) as kiosk, glass(here) as seen:
            kiosk.until(lambda turn: "scanner" in turn["ready"], "the scanner")
            samples = 30 if quick else 100
            scan(kiosk, lane, 1, 1)
            one = {language: sampled(kiosk, lane, seen, language, 1, samples) for language in spoken}
            for number in range(2, LONG + 1):
                scan(kiosk, lane, number, number)
            many = {language: sampled(kiosk, lane, seen, language, LONG, samples) for language in spoken}
    for language in spoken:
        yield judged(language, one[language], many[language])


def let_take_out(config: Path, spoken: tuple[str, ...]) -> None:
    """Shoppers of this shop may take out as much as they like, and speak all languages."""
    text = config.read_text().replace("[rules]", "[rules]" + RULES)
    names = ", ".join(f'"{language}"' for language in spoken)
    config.write_text(text.replace("[shop]", f"[shop]\nlanguages = [{names}]"))


def sampled(
    kiosk: Kiosk, lane: SimulatedLane, seen: Glass, language: str, lines: int, samples: int
) -> list[float]:
    """Milliseconds of so many scans into a basket of so many lines."""
    kiosk.tell(f"language {language}")
    kiosk.until(lambda turn: turn["event"] == "LanguageChosen", language)
    chance = random.Random(1)
    numbers = range(LONG + 1, LONG + 1 + samples)
    return [sample(kiosk, lane, seen, number, lines, chance) / 1e6 for number in numbers]


def judged(language: str, one: list[float], many: list[float]) -> Row:
    few, lots = percentile(one, 99), percentile(many, 99)
    middle = f"p50 {percentile(one, 50):.1f} and {percentile(many, 50):.1f}"
    return Row(
        what=f"scan to line, {LONG} lines, {language}, p99 of {len(one)} ({middle} ms)",
        goal="<= 2 x that with one line",
        measured=f"{lots:.1f} ms, one line {few:.1f} ms",
        ratio=lots / few,
        ok=lots <= TIMES * few,
    )


def scan(kiosk: Kiosk, lane: SimulatedLane, item: int, pieces: int) -> None:
    lane.scanner.scan(f"{gtin(item):013d}")
    kiosk.until(lambda turn: turn["pieces"] == pieces, "a line")


def sample(
    kiosk: Kiosk, lane: SimulatedLane, seen: Glass, item: int, pieces: int, chance: random.Random
) -> int:
    """Nanoseconds of one scan; its line is taken out again."""
    time.sleep(chance.uniform(0.3, 0.45))  # what moved has come to rest
    took = seen.until_changed(SLIP, lambda: lane.scanner.scan(f"{gtin(item):013d}") and None)
    kiosk.until(lambda turn: turn["pieces"] == pieces + 1, "a line")
    take_out(kiosk, pieces)
    return took


def take_out(kiosk: Kiosk, left: int) -> None:
    """The newest line goes again."""
    kiosk.tell("remove")
    kiosk.until(lambda turn: turn["pieces"] == left, "the line to go")
