"""The lanes of the shop: their tokens, their heartbeats, and whether they are wanted open."""

import hashlib
import secrets
import time

import msgspec
from msgspec import Struct
from sqlalchemy import ColumnElement, Connection, Engine, and_, delete, insert, select, update

from kiosk.wire import Heartbeat
from store.tables import lanes

REMEMBERED = 5.0  # seconds that a token's lane is not asked for again


class Lane(Struct, frozen=True):
    """Who is calling."""

    store: str
    lane: str


class LaneState(Struct, frozen=True):
    """A lane as the last heartbeat told; `seen` in milliseconds of the server's clock, None: never."""

    lane: Lane
    open: bool
    reason: str
    seen: int | None
    heartbeat: Heartbeat | None


def token_hash(token: str) -> bytes:
    """Tokens have 256 random bits, so one round of SHA-256 keeps them."""
    return hashlib.sha256(token.encode()).digest()


def add_lane(engine: Engine, lane: Lane) -> str:
    """Make the lane, or give it a new token; the token is returned this once and kept only as a hash."""
    token = secrets.token_urlsafe(32)
    with engine.begin() as db:
        known = db.execute(update(lanes).where(_is(lane)).values(token_hash=token_hash(token))).rowcount
        if not known:
            row = {"store": lane.store, "lane": lane.lane, "token_hash": token_hash(token)}
            now = int(time.time() * 1000)
            db.execute(insert(lanes).values(**row, created=now, wanted_open=True, reason=""))
    return token


def remove_lane(engine: Engine, lane: Lane) -> bool:
    with engine.begin() as db:
        return db.execute(delete(lanes).where(_is(lane))).rowcount > 0


def want(engine: Engine, lane: Lane, is_open: bool, reason: str = "") -> bool:
    """Ask the lane to open, or to close after the sale it is in; False: no such lane."""
    with engine.begin() as db:
        values = {"wanted_open": is_open, "reason": reason}
        return db.execute(update(lanes).where(_is(lane)).values(**values)).rowcount > 0


def heard(db: Connection, lane: Lane, heartbeat: Heartbeat, now: int) -> tuple[bool, str]:
    """Keep a heartbeat; the answer is whether the lane is wanted open, and why not."""
    text = msgspec.json.encode(heartbeat).decode()
    db.execute(update(lanes).where(_is(lane)).values(seen=now, heartbeat=text))
    row = db.execute(select(lanes.c.wanted_open, lanes.c.reason).where(_is(lane))).one()
    return row.wanted_open, row.reason


def all_lanes(db: Connection) -> list[LaneState]:
    rows = db.execute(select(lanes).order_by(lanes.c.store, lanes.c.lane))
    return [
        LaneState(
            Lane(row.store, row.lane),
            row.wanted_open,
            row.reason,
            row.seen,
            None if row.heartbeat is None else msgspec.json.decode(row.heartbeat, type=Heartbeat),
        )
        for row in rows
    ]


def _is(lane: Lane) -> ColumnElement[bool]:
    return and_(lanes.c.store == lane.store, lanes.c.lane == lane.lane)


class Doorkeeper:
    """Which lane a token belongs to. A token taken away stops working within REMEMBERED seconds."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._known: dict[bytes, tuple[Lane, float]] = {}

    def lane_of(self, token: str) -> Lane | None:
        digest, now = token_hash(token), time.monotonic()
        lane, until = self._known.get(digest, (None, 0.0))
        if lane is not None and now < until:
            return lane
        with self._engine.connect() as db:
            row = db.execute(select(lanes.c.store, lanes.c.lane).where(lanes.c.token_hash == digest)).first()
        if row is None:
            self._known.pop(digest, None)
            return None
        self._known[digest] = (Lane(row.store, row.lane), now + REMEMBERED)
        return self._known[digest][0]
