"""What the shop says of an item besides selling it: read on the price page alone, never on the way of a scan."""

from typing import Annotated, Literal, TypeAlias

from msgspec import Meta, Struct

from kiosk.checkout.model import Item
from kiosk.pricing import Promotion

Allergen: TypeAlias = Literal[
    "celery", "crustaceans", "eggs", "fish", "gluten", "lupin", "milk", "molluscs", "mustard", "nuts", "peanuts",
    "sesame", "soy", "sulphites",
]  # fmt: skip
"""The fourteen of Regulation (EU) 1169/2011, Annex II."""


class Facts(Struct, frozen=True, omit_defaults=True):
    """What nobody has said is None or empty, and is not shown.

    `allergens` empty: none of the fourteen; `traces` may be in it. `highlights` and `place` are the shop's own words
    ("Organic, 42 % fruit", "Aisle 4, left"). `stock` are the pieces that were counted on the day `counted` (ISO).
    """

    allergens: tuple[Allergen, ...] | None = None
    traces: tuple[Allergen, ...] = ()
    highlights: Annotated[str, Meta(max_length=200)] = ""
    place: Annotated[str, Meta(max_length=60)] = ""
    stock: Annotated[int, Meta(ge=0)] | None = None
    counted: str = ""


class About(Struct, frozen=True):
    """What the price page adds to an item: its facts, the day's offers for it, and up to two others of its kind.

    `counted_today`: the stock is of this very day. `recalled`: it is not sold.
    """

    facts: Facts = Facts()
    promotions: tuple[Promotion, ...] = ()
    others: tuple[Item, ...] = ()
    counted_today: bool = False
    recalled: bool = False
