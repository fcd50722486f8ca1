"""CAS DC1, the dialogue of CAS AP-1 and PD-II (type 6), Samsung ER tills and Ohaus Aviator (type CAS).

ENQ, the scale says ACK (or NAK: not ready, ask again), DC1 asks for the weight. The answer has fifteen bytes:
SOH STX, S or U (stable for 500 ms or not), sign, six digits, two letters of unit, check byte, ETX EOT. The check byte
is the exclusive or of what is between STX and itself, and may itself look like STX, ETX or EOT (CAS PD-II manual,
page 23; AP-1 transmission protocol). Overload is F in sign and digits.
"""

import re
from functools import lru_cache, reduce
from operator import xor

from drivers.scales.config import CasDc1 as Config
from drivers.scales.frames import BadFrame, Frame, Status, Weight, Word, newest, number, stripped
from drivers.scales.scale import STALE, Answer, Talk, answer

# ---- decode

ENQ, ACK, DC1, NAK = b"\x05", b"\x06", b"\x11", b"\x15"
ASKS = {ENQ: "attention", DC1: "weight", b"\x12": "price, weight and unit price"}
TRIES = 3

ANSWER = re.compile(
    rb"\x01\x02(?P<checked>(?P<state>[SU])(?P<sign>[ \-F])(?P<digits>[ \d.]{6}|F{6})(?P<unit>kg|lb|oz| g|g ))"
    rb"(?P<check>.)\x03\x04",
    re.S,
)


@lru_cache(maxsize=8)
def decode(received: bytes) -> Frame:
    """The last complete answer in what came after a request. Raises BadFrame."""
    seven = stripped(received)
    if seven in (ACK, NAK):
        return Word("ack" if seven == ACK else "busy")
    found = newest(ANSWER, seven)
    if reduce(xor, found["checked"]) != found["check"][0]:
        raise BadFrame(f"check byte {found['check'].hex()}")
    if (found["sign"] == b"F") != (found["digits"] == b"FFFFFF"):
        raise BadFrame(f"half an overload: {found['checked']!r}")
    if found["sign"] == b"F":
        return Status(frozenset({"over_capacity"}))
    return Weight(
        value=number(found["sign"] + found["digits"]),
        unit=found["unit"].decode().strip(),
        stable=found["state"] == b"S",
    )


def redact(run: bytes) -> bytes:
    """A weight is nobody's secret: tapes keep it as it came."""
    return run


# ---- run


class CasDc1:
    """The codec as the driver wants it. The language has no zero."""

    def __init__(self, config: Config) -> None:
        pass

    def weigh(self, talk: Talk) -> Answer:
        for _ in range(TRIES):
            word = talk.ask(ENQ, decode)
            if word == Word("ack"):
                return talk.ask(DC1, self.read)
            if word != Word("busy"):
                raise BadFrame(f"to an ENQ: {word}")
        return Answer(STALE)

    def zero(self, talk: Talk) -> None:
        pass

    def read(self, received: bytes) -> Answer:
        return answer(decode(received))


codec = CasDc1
