"""Money that was not taken, again: after the third card a colleague is called, and for a slip that has no value."""

from msgspec.structs import replace

from kiosk.checkout import basket
from kiosk.checkout.effects import Beep, Effect, Light
from kiosk.checkout.model import Intervention, Resolution, Sale, Why
from kiosk.checkout.money import AT_SERVER, Attempt, PaymentResult, TenderKind
from kiosk.checkout.turn import raised
from kiosk.units import Millis

MOST = 3  # declined cards in a row that a shopper sorts out alone
ELSEWHERE = {"terminal_away", "server_away", "try_later", "withdrawn", "released", "too_little", "not_found"}
"""Reasons for which nobody has refused anything."""


def refused(
    sale: Sale, attempt: Attempt, result: PaymentResult, now: Millis
) -> tuple[Sale, tuple[Effect, ...]]:
    """The sale after one more refusal, and whoever is called for it; trying again is always possible."""
    if attempt.cancelled or result.reason in ELSEWHERE:
        return sale, ()
    if attempt.kind is TenderKind.DEPOSIT_VOUCHER:
        return _call(sale, Why.DEPOSIT_INVALID, now)
    if attempt.kind in AT_SERVER:
        return sale, ()
    sale = replace(sale, declines=sale.declines + 1)
    return _call(sale, Why.PAYMENT_DECLINED_REPEAT, now) if sale.declines >= MOST else (sale, ())


def accepted(sale: Sale, now: Millis) -> Sale:
    """Money was taken: what was refused before is forgotten."""
    whys = {Why.PAYMENT_UNKNOWN, Why.PAYMENT_DECLINED_REPEAT}
    return replace(basket.settle(sale, whys, Resolution.SELF_FIXED, now), declines=0)


def _call(sale: Sale, why: Why, now: Millis) -> tuple[Sale, tuple[Effect, ...]]:
    if basket.asked(sale, {why}) is not None:
        return sale, ()
    sale = basket.raise_(sale, Intervention(why, now, asked_staff=True))
    return sale, (Beep("person_called"), Light("help"), raised(why))
