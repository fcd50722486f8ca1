"""What a till asks of a fiscal device, in whatever country: begin, finish, cancel, closing, export, health."""

from collections.abc import Iterator
from typing import Protocol

from msgspec import Struct

from kiosk.checkout.records import FiscalSignature


class DeviceOut(Exception):  # noqa: N818
    """The device does not do what it was asked, or not in time; says why. Selling goes on."""


class Identity(Struct, frozen=True):
    """Which device it is, and which references it has begun for this till and not ended."""

    serial: str
    open: tuple[str, ...] = ()
    certificate: str = ""


class FiscalDevice(Protocol):
    """One device as one till sees it. `reference` is the till's own name of a business: a sale's or a refund's id.

    Every call raises DeviceOut or LineLost, may be made again, and then does nothing that was done already.
    """

    def health(self) -> Identity:
        """Is it there, and who is it?"""

    def begin(self, reference: str) -> tuple[str, ...]:
        """Begin a transaction; the answer is what else is open."""

    def finish(self, reference: str, process_type: str, process_data: str) -> FiscalSignature:
        """End it with what it was, begun or not; the same again gives the same signature."""

    def cancel(self, reference: str) -> FiscalSignature:
        """End it as broken off."""

    def closing(self) -> tuple[str, ...]:
        """End as broken off what is still open: before the day's books are closed, or an archive is taken."""

    def export(self) -> Iterator[bytes]:
        """The device's own archive, piece by piece."""
