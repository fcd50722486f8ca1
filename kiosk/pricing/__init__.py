"""Pricing: promotions, coupons, deposits, taxes, tenders and loyalty as one pure function of the basket."""

from kiosk.pricing.hint import one_more
from kiosk.pricing.index import offered, words
from kiosk.pricing.model import (
    AmountOffItems,
    Article,
    BasketThreshold,
    BuyNPayM,
    BuyXGetY,
    Card,
    Cash,
    Context,
    CouponBasket,
    CouponItem,
    DepositReturn,
    ExpiryMarkdown,
    GiftCard,
    Line,
    LoyaltyCredit,
    LoyaltyPoints,
    LoyaltyPrice,
    MealDeal,
    MealVoucher,
    MixMatchFixed,
    NthDiscount,
    Offers,
    PctOffItems,
    Promotion,
    StaffPct,
    Tax,
    Tender,
    Tier,
    WeightPerKgOff,
    WeightTierPrice,
)
from kiosk.pricing.price import price
from kiosk.pricing.result import Applied, Hint, Paid, Priced, PricedLine, RefusedCoupon, RefusedLine, TaxSum
from kiosk.pricing.rules import of_weight

__all__ = [
    "AmountOffItems", "Applied", "Article", "BasketThreshold", "BuyNPayM", "BuyXGetY", "Card", "Cash",
    "Context", "CouponBasket", "CouponItem", "DepositReturn", "ExpiryMarkdown", "GiftCard", "Hint",
    "Line", "LoyaltyCredit", "LoyaltyPoints", "LoyaltyPrice", "MealDeal", "MealVoucher", "MixMatchFixed",
    "NthDiscount", "Offers", "Paid", "PctOffItems", "Priced", "PricedLine", "Promotion", "RefusedCoupon",
    "RefusedLine", "StaffPct", "Tax", "TaxSum", "Tender", "Tier", "WeightPerKgOff", "WeightTierPrice",
    "of_weight", "offered", "one_more", "price", "words",
]  # fmt: skip
