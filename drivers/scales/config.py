"""What a shop sets of a scale, one table for each language that a scale may speak; `model` chooses."""

from collections.abc import Callable
from math import inf
from pathlib import Path
from typing import Annotated, ClassVar, Literal

from msgspec import Meta, Struct

from drivers.line import CLOCK, Clock, Line, SerialConfig, open_line

Division = Annotated[int, Meta(ge=1, le=100)]
Rate = Annotated[float, Meta(ge=1, le=20)]
Hold = Annotated[float, Meta(ge=0.2, le=5)]


class OnALine(SerialConfig, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`division` is grams, `rate` polls a second, `hold` the seconds for which a level must stand."""

    division: Division = 5
    rate: Rate = 8.0
    hold: Hold = 0.5


class Toledo8217(OnALine, frozen=True, kw_only=True, tag_field="model", tag="toledo8217"):
    """`unit` is what the scale is set to; an answer in the other one is refused, for one byte lost makes pounds of
    kilograms. `profile` is what makers do differently (`toledo_8217.PROFILES`)."""

    bytesize: Literal[7, 8] = 7
    parity: Literal["N", "E", "O"] = "E"
    unit: Literal["kg", "lb"] = "kg"
    profile: Literal["standard", "diva", "benchpro", "emupos", "8213"] = "standard"


class NciScp(OnALine, frozen=True, kw_only=True, tag_field="model", tag="nci"):
    """`profile` is what makers do differently (`nci_scp.PROFILES`)."""

    bytesize: Literal[7, 8] = 7
    parity: Literal["N", "E", "O"] = "E"
    profile: Literal["scp", "scp12"] = "scp"


class CasDc1(OnALine, frozen=True, kw_only=True, tag_field="model", tag="cas"):
    """9600 8N1 is the AP-1; a PD-II wants bytesize 7 and parity E."""


class Sma(OnALine, frozen=True, kw_only=True, tag_field="model", tag="sma"):
    """SCP-0499 of the Scale Manufacturers Association."""


class Adam(OnALine, frozen=True, kw_only=True, tag_field="model", tag="adam"):
    """`silent`: says a weight once and then nothing until there is another (AZextra), so silence means unchanged, for
    `keep` seconds; False where it answers each time (CBD). `silence` seconds without a byte are silence."""

    baud: Annotated[int, Meta(ge=300, le=921600)] = 4800
    silent: bool = True
    keep: Annotated[float, Meta(ge=1, le=120)] = 10.0
    silence: Annotated[float, Meta(ge=0.02, le=1)] = 0.05
    rate: Rate = 12.0


class DigiB(OnALine, frozen=True, kw_only=True, tag_field="model", tag="digi"):
    """DIGI's type B, standard command (DS-781)."""


class Dialog06(OnALine, frozen=True, kw_only=True, tag_field="model", tag="dialog06"):
    """`unit_price` (minor units a kilogram) is what we let the scale multiply with: 10.00 makes each gram count in the
    price, which so checks the weight. `secret` is a file with the maker's 16-bit polynomial, `checksum` that of the
    protected part of this software, both four hex digits; needed where the scale asks whether it may trust us."""

    bytesize: Literal[7, 8] = 7
    parity: Literal["N", "E", "O"] = "O"
    unit_price: Annotated[int, Meta(ge=1, le=99_999)] = 1000
    price_digits: Literal[5, 6] = 6
    secret: str = ""
    checksum: Annotated[str, Meta(pattern="^[0-9A-Fa-f]{4}$")] = "0000"


class UsbHid(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, tag_field="model", tag="hid"):
    """`port` is /dev/hidraw… by a stable name. It reports by itself, so there is nothing to be asked at a rate."""

    rate: ClassVar[float] = inf
    port: Annotated[str, Meta(min_length=1)]
    record: str = ""
    division: Division = 5
    hold: Hold = 0.5

    def open(self, redact: Callable[[bytes], bytes], clock: Clock = CLOCK) -> Line:
        record = Path(self.record) if self.record else None
        return open_line(self.port, writes=True, record=record, redact=redact, clock=clock)


BagScale = Toledo8217 | NciScp | CasDc1 | Sma | Adam | DigiB | UsbHid
AnyScale = BagScale | Dialog06
"""A scale that prices is no bag scale."""
