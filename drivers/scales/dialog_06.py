"""Checkout-Dialog 06: Mettler, Bizerba and Ohaus scales that compute the price, so that a certified scale can trust the
till. 9600 7O1 (Diva service manual, pages 52-55; Ohaus Aviator, pages 38-41).

    EOT STX 01 ESC unit price ESC ETX    ACK; or NAK, and EOT STX 08 ETX asks why; or 11 2: prove who you are
    EOT ENQ                              02 ESC unit ESC weight ESC unit price ESC price; or NAK; or 11 0, 11 1
    EOT STX 10 ESC checksum check ETX    ACK

Every answer of the scale is acknowledged by EOT. Status 20 (moving) and 22 (not finished): ENQ again; 21: nothing has
moved since the last result, one weighing for one item; all others: begin anew. An empty plate is 30, less than may be
weighed: that is the only zero of this language.
"""

import re
from decimal import Decimal
from functools import lru_cache
from pathlib import Path

from drivers.scales.config import Dialog06 as Config
from drivers.scales.frames import BadFrame, Challenge, Frame, Status, Verdict, Weight, Word, newest, stripped
from drivers.scales.scale import STALE, Answer, Talk, answer
from kiosk.checkout.session import LiveWeight, Reading

# ---- decode

EOT, ENQ, ACK, NAK = b"\x04", b"\x05", b"\x06", b"\x15"
STEPS = 8  # of one poll: challenged, proved, priced, accepted, weighed, and a few to spare

CODES = {
    "00": "ok",
    "01": "general_error",
    "02": "parity_or_overflow",
    "10": "bad_record",
    "11": "bad_unit_price",
    "12": "bad_tare",
    "13": "bad_text",
    "20": "motion",
    "21": "no_motion_since_last",
    "22": "not_finished",
    "30": "below_minimum",
    "31": "under_zero",
    "32": "over_capacity",
}
UNITS = {b"1": ("lb", Decimal("0.01")), b"3": ("kg", Decimal("0.001"))}
"""How a result's weight is counted. Nobody told us how 0 (pounds and ounces) and 2 (half hundredths) are written."""

RECORD = re.compile(
    rb"\x02(?:02\x1b(?P<unit>[0-3])\x1b(?P<weight>\d{5})\x1b(?P<unit_price>\d{5,6})\x1b(?P<price>\d{6})"
    rb"|09\x1b(?P<code>\d\d)"
    rb"|11\x1b(?:2(?P<random>[\x20-\x7e]{1,2})|(?P<verdict>[01])))\x03"
)


@lru_cache(maxsize=8)
def decode(received: bytes) -> Frame:
    """The last complete answer in what came after a request. Raises BadFrame."""
    seven = stripped(received)
    if seven in (ACK, NAK):
        return Word("ack" if seven == ACK else "nak")
    found = newest(RECORD, seven)
    if found["random"]:
        return Challenge(found["random"].decode("ascii"))
    if found["verdict"]:
        return Verdict(found["verdict"] == b"1")
    if found["code"]:
        code = found["code"].decode("ascii")
        if code not in CODES:
            raise BadFrame(f"no such status: {code}")
        return Status(frozenset({CODES[code]}), code)
    return result_of(found)


def result_of(found: re.Match[bytes]) -> Weight:
    if found["unit"] not in UNITS:
        raise BadFrame(f"set the scale to kilograms: it counts in unit {found['unit'].decode()}")
    unit, digit = UNITS[found["unit"]]
    return Weight(
        value=int(found["weight"]) * digit,
        unit=unit,
        unit_price=int(found["unit_price"]) * Decimal("0.01"),
        price=int(found["price"]) * Decimal("0.01"),
    )


# ---- encode

ASKS = {EOT + ENQ: "result", EOT + b"\x0208\x03": "status", EOT: "acknowledge"}
PROOF = re.compile(rb"10\x1b[0-9A-Fa-f]+")


def priced(unit_price: int, digits: int) -> bytes:
    """The record that gives the scale the unit price, in minor units."""
    return EOT + b"\x0201\x1b%0*d\x1b\x03" % (digits, unit_price)


def proof(checksum: int, polynomial: int, random: str) -> bytes:
    """The record that answers a challenge: checksum and its remainder, both turned by what the scale drew.

    Two hex digits, or one byte: its upper half is how many bits the checksum turns left, its lower half how many the
    remainder turns right.
    """
    drawn = int(random, 16) if re.fullmatch("[0-9A-Fa-f]{2}", random) else ord(random[0])
    left, right = drawn >> 4, 16 - (drawn & 15)
    told = turned(checksum, left), turned(remainder(checksum, polynomial), right)
    return EOT + b"\x0210\x1b%04X%04X\x03" % told


def remainder(checksum: int, polynomial: int) -> int:
    """Of checksum x 2^16 by the polynomial, whose x^16 is not written."""
    rest = checksum << 16
    for bit in range(31, 15, -1):
        if rest >> bit & 1:
            rest ^= (0x10000 | polynomial) << (bit - 16)
    return rest


def turned(word: int, left: int) -> int:
    """Sixteen bits turned left by so many."""
    left %= 16
    return (word << left | word >> (16 - left)) & 0xFFFF


def redact(run: bytes) -> bytes:
    """A weight is nobody's secret; from a proof the polynomial could be found."""
    return PROOF.sub(lambda found: b"10\x1b" + b"*" * (len(found[0]) - 3), run)


# ---- run


class Dialog06:
    """The codec as the driver wants it. What was weighed stands until something has moved. There is no zero."""

    def __init__(self, config: Config) -> None:
        self._config = config
        self._price = priced(config.unit_price, config.price_digits)
        self._begun = False
        self._said = Answer(STALE)
        self._size = 0

    def weigh(self, talk: Talk) -> Answer:
        for _ in range(STEPS):
            if not self._begun:
                frame = self._say(talk, self._price)
                self._begun = frame == Word("ack")
            else:
                frame = self._result(talk)
            if frame == Word("nak"):
                frame = self._say(talk, EOT + b"\x0208\x03")
            if isinstance(frame, Challenge):
                if trouble := self._prove(talk, frame):
                    return Answer(STALE, trouble)
            elif frame not in (Word("ack"), Verdict(True)):
                return self._meaning(frame)
        raise BadFrame("the dialogue goes round in circles")

    def zero(self, talk: Talk) -> None:
        pass

    def _say(self, talk: Talk, request: bytes) -> Frame:
        frame = talk.ask(request, self._hear)
        talk.tell(EOT)
        return frame

    def _hear(self, received: bytes) -> Frame:
        self._size = len(received)
        return decode(received)

    def _result(self, talk: Talk) -> Frame:
        """A result that nobody could read is asked for again; until it is read, nobody knows what was weighed."""
        try:
            frame = self._say(talk, EOT + ENQ)
        except BadFrame:
            if self._size > 1:
                self._said = Answer(STALE)
            raise
        ours = self._config.unit_price * Decimal("0.01")
        if isinstance(frame, Weight) and frame.unit_price != ours:
            self._said = Answer(STALE)
            raise BadFrame(f"priced {frame.unit_price}, not {ours}")
        return frame

    def _meaning(self, frame: Frame) -> Answer:
        match frame:
            case Weight():
                self._said, self._begun = answer(frame), frame.price_mismatch
                return self._said
            case Status(code="21"):
                self._begun = False
                return self._said
            case Status(code="30"):
                self._begun = False
                return Answer(LiveWeight(Reading.ZERO))
            case Status():
                self._begun = frame.code in ("20", "22")
                return answer(frame)
            case Verdict():
                self._begun = False
                return Answer(STALE, "the scale refuses our checksums")
            case _:
                self._begun = False
                raise BadFrame(f"out of turn: {frame}")

    def _prove(self, talk: Talk, challenge: Challenge) -> str:
        """Answer a challenge; what is in the way of that, for technicians."""
        self._begun = False
        if not self._config.secret:
            return "the scale wants checksums: configure secret and checksum"
        try:
            polynomial = int(Path(self._config.secret).read_text("ascii").strip(), 16)
        except (OSError, ValueError):
            return f"no polynomial of four hex digits in {self._config.secret}"
        self._say(talk, proof(int(self._config.checksum, 16), polynomial, challenge.random))
        return ""


codec = Dialog06
