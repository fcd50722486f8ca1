"""The messages of ZVT, one class each, as the manual lists them (PA00P015 rev 13.08).

A field says where it stands: `At` in front without a tag, `Bitmap` under a one-byte tag, `Tlv` in the
container of bitmap 06. What a message carries besides is skipped; of a card nothing is read but the last
four digits.
"""

from collections.abc import Iterator
from functools import cache
from itertools import product
from typing import Annotated, Any, ClassVar, NamedTuple, get_type_hints

from msgspec import Struct

from drivers.terminals.zvt.fields import (
    AUTO,
    BITMAPS,
    Binary,
    Byte,
    Digits,
    Fixed,
    Kind,
    Number,
    Text,
    VarText,
    ZvtError,
    ber_length,
    tag_written,
    tags,
    text_written,
)


class At(NamedTuple):
    """A field in front, without a tag. It may be missing "never", in an "empty" message, or "freely"."""

    kind: Kind
    left_out: str = "never"


class Bitmap(NamedTuple):
    """A field under a tag of one byte."""

    tag: int


class Tlv(NamedTuple):
    """A field in the TLV container, perhaps inside another element; `many` gathers all of them."""

    tag: int
    kind: Kind
    parent: int = 0
    many: bool = False


class Rest(NamedTuple):
    """Text without a length, up to the end or to a TLV container that ends there."""


Amount = Annotated[int | None, Bitmap(0x04)]
Currency = Annotated[int | None, Bitmap(0x49)]
Password = Annotated[str, At(Digits(3))]
ServiceByte = Annotated[int | None, Bitmap(0x03)]
ReceiptNo = Annotated[str | None, Bitmap(0x87)]
TerminalId = Annotated[str | None, Bitmap(0x29)]
ErrorText = Annotated[str | None, Tlv(0x1F17, Text())]


class Message(Struct, frozen=True, kw_only=True):
    """Any message. `msg_seq_id` detects losses where a terminal supports it."""

    code: ClassVar[bytes] = b""

    msg_seq_id: Annotated[int | None, Tlv(0x1F73, Binary(3))] = None


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
    """06 01: take a payment. `timeout` is how long the terminal waits for the answer to 04 0F, in seconds."""

    code = b"\x06\x01"

    amount: Amount = None
    currency: Currency = None
    payment_type: Annotated[int | None, Bitmap(0x19)] = None
    timeout: Annotated[int | None, Bitmap(0x01)] = None
    max_status_infos: Annotated[int | None, Bitmap(0x02)] = None
    mirrored_receipt_no: Annotated[int | None, Tlv(0x1F1F, Binary(2))] = None


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
    """04 0F: the result of a payment, a reversal or a repeat of either (`orig_trace`: what was reversed)."""

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


MESSAGES: dict[bytes, type[Message]] = {
    kind.code: kind
    for kind in Message.__subclasses__()
    if kind not in (Negative, Other)
}  # fmt: skip
CLASSES = {0x01, 0x04, 0x05, 0x06, 0x08, 0x0F, 0x80, 0x84}
"""First bytes of everything that ZVT says."""


# ---- bytes to messages and back


def decode(frame: bytes, charset: str = AUTO) -> Message:
    """The message in one whole APDU. ZvtError if it is not exactly one."""
    code, data = body(frame)
    if code[0] == 0x84:
        return _read(Negative, data, charset, reason=code[1])
    kind = MESSAGES.get(code)
    return Other(command=code) if kind is None else _read(kind, data, charset)


def encode(message: Message, charset: str = AUTO) -> bytes:
    """The APDU of a message; None is left out."""
    code = bytes([0x84, message.reason]) if isinstance(message, Negative) else type(message).code
    layout = _layout(type(message))
    data = bytearray()
    container: dict[int, bytes] = {}
    for name, place in layout.items():
        value = getattr(message, name)
        if value is None or value == ():
            continue
        match place:
            case At(kind):
                data += kind.wrap(kind.write(value, charset))
            case Rest():
                data += text_written(value, charset)
            case Bitmap(tag):
                data += bytes([tag]) + BITMAPS[tag].wrap(BITMAPS[tag].write(value, charset))
            case Tlv(tag, kind, parent, many):
                elements = [
                    tag_written(tag, kind.write(one, charset)) for one in (value if many else (value,))
                ]
                key = parent or tag
                container[key] = container.get(key, b"") + b"".join(elements)
    parents = {place.parent for place in layout.values() if isinstance(place, Tlv)}
    inner = b"".join(tag_written(key, part) if key in parents else part for key, part in container.items())
    if inner:
        data += b"\x06" + BITMAPS[0x06].wrap(inner)
    return framed(code, bytes(data))


def framed(code: bytes, data: bytes) -> bytes:
    """An APDU: two control bytes, a length of one byte or FF and two, low byte first, and the data."""
    if len(data) < 0xFF:
        return code + bytes([len(data)]) + data
    return code + b"\xff" + len(data).to_bytes(2, "little") + data


def body(frame: bytes) -> tuple[bytes, bytes]:
    """Control bytes and data of one APDU, whose length must be right."""
    start = size(frame)
    if start is None or start != len(frame):
        raise ZvtError("not the length that it says")
    return frame[:2], frame[5 if frame[2] == 0xFF else 3 :]


def size(data: bytes) -> int | None:
    """How long the APDU that begins here will be, None if that cannot be told yet. ZvtError if it is none."""
    if data and data[0] not in CLASSES:
        raise ZvtError(f"not ZVT: begins with {data[0]:02X}")
    if len(data) < 3 or (data[2] == 0xFF and len(data) < 5):
        return None
    return 5 + int.from_bytes(data[3:5], "little") if data[2] == 0xFF else 3 + data[2]


def bitmaps(data: bytes) -> Iterator[tuple[int, bytes]]:
    """Tag and bytes of each bitmap. ZvtError at an unknown one, of which nobody knows the length."""
    while data:
        tag, data = data[0], data[1:]
        if tag not in BITMAPS:
            raise ZvtError(f"unknown bitmap {tag:02X}")
        raw, data = BITMAPS[tag].cut(data)
        yield tag, raw


Place = At | Bitmap | Tlv | Rest


@cache
def _layout(kind: type[Message]) -> dict[str, Place]:
    hints = get_type_hints(kind, include_extras=True)
    places = {name: hint.__metadata__[0] for name, hint in hints.items() if hasattr(hint, "__metadata__")}
    return {name: places[name] for name in sorted(places, key=lambda name: name == "msg_seq_id")}


def _read(kind: type[Message], data: bytes, charset: str, **known: Any) -> Message:
    layout = _layout(kind)
    fields, rest = parted(kind, data, charset)
    found = list(bitmaps(rest))
    elements = [element for tag, raw in found if tag == 0x06 for element in tags(raw)]
    for name, place in layout.items():
        if isinstance(place, Bitmap):
            values = {raw for tag, raw in found if tag == place.tag}
            if len(values) > 1:
                raise ZvtError(f"two different {name}")
            for raw in values:
                fields[name] = BITMAPS[place.tag].read(raw, charset)
        elif isinstance(place, Tlv):
            inside = [e.value for e in elements if e.tag == place.tag and place.parent in (0, e.parent)]
            if place.many:
                fields[name] = tuple(place.kind.read(raw, charset) for raw in inside)
            elif inside:
                fields[name] = place.kind.read(inside[0], charset)
    return kind(**fields, **known)


def parted(kind: type[Message], data: bytes, charset: str = AUTO) -> tuple[dict[str, Any], bytes]:
    """The untagged fields in front, and the bitmaps after them as bytes that are known to be whole.

    Of the fields that may be left out, as few are read as will do: only so can the manual's forms be told
    apart.
    """
    layout = _layout(kind)
    places = {name: place for name, place in layout.items() if isinstance(place, At)}
    optional = [
        n for n, p in places.items() if p.left_out == "freely" or (p.left_out == "empty" and not data)
    ]
    error = ZvtError("cut short")
    for there in sorted(product((False, True), repeat=len(optional)), key=sum):
        left_out = {name for name, is_there in zip(optional, there, strict=True) if not is_there}
        fields, rest = {}, data
        try:
            for name, place in places.items():
                if name not in left_out:
                    raw, rest = place.kind.cut(rest)
                    fields[name] = place.kind.read(raw, charset)
            for name in (name for name, place in layout.items() if isinstance(place, Rest)):
                fields[name], rest = _text(rest, charset)
            list(bitmaps(rest))
        except ZvtError as wrong:
            error = wrong
        else:
            return fields, rest
    raise error


def _text(data: bytes, charset: str) -> tuple[str, bytes]:
    """A text up to the end, or up to a TLV container that ends there."""
    ends = (at for at in range(len(data)) if data[at] == 0x06 and _is_container(data[at + 1 :]))
    end = next(ends, len(data))
    return Text().read(data[:end], charset), data[end:]


def _is_container(data: bytes) -> bool:
    try:
        length, rest = ber_length(data)
        tags(rest)
    except ZvtError:
        return False
    return length == len(rest)
