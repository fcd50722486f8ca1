"""What an answer means for the money: alone, to a request, and of a payment that was lost sight of. Pure.

Nothing is an approval but "performed", of the same action, currency, till and amount, with our own private data.
"""

from hashlib import blake2b

from drivers.terminals.caisse.messages import Message, is_answer, unmarked
from drivers.terminals.caisse.tags import (
    APPLICATIONS,
    DUPLICATE,
    IDENTIFICATION,
    MONEY,
    NOT_PERFORMED,
    PERFORMED,
)
from drivers.terminals.currencies import LETTERS
from kiosk.checkout.money import Outcome, PaymentResult
from kiosk.units import Minor

AUTHORISED = ("", "01")
DONE_AFTER_ALL = ("01", "03")
REASONS = {"04": "declined", "05": "declined", "06": "cancelled", "08": "no_card", "11": "cancelled"}
"""Why no money was taken, in the words that the screens know."""
UNDERSTOOD_NOT = ("09", "12")
CAME_TO_NOTHING = ("04", "05", "06", "07", "08", "11")


def verdict(answer: Message) -> Outcome:
    """What an answer says by itself. "Not performed, authorised" says two things, and so none."""
    if answer.get("CD") not in MONEY or not is_answer(answer):
        return Outcome.UNKNOWN
    match answer.get("AE"):
        case code if code == PERFORMED and answer.why in AUTHORISED:
            return Outcome.APPROVED
        case code if code == NOT_PERFORMED and answer.why not in DONE_AFTER_ALL:
            return Outcome.NOT_CHARGED
        case _:
            return Outcome.UNKNOWN


def is_of(answer: Message, request: Message, echoes: bool) -> bool:
    """Whether an answer is that to this request, by all that it says; our private data is the best proof.

    Where a terminal `echoes` them, others' private data is another's answer, whatever else is equal.
    """
    if int(answer.get("CA") or 0) != int(request.get("CA")) or answer.get("CD") != request.get("CD"):
        return False
    if answer.get("CE") not in ("", request.get("CE")):
        return False
    if echoes and answer.get("CF"):
        return answer.get("CF") == request.get("CF")
    return answer.get("AE") != NOT_PERFORMED or answer.amount in (None, request.amount)


def judged(answer: Message, request: Message, *, partial: bool, echoes: bool) -> Outcome:
    """What an answer says of what was requested: UNKNOWN unless it is proven to be of that, and of nothing else."""
    outcome = verdict(answer)
    if not is_of(answer, request, echoes):
        return Outcome.UNKNOWN
    if outcome is not Outcome.APPROVED:
        return outcome
    enough = is_enough(answer.amount, request.amount or 0, partial)
    named = not echoes or answer.get("CF") == request.get("CF")
    return Outcome.APPROVED if enough and named else Outcome.UNKNOWN


def is_enough(taken: int | None, asked: int, partial: bool) -> bool:
    """Whether that is the amount that was asked for, or may be less and is."""
    return taken == asked or (partial and taken is not None and 0 < taken < asked)


def is_well(answer: Message) -> bool:
    """Whether an identification was answered by a terminal with nothing else to do.

    One that does not know the action, or wants more with it, has answered as well; any other "not performed" is a
    terminal with something else to do (PayXpert).
    """
    performed = answer.get("AE") == PERFORMED or answer.why in UNDERSTOOD_NOT
    return answer.get("CD") == IDENTIFICATION and performed


def found(answer: Message, request: Message, partial: bool) -> Outcome:
    """What the terminal tells of an earlier transaction (CD=T, or CD=3 with the ticket), read for `request`.

    That the question was performed does not say that the transaction was, and a refused one leaves a ticket (and, at
    HiPay, an authorisation number) as well. So "authorised" must be said, under our reference, with our amount and
    currency; a reason that only a failed payment has, under our reference, is one that came to nothing.
    """
    if request.get("CF") not in (answer.get("CF"), answer.get("CH")):
        return Outcome.UNKNOWN
    if answer.why in CAME_TO_NOTHING:
        return Outcome.NOT_CHARGED
    same = is_enough(answer.amount, request.amount or 0, partial) and answer.get("CE") == request.get("CE")
    done = answer.get("AE") == PERFORMED and answer.why == "01"
    return Outcome.APPROVED if same and done else Outcome.UNKNOWN


def fingerprint(answer: Message) -> str:
    """What tells the last ticket of a terminal from another one; "" if there is none."""
    if answer.get("AE") != PERFORMED or answer.get("CD") != DUPLICATE:
        return ""
    told = [f"{tag}={answer.get(tag)}" for tag in ("CB", "CE", "CF", "AC", "AP", "ID")]
    text = "\n".join((*told, *answer.slip))
    return blake2b(text.encode(), digest_size=8).hexdigest()


def result(answer: Message, outcome: Outcome) -> PaymentResult:
    """What is kept of an answer."""
    number = answer.get("CE")
    application = answer.get("CC")
    return PaymentResult(
        outcome=outcome,
        amount=None if answer.amount is None else Minor(answer.amount),
        currency=LETTERS.get(int(number), number) if number else None,
        terminal_id=unmarked(answer.get("AQ")),
        authorisation=answer.get("AC").strip(),
        card_name=APPLICATIONS.get(application, application),
        last4=answer.last4,
        result_code="/".join(filter(None, (answer.get("AE"), answer.why))),
        reason=REASONS.get(answer.why, "") if outcome is Outcome.NOT_CHARGED else "",
        slip=answer.slip,
        reference=unmarked(answer.get("ID")),
    )
