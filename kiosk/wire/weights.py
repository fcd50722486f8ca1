"""What lanes have weighed: sums per item and epoch that they tell the store server, and get from all others together.

Nothing in here names a basket, a time or a person. The days in `Known` are the server's own.
"""

from typing import Annotated, TypeAlias

from msgspec import Meta, Struct

from kiosk.units import ItemId
from kiosk.weight.sums import EPOCHS, LANE_MOST, Known, Sums

Epoch: TypeAlias = Annotated[int, Meta(ge=0, lt=EPOCHS)]


class Weighed(Struct, frozen=True):
    """All that a lane has weighed of one epoch of an item: `count` in its life, of which it remembers `sums`.

    Of two of the same lane, item and epoch the one with the higher count is the later, and has the other in it.
    """

    item: Annotated[ItemId, Meta(ge=1, lt=2**40)]
    epoch: Epoch
    count: Annotated[int, Meta(ge=1, lt=2**53)]
    sums: Sums

    def __post_init__(self) -> None:
        if self.sums.n > min(self.count, LANE_MOST):
            raise ValueError(f"expected at most {min(self.count, LANE_MOST)} weighings, not {self.sums.n}")


class WeightSums(Struct, frozen=True):
    """What a lane tells the server. Items have the ids of the catalogue named `source`; `journal` is the book that
    the sums are kept in: in another they begin anew."""

    source: Annotated[str, Meta(max_length=40)]
    journal: Annotated[str, Meta(min_length=1, max_length=40)]
    items: Annotated[tuple[Weighed, ...], Meta(max_length=1000)]


class WeightsTaken(Struct, frozen=True):
    """The server has them on disk; so many of them it did not have."""

    new: int


class SharedWeights(Struct, frozen=True):
    """What all but the asking lane have weighed of an item, by epoch; epochs below `floor` are to be forgotten."""

    item: ItemId
    floor: Epoch = 0
    known: tuple[Known, ...] = ()


class WeightsPage(Struct, frozen=True):
    """Items whose sums changed after version `since` (0: all there are), the next page begins after `version`."""

    source: str
    since: int
    version: int
    items: tuple[SharedWeights, ...] = ()
    last: bool = False


# ---- loop to link


class Teach(Struct, frozen=True, tag=True):
    """Tell the server these, some time; the link remembers them until the loop comes anew and gives it all of them."""

    source: str
    journal: str
    items: tuple[Weighed, ...] = ()
