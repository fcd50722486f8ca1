"""The lane's copy of the catalogue, and what other lanes have weighed: taken in page by page, and found whole again."""

import hashlib
import os
import sqlite3
from contextlib import closing
from pathlib import Path

from kiosk.catalogue import Catalogue, Intake
from kiosk.catalogue.shared import SharedIntake
from kiosk.units import ItemId
from kiosk.weight.sums import Known, Sums
from kiosk.wire import SharedWeights, WeightsPage
from tests.catalogue.test_taking_in import Source
from tests.cuts.voice import Said, Voice, heard
from tests.shop import as_json

NAME = "catalogue.db"
ROUNDS = 6
"""Versions of the catalogue in each life."""


def changed(source: Source, number: int) -> None:
    """A third of the goods have new names, and some are gone."""
    ids = range(1 + number % 3, 60, 3)
    source.change(**{f"i{i}": None if (i + number) % 7 == 0 else f"Item {i} of {number}" for i in ids})


def live(folder: Path, begin: str, end: str, *pragmas: str) -> None:
    """One life of the link: versions `begin` and after, in several pages each, and a page of weights for each."""
    source, say, first = Source(size=8), Voice(folder), int(begin)
    intake, shared = Intake(folder / NAME), SharedIntake(folder / NAME)
    for pragma in pragmas:
        intake._db.execute(f"PRAGMA {pragma}")
        shared._db.execute(f"PRAGMA {pragma}")
    say(version=intake.version, goods=digest(folder), weights=shared.version("ours", "book"))
    for number in range(first + ROUNDS):
        changed(source, number)
        if number < first:
            continue
        while not intake.take(source.page(intake)):
            pass
        since = shared.version("ours", "book")
        known = (Known(0, Sums(2, 20 + number, 800), 1, number),)
        weighed = tuple(SharedWeights(ItemId(i), 0, known) for i in range(1, 9))
        shared.take(as_json(WeightsPage("ours", since, since + 1, weighed, True)), "ours", "book")
        say(version=intake.version, goods=digest(folder), weights=since + 1)
    if end == "killed":
        os._exit(0)
    intake.close(), shared.close()


def digest(folder: Path) -> str:
    """All goods that are in use."""
    with closing(sqlite3.connect(folder / NAME)) as db:
        rows = db.execute(
            "SELECT items.id, record, text FROM items JOIN names ON names.rowid = place ORDER BY 1"
        )
        return hashlib.sha256(repr(rows.fetchall()).encode()).hexdigest()[:16]


class Check:
    def __init__(self, files: Path) -> None:
        self.goods = {each["version"]: each["goods"] for each in heard(files)}

    def __call__(self, folder: Path, said: Said) -> str:
        """As in journal.py."""
        with Catalogue.open(folder / NAME) as catalogue:
            version = catalogue.version
        last = said[-1] if said else {"version": 0, "weights": 0}
        with closing(SharedIntake(folder / NAME)) as shared:
            weights = shared.version("ours", "book")
        if version < last["version"] or weights < last["weights"]:
            return f"lost: version {version} of {last['version']}, weights {weights} of {last['weights']}"
        if digest(folder) != self.goods[version]:
            return f"version {version} has other goods"
        with closing(sqlite3.connect(folder / NAME)) as db:
            if (damage := db.execute("PRAGMA integrity_check(1)").fetchone()[0]) != "ok":
                return f"damaged: {damage}"
        return goes_on(folder)


def goes_on(folder: Path) -> str:
    """Another catalogue takes the place of whatever was there."""
    other = Source("other")
    other.change(i3="Theirs")
    with closing(Intake(folder / NAME)) as intake:
        taken = intake.take(other.page(intake))
        return "" if taken and intake.is_at("other", 1) else "takes no other catalogue"
