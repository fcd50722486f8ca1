"""How long a whole basket takes to price, in CPU time: `python -m tests.bench.pricing`.

With OSCAR_PYTHON naming a Python that has tests/bench/requirements-oscar.txt, the same "3 for 2" baskets go
through django-oscar's Applicator in the same run, and the ratio is printed.
"""

import gc
import json
import os
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from time import process_time
from typing import TypeVar

from kiosk.pricing import Article, BuyNPayM, Context, Line, Offers, one_more, price
from kiosk.units import ItemId, LineNo, Minor
from tests.bench.shop import MEMBER, TAXES, Shop, Tangle

Result = TypeVar("Result")


def timed(run: Callable[..., Result], *args: object) -> tuple[float, Result]:
    """Milliseconds, and what came back."""
    gc.collect()
    started = process_time()
    result = run(*args)
    return 1000 * (process_time() - started), result


def spread(times: Sequence[float]) -> str:
    ordered = sorted(times)
    p50, p99 = ordered[len(ordered) // 2], ordered[min(len(ordered) - 1, 99 * len(ordered) // 100)]
    return f"p50 {p50:7.2f} ms   p99 {p99:7.2f} ms   max {ordered[-1]:7.2f} ms"


def measured(shop: Shop, lines: int, baskets: int) -> str:
    """Price many baskets, each once (offers compiled before, as when a basket is opened)."""
    price(shop.basket(1), shop.offers, MEMBER)
    times, unproven, nodes = [], 0, 0
    for _ in range(baskets):
        took, priced = timed(price, shop.basket(lines), shop.offers, MEMBER)
        times.append(took)
        unproven += not priced.proven
        nodes = max(nodes, priced.nodes)
    return f"{spread(times)}   most nodes {nodes:6}   not proven {unproven} of {baskets}"


def hinted(shop: Shop, lines: int, baskets: int) -> str:
    times = []
    for _ in range(baskets):
        basket = shop.basket(lines)
        times.append(timed(one_more, basket, shop.offers, MEMBER, basket[-1].no)[0])
    return spread(times)


def against_oscar(python: str, lines: int, promotions: int, baskets: int) -> str:
    """The same 3-for-2 baskets through django-oscar; it groups by its own rule, so a few totals differ."""
    shop = Shop(promotions + 6, seed=7)
    ranges = [some[:5] for some in shop.ranges]
    groups = {article.id: (f"range{at}",) for at, some in enumerate(ranges) for article in some}
    own = tuple(BuyNPayM(id=f"P{at:03}", n=3, m=2, groups=(f"range{at}",)) for at in range(promotions))
    offers = Offers(promotions=own, taxes=TAXES)
    chosen = [
        [(line.article.id, line.article.price or 1, line.qty) for line in shop.basket(lines) if line.article]
        for _ in range(baskets)
    ]
    work = {
        "products": sorted({(item, amount) for basket in chosen for item, amount, _ in basket}),
        "offers": [[article.id for article in some] for some in ranges],
        "baskets": [[(item, qty) for item, _, qty in basket] for basket in chosen],
    }
    peer = Path(__file__).with_name("oscar_peer.py")
    run = subprocess.run([python, peer], input=json.dumps(work), capture_output=True, text=True, check=True)
    theirs = json.loads(run.stdout)
    times, same, dearer = [], 0, 0
    for basket, total in zip(chosen, theirs["totals"], strict=True):
        mine = tuple(
            Line(
                no=LineNo(at),
                article=Article(id=ItemId(item), price=Minor(amount), tax="A", groups=groups.get(item, ())),
                qty=qty,
            )
            for at, (item, amount, qty) in enumerate(basket, start=1)
        )
        took, priced = timed(price, mine, offers, Context(today="2026-05-14"))
        times.append(took)
        same += priced.total == total
        dearer += priced.total > total
    ratio = sorted(theirs["milliseconds"])[baskets // 2] / sorted(times)[baskets // 2]
    return (
        f"ours          {spread(times)}\n"
        f"django-oscar  {spread(theirs['milliseconds'])}   {theirs['version']}\n"
        f"ratio of medians {ratio:.0f}; equal totals {same} of {baskets}, ours dearer in {dearer}"
    )


def main() -> int:
    for lines in (20, 50, 100):
        print(f"shop-like, {lines:3} lines x 200 promotions   {measured(Shop(200, seed=lines), lines, 300)}")
    print(f"one_more,  100 lines x 200 promotions   {hinted(Shop(200, seed=1), 100, 300)}")
    for lines, promotions in ((20, 8), (50, 8), (20, 20), (50, 20), (100, 20)):
        times = measured(Tangle(promotions, seed=lines), lines, 10)
        print(f"all overlap, {lines:3} lines x {promotions:2} promotions  {times}")
    python = os.environ.get("OSCAR_PYTHON")
    if python:
        print(against_oscar(python, 100, 20, 5))
    else:
        print("django-oscar not measured: OSCAR_PYTHON is not set", file=sys.stderr)
    return 0


if __name__ == "__main__":
    sys.exit(main())
