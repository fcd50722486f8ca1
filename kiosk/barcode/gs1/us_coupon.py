"""North American coupons: AI 8110 (the offer in the code itself) and AI 8112 (a number in the positive offer file).

Fields follow one another in digits, many behind a digit that tells their length. GS1 US, North American Coupon
Application Guideline Using GS1 DataBar Expanded, and GS1 AI (8112) Coupon Data Specification.
"""

from collections.abc import Callable

from msgspec.structs import replace

from kiosk.barcode.codes import Purchase, UsCoupon
from kiosk.barcode.digits import BarcodeError, Reason, digits_of
from kiosk.barcode.gs1.dates import date, is_date

PREFIX = "0123456"
"""Length of a company prefix or funder, less six."""
AMOUNT = "12345"
REQUIREMENT_CODES, SAVE_CODES = "012349", "01256"
NO_PREFIX = "9"


class Digits:
    """The digits of a coupon, read from the left; COUPON where they do not suffice or may not be these."""

    def __init__(self, text: str) -> None:
        digits_of(text)
        self._text, self._at = text, 0

    def take(self, size: int) -> str:
        piece = self._text[self._at : self._at + size]
        if len(piece) < size:
            raise BarcodeError(Reason.COUPON)
        self._at += size
        return piece

    def one(self, allowed: str = "0123456789") -> str:
        digit = self.take(1)
        if digit not in allowed:
            raise BarcodeError(Reason.COUPON)
        return digit

    def sized(self, allowed: str, more: int = 0) -> str:
        """A field behind its own length, which is `more` than the digit says."""
        return self.take(int(self.one(allowed)) + more)

    def field(self, number: str) -> bool:
        """Whether the optional field `number` comes now."""
        here = self._text[self._at : self._at + 1] == number
        self._at += here
        return here

    def end(self) -> None:
        if self._at < len(self._text):
            raise BarcodeError(Reason.COUPON)


def parse_8110(text: str) -> UsCoupon:
    """The fields of an 8110. Raises BarcodeError."""
    digits = Digits(text)
    issuer, offer = digits.sized(PREFIX, 6), digits.take(6)
    save = int(digits.sized(AMOUNT))
    purchases, rule = [purchase(digits, issuer)], 0
    if digits.field("1"):
        rule = int(digits.one("0123"))
        purchases.append(further(digits))
    if digits.field("2"):
        purchases.append(further(digits))
    expires = day(digits) if digits.field("3") else ""
    starts = day(digits) if digits.field("4") else ""
    if starts and expires and expires < starts:
        raise BarcodeError(Reason.COUPON)
    serial = digits.sized("0123456789", 6) if digits.field("5") else ""
    retailer = digits.sized("1234567", 6) if digits.field("6") else ""
    code, item, store, alone = "0", "0", "0", "0"
    if digits.field("9"):
        code, item, store, alone = digits.one(SAVE_CODES), digits.one("012"), digits.one(), digits.one("01")
    digits.end()
    return UsCoupon(
        issuer, offer, serial, save, tuple(purchases), rule, starts, expires, retailer,
        int(code), int(item), store != "0", alone == "0",
    )  # fmt: skip


def purchase(digits: Digits, issuer: str) -> Purchase:
    """How much of which family has to be bought."""
    amount = int(digits.sized(AMOUNT))
    return Purchase(issuer, int(digits.one(REQUIREMENT_CODES)), amount, digits.take(3))


def further(digits: Digits) -> Purchase:
    """A second or third purchase, whose maker comes last or is left out."""
    bought = purchase(digits, "")
    issuer = "" if digits.field(NO_PREFIX) else digits.sized(PREFIX, 6)
    return replace(bought, issuer=issuer)


def day(digits: Digits) -> str:
    text = digits.take(6)
    if not is_date(text):
        raise BarcodeError(Reason.COUPON)
    return date(text)


def parse_8112(text: str) -> UsCoupon:
    """The number of an 8112; what it is worth stands in the positive offer file. Raises BarcodeError."""
    digits = Digits(text)
    digits.one("01")
    funder, offer, serial = digits.sized(PREFIX, 6), digits.take(6), digits.sized("0123456789", 6)
    digits.end()
    return UsCoupon(funder, offer, serial)


def is_coupon(text: str) -> bool:
    return _reads(parse_8110, text)


def is_offer(text: str) -> bool:
    return _reads(parse_8112, text)


def _reads(parse: Callable[[str], UsCoupon], text: str) -> bool:
    try:
        parse(text)
    except BarcodeError:
        return False
    return True
