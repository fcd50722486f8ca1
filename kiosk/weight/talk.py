"""The words between a shop and the weight check: what happened, one frozen message each, and what is decided.

As JSON lines they are told apart by `type`. Masses are grams, prices cents, `t` seconds on the shop's clock (0 where it
tells none). A shop's own names of items, lines and baskets are kept as they come.
"""

from typing import Literal

from msgspec import Struct

Decision = Literal["ok", "wait", "ask", "staff", "block"]
Key = Literal["bag", "bag_full", "moved", "skip", "fine", "help"]
Verdict = Literal["open", "approved", "corrected"]
Name = str | int


class Happened(Struct, frozen=True, tag_field="type", kw_only=True):
    """Anything that a shop may say."""

    t: float = 0.0


class Plate(Struct, frozen=True):
    """The bag scale: its division and capacity in grams."""

    d: float
    capacity: float


class Store(Happened, frozen=True, tag="store"):
    """Once, first. An item is its name, its master weight if anybody knows one, its price."""

    scale: Plate
    items: tuple[tuple[Name, float | None, float], ...]


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
    qty: int = 1
    price: float = 0


class Qty(Happened, frozen=True, tag="qty"):
    """The quantity key: so many things in all are on this line."""

    line: Name
    qty: int


class Void(Happened, frozen=True, tag="void"):
    """A line was removed, by the shopper, or by staff between `open` and their verdict."""

    line: Name


class Settled(Happened, frozen=True, tag="settled"):
    """The scale has come to rest at the gross reading `w`, which may be the last one again."""

    w: float


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
