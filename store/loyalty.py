"""What members earn and have: points, tiers, credit and vouchers of their own.

A sale earns once, however often it is delivered; a refund takes back in proportion, never more than was earned. Credit
and vouchers are accounts like a gift card's, under the member's token, and are spent by the same way: reserved first.
"""

import json
import secrets

from msgspec import Struct
from sqlalchemy import Connection, func, insert, select

from kiosk.units import Minor
from kiosk.wire import ClosedSale, Refund
from store import accounts
from store.database import setting
from store.tables import points, points_back, sales, value_accounts

YEAR = 365 * 86_400_000
BY = "loyalty"


class Held(Struct, frozen=True):
    """Points in all, credit and vouchers in minor units, and the tiers reached, lowest first."""

    points: int = 0
    credit: int = 0
    vouchers: tuple[Minor, ...] = ()
    tiers: tuple[str, ...] = ()


def held(db: Connection, token: str, now: int) -> Held:
    salt = _salt(db)
    credit = sum(accounts.balance(db, row.id) for row in accounts.called(db, salt, "credit", token))
    worth = [
        accounts.balance(db, row.id)
        for row in accounts.called(db, salt, "voucher", token)
        if not row.valid_to or row.valid_to >= accounts.day_of(now)
    ]
    return Held(
        total(db, token),
        max(0, credit),
        tuple(Minor(amount) for amount in sorted(worth) if amount > 0),
        tiers(db, total(db, token, now - YEAR)),
    )


def total(db: Connection, token: str, since: int = 0) -> int:
    """Points of all sales that ended after that, less what their refunds took back."""
    earned = select(func.coalesce(func.sum(points.c.points), 0)).where(points.c.member == token)
    back = select(func.coalesce(func.sum(points_back.c.points), 0)).where(points_back.c.member == token)
    if since:
        late = select(sales.c.id).where(sales.c.ended > since)
        earned, back = earned.where(points.c.sale.in_(late)), back.where(points_back.c.sale.in_(late))
    return int(db.execute(earned).scalar_one()) - int(db.execute(back).scalar_one())


def steps(db: Connection) -> list[tuple[str, int]]:
    """The shop's tiers and the points of a year that each needs, lowest first."""
    known = json.loads(setting(db, "tiers") or "{}")
    return sorted(known.items(), key=lambda step: (step[1], step[0]))


def tiers(db: Connection, earned: int) -> tuple[str, ...]:
    return tuple(name for name, least in steps(db) if earned >= least)


def earn_credit(db: Connection, sale: ClosedSale, now: int) -> bool:
    """Put what the sale has earned on the member's credit; part of the commit that stores the sale first."""
    assert sale.member is not None
    _move(db, sale.member.token, sale.priced.loyalty_credit, sale.currency, now, sale.id)
    return True


def take_back(db: Connection, sale: ClosedSale, refunds: tuple[Refund, ...], now: int) -> None:
    """The last of these refunds takes back its part of what the sale had earned; all of them together never more."""
    refund, priced = refunds[-1], sale.priced
    if sale.member is None or priced.total <= 0 or not (priced.points or priced.loyalty_credit):
        return
    given = sum(one.amount for one in refunds)
    before = given - refund.amount
    parts = [
        earned * given // priced.total - earned * before // priced.total
        for earned in (priced.points, priced.loyalty_credit)
    ]
    row = {"refund": refund.id, "sale": sale.id, "member": sale.member.token}
    db.execute(insert(points_back).values(**row, points=parts[0], credit=parts[1]))
    if parts[1]:
        _move(db, sale.member.token, -parts[1], sale.currency, now, refund.id)


def give(
    db: Connection, token: str, kind: str, amount: int, currency: str, by: str, now: int, valid_to: str = ""
) -> None:
    """Credit, or one voucher of her own, from the shop."""
    if kind == "credit":
        _move(db, token, amount, currency, now, by)
        return
    one = accounts.Issue(
        kind=kind,
        number=token,
        amount=amount,
        currency=currency,
        machine=secrets.token_hex(8),
        valid_to=valid_to,
    )
    accounts.issue(db, _salt(db), one, by, now)


def close(db: Connection, token: str, now: int, by: str) -> None:
    """What she still had is void."""
    for kind in accounts.MEMBER_KINDS:
        for row in accounts.called(db, _salt(db), kind, token):
            if left := accounts.balance(db, row.id):
                accounts.move(db, row.id, "", "forgotten", -left, now, by[:60])


def _move(db: Connection, token: str, amount: int, currency: str, now: int, by: str) -> None:
    """Onto her credit, which is opened at need."""
    salt = _salt(db)
    account = accounts.hashed(salt, "credit", token, currency)
    if not db.execute(select(value_accounts.c.id).where(value_accounts.c.id == account)).first():
        row = {
            "id": account,
            "token": accounts.token_of(salt, "credit", token),
            "kind": "credit",
            "currency": currency,
        }
        db.execute(
            insert(value_accounts).values(**row, last4="", machine="", day="", valid_to="", issued=now)
        )
    accounts.move(db, account, "", "earned" if amount > 0 else "taken back", amount, now, by[:60])


def _salt(db: Connection) -> bytes:
    salt = setting(db, "value_salt")
    assert salt is not None, "the database was opened without its salt"
    return bytes.fromhex(salt)
