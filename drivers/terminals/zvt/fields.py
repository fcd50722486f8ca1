"""The kinds of field that ZVT messages are made of, and the table of its bitmaps (PA00P015 rev 13.08)."""

import re
from typing import Any, NamedTuple

from drivers.terminals.cards import masked


class ZvtError(Exception):
    """These bytes are not a ZVT message, or not a whole one. The only error that the codec raises."""


AUTO = "auto"
LATIN1 = re.compile(rb"[A-Za-z][\xc4\xd6\xdc\xdf\xe4\xf6\xfc]|[\xc4\xd6\xdc\xe4\xf6\xfc][A-Za-z]")
CP437 = re.compile(rb"[\x80-\x9f]")


def text_of(raw: bytes, charset: str) -> str:
    """Text in the terminal's character set, with what may be a card number masked.

    The manual says CP437, and some terminals send ISO 8859-1. "auto" takes the latter where one of its German
    letters touches a letter and nothing is there that it has no sign for.
    """
    if charset == AUTO:
        charset = "latin-1" if LATIN1.search(raw) and not CP437.search(raw) else "cp437"
    return masked(raw.decode(charset, "replace"))


def text_written(text: str, charset: str) -> bytes:
    return text.encode("cp437" if charset == AUTO else charset, "replace")


class Kind:
    """How one field is written. `cut` finds where it ends, `read` and `write` change bytes into a value."""

    def cut(self, data: bytes) -> tuple[bytes, bytes]:
        """The field's own bytes without their length, and what follows."""
        raise NotImplementedError

    def wrap(self, raw: bytes) -> bytes:
        """The field's bytes with their length, if it has one."""
        return raw

    def read(self, raw: bytes, charset: str) -> Any:
        return raw

    def write(self, value: Any, charset: str) -> bytes:
        return bytes(value)


def _take(data: bytes, size: int) -> tuple[bytes, bytes]:
    if len(data) < size:
        raise ZvtError("cut short")
    return data[:size], data[size:]


class Fixed(Kind):
    """So many bytes, as they are."""

    def __init__(self, size: int) -> None:
        self.size = size

    def cut(self, data: bytes) -> tuple[bytes, bytes]:
        return _take(data, self.size)


class Byte(Fixed):
    """One byte as an int."""

    def __init__(self) -> None:
        super().__init__(1)

    def read(self, raw: bytes, charset: str) -> int:
        return raw[0]

    def write(self, value: int, charset: str) -> bytes:
        return bytes([value])


class Digits(Fixed):
    """Packed BCD as the digits themselves, two a byte: "0470"."""

    def read(self, raw: bytes, charset: str) -> str:
        digits = raw.hex()
        if not digits.isdecimal():
            raise ZvtError("no decimal digits where there must be")
        return digits

    def write(self, value: str, charset: str) -> bytes:
        return bytes.fromhex(value.rjust(2 * self.size, "0"))


class Receipt(Digits):
    """A receipt number of four digits; FFFF says that there is none."""

    def read(self, raw: bytes, charset: str) -> str:
        return "" if raw == b"\xff\xff" else super().read(raw, charset)


class Number(Digits):
    """Packed BCD as a number: an amount in minor units, a currency's ISO 4217 number."""

    def read(self, raw: bytes, charset: str) -> int:  # type: ignore[override]
        return int(super().read(raw, charset))

    def write(self, value: int, charset: str) -> bytes:  # type: ignore[override]
        return super().write(str(value), charset)


class Text(Kind):
    """Text in the terminal's character set, card numbers masked; its length stands elsewhere."""

    def read(self, raw: bytes, charset: str) -> str:
        return text_of(raw, charset)

    def write(self, value: str, charset: str) -> bytes:
        return text_written(value, charset)


class Padded(Text):
    """Text of so many bytes, filled up with blanks or zeros."""

    def __init__(self, size: int) -> None:
        self.size = size

    def cut(self, data: bytes) -> tuple[bytes, bytes]:
        return _take(data, self.size)

    def read(self, raw: bytes, charset: str) -> str:
        return super().read(raw, charset).strip(" \0")

    def write(self, value: str, charset: str) -> bytes:
        return super().write(value, charset).ljust(self.size)


class Var(Kind):
    """Bytes after their length as F-digits: LLVAR `Fx Fy`, LLLVAR `Fx Fy Fz`."""

    def __init__(self, digits: int) -> None:
        self.digits = digits

    def cut(self, data: bytes) -> tuple[bytes, bytes]:
        prefix, rest = _take(data, self.digits)
        size = 0
        for byte in prefix:
            if not 0xF0 <= byte <= 0xF9:
                raise ZvtError("a length that is no LLVAR")
            size = 10 * size + byte - 0xF0
        return _take(rest, size)

    def wrap(self, raw: bytes) -> bytes:
        size = f"{len(raw):0{self.digits}}"
        if len(size) > self.digits:
            raise ZvtError("too long for its length field")
        return bytes(0xF0 + int(digit) for digit in size) + raw


class VarText(Var):
    """Text in an LLVAR or LLLVAR, without trailing zeros, card numbers masked."""

    def read(self, raw: bytes, charset: str) -> str:
        return text_of(raw, charset).rstrip("\0")

    def write(self, value: str, charset: str) -> bytes:
        return text_written(value, charset)


class Last4(Var):
    """A card number, of which only the last four digits are read. Nibble E masks, F pads, D ends it."""

    def read(self, raw: bytes, charset: str) -> str:
        number = raw.hex().rstrip("f").partition("d")[0]
        return number[-4:] if len(number) > 4 and number[-4:].isdecimal() else ""

    def write(self, value: str, charset: str) -> bytes:
        return bytes.fromhex("ee" * 6 + value)


class Binary(Kind):
    """A whole number, high byte first, in as many bytes as there are; `size` when written."""

    def __init__(self, size: int) -> None:
        self.size = size

    def read(self, raw: bytes, charset: str) -> int:
        return int.from_bytes(raw, "big")

    def write(self, value: int, charset: str) -> bytes:
        return value.to_bytes(self.size, "big")


class Mirror(Binary):
    """A receipt number as a whole number, or 0 for none, which has no bytes at all."""

    def write(self, value: int, charset: str) -> bytes:
        return super().write(value, charset) if value else b""


class CardTotal(NamedTuple):
    """How many transactions a day has of one kind of card, and what they come to in minor units."""

    number: int
    amount: int


class DayTotals(NamedTuple):
    """BMP 60 of an end of day: first and last receipt number, and a total per kind of card in the manual's order."""

    first: str
    last: str
    cards: tuple[CardTotal, ...]

    @property
    def amount(self) -> int:
        """What the day comes to, payments less reversals, in minor units."""
        return sum(card.amount for card in self.cards)


CARDS = ("girocard", "jcb", "mastercard", "amex", "visa", "diners", "other")


class Totals(Var):
    """Two receipt numbers (2 bytes BCD each), then per kind of card a number (1 byte) and an amount (6 bytes BCD)."""

    def __init__(self) -> None:
        super().__init__(3)

    def read(self, raw: bytes, charset: str) -> DayTotals:
        if len(raw) < 4 or (len(raw) - 4) % 7:
            raise ZvtError("totals of another length than the manual's")
        cards = (raw[at : at + 7] for at in range(4, len(raw), 7))
        totals = tuple(CardTotal(card[0], Number(6).read(card[1:], charset)) for card in cards)
        return DayTotals(Receipt(2).read(raw[:2], charset), Receipt(2).read(raw[2:4], charset), totals)

    def write(self, value: DayTotals, charset: str) -> bytes:
        cards = (bytes([card.number]) + Number(6).write(card.amount, charset) for card in value.cards)
        ends = Receipt(2).write(value.first, charset) + Receipt(2).write(value.last, charset)
        return ends + b"".join(cards)


class Container(Kind):
    """The TLV container of bitmap 06, after its BER length."""

    def cut(self, data: bytes) -> tuple[bytes, bytes]:
        size, rest = ber_length(data)
        return _take(rest, size)

    def wrap(self, raw: bytes) -> bytes:
        return ber_written(len(raw)) + raw


def ber_length(data: bytes) -> tuple[int, bytes]:
    """A BER length of up to two bytes, high byte first, and what follows it."""
    first, rest = _take(data, 1)
    if first[0] < 0x80:
        return first[0], rest
    if first[0] not in (0x81, 0x82):
        raise ZvtError("a length that is no BER length")
    size, rest = _take(rest, first[0] & 0x0F)
    return int.from_bytes(size, "big"), rest


def ber_written(size: int) -> bytes:
    if size < 0x80:
        return bytes([size])
    return bytes([0x81, size]) if size <= 0xFF else b"\x82" + size.to_bytes(2, "big")


class Tag(NamedTuple):
    """One element of a TLV container, with the tag of the element that it is in (0: none)."""

    parent: int
    tag: int
    value: bytes


def tags(data: bytes, parent: int = 0) -> list[Tag]:
    """All elements of a container, depth first, in their order. ZvtError where one is cut short."""
    found = []
    while data:
        size = 1
        if data[0] & 0x1F == 0x1F:
            while size < len(data) and data[size] & 0x80:
                size += 1
            size += 1
        raw, data = _take(data, size)
        tag = int.from_bytes(raw, "big")
        length, data = ber_length(data)
        value, data = _take(data, length)
        found.append(Tag(parent, tag, value))
        if raw[0] & 0x20:
            found += tags(value, tag)
    return found


def tag_written(tag: int, value: bytes) -> bytes:
    return tag.to_bytes((tag.bit_length() + 7) // 8, "big") + ber_written(len(value)) + value


SECRET = {0x0E, 0x22, 0x23, 0x24, 0x2D, 0x2E, 0x3A, 0x3D, 0x9A, 0xA7, 0xAF, 0xD1}
"""Bitmaps that carry a card's number, expiry, tracks, chip, CVV or PIN data, or the terminal's password."""

PLAIN_TAGS = {
    0x07, 0x09, 0x0A, 0x10, 0x12, 0x14, 0x15, 0x1A, 0x1B, 0x24, 0x25, 0x26, 0x27, 0x28, 0x2F, 0x34, 0x40,
    0x41, 0x43, 0x44, 0x46, 0x47, 0x60, 0xE4, 0x1F01, 0x1F04, 0x1F05, 0x1F07, 0x1F10, 0x1F11, 0x1F12, 0x1F16,
    0x1F17, 0x1F1F, 0x1F2B, 0x1F37, 0x1F40, 0x1F41, 0x1F42, 0x1F43, 0x1F44, 0x1F73,
}  # fmt: skip
"""TLV tags that carry nothing of a card but its application; what stands in any other is masked on tapes."""

BITMAPS: dict[int, Kind] = {
    0x01: Byte(),  # time-out in seconds
    0x02: Byte(),  # maximum of status informations
    0x03: Byte(),  # service byte
    0x04: Number(6),  # amount
    0x05: Byte(),  # pump
    0x06: Container(),
    0x0B: Digits(3),  # trace number
    0x0C: Digits(3),  # time HHMMSS
    0x0D: Digits(2),  # date MMDD
    0x0E: Fixed(2),  # expiry YYMM
    0x17: Digits(2),  # card sequence number
    0x19: Byte(),  # status, payment type or card type, depending on the message
    0x22: Last4(2),  # card number
    0x23: Var(2),  # track 2
    0x24: Var(3),  # track 3
    0x27: Byte(),  # result code
    0x29: Digits(4),  # terminal id
    0x2A: Padded(15),  # VU number
    0x2D: Var(2),  # track 1
    0x2E: Var(3),  # chip data
    0x37: Digits(3),  # trace number of what was reversed
    0x3A: Fixed(2),  # CVV
    0x3B: Padded(8),  # authorisation attribute
    0x3C: VarText(3),  # additional text
    0x3D: Fixed(3),  # password
    0x49: Number(2),  # currency
    0x60: Totals(),
    0x70: Fixed(4),
    0x71: Fixed(4),
    0x72: Byte(),
    0x73: Byte(),
    0x74: Byte(),
    0x75: Byte(),
    0x87: Receipt(2),  # receipt number
    0x88: Digits(3),  # turnover number
    0x8A: Byte(),  # card type
    0x8B: VarText(2),  # card name
    0x8C: Byte(),  # card type of the network operator
    0x92: Var(3),
    0x9A: Var(3),
    0xA0: Byte(),  # result code of the authorisation system
    0xA7: Var(2),
    0xAA: Digits(3),  # date YYMMDD
    0xAF: Var(3),
    0xBA: Fixed(5),
    0xD0: Byte(),
    0xD1: Var(2),
    0xD2: Byte(),
    0xD3: Byte(),
}
