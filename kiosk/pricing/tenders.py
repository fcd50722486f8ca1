"""Who pays what: tenders in the order given, each within its own limit."""

from collections.abc import Sequence
from typing import NamedTuple

from kiosk.pricing.model import Cash, GiftCard, MealVoucher, Tender
from kiosk.pricing.result import Paid
from kiosk.units import Minor


class Payment(NamedTuple):
    """What the tenders pay, the cash rounding (tendered - due), and what they leave open."""

    paid: tuple[Paid, ...]
    rounding: Minor
    due: Minor


def pay(total: int, for_vouchers: int, tenders: Sequence[Tender]) -> Payment:
    """Use the tenders in order; `for_vouchers` is the net that meal vouchers may pay.

    Nothing to pay needs no tender. A negative total is not paid here: the attendant pays it out.
    """
    due, rounding, paid = total, 0, []
    for tender in tenders:
        if due <= 0:
            break
        amount = _amount(tender, due, for_vouchers)
        if isinstance(tender, MealVoucher):
            for_vouchers -= amount
        if isinstance(tender, Cash):
            rounding, due = amount - due, amount
        if amount > 0:
            paid.append(Paid(tender.__struct_config__.tag, Minor(amount)))  # type: ignore[arg-type]
        due -= amount
    return Payment(tuple(paid), Minor(rounding), Minor(due))


def _amount(tender: Tender, due: int, for_vouchers: int) -> int:
    if isinstance(tender, MealVoucher):
        limits = [due, tender.balance, for_vouchers]
        return max(0, min(limits if tender.cap is None else [*limits, tender.cap]))
    if isinstance(tender, GiftCard):
        return min(due, tender.balance)
    if isinstance(tender, Cash):
        return (2 * due + tender.rounding) // (2 * tender.rounding) * tender.rounding
    return due
