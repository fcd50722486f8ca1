"""How a process says what it has acknowledged: in a file beside the others, which the recording has in its order."""

import os
from pathlib import Path
from typing import Any

import msgspec

SAID = "said"
Said = list[dict[str, Any]]
"""What a process had said by then, the oldest first."""


class Voice:
    def __init__(self, folder: Path) -> None:
        self._file = os.open(folder / SAID, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)

    def __call__(self, **what: Any) -> None:
        os.write(self._file, msgspec.json.encode(what) + b"\n")


def heard(files: Path) -> Said:
    """All that was said in a recording."""
    return understood((files / SAID).read_bytes())


def understood(words: bytes) -> Said:
    return [msgspec.json.decode(line) for line in words.splitlines()]
