"""A scanner on a serial line or USB-CDC: text with its AIM identifier, ended by CR, LF or both."""

import re
from typing import Annotated, Literal

from msgspec import Meta

from drivers.line import CLOCK, Clock, Line, SerialConfig
from drivers.scanners.scanner import LONGEST, Scan, Scanner, Secret, goods
from drivers.worker import Emit, Worker
from kiosk.barcode import ShopCodes

# ---- config


class Config(
    SerialConfig, frozen=True, kw_only=True, forbid_unknown_fields=True, tag_field="model", tag="serial"
):
    """`gap`: seconds of silence after which half a scan is thrown away. `hold`: how its light is switched
    off, by a modem line that is dropped, or by the commands `off` and `on`, one character a byte."""

    gap: Annotated[float, Meta(ge=0.02, le=5)] = 0.2
    hold: Literal["none", "dtr", "rts", "command"] = "none"
    off: Annotated[str, Meta(pattern="^[\\x00-\\xff]*$")] = ""
    on: Annotated[str, Meta(pattern="^[\\x00-\\xff]*$")] = ""


# ---- decode

ENDS = re.compile(rb"[\r\n]+")
SCAN = re.compile(rb"(?P<text>[^\r\n]+)(?P<end>[\r\n]*)")


class Lines:
    """Reads lines of text; bytes are Latin-1, which loses none."""

    def __init__(self) -> None:
        self._half = b""
        self._too_long = False

    @property
    def waiting(self) -> bool:
        return bool(self._half) or self._too_long

    def feed(self, data: bytes) -> list[Scan]:
        *whole, self._half = ENDS.split(self._half + data)
        scans: list[Scan] = []
        for part in whole:
            if self._too_long or len(part) > LONGEST:
                scans.append(("", "too_long"))
            elif part:
                scans.append((part.decode("latin-1"), ""))
            self._too_long = False
        if len(self._half) > LONGEST:
            self._half, self._too_long = b"", True
        return scans

    def cut(self) -> Scan:
        self._half, self._too_long = b"", False
        return "", "cut"


def redact(run: bytes, shop: ShopCodes) -> bytes:
    """Keeps whole scans of goods; masks cards, members, staff, and whatever a cut may have made of them."""

    def one(scan: re.Match[bytes]) -> bytes:
        kept = scan["end"] and goods(scan["text"].decode("latin-1"), shop)
        return scan["text"] + scan["end"] if kept else b"*" * len(scan["text"]) + scan["end"]

    return SCAN.sub(one, run)


# ---- encode


def hold(line: Line, config: Config, held: bool) -> None:
    """Switch the scanner off or on in the configured way."""
    match config.hold:
        case "dtr":
            line.modem(dtr=not held)
        case "rts":
            line.modem(rts=not held)
        case "command":
            line.write((config.off if held else config.on).encode("latin-1"))


# ---- run


def worker(
    name: str, config: Config, shop: ShopCodes, secret: Secret, emit: Emit, clock: Clock = CLOCK
) -> Worker[Line]:
    """The scanner in a thread of its own, not yet started."""
    driver = Scanner(name, Lines, config.gap, shop, secret, lambda line, held: hold(line, config, held))
    return Worker(name, lambda: config.open(lambda run: redact(run, shop), clock), driver, emit, clock)
