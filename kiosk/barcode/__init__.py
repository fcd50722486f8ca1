"""Numbers on goods, and what a scan means: `read` is the till's front door, `Code` all that it may answer."""

from kiosk.barcode.codes import (
    Badge,
    BasketName,
    Carrier,
    Code,
    DepositVoucher,
    EuroCoupon,
    GiftCard,
    GlobalCoupon,
    Measure,
    Measured,
    Member,
    Pack,
    PaymentCard,
    Produce,
    Product,
    Purchase,
    ReceiptCode,
    Unreadable,
    UsCoupon,
)
from kiosk.barcode.countries import COUNTRIES
from kiosk.barcode.digits import BarcodeError, Reason
from kiosk.barcode.measure import MeasurePattern
from kiosk.barcode.scan import carrier, read, split
from kiosk.barcode.shop import ShopCodes

__all__ = [
    "COUNTRIES",
    "Badge",
    "BarcodeError",
    "BasketName",
    "Carrier",
    "Code",
    "DepositVoucher",
    "EuroCoupon",
    "GiftCard",
    "GlobalCoupon",
    "Measure",
    "MeasurePattern",
    "Measured",
    "Member",
    "Pack",
    "PaymentCard",
    "Produce",
    "Product",
    "Purchase",
    "Reason",
    "ReceiptCode",
    "ShopCodes",
    "Unreadable",
    "UsCoupon",
    "carrier",
    "read",
    "split",
]
