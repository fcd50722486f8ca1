"""The catalogue as a lane is sent it: everything, or what changed since a version, page by page."""

from typing import Any

import msgspec
from sqlalchemy import Connection, Row, and_, func, select
from sqlalchemy.orm import aliased

from kiosk.units import Gtin, ItemId, Minor, Rate, half_up
from kiosk.wire import (
    CataloguePage,
    Colleague,
    DatedPromotion,
    DatedTax,
    Entry,
    Facts,
    Item,
    Recall,
    Suggestion,
    Tax,
    Terms,
)
from store.tables import (
    ages,
    catalogue,
    codes,
    facts,
    items,
    prices,
    promotions,
    recalls,
    staff,
    suggestions,
    taxes,
)

PAGE = 1000

_item = msgspec.json.Decoder(Item)


def catalogue_page(
    db: Connection, store: str, source: str, since: int, version: int, after: ItemId, size: int = PAGE
) -> CataloguePage:
    """The page after item `after` of what changed since version `since`, with the prices of `store`.

    `version` is the one that this round of pages began with (0: it begins now). Whoever asks for another
    catalogue's versions, or for one from the future, gets everything from the start.
    """
    ours, latest = db.execute(select(catalogue.c.source, catalogue.c.version)).one()
    if source != ours or since > latest or version > latest:
        since, version, after = 0, 0, ItemId(0)
    changed = and_(items.c.revision > since, items.c.id > after)
    if since == 0:
        changed = and_(changed, ~items.c.gone)
    rows = db.execute(select(items).where(changed).order_by(items.c.id).limit(size)).all()
    last = len(rows) < size
    here = [row.id for row in rows if not row.gone]
    return CataloguePage(
        source=ours,
        since=since,
        version=version or latest,
        latest=latest,
        after=ItemId(rows[-1].id) if rows else after,
        entries=_entries(db, store, here),
        gone=tuple(ItemId(row.id) for row in rows if row.gone),
        last=last,
        terms=terms(db) if last else None,
    )


def _entries(db: Connection, store: str, ids: list[int]) -> tuple[Entry, ...]:
    if not ids:
        return ()
    low, high = ids[0], ids[-1]
    own, general = aliased(prices), aliased(prices)
    query = (
        select(
            items,
            func.coalesce(own.c.special, own.c.price, general.c.special, general.c.price).label("price"),
        )
        .outerjoin(own, and_(own.c.item == items.c.id, own.c.store == store))
        .outerjoin(general, and_(general.c.item == items.c.id, general.c.store == ""))
        .where(items.c.id.between(low, high))
        .order_by(items.c.id)
    )
    wanted = set(ids)
    found: dict[int, list[Gtin]] = {}
    code_rows = select(codes).where(codes.c.item.between(low, high)).order_by(codes.c.gtin)
    for code in db.execute(code_rows):
        found.setdefault(code.item, []).append(Gtin(code.gtin))
    said = {
        row.item: msgspec.json.decode(row.record, type=Facts)
        for row in db.execute(select(facts).where(facts.c.item.between(low, high)))
    }
    allowed = {row.restriction: row.min_age for row in db.execute(select(ages))}
    return tuple(
        Entry(_as_sold(row, allowed), tuple(found.get(row.id, ())), row.rank, said.get(row.id))
        for row in db.execute(query)
        if row.id in wanted
    )


def _as_sold(row: Row[Any], allowed: dict[str, int]) -> Item:
    """The item as it is sold in one store: price, price per kilogram or litre, and age added."""
    item = _item.decode(row.record)
    price = None if row.price is None else Minor(row.price)
    per_unit = None
    if price is not None and row.net_unit:
        per_unit = (price if row.by_weight else Minor(half_up(price * 1_000_000, row.net)), row.net_unit)
    return msgspec.structs.replace(
        item,
        id=ItemId(row.id),
        price=None if row.by_weight else price,
        price_per_kg=price if row.by_weight else None,
        per_unit=per_unit,
        min_age=allowed.get(item.restriction, 0),
    )


def terms(db: Connection) -> Terms:
    """Staff, promotions, taxes and recalls, whole."""
    return Terms(
        staff=tuple(
            Colleague(row.person, row.name, row.role, row.pin_hash)
            for row in db.execute(select(staff).order_by(staff.c.person))
        ),
        promotions=tuple(
            msgspec.json.decode(row.record, type=DatedPromotion)
            for row in db.execute(select(promotions).order_by(promotions.c.id))
        ),
        taxes=tuple(
            DatedTax(Tax(row.code, Rate(row.rate)), row.valid_from or None, row.valid_to or None)
            for row in db.execute(select(taxes).order_by(taxes.c.code, taxes.c.valid_from))
        ),
        recalls=tuple(
            Recall(Gtin(row.gtin), row.batch, row.serial)
            for row in db.execute(select(recalls).order_by(recalls.c.gtin, recalls.c.batch, recalls.c.serial))
        ),
        suggestions=tuple(
            msgspec.json.decode(record, type=Suggestion)
            for record in db.execute(select(suggestions.c.record).order_by(suggestions.c.place)).scalars()
        ),
    )
