"""What a shop makes of numbers."""

from typing import Annotated

from msgspec import Meta, Struct

from kiosk.barcode.measure import MeasurePattern


class ShopCodes(Struct, frozen=True, forbid_unknown_fields=True):
    """Which numbers have a meaning of the shop's own.

    measures: the first pattern that fits counts (`COUNTRIES` has each country's). The others are shell patterns
    for the whole text ("2950*", "STAFF-????"), tried before all else, badges first. Prices in symbols are in
    `currency`, whose smallest coin is the `exponent`th decimal; a configuration puts the shop's own there.
    """

    measures: tuple[MeasurePattern, ...] = ()
    member: tuple[str, ...] = ()
    badge: tuple[str, ...] = ()
    gift_card: tuple[str, ...] = ()
    deposit_voucher: tuple[str, ...] = ()
    currency: Annotated[str, Meta(pattern="^[A-Z]{3}$")] = "EUR"
    exponent: Annotated[int, Meta(ge=0, le=4)] = 2
