"""The signed lines of each lane's ledger: with them a tail that was cut, or a disk rolled back, shows.

`kiosk journal verify --anchors` takes what `store anchors` prints. A lane whose lines begin again at lower numbers, or
say something else than before, is an alarm here, too.
"""

from collections.abc import Callable
from typing import Any

import msgspec
from msgspec import Struct
from sqlalchemy import Connection, Row, Select, and_, func, select

from kiosk.wire import Record
from store.intake import insert_once
from store.lanes import Lane
from store.tables import anchors, conflicts

SIGNED = ("anchor", "closing")
SHOWN = 5


class Said(Struct, frozen=True):
    """What the body of a signed line says of itself."""

    journal: str
    key: str
    sold: int
    refunded: int


class Anchor(Struct, frozen=True):
    """One signed line, as it is printed."""

    journal: str
    number: int
    at: int
    hash: str
    key: str
    signature: str
    sold: int
    refunded: int
    received: int


def kept(lane: Lane, record: Record, received: int) -> Callable[[Connection], bool] | None:
    """What has to be done in the commit that stores a signed line; None for others. Raises msgspec.ValidationError."""
    if record.kind not in SIGNED or not record.signature:
        return None
    said = msgspec.convert(record.body, Said)
    return lambda db: _keep(db, lane, record, said, received)


def _keep(db: Connection, lane: Lane, record: Record, said: Said, received: int) -> bool:
    mine = and_(anchors.c.store == lane.store, anchors.c.lane == lane.lane, anchors.c.journal == said.journal)
    highest = db.execute(select(func.max(anchors.c.number)).where(mine)).scalar()
    row = {
        "store": lane.store,
        "lane": lane.lane,
        "number": record.number,
        "at": record.at,
        "hash": record.hash,
        "signature": record.signature,
        "received": received,
        "behind": highest if highest is not None and highest > record.number else None,
        **msgspec.structs.asdict(said),
    }
    db.execute(insert_once(db, anchors), row)
    return True


def of_lane(db: Connection, lane: Lane) -> list[Anchor]:
    """All of a lane, oldest first."""
    mine = and_(anchors.c.store == lane.store, anchors.c.lane == lane.lane)
    order = (anchors.c.received, anchors.c.journal, anchors.c.number)
    columns = [anchors.c[name] for name in Anchor.__struct_fields__]
    return [Anchor(*row) for row in db.execute(select(*columns).where(mine).order_by(*order))]


def alarms(db: Connection) -> list[str]:
    """What does not fit, newest first, in sentences for people."""
    found = select(anchors).where(anchors.c.behind.is_not(None)).order_by(anchors.c.received.desc())
    rolled = [_rolled(row) for row in db.execute(found.limit(SHOWN))]
    twice = _twice().order_by(conflicts.c.seq.desc()).limit(SHOWN)
    return rolled + [f"Two ledger lines say different things: {name}" for (name,) in db.execute(twice)]


def count(db: Connection) -> int:
    """How many things have not fitted so far."""
    rolled = select(func.count()).select_from(anchors).where(anchors.c.behind.is_not(None))
    twice = select(func.count()).select_from(_twice().subquery())
    return int(db.execute(rolled).scalar_one()) + int(db.execute(twice).scalar_one())


def _twice() -> Select[tuple[str]]:
    """Conflicts of records are named store/lane/key, those of sales have the sale's id."""
    return select(conflicts.c.sale).where(conflicts.c.sale.like("%/%/%"))


def _rolled(row: Row[Any]) -> str:
    lane = f"Lane {row.lane} of store {row.store}"
    return f"{lane} went back in its ledger: line {row.number} came after line {row.behind}"
