"""From the last byte of a scan to the flipped frame, the durable journal included, against a bare fdatasync."""

import random
import time
from collections.abc import Iterator

from drivers.simulated.lane import SimulatedLane
from tests.bench import Row
from tests.bench.rig import Floor, Goods, Kiosk, configured, folder, gtin, pay, percentile

ITEMS = 100_000
FIRST, LAST = 5, 15  # the scans of each basket that count


def measured(driver: str, baskets: int, lane: SimulatedLane) -> tuple[list[int], list[dict[str, int]], Floor]:
    """Nanoseconds of each scan with the loop's own timing of it, and of as many fdatasyncs between them."""
    chance = random.Random(1)
    with folder() as place:
        goods, floor = Goods(ITEMS), Floor(place)
        goods.stock(place / "catalogue.db")
        times: list[int] = []
        parts: list[dict[str, int]] = []
        with Kiosk(configured(place, lane, "scanner", "terminal", driver=driver)) as kiosk:
            kiosk.until(lambda turn: {"scanner", "terminal"} <= set(turn["ready"]), "the devices")
            for basket in range(baskets):
                for number, item in enumerate(goods.basket(LAST, basket)):
                    time.sleep(chance.uniform(0.05, 0.25))
                    floor.sync()
                    time.sleep(0.01)
                    sent = time.monotonic_ns()
                    lane.scanner.scan(f"{gtin(item):013d}")
                    turn = kiosk.until(lambda turn: turn["event"] == "Scanned", "a line")
                    assert turn["pieces"] == number + 1, "a scan did not become a line"
                    if number >= FIRST:
                        times.append(turn["glass"] - sent)
                        parts.append(turn)
                pay(kiosk, lane)
        floor.close()
        return times, parts, floor


def rows(quick: bool) -> Iterator[Row]:
    for driver in ("dummy", "offscreen"):
        with SimulatedLane() as lane:
            times, parts, floor = measured(driver, 3 if quick else 12, lane)
        yield from judged(driver, times, floor.times)
        print(
            "  of that:", ", ".join(f"{name} {value:.2f}" for name, value in shares(parts).items()), "ms p50"
        )
        if quick:
            return


def shares(parts: list[dict[str, int]]) -> dict[str, float]:
    """The middle of each stretch of the way, milliseconds."""
    ways = {
        "decided": lambda turn: turn["decided"],
        "durable": lambda turn: turn["durable"] - turn["decided"],
        "flipped": lambda turn: turn["shown"] - turn["durable"],
    }
    return {name: percentile([way(turn) for turn in parts], 50) / 1e6 for name, way in ways.items()}


def judged(driver: str, times: list[int], floor: list[int]) -> Iterator[Row]:
    for share, slack in ((50, 0.0), (99, 5.0)):
        got, base = percentile(times, share) / 1e6, percentile(floor, share) / 1e6
        yield Row(
            what=f"scan to glass, p{share} of {len(times)}, {driver} 1080p",
            goal=f"<= 1.6 x fdatasync{' + 5 ms' if slack else ''}",
            measured=f"{got:.2f} ms, fdatasync {base:.2f} ms",
            ratio=got / base,
            ok=got <= 1.6 * base + slack,
        )
