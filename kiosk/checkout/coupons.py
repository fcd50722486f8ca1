"""Coupons: what a code says it is worth, on the items that the shop's own offers say it is for."""

from msgspec.structs import replace

from kiosk.barcode import EuroCoupon, GlobalCoupon, UsCoupon
from kiosk.checkout.model import Sale
from kiosk.pricing import CouponItem
from kiosk.units import HUNDRED_PERCENT, Rate

Coupon = EuroCoupon | UsCoupon | GlobalCoupon


def id_of(coupon: Coupon) -> str:
    """How the shop's offers name it; empty for the coupons that only a colleague takes."""
    return coupon.issuer + coupon.promotion if isinstance(coupon, EuroCoupon) else ""


def presented(sale: Sale, coupon: Coupon) -> tuple[Sale, str]:
    """The sale with that coupon, and why it does nothing: "" where it does, else a notice for the shopper.

    The shop's offers name a coupon by issuer and promotion ("981376503"), its items, and how many count in one
    basket; what it takes off is printed in the code, never more than the item costs. Without a serial number nothing
    but that limit keeps a copy from counting.
    """
    id = id_of(coupon)
    if not isinstance(coupon, EuroCoupon):
        return sale, "coupon_by_hand"
    offer = next((each for each in sale.offers.promotions if each.id == id), None)
    if not isinstance(offer, CouponItem):
        return sale, "coupon_unknown"
    if sale.coupons.count(id) >= offer.max_per_basket:
        return sale, "coupon_used"
    worth = CouponItem(
        id=offer.id,
        label=offer.label,
        labels=offer.labels,
        priority=offer.priority,
        member_only=offer.member_only,
        tier=offer.tier,
        groups=offer.groups,
        items=offer.items,
        max_per_basket=offer.max_per_basket,
        amount=None if coupon.free else coupon.value,
        pct=Rate(HUNDRED_PERCENT) if coupon.free else None,
    )
    promotions = tuple(worth if each.id == id else each for each in sale.offers.promotions)
    offers = sale.offers if worth == offer else replace(sale.offers, promotions=promotions)
    return replace(sale, offers=offers, coupons=(*sale.coupons, id)), ""


def refused(sale: Sale) -> tuple[str, ...]:
    """Coupons that do nothing for this basket, as pricing saw it."""
    rejected = sale.priced.rejected if sale.priced else ()
    return tuple(each.coupon for each in rejected if hasattr(each, "coupon"))
