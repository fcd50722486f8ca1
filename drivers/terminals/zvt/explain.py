"""Captured ZVT in words: what a technician wants to see of it, with everything of a card but four digits masked."""

from collections.abc import Callable, Iterator
from typing import Any

import msgspec

from drivers.terminals.currencies import LETTERS
from drivers.terminals.zvt.fields import AUTO, CARDS, DayTotals, ZvtError
from drivers.terminals.zvt.frames import ACK, NAK, SerialFrames, serial_read
from drivers.terminals.zvt.layout import Message, size
from drivers.terminals.zvt.meaning import prompt, why
from drivers.terminals.zvt.messages import (
    Abort,
    IntermediateStatus,
    Negative,
    Other,
    StatusInformation,
    decode,
)
from drivers.terminals.zvt.redact import redact

CODES = {
    "attribute", "card_type", "config", "payment_type", "reason", "receipt_type", "registration_status", "result_code",
    "service_byte", "status",
}  # fmt: skip
"""Fields that the manual writes in hex."""
PASSWORDS = {"password"}


def explain(data: bytes, options: dict[str, str]) -> dict[str, Any]:
    """The message in these bytes; of several, a dict with all of them as `messages`.

    `options`: charset (a codec's name), framing ("tcp" or "serial"). ZvtError says which message is wrong and where.
    """
    if unknown := options.keys() - {"charset", "framing"}:
        raise ZvtError(f"unknown option {', '.join(sorted(unknown))}")
    charset = options.get("charset", AUTO)
    try:
        "".encode("cp437" if charset == AUTO else charset)
    except LookupError:
        raise ZvtError(f"no such character set: {charset!r}") from None
    cut = _serial_frames if options.get("framing") == "serial" else _apdus
    messages = list(_told(data, cut, charset))
    return messages[0] if len(messages) == 1 else {"messages": messages}


Cutter = Callable[[bytes], tuple[int, bytes]]


def _told(data: bytes, cut: Cutter, charset: str) -> Iterator[dict[str, Any]]:
    if not data:
        raise ZvtError("nothing to read")
    at = number = 0
    while at < len(data):
        number += 1
        try:
            length, apdu = cut(data[at:])
            yield {"control": CONTROLS[apdu]} if apdu in CONTROLS else _message(apdu, charset)
        except ZvtError as error:
            raise ZvtError(f"message {number}, at byte {at}: {error}") from None
        at += length


CONTROLS = {ACK: "ACK", NAK: "NAK"}


def _apdus(data: bytes) -> tuple[int, bytes]:
    length = size(data)
    if length is None:
        raise ZvtError("cut short before its length")
    if length > len(data):
        raise ZvtError(f"cut short, {length - len(data)} bytes are missing")
    return length, data[:length]


def _serial_frames(data: bytes) -> tuple[int, bytes]:
    if data[:1] in CONTROLS:
        return 1, data[:1]
    if data[:2] != b"\x10\x02":
        raise ZvtError(f"neither a frame nor its acknowledgement: begins with {data[0]:02X}")
    for length in range(1, len(data) + 1):
        if frames := list(SerialFrames().feed(data[:length])):
            return length, serial_read(frames[0])
    raise ZvtError("a frame without its end")


def _message(apdu: bytes, charset: str) -> dict[str, Any]:
    message = decode(apdu, charset)
    told: dict[str, Any] = {
        "command": apdu[:2].hex(" ").upper(),
        "message": "unknown" if isinstance(message, Other) else type(message).__name__,
    }
    for name, value in msgspec.structs.asdict(message).items():
        if value not in (None, ()) and name != "command":
            told[name] = _value(name, value)
    words = {
        "means": _meaning(message),
        "currency_letters": LETTERS.get(getattr(message, "currency", None) or 0),
    }
    told |= {name: word for name, word in words.items() if word}
    return told | {"length": len(apdu), "hex": redact(apdu).hex()}


def _meaning(message: Message) -> str:
    """What the lane makes of it, where it shows something for it."""
    match message:
        case IntermediateStatus():
            return prompt(message)
        case StatusInformation(result_code=code) | Abort(result_code=code):
            return why(code)
        case Negative():
            return why(message.reason)
        case _:
            return ""


def _value(name: str, value: Any) -> Any:
    if name in PASSWORDS:
        return "*" * len(value)
    if name in CODES:
        return f"{value:02X}"
    if isinstance(value, DayTotals):
        cards = {kind: card._asdict() for kind, card in zip(CARDS, value.cards, strict=False)}
        return {"first": value.first, "last": value.last, "amount": value.amount, "cards": cards}
    if isinstance(value, tuple):
        return [_value(name, one) for one in value]
    return value.hex() if isinstance(value, bytes) else value
