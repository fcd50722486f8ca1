"""Which image runs: what its build wrote down about itself."""

from pathlib import Path

import msgspec
from msgspec import Struct

from kiosk.version import VERSION

FILE = Path("/usr/share/kiosk/release.json")


class Release(Struct, frozen=True):
    """`slot_hash` is the root hash of the verity tree of the running slot; empty where no image runs."""

    version: str = VERSION
    built: str = ""
    slot_hash: str = ""


def release(file: Path = FILE) -> Release:
    """A machine without an image has no such file: then only the program's own version is known."""
    try:
        return msgspec.json.decode(file.read_bytes(), type=Release)
    except (OSError, msgspec.MsgspecError):
        return Release()
