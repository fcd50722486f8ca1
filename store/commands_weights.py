"""Commands about what lanes have weighed: `store weights list|export|import|forget`."""

import argparse
import csv
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from math import sqrt
from pathlib import Path

import msgspec
from sqlalchemy import Connection, Engine, select

from kiosk.units import ItemId
from kiosk.weight.sums import Sums
from kiosk.wire import Item
from store import weights
from store.database import open_database, writing
from store.importing import weighings
from store.importing.lists import item_of
from store.tables import items, weight_items

Leaf = Callable[..., argparse.ArgumentParser]


def parsers(commands: "argparse._SubParsersAction[argparse.ArgumentParser]", leaf: Leaf) -> None:
    """Put these commands beside the others."""
    words = "what items weigh, as lanes and lists have it"
    group = commands.add_parser("weights", help=words).add_subparsers(required=True, metavar="WHAT")
    shown = leaf(group, "list", "what the shop believes, and how many weighings that rests on", _list)
    shown.add_argument("item", nargs="?", help="its code (default: all)")
    leaf(group, "export", "the same as a CSV file for another store", _export)
    brought = leaf(
        group, "import", "weighings of a staffed till (item,grams) or another store's export (CSV)", _import
    )
    brought.add_argument("file", type=Path)
    brought.add_argument(
        "--name", help="of the list; takes the place of one of that name (default: the file's)"
    )
    brought.add_argument(
        "--most", type=int, help="weighings that a sum counts for at most (20 of another store)"
    )
    forgotten = leaf(group, "forget", "a pack was recalled or changed: every lane begins anew", _forget)
    forgotten.add_argument("item", help="its code")


def _now() -> int:
    return time.time_ns() // 1_000_000


@contextmanager
def _opened(arguments: argparse.Namespace) -> Iterator[Engine]:
    engine = open_database(arguments.db)
    try:
        yield engine
    finally:
        engine.dispose()


def _item(db: Connection, code: str) -> ItemId:
    return item_of(db, "item", code)


def _list(arguments: argparse.Namespace) -> int:
    with _opened(arguments) as engine, engine.connect() as db:
        wanted = select(weight_items.c.item)
        if arguments.item:
            wanted = wanted.where(weight_items.c.item == _item(db, arguments.item))
        found = weights.beliefs(db, db.execute(wanted).scalars().all(), _now())
        records = select(items.c.id, items.c.record).where(items.c.id.in_(wanted)).order_by(items.c.id)
        for item, record in db.execute(records):
            if (one := found.get(item)) is None:
                continue
            thing = msgspec.json.decode(record, type=Item)
            print(f"{thing.gtin or item} {thing.name}: {_words(one.epoch, one.sums)}")
            if one.older is not None:
                print(f"  before: {_words(one.older_epoch, one.older)}")
            if one.coming is not None:
                print(f"  at one lane, or too seldom: {_words(one.coming_epoch, one.coming)}")
    return 0


def _words(epoch: int, sums: Sums | None) -> str:
    if sums is None:
        return f"forgotten, pack {epoch} begins"
    return f"{sums.mean:.1f} g ± {sqrt(sums.variance):.1f} of {sums.n} weighings, pack {epoch}"


def _export(arguments: argparse.Namespace) -> int:
    with _opened(arguments) as engine, engine.connect() as db:
        writer = csv.writer(sys.stdout)
        writer.writerow(weighings.SUMS)
        writer.writerows(weighings.exported(db, _now()))
    return 0


def _import(arguments: argparse.Namespace) -> int:
    if arguments.most is not None and arguments.most < 1:
        raise ValueError("--most: expected 1 or more")
    name = (arguments.name or arguments.file.stem)[:40]
    with _opened(arguments) as engine:
        count = weighings.import_weighings(engine, arguments.file, name, arguments.most)
    print(f"{arguments.file.name}: weights of {count} items")
    return 0


def _forget(arguments: argparse.Namespace) -> int:
    with _opened(arguments) as engine, writing(engine) as db:
        if not weights.forget(db, _item(db, arguments.item)):
            raise ValueError(f"nothing is known of the weight of {arguments.item}")
    return 0
