"""Toledo 8217, the scale language of Mettler, Datalogic Magellan, Ohaus, Rice Lake and many clones.

9600 7E1 by default. One letter asks, an answer is STX … CR (Diva service manual, pages 39-45):
STX `01.250` CR is kilograms with three decimals, STX `02.35` CR pounds with two, `N` after the digits is net;
STX `?` status CR says why there is no weight.
"""

import re
from functools import lru_cache

from msgspec import Struct

from drivers.scales.config import Toledo8217 as Config
from drivers.scales.frames import BadFrame, Frame, Status, Weight, Word, newest, number, stripped
from drivers.scales.scale import STALE, Answer, Talk, answer
from kiosk.checkout.session import Reading

# ---- profiles


class Profile(Struct, frozen=True):
    """What differs between makers: the bits of a status that mean something, and how many digits pounds have before
    the point (0: two or three)."""

    bits: int = 0x3F
    pounds: int = 0


STANDARD = Profile()
PROFILES = {
    "standard": STANDARD,
    "diva": Profile(pounds=2),  # bit 6 is always set
    "benchpro": Profile(bits=0x1F, pounds=2),  # bits 5 and 6 are always set
    "emupos": Profile(bits=0x7F, pounds=2),  # bit 6 is "bad command"
    "8213": Profile(pounds=3),
}

# ---- decode

FLAGS = {
    0x01: "motion",
    0x02: "over_capacity",
    0x04: "under_zero",
    0x08: "outside_zero_capture",
    0x10: "center_of_zero",
    0x20: "net",
    0x40: "bad_command",
}
ASKS = {b"W": "weight", b"Z": "zero", b"H": "weight, ten-fold", b"C": "clear tare", b"T": "tare"}

STATUS = rb"\?(?P<status>[\x00-\x7f])"
USUAL = re.compile(rb"\x02(?:%b|(?:(?P<kg>[ \d]\d\.\d{3})|(?P<lb>[ \d]{1,2}\d\.\d\d))(?P<net>N?))\r" % STATUS)
TENFOLD = re.compile(
    rb"\x02(?:%b|(?:(?P<kg>[ \d]\d\.\d{4})|(?P<lb>[ \d]{1,2}\d\.\d{3}))(?P<net>N?))\r" % STATUS
)


@lru_cache(maxsize=8)
def decode(received: bytes, profile: Profile = STANDARD, *, tenfold: bool = False) -> Frame:
    """The last complete answer in what came after a request; `tenfold` after an H. Raises BadFrame.

    Bit 7 is parity where a 7E1 line is read as 8N1: it is checked for weights and stripped.
    """
    seven = stripped(received)
    if seven.startswith(b"\x02E\r"):
        return Word("probe_ok", seven[3:].decode("ascii"))
    found = newest(TENFOLD if tenfold else USUAL, seven)
    if found["status"] is not None:
        return status_of(found["status"][0], profile)
    _check_parity(received[found.start() : found.end()])
    digits = found["kg"] or found["lb"]
    if found["lb"] and profile.pounds not in (0, digits.index(b".")):
        raise BadFrame(f"pounds have {profile.pounds} digits before the point here: {digits!r}")
    return Weight(value=number(digits), unit="kg" if found["kg"] else "lb", net=bool(found["net"]))


def status_of(bits: int, profile: Profile) -> Status:
    return Status(frozenset(name for bit, name in FLAGS.items() if bit & bits & profile.bits))


def _check_parity(frame: bytes) -> None:
    if max(frame) > 0x7F and len({byte.bit_count() & 1 for byte in frame}) != 1:
        raise BadFrame("parity")


def redact(run: bytes) -> bytes:
    """A weight is nobody's secret: tapes keep it as it came."""
    return run


# ---- run


class Toledo8217:
    """The codec as the driver wants it."""

    def __init__(self, config: Config) -> None:
        self._unit, self._profile = config.unit, PROFILES[config.profile]

    def weigh(self, talk: Talk) -> Answer:
        return talk.ask(b"W", self.read)

    def zero(self, talk: Talk) -> None:
        talk.ask(b"Z", self.read)

    def read(self, received: bytes) -> Answer:
        frame = decode(received, self._profile)
        if isinstance(frame, Weight) and frame.unit != self._unit:
            raise BadFrame(f"the scale speaks {frame.unit}")
        said = answer(frame)
        if isinstance(frame, Status) and said.live.reading is Reading.ZERO:
            return Answer(STALE, "no weight: center_of_zero")
        return said


codec = Toledo8217
