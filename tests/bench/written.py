"""How many bytes a small and a large sale make the disk write, against one block for each of their commits.

Counted is `write_bytes` of /proc/PID/io: every page of a file that the kiosk made dirty, the write-ahead log as
well as the journal itself when the log is folded back into it, until the kiosk is closed. A commit is a turn. The
kernel writes whole blocks, so that none takes less than one; tests.cuts.written counts what it is given to write.
"""

import sqlite3
from collections.abc import Iterator
from pathlib import Path

from drivers.simulated.lane import SimulatedLane
from tests.bench import Row
from tests.bench.rig import Goods, Kiosk, configured, folder, gtin, pay

BLOCK, PIECES, MOST = 4096, (2, 10), 2.0


def written(pid: int) -> int:
    rows = Path(f"/proc/{pid}/io").read_text().splitlines()
    return next(int(row.split()[1]) for row in rows if row.startswith("write_bytes:"))


def commits(journal: Path) -> int:
    """Turns that are in the journal."""
    db = sqlite3.connect(f"file:{journal}?mode=ro", uri=True)
    try:
        return int(db.execute("SELECT max(seq) FROM turns").fetchone()[0])
    finally:
        db.close()


def rows(quick: bool) -> Iterator[Row]:
    for pieces in PIECES:
        yield row(pieces, 5 if quick else 40)


def row(pieces: int, sales: int) -> Row:
    with folder() as place, SimulatedLane() as lane:
        goods = Goods(3000)
        goods.stock(place / "catalogue.db")
        with Kiosk(configured(place, lane, "scanner", "terminal")) as kiosk:
            kiosk.until(lambda turn: {"scanner", "terminal"} <= set(turn["ready"]), "the devices")
            turns, bytes_ = commits(place / "journal.db"), written(kiosk.pid)
            for sale in range(sales):
                for number, item in enumerate(goods.basket(pieces, sale), 1):
                    lane.scanner.scan(f"{gtin(item):013d}")
                    kiosk.until(lambda turn, n=number: turn["pieces"] == n, "a line")  # type: ignore[misc]
                pay(kiosk, lane)
            turns, bytes_ = commits(place / "journal.db") - turns, written(kiosk.pid) - bytes_
    return Row(
        what=f"bytes written for a sale of {pieces} items, {turns / sales:.1f} commits, mean of {sales}",
        goal=f"<= {MOST:.0f} x one block a commit",
        measured=f"{bytes_ / sales / 1000:.0f} kB, floor {turns * BLOCK / sales / 1000:.0f} kB",
        ratio=bytes_ / (turns * BLOCK),
        ok=bytes_ <= MOST * turns * BLOCK,
    )
