"""What a release says of itself, in its image and, signed, in its bundle."""

from typing import Annotated

import msgspec
from msgspec import Meta, Struct

from kiosk.wire.releases import order


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


def manifest(compatible: str, version: str, claims: Claims, images: dict[str, str], build: str = "") -> str:
    """The manifest.raucm of a bundle that lanes take: `images` has a file name for each class of slot."""
    order(version)
    described = msgspec.json.encode(claims).decode()
    lines = ["[update]", f"compatible={compatible}", f"version={version}", f"description={described}"]
    lines += [f"build={build}"] if build else []
    lines += ["", "[bundle]", "format=verity"]
    for name, file in images.items():
        lines += ["", f"[image.{name}]", f"filename={file}"]
    return "\n".join(lines) + "\n"
