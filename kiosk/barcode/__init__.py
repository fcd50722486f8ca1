"""Numbers on goods, and what a scan means: `read` is the till's front door, `Code` all that it may answer."""

from kiosk.barcode.codes import (
    Badge,
    Carrier,
    Code,
    DepositVoucher,
    EuroCoupon,
    GiftCard,
    Measure,
    Measured,
    Member,
    Pack,
    PaymentCard,
    Produce,
    Product,
    ReceiptCode,
    Unreadable,
)
from kiosk.barcode.countries import COUNTRIES
from kiosk.barcode.digits import BarcodeError, Reason
from kiosk.barcode.measure import MeasurePattern
from kiosk.barcode.scan import ShopCodes, read, split

__all__ = [
    "COUNTRIES",
    "Badge",
    "BarcodeError",
    "Carrier",
    "Code",
    "DepositVoucher",
    "EuroCoupon",
    "GiftCard",
    "Measure",
    "MeasurePattern",
    "Measured",
    "Member",
    "Pack",
    "PaymentCard",
    "Produce",
    "Product",
    "Reason",
    "ReceiptCode",
    "ShopCodes",
    "Unreadable",
    "read",
    "split",
]
