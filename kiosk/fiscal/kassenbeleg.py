"""Kassenbeleg-V1: what a German TSE signs of a sale, as text (DSFinV-K, Anhang I).

Beleg^0.00_2.55_0.00_0.00_0.00^2.55:Bar
kind ^ gross by tax class, always five in this order ^ payments
"""

from collections.abc import Mapping, Sequence
from enum import StrEnum

from kiosk.checkout.money import Tender
from kiosk.checkout.records import Cancelled, ClosedSale, HandedOver, Refund
from kiosk.fiscal.totals import taxes_of, tenders_of
from kiosk.pricing import TaxSum
from kiosk.units import Minor, Rate

PROCESS_TYPE = "Kassenbeleg-V1"
CLASSES = 5
BASE_CURRENCY = "EUR"

Fiscal = ClosedSale | Refund | Cancelled | HandedOver


class Kind(StrEnum):
    """What kind of business it was; `kind_of` names those that a kiosk does."""

    BELEG = "Beleg"
    AV_TRANSFER = "AVTransfer"
    AV_BESTELLUNG = "AVBestellung"
    AV_TRAINING = "AVTraining"
    AV_BELEGSTORNO = "AVBelegstorno"
    AV_BELEGABBRUCH = "AVBelegabbruch"
    AV_SACHBEZUG = "AVSachbezug"
    AV_SONSTIGE = "AVSonstige"
    AV_RECHNUNG = "AVRechnung"


class Paid(StrEnum):
    """A TSE knows only two ways to pay."""

    CASH = "Bar"
    OTHER = "Unbar"


class UnknownRate(Exception):  # noqa: N818
    """A tax code has no key, neither by configuration nor by its rate: nothing may be signed for it."""


TAX_KEYS: dict[int, int] = {
    190_000: 1,
    70_000: 2,
    78_000: 3,
    55_000: 4,
    0: 5,
    160_000: 21,
    50_000: 22,
    107_000: 13,
    95_000: 23,
    90_000: 33,
    84_000: 43,
}
"""UST_SCHLUESSEL by rate (DSFinV-K Anlage 2 of 2024-12-05): 1 to 8 are today's, two digits what was one of them once.

6 (tax-free), 7 and 8 (0 % under § 12 (3)) have the rate of 5 and have to be configured by the tax code."""


def tax_key(code: str, rate: Rate, keys: Mapping[str, int]) -> int:
    """UST_SCHLUESSEL of a tax code: as configured, else by its rate. Raises UnknownRate."""
    key = keys.get(code, TAX_KEYS.get(rate))
    if key is None:
        raise UnknownRate(f"tax code {code} of {rate // 10_000}.{rate % 10_000:04} % has no key")
    return key


def tax_class(key: int) -> int:
    """Which of the five amounts a UST_SCHLUESSEL belongs to, 0 to 4. Raises UnknownRate."""
    base = key % 10 if 10 <= key <= 99 else key
    if not 1 <= base <= 8:
        raise UnknownRate(f"{key} is no UST_SCHLUESSEL of a tax class")
    return min(base, CLASSES) - 1


def kind_of(record: Fiscal) -> Kind:
    """A refund is a Beleg with negative amounts: AVBelegstorno is for tills that do not have a TSE."""
    match record:
        case ClosedSale(training=True) | Cancelled(training=True):
            return Kind.AV_TRAINING
        case Cancelled():
            return Kind.AV_BELEGABBRUCH
        case HandedOver():
            return Kind.AV_TRANSFER
        case _:
            return Kind.BELEG


def process_data(record: Fiscal, keys: Mapping[str, int], exponent: int = 2) -> str:
    """The text that is signed for a record. Raises UnknownRate.

    A basket broken off has neither amounts nor payments, one handed over no payments.
    """
    gross = by_class(taxes_of(record), keys)
    currency = record.original.currency if isinstance(record, Refund) else getattr(record, "currency", "")
    return text(kind_of(record), gross, payments(tenders_of(record), currency), exponent)


def by_class(taxes: Sequence[TaxSum], keys: Mapping[str, int]) -> tuple[Minor, ...]:
    """Gross by tax class in the fixed order."""
    sums = [0] * CLASSES
    for tax in taxes:
        sums[tax_class(tax_key(tax.code, tax.rate, keys))] += tax.gross
    return tuple(Minor(gross) for gross in sums)


def payments(tenders: Sequence[Tender], currency: str = BASE_CURRENCY) -> tuple[tuple[Minor, Paid, str], ...]:
    """What was paid in all; nothing that this kiosk takes is cash."""
    if not tenders:
        return ()
    return ((Minor(sum(tender.amount for tender in tenders)), Paid.OTHER, currency),)


def text(
    kind: Kind, gross: Sequence[Minor], paid: Sequence[tuple[Minor, Paid, str]], exponent: int = 2
) -> str:
    """The three parts in their spelling; `gross` by class, `paid` as amount, way and currency. Cash goes first."""
    if len(gross) != CLASSES:
        raise ValueError(f"there are {CLASSES} tax classes, not {len(gross)}")
    amounts = "_".join(decimal(amount, exponent) for amount in gross)
    ways = sorted(paid, key=lambda one: (one[1] is not Paid.CASH, one[2] != BASE_CURRENCY, one[2]))
    parts = [
        f"{decimal(amount, exponent)}:{way}" + (f":{currency}" if currency not in {"", BASE_CURRENCY} else "")
        for amount, way, currency in ways
    ]
    return f"{kind}^{amounts}^{'_'.join(parts)}"


def decimal(amount: int, exponent: int = 2) -> str:
    """Minor units with a dot and two decimals, no grouping: 255 is 2.55."""
    whole, part = divmod(abs(amount), 10**exponent)
    cents = f"{part:0{exponent}}" if exponent else ""
    return f"{'-' if amount < 0 else ''}{whole}.{cents:0<2}"
