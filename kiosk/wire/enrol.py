"""A machine becomes a lane: a code that is good once, for the lane's own token."""

from typing import Annotated

from msgspec import Meta, Struct

ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
"""No 0, 1, I, L, O, U: none of them is taken for another, and no word comes up."""
SIGNS = 12
"""59 bits: not to be guessed in the hour that a code lives."""


def plain(code: str) -> str:
    """A code as it is kept: 7k4m-9qxt-w2hd is 7K4M9QXTW2HD."""
    return code.upper().replace("-", "").replace(" ", "")


class Enrol(Struct, frozen=True):
    code: Annotated[str, Meta(min_length=SIGNS, max_length=3 * SIGNS)]


class Enrolled(Struct, frozen=True):
    """The token is told this once."""

    store: str
    lane: str
    token: str
