"""What a terminal's answers mean for the money. Pure."""

from decimal import Decimal
from typing import NamedTuple

from msgspec.structs import replace

from drivers.terminals.nexo.amounts import minor
from drivers.terminals.nexo.identity import written
from drivers.terminals.nexo.messages import (
    Answer,
    MessageHeader,
    NexoError,
    PaymentReceipt,
    PaymentResponse,
    ReconciliationResponse,
    Response,
    ReversalResponse,
    TransactionID,
    TransactionStatusResponse,
)
from kiosk.checkout.money import Outcome, PaymentResult
from kiosk.units import Minor

REASONS = {
    "Aborted": "cancelled", "Busy": "busy", "Cancel": "cancelled", "DeviceOut": "terminal_away", "InsertedCard": "",
    "InvalidCard": "card_unreadable", "LoggedOut": "terminal_away", "MessageFormat": "", "NotAllowed": "",
    "PaymentRestriction": "not_accepted", "Refusal": "declined", "UnavailableDevice": "terminal_away",
    "UnavailableService": "", "UnreachableHost": "", "WrongPIN": "pin_wrong",
}  # fmt: skip
"""Error conditions with which a transaction has ended and moved no money, as the screens' reasons."""

IN_DOUBT = {"InProgress": "in_progress", "NotFound": "not_found"}

TAKEN = {"Debit": 1, "ReverseCredit": 1, "Credit": -1, "ReverseDebit": -1, "Declined": 0, "Failed": 0}
"""How each kind of a day's totals counts."""


class Asked(NamedTuple):
    """What an answer must be of: a request by its ids, for so much money."""

    category: str
    service_id: str
    sale_id: str
    poiid: str
    attempt: str
    amount: Minor
    currency: str
    exact: bool = False

    def named(self, header: MessageHeader) -> bool:
        """Whether that is the header of this request's answer."""
        return header.message_type == "Response" and (
            header.message_category,
            header.service_id,
            header.sale_id,
            header.poiid,
        ) == (self.category, self.service_id, self.sale_id, self.poiid)

    def may_be(self, amount: Minor | None) -> bool:
        """Whether that can be the amount of it; None is not said, and less may be authorised where not `exact`."""
        return amount is None or amount == self.amount or (not self.exact and 0 < amount < self.amount)


def found(answer: TransactionStatusResponse, asked: Asked) -> PaymentResult:
    """What a look-up says of the request asked about: the inner answer decides, the outer is only the question's."""
    reference = answer.message_reference
    if reference and (reference.service_id, reference.sale_id) != (asked.service_id, asked.sale_id):
        return PaymentResult(Outcome.UNKNOWN, reason="another_payment")
    if answer.response.result != "Success":
        condition = answer.response.error_condition or ""
        return PaymentResult(Outcome.UNKNOWN, result_code=condition, reason=IN_DOUBT.get(condition, ""))
    repeated = answer.repeated_message_response
    if repeated is None:
        return PaymentResult(Outcome.UNKNOWN)
    body = repeated.repeated_response_message_body
    return judged(repeated.message_header, body.payment_response or body.reversal_response, asked)


def judged(
    header: MessageHeader, body: PaymentResponse | ReversalResponse | None, asked: Asked
) -> PaymentResult:
    """What an answer says of the request that was asked; of any other it says nothing."""
    wanted = ReversalResponse if asked.category == "Reversal" else PaymentResponse
    if not isinstance(body, wanted) or not asked.named(header) or not _ours(body, asked):
        return PaymentResult(Outcome.UNKNOWN, reason="another_payment")
    result = replace(alone(body, asked.currency), terminal_id=header.poiid)
    if result.outcome is not Outcome.APPROVED:
        return result
    fits = result.currency in (None, asked.currency) and asked.may_be(result.amount)
    return result if fits else replace(result, outcome=Outcome.UNKNOWN)


def alone(body: PaymentResponse | ReversalResponse, currency: str = "") -> PaymentResult:
    """What an answer says read alone; `currency` is that of a reversal, which names none."""
    try:
        amount, said = _amount(body, currency)
    except NexoError:
        return PaymentResult(Outcome.UNKNOWN)
    outcome, reason = _outcome(body.response, amount)
    result = PaymentResult(
        outcome,
        amount=amount,
        currency=said,
        result_code=body.response.error_condition or "",
        reason=reason,
        slip=slip(body.payment_receipt),
        reference=_reference(body),
    )
    return _with_card(result, body) if isinstance(body, PaymentResponse) else result


def _with_card(result: PaymentResult, body: PaymentResponse) -> PaymentResult:
    told = body.payment_result
    card = told.payment_instrument_data.card_data if told and told.payment_instrument_data else None
    bank = told.payment_acquirer_data if told else None
    return replace(
        result,
        authorisation=str(bank.approval_code or "") if bank else "",
        card_name=str(card.payment_brand or "") if card else "",
        last4=str(card.masked_pan or "") if card else "",
    )


def _outcome(response: Response, amount: Minor | None) -> tuple[Outcome, str]:
    condition = response.error_condition
    match response.result:
        case "Success" if condition is None:
            return Outcome.APPROVED, ""
        case "Partial" if amount:
            return Outcome.APPROVED, ""
        case "Failure" if condition in REASONS and not amount:
            return Outcome.NOT_CHARGED, REASONS[condition]
        case _:
            return Outcome.UNKNOWN, IN_DOUBT.get(condition or "", "")


def _amount(body: PaymentResponse | ReversalResponse, currency: str) -> tuple[Minor | None, str | None]:
    if isinstance(body, ReversalResponse):
        given: Decimal | None = body.reversed_amount
        return (None if given is None else minor(given, currency)), (None if given is None else currency)
    told = body.payment_result.amounts_resp if body.payment_result else None
    if told is None:
        return None, None
    given = told.authorized_amount
    return (None if given is None else minor(given, told.currency or currency)), told.currency


def _transaction(body: PaymentResponse | ReversalResponse) -> TransactionID | None:
    return body.poi_data.poi_transaction_id if body.poi_data else None


def _reference(body: PaymentResponse | ReversalResponse) -> str:
    transaction = _transaction(body)
    return written(transaction) if transaction else ""


def _ours(body: PaymentResponse | ReversalResponse, asked: Asked) -> bool:
    """Whether the sale's transaction id, where it is repeated, is the attempt's."""
    if not isinstance(body, PaymentResponse) or not body.sale_data or not body.sale_data.sale_transaction_id:
        return True
    return body.sale_data.sale_transaction_id.transaction_id == asked.attempt


def slip(receipts: tuple[PaymentReceipt | str, ...]) -> tuple[str, ...]:
    """The customer's receipt as lines of text, else the last one that there is."""
    found = [each for each in receipts if isinstance(each, PaymentReceipt)]
    customers = [each for each in found if each.document_qualifier == "CustomerReceipt"]
    for receipt in (customers or found)[-1:]:
        if receipt.output_content:
            return tuple(str(line.text) for line in receipt.output_content.output_text)
    return ()


def day(answer: ReconciliationResponse, currency: str) -> Minor | None:
    """What the terminal took in its day less what it gave back; None where it does not say, or not clearly."""
    total = 0
    try:
        for totals in answer.transaction_totals:
            if totals.payment_currency not in (None, currency):
                return None
            for each in totals.payment_totals:
                total += TAKEN[each.transaction_type] * minor(each.transaction_amount, currency)
    except (KeyError, NexoError):
        return None
    return Minor(total) if answer.transaction_totals else None


def verdict(message: Answer) -> PaymentResult | None:
    """The payment's result in a message read alone; None where it is about none."""
    status = message.transaction_status_response
    body: PaymentResponse | ReversalResponse | None = message.payment_response or message.reversal_response
    if status:
        repeated = status.repeated_message_response
        if status.response.result != "Success" or repeated is None:
            reason = IN_DOUBT.get(status.response.error_condition or "", "")
            return PaymentResult(Outcome.UNKNOWN, reason=reason)
        inner = repeated.repeated_response_message_body
        body = inner.payment_response or inner.reversal_response
    return alone(body) if body else None
