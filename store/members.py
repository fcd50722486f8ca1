"""Who a member is, and how long that is known: by keyed hashes of card and phone number, so neither side keeps one.

A token is drawn at random and is all that sales bear. Forgetting a member takes away what leads from a number to her
token: her sales then are nobody's.
"""

import hashlib
import hmac
import secrets

from sqlalchemy import Connection, delete, func, insert, select, update

from kiosk.units import Minor
from kiosk.wire import MemberAnswer, MemberQuestion
from store import app_codes, loyalty
from store.accounts import hashed
from store.database import setting
from store.lanes import Lane
from store.tables import member_finds, member_keys, members

TRIES = 10  # numbers that nobody has, from one lane within
TRIES_WITHIN = 600_000  # milliseconds
VISIT = 3_600_000  # milliseconds that a look-up by card or app lets its lane spend for her
DAY = 86_400_000
DAYS = 1_095  # that a member is known after her last contact; the setting member_days says otherwise
SPENDS = ("card", "app")
"""A phone number is no secret: it brings prices and points, and spends nothing."""


class TryLaterError(Exception):
    """Somebody tries out numbers at that lane."""


def key_of(salt: bytes, by: str, number: str, prefix: str = "") -> str:
    """The keyed hash by which a card or a phone number is found. `prefix` is the country's, as 33."""
    if by == "phone":
        return hashed(salt, "phone", dialled(number, prefix))
    return hashed(salt, "card", number.strip())


def old_key(salt: bytes, number: str) -> str:
    """What was made of a card's number before there were other ways to be found."""
    return hmac.new(salt, number.strip().encode(), hashlib.sha256).hexdigest()[:32]


def dialled(number: str, prefix: str) -> str:
    """One number, however it is written: 06 12 … and +33 6 12 … are the same in France."""
    digits = "".join(sign for sign in number if sign.isascii() and sign.isdigit())
    if number.strip().startswith("+"):
        return digits
    if digits.startswith("00"):
        return digits[2:]
    return prefix + digits[1:] if prefix and digits.startswith("0") else digits


def find(db: Connection, salt: bytes, lane: Lane, asked: MemberQuestion, now: int) -> MemberAnswer | None:
    """Who that is and what she has; None: nobody. TryLaterError after too many that were nobody's."""
    f = member_finds.c
    db.execute(delete(member_finds).where(f.at < now - DAY))
    mine = (f.store == lane.store, f.lane == lane.lane)
    missed = select(func.count()).where(*mine, f.member == "", f.at > now - TRIES_WITHIN)
    if int(db.execute(missed).scalar_one()) >= TRIES:
        raise TryLaterError
    by, token = _whose(db, salt, asked, now)
    row = {"store": lane.store, "lane": lane.lane, "at": now, "by": by, "member": token}
    db.execute(insert(member_finds).values(**row))
    if db.execute(select(members.c.token).where(members.c.token == token)).first() is None:
        return None
    db.execute(update(members).where(members.c.token == token).values(seen=now))
    held = loyalty.held(db, token, now)
    return MemberAnswer(
        token=token,
        points=held.points,
        credit=Minor(held.credit),
        vouchers=held.vouchers,
        tiers=held.tiers,
        spends=by in SPENDS,
    )


def _whose(db: Connection, salt: bytes, asked: MemberQuestion, now: int) -> tuple[str, str]:
    """How she showed who she is, and her token; an empty one: nobody."""
    if asked.by == "card" and asked.number.startswith(app_codes.BEGINS):
        return "app", app_codes.opened(db, salt, asked.number, now)
    keys = [key_of(salt, asked.by, asked.number, setting(db, "phone_prefix") or "")]
    keys += [old_key(salt, asked.number)] if asked.by == "card" else []
    found = db.execute(select(member_keys.c.member).where(member_keys.c.key.in_(keys))).scalar()
    return asked.by, found or ""


def may_spend(db: Connection, lane: Lane, token: str, now: int) -> bool:
    """Whether she has shown a card, or a code of the app, at that lane just now."""
    f = member_finds.c
    here = (f.store == lane.store, f.lane == lane.lane, f.member == token, f.by.in_(SPENDS))
    return db.execute(select(f.seq).where(*here, f.at > now - VISIT)).first() is not None


def token_of(db: Connection, salt: bytes, number: str, by: str = "card") -> str:
    """The token of whoever has that number; empty: nobody."""
    keys = [key_of(salt, by, number, setting(db, "phone_prefix") or ""), old_key(salt, number)]
    return db.execute(select(member_keys.c.member).where(member_keys.c.key.in_(keys))).scalar() or ""


def add(db: Connection, salt: bytes, number: str, first_name: str, phone: str = "", now: int = 0) -> str:
    """A member by her card's number, or what is new of one; the answer is her token.

    A phone number has one member: the last one that it was given to.
    """
    token = token_of(db, salt, number)
    if not token:
        token = secrets.token_hex(16)
        db.execute(insert(members).values(token=token, first_name=first_name, seen=now))
        db.execute(insert(member_keys).values(key=key_of(salt, "card", number), member=token, by="card"))
    else:
        db.execute(update(members).where(members.c.token == token).values(first_name=first_name))
    if phone:
        key = key_of(salt, "phone", phone, setting(db, "phone_prefix") or "")
        db.execute(delete(member_keys).where(member_keys.c.by == "phone", member_keys.c.member == token))
        db.execute(delete(member_keys).where(member_keys.c.key == key))
        db.execute(insert(member_keys).values(key=key, member=token, by="phone"))
    return token


def forget(db: Connection, token: str, now: int, by: str) -> None:
    """Erase a member: nothing leads to her any more, and what she still had is void. Her sales stay, as nobody's."""
    loyalty.close(db, token, now, by)
    db.execute(delete(member_keys).where(member_keys.c.member == token))
    db.execute(delete(member_finds).where(member_finds.c.member == token))
    db.execute(delete(members).where(members.c.token == token))


def overdue(db: Connection, now: int) -> list[str]:
    """Members whose last contact is longer ago than the shop keeps them."""
    before = now - int(setting(db, "member_days") or DAYS) * DAY
    old = select(members.c.token).where(members.c.seen < before)
    return list(db.execute(old.order_by(members.c.token)).scalars())
