"""The messages of the Terminal API (nexo Retailer Protocol 3.0, JSON form), one struct each.

Only what a till needs is declared; what else comes is passed over unread. Nothing of a card but its last four
digits gets past `decode`: SensitiveCardData is not declared, and the types of `texts` keep what may be kept.
"""

from decimal import Decimal
from typing import Any

import msgspec
from msgspec import Struct

from drivers.terminals.nexo.texts import Additional, Last4, ReceiptLine, Text, kept, safe

VERSION = "3.0"
ABBREVIATED = {"id": "ID", "poi": "POI", "poiid": "POIID"}


class NexoError(Exception):
    """This is not a message of the Terminal API, or not a whole one. The only error that the codec raises."""


def spelled(name: str) -> str:
    """A field's name on the wire: service_id is ServiceID."""
    return "".join(ABBREVIATED.get(word) or word.capitalize() for word in name.split("_"))


class Part(Struct, frozen=True, kw_only=True, omit_defaults=True, rename=spelled):
    pass


class MessageHeader(Part, frozen=True, kw_only=True):
    """`service_id` is this request's own, 1 to 10 characters; an event has none."""

    protocol_version: str
    message_class: str
    message_category: str
    message_type: str
    sale_id: str
    poiid: str
    service_id: str = ""


class TransactionID(Part, frozen=True, kw_only=True):
    transaction_id: str
    time_stamp: str


class MessageReference(Part, frozen=True, kw_only=True):
    """Which request is meant."""

    message_category: str | None = None
    service_id: str | None = None
    sale_id: str | None = None


class SaleData(Part, frozen=True, kw_only=True):
    sale_transaction_id: TransactionID | None = None
    sale_to_acquirer_data: str | None = None


class POIData(Part, frozen=True, kw_only=True):
    poi_transaction_id: TransactionID | None = None


class Response(Part, frozen=True, kw_only=True):
    """How a request went: Success, Failure or Partial, and then an ErrorCondition."""

    result: str
    error_condition: str | None = None
    additional_response: Additional | None = None


# ---- a payment


class AmountsReq(Part, frozen=True, kw_only=True):
    currency: str
    requested_amount: Decimal


class TransactionConditions(Part, frozen=True, kw_only=True):
    allowed_payment_brand: tuple[str, ...] = ()


class PaymentTransaction(Part, frozen=True, kw_only=True):
    amounts_req: AmountsReq
    transaction_conditions: TransactionConditions | None = None


class PaymentData(Part, frozen=True, kw_only=True):
    payment_type: str


class PaymentRequest(Part, frozen=True, kw_only=True):
    sale_data: SaleData
    payment_transaction: PaymentTransaction
    payment_data: PaymentData | None = None


class AmountsResp(Part, frozen=True, kw_only=True):
    """`authorized_amount` may be less than was asked for."""

    currency: str | None = None
    authorized_amount: Decimal | None = None


class PaymentAcquirerData(Part, frozen=True, kw_only=True):
    approval_code: Text | None = None


class CardData(Part, frozen=True, kw_only=True):
    payment_brand: Text | None = None
    masked_pan: Last4 | None = None


class PaymentInstrumentData(Part, frozen=True, kw_only=True):
    card_data: CardData | None = None


class PaymentResultData(Part, frozen=True, kw_only=True):
    amounts_resp: AmountsResp | None = None
    payment_acquirer_data: PaymentAcquirerData | None = None
    payment_instrument_data: PaymentInstrumentData | None = None


class OutputText(Part, frozen=True, kw_only=True):
    """A line, on the wire as URL-encoded name, value and key."""

    text: ReceiptLine = ReceiptLine("")


class OutputContent(Part, frozen=True, kw_only=True):
    output_text: tuple[OutputText, ...] = ()


class PaymentReceipt(Part, frozen=True, kw_only=True):
    document_qualifier: str = ""
    output_content: OutputContent | None = None


class PaymentResponse(Part, frozen=True, kw_only=True):
    response: Response
    sale_data: SaleData | None = None
    poi_data: POIData | None = None
    payment_result: PaymentResultData | None = None
    payment_receipt: tuple[PaymentReceipt | str, ...] = ()


# ---- giving back


class OriginalPOITransaction(Part, frozen=True, kw_only=True):
    poi_transaction_id: TransactionID


class ReversalRequest(Part, frozen=True, kw_only=True):
    """Of the whole where `reversed_amount` is absent."""

    original_poi_transaction: OriginalPOITransaction
    reversal_reason: str
    reversed_amount: Decimal | None = None
    sale_data: SaleData | None = None


class ReversalResponse(Part, frozen=True, kw_only=True):
    response: Response
    poi_data: POIData | None = None
    reversed_amount: Decimal | None = None
    payment_receipt: tuple[PaymentReceipt | str, ...] = ()


# ---- asking, breaking off


class TransactionStatusRequest(Part, frozen=True, kw_only=True):
    message_reference: MessageReference
    receipt_reprint_flag: bool = False
    document_qualifier: tuple[str, ...] = ()


class RepeatedBody(Part, frozen=True, kw_only=True):
    payment_response: PaymentResponse | None = None
    reversal_response: ReversalResponse | None = None


class RepeatedMessageResponse(Part, frozen=True, kw_only=True):
    message_header: MessageHeader
    repeated_response_message_body: RepeatedBody


class TransactionStatusResponse(Part, frozen=True, kw_only=True):
    """`response` is of the question; what became of the payment stands in the message that is repeated."""

    response: Response
    message_reference: MessageReference | None = None
    repeated_message_response: RepeatedMessageResponse | None = None


class AbortRequest(Part, frozen=True, kw_only=True):
    message_reference: MessageReference
    abort_reason: str


class DiagnosisRequest(Part, frozen=True, kw_only=True):
    host_diagnosis_flag: bool | None = None


class POIStatus(Part, frozen=True, kw_only=True):
    """`global_status`: OK, Busy, Maintenance or Unreachable."""

    global_status: str | None = None


class DiagnosisResponse(Part, frozen=True, kw_only=True):
    response: Response
    poi_status: POIStatus | None = None


# ---- the end of the day


class ReconciliationRequest(Part, frozen=True, kw_only=True):
    reconciliation_type: str


class PaymentTotals(Part, frozen=True, kw_only=True):
    """`transaction_type`: Debit, Credit (refunds), ReverseDebit, ReverseCredit, Declined, Failed …"""

    transaction_type: str
    transaction_amount: Decimal
    transaction_count: int = 0


class TransactionTotals(Part, frozen=True, kw_only=True):
    payment_currency: str | None = None
    payment_totals: tuple[PaymentTotals, ...] = ()


class ReconciliationResponse(Part, frozen=True, kw_only=True):
    response: Response
    transaction_totals: tuple[TransactionTotals, ...] = ()


# ---- what the terminal says unasked


class EventNotification(Part, frozen=True, kw_only=True):
    event_to_notify: str
    event_details: Text | None = None


class Request(Part, frozen=True, kw_only=True):
    """SaleToPOIRequest: a header and one of these. An event comes as a request of the terminal's."""

    message_header: MessageHeader
    payment_request: PaymentRequest | None = None
    reversal_request: ReversalRequest | None = None
    transaction_status_request: TransactionStatusRequest | None = None
    abort_request: AbortRequest | None = None
    diagnosis_request: DiagnosisRequest | None = None
    reconciliation_request: ReconciliationRequest | None = None
    event_notification: EventNotification | None = None


class Answer(Part, frozen=True, kw_only=True):
    """SaleToPOIResponse: a header and one of these."""

    message_header: MessageHeader
    payment_response: PaymentResponse | None = None
    reversal_response: ReversalResponse | None = None
    transaction_status_response: TransactionStatusResponse | None = None
    diagnosis_response: DiagnosisResponse | None = None
    reconciliation_response: ReconciliationResponse | None = None


class Envelope(Part, frozen=True, kw_only=True):
    sale_to_poi_request: Request | None = None
    sale_to_poi_response: Answer | None = None


Message = Request | Answer


_decoder = msgspec.json.Decoder(Envelope, dec_hook=kept)
_encoder = msgspec.json.Encoder(decimal_format="number", enc_hook=str)


def decode(data: bytes) -> Message:
    """One message. NexoError for whatever is none."""
    try:
        envelope = _decoder.decode(data)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError, TypeError, ValueError) as error:
        raise NexoError(f"not a message: {safe(str(error))}") from error
    message = envelope.sale_to_poi_request or envelope.sale_to_poi_response
    if message is None or (envelope.sale_to_poi_request and envelope.sale_to_poi_response):
        raise NexoError("neither a request nor an answer")
    if len(bodies(message)) != 1:
        raise NexoError(f"{len(bodies(message))} bodies in one message")
    if not named_right(message):
        raise NexoError(f"the body is none of category {message.message_header.message_category!r}")
    return message


def encode(message: Message) -> bytes:
    if isinstance(message, Request):
        return _encoder.encode(Envelope(sale_to_poi_request=message))
    return _encoder.encode(Envelope(sale_to_poi_response=message))


def bodies(message: Message) -> dict[str, Any]:
    """What a message carries beside its header, by the names of its fields."""
    fields = {name: getattr(message, name) for name in message.__struct_fields__ if name != "message_header"}
    return {name: body for name, body in fields.items() if body is not None}


def named_right(message: Message) -> bool:
    """Whether the header names the category and the direction of what is in the message."""
    (name,) = bodies(message)
    header = message.message_header
    if name == "event_notification":
        return (header.message_category, header.message_type) == ("Event", "Notification")
    return header.message_category + header.message_type == spelled(name)
