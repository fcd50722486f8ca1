"""Baskets that are paid at a staffed till: kept from the lane's report until one till takes each over, once."""

from collections.abc import Sequence
from typing import Any

import msgspec
from sqlalchemy import Connection, Row, select, update

from kiosk.units import Millis
from kiosk.wire import HandedOver, TakenOver
from store.intake import inserted
from store.lanes import Lane
from store.tables import handovers


class TakenError(Exception):
    """Another till has it; says who."""


def keep(db: Connection, lane: Lane, basket: HandedOver) -> bool:
    """One more that waits; it always fits."""
    row = {
        "id": basket.id,
        "store": lane.store,
        "lane": lane.lane,
        "at": basket.at,
        "currency": basket.currency,
        "total": basket.priced.total,
        "body": msgspec.json.encode(basket),
    }
    inserted(db, handovers, {**row, "by": "", "till": ""})
    return True


def show(db: Connection, id_: str) -> TakenOver | None:
    row = db.execute(select(handovers).where(handovers.c.id == id_)).first()
    if row is None:
        return None
    return TakenOver(msgspec.json.decode(row.body, type=HandedOver), row.by, Millis(row.taken or 0))


def take(db: Connection, id_: str, till: str, by: str, now: int) -> TakenOver | None:
    """Take it over: once; the same person at the same till may ask again. TakenError: somebody else was quicker."""
    free = update(handovers).where(handovers.c.id == id_, handovers.c.taken.is_(None))
    taken = db.execute(free.values(by=by, taken=now, till=till)).rowcount
    row = db.execute(select(handovers.c.by, handovers.c.till).where(handovers.c.id == id_)).first()
    if row is not None and not taken and (row.by, row.till) != (by, till):
        raise TakenError(f"{row.by} has taken it over at {row.till or 'the server'}")
    return show(db, id_)


def waiting(db: Connection) -> Sequence[Row[Any]]:
    """Baskets that nobody has taken yet, oldest first."""
    h = handovers.c
    return db.execute(select(handovers).where(h.taken.is_(None)).order_by(h.at)).all()
