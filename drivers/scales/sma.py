"""SMA SCP-0499, level 1: the language that the Scale Manufacturers Association wrote down for all of its members.

LF letter CR asks; LF status range kind motion reserved weight unit CR answers, the weight in ten characters, the unit
in three (SCP-0499, section 5.1). What is over, under or in error is shown, and is no weight.
"""

import re
from functools import lru_cache

from drivers.scales.config import Sma as Config
from drivers.scales.frames import Frame, Status, Tare, Weight, newest, number, stripped
from drivers.scales.scale import Answer, Talk, answer

# ---- decode

NO_WEIGHT = {
    b"O": "over_capacity",
    b"U": "under_zero",
    b"E": "zero_error",
    b"I": "zero_error",
    b"T": "tare_error",
}
ASKS = {
    b"\nW\r": "weight",
    b"\nH\r": "weight, ten-fold",
    b"\nZ\r": "zero",
    b"\nT\r": "tare",
    b"\nM\r": "tare weight",
}

ANSWER = re.compile(
    rb"\n(?P<status>[ ZOUEIT])(?P<range>[ 1-9])(?P<kind>[GNT])(?P<motion>[ M])."
    rb"(?P<weight>[ \d.\-]{10})(?P<unit>[ _a-z]{3})\r"
)


@lru_cache(maxsize=8)
def decode(received: bytes) -> Frame:
    """The last complete answer in what came after a request. Raises BadFrame."""
    found = newest(ANSWER, stripped(received))
    if found["status"] in NO_WEIGHT:
        return Status(frozenset({NO_WEIGHT[found["status"]]}))
    value, unit = number(found["weight"]), found["unit"].decode().strip(" _")
    if found["kind"] == b"T":
        return Tare(value, unit)
    return Weight(
        value=value,
        unit=unit,
        stable=found["motion"] == b" ",
        net=found["kind"] == b"N",
        zero=found["status"] == b"Z",
    )


def redact(run: bytes) -> bytes:
    """A weight is nobody's secret: tapes keep it as it came."""
    return run


# ---- run


class Sma:
    """The codec as the driver wants it."""

    def __init__(self, config: Config) -> None:
        pass

    def weigh(self, talk: Talk) -> Answer:
        return talk.ask(b"\nW\r", self.read)

    def zero(self, talk: Talk) -> None:
        talk.ask(b"\nZ\r", self.read)

    def read(self, received: bytes) -> Answer:
        return answer(decode(received))


codec = Sma
