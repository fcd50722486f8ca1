"""The rounds of the loop while everything moves: scans at hand speed, lines that rise, signals that sound, and speech.

Audio mode is begun by its key where the kiosk has one; a kiosk without a voice is measured as it is.
"""

import sys
import time
from collections.abc import Iterator

from drivers.simulated.lane import SimulatedLane
from tests.bench import Row
from tests.bench.rig import Goods, Kiosk, configured, folder, gtin, percentile

FRAME = 16.7  # ms
HAND = 0.3  # seconds from one scan to the next


def rows(quick: bool) -> Iterator[Row]:
    with folder() as place, SimulatedLane() as lane:
        goods = Goods(1000)
        goods.stock(place / "catalogue.db")
        with Kiosk(configured(place, lane, "scanner", "produce", "bag")) as kiosk:
            kiosk.until(lambda turn: {"scanner", "bag"} <= set(turn["ready"]), "the devices")
            speaking = speaks(kiosk)
            kiosk.tell("busy")
            kiosk.until(lambda turn: turn["event"] == "busy", "the first rounds")
            for number, item in enumerate(goods.basket(10 if quick else 60, 1), 1):
                lane.scanner.scan(f"{gtin(item):013d}")
                kiosk.until(lambda turn, n=number: turn["pieces"] == n, "a line")  # type: ignore[misc]
                time.sleep(HAND)
            kiosk.tell("busy")
            said = kiosk.until(lambda turn: turn["event"] == "busy", "the rounds")
    rounds, worked = said["rounds"], percentile(said["worked"], 99) / 1e6
    print(
        f"  of the rounds' p99 the processor worked {worked:.1f} ms; the rest waited for disk and neighbours"
    )
    worst, middle = percentile(rounds, 99) / 1e6, percentile(rounds, 50) / 1e6
    how = "speaking and animating" if speaking else "animating and beeping (no audio mode here)"
    yield Row(
        what=f"a round of the loop, {how}, p99 of {len(rounds)} (p50 {middle:.1f} ms)",
        goal=f"<= {FRAME} ms, a frame",
        measured=f"{worst:.1f} ms, longest {max(rounds) / 1e6:.1f} ms",
        ratio=worst / FRAME,
        ok=worst <= FRAME,
    )


def speaks(kiosk: Kiosk) -> bool:
    """Begin audio mode by its key, if there is one."""
    kiosk.tell("keypad audio")
    said = kiosk.until(lambda turn: turn["event"] == "keypad", "the keypad's answer")
    if not said["there"]:
        print("  no audio mode in this kiosk: its turns are measured without speech", file=sys.stderr)
    return bool(said["there"])
