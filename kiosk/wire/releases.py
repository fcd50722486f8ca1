"""Which release a lane is to run: what it tells of itself, and what the store server wants of it."""

import re
from typing import Annotated, Literal, TypeAlias

from msgspec import Meta, Struct

VERSION = r"^\d{1,6}(\.\d{1,6}){1,3}$"
Version: TypeAlias = Annotated[str, Meta(pattern=VERSION)]
Why: TypeAlias = Annotated[str, Meta(max_length=400)]
PIECE = 4_000_000  # bytes of a bundle that are handed out at a time


def order(version: str) -> tuple[int, ...]:
    """1.10 comes after 1.9, and 1.0 is 1.0.0. ValueError for what is no version."""
    if not re.match(VERSION, version):
        raise ValueError(f"expected a version such as 1.4.0, not {version!r}")
    numbers = [int(part) for part in version.split(".")]
    while numbers[-1] == 0 and len(numbers) > 1:
        numbers.pop()
    return tuple(numbers)


class ReleaseFailed(Struct, frozen=True):
    """A release that a lane tried and left again, and why: told once."""

    version: Version
    why: Why


class ReleaseQuestion(Struct, frozen=True):
    """What a lane runs, on what kind of machine, from which slot; `proved`: it is known to be good there."""

    compatible: Annotated[str, Meta(min_length=1, max_length=40)]
    version: Version
    slot: Literal["a", "b"]
    proved: bool
    failures: Annotated[tuple[ReleaseFailed, ...], Meta(max_length=16)] = ()


class ReleaseWanted(Struct, frozen=True):
    """What it is to run; an empty `version`: what it runs, for now, and `why`.

    Its bundle has `size` bytes and the SHA-256 `digest` (hex). For `seconds` it is this lane's turn: no other one of
    the shop changes over meanwhile.
    """

    version: str = ""
    size: int = 0
    digest: str = ""
    seconds: int = 0
    why: str = ""
