"""The till's front door: any text from a scanner, a camera, a wedge or the keypad, and what it is."""

import re
from fnmatch import fnmatchcase

from kiosk.barcode import books, coupon, gtin, plu, upc
from kiosk.barcode.codes import (
    Badge,
    BasketName,
    Carrier,
    Code,
    DepositVoucher,
    GiftCard,
    Member,
    PaymentCard,
    Produce,
    Product,
    ReceiptCode,
    Unreadable,
)
from kiosk.barcode.digits import BarcodeError, Reason, digits_of, is_luhn
from kiosk.barcode.measure import measured
from kiosk.barcode.shop import ShopCodes
from kiosk.units import Gtin

# ISO/IEC 15424 symbology identifiers, as scanners send them before the data.
EAN_13, EAN_WITH_ADD_ON, EAN_8, ITF, GS1_128, UNKNOWN = "]E0", "]E3", "]E4", "]I", "]C1", "]X0"
GS1_CARRIERS = frozenset({"]C1", "]e0", "]e1", "]e2", "]d2", "]d8", "]Q3", "]J1"})
RETAIL = ("]E", ITF)  # carry nothing but trade item numbers
LINEAR, MATRIX = "ABCEFGIePRS", "QdJLUhwz"  # ]e DataBar and composite, ]L PDF417, ]U MaxiCode, ]z Aztec …
GS, COMPOSITE, ITEM = "\x1d", "|]e0", "01"
RECEIPT = re.compile(r"[A-Za-z0-9]{1,20}-[A-Za-z0-9]{1,20}-[0-9]{6,12}")
BASKET = re.compile(r"BASKET-[A-Z2-7]{26}")  # 128 random bits, in characters that a QR code packs tightly
# How many digits a number may have, by its carrier, so that an ITF read short does not pass for another.
_SIZES: dict[str | None, tuple[int, ...]] = {
    ITF: (14,),
    EAN_8: (8,),
    EAN_13: (6, 7, 8, 12, 13),
    EAN_WITH_ADD_ON: (12, 13),
    UNKNOWN: (6, 7, 8, 12, 13, 14),
    None: (6, 7, 8, 12, 13, 14),
}


def split(text: str, aim: str | None = None) -> tuple[str | None, str]:
    """The AIM identifier ("]E0") and the data of a scan; give aim where the scanner told it by itself."""
    if aim is None and text.startswith("]"):
        return text[:3], text[3:]
    return aim, text


def read(text: str, aim: str | None, shop: ShopCodes) -> Code:
    """What was scanned or typed. Never raises: a wrong check digit or an unknown form is Unreadable.

    GS1 data is known by its identifier, a Digital Link by its scheme; without either, a text with a separator in it
    or a GTIN behind 01 is taken for an element string.

    Without an AIM identifier, 8 digits are an EAN-8 if its check digit is right, else a UPC-E: where both are
    sold, have the scanner send identifiers or expand UPC-E.
    """
    aim, data = split(text, aim)
    if any(fnmatchcase(data, pattern) for pattern in shop.badge):
        return Badge()
    if any(fnmatchcase(data, pattern) for pattern in shop.member):
        return Member()
    if any(fnmatchcase(data, pattern) for pattern in shop.gift_card):
        return GiftCard()
    if any(fnmatchcase(data, pattern) for pattern in shop.deposit_voucher):
        return DepositVoucher()
    if RECEIPT.fullmatch(data):
        return ReceiptCode(data)
    if BASKET.fullmatch(data):
        return BasketName(data)
    if (data.startswith("%B") and "^" in data) or (data.startswith((";", "+")) and "=" in data):
        return PaymentCard()  # a track of a magnetic stripe, ISO/IEC 7813; readers put + before the third
    if aim in GS1_CARRIERS:
        return _gs1(f"{aim}{data}", shop)
    try:
        return _number(data, aim, shop)
    except BarcodeError as error:
        return PaymentCard() if _is_card(data, aim) else _other(data, aim, shop, error.reason)


def carrier(aim: str | None) -> Carrier:
    """What kind of symbol sends this identifier; "" if that is not known."""
    letter = (aim or "")[1:2]
    if not letter:
        return ""
    return "linear" if letter in LINEAR else "matrix" if letter in MATRIX else ""


def _other(data: str, aim: str | None, shop: ShopCodes, reason: Reason) -> Code:
    """What is no plain number; Unreadable by `reason` if it is nothing else either."""
    if _retail(aim):
        return _gs1(f"{aim}{data}", shop) if COMPOSITE in data else Unreadable(reason)
    if data[:4] in ("http", "HTTP"):
        return _gs1(f"{UNKNOWN}{data}", shop)
    if GS in data or (data.startswith(ITEM) and len(data) >= len(ITEM) + 14):
        return _gs1(f"{GS1_128}{data}", shop)
    try:
        return Product(books.parse(data), data)
    except BarcodeError:
        return Unreadable(reason)


def _gs1(scan: str, shop: ShopCodes) -> Code:
    from kiosk.barcode.gs1 import goods  # its table is big, and most scans are plain numbers

    try:
        return goods.read(scan, shop)
    except BarcodeError as error:
        return Unreadable(error.reason)


def _number(data: str, aim: str | None, shop: ShopCodes) -> Code:
    if len(digits_of(data)) in (4, 5) and not _retail(aim):
        return Produce(*plu.parse(data))
    if aim == EAN_WITH_ADD_ON:  # a magazine: its number, then 2 or 5 digits of the issue
        data = data[:-2] if len(data) in (14, 15) else data[:-5]
    number = _gtin(data, aim)
    if coupon.is_coupon(data):
        return coupon.parse(data)
    return measured(number, data, shop.measures) or Product(number, data)


def _gtin(data: str, aim: str | None) -> Gtin:
    size = len(data)
    kind = aim[:2] if aim is not None and aim.startswith(ITF) else aim
    if size not in _SIZES.get(kind, gtin.LENGTHS):
        raise BarcodeError(Reason.LENGTH)
    if size in (6, 7) or (size == 8 and aim == EAN_13):
        return gtin.parse(upc.expand(data))
    try:
        return gtin.parse(data)
    except BarcodeError:
        if size == 8 and aim in (None, UNKNOWN) and data[0] in "01":
            return gtin.parse(upc.expand(data))
        raise


def _retail(aim: str | None) -> bool:
    return aim is not None and aim.startswith(RETAIL)


def _is_card(data: str, aim: str | None) -> bool:
    digits = data.isascii() and data.isdigit() and 13 <= len(data) <= 19
    return digits and is_luhn(data) and not _retail(aim) and aim not in GS1_CARRIERS
