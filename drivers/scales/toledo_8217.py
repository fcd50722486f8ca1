"""Toledo 8217, the scale language of Mettler, Datalogic Magellan, Ohaus, Rice Lake and many clones.

9600 7E1 by default. One letter asks, an answer is STX … CR (Diva service manual, pages 39-45):
STX `01.250` CR is kilograms with three decimals, STX `02.35` CR pounds with two, `N` after the digits is net;
STX `?` status CR says why there is no weight.
"""

import re
from decimal import Decimal
from typing import Annotated, Literal

from msgspec import Meta, Struct

from drivers.line import CLOCK, Clock, Line, SerialConfig
from drivers.scales.scale import Answer, BadFrame, Scale
from drivers.scales.settling import Settling
from drivers.worker import Emit, Worker
from kiosk.checkout.session import LiveWeight, Reading
from kiosk.units import Grams, half_up

# ---- config


class Config(
    SerialConfig, frozen=True, kw_only=True, forbid_unknown_fields=True, tag_field="model", tag="toledo8217"
):
    """`unit` is what the scale is set to; an answer in the other one is refused, for one byte lost makes
    pounds of kilograms. Pounds are rounded to whole grams. `net_bit` is False where bit 5 of the status is
    always set (Rice Lake BenchPro). `division` is grams, `rate` polls a second, `hold` seconds."""

    bytesize: Literal[7, 8] = 7
    parity: Literal["N", "E", "O"] = "E"
    unit: Literal["kg", "lb"] = "kg"
    net_bit: bool = True
    division: Annotated[int, Meta(ge=1, le=100)] = 5
    rate: Annotated[float, Meta(ge=1, le=20)] = 8.0
    hold: Annotated[float, Meta(ge=0.2, le=5)] = 0.5


# ---- decode

MOTION, OVER, UNDER, OUTSIDE, CENTRE, NET = 0x01, 0x02, 0x04, 0x08, 0x10, 0x20
DECIDING = 0x1F  # bit 6 is fixed, free or "bad command", bit 7 parity: neither decides anything
FLAGS = {
    MOTION: "motion",
    OVER: "over_capacity",
    UNDER: "under_zero",
    OUTSIDE: "outside_zero_capture",
    CENTRE: "center_of_zero",
    NET: "net",
}

ANSWER = re.compile(
    rb"\x02(?:\?(?P<status>[\x00-\x7f])|(?:(?P<kg>[ \d]\d\.\d{3})|(?P<lb>[ \d]{1,2}\d\.\d\d))(?P<net>N?))\r"
)


class Weight(Struct, frozen=True):
    """A weight that may be used, exact, as the scale said it."""

    value: Decimal
    unit: Literal["kg", "lb"]
    net: bool

    @property
    def grams(self) -> Grams:
        """A pound is 453.59237 g; halves are rounded up."""
        if self.unit == "kg":
            return Grams(int(self.value.scaleb(3)))
        return Grams(half_up(int(self.value.scaleb(2)) * 45_359_237, 10_000_000))


class Status(Struct, frozen=True):
    """No weight, and why not."""

    bits: int

    def flags(self, net_bit: bool) -> frozenset[str]:
        known = DECIDING | (NET if net_bit else 0)
        return frozenset(name for bit, name in FLAGS.items() if bit & known & self.bits)


class Echo(Struct, frozen=True):
    """The scale has gone into echo mode, the usual probe, and repeats this."""

    text: str


Frame = Weight | Status | Echo


def decode(received: bytes) -> Frame:
    """The last complete answer in what came after a request. Raises BadFrame.

    Bit 7 is parity where a 7E1 line is read as 8N1: it is checked for weights and stripped.
    """
    stripped = bytes(byte & 0x7F for byte in received)
    if stripped.startswith(b"\x02E\r"):
        return Echo(stripped[3:].decode("ascii"))
    answers = list(ANSWER.finditer(stripped))
    if not answers:
        raise BadFrame("no complete answer")
    found = answers[-1]
    if found["status"] is not None:
        return Status(found["status"][0])
    _check_parity(received[found.start() : found.end()])
    unit: Literal["kg", "lb"] = "kg" if found["kg"] else "lb"
    digits = found["kg"] or found["lb"]
    return Weight(Decimal(digits.decode("ascii").strip()), unit, bool(found["net"]))


def _check_parity(frame: bytes) -> None:
    if max(frame) > 0x7F and len({byte.bit_count() & 1 for byte in frame}) != 1:
        raise BadFrame("parity")


def redact(run: bytes) -> bytes:
    """A weight is nobody's secret: tapes keep it as it came."""
    return run


# ---- encode

WEIGH = b"W"
ZERO = b"Z"

# ---- run


class Toledo8217:
    """The codec as the driver wants it."""

    def __init__(self, config: Config) -> None:
        self._config = config

    def ask(self) -> bytes:
        return WEIGH

    def zero(self) -> bytes:
        return ZERO

    def read(self, received: bytes) -> Answer:
        frame = decode(received)
        if isinstance(frame, Echo):
            raise BadFrame("echo")
        if isinstance(frame, Status):
            return self._why_not(frame)
        if frame.unit != self._config.unit:
            raise BadFrame(f"the scale speaks {frame.unit}")
        return Answer(LiveWeight(Reading.WEIGHT if frame.grams else Reading.ZERO, frame.grams))

    def _why_not(self, status: Status) -> Answer:
        if status.bits & OVER:
            return Answer(LiveWeight(Reading.OVERLOADED))
        if status.bits & MOTION:
            return Answer(LiveWeight(Reading.MOVING))
        if status.bits & UNDER:
            return Answer(LiveWeight(Reading.BELOW_ZERO))
        flags = " ".join(sorted(status.flags(self._config.net_bit)))
        return Answer(LiveWeight(Reading.STALE), f"no weight: {flags or 'no reason given'}")


def worker(name: str, config: Config, emit: Emit, clock: Clock = CLOCK) -> Worker[Line]:
    """The produce or the bag scale in a thread of its own, not yet started."""
    settling = Settling(config.division, config.hold) if name == "bag" else None
    driver = Scale(name, Toledo8217(config), config.rate, settling)
    return Worker(name, lambda: config.open(redact, clock), driver, emit, clock)
