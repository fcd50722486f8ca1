"""One recording: what a process did to the files of a folder, in its order, and what it said meanwhile."""

import os
import shutil
import struct
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from tests.conftest import ROOT

HEAD = struct.Struct("=cQqI")
PATIENCE = 120.0


class Call(NamedTuple):
    """`call` is c (create), w (write), t (truncate), s (fsync), d (fdatasync), f (fsync of the folder), u (unlink) or
    r (rename); `data` what is written, or the name; `file` the number of the inode."""

    call: str
    file: int
    at: int
    data: bytes


def can_record() -> bool:
    return shutil.which("gcc") is not None


def recorder(folder: Path) -> Path:
    """The library that tells, built in that folder if it is not there."""
    built = folder / "record.so"
    if not built.exists():
        source = Path(__file__).with_name("record.c")
        subprocess.run(
            ["gcc", "-O2", "-shared", "-fPIC", "-o", built, source, "-ldl", "-lpthread"], check=True
        )
    return built


def recorded(place: Path, lives: Sequence[Sequence[str]]) -> list[Call]:
    """What processes with these arguments (child.py) do one after another to the folder `files` in `place`."""
    place = place.resolve()
    files, log = place / "files", place / "log"
    files.mkdir(parents=True)
    told = {"CUTS_FOLDER": str(files), "CUTS_LOG": str(log), "LD_PRELOAD": str(recorder(place.parent))}
    for life in lives:
        subprocess.run(
            [sys.executable, "-m", "tests.cuts.child", str(files), *life],
            cwd=ROOT,
            env=os.environ | told,
            check=True,
            timeout=PATIENCE,
        )
    return calls(log.read_bytes())


def calls(log: bytes) -> list[Call]:
    found, at = [], 0
    while at < len(log):
        call, file, where, size = HEAD.unpack_from(log, at)
        at += HEAD.size + size
        found.append(Call(call.decode(), file, where, log[at - size : at]))
    return found
