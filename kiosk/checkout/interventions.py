"""Every question that a lane may ask, in one table: how grave it is, who may answer it, and what waits for the answer.

Scanning goes on whatever is asked, but in a basket whose shopper is gone: that one is locked for her. Devices and
strange plugs are no questions of a basket: they are told by telemetry.
"""

from collections.abc import Iterable
from typing import Literal, NamedTuple

from kiosk.checkout.model import Intervention, Why


class Kind(NamedTuple):
    """`severity` is 1 (low) to 4 (stop); `remote`: a colleague may answer from afar; `self_fix`: the shopper alone
    may; `blocks`: what waits for the answer."""

    severity: int
    remote: bool
    self_fix: bool
    blocks: Literal["nothing", "paying", "everything"]


KINDS = {
    Why.WEIGHT_UNEXPECTED: Kind(2, True, True, "paying"),
    Why.WEIGHT_MISMATCH: Kind(2, True, True, "paying"),
    Why.WEIGHT_MISSING: Kind(1, True, True, "paying"),
    Why.WEIGHT_REMOVED: Kind(2, True, True, "paying"),
    Why.WEIGHT_UNKNOWN_ITEM: Kind(1, False, False, "nothing"),
    Why.BAG_OWN: Kind(1, True, True, "paying"),
    Why.BAG_SKIP_LIMIT: Kind(1, True, True, "nothing"),
    Why.AGE_RESTRICTED: Kind(3, False, True, "paying"),
    Why.SALE_RESTRICTED: Kind(3, False, True, "nothing"),
    Why.ITEM_SECURITY_TAG: Kind(3, False, True, "paying"),
    Why.ITEM_QTY_LIMIT: Kind(2, True, True, "paying"),
    Why.ITEM_NOT_FOUND: Kind(2, True, False, "nothing"),
    Why.ITEM_PRICE_REQUIRED: Kind(2, True, False, "paying"),
    Why.ITEM_RECALLED: Kind(3, False, True, "nothing"),
    Why.ITEM_EXPIRED: Kind(3, False, True, "nothing"),
    Why.ITEM_BEST_BEFORE: Kind(2, False, True, "paying"),
    Why.ITEM_DATE_UNSURE: Kind(2, False, True, "paying"),
    Why.ITEM_SOLD_BEFORE: Kind(3, False, True, "paying"),
    Why.VOID_LIMIT: Kind(2, True, False, "paying"),
    Why.PRICE_DISPUTE: Kind(2, True, False, "nothing"),
    Why.COUPON_CHECK: Kind(2, True, False, "nothing"),
    Why.AUDIT_RANDOM: Kind(2, False, False, "paying"),
    Why.AUDIT_RISK: Kind(2, False, False, "paying"),
    Why.HELP_REQUESTED: Kind(2, False, True, "nothing"),
    Why.HELP_ACCESSIBILITY: Kind(3, False, True, "nothing"),
    Why.PAYMENT_UNKNOWN: Kind(4, False, False, "nothing"),
    Why.PAYMENT_DECLINED_REPEAT: Kind(4, False, True, "nothing"),
    Why.DEPOSIT_INVALID: Kind(2, True, True, "nothing"),
    Why.IDLE_ABANDONED: Kind(1, True, True, "everything"),
}
"""PAYMENT_UNKNOWN blocks nothing that its open attempt does not block by itself."""

BLOCKS_PAYING = {why for why, kind in KINDS.items() if kind.blocks == "paying"}
LOCKS = {why for why, kind in KINDS.items() if kind.blocks == "everything"}
AUDITS = {Why.AUDIT_RANDOM, Why.AUDIT_RISK}
HELP = {Why.HELP_REQUESTED, Why.HELP_ACCESSIBILITY}


def gravest_first(asked: Iterable[Intervention]) -> tuple[Intervention, ...]:
    """The gravest first, and of equals who has waited longest."""
    return tuple(sorted(asked, key=lambda each: (-KINDS[each.why].severity, each.raised)))
