"""What pricing answers: lines, promotions, taxes and tenders with their amounts, and what was refused."""

from typing import Literal

import msgspec

from kiosk.units import LineNo, Minor, Rate

Reason = Literal["expired", "limit", "minimum_not_met", "not_applicable"]


class Applied(msgspec.Struct, frozen=True):
    """A promotion that saved `amount` here: what the marker on the line says."""

    promotion: str
    label: str
    amount: Minor


class PricedLine(msgspec.Struct, frozen=True, kw_only=True):
    """A line with its discounts by promotion id; net = gross - discounts, the deposit is beside them."""

    no: LineNo
    gross: Minor
    discounts: tuple[Applied, ...] = ()
    net: Minor
    deposit: Minor = Minor(0)


class TaxSum(msgspec.Struct, frozen=True):
    """The sum of one tax code; gross = net + vat."""

    code: str
    rate: Rate
    gross: Minor
    net: Minor
    vat: Minor


class Paid(msgspec.Struct, frozen=True):
    """What one tender pays."""

    type: Literal["meal_voucher", "gift_card", "cash", "card"]
    amount: Minor


class RefusedLine(msgspec.Struct, frozen=True, tag=True):
    """A line that is not sold."""

    line: LineNo
    reason: Reason


class RefusedCoupon(msgspec.Struct, frozen=True, tag=True):
    """A coupon that does nothing here."""

    coupon: str
    reason: Reason


class Priced(msgspec.Struct, frozen=True, kw_only=True):
    """A priced basket. sum(taxes.gross) = total; sum(tenders) + due = total + rounding.

    `due` is what the given tenders leave open. `proven` is false if the search for the customer's best
    ran out of its nodes: the answer then is the best it saw, never below the priority order.
    """

    lines: tuple[PricedLine, ...]
    gross: Minor
    promotions: tuple[Applied, ...]
    discount: Minor
    goods_net: Minor
    deposits: Minor
    deposit_returns: Minor
    taxes: tuple[TaxSum, ...]
    total: Minor
    loyalty_credit: Minor
    points: int
    rounding: Minor
    tenders: tuple[Paid, ...]
    due: Minor
    rejected: tuple[RefusedLine | RefusedCoupon, ...]
    proven: bool
    nodes: int


class Hint(msgspec.Struct, frozen=True):
    """`missing` more units of a line would complete a promotion and save `saving` more."""

    promotion: str
    label: str
    missing: int
    saving: Minor
