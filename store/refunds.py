"""Giving back what another lane has sold: who may do so now, and that it never is more than was paid.

A lane that asks for a sale claims it: until it is done, no other lane gets the same sale from here. A claim ends with
the lane's refund, or when its time is over and the lane was heard since with nothing left to tell (a refund that
waits in its outbox would be unknown here). A refund that arrives is money already given back: if it is too much it
is kept as a conflict, and raises an alarm.
"""

import msgspec
from sqlalchemy import Connection, delete, insert, select, update

from kiosk.wire import ClosedSale, Heartbeat, Refund, SaleAnswer
from store import loyalty
from store.alarms import alarm
from store.intake import inserted
from store.lanes import Lane
from store.tables import lanes, refund_claims, refunds, sales

CLAIM = 900_000  # milliseconds


class ClaimedError(Exception):
    """Another lane is giving that sale back; says which."""


def find(db: Connection, number: str) -> ClosedSale | None:
    """The sale of a receipt's number (store-lane-number) or of that id."""
    body = db.execute(select(sales.c.body).where(sales.c.id == number)).scalar()
    if body is None and (parts := _parts(number)) is not None:
        store, lane, count = parts
        query = select(sales.c.body).where(
            sales.c.store == store, sales.c.lane == lane, sales.c.number == count
        )
        body = db.execute(query.order_by(sales.c.received.desc()).limit(1)).scalar()
    return None if body is None else msgspec.json.decode(body, type=ClosedSale)


def _parts(number: str) -> tuple[str, str, int] | None:
    store, _, rest = number.strip().partition("-")
    lane, _, count = rest.rpartition("-")
    if not (store and lane and count.isascii() and count.isdigit() and len(count) < 16):
        return None
    return store, lane, int(count)


def claim(db: Connection, lane: Lane, number: str, now: int) -> SaleAnswer | None:
    """That sale, with what was given back of it, for this lane alone. None: unknown. ClaimedError: not now."""
    sale = find(db, number)
    if sale is None or sale.training:
        return None
    row = {"sale": sale.id, "store": lane.store, "lane": lane.lane, "until": now + CLAIM}
    if not inserted(db, refund_claims, row):
        mine = refund_claims.c.sale == sale.id
        held = db.execute(select(refund_claims).where(mine).with_for_update()).first()
        if (
            held is not None
            and Lane(held.store, held.lane) != lane
            and not _over(db, held.until, Lane(held.store, held.lane), now)
        ):
            raise ClaimedError(f"lane {held.lane} of store {held.store} is giving it back")
        if held is None:
            db.execute(insert(refund_claims).values(**row))
        else:
            db.execute(update(refund_claims).where(mine).values(**row))
    return SaleAnswer(sale, of_sale(db, sale.id))


def _over(db: Connection, until: int, held: Lane, now: int) -> bool:
    """Whether a claim has ended: in time, and its lane has told all that it had to tell since."""
    if now <= until:
        return False
    mine = (lanes.c.store == held.store, lanes.c.lane == held.lane)
    row = db.execute(select(lanes.c.seen, lanes.c.heartbeat).where(*mine)).first()
    if row is None:
        return True
    if row.seen is None or row.seen <= until:
        return False
    return msgspec.json.decode(row.heartbeat, type=Heartbeat).queue == 0


def of_sale(db: Connection, sale: str) -> tuple[Refund, ...]:
    """What lanes said that they gave back, oldest first."""
    query = select(refunds.c.body).where(refunds.c.sale == sale).order_by(refunds.c.received, refunds.c.id)
    return tuple(msgspec.json.decode(body, type=Refund) for body in db.execute(query).scalars())


def take(db: Connection, lane: Lane, refund: Refund, now: int) -> bool:
    """A refund as its lane reported it; False: more than was paid, and an alarm says so.

    Refunds of one sale come in one after the other, from whatever lane.
    """
    if refund.original.training:
        return True
    sale = refund.original.id
    row = {"sale": sale, "store": lane.store, "lane": lane.lane, "until": now}
    inserted(db, refund_claims, row)
    mine = refund_claims.c.sale == sale
    db.execute(select(refund_claims).where(mine).with_for_update()).first()
    if db.execute(select(refunds.c.id).where(refunds.c.id == refund.id)).first():
        return True
    known, given = find(db, sale) or refund.original, (*of_sale(db, sale), refund)
    wrong = too_much(known, given)
    if wrong:
        alarm(db, lane, "refund_exceeds", refund.id, f"sale {sale}: {wrong}", now)
        return False
    stored = {"id": refund.id, "sale": sale, "store": lane.store, "lane": lane.lane}
    db.execute(
        insert(refunds).values(**stored, amount=refund.amount, received=now, body=msgspec.json.encode(refund))
    )
    loyalty.take_back(db, known, given, now)
    db.execute(
        delete(refund_claims).where(
            mine, refund_claims.c.store == lane.store, refund_claims.c.lane == lane.lane
        )
    )
    return True


def too_much(sale: ClosedSale, given: tuple[Refund, ...]) -> str:
    """What of these refunds exceeds the sale, in a sentence; empty: nothing."""
    back, paid = sum(refund.amount for refund in given), sale.priced.total
    if back > paid:
        return f"{back} {sale.currency} given back of {paid} {sale.currency} paid"
    for line in sale.lines:
        pieces = sum(each.qty for refund in given for each in refund.lines if each.no == line.no)
        if pieces > line.qty:
            return f"{pieces} pieces of line {line.no} given back, {line.qty} were sold"
    return ""
