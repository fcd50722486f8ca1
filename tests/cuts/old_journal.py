"""A journal that the first version left behind, taken over by this one: it is the old one or the new one, whole."""

import sqlite3
from contextlib import closing
from pathlib import Path

from kiosk.checkout.records import DayEnded
from kiosk.journal import Journal
from kiosk.journal.seal import sync
from kiosk.units import Millis
from tests.cuts.journal import NAME, broken, goes_on, rows
from tests.cuts.voice import Said, Voice
from tests.journal.test_the_ledger_goes_on import version_1


def live(folder: Path) -> None:
    """The last version left a journal behind, and this one starts with it."""
    version_1(folder / NAME)
    sync(folder)
    say = Voice(folder)
    say(line=2)
    journal = Journal(folder / NAME)
    say(line=3)
    journal.note(Millis(journal.newest()), DayEnded("2026-11-29", journal.newest())).result()
    say(line=5)
    journal.close()


class Check:
    def __init__(self, files: Path) -> None: ...

    def __call__(self, folder: Path, said: Said) -> str:
        if not said:
            return ""  # nobody has said yet that there is a journal
        with closing(Journal(folder / NAME)) as journal:
            numbers = [sale.number for sale in journal.sales()]
            with closing(sqlite3.connect(folder / NAME)) as db:
                lines = len(rows(db)[1])
            if numbers != [1, 2] or lines < said[-1]["line"]:
                return f"lost: sales {numbers}, {lines} lines of {said[-1]['line']}"
            return broken(folder / NAME) or goes_on(journal, {})
