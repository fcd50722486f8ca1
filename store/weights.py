"""What lanes have weighed: merged here, and sent back to each lane without its own part.

A lane says all it has weighed of an item's epoch, and how many weighings that were in its life; the higher number is
the later saying and takes the place of the earlier. So a message may come twice, late or out of order. What lanes say
of one epoch adds up, so a pack change that several lanes have noticed is one. `kiosk.weight.sums` has the rules.
"""

from collections.abc import Iterable, Iterator
from typing import Any

from msgspec import Struct
from msgspec.structs import replace
from sqlalchemy import Connection, Table, and_, delete, func, not_, select, update
from sqlalchemy.dialects import postgresql, sqlite

from kiosk.units import ItemId
from kiosk.weight.sums import EPOCHS, Known, Sums, Weighings, pooled, together
from kiosk.wire import SharedWeights, Weighed, WeightsPage
from store.lanes import Lane
from store.tables import catalogue, items, weighed, weight_items

DAY = 86_400_000
PAGE = 500
CHUNK = 5000
EPOCHS_TOLD = 3  # of each lane, its latest: one whose scale is wrong finds new packs again and again
LISTS = Lane("", "")


class OtherItemsError(Exception):
    """The sums are of another catalogue's items."""


class Teller(Struct, frozen=True):
    """Who has weighed: a lane with its journal, or LISTS with the name of one."""

    lane: Lane
    journal: str

    def row(self) -> dict[str, str]:
        return {"store": self.lane.store, "lane": self.lane.lane, "journal": self.journal}


def take(db: Connection, teller: Teller, source: str, said: Iterable[Weighed], now: int) -> int:
    """Keep what is later than what is there; how many that were. The caller's transaction, which writes."""
    if source != _locked(db):
        raise OtherItemsError(f"expected the items of catalogue {_locked(db)}, not {source}")
    newest: dict[tuple[int, int], Weighed] = {}
    for one in said:
        there = newest.get((one.item, one.epoch))
        if there is None or one.count > there.count:
            newest[one.item, one.epoch] = one
    ids = {item for item, _ in newest}
    known = set(db.execute(select(items.c.id).where(items.c.id.in_(ids))).scalars())
    floors = {row.item: row.floor for row in db.execute(_of(weight_items, ids))}
    its = weighed.c
    told_by = (its.store == teller.lane.store, its.lane == teller.lane.lane, its.journal == teller.journal)
    query = select(its.item, its.epoch, its["count"], its.first)
    mine = {
        (item, epoch): (count, first)
        for item, epoch, count, first in db.execute(query.where(its.item.in_(ids), *told_by))
    }
    new = [
        one
        for key, one in newest.items()
        if one.item in known and one.epoch >= floors.get(one.item, 0) and one.count > mine.get(key, (0,))[0]
    ]
    if new:
        day = now // DAY
        _put(
            db, weighed, [_row(teller, one, mine.get((one.item, one.epoch), (0, day))[1], day) for one in new]
        )
        touch(db, {one.item for one in new})
    return len(new)


def _row(teller: Teller, one: Weighed, first: int, day: int) -> dict[str, Any]:
    sums = {"count": one.count, "n": one.sums.n, "sum": one.sums.sum, "squares": one.sums.squares}
    return {"item": one.item, "epoch": one.epoch, **teller.row(), **sums, "first": first, "last": day}


def _locked(db: Connection) -> str:
    """Whose catalogue this is; changes of weights come one after another from here on."""
    db.execute(update(catalogue).values(weights=catalogue.c.weights))
    source: str = db.execute(select(catalogue.c.source)).scalar_one()
    return source


def _of(table: Table, ids: Iterable[int]) -> Any:
    return select(table).where(table.c.item.in_(list(ids)))


def _put(db: Connection, table: Table, rows: list[dict[str, Any]]) -> None:
    """Insert, or take the place of what has the same key."""
    dialect = postgresql if db.dialect.name == "postgresql" else sqlite
    fresh = dialect.insert(table)
    keys = [column.name for column in table.primary_key]
    values = {name: fresh.excluded[name] for name in rows[0] if name not in keys}
    db.execute(fresh.on_conflict_do_update(index_elements=keys, set_=values), rows)


def touch(db: Connection, ids: Iterable[ItemId | int], floors: dict[int, int] | None = None) -> None:
    """Each of these items gets a version of its own, so that a lane may stop after any; `floors` are new ones."""
    for wanted in _some(sorted(set(ids))):
        db.execute(update(catalogue).values(weights=catalogue.c.weights + len(wanted)))
        version = db.execute(select(catalogue.c.weights)).scalar_one() - len(wanted)
        old = {row.item: row.floor for row in db.execute(_of(weight_items, wanted))} | (floors or {})
        rows = [
            {"item": item, "revision": version + n, "floor": old.get(item, 0)}
            for n, item in enumerate(wanted, start=1)
        ]
        _put(db, weight_items, rows)


def _some(ids: list[int]) -> Iterator[list[int]]:
    """So many at a time that a database takes them in one question."""
    for n in range(0, len(ids), CHUNK):
        yield ids[n : n + CHUNK]


# ---- back to the lanes


def page(db: Connection, teller: Teller, source: str, since: int, size: int = PAGE) -> WeightsPage:
    """What all others have of items that changed after version `since`. Whoever asks for another catalogue's
    versions, or for one from the future, gets everything from the start."""
    ours, latest = db.execute(select(catalogue.c.source, catalogue.c.weights)).one()
    if source != ours or since > latest:
        since = 0
    changed = select(weight_items).where(weight_items.c.revision > since)
    rows = db.execute(changed.order_by(weight_items.c.revision).limit(size)).all()
    last = len(rows) < size
    others = _known(db, [row.item for row in rows], teller)
    shared = (SharedWeights(ItemId(row.item), row.floor, others.get(row.item, ())) for row in rows)
    return WeightsPage(
        source=ours,
        since=since,
        version=max(latest, rows[-1].revision if rows else 0) if last else rows[-1].revision,
        items=tuple(one for one in shared if one.known or one.floor),
        last=last,
    )


def _known(db: Connection, ids: Iterable[int], teller: Teller | None = None) -> dict[int, tuple[Known, ...]]:
    """What is known of each item, by epoch: of all, or of all but one."""
    query = _of(weighed, ids)
    if teller is not None:
        mine = [weighed.c[name] == value for name, value in teller.row().items()]
        query = query.where(not_(and_(*mine)))
    found: dict[int, dict[Lane, list[Known]]] = {}
    for row in db.execute(query):
        known = Known(row.epoch, Sums(row.n, row.sum, row.squares), row.first, row.last)
        found.setdefault(row.item, {}).setdefault(Lane(row.store, row.lane), []).append(known)
    return {item: _told(lanes.values()) for item, lanes in found.items()}


def _told(lanes: Iterable[list[Known]]) -> tuple[Known, ...]:
    """By epoch; the books that a lane had one after the other are one lane, and so are all lists."""
    latest = (pack for books in lanes for pack in pooled(books)[-EPOCHS_TOLD:])
    return tuple(pooled(replace(pack, lanes=1) for pack in latest))


# ---- for people


def beliefs(db: Connection, ids: Iterable[int], now: int) -> dict[int, Weighings]:
    """What the shop as a whole believes of each item that anything is known of."""
    found: dict[int, Weighings] = {}
    for wanted in _some(sorted(set(ids))):
        known = _known(db, wanted)
        for row in db.execute(_of(weight_items, wanted)):
            one = together((), known.get(row.item, ()), now // DAY, row.floor)
            if one is not None:
                found[row.item] = one
    return found


def forget(db: Connection, item: ItemId) -> bool:
    """A pack was recalled, or what is believed of it is wrong: every lane begins anew. False: nothing was known."""
    _locked(db)
    row = db.execute(select(weight_items).where(weight_items.c.item == item)).first()
    if row is None:
        return False
    highest = db.execute(select(func.max(weighed.c.epoch)).where(weighed.c.item == item)).scalar()
    floor = min((row.floor if highest is None else max(highest, row.floor)) + 1, EPOCHS - 1)
    db.execute(delete(weighed).where(weighed.c.item == item, weighed.c.epoch < floor))
    touch(db, [item], {item: floor})
    return True


def bring(db: Connection, name: str, sums: dict[ItemId, Sums], now: int) -> None:
    """The list of that name, in the place of the one that had it: each item's sums count to the pack sold now."""
    _locked(db)
    there = and_(weighed.c.store == "", weighed.c.lane == "", weighed.c.journal == name)
    old = set(db.execute(select(weighed.c.item).where(there)).scalars())
    db.execute(delete(weighed).where(there))
    held = beliefs(db, sums, now)
    teller = Teller(LISTS, name)
    rows = [
        _row(
            teller, Weighed(item, held[item].epoch if item in held else 0, one.n, one), now // DAY, now // DAY
        )
        for item, one in sums.items()
    ]
    if rows:
        _put(db, weighed, rows)
    touch(db, old | set(sums))
