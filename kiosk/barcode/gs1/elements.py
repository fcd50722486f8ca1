"""Element strings: application identifiers and their values, as scanners send them and as people write them."""

from typing import NamedTuple

from kiosk.barcode.digits import BarcodeError, Reason
from kiosk.barcode.gs1.lint import CHARSETS, LINTERS
from kiosk.barcode.gs1.lookup import BY_CODE, at

GS = "\x1d"
"""How scanners send the separator FNC1."""
LONGEST = 8192
"""Characters; no symbol holds more."""
NO_HOUR = "9999"
"""Stands in 4324 and 4325 where only the day is meant."""


class Element(NamedTuple):
    ai: str
    value: str


def parse(text: str, separators: str = GS) -> tuple[Element, ...]:
    """The elements of a text without symbology identifier and leading FNC1. Raises BarcodeError.

    Separators that need not be there are passed over.
    """
    if len(text) > LONGEST:
        raise BarcodeError(Reason.LENGTH)
    found: list[Element] = []
    place = _skip(text, 0, separators)
    while place < len(text):
        code = at(text, place)
        place += len(code)
        ends = (text.find(separator, place) for separator in separators)
        end = min((end for end in ends if end >= 0), default=len(text))
        size = checked(code, text[place:end])
        if not BY_CODE[code].fixed and place + size < end:
            raise BarcodeError(Reason.LENGTH)
        found.append(Element(code, text[place : place + size]))
        place = _skip(text, place + size, separators)
    if not found:
        raise BarcodeError(Reason.EMPTY)
    return tuple(found)


def _skip(text: str, place: int, separators: str) -> int:
    while place < len(text) and text[place] in separators:
        place += 1
    return place


def parse_bracketed(text: str) -> tuple[Element, ...]:
    r"""The elements of "(01)09501101530003(10)AB\(1)"; a bracket that opens inside a value has a \ before it."""
    if len(text) > LONGEST:
        raise BarcodeError(Reason.LENGTH)
    found: list[Element] = []
    rest = text
    while rest:
        code, closed, rest = rest[1:].partition(")") if rest[0] == "(" else ("", "", "")
        if not closed:
            raise BarcodeError(Reason.BRACKETS)
        value, rest = _value(rest)
        found.append(element(code, value))
    if not found:
        raise BarcodeError(Reason.EMPTY)
    return tuple(found)


def _value(text: str) -> tuple[str, str]:
    """A value up to the next bracket that opens, and what follows from there."""
    pieces = []
    while True:
        piece, opened, rest = text.partition("(")
        if opened and piece.endswith("\\"):
            pieces.append(piece[:-1] + "(")
            text = rest
        else:
            return "".join(pieces) + piece, opened + rest


def element(code: str, value: str) -> Element:
    """One element of an identifier and the whole of its value."""
    if code not in BY_CODE:
        raise BarcodeError(Reason.UNKNOWN_AI)
    if checked(code, value) < len(value):
        raise BarcodeError(Reason.LENGTH)
    return Element(code, value)


def checked(code: str, text: str) -> int:
    """How many characters of `text` are the value of `code`, part by part and each by its rules."""
    if not text:
        raise BarcodeError(Reason.EMPTY)
    place = 0
    for part in BY_CODE[code].parts:
        piece = text[place : place + part.most]
        if part.optional and not piece:
            continue
        if len(piece) < part.least:
            raise BarcodeError(Reason.LENGTH)
        if not CHARSETS[part.charset](piece):
            raise BarcodeError(Reason.CHARACTER)
        for name in part.linters:
            holds, reason = LINTERS[name]
            if not holds(piece) and not _waived(code, name, piece):
                raise BarcodeError(reason)
        place += len(piece)
    return place


def _waived(code: str, rule: str, piece: str) -> bool:
    """The rules that a value may break: an hour left open, and the check digit of a returnable asset (GRAI).

    That one is wrong on published samples, and a till sells nothing by it.
    """
    return (code in ("4324", "4325") and piece == NO_HOUR) or (code == "8003" and rule == "csum")


def raw(elements: tuple[Element, ...]) -> str:
    """The elements as a scanner sends them: a separator only where it must be."""
    ends = ["" if BY_CODE[each.ai].fixed else GS for each in elements[:-1]] + [""]
    return "".join(f"{each.ai}{each.value}{end}" for each, end in zip(elements, ends, strict=True))
