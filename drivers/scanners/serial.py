"""A scanner on a serial line or USB-CDC: text with its AIM identifier, ended by CR, LF or both."""

import re
from typing import Annotated, Literal

from msgspec import Meta

from drivers.line import CLOCK, Clock, Line, LineLost, SerialConfig
from drivers.scanners import LONGEST, Secret, scanned
from drivers.worker import Emit, Orders, Worker
from kiosk.barcode import Measured, Produce, Product, ShopCodes, read
from kiosk.checkout.effects import Deed, HoldScanner
from kiosk.checkout.events import DeviceSeen, Event, UnreadableScanned
from kiosk.checkout.model import Device, Health

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
SCAN = re.compile(rb"(?P<text>(?P<aim>\])?[^\r\n]+)(?P<end>[\r\n]*)")


class Cutter:
    """Bytes as they come, texts as they were scanned."""

    def __init__(self) -> None:
        self._half = b""
        self._spoiled = False

    @property
    def waiting(self) -> bool:
        """Half a scan is here."""
        return bool(self._half) or self._spoiled

    def feed(self, data: bytes) -> list[str | None]:
        """The texts that `data` completes; None for one that was too long."""
        *whole, self._half = ENDS.split(self._half + data)
        texts: list[str | None] = []
        for part in whole:
            if self._spoiled or len(part) > LONGEST:
                texts.append(None)
            elif part:
                texts.append(part.decode("latin-1"))
            self._spoiled = False
        if len(self._half) > LONGEST:
            self._half, self._spoiled = b"", True
        return texts

    def clear(self) -> None:
        self._half, self._spoiled = b"", False


def redact(run: bytes, shop: ShopCodes) -> bytes:
    """Keeps whole scans of goods; masks cards, members, staff, and whatever a cut may have made of them."""

    def one(scan: re.Match[bytes]) -> bytes:
        code = read(scan["text"].decode("latin-1"), None, shop)
        kept = scan["aim"] and scan["end"] and isinstance(code, Product | Measured | Produce)
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


class SerialScanner:
    """A scanner that speaks for itself; that its line is open is all that is known of its health.

    What it says while it is held was read before the light went out, and is thrown away.
    """

    def __init__(self, name: str, config: Config, shop: ShopCodes, secret: Secret) -> None:
        self._name = name
        self._config = config
        self._shop = shop
        self._secret = secret
        self._held = False

    def run(self, line: Line, orders: Orders, emit: Emit) -> None:
        cutter = Cutter()
        hold(line, self._config, self._held)
        emit(DeviceSeen(Device(self._name, Health.READY)))
        try:
            while True:
                deed = orders.wait(line, self._config.gap if cutter.waiting else 3600.0)
                if isinstance(deed, HoldScanner):
                    self._held = deed.held
                    hold(line, self._config, self._held)
                elif deed is None:
                    self._hear(line.read(0), cutter, emit)
        except LineLost:
            self._hear(b"", cutter, emit)
            raise

    def refuse(self, deed: Deed) -> tuple[Event, ...]:
        """A hold is remembered for the line to come."""
        if isinstance(deed, HoldScanner):
            self._held = deed.held
        return ()

    def _hear(self, data: bytes, cutter: Cutter, emit: Emit) -> None:
        if self._held:
            cutter.clear()
            return
        for text in cutter.feed(data):
            emit(UnreadableScanned("too_long") if text is None else scanned(text, self._shop, self._secret))
        if not data and cutter.waiting:
            cutter.clear()
            emit(UnreadableScanned("cut"))


def worker(
    name: str, config: Config, shop: ShopCodes, secret: Secret, emit: Emit, clock: Clock = CLOCK
) -> Worker[Line]:
    """The scanner in a thread of its own, not yet started."""
    driver = SerialScanner(name, config, shop, secret)
    return Worker(name, lambda: config.open(lambda run: redact(run, shop), clock), driver, emit, clock)
