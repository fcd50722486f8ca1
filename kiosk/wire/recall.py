"""What is not to be sold any more: a line of the shop's recall list, from server to lane."""

from typing import Annotated

from msgspec import Meta, Struct

from kiosk.units import Gtin


class Recall(Struct, frozen=True, omit_defaults=True):
    """Packs of a number: those of a batch, that of a serial, or, where both are empty, all of them."""

    gtin: Annotated[Gtin, Meta(ge=0, lt=10**14)]
    batch: Annotated[str, Meta(max_length=20)] = ""
    serial: Annotated[str, Meta(max_length=20)] = ""
