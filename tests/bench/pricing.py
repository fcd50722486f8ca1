"""How long a whole basket takes to price, in CPU time.

With OSCAR_PYTHON naming a Python that has tests/bench/requirements-oscar.txt, the same "3 for 2" baskets go
through django-oscar's Applicator in the same run, and the ratio is printed.
"""

import gc
import json
import os
import subprocess
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from time import process_time
from typing import TypeVar

from kiosk.pricing import Article, BuyNPayM, Context, Line, Offers, one_more, price
from kiosk.units import ItemId, LineNo, Minor
from tests.bench import Row
from tests.bench.rig import percentile
from tests.bench.shop import MEMBER, TAXES, Shop, Tangle

Result = TypeVar("Result")
MOST = 5.0  # ms


def timed(run: Callable[..., Result], *args: object) -> tuple[float, Result]:
    """Milliseconds, and what came back."""
    gc.collect()
    started = process_time()
    result = run(*args)
    return 1000 * (process_time() - started), result


def priced_times(shop: Shop, lines: int, baskets: int) -> tuple[list[float], int]:
    """Milliseconds of many baskets, each priced once (offers compiled before, as when a basket is opened); and
    of how many the result is not proven to be the best."""
    price(shop.basket(1), shop.offers, MEMBER)
    times, unproven = [], 0
    for _ in range(baskets):
        took, priced = timed(price, shop.basket(lines), shop.offers, MEMBER)
        times.append(took)
        unproven += not priced.proven
    return times, unproven


def hinted(shop: Shop, lines: int, baskets: int) -> list[float]:
    times = []
    for _ in range(baskets):
        basket = shop.basket(lines)
        times.append(timed(one_more, basket, shop.offers, MEMBER, basket[-1].no)[0])
    return times


def lines_of(
    basket: Sequence[tuple[ItemId, int, int]], groups: dict[ItemId, tuple[str, ...]]
) -> tuple[Line, ...]:
    return tuple(
        Line(
            no=LineNo(at),
            article=Article(id=item, price=Minor(amount), tax="A", groups=groups.get(item, ())),
            qty=qty,
        )
        for at, (item, amount, qty) in enumerate(basket, start=1)
    )


def against_oscar(python: str, lines: int, promotions: int, baskets: int) -> Row:
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
        took, priced = timed(price, lines_of(basket, groups), offers, Context(today="2026-05-14"))
        times.append(took)
        same += priced.total == total
        dearer += priced.total > total
    ours, oscar = percentile(times, 50), percentile(theirs["milliseconds"], 50)
    return Row(
        what=f"{lines} lines x {promotions} 3 for 2; {same} of {baskets} totals equal, {dearer} dearer",
        goal=f"<= 1/100 of {theirs['version']}",
        measured=f"{ours:.2f} ms, oscar {oscar:.0f} ms",
        ratio=ours / oscar,
        ok=100 * ours <= oscar,
    )


def rows(quick: bool) -> Iterator[Row]:
    baskets = 60 if quick else 300
    times, unproven = priced_times(Shop(200, seed=100), 100, baskets)
    middle, worst = percentile(times, 50), percentile(times, 99)
    yield Row(
        what=f"100 lines x 200 shop-like promotions, {baskets} baskets, {unproven} not proven best",
        goal=f"<= {MOST:.0f} ms",
        measured=f"p50 {middle:.2f} ms, p99 {worst:.2f} ms CPU",
        ratio=middle / MOST,
        ok=middle <= MOST,
    )
    hints = percentile(hinted(Shop(200, seed=1), 100, baskets), 50)
    yield Row(
        what="the hint of what one more would save, same size",
        goal=f"<= {MOST:.0f} ms",
        measured=f"p50 {hints:.2f} ms CPU",
        ratio=hints / MOST,
        ok=hints <= MOST,
    )
    tangles = [(20, 8), (50, 20)] if quick else [(20, 8), (50, 8), (20, 20), (50, 20), (100, 20)]
    for lines, promotions in tangles:
        times, unproven = priced_times(Tangle(promotions, seed=lines), lines, 10)
        worst = max(times)
        print(
            f"  all overlap, {lines} lines x {promotions}: p50 {percentile(times, 50):.1f} ms, max {worst:.1f} ms, "
            f"not proven {unproven} of 10"
        )
    python = os.environ.get("OSCAR_PYTHON")
    if python:
        yield against_oscar(python, 100, 20, 1 if quick else 5)
    else:
        print("  django-oscar not measured: OSCAR_PYTHON is not set")
