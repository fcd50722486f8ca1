"""What a release says of itself, in its image and, signed, in its bundle."""

from typing import Annotated

from msgspec import Meta, Struct


class Formats(Struct, frozen=True):
    """The versions of the journal's file that a release reads, `least` to `most`, and the one that it `writes`."""

    least: Annotated[int, Meta(ge=1)]
    most: Annotated[int, Meta(ge=1)]
    writes: Annotated[int, Meta(ge=1)]

    def __post_init__(self) -> None:
        if not self.least <= self.writes <= self.most:
            raise ValueError("a release must read what it writes")


class Claims(Struct, frozen=True, omit_defaults=True):
    """A bundle's description, as JSON, under its signature. `recovery`: it may be older than what a lane has had."""

    journal: Formats
    recovery: bool = False


class Offer(Struct, frozen=True):
    """A bundle whose signature is good. `development`: a key of the makers' own benches has signed it."""

    compatible: str
    version: str
    claims: Claims
    development: bool = False


class Release(Struct, frozen=True, kw_only=True):
    """/usr/share/kiosk/release.json: the image that runs. `release`: it is for shops, and takes no bench's keys."""

    version: str
    built: str = ""
    slot_hash: str = ""
    release: bool = False
