"""The words between a shop and the weight check: what happened, one frozen message each, and what is decided.

As JSON lines they are told apart by `type`. Masses are grams, prices cents, `t` seconds on the shop's clock (0 where it
tells none). A shop's own names of items, lines and baskets are kept as they come; fields that are not named here are
passed over. What no shop can mean (a tonne on the scale, a thousand and one tins on a line) is refused when it is read.
"""

from typing import Annotated, Literal, get_args

from msgspec import Meta, Struct

Decision = Literal["ok", "wait", "ask", "staff", "block"]
Key = Literal["bag", "bag_full", "moved", "skip", "fine", "help"]
Verdict = Literal["open", "approved", "corrected"]
Name = str | int
Grams = Annotated[float, Meta(ge=-1_000_000, le=1_000_000)]
Mass = Annotated[float, Meta(ge=0, le=1_000_000)]
Cents = Annotated[float, Meta(ge=0, le=1_000_000_000)]
Some = Annotated[int, Meta(ge=1, le=1_000)]
SomeOrNone = Annotated[int, Meta(ge=0, le=1_000)]


class Happened(Struct, frozen=True, tag_field="type", kw_only=True):
    """Anything that a shop may say."""

    t: float = 0.0


class Plate(Struct, frozen=True):
    """The bag scale: its division and capacity in grams."""

    d: Annotated[float, Meta(gt=0, le=10_000)]
    capacity: Mass


class Store(Happened, frozen=True, tag="store"):
    """Once, first. An item is its name, its master weight if anybody knows one, its price."""

    scale: Plate
    items: tuple[tuple[Name, Mass | None, Cents], ...]


class BasketStart(Happened, frozen=True, tag="basket_start"):
    """A visit begins; the scale is empty and zeroed."""

    basket: Name


class BasketEnd(Happened, frozen=True, tag="basket_end"):
    """The shopper has gone."""

    basket: Name


class Scan(Happened, frozen=True, tag="scan"):
    """`qty` things of an item became a line; `price` is of one."""

    line: Name
    item: Name
    qty: Some = 1
    price: Cents = 0


class Qty(Happened, frozen=True, tag="qty"):
    """The quantity key: so many things in all are on this line."""

    line: Name
    qty: SomeOrNone


class Void(Happened, frozen=True, tag="void"):
    """A line was removed, by the shopper, or by staff between `open` and their verdict."""

    line: Name


class Settled(Happened, frozen=True, tag="settled"):
    """The scale has come to rest at the gross reading `w`, which may be the last one again."""

    w: Grams


class Press(Happened, frozen=True, tag="press"):
    """A key, unasked or as the answer to a card; `line` says what is too large to bag."""

    key: Key
    line: Name | None = None


class Tick(Happened, frozen=True, tag="tick"):
    """Time has passed since a `wait`."""


class Staff(Happened, frozen=True, tag="staff"):
    """An attendant opens the lane; what follows up to the verdict is theirs."""

    verdict: Verdict


class Pay(Happened, frozen=True, tag="pay"):
    """The shopper wants to pay."""


class Paid(Happened, frozen=True, tag="paid"):
    """The payment is done; goods may still move until the basket ends."""


Event = (
    Store | BasketStart | BasketEnd | Scan | Qty | Void | Settled | Press | Tick | Staff | Pay | Paid
)  # fmt: skip


def types() -> list[str]:
    """What `type` may be."""
    return [str(kind.__struct_config__.tag) for kind in get_args(Event)]
