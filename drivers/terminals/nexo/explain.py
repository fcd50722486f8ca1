"""A captured message as a technician reads it: masked JSON, and what it means."""

from typing import Any

import msgspec

from drivers.terminals.nexo.amounts import minor
from drivers.terminals.nexo.local import Seal, Sealed
from drivers.terminals.nexo.meaning import verdict
from drivers.terminals.nexo.messages import Message, NexoError, Request, Response, bodies, decode
from drivers.terminals.nexo.redact import redacted
from drivers.terminals.nexo.texts import refusal


def explain(data: bytes, options: dict[str, str]) -> dict[str, Any]:
    """What `kiosk wire decode nexo` prints. `passphrase` opens what the local form has sealed. NexoError."""
    plain = _opened(data, options["passphrase"]) if options.get("passphrase") else data
    message = decode(plain)
    return {
        "protocol": "nexo",
        "message": msgspec.json.decode(redacted(plain)),
        "meaning": {name: value for name, value in meaning(message).items() if value is not None},
    }


def meaning(message: Message) -> dict[str, Any]:
    """The fields that the payment vectors name; None where the message does not say."""
    header = message.message_header
    if isinstance(message, Request):
        return {"category": header.message_category, **_asked(message)}
    result = verdict(message)
    response = _response(message)
    return {
        "category": header.message_category,
        "result": response.result,
        "error_condition": response.error_condition,
        "refusal": refusal(response.additional_response) or None,
        "authorised_minor": result.amount if result else None,
        "currency": result.currency if result else None,
        "card_last4": (result.last4 or None) if result else None,
        "verdict": result.outcome.name if result else None,
        "reason": (result.reason or None) if result else None,
    }


def _asked(message: Request) -> dict[str, Any]:
    if message.payment_request:
        amounts = message.payment_request.payment_transaction.amounts_req
        return {
            "amount_minor": minor(amounts.requested_amount, amounts.currency),
            "currency": amounts.currency,
        }
    if message.abort_request:
        return {"reason": message.abort_request.abort_reason}
    if message.reversal_request:
        return {"reason": message.reversal_request.reversal_reason}
    if message.event_notification:
        event = message.event_notification
        return {"event": event.event_to_notify, "details": event.event_details}
    return {}


def _response(message: Message) -> Response:
    (body,) = bodies(message).values()
    response = body.response
    assert isinstance(response, Response)
    return response


def _opened(data: bytes, passphrase: str) -> bytes:
    """The plain message, whatever name and version its key has."""
    try:
        ((_, content),) = msgspec.json.decode(data, type=dict[str, Any]).items()
        trailer = msgspec.convert(content, Sealed).security_trailer
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError, ValueError) as error:
        raise NexoError("not a sealed message") from error
    return Seal(passphrase, trailer.key_identifier, trailer.key_version).opened(data)
