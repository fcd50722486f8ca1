"""What the kiosk's process weighs with 100,000 items in its catalogue, and by how much a thousand sales add to it."""

from collections.abc import Iterator

from drivers.simulated.lane import SimulatedLane
from tests.bench import Row
from tests.bench.rig import Goods, Kiosk, configured, folder, gtin, pay, pss

ITEMS, PIECES, MOST = 100_000, 1, 120
LIVE_IN = 100  # sales until caches that have a bound may be full


def rows(quick: bool) -> Iterator[Row]:
    sales = 30 if quick else 1000
    with folder() as place, SimulatedLane() as lane:
        goods = Goods(ITEMS)
        goods.stock(place / "catalogue.db")
        with Kiosk(configured(place, lane, "scanner", "terminal")) as kiosk:
            kiosk.until(lambda turn: {"scanner", "terminal"} <= set(turn["ready"]), "the devices")
            seen = [pss(kiosk.pid)]
            for sale in range(sales):
                for number, item in enumerate(goods.basket(PIECES, sale), 1):
                    lane.scanner.scan(f"{gtin(item):013d}")
                    kiosk.until(lambda turn, n=number: turn["pieces"] == n, "a line")  # type: ignore[misc]
                pay(kiosk, lane)
                seen.append(pss(kiosk.pid))
    begin = min(LIVE_IN, sales // 2)
    growth = (seen[-1] - seen[begin]) * 1000 / (sales - begin)
    yield Row(
        what=f"PSS after {sales} sales, {ITEMS} items, 1080p (at the start {seen[0]:.0f} MB)",
        goal=f"<= {MOST} MB",
        measured=f"{seen[-1]:.1f} MB",
        ratio=seen[-1] / MOST,
        ok=seen[-1] <= MOST,
    )
    yield Row(
        what=f"PSS growth from sale {begin} to {sales}",
        goal="< 1 MB per 1000 sales",
        measured=f"{growth:.2f} MB per 1000",
        ratio=None,
        ok=growth < 1,
    )
