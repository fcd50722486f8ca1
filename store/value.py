"""Value on its way: set aside for a lane, then booked for good or given back. Every step may be asked for again.

`reserve`, `commit`, `cancel` and `withdraw` each are one transaction of the caller's (`writing`). A reservation is
pending (a wallet not yet paid), reserved, committed, cancelled or refused; the last three never change again. What
does not fit (a commit after a cancel) raises an alarm and changes nothing.
"""

from typing import Any, TypeAlias

from msgspec import Struct
from sqlalchemy import Connection, Row, func, insert, select, update

from kiosk.units import Minor
from kiosk.wire import ReserveValue, ValueDecision, ValueState
from store import accounts, members
from store.alarms import alarm
from store.intake import inserted
from store.lanes import Lane
from store.tables import value_credits, value_reservations, wallets

TRIES = 10  # numbers that nobody knows, from one lane within
TRIES_WITHIN = 600_000  # milliseconds
CONFLICT = "value_conflict"
Worth: TypeAlias = list[tuple[Row[Any], int]]
"""Accounts, and what can still be spent of each."""


class Answer(Struct, frozen=True):
    """Where it stands now; `again`: nothing was changed; `conflict`: what does not fit, in a sentence."""

    state: ValueState | None
    again: bool = False
    conflict: str = ""


def reserve(db: Connection, salt: bytes, lane: Lane, asked: ReserveValue, now: int) -> Answer:
    """Set aside what there is, up to what is asked; of a voucher the whole or nothing."""
    digest = accounts.hashed(salt, asked.kind, asked.number.strip(), str(asked.amount), asked.currency)
    fresh = {
        "id": asked.id,
        "store": lane.store,
        "lane": lane.lane,
        "kind": asked.kind,
        "asked": digest,
        "state": "pending",
        "amount": 0,
        "currency": asked.currency,
        "last4": "",
        "reference": "",
        "reason": "",
        "created": now,
        "changed": now,
    }
    if not inserted(db, value_reservations, fresh):
        return _again(db, lane, asked, digest, now)
    if asked.kind != "wallet":
        changes = _held(db, salt, lane, asked, now)
        _put(db, asked.id, now, **changes)
    return Answer(shown(db, asked.id))


def _again(db: Connection, lane: Lane, asked: ReserveValue, digest: str, now: int) -> Answer:
    """The id is known: the same answer as before, or a refusal if a cancel came first or it is about another thing."""
    row = locked(db, asked.id)
    assert row is not None
    if not row.asked or (row.asked == digest and _of(row) == lane):
        return Answer(_state(db, row), again=True)
    return _conflict(db, lane, asked.id, "reserved again with another content", now)


def _held(db: Connection, salt: bytes, lane: Lane, asked: ReserveValue, now: int) -> dict[str, Any]:
    """What becomes of a card, voucher or coupon, as columns."""
    found = accounts.called(db, salt, asked.kind, asked.number)
    if _guessing(db, lane, now):
        return {"state": "refused", "reason": "try_later"}
    worth = [(row, accounts.balance(db, row.id)) for row in found]
    live = [(row, left) for row, left in worth if left > 0]
    once = asked.kind not in accounts.SPLIT
    if asked.kind == "voucher":
        live = best_voucher(live, asked.amount, now)
    reason = ""
    if asked.kind in accounts.MEMBER_KINDS and not members.may_spend(db, lane, asked.number, now):
        reason = "show_card"
    elif not found:
        reason = "unknown_number"
    elif not live:
        reason = "already_redeemed" if once else "no_balance"
    elif len(live) > 1:
        reason = "ambiguous"
    elif live[0][0].currency != asked.currency:
        reason = "currency"
    elif live[0][0].valid_to and live[0][0].valid_to < accounts.day_of(now):
        reason = "expired"
    elif once and live[0][1] > asked.amount:
        reason = "worth_more"
    if reason:
        last4 = found[0].last4 if found else ""
        return {"state": "refused", "reason": reason, "last4": last4}
    account, left = live[0]
    amount = min(left, asked.amount)
    accounts.move(db, account.id, asked.id, "reserve", -amount, now)
    rest = None if once else left - amount
    return {
        "state": "reserved",
        "amount": amount,
        "account": account.id,
        "last4": account.last4,
        "rest": rest,
    }


def best_voucher(live: Worth, most: int, now: int) -> Worth:
    """Of a member's vouchers the one that ends first and fits into the basket, of these the largest."""
    good = [
        (row, left)
        for row, left in live
        if left <= most and (not row.valid_to or row.valid_to >= accounts.day_of(now))
    ]
    return sorted(good, key=lambda one: (one[0].valid_to or "9999", -one[1], one[0].id))[:1]


def _guessing(db: Connection, lane: Lane, now: int) -> bool:
    """Whether somebody tries out numbers at that lane."""
    r = value_reservations.c
    query = select(func.count()).where(
        r.store == lane.store,
        r.lane == lane.lane,
        r.created > now - TRIES_WITHIN,
        r.reason == "unknown_number",
    )
    return int(db.execute(query).scalar_one()) >= TRIES


def commit(db: Connection, lane: Lane, order: ValueDecision, now: int) -> Answer:
    """Book it for good: only what is reserved, and only that very amount."""
    row = locked(db, order.id)
    if row is None:
        return _conflict(db, lane, order.id, "commit of what was never reserved", now)
    if _of(row) != lane:
        return _conflict(db, lane, order.id, "commit by another lane than reserved it", now)
    if row.state not in ("reserved", "committed"):
        by = f" ({row.reason})" if row.reason else ""
        return _conflict(db, lane, order.id, f"commit after it was {row.state}{by}", now)
    if row.amount != order.amount:
        return _conflict(db, lane, order.id, f"commit of {order.amount} where {row.amount} is reserved", now)
    if row.state == "committed":
        return Answer(_state(db, row), again=True)
    if row.account is not None:
        accounts.move(db, row.account, row.id, "commit", 0, now)
    _put(db, row.id, now, state="committed")
    return Answer(shown(db, row.id))


def cancel(db: Connection, lane: Lane, order: ValueDecision, now: int) -> Answer:
    """Give it back. Of what is not known yet it is remembered, so that its reserve, still on the way, is refused."""
    row = locked(db, order.id) or _tombstone(db, lane, order.id, order.tender, now)
    if row is None:
        return Answer(shown(db, order.id))
    if _of(row) != lane:
        return _conflict(db, lane, order.id, "cancel by another lane than reserved it", now)
    if row.state == "committed":
        return _conflict(db, lane, order.id, "cancel after it was committed", now)
    if row.state in ("cancelled", "refused"):
        return Answer(_state(db, row), again=True)
    if credited(db, row.id):
        return _conflict(db, lane, order.id, "cancel after a refund of it", now)
    _undo(db, row, "cancelled", "", now)
    return Answer(shown(db, row.id))


def credit(db: Connection, lane: Lane, order: ValueDecision, now: int) -> Answer:
    """A refund gives so much of it back, once for its id; any lane may make one, even before the commit has come."""
    row = locked(db, order.id)
    if row is None or row.state not in ("reserved", "committed"):
        stood = row.state if row is not None else "never reserved"
        return _conflict(db, lane, order.id, f"credit of what was {stood}", now)
    c = value_credits.c
    known = db.execute(select(c.refund, c.amount).where(c.reservation == row.id))
    before: dict[str, int] = {one.refund: one.amount for one in known}
    if before.get(order.refund) == order.amount:
        return Answer(_state(db, row), again=True)
    if order.refund in before or not order.refund:
        return _conflict(db, lane, order.id, f"credit for refund {order.refund!r} with another amount", now)
    if sum(before.values()) + order.amount > row.amount:
        return _conflict(db, lane, order.id, f"credits of more than the {row.amount} that it paid", now)
    fresh = {"reservation": row.id, "refund": order.refund, "amount": order.amount, "at": now}
    db.execute(insert(value_credits).values(**fresh, store=lane.store, lane=lane.lane))
    if row.account is not None:
        accounts.move(db, row.account, row.id, "credit", order.amount, now, order.refund[:60])
    else:
        db.execute(update(wallets).where(wallets.c.id == row.id).values(refund="wanted"))
    return Answer(shown(db, row.id))


def credited(db: Connection, id_: str) -> int:
    """How much of it refunds gave back."""
    total = select(func.coalesce(func.sum(value_credits.c.amount), 0))
    return int(db.execute(total.where(value_credits.c.reservation == id_)).scalar_one())


def withdraw(db: Connection, lane: Lane, id_: str, now: int) -> Answer:
    """A wish: what is not reserved yet never will be; what is stays so, for the kiosk may have heard of it."""
    row = locked(db, id_) or _tombstone(db, lane, id_, "", now)
    if row is None or row.state != "pending" or _of(row) != lane:
        return Answer(shown(db, id_), again=row is not None)
    _undo(db, row, "cancelled", "withdrawn", now)
    return Answer(shown(db, id_))


def release(db: Connection, id_: str, by: str, now: int) -> str:
    """A named person gives it back because its lane never will say; the answer is why not, or empty."""
    row = locked(db, id_)
    if row is None:
        return "there is no such reservation"
    if row.state not in ("reserved", "pending"):
        return f"it is {row.state}"
    _undo(db, row, "cancelled", "released", now, by)
    alarm(db, _of(row), "value_released", id_, f"{row.amount} {row.currency} given back by {by}", now)
    return ""


def paid(db: Connection, id_: str, amount: int, reference: str, now: int) -> None:
    """A wallet's shopper has paid while it was still wanted."""
    _put(db, id_, now, state="reserved", amount=amount, reference=reference)


def refuse(db: Connection, id_: str, reason: str, now: int) -> None:
    """A wallet payment that came to nothing."""
    _put(db, id_, now, state="refused", reason=reason)


def _tombstone(db: Connection, lane: Lane, id_: str, kind: str, now: int) -> Row[Any] | None:
    """Remember a cancel that came before its reserve; None if that was done now, else the row that was quicker."""
    row = {"id": id_, "store": lane.store, "lane": lane.lane, "kind": kind, "asked": "", "state": "cancelled"}
    more = {"amount": 0, "currency": "", "last4": "", "reference": "", "reason": "withdrawn"}
    fresh = {**row, **more, "created": now, "changed": now}
    return None if inserted(db, value_reservations, fresh) else locked(db, id_)


def _undo(db: Connection, row: Row[Any], state: str, reason: str, now: int, by: str = "") -> None:
    if row.account is not None and row.amount:
        accounts.move(db, row.account, row.id, "release" if by else "cancel", row.amount, now, by)
    if row.kind == "wallet":
        refund = "wanted" if row.state == "reserved" else ""
        db.execute(update(wallets).where(wallets.c.id == row.id).values(watched=True, refund=refund))
    _put(db, row.id, now, state=state, reason=reason)


def _put(db: Connection, id_: str, now: int, **changes: Any) -> None:
    db.execute(
        update(value_reservations).where(value_reservations.c.id == id_).values(changed=now, **changes)
    )


def _conflict(db: Connection, lane: Lane, id_: str, detail: str, now: int) -> Answer:
    alarm(db, lane, CONFLICT, id_, detail, now)
    return Answer(shown(db, id_), conflict=detail)


def locked(db: Connection, id_: str) -> Row[Any] | None:
    """The reservation as it is now, and nobody else's to change until the transaction ends."""
    query = select(value_reservations).where(value_reservations.c.id == id_)
    return db.execute(query.with_for_update()).first()


def _of(row: Row[Any]) -> Lane:
    return Lane(row.store, row.lane)


def owner(db: Connection, id_: str) -> Lane | None:
    """Whose reservation that is."""
    row = db.execute(select(value_reservations).where(value_reservations.c.id == id_)).first()
    return _of(row) if row else None


def shown(db: Connection, id_: str) -> ValueState | None:
    """How it stands; None: nobody knows of it."""
    row = db.execute(select(value_reservations).where(value_reservations.c.id == id_)).first()
    return _state(db, row) if row else None


def _state(db: Connection, row: Row[Any]) -> ValueState:
    code = ""
    if row.kind == "wallet" and row.state == "pending":
        code = db.execute(select(wallets.c.code).where(wallets.c.id == row.id)).scalar() or ""
    return ValueState(
        row.id,
        row.kind,
        row.state,
        Minor(row.amount),
        row.currency,
        row.last4,
        row.reference,
        row.reason,
        code,
        None if row.rest is None else Minor(row.rest),
    )


class Held(Struct, frozen=True):
    """A reservation whose lane has said neither commit nor cancel; `age` in milliseconds."""

    id: str
    lane: Lane
    kind: str
    state: str
    amount: int
    currency: str
    last4: str
    age: int


def held(db: Connection, now: int) -> list[Held]:
    """All that is set aside and not decided, oldest first: nothing of it expires by itself."""
    r = value_reservations.c
    rows = db.execute(
        select(value_reservations).where(r.state.in_(("pending", "reserved"))).order_by(r.created, r.id)
    )
    return [
        Held(row.id, _of(row), row.kind, row.state, row.amount, row.currency, row.last4, now - row.created)
        for row in rows
    ]
