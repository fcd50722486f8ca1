"""What every journaled event is."""

from msgspec import Struct


class Fact(Struct, frozen=True, tag=True):
    """Something that is written down before anything follows from it."""
