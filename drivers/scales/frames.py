"""What any scale can say, whatever its wire language: exact, in the unit and the digits in which it said it."""

import re
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from msgspec import Struct

from kiosk.units import Grams

GRAMS = {
    "kg": Decimal(1000),
    "g": Decimal(1),
    "lb": Decimal("453.59237"),
    "oz": Decimal("28.349523125"),
}
"""Of one unit, exact. The other units of the world are read and shown, but never weighed with."""

NUMBER = re.compile(rb" *(-?) *(\d+(?:\.\d+)?) *")


class BadFrame(ValueError):  # noqa: N818
    """These bytes are no complete and valid answer. The only error that a scale's codec raises."""


class Silence(BadFrame):
    """Not one byte came."""


class Weight(Struct, frozen=True, kw_only=True):
    """What lies on the plate, below zero too; `stable` False while it moves. Prices as the scale counted them.

    `per` is how much of `unit` the unit price is for.
    """

    value: Decimal
    unit: str
    stable: bool = True
    net: bool = False
    zero: bool = False
    tare: Decimal | None = None
    unit_price: Decimal | None = None
    price: Decimal | None = None
    per: Decimal = Decimal(1)

    @property
    def grams(self) -> Grams:
        """Halves are rounded up. Raises BadFrame for a unit that no checkout weighs in."""
        if self.unit not in GRAMS:
            raise BadFrame(f"the scale speaks {self.unit}")
        return Grams(int((self.value * GRAMS[self.unit]).quantize(Decimal(1), ROUND_HALF_UP)))

    @property
    def price_mismatch(self) -> bool:
        """Whether the scale's price is not its weight times its unit price, rounded half up."""
        if self.price is None or self.unit_price is None:
            return False
        return (self.value * self.unit_price / self.per).quantize(self.price, ROUND_HALF_UP) != self.price


class Tare(Struct, frozen=True):
    """What is taken off."""

    value: Decimal
    unit: str


class Status(Struct, frozen=True):
    """No weight, and why not, in our own names for the makers' bits. `code` is the scale's number for it."""

    flags: frozenset[str]
    code: str = ""


class Word(Struct, frozen=True):
    """ack, nak, busy, probe_ok or unchanged. `text` is what a probe repeats."""

    kind: str
    text: str = ""


class Challenge(Struct, frozen=True):
    """The scale wants to know whether it may trust this software."""

    random: str


class Verdict(Struct, frozen=True):
    """What the scale thinks of our answer to its challenge."""

    accepted: bool


Frame = Weight | Tare | Status | Word | Challenge | Verdict


def newest(answer: re.Pattern[bytes], received: bytes) -> re.Match[bytes]:
    """The last of the answers in what came. Raises BadFrame if there is none, or a newer one that is not whole."""
    found = None
    for found in answer.finditer(received):  # noqa: B007
        pass
    if found is None:
        raise BadFrame("no complete answer")
    if rest := received[found.end() :].strip(b"\r\n"):
        raise BadFrame(f"no complete answer: {rest!r}")
    return found


def number(field: bytes) -> Decimal:
    """The one decimal in a field padded by blanks. Raises BadFrame."""
    found = NUMBER.fullmatch(field)
    if not found:
        raise BadFrame(f"no number: {field!r}")
    return Decimal((found[1] + found[2]).decode("ascii"))


def stripped(received: bytes) -> bytes:
    """Without bit 7, which is parity where a line of seven bits is read with eight."""
    return bytes(byte & 0x7F for byte in received)


def told(frame: Frame) -> dict[str, Any]:
    """A frame in words, for technicians and tests."""
    match frame:
        case Weight():
            fields = {name: getattr(frame, name) for name in ("value", "unit", "stable", "net", "zero")}
            priced = {name: getattr(frame, name) for name in ("tare", "unit_price", "price")}
            fields |= {name: value for name, value in priced.items() if value is not None}
            fields |= {"price_mismatch": frame.price_mismatch} if frame.price is not None else {}
            return {"kind": "weight"} | fields
        case Tare():
            return {"kind": "tare", "value": frame.value, "unit": frame.unit}
        case Status():
            said = {"kind": "status", "flags": sorted(frame.flags), "value": None}
            retry = not frame.flags.isdisjoint({"motion", "not_finished"})
            return said | ({"code": frame.code, "retry_enq": retry} if frame.code else {})
        case Word():
            return {"kind": frame.kind} | ({"text": frame.text} if frame.text else {})
        case Challenge():
            return {"kind": "checksum_request", "random": frame.random}
        case Verdict():
            return {"kind": "checksum_result", "accepted": frame.accepted}
