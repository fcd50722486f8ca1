"""Commands about the lanes' software: `store release add|lab|promote|stop|show`."""

import argparse
import time
from collections.abc import Callable
from pathlib import Path

from sqlalchemy import delete, insert, select

from kiosk.wire.releases import order
from store import releases
from store.database import open_database, writing
from store.lanes import Lane
from store.tables_releases import release_failures, release_lab, release_states
from store.tables_releases import releases as table

Leaf = Callable[..., argparse.ArgumentParser]
COMPATIBLE = "kiosk-amd64"


def parsers(commands: "argparse._SubParsersAction[argparse.ArgumentParser]", leaf: Leaf) -> None:
    """Put these commands beside the others."""
    words = "the lanes' software: who gets which release"
    group = commands.add_parser("release", help=words).add_subparsers(required=True, metavar="WHAT")
    added = leaf(group, "add", "offer a bundle to the lab's lanes", _add)
    added.add_argument("bundle", type=Path)
    promoted = leaf(group, "promote", "let a release go further, or go on after it was stopped", _promote)
    stopped = leaf(group, "stop", "give a release to no lane any more", _stop)
    for one in (added, promoted, stopped):
        one.add_argument("version")
        one.add_argument("--compatible", default=COMPATIBLE, help=f"kind of machine (default {COMPATIBLE})")
    promoted.add_argument("ring", choices=releases.RINGS)
    promoted.add_argument("--store", help="whose shop tries it first")
    promoted.add_argument("--lane", default="1", help="which lane of it")
    stopped.add_argument("--reason", default="by hand")
    lab = leaf(group, "lab", "say that a lane is one of the lab's", _lab)
    lab.add_argument("store")
    lab.add_argument("lane")
    lab.add_argument("--not", dest="out", action="store_true", help="it is no more")
    leaf(group, "show", "releases, what lanes run, what failed", _show)


def _now() -> int:
    return time.time_ns() // 1_000_000


def _add(arguments: argparse.Namespace) -> int:
    with writing(open_database(arguments.db)) as db:
        releases.add(db, arguments.bundle, arguments.version, arguments.compatible, _now())
    return 0


def _promote(arguments: argparse.Namespace) -> int:
    pilot = Lane(arguments.store, arguments.lane) if arguments.store else None
    with writing(open_database(arguments.db)) as db:
        releases.promote(db, arguments.version, arguments.compatible, arguments.ring, pilot, _now())
    return 0


def _stop(arguments: argparse.Namespace) -> int:
    with writing(open_database(arguments.db)) as db:
        if not releases.stop(db, arguments.version, arguments.compatible, arguments.reason, _now()):
            raise ValueError(f"there is no release {arguments.version} for {arguments.compatible}")
    return 0


def _lab(arguments: argparse.Namespace) -> int:
    row = {"store": arguments.store, "lane": arguments.lane}
    with writing(open_database(arguments.db)) as db:
        db.execute(delete(release_lab).filter_by(**row))
        if not arguments.out:
            db.execute(insert(release_lab).values(**row))
    return 0


def _show(arguments: argparse.Namespace) -> int:
    with open_database(arguments.db).connect() as db:
        for row in sorted(db.execute(select(table)), key=lambda row: (row.compatible, order(row.version))):
            how = f"stopped: {row.reason}" if row.stopped else f"ring {row.ring}"
            pilot = f", first lane {row.pilot_lane} of {row.pilot_store}" if row.pilot_store else ""
            print(f"{row.version} {row.compatible} {how}{pilot}")
        for row in db.execute(select(release_states).order_by(release_states.c.store, release_states.c.lane)):
            tried = "" if row.proved else ", being tried"
            print(f"lane {row.lane} of {row.store}: {row.version} in slot {row.slot}{tried}")
        for row in db.execute(select(release_failures).order_by(release_failures.c.at)):
            print(f"lane {row.lane} of {row.store} left {row.version}: {row.why}")
    return 0
