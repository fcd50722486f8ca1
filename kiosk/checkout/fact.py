"""What a fact is: every event that is written down is one."""

from msgspec import Struct


class Fact(Struct, frozen=True, tag=True):
    """Something that is written down before anything follows from it."""
