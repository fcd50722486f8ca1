"""Which lane is to run which release: from ring to ring, one lane of a shop at a time, and no further once it fails."""

import hashlib
from pathlib import Path
from typing import Any

from msgspec import Struct
from sqlalchemy import ColumnElement, Connection, Row, Table, and_, delete, func, insert, or_, select, update
from sqlalchemy.exc import IntegrityError

from kiosk.wire.releases import ReleaseQuestion, ReleaseWanted, order
from store.alarms import alarm
from store.lanes import Lane
from store.tables_releases import release_failures, release_lab, release_states, release_turns, releases

RINGS = ("lab", "lane", "store", "tenth", "all")
"""The lab's lanes; one lane of a shop besides; all lanes of that shop; every tenth shop; everybody."""
TURN = 45 * 60  # seconds in which a lane fetches, writes, waits for a free moment and starts anew
MANY = 2  # lanes that must have failed in the wide rings ...
SHARE = 20  # ... and at least one of so many that tried


class Rollout(Struct, frozen=True):
    """How far a release has got."""

    version: str
    ring: str
    pilot: Lane


# ---- what is decided


def reaches(rollout: Rollout, lane: Lane, in_lab: bool) -> bool:
    """Whether this lane is within the release's ring; each ring holds those before it."""
    ring = RINGS.index(rollout.ring)
    return (
        in_lab
        or (ring >= 1 and lane == rollout.pilot)
        or (ring >= 2 and lane.store == rollout.pilot.store)
        or (ring >= 3 and tenth(rollout.version, lane.store))
        or ring >= 4
    )


def tenth(version: str, store: str) -> bool:
    """One shop of ten, other ones for every release, and the same whenever it is asked."""
    return hashlib.sha256(f"{version} {store}".encode()).digest()[0] * 10 < 256


def must_stop(ring: str, failed: int, tried: int) -> bool:
    """In the narrow rings the first failure is one too many; in the wide ones a share of those who tried."""
    if ring in RINGS[:3]:
        return failed >= 1
    return failed >= MANY and failed * SHARE >= tried


# ---- what lanes ask


def ask(db: Connection, lane: Lane, asked: ReleaseQuestion, now: int) -> ReleaseWanted:
    """Keep what the lane says of itself; the answer is what it is to run. Within a writing transaction."""
    _report(db, lane, asked, now)
    if not asked.proved:
        _take_turn(db, lane, now)
        return ReleaseWanted(why="it has yet to prove itself")
    wanted = _wanted(db, lane, asked)
    if wanted is None:
        give_back(db, lane)
        return ReleaseWanted(why="nothing newer is meant for this lane")
    if not _take_turn(db, lane, now):
        return ReleaseWanted(why="another lane of this shop changes over")
    return ReleaseWanted(wanted.version, wanted.size, wanted.digest, TURN)


def _report(db: Connection, lane: Lane, asked: ReleaseQuestion, now: int) -> None:
    row = {
        "compatible": asked.compatible,
        "version": asked.version,
        "slot": asked.slot,
        "proved": asked.proved,
    }
    if not db.execute(update(release_states).where(_is(release_states, lane)).values(**row, at=now)).rowcount:
        db.execute(insert(release_states).values(store=lane.store, lane=lane.lane, **row, at=now))
    for failure in asked.failures:
        known = and_(_is(release_failures, lane), release_failures.c.version == failure.version)
        told = {"at": now, "why": failure.why}
        if not db.execute(update(release_failures).where(known).values(**told)).rowcount:
            row = {"store": lane.store, "lane": lane.lane, "version": failure.version}
            db.execute(insert(release_failures).values(**row, **told))
        _judge(db, lane, asked.compatible, failure.version, failure.why, now)


def _judge(db: Connection, lane: Lane, compatible: str, version: str, why: str, now: int) -> None:
    """Stop a release that fails too often; somebody is told."""
    release = named(db, version, compatible)
    if release is None or release.stopped:
        return
    since = and_(release_failures.c.version == version, release_failures.c.at >= release.changed)
    failed = db.execute(select(func.count()).select_from(release_failures).where(since)).scalar_one()
    runs = and_(release_states.c.version == version, release_states.c.compatible == compatible)
    tried = failed + db.execute(select(func.count()).select_from(release_states).where(runs)).scalar_one()
    if must_stop(release.ring, failed, tried):
        stop(db, version, compatible, f"failed at {failed} of {tried} lanes: {why}", now)
        alarm(db, lane, "release_stopped", version, why, now)


def _wanted(db: Connection, lane: Lane, asked: ReleaseQuestion) -> Row[Any] | None:
    """The newest release within whose ring this lane is, newer than what it runs, and that has not failed there."""
    in_lab = db.execute(select(release_lab).where(_is(release_lab, lane))).first() is not None
    left = select(release_failures.c.version).where(_is(release_failures, lane))
    failed = set(db.execute(left).scalars())
    offered = select(releases).where(releases.c.compatible == asked.compatible, ~releases.c.stopped)
    found = [
        row
        for row in db.execute(offered)
        if row.version not in failed
        and order(row.version) > order(asked.version)
        and reaches(Rollout(row.version, row.ring, Lane(row.pilot_store, row.pilot_lane)), lane, in_lab)
    ]
    return max(found, key=lambda row: order(row.version), default=None)


# ---- turns


def _take_turn(db: Connection, lane: Lane, now: int) -> bool:
    """Whether this lane alone of its shop may change over from now on for TURN seconds."""
    until = now + TURN * 1000
    free = or_(release_turns.c.until <= now, release_turns.c.lane == lane.lane)
    mine = update(release_turns).where(release_turns.c.store == lane.store, free)
    if db.execute(mine.values(lane=lane.lane, until=until)).rowcount:
        return True
    try:
        with db.begin_nested():
            db.execute(insert(release_turns).values(store=lane.store, lane=lane.lane, until=until))
    except IntegrityError:  # another lane has it
        return False
    return True


def give_back(db: Connection, lane: Lane) -> None:
    db.execute(delete(release_turns).where(_is(release_turns, lane)))


# ---- what the makers say


def add(db: Connection, path: Path, version: str, compatible: str, now: int) -> None:
    """Offer a bundle to the lab. ValueError: it is there already, or is no version."""
    order(version)
    if named(db, version, compatible) is not None:
        raise ValueError(f"release {version} for {compatible} is there already")
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    row = {"version": version, "compatible": compatible, "path": str(path.absolute()), "digest": digest}
    row |= {"ring": RINGS[0], "pilot_store": "", "pilot_lane": "", "reason": ""}
    db.execute(insert(releases).values(**row, size=path.stat().st_size, stopped=False, changed=now))


def promote(db: Connection, version: str, compatible: str, ring: str, pilot: Lane | None, now: int) -> None:
    """Let it go as far as that ring, also if it was stopped: failures up to now have been looked into. ValueError."""
    row = named(db, version, compatible)
    if row is None:
        raise ValueError(f"there is no release {version} for {compatible}")
    pilot = pilot or Lane(row.pilot_store, row.pilot_lane)
    if ring in ("lane", "store") and not pilot.store:
        raise ValueError(f"ring {ring}: which lane tries it first? --store and --lane")
    values = {"ring": ring, "pilot_store": pilot.store, "pilot_lane": pilot.lane}
    db.execute(
        update(releases).where(_named(version, compatible)).values(**values, stopped=False, changed=now)
    )


def stop(db: Connection, version: str, compatible: str, reason: str, now: int) -> bool:
    """No lane gets it any more; False: there is none."""
    values = {"stopped": True, "reason": reason, "changed": now}
    return db.execute(update(releases).where(_named(version, compatible)).values(**values)).rowcount > 0


def named(db: Connection, version: str, compatible: str) -> Row[Any] | None:
    return db.execute(select(releases).where(_named(version, compatible))).first()


def notes(db: Connection) -> dict[Lane, str]:
    """What the lane monitor says of each lane's slots: which one runs, and the release that was left last."""
    left = {
        Lane(row.store, row.lane): f", left {row.version}: {row.why}"
        for row in db.execute(select(release_failures).order_by(release_failures.c.at))
    }
    return {
        lane: f"slot {row.slot}{'' if row.proved else ', being tried'}{left.get(lane, '')}"
        for row in db.execute(select(release_states))
        if (lane := Lane(row.store, row.lane))
    }


def _named(version: str, compatible: str) -> ColumnElement[bool]:
    return and_(releases.c.version == version, releases.c.compatible == compatible)


def _is(table: Table, lane: Lane) -> ColumnElement[bool]:
    return and_(table.c.store == lane.store, table.c.lane == lane.lane)
