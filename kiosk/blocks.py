"""What a receipt, or any other paper, is made of: blocks of message keys and amounts, in reading order."""

from msgspec import Struct

from kiosk.units import Grams, Millis, Minor, Rate, UnitPrice


class Heading(Struct, frozen=True, tag=True):
    """The shop's name."""

    text: str


class Plain(Struct, frozen=True, tag=True):
    """A line in the shop's own words, centred."""

    text: str


class Text(Struct, frozen=True, tag=True):
    """A sentence: its English key and what stands in its braces."""

    key: str
    args: dict[str, str | int] = {}
    strong: bool = False


class Fact(Struct, frozen=True, tag=True):
    """Something with a name: the key at the left, the value at the right."""

    key: str
    value: str


class Moment(Struct, frozen=True, tag=True):
    """The day, and from when to when the sale went on, on the clocks of `timezone` (a name as Europe/Paris)."""

    started: Millis
    ended: Millis
    timezone: str


class LineItem(Struct, frozen=True, tag=True):
    """One thing sold, before discounts. `each` is what one piece costs; `grams` is net, `per_kg` its price, which
    stands there by the weight of `unit`.

    `each` and `per_kg` are None where they do not explain the amount (a price label).
    """

    name: str
    amount: Minor
    tax: str
    qty: int = 1
    each: Minor | None = None
    grams: Grams | None = None
    per_kg: Minor | None = None
    tare: Grams = Grams(0)
    unit: UnitPrice = "kg"


class Discount(Struct, frozen=True, tag=True):
    """What came off the line above; `amount` is positive, an empty label means just "Discount"."""

    label: str
    amount: Minor


class Deposit(Struct, frozen=True, tag=True):
    """The deposit on the pieces of the line above; `each` is None where it does not explain the amount."""

    qty: int
    each: Minor | None
    amount: Minor
    tax: str


class Rule(Struct, frozen=True, tag=True):
    """A line across the paper."""


class TotalRow(Struct, frozen=True, tag=True):
    """A sum with its name; `big` is the one that is paid."""

    key: str
    amount: Minor
    big: bool = False


class TaxRow(Struct, frozen=True):
    code: str
    rate: Rate
    net: Minor
    vat: Minor
    gross: Minor


class TaxTable(Struct, frozen=True, tag=True):
    """VAT by code."""

    rows: tuple[TaxRow, ...]


class TenderRow(Struct, frozen=True, tag=True):
    """Money taken, as a key; `detail` names the card by its brand and last four digits."""

    key: str
    amount: Minor
    detail: str = ""


class CardSlip(Struct, frozen=True, tag=True):
    """The terminal's own lines, with any card number masked."""

    lines: tuple[str, ...]


class SignHere(Struct, frozen=True, tag=True):
    """Room for a signature by hand, with whose it is to be."""

    key: str


class QrCode(Struct, frozen=True, tag=True):
    text: str


class Barcode(Struct, frozen=True, tag=True):
    """The receipt's number as Code 128, for returns and gates."""

    text: str


class Cut(Struct, frozen=True, tag=True):
    """The end of the paper."""


Block = (
    Heading
    | Plain
    | Text
    | Fact
    | Moment
    | LineItem
    | Discount
    | Deposit
    | Rule
    | TotalRow
    | TaxTable
    | TenderRow
    | CardSlip
    | SignHere
    | QrCode
    | Barcode
    | Cut
)


class Receipt(Struct, frozen=True):
    """A document in reading order; `exponent` is the number of decimals of the currency."""

    language: str
    currency: str
    exponent: int
    blocks: tuple[Block, ...]
