"""What an answer means for the money: alone, and to a request. Pure."""

from drivers.terminals.concert.layout import ACCEPTED, REFUSED, Answer, Ask
from drivers.terminals.currencies import LETTERS
from kiosk.checkout.money import Outcome, PaymentResult
from kiosk.units import Minor


def verdict(answer: Answer) -> Outcome:
    """What an answer says by itself; "not verified" says nothing."""
    return {ACCEPTED: Outcome.APPROVED, REFUSED: Outcome.NOT_CHARGED}.get(answer.status, Outcome.UNKNOWN)


def is_of(answer: Answer, ask: Ask, echoes: bool) -> bool:
    """Whether an answer is that to this request: same till and currency, and our private data.

    Without these a refusal is known by its amount; of an approval the amount is compared in any case.
    """
    if (answer.pos, answer.currency) != (ask.pos, ask.currency):
        return False
    if echoes:
        return answer.private.strip() == ask.private.strip()
    return answer.status == ACCEPTED or answer.amount == ask.amount


def judged(answer: Answer, ask: Ask, *, partial: bool, echoes: bool) -> Outcome:
    """What an answer says of what was asked: UNKNOWN unless it is proven to be of that, and of nothing else."""
    outcome = verdict(answer)
    if not is_of(answer, ask, echoes):
        return Outcome.UNKNOWN
    if outcome is not Outcome.APPROVED:
        return outcome
    enough = answer.amount == ask.amount or (partial and 0 < answer.amount < ask.amount)
    return Outcome.APPROVED if enough and answer.mode == ask.mode else Outcome.UNKNOWN


def result(answer: Answer, outcome: Outcome) -> PaymentResult:
    """What is kept of an answer."""
    return PaymentResult(
        outcome=outcome,
        amount=Minor(answer.amount),
        currency=LETTERS.get(answer.currency, f"{answer.currency:03}"),
        last4=answer.last4,
        result_code=answer.status,
        reason="declined" if outcome is Outcome.NOT_CHARGED else "",
    )
