"""Codes by which a machine becomes a lane: each is good once and for an hour, and kept as a hash only."""

import hashlib
import secrets
from typing import Annotated

import msgspec
from msgspec import Struct
from sqlalchemy import Engine, delete, select

from kiosk.wire.enrol import ALPHABET, SIGNS, Enrolled, plain
from store.database import set_setting, writing
from store.lanes import Lane, add_lane
from store.tables import settings

HOUR = 3_600_000
PREFIX = "enrol:"
MOST = 200
"""Codes that are open at once: the lanes of a large shop."""


class Open(Struct, frozen=True):
    """A code that nobody has used: for which lane, and until when (ms)."""

    store: str
    lane: str
    until: Annotated[int, msgspec.Meta(ge=0)]


class TooManyError(Exception):
    """So many codes are open that one more would make guessing easier."""


def invite(engine: Engine, lane: Lane, now: int) -> str:
    """A new code for this lane, in groups of four; one that was open for it is closed. Raises TooManyError."""
    signs = "".join(secrets.choice(ALPHABET) for _ in range(SIGNS))
    with writing(engine) as db:
        rows = db.execute(select(settings).where(settings.c.name.startswith(PREFIX))).all()
        left = 0
        for row in rows:
            code = msgspec.json.decode(row.value, type=Open)
            if code.until <= now or (code.store, code.lane) == (lane.store, lane.lane):
                db.execute(delete(settings).where(settings.c.name == row.name))
            else:
                left += 1
        if left >= MOST:
            raise TooManyError(f"{left} codes are open")
        value = msgspec.json.encode(Open(lane.store, lane.lane, now + HOUR)).decode()
        set_setting(db, _name(signs), value)
    return "-".join(signs[at : at + 4] for at in range(0, SIGNS, 4))


def enrol(engine: Engine, code: str, now: int) -> Enrolled | None:
    """The lane and its new token, once; None: there is no such code, it was used, or its hour is over."""
    name = _name(plain(code))
    with writing(engine) as db:
        found = db.execute(select(settings.c.value).where(settings.c.name == name)).scalar()
        used = db.execute(delete(settings).where(settings.c.name == name)).rowcount
    if found is None or not used:
        return None
    invited = msgspec.json.decode(found, type=Open)
    if invited.until <= now:
        return None
    return Enrolled(invited.store, invited.lane, add_lane(engine, Lane(invited.store, invited.lane)))


def _name(signs: str) -> str:
    return PREFIX + hashlib.sha256(signs.encode()).hexdigest()[:32]
