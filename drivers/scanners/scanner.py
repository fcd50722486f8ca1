"""The driver of every scanner: bytes to texts by a reader of its own, a text to what it means to the till."""

from collections.abc import Callable
from math import inf
from typing import Protocol

from drivers.line import Line, LineLost
from drivers.worker import Emit, Orders
from kiosk.barcode import (
    Badge,
    DepositVoucher,
    GiftCard,
    Measured,
    Member,
    PaymentCard,
    Produce,
    Product,
    ShopCodes,
    Unreadable,
    carrier,
    read,
    split,
)
from kiosk.checkout.effects import Deed, HoldScanner
from kiosk.checkout.events import Event, Scanned
from kiosk.checkout.passed import DeviceSeen, UnreadableScanned
from kiosk.checkout.session import Device, Health

LONGEST = 8192
"""Characters; the largest QR code has 7,089."""

Secret = Callable[[str, str], None]
"""Takes (member, badge, gift_card or deposit_voucher; the number) to the worker that may know it."""

Scan = tuple[str, str]
"""(text, "") or ("", why it is spoiled)."""


class Reader(Protocol):
    """Cuts what comes over the wire into scans. No bytes make it raise."""

    @property
    def waiting(self) -> bool:
        """Half a scan is here."""

    def feed(self, data: bytes) -> list[Scan]:
        """The scans that `data` completes."""

    def cut(self) -> Scan:
        """Throw the half away; the answer says why it is one."""


def scanned(text: str, shop: ShopCodes, secret: Secret) -> Event:
    """What one whole scan means to the till. Numbers that are secrets go to `secret` and nowhere else."""
    code = read(text, None, shop)
    match code:
        case Member():
            secret("member", split(text)[1])
        case Badge():
            secret("badge", split(text)[1])
        case GiftCard():
            secret("gift_card", split(text)[1])
        case DepositVoucher():
            secret("deposit_voucher", split(text)[1])
        case PaymentCard():
            return UnreadableScanned("payment_card")
        case Unreadable():
            return UnreadableScanned(str(code.reason))
    return Scanned(code, carrier(split(text)[0]))


def goods(text: str, shop: ShopCodes) -> bool:
    """Whether a whole scan with its AIM identifier is of goods, and so nobody's secret: a tape may keep it."""
    return text.startswith("]") and isinstance(read(text, None, shop), Product | Measured | Produce)


class Scanner:
    """Half a scan is thrown away after `gap` seconds of silence; so is all that is scanned while it is held.

    `hold(line, held)` switches its light, where that can be done. Scanners answer nothing, so an open line is
    all that is known of their health.
    """

    def __init__(
        self,
        name: str,
        reader: Callable[[], Reader],
        gap: float,
        shop: ShopCodes,
        secret: Secret,
        hold: Callable[[Line, bool], None] = lambda line, held: None,
    ) -> None:
        self._name, self._reader, self._gap = name, reader, gap
        self._shop, self._secret, self._hold = shop, secret, hold
        self._held = False

    def run(self, line: Line, orders: Orders, emit: Emit) -> None:
        reader = self._reader()
        self._hold(line, self._held)
        emit(DeviceSeen(Device(self._name, Health.READY)))
        try:
            while True:
                deed = orders.wait(line, self._gap if reader.waiting else inf)
                if isinstance(deed, HoldScanner):
                    self._held = deed.held
                    self._hold(line, self._held)
                elif deed is None:
                    self._hear(line.read(0), reader, emit)
        except LineLost:
            self._hear(b"", reader, emit)
            raise

    def refuse(self, deed: Deed) -> tuple[Event, ...]:
        """A hold is remembered for the line to come."""
        if isinstance(deed, HoldScanner):
            self._held = deed.held
        return ()

    def _hear(self, data: bytes, reader: Reader, emit: Emit) -> None:
        scans = reader.feed(data)
        if not data and reader.waiting:
            scans.append(reader.cut())
        for text, spoiled in scans if not self._held else ():
            emit(UnreadableScanned(spoiled) if spoiled else scanned(text, self._shop, self._secret))
