"""One row of a file, read: a product or a price, or the reason why it is neither."""

import unicodedata
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from typing import get_args

import msgspec
from msgspec import Struct

from kiosk.units import Grams, Gtin, ItemId, Minor
from kiosk.wire import Allergen, Facts, Item
from store.importing.mapping import Field, Mapping

LONGEST_NAME = 200
FACTS: tuple[Field, ...] = ("allergens", "traces", "highlights", "place", "stock")

# Smallest units (milligrams, microlitres) of one; pieces and metres have none.
_NET: dict[str, tuple[str, Decimal]] = {
    "kg": ("kg", Decimal(1_000_000)),
    "g": ("kg", Decimal(1000)),
    "mg": ("kg", Decimal(1)),
    "oz": ("kg", Decimal("28349.523125")),
    "lb": ("kg", Decimal("453592.37")),
    "l": ("L", Decimal(1_000_000)),
    "cl": ("L", Decimal(10_000)),
    "ml": ("L", Decimal(1000)),
    "floz": ("L", Decimal("29573.5295625")),
}
_OTHER_UNITS = {"pcs", "m"}
_YES_NO = {"yes": True, "true": True, "1": True, "no": False, "false": False, "0": False}


class RowError(Exception):
    """This row is not imported: which column, and what was expected."""

    def __init__(self, column: str, reason: str) -> None:
        super().__init__(f"{column}: {reason}")
        self.column = column
        self.reason = reason


class Priced(Struct, frozen=True):
    """Minor units of the currency; None where the file says nothing."""

    price: int | None = None
    special: int | None = None
    lowest_30d: int | None = None


class ProductRow(Struct, frozen=True):
    """A product as a row describes it. `key` finds it again where it has no code; `lost` is text that stood in the
    code's column and is no code."""

    item: Item
    codes: tuple[Gtin, ...]
    key: str
    by_weight: bool
    net: int | None
    net_unit: str
    rank: int
    store: str
    money: Priced
    lost: str = ""
    facts: Facts | None = None


class PriceRow(Struct, frozen=True):
    """A store's price of the product with this code."""

    store: str
    code: Gtin
    money: Priced


class Reader:
    """Reads rows by a mapping; `places` is how many decimals the currency has, `today` the day stock was counted."""

    def __init__(self, mapping: Mapping, places: int = 2, today: str = "") -> None:
        self._mapping = mapping
        self._today = today
        self._places = places

    def product(self, row: dict[str, str]) -> ProductRow:
        """RowError where a field is not what it must be."""
        name = self._name(row)
        codes, lost = self._codes(row)
        plu = self._int(row, "plu", 3000, 99_999)
        by_weight = self._choice(row, "sold_by", {"": False, "each": False, "kg": True})
        content, net, net_unit = self._content(row)
        brand = self._text(row, "brand")
        key = self._key(codes, plu, f"{name}|{brand}|{content}")
        item = Item(
            id=ItemId(0),
            tax=self._needed(row, "tax"),
            name=name,
            names=self._names(row),
            department=self._text(row, "department") or "other",
            symbol=self._text(row, "symbol"),
            content=content,
            gtin=codes[0] if codes else None,
            plu=plu,
            grams=_grams(self._int(row, "grams", 1, 100_000)),
            spread=_grams(self._int(row, "spread", 0, 10_000)),
            restriction=self._text(row, "restriction"),
            tare=Grams(self._int(row, "tare", 0, 10_000) or 0),
            origin=self._text(row, "origin"),
            synonyms=self._parts(row, "synonyms"),
            groups=self._parts(row, "groups"),
            deposit=Minor(self._money(row, "deposit") or 0),
            deposit_tax=self._text(row, "deposit_tax"),
            discountable=self._choice(row, "discountable", {"": True, **_YES_NO}),
            meal_voucher=self._choice(row, "meal_voucher", {"": False, **_YES_NO}),
        )
        rank = self._int(row, "rank", 0, 2**22 - 2)
        return ProductRow(
            item, codes, key, by_weight, net, "kg" if by_weight else net_unit,
            2**22 - 1 if rank is None else rank, self._text(row, "store"), self._prices(row), lost, self._facts(row),
        )  # fmt: skip

    def _facts(self, row: dict[str, str]) -> Facts | None:
        """What the shop says of it; None where the file has nothing to say of any item."""
        columns = [name for field in FACTS for name in self._mapping.sources(field)]
        if not any(name in row for name in columns) and not set(FACTS) & set(self._mapping.constant):
            return None
        stock = self._int(row, "stock", 0, 999_999)
        return Facts(
            allergens=self._allergens(row, "allergens"),
            traces=self._allergens(row, "traces") or (),
            highlights=self._short(row, "highlights", 200),
            place=self._short(row, "place", 60),
            stock=stock,
            counted=self._today if stock is not None else "",
        )

    def _allergens(self, row: dict[str, str], field: Field) -> tuple[Allergen, ...] | None:
        """Their names between bars; "none" is an answer, nothing is none."""
        text = self._text(row, field).lower()
        if text in ("", "none"):
            return () if text else None
        try:
            return msgspec.convert(tuple(part.strip() for part in text.split("|")), tuple[Allergen, ...])
        except msgspec.ValidationError as error:
            raise RowError(
                self._column(field), f"expected none, or of {', '.join(get_args(Allergen))}, not {text!r}"
            ) from error

    def _short(self, row: dict[str, str], field: Field, most: int) -> str:
        text = self._text(row, field)
        if len(text) > most:
            raise RowError(self._column(field), f"expected at most {most} characters, not {len(text)}")
        return text

    def price(self, row: dict[str, str]) -> PriceRow:
        """RowError where the code or every price is missing."""
        codes, lost = self._codes(row)
        if len(codes) != 1:
            raise RowError(
                self._column("gtin"), f"expected one code, not {lost!r}" if lost else "expected a code"
            )
        money = self._prices(row)
        if money.price is None and money.special is None:
            raise RowError(self._column("price"), "expected a price or a special price")
        return PriceRow(self._text(row, "store"), codes[0], money)

    def _column(self, field: Field) -> str:
        return " or ".join(self._mapping.sources(field)) or field

    def _text(self, row: dict[str, str], field: Field) -> str:
        """The field as clean text, in our words where the mapping translates it."""
        texts = (_clean(row.get(name, "")) for name in self._mapping.sources(field))
        text = next((text for text in texts if text), self._mapping.constant.get(field, ""))
        words = self._mapping.values.get(field)
        if words is None:
            return text
        if text in words or "*" in words:
            return words.get(text, words.get("*", ""))
        raise RowError(self._column(field), f"expected one of {', '.join(sorted(words))}, not {text!r}")

    def _needed(self, row: dict[str, str], field: Field) -> str:
        text = self._text(row, field)
        if not text:
            raise RowError(self._column(field), "expected something, it is empty")
        return text

    def _name(self, row: dict[str, str]) -> str:
        name = self._needed(row, "name")
        if len(name) > LONGEST_NAME:
            raise RowError(
                self._column("name"), f"expected at most {LONGEST_NAME} characters, not {len(name)}"
            )
        return name

    def _names(self, row: dict[str, str]) -> dict[str, str]:
        fields = [field for field in self._mapping.columns if field.startswith("name_")]
        return {field[5:]: text for field in fields if (text := self._text(row, field))}

    def _parts(self, row: dict[str, str], field: Field) -> tuple[str, ...]:
        return tuple(part.strip() for part in self._text(row, field).split("|") if part.strip())

    def _codes(self, row: dict[str, str]) -> tuple[tuple[Gtin, ...], str]:
        """The codes as they stand, even with a wrong check digit: that is what the label carries. What is no
        number of at most 14 digits cannot be scanned, and comes back as it was."""
        parts = [part.strip() for part in self._text(row, "gtin").split("|") if part.strip()]
        codes = [Gtin(int(part)) for part in parts if _is_digits(part) and 0 < int(part) < 10**14]
        lost = "|".join(part for part in parts if not _is_digits(part) or not 0 < int(part) < 10**14)
        return tuple(dict.fromkeys(codes)), lost

    def _key(self, codes: tuple[Gtin, ...], plu: int | None, words: str) -> str:
        if codes:
            return f"gtin:{codes[0]}"
        return f"plu:{plu}" if plu is not None else f"name:{words}"

    def _number(self, row: dict[str, str], field: Field) -> Decimal | None:
        text = self._text(row, field)
        if not text:
            return None
        plain = text.replace(".", "").replace(",", ".") if self._mapping.decimal == "," else text
        try:
            number = Decimal(plain) if not set(plain) - set("0123456789.-") else Decimal("NaN")
        except InvalidOperation:
            number = Decimal("NaN")
        if number.is_nan():
            raise RowError(
                self._column(field), f"expected a number like 1{self._mapping.decimal}99, not {text!r}"
            )
        return number

    def _money(self, row: dict[str, str], field: Field) -> int | None:
        number = self._number(row, field)
        if number is None:
            return None
        minor = number.scaleb(self._places)
        if minor != minor.to_integral_value():
            raise RowError(self._column(field), f"expected at most {self._places} decimals, not {number}")
        if not 0 < minor < 10**9:
            raise RowError(self._column(field), f"expected an amount above 0, not {number}")
        return int(minor)

    def _prices(self, row: dict[str, str]) -> Priced:
        return Priced(
            self._money(row, "price"), self._money(row, "special_price"), self._money(row, "lowest_30d")
        )

    def _int(self, row: dict[str, str], field: Field, low: int, high: int) -> int | None:
        text = self._text(row, field)
        if not text:
            return None
        if not _is_digits(text) or not low <= int(text) <= high:
            raise RowError(self._column(field), f"expected a whole number from {low} to {high}, not {text!r}")
        return int(text)

    def _choice(self, row: dict[str, str], field: Field, choices: dict[str, bool]) -> bool:
        text = self._text(row, field).lower()
        if text not in choices:
            raise RowError(self._column(field), f"expected {', '.join(filter(None, choices))}, not {text!r}")
        return choices[text]

    def _content(self, row: dict[str, str]) -> tuple[str, int | None, str]:
        """The printed net quantity, and it in milligrams or microlitres with kg or L."""
        quantity, unit = self._number(row, "quantity"), self._text(row, "unit").lower().replace(" ", "")
        if quantity is None:
            return "", None, ""
        if quantity <= 0:
            raise RowError(self._column("quantity"), f"expected a quantity above 0, not {quantity}")
        if unit in _OTHER_UNITS:
            return (
                (f"×{quantity.normalize():f}" if unit == "pcs" else f"{quantity.normalize():f} m"),
                None,
                "",
            )
        if unit not in _NET:
            expected = ", ".join([*_NET, *sorted(_OTHER_UNITS)])
            raise RowError(self._column("unit"), f"expected one of {expected}, not {unit!r}")
        net_unit, size = _NET[unit]
        net = int((quantity * size).to_integral_value(ROUND_HALF_UP))
        return _printed(quantity, unit), net or None, net_unit if net else ""


def _printed(quantity: Decimal, unit: str) -> str:
    """0.3 kg as 300 g, 0.75 l as 75 cl; other units as they came."""
    if unit in ("kg", "l") and quantity < 1:
        quantity, unit = (quantity * 1000, "g") if unit == "kg" else (quantity * 100, "cl")
    words = {"l": "L", "floz": "fl oz"}
    return f"{quantity.normalize():f} {words.get(unit, unit)}"


def _grams(number: int | None) -> Grams | None:
    return None if number is None else Grams(number)


def _is_digits(text: str) -> bool:
    return text.isascii() and text.isdigit()


def _clean(text: str) -> str:
    """NFC, no control characters, single blanks."""
    shown = "".join(" " if unicodedata.category(char) == "Cc" else char for char in text)
    return " ".join(unicodedata.normalize("NFC", shown).split())
