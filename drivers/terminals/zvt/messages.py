"""The messages of ZVT, one class each, as the manual lists them (PA00P015 rev 13.08).

Of a card nothing is read but the last four digits.
"""

from typing import Annotated

from drivers.terminals.zvt.fields import (
    AUTO,
    Binary,
    Byte,
    DayTotals,
    Digits,
    Fixed,
    Mirror,
    Number,
    Text,
    VarText,
)
from drivers.terminals.zvt.layout import At, Bitmap, Message, Rest, Tlv, body, framed, read, written

Amount = Annotated[int | None, Bitmap(0x04)]
Currency = Annotated[int | None, Bitmap(0x49)]
Password = Annotated[str, At(Digits(3))]
ServiceByte = Annotated[int | None, Bitmap(0x03)]
ReceiptNo = Annotated[str | None, Bitmap(0x87)]
TerminalId = Annotated[str | None, Bitmap(0x29)]
MirroredReceiptNo = Annotated[int | None, Tlv(0x1F1F, Mirror(2))]
ErrorText = Annotated[str | None, Tlv(0x1F17, Text())]


# ---- answers


class Positive(Message, frozen=True, kw_only=True):
    """80 00: received; to a 04 0F with result 00 also: goods issued, store it."""

    code = b"\x80\x00"


class Negative(Message, frozen=True, kw_only=True):
    """84 xx: refused. To a 04 0F: 00 issued, 9C not yet, 9D partly (amount), others: reverse."""

    code = b"\x84"

    reason: int
    amount: Amount = None


NOT_YET = 0x9C
BUSY = 0x9C
NOT_ISSUED = 0x66
PRESENT_CARD = 0x0A


# ---- till to terminal


class Registration(Message, frozen=True, kw_only=True):
    """06 00: who prints what, and the currency. `permits` lists further commands the till can take."""

    code = b"\x06\x00"

    password: Password
    config: Annotated[int, At(Byte())]
    currency: Annotated[int | None, At(Number(2), "freely")] = None
    service_byte: ServiceByte = None
    permits: Annotated[tuple[bytes, ...], Tlv(0x0A, Fixed(2), parent=0x26, many=True)] = ()


class Authorisation(Message, frozen=True, kw_only=True):
    """06 01: take a payment. `timeout` is how long the terminal waits for the answer to 04 0F, in seconds.

    `mirrored_receipt_no` is the last one that the till knows, 0 for none: the terminal gives back what came after.
    """

    code = b"\x06\x01"

    amount: Amount = None
    currency: Currency = None
    payment_type: Annotated[int | None, Bitmap(0x19)] = None
    timeout: Annotated[int | None, Bitmap(0x01)] = None
    max_status_infos: Annotated[int | None, Bitmap(0x02)] = None
    mirrored_receipt_no: MirroredReceiptNo = None


class Reversal(Message, frozen=True, kw_only=True):
    """06 30: take a payment back; refused if the receipt is unknown or the amount differs."""

    code = b"\x06\x30"

    password: Password
    receipt_no: ReceiptNo = None
    amount: Amount = None
    currency: Currency = None


class Refund(Message, frozen=True, kw_only=True):
    """06 31: pay out; needs the card again."""

    code = b"\x06\x31"

    password: Password
    amount: Amount = None
    currency: Currency = None


class RepeatReceipt(Message, frozen=True, kw_only=True):
    """06 20: the last receipt again. Service bit 0 sends its 04 0F too, bit 1 prints nothing."""

    code = b"\x06\x20"

    password: Password
    service_byte: ServiceByte = None


class StatusEnquiry(Message, frozen=True, kw_only=True):
    """05 01: are you ready?"""

    code = b"\x05\x01"

    password: Annotated[str | None, At(Digits(3), "freely")] = None
    service_byte: ServiceByte = None


class EndOfDay(Message, frozen=True, kw_only=True):
    """06 50: close the day's book."""

    code = b"\x06\x50"

    password: Password


class Initialisation(Message, frozen=True, kw_only=True):
    """06 93."""

    code = b"\x06\x93"

    password: Password


class Diagnosis(Message, frozen=True, kw_only=True):
    """06 70."""

    code = b"\x06\x70"


class LogOff(Message, frozen=True, kw_only=True):
    """06 02."""

    code = b"\x06\x02"


class Reset(Message, frozen=True, kw_only=True):
    """06 18."""

    code = b"\x06\x18"


class Break(Message, frozen=True, kw_only=True):
    """06 B0: a wish to end the running command; a terminal may ignore it while it takes a payment."""

    code = b"\x06\xb0"


# ---- terminal to till


class IntermediateStatus(Message, frozen=True, kw_only=True):
    """04 FF: what the terminal does now. `minutes` is a new T4 in BCD; `lines` its own words."""

    code = b"\x04\xff"

    status: Annotated[int, At(Byte())]
    minutes: Annotated[int | None, At(Number(1), "freely")] = None
    lines: Annotated[tuple[str, ...], Tlv(0x07, Text(), parent=0x24, many=True)] = ()


class StatusInformation(Message, frozen=True, kw_only=True):
    """04 0F: the result of a payment, a reversal or a repeat of either (`orig_trace`: what was reversed).

    Of an end of day it carries the `totals`.
    """

    code = b"\x04\x0f"

    result_code: Annotated[int | None, Bitmap(0x27)] = None
    amount: Amount = None
    currency: Currency = None
    trace: Annotated[str | None, Bitmap(0x0B)] = None
    time: Annotated[str | None, Bitmap(0x0C)] = None
    date: Annotated[str | None, Bitmap(0x0D)] = None
    card_seq: Annotated[str | None, Bitmap(0x17)] = None
    last4: Annotated[str | None, Bitmap(0x22)] = None
    terminal_id: TerminalId = None
    vu_number: Annotated[str | None, Bitmap(0x2A)] = None
    orig_trace: Annotated[str | None, Bitmap(0x37)] = None
    authorisation: Annotated[str | None, Bitmap(0x3B)] = None
    additional_text: Annotated[str | None, Bitmap(0x3C)] = None
    receipt_no: ReceiptNo = None
    turnover_no: Annotated[str | None, Bitmap(0x88)] = None
    totals: Annotated[DayTotals | None, Bitmap(0x60)] = None
    extended_error_code: Annotated[int | None, Tlv(0x1F16, Binary(2))] = None
    card_type: Annotated[int | None, Bitmap(0x8A)] = None
    card_name: Annotated[str | None, Bitmap(0x8B)] = None
    long_trace: Annotated[str | None, Tlv(0x1F2B, Digits(4))] = None
    extended_error_text: ErrorText = None


class Completion(Message, frozen=True, kw_only=True):
    """06 0F: the command has ended, the till is master again. To 05 01 with version and status in front."""

    code = b"\x06\x0f"

    sw_version: Annotated[str | None, At(VarText(3), "freely")] = None
    status: Annotated[int | None, At(Byte(), "freely")] = None
    registration_status: Annotated[int | None, Bitmap(0x19)] = None
    terminal_id: TerminalId = None
    currency: Currency = None
    result_code: Annotated[int | None, Bitmap(0x27)] = None
    device_name: Annotated[str | None, Tlv(0x1F40, Text(), parent=0xE4)] = None
    long_terminal_id: Annotated[str | None, Tlv(0x1F44, Digits(4))] = None


class Abort(Message, frozen=True, kw_only=True):
    """06 1E: the command has failed, with a result code or without; after 6F the terminal's currency."""

    code = b"\x06\x1e"

    result_code: Annotated[int | None, At(Byte(), "empty")] = None
    currency: Annotated[int | None, At(Number(2), "freely")] = None
    receipt_no: ReceiptNo = None
    extended_error_text: ErrorText = None


class PrintLine(Message, frozen=True, kw_only=True):
    """06 D1: one line for the till's printer; attribute bit 80 (unless all is 80) marks the last one."""

    code = b"\x06\xd1"

    attribute: Annotated[int, At(Byte())]
    text: Annotated[str, Rest()] = ""
    receipt_type: Annotated[int | None, Tlv(0x1F07, Binary(1))] = None


class PrintBlock(Message, frozen=True, kw_only=True):
    """06 D3: a whole receipt for the till's printer; type 1 merchant's, 2 customer's, 3 administration's."""

    code = b"\x06\xd3"

    receipt_type: Annotated[int | None, Tlv(0x1F07, Binary(1))] = None
    lines: Annotated[tuple[str, ...], Tlv(0x07, Text(), parent=0x25, many=True)] = ()


class SetClock(Message, frozen=True, kw_only=True):
    """04 01: the terminal's date and time."""

    code = b"\x04\x01"

    date: Annotated[str | None, Bitmap(0xAA)] = None
    time: Annotated[str | None, Bitmap(0x0C)] = None


class Other(Message, frozen=True, kw_only=True):
    """Any further command of the manual, named and not read."""

    command: bytes


MESSAGES = {kind.code: kind for kind in Message.__subclasses__() if kind.code not in (b"", Negative.code)}


def decode(frame: bytes, charset: str = AUTO) -> Message:
    """The message in one whole APDU. ZvtError if it is not exactly one."""
    code, data = body(frame)
    if code[0] == 0x84:
        return read(Negative, data, charset, reason=code[1])
    kind = MESSAGES.get(code)
    return Other(command=code) if kind is None else read(kind, data, charset)


def encode(message: Message, charset: str = AUTO) -> bytes:
    """The APDU of a message."""
    code = bytes([0x84, message.reason]) if isinstance(message, Negative) else type(message).code
    return framed(code, written(message, charset))
