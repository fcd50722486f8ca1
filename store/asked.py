"""What shoppers wait for at all lanes, as one list: the gravest first, and of equals who has waited longest."""

from collections.abc import Iterable
from html import escape

from kiosk.wire import Asked
from store.lanes import Lane, LaneState
from store.metrics import ALIVE

WORDS = {
    "weight.unexpected": "Bag: something more",
    "weight.mismatch": "Bag: another weight",
    "weight.missing": "Bag: something is not in it",
    "weight.removed": "Bag: something was lifted out",
    "bag.own": "Bag: a heavy one of their own",
    "bag.skip_limit": "May it stay out of the bag?",
    "age.restricted": "Proof of age",
    "sale.restricted": "Not sold at this hour, or not so many",
    "item.security_tag": "A tag to take off",
    "item.qty_limit": "Many of one product",
    "item.not_found": "Code not in the catalogue",
    "item.price_required": "An item without a price",
    "item.recalled": "On the recall list",
    "item.expired": "Past its date",
    "item.best_before": "Best before is past",
    "item.date_unsure": "The clock is off. Is its date good?",
    "item.sold_before": "Serial sold before",
    "item.void_limit": "A line to remove",
    "price.dispute": "The shelf says less",
    "coupon.check": "A coupon to look at",
    "audit.random": "A rescan, by chance",
    "audit.risk": "A rescan",
    "help.requested": "Help",
    "help.accessibility": "Help, with an easier screen",
    "payment.unknown_result": "What does the terminal say?",
    "payment.declined_repeat": "Declined again and again",
    "deposit.voucher_invalid": "A deposit slip without value",
    "idle.abandoned": "Nobody has moved for a while",
}


def waiting(lanes: Iterable[LaneState], now: int) -> list[tuple[Lane, Asked]]:
    """Every open question of the lanes that are up."""
    up = (each for each in lanes if each.seen is not None and now - each.seen <= ALIVE)
    found = [
        (each.lane, asked) for each in up if each.heartbeat is not None for asked in each.heartbeat.asked
    ]
    return sorted(found, key=lambda one: (-one[1].severity, one[1].since))


def rows(lanes: Iterable[LaneState], now: int) -> str:
    """The list as rows of a table; nothing where nobody waits."""
    found = "".join(_row(lane, asked, now) for lane, asked in waiting(lanes, now))
    return (
        f'<section class="slip wait"><h2>Shoppers wait</h2><table>{found}</table></section>' if found else ""
    )


def _row(lane: Lane, asked: Asked, now: int) -> str:
    """Paler where a colleague is there already."""
    seen, there = (" seen", "a colleague is there") if asked.seen else ("", "")
    return (
        f'<tr class="s{asked.severity}{seen}"><td>{clock(now - asked.since)}</td>'
        f"<td><b>Lane {escape(lane.lane)}</b></td>"
        f"<td>{escape(WORDS.get(asked.code, asked.code))}</td><td>{there}</td></tr>"
    )


def clock(millis: int) -> str:
    """0:41, as somebody who waits counts."""
    seconds = max(0, millis) // 1000
    return f"{seconds // 60}:{seconds % 60:02}"
