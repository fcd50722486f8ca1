"""Messages of Concert E+ (V2): fields of fixed length one after the other, declared as the descriptions read. Pure.

A frame is STX, the fields, ETX and an LRC, the exclusive or of all bytes after STX up to and with ETX. The LRC may be
any byte, so a frame is read by its length. Sources: pyTeliumManager, pypostelium, PayXpert's pages on Concert V2.
"""

import re
from typing import NamedTuple

from msgspec import Struct
from msgspec.structs import asdict

STX, ETX, EOT, ENQ, ACK, NAK = b"\x02", b"\x03", b"\x04", b"\x05", b"\x06", b"\x15"
SIGNS = {ENQ: "ENQ", ACK: "ACK", NAK: "NAK", EOT: "EOT"}
AROUND = 3  # bytes of STX, ETX and LRC

NUMBER, LETTER, ANY = rb"[0-9]+", rb"[0-9A-Z]", rb"[\x20-\x7e]+"
ACCEPTED, REFUSED, NOT_VERIFIED = "0", "7", "9"
SHORT_ANSWER, LONG_ANSWER = "0", "1"
CARD, CHEQUE = "1", "C"
DEBIT, CREDIT, CANCEL = "0", "1", "2"
AT_THE_END, AT_ONCE = "A010", "A011"
AS_THE_BANK_LIKES, ONLINE = "B010", "B011"


class ConcertError(Exception):
    """These bytes are no message of Concert E+, or not a whole one. The only error that the codec raises."""


class Field(NamedTuple):
    """Where it stands follows from the lengths of those before it."""

    name: str
    length: int
    kind: bytes


POS, AMOUNT = Field("pos", 2, NUMBER), Field("amount", 8, NUMBER)
MODE, CURRENCY, PRIVATE = Field("mode", 1, LETTER), Field("currency", 3, NUMBER), Field("private", 10, ANY)
STATUS, REPORT = Field("status", 1, LETTER), Field("report", 55, ANY)

ASK = (
    POS, AMOUNT, Field("answer", 1, NUMBER), MODE, Field("type", 1, LETTER), CURRENCY, PRIVATE,
    Field("delay", 4, rb"A01[01]"), Field("auto", 4, rb"B01[01]"),
)  # fmt: skip
SHORT = (POS, STATUS, AMOUNT, MODE, CURRENCY, PRIVATE)
LONG = (POS, STATUS, AMOUNT, MODE, REPORT, CURRENCY, PRIVATE)


def size(fields: tuple[Field, ...]) -> int:
    """How long a whole frame with those fields is, in bytes."""
    return sum(field.length for field in fields) + AROUND


SIZES = {size(fields): fields for fields in (ASK, SHORT, LONG)}
ANSWERS = (size(SHORT), size(LONG))


class Ask(Struct, frozen=True, kw_only=True):
    """What the till wants. `amount` in minor units, `currency` as ISO 4217 number."""

    pos: str
    amount: int
    currency: int
    private: str
    type: str = DEBIT
    mode: str = CARD
    answer: str = SHORT_ANSWER
    delay: str = AT_THE_END
    auto: str = AS_THE_BANK_LIKES


class Answer(Struct, frozen=True, kw_only=True):
    """What came of it; `last4` is all that is kept of the report in a long answer."""

    pos: str
    status: str
    amount: int
    mode: str
    currency: int
    private: str
    last4: str = ""


def lrc(data: bytes) -> int:
    """The exclusive or of all bytes."""
    value = 0
    for byte in data:
        value ^= byte
    return value


def encode(message: Ask | Answer) -> bytes:
    """A frame; an answer is a short one. ConcertError for what does not fit."""
    body = b""
    for field in ASK if isinstance(message, Ask) else SHORT:
        value = getattr(message, field.name)
        text = f"{value:0{field.length}}" if isinstance(value, int) else f"{value:{field.length}}"
        raw = text.encode("ascii", "replace")
        _check(field, raw)
        body += raw
    body += ETX
    return STX + body + bytes([lrc(body)])


def decode(frame: bytes) -> Ask | Answer:
    """The message of one whole frame. ConcertError."""
    fields = SIZES.get(len(frame))
    if fields is None or frame[:1] != STX or frame[-2:-1] != ETX:
        raise ConcertError("not the length or the ends of a message")
    if lrc(frame[1:-1]) != frame[-1]:
        raise ConcertError("wrong LRC")
    values: dict[str, str] = {}
    at = 1
    for field in fields:
        raw = frame[at : at + field.length]
        _check(field, raw)
        values[field.name] = raw.decode("ascii")
        at += field.length
    amount, currency = int(values["amount"]), int(values["currency"])
    told = {name: text for name, text in values.items() if name not in ("amount", "currency", "report")}
    if fields is ASK:
        return Ask(amount=amount, currency=currency, **told)
    return Answer(amount=amount, currency=currency, last4=last4(values.get("report", "")), **told)


def whole(data: bytes) -> int | None:
    """How long the answer is that begins here; None if that cannot be told yet. ConcertError if none begins here.

    We ask for the short one; whether a terminal sends the long one all the same shows where the short one would end.
    """
    if data and data[:1] != STX:
        raise ConcertError(f"not STX: {data[0]:02X}")
    short, long = ANSWERS
    if len(data) < short:
        return None
    return short if data[short - 2 : short - 1] == ETX else long


def last4(report: str) -> str:
    """The last four digits of the card number that a report begins with, "" if there is none."""
    number = re.match(r"\s*([0-9]{12,19})(?![0-9])", report)
    return number[1][-4:] if number else ""


def redact(run: bytes) -> bytes:
    """As many bytes, with nothing of a card; what is no control byte, request or short answer is masked."""
    safe = bytearray()
    while run:
        if run[:1] != STX:
            safe += run[:1] if run[:1] in (EOT, ENQ, ACK, NAK) else b"*"
            run = run[1:]
            continue
        length = next((n for n in SIZES if run[n - 2 : n - 1] == ETX and _reads(run[:n])), None)
        if length is None:
            return bytes(safe) + b"*" * len(run)
        frame, run = run[:length], run[length:]
        safe += _report_masked(frame) if length == size(LONG) else frame
    return bytes(safe)


def legible(run: bytes) -> str:
    """The same for a log: fields apart, so that no digits of two of them run together."""
    if run in SIGNS:
        return SIGNS[run]
    try:
        message = decode(run)
    except ConcertError as error:
        return f"{len(run)} bytes: {error}"
    return " ".join(f"{name}={value}" for name, value in asdict(message).items())


def _reads(frame: bytes) -> bool:
    try:
        decode(frame)
    except ConcertError:
        return False
    return True


def _report_masked(frame: bytes) -> bytes:
    at = 1 + sum(field.length for field in LONG[: LONG.index(REPORT)])
    return frame[:at] + b"*" * REPORT.length + frame[at + REPORT.length : -1] + b"*"


def _check(field: Field, raw: bytes) -> None:
    if len(raw) != field.length or not re.fullmatch(field.kind, raw):
        raise ConcertError(f"{field.name} cannot be like that")
