"""kiosk health CONFIG: is the kiosk well? For systemd after a start, and for whoever wants to know in one look."""

import argparse
import os
import sqlite3
import sys
import time
from collections.abc import Callable
from contextlib import closing, suppress
from pathlib import Path

from kiosk.config import ConfigError, read
from kiosk.loop.pulse import LATE
from kiosk.update.asking import lane_status
from kiosk.update.keeper import Keeper, RefusedError, slots_of
from kiosk.update.lane import Machine, NoImageError
from kiosk.update.rauc import Rauc, RaucError
from kiosk.update.slots import Doubted, Healthy, Unhealthy
from kiosk.update.state import FOLDER
from kiosk.wire import LaneStatus

LOOK = 0.5  # seconds between two questions


def main(argv: list[str], machine: Machine | None = None, keeper: Callable[[], Keeper] | None = None) -> int:
    """0: it sells, or could; 1: it does not, with a line for each fault; 2: there is no configuration."""
    parser = argparse.ArgumentParser(
        prog="kiosk health",
        description="Ask the running kiosk whether it is well; on an image, the running slot is then good.",
    )
    parser.add_argument("config", type=Path, nargs="?", default=Path("/etc/kiosk/kiosk.toml"))
    parser.add_argument(
        "--wait", type=float, default=90.0, help="seconds that the kiosk may take to get ready"
    )
    parser.add_argument(
        "--look", action="store_true", help="only look: no slot becomes good by it, or is doubted"
    )
    options = parser.parse_args(argv)
    try:
        files = read(options.config).files
    except ConfigError as wrong:
        print(f"kiosk health: {wrong}", file=sys.stderr)
        return 2
    own = machine or Machine()
    slots = keeper or (lambda: slots_of(own, Rauc(), FOLDER))
    until = time.monotonic() + options.wait
    status = waited(
        lambda: lane_status(Path(files.status)),
        lambda: time.monotonic() < until,
        (lambda found: None) if options.look else lambda found: doubted(found, slots),
    )
    found = [*faults(status), *journal_faults(Path(files.journal))]
    if not options.look:
        found += concluded(found, own, slots)
    for fault in found:
        print(f"BAD  {fault}")
    if not found:
        print("ok   the kiosk is ready")
    return 1 if found else 0


def waited(
    ask: Callable[[], LaneStatus | None],
    patient: Callable[[], bool],
    doubt: Callable[[list[str]], None],
    sleep: Callable[[float], None] = time.sleep,
) -> LaneStatus | None:
    """Ask until the lane is well, or time is up; the last answer. `doubt` hears what is wrong, when it changes."""
    status, doubts = ask(), list[str]()
    while (found := faults(status)) and patient():
        if found != doubts:
            doubt(doubts := found)
        sleep(LOOK)
        status = ask()
    return status


def faults(status: LaneStatus | None) -> list[str]:
    """What keeps this lane from selling, that is not a matter of its peripherals."""
    if status is None:
        return ["kiosk: it does not answer on its status socket"]
    if status.fault:
        return [f"kiosk: {status.fault}"]
    found = [] if status.ready else ["kiosk: it is not ready"]
    if status.frame_ms > LATE:
        found.append(f"screen: no frame for {status.frame_ms // 1000} s")
    if status.journal_ms > LATE:
        found.append(f"journal: its writer has said nothing for {status.journal_ms // 1000} s")
    if status.devices.get("storage") == "fault":
        found.append("disk: it does not take what is sold")
    if status.devices.get("clock") == "fault":
        found.append("clock: the time of day cannot be believed")
    return found


def journal_faults(path: Path) -> list[str]:
    """What SQLite finds in the journal's file; nothing where this user may not read it (a unit of its own does)."""
    if not os.access(path, os.R_OK):
        return []
    try:
        with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)) as db:
            said = str(db.execute("PRAGMA quick_check(1)").fetchone()[0])
    except sqlite3.Error as wrong:
        said = str(wrong)
    return [] if said == "ok" else [f"journal: {path}: {said}"]


def doubted(found: list[str], keeper: Callable[[], Keeper]) -> None:
    """Keep why a release on trial does not sell: the machine may start anew before this check has come to its end."""
    with suppress(NoImageError, RaucError, RefusedError, OSError):
        keeper().take(Doubted("; ".join(found)))


def concluded(found: list[str], machine: Machine, keeper: Callable[[], Keeper]) -> list[str]:
    """On an image: the slot has proved itself, or why it has not is kept for whoever asks; faults of doing so."""
    try:
        machine.started()
        keeper().take(Unhealthy("; ".join(found)) if found else Healthy())
    except NoImageError:
        return []
    except (RaucError, RefusedError, OSError) as wrong:
        return [f"the slot could not be marked: {wrong}"]
    return []
