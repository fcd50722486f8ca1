"""What may be written down of a stream of ZVT: card data and the password masked, every length kept."""

from drivers.terminals.cards import masked
from drivers.terminals.zvt.fields import BITMAPS, PLAIN_TAGS, SECRET, Padded, Var, ZvtError, ber_length
from drivers.terminals.zvt.layout import Message, body, parted, size
from drivers.terminals.zvt.messages import MESSAGES, Negative

MASK = 0xEE  # the nibble E masks a digit in ZVT itself


def redact(run: bytes) -> bytes:
    """As many bytes, with nothing of a card but its last four digits; what cannot be read is all masked."""
    safe = bytearray()
    while run:
        try:
            end = size(run)
        except ZvtError:
            end = None
        if end is None or end > len(run):
            return bytes(safe) + bytes([MASK]) * len(run)
        safe += _apdu(run[:end])
        run = run[end:]
    return bytes(safe)


def _apdu(frame: bytes) -> bytes:
    code, data = body(frame)
    head = frame[: len(frame) - len(data)]
    kind = Negative if code[0] == 0x84 else MESSAGES.get(code)
    try:
        return head + _message(kind, data) if kind else head + bytes([MASK]) * len(data)
    except ZvtError:
        return head + bytes([MASK]) * len(data)


def _message(kind: type[Message], data: bytes) -> bytes:
    fields, rest = parted(kind, data)
    front = data[: len(data) - len(rest)]
    safe = bytearray(bytes(3) + front[3:] if fields.get("password") is not None else _text(front))
    while rest:
        tag, (raw, after) = rest[0], BITMAPS[rest[0]].cut(rest[1:])
        safe += rest[: len(rest) - len(raw) - len(after)] + _bitmap(tag, raw)
        rest = after
    return bytes(safe)


def _bitmap(tag: int, raw: bytes) -> bytes:
    if tag == 0x06:
        return _container(raw)
    if tag == 0x22:
        return _card_number(raw)
    if tag in SECRET:
        return bytes([MASK]) * len(raw)
    return _text(raw) if isinstance(BITMAPS[tag], Var | Padded) else raw


def _card_number(raw: bytes) -> bytes:
    number = raw.hex()
    end = len(number.rstrip("f").partition("d")[0])
    return bytes.fromhex(
        "".join("e" if at < end - 4 or at >= end else digit for at, digit in enumerate(number))
    )


def _container(data: bytes) -> bytes:
    safe = bytearray()
    while data:
        width = 1
        if data[0] & 0x1F == 0x1F:
            while data[width] & 0x80:
                width += 1
            width += 1
        length, rest = ber_length(data[width:])
        value, after = rest[:length], rest[length:]
        tag = int.from_bytes(data[:width], "big")
        safe += data[: len(data) - len(rest)]
        if tag not in PLAIN_TAGS:
            safe += bytes([MASK]) * length
        else:
            safe += _container(value) if data[0] & 0x20 else _text(value)
        data = after
    return bytes(safe)


def _text(raw: bytes) -> bytes:
    return masked(raw.decode("latin-1")).encode("latin-1")
