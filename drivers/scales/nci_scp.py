"""NCI SCP-01 and ECR SCP-02: Avery Weigh-Tronix, Salter Brecknell, Magellan, Ohaus, CAS PD-II, Adam MDW.

9600 7E1 usual. A letter and CR ask. LF weight unit CR LF status CR ETX answers, or the status alone where there is no
weight; SCP-02 puts an S before the status (Diva service manual, pages 34-37; NCI 7800, page 32; Avery 7821, page 25).
Each status byte but the first says whether another follows.
"""

import re
from decimal import Decimal
from functools import lru_cache

from msgspec import Struct

from drivers.scales.config import NciScp as Config
from drivers.scales.frames import BadFrame, Frame, Status, Weight, newest, number, stripped
from drivers.scales.scale import Answer, Talk, answer

# ---- profiles


class Profile(Struct, frozen=True):
    """What differs between makers: the bits of the first status byte that are upside down."""

    inverted: int = 0


STANDARD = Profile()
PROFILES = {
    "scp": STANDARD,
    "scp12": Profile(inverted=0x01),  # the manual of Global Industrial's SCP-12: 0 is in motion
}

# ---- decode

FLAGS: tuple[dict[int, str], ...] = (
    {0x01: "motion", 0x02: "center_of_zero", 0x04: "ram_error", 0x08: "eeprom_error"},
    {0x01: "under_capacity", 0x02: "over_capacity", 0x04: "rom_error", 0x08: "calibration_error"},
    {0x03: "high_range", 0x04: "net", 0x08: "zero_error"},
    {0x04: "metric"},
)
WEIGHS = {"motion", "center_of_zero", "net", "high_range", "metric"}
"""With these a weight that is there is one."""
ASKS = {b"W\r": "weight", b"S\r": "status", b"Z\r": "zero", b"H\r": "weight, ten-fold", b"U\r": "units"}
INSTEAD = {b"^": "over_capacity", b"_": "under_capacity", b"-": "zero_error"}
"""What an Adam MDW writes all over its weight."""

ANSWER = re.compile(rb"\n(?:(?P<field>[ -~]+)\r\n)?S?(?P<status>[0-?][p-\x7f]*[0-?])\r\x03")
FIELD = re.compile(
    rb"(?P<value>[ \d-]\d*\.\d+) ?(?P<unit>KG|LB|OZ|G)"
    rb"|(?P<pounds>\d\d)LB ?(?P<ounces>[ \d]\d\.\d)OZ"
    rb"|(?P<instead>\^{6}|_{6}|-{6}) ?(?:KG|LB|OZ|G)?",
    re.I,
)


@lru_cache(maxsize=8)
def decode(received: bytes, profile: Profile = STANDARD) -> Frame:
    """The last complete answer in what came after a request. Raises BadFrame.

    A status alone is the end of a weight, too, of which nobody could read the beginning: it must be an answer's first.
    """
    seven = stripped(received)
    found = newest(ANSWER, seven)
    if found["field"] is None and seven[: found.start()][-1:] not in (b"", b"\x03"):
        raise BadFrame(f"half a weight: {seven!r}")
    flags = flags_of(found["status"], profile)
    if found["field"] is None:
        return Status(flags)
    field = FIELD.fullmatch(found["field"])
    if not field:
        raise BadFrame(f"no weight: {found['field']!r}")
    if field["instead"]:
        return Status(flags | {INSTEAD[field["instead"][:1]]})
    if not flags <= WEIGHS:
        return Status(flags)
    return weight_of(field, flags)


def flags_of(status: bytes, profile: Profile) -> frozenset[str]:
    first = bytes([status[0] ^ profile.inverted])
    pairs = zip(first + status[1:], FLAGS, strict=False)
    return frozenset(name for byte, names in pairs for bit, name in names.items() if byte & bit)


def weight_of(field: re.Match[bytes], flags: frozenset[str]) -> Weight:
    """Pounds and ounces are ounces, sixteen a pound."""
    if field["pounds"]:
        value, unit = Decimal(field["pounds"].decode()) * 16 + number(field["ounces"]), "oz"
    else:
        value, unit = number(field["value"]), field["unit"].decode().lower()
    return Weight(
        value=value,
        unit=unit,
        stable="motion" not in flags,
        net="net" in flags,
        zero="center_of_zero" in flags,
    )


def redact(run: bytes) -> bytes:
    """A weight is nobody's secret: tapes keep it as it came."""
    return run


# ---- run


class NciScp:
    """The codec as the driver wants it."""

    def __init__(self, config: Config) -> None:
        self._profile = PROFILES[config.profile]

    def weigh(self, talk: Talk) -> Answer:
        return talk.ask(b"W\r", self.read)

    def zero(self, talk: Talk) -> None:
        talk.ask(b"Z\r", self.read)

    def read(self, received: bytes) -> Answer:
        return answer(decode(received, self._profile))


codec = NciScp
