"""`python -m tests.vm.cuts [--cuts N] [--seed S] [--only NAME]`: power cuts in a guest that sells and takes cards.

The disk's cache is volatile: of each sector that was not flushed a coin decides what the cut leaves. After every cut
the same disk starts again, goes on with whatever was under way, and has its books compared with the terminal's. The
same is then done with what must lose: a journal that does not wait for the disk, and a file system without barriers.
"""

import argparse
import shutil
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from random import Random

from drivers.simulated.terminal_zvt import ZvtTerminal
from drivers.simulated.world import World
from tests.conftest import ROOT
from tests.vm.plug import BOOT, CONTROLS, HONEST, Control, Cut, Lane
from tests.vm.small import Small, build

NEEDED = ("qemu-system-x86_64", "mmdebstrap", "mke2fs", "unshare", "chroot")
LONGEST = 18.0
"""Seconds that a lane sells at most before its plug is pulled."""
STARTING = 0.2
"""The share of cuts that come while it starts, or finds out what became of a payment."""
WRITING = 0.6
"""The share of cuts that come in the middle of what is written."""
CONTROL_CUTS = 5
"""A control has to lose something within so many cuts."""
SALES, ITEMS = 60, 10
"""What is weighed: in about so many sales the journal's log is folded back once."""
HEAD = " cut  boot s after s  began as               cut at                      kept  lost  sold  found"


def trial(small: Small, folder: Path, control: Control, cuts: int, seed: str, kept: Path) -> int:
    """So many cuts of one lane and the start after the last one; the number of things that were wrong.

    What must not go wrong and does leaves its evidence in `kept`.
    """
    wrong = 0
    print(f"\n== {control.name}, seed {seed}\n{HEAD}", flush=True)
    with ZvtTerminal(World()) as terminal:
        lane = Lane(small, folder, terminal, control, seed)
        moments = Random(f"moments {control.name} {seed}")
        typical = 20.0
        for number in range(1, cuts + 1):
            starting = number > 1 and moments.random() < STARTING
            seconds = moments.uniform(0.0, typical * 1.3 if starting else LONGEST)
            writes = moments.randint(1, 6) if moments.random() < WRITING else 0
            cut = lane.live(seconds, starting, writes)
            typical = cut.booted if not starting and cut.booted else typical
            wrong += told(str(number), cut, lane, kept)
            if control.loses and wrong:
                break
        else:
            wrong += told("end", settled(lane), lane, kept)
        entries = terminal.book.entries
        print(
            f"{len(lane.promises.acknowledged)} sales acknowledged, {len(entries)} lines in the terminal's book, "
            f"{lane.torn} torn superblocks mended",
            flush=True,
        )
        if not control.loses and not wrong:
            cost = lane.weigh(SALES, ITEMS)
            print(f"a sale of {ITEMS} items: {cost.bytes / 1024:.0f} KiB written, {cost.flushes:.1f} flushes")
        lane.close()
    return wrong


def told(number: str, cut: Cut, lane: Lane, kept: Path) -> int:
    print(
        f"{number:>4} {cut.booted:7.1f} {cut.lived:7.1f}  {cut.resumed:<22} {cut.at:<26} {len(cut.remains.kept):5} "
        f"{len(cut.remains.dropped):5} {len(lane.promises.acknowledged):5}  {'; '.join(cut.found) or 'nothing'}",
        flush=True,
    )
    where = kept / f"failed-{lane.seed}-{number}"
    if cut.found and not lane.control.loses and lane.evidence.keep(where, lane.console, lane.shown):
        print(f"     kept in {where}", flush=True)
    return len(cut.found)


def settled(lane: Lane) -> Cut:
    """The start after the last cut, which has torn the superblock; until the lane rests and has opened its books."""
    before = lane.promises.compared
    lane.tear()
    cut = lane.live(BOOT, enough=lambda: lane.promises.compared > before)
    if lane.promises.compared == before:
        cut.found.append(f"rests: no books within {BOOT:.0f} s: {lane.promises.last}")
    return cut


def main(arguments: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.vm.cuts", description=__doc__)
    parser.add_argument("--cuts", type=int, default=20)
    parser.add_argument("--seed", default="1")
    parser.add_argument(
        "--only",
        default="",
        help="a part of the name of one of: " + ", ".join(control.name for control in (HONEST, *CONTROLS)),
    )
    parser.add_argument("--folder", type=Path, default=ROOT / "out" / "vm", help="where the guest is built")
    options = parser.parse_args(arguments)
    if missing := [program for program in NEEDED if shutil.which(program) is None]:
        print(f"NOT RUN: power cuts in a guest need {', '.join(missing)}")
        return 1
    began = time.monotonic()
    small = build(options.folder)
    print(f"the guest is built: {time.monotonic() - began:.0f} s")
    failed = 0
    for control in (HONEST, *CONTROLS):
        if options.only not in control.name:
            continue
        with tempfile.TemporaryDirectory(prefix="cuts-") as folder:
            cuts = CONTROL_CUTS if control.loses else options.cuts
            wrong = trial(small, Path(folder), control, cuts, options.seed, options.folder)
        good = bool(wrong) is control.loses
        failed += not good
        print(f"{'as it must be' if good else 'FAILED'}: {wrong} violations, {control.name}", flush=True)
    print(f"\n{failed} failed, {time.monotonic() - began:.0f} s")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
