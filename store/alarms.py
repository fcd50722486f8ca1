"""What about money does not fit: raised once, shown until a named person has seen to it, never forgotten."""

from msgspec import Struct
from sqlalchemy import Connection, func, insert, select, update

from store.lanes import Lane
from store.tables import alarms


class Alarm(Struct, frozen=True):
    """`what` is a word (value_conflict, refund_exceeds, wallet_refunded …), `about` an id, `at` in milliseconds."""

    seq: int
    at: int
    lane: Lane
    what: str
    about: str
    detail: str
    by: str = ""


def alarm(db: Connection, lane: Lane, what: str, about: str, detail: str, now: int) -> None:
    """Raise it, unless the very same has been raised before."""
    known = select(alarms.c.seq).where(
        alarms.c.what == what, alarms.c.about == about, alarms.c.detail == detail
    )
    if db.execute(known).first() is None:
        row = {"at": now, "store": lane.store, "lane": lane.lane, "what": what, "about": about}
        db.execute(insert(alarms).values(**row, detail=detail, by=""))


def clear(db: Connection, seq: int, by: str, now: int) -> bool:
    """Somebody has seen to it; False: there is no such open alarm."""
    still = update(alarms).where(alarms.c.seq == seq, alarms.c.cleared.is_(None))
    return db.execute(still.values(cleared=now, by=by)).rowcount > 0


def open_alarms(db: Connection, limit: int = 100) -> list[Alarm]:
    """Oldest first."""
    rows = db.execute(select(alarms).where(alarms.c.cleared.is_(None)).order_by(alarms.c.seq).limit(limit))
    return [
        Alarm(row.seq, row.at, Lane(row.store, row.lane), row.what, row.about, row.detail) for row in rows
    ]


def still_open(db: Connection) -> int:
    query = select(func.count()).select_from(alarms).where(alarms.c.cleared.is_(None))
    return int(db.execute(query).scalar_one())


def raised(db: Connection, what: str = "") -> int:
    """How many there ever were."""
    query = select(func.count()).select_from(alarms)
    return int(db.execute(query.where(alarms.c.what == what) if what else query).scalar_one())
