"""Loyalty members: known by a keyed hash of their number, so that neither side keeps the number."""

import hashlib
import hmac

from sqlalchemy import Connection, func, insert, select, update

from kiosk.wire import MemberAnswer
from store.tables import members, points


def token_of(salt: bytes, number: str) -> str:
    """The token of a member's number: 128 bits of HMAC-SHA-256 under the database's own salt, in hex."""
    return hmac.new(salt, number.strip().encode(), hashlib.sha256).hexdigest()[:32]


def find(db: Connection, salt: bytes, number: str) -> MemberAnswer | None:
    """Who has this number, and her points so far; None: nobody."""
    token = token_of(salt, number)
    name = db.execute(select(members.c.first_name).where(members.c.token == token)).scalar()
    if name is None:
        return None
    total = select(func.coalesce(func.sum(points.c.points), 0)).where(points.c.member == token)
    return MemberAnswer(token, name, int(db.execute(total).scalar_one()))


def add(db: Connection, salt: bytes, number: str, first_name: str) -> None:
    token = token_of(salt, number)
    if (
        db.execute(update(members).where(members.c.token == token).values(first_name=first_name)).rowcount
        == 0
    ):
        db.execute(insert(members).values(token=token, first_name=first_name))
