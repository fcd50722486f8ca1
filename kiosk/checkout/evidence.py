"""When an answer is proof: amount, currency and terminal compared on every approval (I7)."""

from msgspec.structs import replace

from kiosk.checkout.money import MAY_BE_LESS, Attempt, PaymentResult
from kiosk.checkout.session import Policy


def filled(attempt: Attempt, result: PaymentResult, policy: Policy) -> PaymentResult:
    """The approval with what this terminal's profile says it never tells, taken from the request.

    Only of an attempt that was looked up: before that a value that is absent may yet be heard.
    """
    if attempt.asked == 0:
        return result
    never = policy.terminal_omits
    if result.amount is None and "amount" in never:
        result = replace(result, amount=attempt.amount)
    if result.currency is None and "currency" in never:
        result = replace(result, currency=policy.currency)
    if not result.terminal_id and "terminal_id" in never and attempt.mark is not None:
        result = replace(result, terminal_id=attempt.mark.terminal_id)
    return result


def proves(attempt: Attempt, result: PaymentResult, policy: Policy) -> bool:
    """Whether an approval is one of this attempt: its currency, its terminal, and an amount that it may have."""
    if result.amount is None or result.currency != policy.currency:
        return False
    here = attempt.mark.terminal_id if attempt.mark is not None else ""
    if result.terminal_id != here or not (here or "terminal_id" in policy.terminal_omits):
        return False
    return 0 < result.amount <= attempt.amount


def heard(attempt: Attempt, policy: Policy) -> PaymentResult | None:
    """The approval of which we had heard before it fell into doubt, if it is one of this attempt."""
    result = attempt.result
    if result is None or not (proves(attempt, result, policy) and wanted(attempt, result)):
        return None
    return result


def contradicts(attempt: Attempt, result: PaymentResult) -> bool:
    """Whether what went back is not what this reversal is about; what is not said contradicts nothing."""
    here = attempt.mark.terminal_id if attempt.mark is not None else ""
    currency = attempt.reverses.currency if attempt.reverses is not None else None
    return (
        result.amount not in (None, attempt.amount)
        or (None not in (currency, result.currency) and result.currency != currency)
        or ("" not in (here, result.terminal_id) and result.terminal_id != here)
    )


def wanted(attempt: Attempt, result: PaymentResult) -> bool:
    """Whether the amount approved is one that we keep: the very one, or less where the tender may be less."""
    return result.amount == attempt.amount or attempt.kind in MAY_BE_LESS
