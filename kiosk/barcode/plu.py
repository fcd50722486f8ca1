"""Produce look-up numbers of the International Federation for Produce Standards."""

from kiosk.barcode.digits import BarcodeError, Reason, digits_of


def parse(text: str) -> tuple[int, bool]:
    """The PLU and whether it is organic: 4011 is (4011, False), 94011 is (4011, True).

    Given out are 3000-4999, the same with a leading 9 for organic, and 83000-84999, whose 8 has no meaning.
    """
    digits_of(text)
    number = int(text) if len(text) in (4, 5) and text[0] != "0" else 0
    if 3000 <= number <= 4999 or 83000 <= number <= 84999:
        return number, False
    if 93000 <= number <= 94999:
        return number - 90000, True
    raise BarcodeError(Reason.NOT_A_PLU)
