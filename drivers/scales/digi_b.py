"""DIGI type B, standard command (DS-781): ENQ asks, 37 bytes answer; 9600 8N1 (PyPI pydigi 1.1.0).

Two bytes of flags CR, `0` net weight CR, `4` tare CR, `U` unit price CR, `T` price CR LF. Bit 6 of both flags is always
set. The first: 0 one more byte of parity follows, 1 net, 2 price overflow, 3-4 what the unit price is for. The second:
0 zero, 1 stable, 2 negative net, 3 over, 4 under. `OF` and `UF` stand where there is no weight.
"""

import re
from decimal import Decimal
from functools import lru_cache

from drivers.scales.config import DigiB as Config
from drivers.scales.frames import BadFrame, Frame, Status, Weight, newest, number
from drivers.scales.scale import Answer, Talk, answer

# ---- decode

ENQ = b"\x05"
ASKS = {ENQ: "weight"}
PARITY_FOLLOWS, NET, PRICE_OVERFLOW = 0x01, 0x02, 0x04
ZERO, STABLE, NEGATIVE, OVER, UNDER = 0x01, 0x02, 0x04, 0x08, 0x10
PER = (("kg", Decimal(1)), ("kg", Decimal("0.1")), ("lb", Decimal(1)), ("lb", Decimal("0.25")))

ANSWER = re.compile(
    rb"(?P<status>[@-\x7f])(?P<condition>[@-\x7f])\r0(?P<net>[ \d.\-OUF]{6})\r4(?P<tare>[ \d.]{6})\r"
    rb"U(?P<unit_price>[ \d.]{6})\rT(?P<price>[ \d.]{7})\r\n(?P<parity>(?![@-\x7f]{2}\r0).)?",
    re.S,
)


@lru_cache(maxsize=8)
def decode(received: bytes) -> Frame:
    """The last complete answer in what came after a request. Raises BadFrame."""
    found = newest(ANSWER, received)
    status, condition = found["status"][0], found["condition"][0]
    if bool(status & PARITY_FOLLOWS) != bool(found["parity"]):
        raise BadFrame("a byte of parity follows where none is announced, or none where one is")
    field = found["net"].strip()
    if field == b"OF" or condition & OVER:
        return Status(frozenset({"over_capacity"}))
    if field == b"UF" or condition & UNDER:
        return Status(frozenset({"under_zero"}))
    return weight_of(found, status, condition)


def weight_of(found: re.Match[bytes], status: int, condition: int) -> Weight:
    """Blank prices are none; a price that overflowed is none either."""
    value = number(found["net"])
    unit, per = PER[status >> 3 & 3]
    price = None if status & PRICE_OVERFLOW else optional(found["price"])
    return Weight(
        value=-abs(value) if condition & NEGATIVE else value,
        unit=unit,
        stable=bool(condition & STABLE),
        net=bool(status & NET),
        zero=bool(condition & ZERO),
        tare=optional(found["tare"]),
        unit_price=optional(found["unit_price"]),
        price=price,
        per=per,
    )


def optional(field: bytes) -> Decimal | None:
    return number(field) if field.strip() else None


def redact(run: bytes) -> bytes:
    """A weight is nobody's secret: tapes keep it as it came."""
    return run


# ---- run


class DigiB:
    """The codec as the driver wants it. The language has no zero."""

    def __init__(self, config: Config) -> None:
        pass

    def weigh(self, talk: Talk) -> Answer:
        return talk.ask(ENQ, self.read)

    def zero(self, talk: Talk) -> None:
        pass

    def read(self, received: bytes) -> Answer:
        return answer(decode(received))


codec = DigiB
