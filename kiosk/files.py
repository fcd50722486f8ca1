"""Files that are whole, or not there: a power cut leaves the one before or the new one."""

import os
from pathlib import Path


def write(path: Path, text: str, mode: int) -> None:
    """The whole text, safe on the disk with its name; where `path` is a link, into what it leads to. Raises OSError."""
    target = Path(os.path.realpath(path))
    fresh = target.with_name(f".{target.name}.new")
    fresh.unlink(missing_ok=True)
    with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode), "w") as file:
        os.fchmod(file.fileno(), mode)
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    fresh.replace(target)
    folder = os.open(target.parent, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
