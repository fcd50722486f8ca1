"""The rules that the GS1 Barcode Syntax Dictionary names: one small check each, and the reason it refuses by."""

import re
import string
from collections.abc import Callable

from kiosk.barcode.digits import Reason, check_digit
from kiosk.barcode.epc import is_iban
from kiosk.barcode.gs1 import iso, us_coupon
from kiosk.barcode.gs1.dates import is_date, is_month

Check = Callable[[str], bool]

CSET_82 = "!\"%&'()*+,-./0123456789:;<=>?" + string.ascii_uppercase + "_" + string.ascii_lowercase
CSET_32 = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
"""In the order that their check characters count them."""
PRIMES = (2, 3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37, 41, 43, 47, 53, 59, 61, 67, 71, 73, 79, 83)

CHARSETS: dict[str, Check] = {
    "N": lambda text: re.fullmatch("[0-9]+", text) is not None,
    "X": lambda text: re.fullmatch("[!\"%&'()*+,\\-./0-9:;<=>?A-Z_a-z]+", text) is not None,
    "Y": lambda text: re.fullmatch("[#\\-/0-9A-Z]+", text) is not None,
    "Z": lambda text: base64(text),
}
"""GS1 General Specifications 7.11: digits, character sets 82 and 39, and file-safe base64."""


def base64(text: str) -> bool:
    """Padding may be left out; where it stands, it fills up to a multiple of three, as the syntax engine has it."""
    found = re.fullmatch("[A-Za-z0-9_-]*(={0,2})", text)
    return found is not None and not (found[1] and len(text) % 3)


def check_pair(text: str) -> bool:
    """The two check characters of a GMN (GS1 General Specifications 7.9.5)."""
    body, pair = text[:-2], text[-2:]
    if len(pair) < 2 or not set(body) <= set(CSET_82) or len(body) > len(PRIMES):
        return False
    total = sum(CSET_82.index(sign) * prime for sign, prime in zip(body[::-1], PRIMES, strict=False)) % 1021
    return pair == CSET_32[total >> 5] + CSET_32[total & 31]


def account(text: str) -> bool:
    """An IBAN of a country that there is."""
    return (
        re.fullmatch("[A-Z]{2}[0-9A-Z]{9,32}", text) is not None
        and text[:2] in iso.COUNTRIES
        and is_iban(text)
    )


def piece_of_total(text: str) -> bool:
    """0102: the first of two."""
    half = len(text) // 2
    return len(text) % 2 == 0 and "0" * half < text[:half] <= text[half:]


def place_in_row(text: str) -> bool:
    """2/3: the second of three."""
    found = re.fullmatch("([1-9][0-9]*)/([1-9][0-9]*)", text)
    return found is not None and int(found[1]) <= int(found[2])


def below(text: str, *limits: int) -> bool:
    """Pairs of digits, each below its limit."""
    return len(text) == 2 * len(limits) and all(
        int(text[2 * i : 2 * i + 2]) < limit for i, limit in enumerate(limits)
    )


def company_prefix(text: str) -> bool:
    """The shortest company prefix has four digits."""
    return re.match("[0-9]{4}", text) is not None


LINTERS: dict[str, tuple[Check, Reason]] = {
    "couponcode": (us_coupon.is_coupon, Reason.COUPON),
    "couponposoffer": (us_coupon.is_offer, Reason.COUPON),
    "csum": (lambda text: int(text[-1]) == check_digit(text[:-1]), Reason.CHECK_DIGIT),
    "csumalpha": (check_pair, Reason.CHECK_DIGIT),
    "gcppos1": (company_prefix, Reason.COMPANY_PREFIX),
    "gcppos2": (lambda text: company_prefix(text[1:]), Reason.COMPANY_PREFIX),
    "hasnondigit": (lambda text: re.search("[^0-9]", text) is not None, Reason.CONTENT),
    "hh": (lambda text: below(text, 24), Reason.TIME),
    "hhmi": (lambda text: below(text, 24, 60), Reason.TIME),
    "hyphen": (lambda text: not text.strip("-"), Reason.CONTENT),
    "iban": (account, Reason.CONTENT),
    "importeridx": (lambda text: re.fullmatch("[-0-9A-Z_a-z]", text) is not None, Reason.CONTENT),
    "iso3166": (iso.COUNTRY_NUMBERS.__contains__, Reason.COUNTRY),
    "iso3166999": (lambda text: text == "999" or text in iso.COUNTRY_NUMBERS, Reason.COUNTRY),
    "iso3166alpha2": (iso.COUNTRIES.__contains__, Reason.COUNTRY),
    "iso4217": (iso.CURRENCIES.__contains__, Reason.CURRENCY),
    "iso5218": (lambda text: text in ("0", "1", "2", "9"), Reason.CONTENT),
    "latitude": (lambda text: int(text) <= 180 * 10**7, Reason.CONTENT),
    "longitude": (lambda text: int(text) <= 360 * 10**7, Reason.CONTENT),
    "mediatype": (lambda text: 1 <= int(text) <= 10 or 80 <= int(text) <= 99, Reason.CONTENT),
    "mi": (lambda text: below(text, 60), Reason.TIME),
    "nonzero": (lambda text: text.strip("0") != "", Reason.CONTENT),
    "nozeroprefix": (lambda text: text[0] != "0", Reason.CONTENT),
    "packagetype": (iso.PACKAGES.__contains__, Reason.CONTENT),
    "pcenc": (lambda text: re.search("%(?![0-9A-Fa-f]{2})", text) is None, Reason.CONTENT),
    "pieceoftotal": (piece_of_total, Reason.CONTENT),
    "posinseqslash": (place_in_row, Reason.CONTENT),
    "ss": (lambda text: below(text, 60), Reason.TIME),
    "winding": (lambda text: text in ("0", "1", "9"), Reason.CONTENT),
    "yesno": (lambda text: text in ("0", "1"), Reason.CONTENT),
    "yymmd0": (is_month, Reason.DATE),
    "yymmdd": (is_date, Reason.DATE),
    "yyyymmdd": (is_date, Reason.DATE),
    "zero": (lambda text: text.strip("0") == "", Reason.CONTENT),
}
"""Each is asked only for text of the charset and size of its part, and of at least one character."""
