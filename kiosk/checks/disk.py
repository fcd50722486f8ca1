"""The disk under the books: is there room, does it take anything, and how long does a commit take?"""

import errno
import os
import shutil
import time
from pathlib import Path

from kiosk.readiness.faults import Fault
from kiosk.readiness.report import Check, ill, well

COMMITS = 40
ROOM = 200
"""MiB that must be free."""
PACE = 0.1
"""Seconds that a commit may take."""
WRONG = {errno.EROFS: Fault.READ_ONLY, errno.EACCES: Fault.NO_PERMISSION, errno.ENOSPC: Fault.FULL}


def disk(folder: Path) -> Check:
    """Room on the disk under this folder, there or not yet, and how long it takes until 4 KiB are really written."""
    try:
        folder = next(each for each in (folder, *folder.parents) if each.is_dir())
        times = sorted(commit_times(folder))
        free = shutil.disk_usage(folder).free // 2**20
    except OSError as wrong:
        fault = WRONG.get(wrong.errno or 0, Fault.BROKEN)
        return ill("machine", "disk", fault, f"{folder}: {wrong.strerror}", "files can be written")
    return judged(folder, free, times[len(times) // 2], times[-1])


def judged(folder: Path, free: int, middle: float, worst: float) -> Check:
    """`free` in MiB, commits in seconds."""
    seen = f"{folder}: {free} MiB free, a commit takes {middle * 1000:.1f} ms, at worst {worst * 1000:.1f} ms"
    if free <= ROOM:
        return ill("machine", "disk", Fault.FULL, seen, f"more than {ROOM} MiB free")
    if middle >= PACE:
        return ill("machine", "disk", Fault.SLOW, seen, f"a commit within {PACE * 1000:.0f} ms")
    return well("machine", "disk", seen)


def commit_times(folder: Path) -> list[float]:
    """Seconds that each of some 4 KiB overwrites takes to reach the disk."""
    probe = folder / ".doctor"
    handle = os.open(probe, os.O_RDWR | os.O_CREAT, 0o600)
    times = []
    try:
        os.pwrite(handle, b"\0" * 4096, 0)
        os.fsync(handle)
        for number in range(COMMITS):
            started = time.perf_counter()
            os.pwrite(handle, bytes([number]) * 4096, 0)
            os.fdatasync(handle)
            times.append(time.perf_counter() - started)
    finally:
        os.close(handle)
        probe.unlink()
    return times
