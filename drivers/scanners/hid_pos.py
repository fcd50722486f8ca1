"""A scanner as a HID POS device: text, AIM identifier and "more follows" each at its place in a report.

Usages of the USB-IF's HID Point of Sale Usage Tables 1.02, page 8C. Where they lie is what the scanner's own report
descriptor says; for makers whose descriptor says nothing of use there are layouts as data.
"""

from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Annotated, Literal, NamedTuple

from msgspec import Meta, Struct

from drivers.hid import Field, HidError, fields, record, records
from drivers.hidraw import described, open_hid
from drivers.line import CLOCK, Clock, Line, LineLost
from drivers.scanners.scanner import LONGEST, Scan, Scanner, Secret, goods
from drivers.worker import Emit, Worker
from kiosk.barcode import ShopCodes

# ---- config

Report = Literal["described", "aim", "plain"]


class Config(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, tag_field="model", tag="hid-pos"):
    """`port`: /dev/kiosk/scanner (a hidraw node) or socket://host:port. `report`: where things lie in it, as the
    scanner's own descriptor says or by one of LAYOUTS. `gap`: seconds after which half a scan is thrown away.
    `record`: a tape."""

    port: Annotated[str, Meta(min_length=1)]
    report: Report = "described"
    gap: Annotated[float, Meta(ge=0.02, le=5)] = 0.2
    record: str = ""


# ---- decode

BYTE_COUNT = 0x01 << 16 | 0x3B  # Generic Desktop
PREVENT_READ, AIM_1, AIM_2, AIM_3, DATA, CONTINUED = (
    0x8C << 16 | id for id in (0x5F, 0xFB, 0xFC, 0xFD, 0xFE, 0xFF)
)


def _bytes(usage: int, at: int, many: int) -> Field:
    """A field of report 2, by its place in bytes after the report's number."""
    return Field("input", 2, usage, at * 8, 8, many)


_COUNT, _MORE = _bytes(BYTE_COUNT, 0, 1), Field("input", 2, CONTINUED, 62 * 8, 1, 1)
_STOP = Field("output", 4, PREVENT_READ, 1, 1, 1)
LAYOUTS: dict[Report, tuple[Field, ...]] = {
    # Hand Held Products 2020-5b guide, page 1-11; Access-IS LSR118 manual, pages 68 and 70
    "aim": (_COUNT, _bytes(AIM_1, 1, 3), _bytes(DATA, 4, 56), _MORE, _STOP),
    # ID TECH 2Dscan FX100 manual, page 43
    "plain": (_COUNT, _bytes(DATA, 1, 56), _MORE),
}


class Piece(NamedTuple):
    """What one report has of a scan."""

    aim: str
    data: bytes
    more: bool


class Places:
    """Where a scan lies in a scanner's reports, and how it is held. Raises HidError where nothing is said of scans."""

    def __init__(self, found: tuple[Field, ...]) -> None:
        whole = [each for each in found if each.size == 8 and each.at % 8 == 0]
        data = next((each for each in whole if (each.kind, each.usage) == ("input", DATA)), None)
        if data is None:
            raise HidError("no scanned data (usage 8C:FE) in the HID descriptor")
        mine = [each for each in found if (each.kind, each.report) == ("input", data.report)]
        self._numbered, self._data = any(each.report for each in found), data
        self._aim = [each for each in mine if each in whole and each.usage in (AIM_1, AIM_2, AIM_3)]
        self._count = next((each for each in mine if each.usage == BYTE_COUNT), None)
        self._more = next((each for each in mine if each.usage == CONTINUED), None)
        self._length = _length(mine)
        stop = next((each for each in found if (each.kind, each.usage) == ("output", PREVENT_READ)), None)
        out = [each for each in found if stop and (each.kind, each.report) == ("output", stop.report)]
        self._stop, self._stop_length = stop, _length(out)

    def piece(self, report: bytes) -> Piece | None:
        """What this report has of a scan; None if it is one of another kind."""
        if self._numbered:
            if report[:1] != bytes([self._data.report]):
                return None
            report = report[1:]
        report = report.ljust(self._length, b"\0")
        data = _bytes_of(report, self._data)
        data = data[: _number(report, self._count)] if self._count else data.rstrip(b"\0")
        aim = b"".join(_bytes_of(report, each) for each in self._aim).rstrip(b"\0").decode("latin-1")
        more = self._more is not None and _number(report, self._more) == 1
        return Piece(aim if aim.startswith("]") else "", data, more)

    def hold(self, held: bool) -> bytes:
        """The record that keeps the scanner from reading, or lets it read again; empty where it has none."""
        if self._stop is None:
            return b""
        bits = (held << self._stop.at).to_bytes(self._stop_length, "little")
        return record(bytes([self._stop.report]) + bits)


def _length(found: list[Field]) -> int:
    """Bytes of the report with these fields."""
    return (max((each.at + each.size * each.values for each in found), default=0) + 7) // 8


def _bytes_of(report: bytes, field: Field) -> bytes:
    return report[field.at // 8 :][: field.values]


def _number(report: bytes, field: Field) -> int:
    """The first value of a field."""
    return (int.from_bytes(report, "little") >> field.at) & ((1 << field.size) - 1)


class Reports:
    """Reads records; a scan may take several, and the first one names its carrier."""

    def __init__(self, places: Places, data: bytes = b"") -> None:
        self._places, self._bytes = places, data
        self._aim = self._spoiled = ""
        self._text = b""

    @property
    def waiting(self) -> bool:
        return bool(self._bytes or self._text or self._spoiled)

    def feed(self, data: bytes) -> list[Scan]:
        reports, self._bytes = records(self._bytes + data)
        scans: list[Scan] = []
        for report in reports:
            piece = self._places.piece(report)
            if piece is not None and self._ends(piece):
                text, spoiled = self._aim + self._text.decode("latin-1").rstrip("\r\n"), self._spoiled
                self._aim, self._text, self._spoiled = "", b"", ""
                scans.append(("", spoiled) if spoiled else (text, ""))
        return scans

    def cut(self) -> Scan:
        why = self._spoiled or "cut"
        self._bytes, self._aim, self._text, self._spoiled = b"", "", b"", ""
        return "", why

    def _ends(self, piece: Piece) -> bool:
        """Take a piece; whether it is the last of something."""
        if not self._text and not piece.data.startswith(b"]"):
            self._aim = piece.aim
        self._text += piece.data
        if len(self._text) > LONGEST:
            self._text, self._spoiled = b"", "too_long"
        return not piece.more and bool(self._text or self._spoiled)


class Redaction:
    """What a tape may keep: the descriptor, what holds the scanner, and scans of goods that are one report long.

    Of anything else the report's number and its length are left. It is asked for each run of a line in turn.
    """

    def __init__(self, layout: Callable[[bytes], Places], shop: ShopCodes) -> None:
        self._layout, self._shop = layout, shop
        self._places: Places | None = None
        self._more = self._lost = False

    def __call__(self, run: bytes) -> bytes:
        reports, rest = records(run)
        kept = b"" if self._lost else b"".join(record(self._redacted(each)) for each in reports)
        self._lost = self._lost or bool(rest)  # from here on nobody knows where a report begins
        return kept + b"*" * (len(run) - len(kept))

    def _redacted(self, report: bytes) -> bytes:
        if self._places is None:
            with suppress(HidError):
                self._places = self._layout(report)
                return report
            return b"*" * len(report)
        keeps = record(report) in (self._places.hold(True), self._places.hold(False))
        piece = self._places.piece(report)
        if piece is not None:
            text = piece.aim + piece.data.decode("latin-1")
            keeps = not (self._more or piece.more) and goods(text, self._shop)
            self._more = piece.more
        return report if keeps else report[:1] + b"*" * (len(report) - 1)


# ---- run


class Plugged:
    """The scanner that is plugged in now: each opening reads its descriptor anew."""

    def __init__(self, config: Config, shop: ShopCodes, clock: Clock) -> None:
        self._config, self._shop, self._clock = config, shop, clock
        self._places = Places(LAYOUTS["aim"])
        self._early = b""

    def open(self) -> Line:
        record = Path(self._config.record) if self._config.record else None
        redaction = Redaction(self._layout, self._shop)
        line = open_hid(self._config.port, record=record, redact=redaction, clock=self._clock)
        try:
            descriptor, self._early = described(line, self._clock)
            self._places = self._layout(descriptor)
        except HidError as error:
            line.close()
            raise LineLost(f"{self._config.port}: {error}") from error
        except LineLost:
            line.close()
            raise
        return line

    def _layout(self, descriptor: bytes) -> Places:
        return Places(LAYOUTS.get(self._config.report) or fields(descriptor))

    def reader(self) -> Reports:
        early, self._early = self._early, b""
        return Reports(self._places, early)

    def hold(self, line: Line, held: bool) -> None:
        if report := self._places.hold(held):
            line.write(report)


def worker(
    name: str, config: Config, shop: ShopCodes, secret: Secret, emit: Emit, clock: Clock = CLOCK
) -> Worker[Line]:
    """The scanner in a thread of its own, not yet started."""
    plugged = Plugged(config, shop, clock)
    driver = Scanner(name, plugged.reader, config.gap, shop, secret, plugged.hold)
    return Worker(name, plugged.open, driver, emit, clock)
