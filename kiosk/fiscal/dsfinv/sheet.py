"""What every row of an export begins with: which till, which closing; and how amounts and times are written."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta, tzinfo
from decimal import Decimal
from typing import Any

from dsfinvk.fields import NumericField
from dsfinvk.table import Model
from msgspec import Struct

from kiosk.checkout.money import TenderKind
from kiosk.checkout.records import (
    Cancelled,
    ClosedSale,
    DayEnded,
    FiscalSignature,
    HandedOver,
    Refund,
    Signed,
)
from kiosk.fiscal.kassenbeleg import Fiscal, tax_key
from kiosk.fiscal.qr import EPOCH
from kiosk.units import Millis, Rate

WAYS = {
    TenderKind.CARD: ("Unbar", "Karte"),
    TenderKind.MEAL_VOUCHER: ("Unbar", "Essensgutschein"),
    TenderKind.DEPOSIT_VOUCHER: ("Unbar", "Pfandbon"),
    TenderKind.GIFT_CARD: ("Guthabenkarte", "Geschenkkarte"),
    TenderKind.CREDIT: ("Guthabenkarte", "Treueguthaben"),
    TenderKind.VOUCHER: ("Guthabenkarte", "Treuegutschein"),
    TenderKind.WALLET: ("ElZahlungsdienstleister", "Wallet"),
    TenderKind.TRAINING: ("Keine", "Training"),
}
"""ZAHLART_TYP and ZAHLART_NAME (Anhang D). A card stays "Unbar": its brand does not tell debit from credit."""


class Shop(Struct, frozen=True, kw_only=True):
    """What the ledger does not know: whose till it is. `keys` are UST_SCHLUESSEL by tax code, `till` is its serial
    number at the fiscal device, `certificate` the device's, in base64."""

    name: str = ""
    street: str = ""
    postcode: str = ""
    city: str = ""
    country: str = "DEU"
    tax_number: str = ""
    vat_id: str = ""
    till: str = ""
    certificate: str = ""
    keys: Mapping[str, int] = {}
    exponent: int = 2

    def missing(self) -> list[str]:
        """The fields that the export has to have, and that nobody has given."""
        wanted = {"name": self.name, "street": self.street, "postcode": self.postcode, "city": self.city}
        wanted["tax_number or vat_id"] = self.tax_number or self.vat_id
        return [name for name, value in wanted.items() if not value]


class Day(Struct, frozen=True):
    """One closing and everything before it since the one before: ledger numbers and records in their order."""

    number: int
    ended: DayEnded
    records: tuple[tuple[int, object], ...]


def days(ledger: Iterable[tuple[int, object]]) -> Iterator[Day]:
    """The closed days of a ledger, oldest first; what comes after the last closing is not in any."""
    number = 0
    records: list[tuple[int, object]] = []
    for line, record in ledger:
        if isinstance(record, DayEnded):
            number += 1
            yield Day(number, record, tuple(records))
            records = []
        else:
            records.append((line, record))


class Known(Struct, frozen=True):
    """What a day's rows need of the rest of the ledger.

    `closed` says in which closing, and when, a record was; `signed` what the fiscal device said of it, maybe later.
    """

    closed: dict[str, tuple[int, Millis]]
    signed: dict[str, FiscalSignature]


def known(ledger: Iterable[tuple[int, object]]) -> Known:
    """One look through the whole ledger."""
    found = Known({}, {})
    number, open_ = 1, []
    for _, record in ledger:
        match record:
            case Signed():
                found.signed[record.of] = record.signature
            case ClosedSale():
                open_.append(record.id)
            case DayEnded():
                found.closed.update(dict.fromkeys(open_, (number, record.at)))
                number, open_ = number + 1, []
    return found


class Sheet:
    """One day, its receipts and their signatures."""

    def __init__(self, day: Day, shop: Shop, zone: tzinfo, known: Known) -> None:
        self.day, self.shop, self.zone, self.closed = day, shop, zone, known.closed
        self.bons: list[tuple[int, Fiscal]] = [
            (line, record)
            for line, record in day.records
            if isinstance(record, ClosedSale | Refund | Cancelled | HandedOver)
        ]
        self.signed = {bon.id: known.signed[bon.id] for _, bon in self.bons if bon.id in known.signed}
        serials = dict.fromkeys(one.serial for one in self.signed.values() if one.serial)
        self.devices = {serial: number for number, serial in enumerate(serials, 1)}
        self.head = till_of([bon for _, bon in self.bons])

    @property
    def till(self) -> str:
        """The till's number in the export: store and lane."""
        return self.head.till or self.shop.till

    def row(self, model: type[Model], **fields: Any) -> Model:
        row = model(
            Z_KASSE_ID=self.till,
            Z_ERSTELLUNG=self.local(self.day.ended.at),
            Z_NR=self.day.number,
            **{name: value for name, value in fields.items() if value is not None},
        )
        return ungrouped(row)

    def local(self, at: Millis) -> datetime:
        return (EPOCH + timedelta(milliseconds=at)).astimezone(self.zone)

    def money(self, amount: int) -> Decimal:
        return Decimal(amount).scaleb(-self.shop.exponent)

    def key(self, code: str, rate: Rate) -> int:
        return tax_key(code, rate, self.shop.keys)


class Till(Struct, frozen=True):
    till: str = ""
    version: str = ""
    currency: str = "EUR"


def till_of(bons: Sequence[Fiscal]) -> Till:
    """Which till wrote these: as the last sale or refund says."""
    for bon in reversed(bons):
        sale = bon.original if isinstance(bon, Refund) else bon
        if isinstance(sale, ClosedSale | HandedOver):
            return Till(f"{sale.store}-{sale.lane}", getattr(bon, "version", ""), sale.currency)
    return Till()


def ungrouped(row: Model) -> Model:
    """Numbers without dots between thousands: the package sets them, and the specification does not want them."""
    for field in row._fields:
        value = row._data.get(field.name)
        if isinstance(field, NumericField) and value:
            row._data[field.name] = value.replace(".", "")
    return row
