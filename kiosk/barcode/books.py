"""Books and periodicals by the numbers printed in them: ISBN (ISO 2108) and ISSN (ISO 3297), old and new."""

import re

from kiosk.barcode import gtin as gtins
from kiosk.barcode.digits import BarcodeError, Reason, check_digit
from kiosk.units import Gtin

FORM = re.compile(r"(?:ISBN|ISSN)?:? ?([0-9][0-9 -]*[0-9X])")
ISSN = re.compile(r"[0-9]{4}-?[0-9]{3}[0-9X]")


def parse(text: str) -> Gtin:
    """The GTIN of "0-306-40615-2", "978-0-306-40615-7" or "0317-8471", hyphens and spaces as they like."""
    found = FORM.fullmatch(text)
    if found is None:
        raise BarcodeError(Reason.NOT_DIGITS)
    number = found[1].replace("-", "").replace(" ", "")
    match len(number):
        case 13:
            gtin = gtins.parse(number)
            if gtins.use(gtin) not in (gtins.Use.ISBN, gtins.Use.ISSN):
                raise BarcodeError(Reason.LENGTH)
            return gtin
        case 10:
            return _checked(number, f"978{number[:9]}")
        case 8 if ISSN.fullmatch(found[1]):
            return _checked(number, f"977{number[:7]}00")
        case _:
            raise BarcodeError(Reason.LENGTH)


def _checked(number: str, payload: str) -> Gtin:
    """Modulo 11, the last digit counting once, X is ten."""
    values = [10 if sign == "X" else int(sign) for sign in number[::-1]]
    if "X" in number[:-1] or sum(place * value for place, value in enumerate(values, 1)) % 11:
        raise BarcodeError(Reason.CHECK_DIGIT)
    return Gtin(int(f"{payload}{check_digit(payload)}"))
