"""Application identifiers: what each may hold, what it goes with, and how one is found in a text."""

from typing import NamedTuple


class Part(NamedTuple):
    """A piece of a value: `least` to `most` characters of a `charset` of `lint.CHARSETS`, and further rules."""

    charset: str
    least: int
    most: int
    optional: bool = False
    linters: tuple[str, ...] = ()


class Ai(NamedTuple):
    """The application identifiers from `first` to `last`, which follow the same rules.

    `fixed`: no separator follows. `attribute`: may stand in the query of a Digital Link. `requires`: of each tuple
    one group must be there whole. `excludes`: none of them may be there. In both, n is any digit. `paths`: a primary
    key of a Digital Link, and the qualifiers that may follow, in their order.
    """

    first: str
    last: str
    fixed: bool
    attribute: bool
    parts: tuple[Part, ...]
    requires: tuple[tuple[tuple[str, ...], ...], ...] = ()
    excludes: tuple[str, ...] = ()
    paths: tuple[tuple[str, ...], ...] = ()
    title: str = ""


def matches(pattern: str, ai: str) -> bool:
    """Whether `ai` is `pattern`, in which n is any digit."""
    return ai.startswith(pattern.rstrip("n")) and len(ai) == len(pattern)
