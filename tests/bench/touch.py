"""From a touch to the first changed pixel, from outside under Xvfb, against a bare page in Chromium's kiosk mode.

Both windows have the same size and are touched in turn by the same finger (XTEST): the kiosk's Help key sinks under it,
the page's button has a div change its colour.
"""

import random
import sys
import time
from collections.abc import Iterator

from drivers.simulated.lane import SimulatedLane
from tests.bench import Row
from tests.bench.rig import Goods, Kiosk, configured, folder, percentile
from tests.bench.x11 import BUTTON, CHANGED, HEIGHT, Glass, chromium, glass, missing, server

SHARE = 0.25
OFF = (1500, 400)
"""A place without a key: a finger that slides there cancels."""


def touched(seen: Glass, at: tuple[int, int], area: tuple[int, int, int, int]) -> int:
    """Nanoseconds; the finger has left the glass again when this returns, beside the key."""
    seen.move(*at)
    time.sleep(0.05)
    took = seen.until_changed(area, lambda: seen.finger(True))
    seen.move(*OFF)
    seen.finger(False)
    return took


def key_of(kiosk: Kiosk, name: str) -> tuple[tuple[int, int], tuple[int, int, int, int]]:
    """Where to touch a key, and eight pixels of its fill."""
    kiosk.tell(f"where {name}")
    x, y, w, h = kiosk.until(lambda turn: turn["event"] == "where", "the key's place")["rect"]
    return (x + w // 2, y + h // 2), (x + 24, y + h // 2, 8, 8)


def rows(quick: bool) -> Iterator[Row]:
    if gone := missing("chromium"):
        print(f"  touch to pixel not measured: no {gone}", file=sys.stderr)
        return
    chance, ours, theirs = random.Random(1), [], []
    with folder() as place, SimulatedLane() as lane, server() as here, server() as there:
        Goods(150).stock(place / "catalogue.db")
        config = configured(place, lane, "scanner", driver="x11")
        with Kiosk(config, {"DISPLAY": here}) as kiosk, chromium(there, place):
            kiosk.until(lambda turn: "scanner" in turn["ready"], "the scanner")
            with glass(here) as kiosk_glass, glass(there) as page_glass:
                at, area = key_of(kiosk, "help")
                page_glass.until_still((0, 0, 900, HEIGHT), 2.0)
                for number in range(15 if quick else 100):
                    time.sleep(chance.uniform(0.15, 0.4))
                    kiosk_took = touched(kiosk_glass, at, area)
                    page_took = touched(page_glass, BUTTON, CHANGED)
                    if number > 2:
                        ours.append(kiosk_took / 1e6)
                        theirs.append(page_took / 1e6)
    us, them = percentile(ours, 95), percentile(theirs, 95)
    yield Row(
        what=f"touch to changed pixel, p95 of {len(ours)}, X11 1080p (p50 {percentile(ours, 50):.1f} ms)",
        goal="<= 1/4 of a bare page in Chromium",
        measured=f"{us:.1f} ms, page {them:.1f} ms (p50 {percentile(theirs, 50):.1f})",
        ratio=us / them,
        ok=us <= SHARE * them,
    )
