"""Scanners: whatever the carrier, a text ends in `scanned`."""

from collections.abc import Callable

from kiosk.barcode import Badge, Member, PaymentCard, ShopCodes, Unreadable, read, split
from kiosk.checkout.events import Event, Scanned, UnreadableScanned

LONGEST = 8192
"""Characters; the largest QR code has 7,089."""

Secret = Callable[[str, str], None]
"""Takes ("member" or "badge", number) to the worker that may know it."""


def scanned(text: str, shop: ShopCodes, secret: Secret) -> Event:
    """What one whole scan means to the till. Numbers of members and staff go to `secret` and nowhere else."""
    code = read(text, None, shop)
    match code:
        case Member():
            secret("member", split(text)[1])
        case Badge():
            secret("badge", split(text)[1])
        case PaymentCard():
            return UnreadableScanned("payment_card")
        case Unreadable():
            return UnreadableScanned(str(code.reason))
    return Scanned(code)
