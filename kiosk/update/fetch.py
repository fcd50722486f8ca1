"""A bundle comes from the store server piece by piece into one file, and goes on where it was cut off."""

import hashlib
import os
import shutil
from pathlib import Path
from typing import Protocol

from kiosk.wire.releases import ReleaseWanted

SPARE = 64 * 2**20  # bytes that stay free for what is sold


class FetchError(Exception):
    """The bundle is not here, and why."""


class Source(Protocol):
    """The store server, or whoever has the pieces."""

    def bundle(self, version: str, compatible: str, start: int) -> bytes: ...


def fetch(source: Source, wanted: ReleaseWanted, compatible: str, folder: Path) -> Path:
    """The whole bundle, checked against the server's hash. FetchError; what has come stays for the next time."""
    whole, part = folder / f"{wanted.version}.raucb", folder / f"{wanted.version}.part"
    for old in folder.glob("*.raucb"), folder.glob("*.part"):
        for other in old:
            if other not in (whole, part):
                other.unlink()
    if whole.exists() and digest(whole) == wanted.digest:
        return whole
    have = part.stat().st_size if part.exists() else 0
    if shutil.disk_usage(folder).free < wanted.size - have + SPARE:
        raise FetchError(f"{folder}: there is no room for {wanted.size // 2**20} MiB")
    with part.open("ab") as file:
        while have < wanted.size:
            piece = source.bundle(wanted.version, compatible, have)
            if not piece or have + len(piece) > wanted.size:
                break
            file.write(piece)
            have += len(piece)
        file.flush()
        os.fsync(file.fileno())
    if have != wanted.size or digest(part) != wanted.digest:
        part.unlink()
        raise FetchError(f"{wanted.version}: what came is not what the server announced; it is fetched anew")
    part.replace(whole)
    return whole


def digest(path: Path) -> str:
    """SHA-256 of a file, in hex."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
