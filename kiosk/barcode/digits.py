"""Check digits, and the one error of this room."""

from enum import StrEnum


class Reason(StrEnum):
    """Why a scan was refused: a word for the log and a key for the screen, never a digit of the scan."""

    NOT_DIGITS = "not_digits"
    LENGTH = "length"
    CHECK_DIGIT = "check_digit"
    PRICE_CHECK_DIGIT = "price_check_digit"
    NUMBER_SYSTEM = "number_system"  # a UPC-E starts with 0 or 1
    NOT_SHORTENABLE = "not_shortenable"  # this number has no such shorter form
    NOT_A_PLU = "not_a_plu"
    # of element strings and Digital Links:
    EMPTY = "empty"
    UNKNOWN_AI = "unknown_ai"
    CHARACTER = "character"  # one that this value may not have
    COMPANY_PREFIX = "company_prefix"
    DATE = "date"
    TIME = "time"
    COUNTRY = "country"
    CURRENCY = "currency"  # none that there is, or not the shop's
    CONTENT = "content"  # another rule for this value
    COUPON = "coupon"
    REPEATED = "repeated"  # twice, with two values
    EXCLUDED = "excluded"  # it may not go with what else is there
    COMPANION_MISSING = "companion_missing"
    NOT_SERIALISED = "not_serialised"  # a signature needs a number that has a serial
    BRACKETS = "brackets"
    NOT_A_LINK = "not_a_link"
    LINK_PATH = "link_path"
    SYMBOLOGY = "symbology"  # no AIM identifier, or an unknown one
    NO_ITEM = "no_item"  # whole and right, but nothing that a till sells
    AMOUNT = "amount"  # no whole number of the shop's smallest coin


class BarcodeError(ValueError):
    """The text is no such number; the only error this room raises for any input."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason.value)
        self.reason = reason


def digits_of(text: str) -> list[int]:
    """The ASCII digits of text as numbers; anything else, and an empty text, is NOT_DIGITS."""
    if not (text.isascii() and text.isdigit()):
        raise BarcodeError(Reason.NOT_DIGITS)
    return [int(digit) for digit in text]


def check_digit(payload: str) -> int:
    """The GS1 mod 10 digit that follows payload (any length): weights 3, 1, 3 … from the right."""
    digits = digits_of(payload)[::-1]
    return -(3 * sum(digits[::2]) + sum(digits[1::2])) % 10


def is_luhn(text: str) -> bool:
    """Whether the last digit of text is right by ISO/IEC 7812, as on payment cards."""
    digits = digits_of(text)[::-1]
    return (sum(digits[::2]) + sum(2 * digit - 9 * (digit > 4) for digit in digits[1::2])) % 10 == 0


# GS1 General Specifications 7.9.2: what a digit counts under each of the four weightings.
_TWO_MINUS = (0, 2, 4, 6, 8, 9, 1, 3, 5, 7)
_THREE = (0, 3, 6, 9, 2, 5, 8, 1, 4, 7)
_FIVE_PLUS = (0, 5, 1, 6, 2, 7, 3, 8, 4, 9)
_FIVE_MINUS = (0, 5, 9, 4, 8, 3, 7, 2, 6, 1)
_FOUR_PLACES = (_TWO_MINUS, _TWO_MINUS, _THREE, _FIVE_MINUS)
_FIVE_PLACES = (_FIVE_PLUS, _TWO_MINUS, _FIVE_MINUS, _FIVE_PLUS, _TWO_MINUS)


def price_check_digit(value: str) -> int:
    """The digit that guards a printed price or weight of 4 or 5 digits (GS1 General Specifications 7.9)."""
    digits = digits_of(value)
    match len(digits):
        case 4:
            return 3 * sum(place[digit] for place, digit in zip(_FOUR_PLACES, digits, strict=True)) % 10
        case 5:
            total = sum(place[digit] for place, digit in zip(_FIVE_PLACES, digits, strict=True))
            return _FIVE_MINUS.index(-total % 10)
        case _:
            raise BarcodeError(Reason.LENGTH)
