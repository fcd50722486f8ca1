"""USB HID scales, usage page 0x8D, read through /dev/hidraw: Mettler, Fairbanks, Dymo.

An input report (3, of some makers 4) has six bytes: id, status, unit, exponent of ten (signed), weight, low byte first.
Only status 4 carries a weight. Output report 2 zeroes (HID Point of Sale usage tables; erjiang/usbscale). The scale
reports by itself; the first report after opening may be old.
"""

from collections.abc import Iterator
from decimal import Decimal

from drivers.scales.config import UsbHid as Config
from drivers.scales.frames import GRAMS, BadFrame, Frame, Silence, Status, Weight
from drivers.scales.scale import ANSWER_SECONDS, Answer, Talk, answer

# ---- decode

SIZE = 6
IDS = (3, 4)
STATUS = {
    1: "fault",
    2: "center_of_zero",
    3: "motion",
    5: "under_zero",
    6: "over_capacity",
    7: "needs_calibration",
    8: "needs_zero",
}
STABLE = 4
UNITS = {
    1: "mg",
    2: "g",
    3: "kg",
    4: "ct",
    5: "tael",
    6: "gr",
    7: "dwt",
    8: "t",
    9: "ton",
    10: "ozt",
    11: "oz",
    12: "lb",
}
ZERO = b"\x02\x02"
ASKS = {ZERO: "zero"}
EXPONENTS = range(-5, 2)  # of scales at a till; a hurt one would make nothing of any weight
GAP_SECONDS = 0.02  # a report is one packet


def decode(report: bytes) -> Frame:
    """What one report says. Raises BadFrame."""
    if len(report) != SIZE or report[0] not in IDS:
        raise BadFrame(f"no input report of a scale: {report.hex()}")
    if report[1] in STATUS:
        return Status(frozenset({STATUS[report[1]]}))
    if report[1] != STABLE:
        raise BadFrame(f"no such status: {report[1]}")
    if report[2] not in UNITS:
        raise BadFrame(f"no such unit: {report[2]}")
    value = Decimal(int.from_bytes(report[4:], "little")).scaleb(exponent(report))
    return Weight(value=value, unit=UNITS[report[2]])


def exponent(report: bytes) -> int:
    return int.from_bytes(report[3:4], "little", signed=True)


def sound(report: bytes) -> bool:
    """Whether this can be a report of a scale at a till. Six bytes from the middle of two reports never are: there the
    id of the second stands in the place of another number."""
    usual = UNITS.get(report[2]) in GRAMS and exponent(report) in EXPONENTS
    return report[0] in IDS and usual and (report[1] in STATUS or report[1] == STABLE)


def reports(stream: bytes) -> Iterator[tuple[bytes, int]]:
    """Each sound report in a stream, and where it ends. /dev/hidraw gives one a read, a socket gives what it has."""
    at = 0
    while at + SIZE <= len(stream):
        report = stream[at : at + SIZE]
        if sound(report):
            yield report, at + SIZE
            at += SIZE
        else:
            at += 1


def redact(run: bytes) -> bytes:
    """A weight is nobody's secret: tapes keep it as it came."""
    return run


# ---- run


class UsbHid:
    """The codec as the driver wants it."""

    def __init__(self, config: Config) -> None:
        self._begun = False
        self._rest = self._next = b""

    def weigh(self, talk: Talk) -> Answer:
        try:
            if not self._begun:
                self._hear(talk)
            self._begun = True
            return self._hear(talk)
        except BadFrame:
            self._rest = b""
            raise

    def zero(self, talk: Talk) -> None:
        talk.tell(ZERO)

    def _hear(self, talk: Talk) -> Answer:
        """After a pause in the middle of a report the next one begins anew."""
        try:
            said = talk.hear(self.read, GAP_SECONDS if self._rest else ANSWER_SECONDS, GAP_SECONDS)
        except Silence:
            if not self._rest:
                raise
            self._rest = b""
            said = talk.hear(self.read, gap=GAP_SECONDS)
        self._rest = self._next
        return said

    def read(self, received: bytes) -> Answer:
        """The newest of the reports that came; a part of the next one is kept."""
        stream = self._rest + received
        found = list(reports(stream))
        if not found:
            raise BadFrame(f"no input report of a scale: {stream[-SIZE:].hex()}")
        report, end = found[-1]
        self._next = stream[end:]
        return answer(decode(report))


codec = UsbHid
