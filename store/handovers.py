"""Baskets that left their lane unpaid: in one hand at a time, from the lane's report until somebody has paid them.

A basket that was set aside is kept by its lane until a line of that lane's ledger lets it go; from then on it is given
to the first that asks, a till or a lane, for one request. The same request gets the same answer, so that a lost one
can be asked for again. A lane that has it may let it go again, and then that request is used up.
"""

import hashlib
from collections.abc import Sequence
from typing import Any

import msgspec
from sqlalchemy import ColumnElement, Connection, Row, select, update

from kiosk.units import Millis
from kiosk.wire import BasketGiven, HandedOver, TakeBasket, TakenOver
from kiosk.wire.baskets import Released, Resumed
from store.alarms import alarm
from store.basket_table import handovers
from store.intake import inserted
from store.lanes import Lane

h = handovers.c


class TakenError(Exception):
    """Another till or lane has it; says who."""


def keep(db: Connection, lane: Lane, basket: HandedOver) -> bool:
    """One more that waits, or is kept by its lane for now; it always fits."""
    row = {
        "id": basket.id,
        "store": lane.store,
        "lane": lane.lane,
        "at": basket.at,
        "currency": basket.currency,
        "total": basket.priced.total,
        "body": msgspec.json.encode(basket),
        "name": hashed(basket.name) if basket.name else None,
        "code": basket.code,
        "kept": bool(basket.name),
    }
    inserted(db, handovers, {**row, "by": "", "till": ""})
    return True


def release(db: Connection, lane: Lane, line: Released) -> bool:
    """Its lane, or the one that has it now, lets it go: whoever asks next may have it."""
    mine = (h.id == line.id, h.store == lane.store)
    here = h.kept & h.taken.is_(None) & (h.lane == lane.lane)
    db.execute(update(handovers).where(*mine, here).values(kept=False))
    db.execute(update(handovers).where(*mine, h.till == _till(lane)).values(taken=None, till="", by=""))
    return True


def resume(db: Connection, lane: Lane, line: Resumed, now: int) -> bool:
    """It goes on at a lane. One that goes on at two is told to a person: it may be paid twice."""
    till = _till(lane)
    free = update(handovers).where(h.id == line.id, h.store == lane.store, h.taken.is_(None))
    if not db.execute(free.values(taken=now, till=till, by=line.by)).rowcount:
        row = db.execute(select(h.till, h.by).where(h.id == line.id)).first()
        if row is not None and row.till != till:
            alarm(db, lane, "basket_twice", line.id, f"{row.till or row.by} has it, too", now)
    return True


def give(db: Connection, lane: Lane, asked: TakeBasket, now: int) -> BasketGiven:
    """The basket of that name or number, to that lane alone; or why not."""
    known = (h.name == hashed(asked.key)) | ((h.code == asked.key) & (h.code != ""))
    query = select(handovers).where(h.store == lane.store, known)
    rows = db.execute(query).all()
    old = next((row for row in rows if row.request == asked.request), None)
    if old is not None:
        ours = old.till == _till(lane)
        return _answer(asked, "yours" if ours else "taken", old)
    free = [row for row in rows if row.taken is None and not row.kept]
    if len(free) == 1:
        return _given(db, lane, asked, free[0], now)
    if free:
        return _answer(asked, "ambiguous")
    held = next((row for row in rows if row.taken is None), None)
    if held is not None:
        return _answer(asked, "kept", held)
    return _answer(asked, "taken", rows[-1]) if rows else _answer(asked, "unknown")


def _given(db: Connection, lane: Lane, asked: TakeBasket, row: Row[Any], now: int) -> BasketGiven:
    """Compare and set: of two that ask at once one is too late."""
    free: tuple[ColumnElement[bool], ...] = (h.id == row.id, h.taken.is_(None), ~h.kept)
    mine = {"taken": now, "till": _till(lane), "by": "", "request": asked.request}
    if not db.execute(update(handovers).where(*free).values(**mine)).rowcount:
        return _answer(asked, "taken", row)
    return _answer(asked, "yours", row)


def _answer(asked: TakeBasket, answer: Any, row: Row[Any] | None = None) -> BasketGiven:
    basket = msgspec.json.decode(row.body, type=HandedOver) if row is not None and answer == "yours" else None
    return BasketGiven(asked.request, answer, basket, row.lane if row is not None else "")


def hashed(name: str) -> bytes:
    """By what a basket is found: its name has 128 random bits, so one round of SHA-256 keeps it."""
    return hashlib.sha256(name.encode()).digest()


def _till(lane: Lane) -> str:
    return f"{lane.store}/{lane.lane}"


def show(db: Connection, id_: str) -> TakenOver | None:
    row = db.execute(select(handovers).where(h.id == id_)).first()
    if row is None:
        return None
    by = row.by or row.till if row.taken else ""
    return TakenOver(msgspec.json.decode(row.body, type=HandedOver), by, Millis(row.taken or 0))


def take(db: Connection, id_: str, till: str, by: str, now: int) -> TakenOver | None:
    """Take it over: once; the same person at the same till may ask again. TakenError: somebody else was quicker."""
    free = update(handovers).where(h.id == id_, h.taken.is_(None), ~h.kept)
    taken = db.execute(free.values(by=by, taken=now, till=till)).rowcount
    row = db.execute(select(handovers).where(h.id == id_)).first()
    if row is not None and row.taken is None:
        raise TakenError(f"lane {row.lane} keeps it: it can be taken up there")
    if row is not None and not taken and (row.by, row.till) != (by, till):
        raise TakenError(f"{row.by or 'a lane'} has taken it over at {row.till or 'the server'}")
    return show(db, id_)


def waiting(db: Connection) -> Sequence[Row[Any]]:
    """Baskets that nobody has taken yet, oldest first."""
    return db.execute(select(handovers).where(h.taken.is_(None)).order_by(h.at)).all()
