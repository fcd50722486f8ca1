"""The lane monitor: one page without scripts or outside parts, drawn anew every five seconds."""

from collections.abc import Sequence
from datetime import UTC, datetime
from html import escape
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Row, func, select

from kiosk.wire import DeviceState
from store import alarms, anchors, asked, handovers, releases, value
from store.intake import UNFIT
from store.lanes import LaneState, all_lanes
from store.metrics import ALIVE
from store.tables import catalogue, conflicts, items, sales

LAST_SALES = 12
ALARMS = 10  # shown at one time, oldest first
STATES = {
    "idle": "Free",
    "shopping": "Scanning",
    "paying": "Paying",
    "finishing": "Receipt",
    "needs_help": "Needs a colleague",
    "closed": "Closed",
    "away": "Kiosk not running",
}
ALARM_WORDS = {
    "value_conflict": "Gift card or voucher",
    "value_released": "Reservation released",
    "refund_exceeds": "More given back than was paid",
    "wallet_refunded": "Phone payment came too late",
    "wallet_amount": "Phone payment of another amount",
    "wallet_unknown": "Phone payment that nobody asked for",
    "mail_not_sent": "Receipt not sent",
    "release_stopped": "A release was stopped",
    "basket_twice": "A basket set aside goes on at two checkouts",
}
_DECIMALS = {"JPY": 0, "KRW": 0, "ISK": 0, "KWD": 3, "BHD": 3, "TND": 3}
_TEMPLATE = Path(__file__).with_name("page.html").read_text(encoding="utf-8")


def monitor(db: Connection, now: int) -> str:
    """The page as HTML; `now` in milliseconds since 1970."""
    lanes = sorted(all_lanes(db), key=lambda lane: (not _calls(lane, now), lane.lane.store, lane.lane.lane))
    last = db.execute(
        select(sales.c.store, sales.c.lane, sales.c.number, sales.c.ended, sales.c.total, sales.c.currency)
        .order_by(sales.c.received.desc())
        .limit(LAST_SALES)
    ).all()
    version = db.execute(select(catalogue.c.version)).scalar_one()
    known = db.execute(select(func.count()).select_from(items).where(~items.c.gone)).scalar_one()
    disputed = db.execute(
        select(func.count()).select_from(conflicts).where(~conflicts.c.sale.startswith(UNFIT))
    ).scalar_one()
    summary = f"{known:,} products · catalogue version {version}".replace(",", "\u202f")
    slots = releases.notes(db)
    up = sum(_up(lane, now) for lane in lanes)
    parts = {
        "{{lanes}}": "".join(_tile(lane, now, slots.get(lane.lane, "")) for lane in lanes)
        or _empty("No lane yet. `store lane add 1`"),
        "{{asked}}": asked.rows(lanes, now),
        "{{sales}}": "".join(_sale(row) for row in last) or '<tr><td colspan="4">No sale yet.</td></tr>',
        "{{count}}": f"{up} of {len(lanes)} lanes connected",
        "{{summary}}": summary,
        "{{disputed}}": _disputed(disputed)
        + _ledgers(db)
        + "".join(_alarm(one, now) for one in alarms.open_alarms(db, ALARMS)),
        "{{held}}": _held(value.held(db, now)) + _waiting(handovers.waiting(db), now),
        "{{now}}": f"{datetime.fromtimestamp(now / 1000, UTC):%H:%M:%S} UTC",
    }
    html = _TEMPLATE
    for name, part in parts.items():
        html = html.replace(name, part)
    return html


def _up(lane: LaneState, now: int) -> bool:
    return lane.seen is not None and now - lane.seen <= ALIVE


def _calls(lane: LaneState, now: int) -> bool:
    return _up(lane, now) and lane.heartbeat is not None and lane.heartbeat.state == "needs_help"


def _empty(text: str) -> str:
    return f'<p class="empty">{escape(text)}</p>'


def _disputed(count: int) -> str:
    if not count:
        return ""
    word = "sale" if count == 1 else "sales"
    return f'<p class="alarm">{count} {word} came twice with different content. Both are kept.</p>'


def _alarm(one: alarms.Alarm, now: int) -> str:
    words = ALARM_WORDS.get(one.what, one.what.replace("_", " ").capitalize())
    lane = f"lane {one.lane.lane}, " if one.lane.lane else ""
    text = f"{words}: {one.detail} ({lane}{one.about}, {ago(now - one.at)} ago)"
    return f'<p class="alarm">{escape(text)}<small> store alarms clear {one.seq} --by NAME</small></p>'


def _held(found: list[value.Held]) -> str:
    """Gift cards, vouchers and wallets that lanes have reserved and not decided; nothing where there is none."""
    if not found:
        return ""
    rows = "".join(
        f"<tr><td>{ago(one.age)}</td><td>Lane {escape(one.lane.lane)}</td>"
        f"<td>{escape(one.kind.replace('_', ' '))} {escape('…' + one.last4 if one.last4 else one.state)}</td>"
        f'<td class="n"><b>{money(one.amount, one.currency)}\u202f{escape(one.currency)}</b></td></tr>'
        for one in found
    )
    return f"<h2>Reserved</h2><table>{rows}</table>"


def _waiting(rows: Sequence[Row[Any]], now: int) -> str:
    """Baskets that nobody has taken up yet: how long, where from, by what number; nothing where there is none."""
    if not rows:
        return ""
    found = "".join(
        f"<tr><td>{ago(now - row.at)}</td><td>Lane {escape(row.lane)}</td>"
        f"<td>{escape(row.code or row.id)}{' there only' if row.kept else ''}</td>"
        f'<td class="n"><b>{money(row.total, row.currency)}\u202f{escape(row.currency)}</b></td></tr>'
        for row in rows
    )
    return f"<h2>Set aside</h2><table>{found}</table>"


def _ledgers(db: Connection) -> str:
    return "".join(f'<p class="alarm">{escape(line)}</p>' for line in anchors.alarms(db))


def _tile(lane: LaneState, now: int, slot: str) -> str:
    name = f"{escape(lane.lane.lane)}<small>store {escape(lane.lane.store)}</small>"
    if not _up(lane, now) or lane.heartbeat is None:
        seen = "never seen" if lane.seen is None else f"last seen {ago(now - lane.seen)} ago"
        return (
            f'<article class="lane off"><h2>{name}</h2><p class="state">No contact</p><p>{seen}</p></article>'
        )
    beat = lane.heartbeat
    kind = beat.state if beat.state in STATES else "other"
    word = escape(STATES.get(beat.state, beat.state))
    notes = [f"for {ago(max(0, now - beat.since))}", f"software {escape(beat.version)}"]
    if slot:
        notes.append(escape(slot))
    if beat.queue:
        notes.append(f"{beat.queue} waiting to be sent")
    if not lane.open:
        notes.append(f"asked to close: {escape(lane.reason)}" if lane.reason else "asked to close")
    devices = "".join(_device(device) for device in beat.devices)
    return (
        f'<article class="lane {kind}"><h2>{name}</h2><p class="state">{word}</p>'
        f"<p>{' · '.join(notes)}</p><ul>{devices}</ul></article>"
    )


def _device(device: DeviceState) -> str:
    good = device.health == "ready"
    detail = f": {device.detail}" if device.detail else ""
    text = escape(device.name if good else f"{device.name} {device.health}{detail}")
    return f'<li class="{"good" if good else "bad"}">{"✓" if good else "!"} {text}</li>'


def ago(millis: int) -> str:
    """45 s, 12 min, 3 h"""
    seconds = millis // 1000
    if seconds < 120:
        return f"{seconds}\u202fs"
    return f"{seconds // 60}\u202fmin" if seconds < 7200 else f"{seconds // 3600}\u202fh"


def _sale(row: Any) -> str:
    when = datetime.fromtimestamp(row.ended / 1000, UTC)
    amount = f"{money(row.total, row.currency)}\u202f{escape(row.currency)}"
    return (
        f"<tr><td>{when:%H:%M}</td><td>Lane {escape(row.lane)}</td>"
        f'<td class="n">{row.number}</td><td class="n"><b>{amount}</b></td></tr>'
    )


def money(amount: int, currency: str) -> str:
    """Minor units in digits: 2468 EUR is 24.68."""
    places = _DECIMALS.get(currency, 2)
    sign, digits = "-" if amount < 0 else "", f"{abs(amount):0{places + 1}}"
    return f"{sign}{digits[:-places]}.{digits[-places:]}" if places else f"{sign}{digits}"
