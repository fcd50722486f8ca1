"""What a printer says of itself: single answers, the four bytes of automatic status, and noise.

The fixed bits tell answers apart (manuals of Epson, Citizen): DLE EOT 0..1..10, the first byte of automatic
status 0..1..00, its other three and the answer to GS r 0..0...., XON 11, XOFF 13. Bit 7 is never set.
"""

from msgspec import Struct

XON_XOFF = (0x11, 0x13)


class RealTime(Struct, frozen=True):
    """An answer to DLE EOT; to which of the four only the order tells."""

    bits: int


class Auto(Struct, frozen=True):
    """Four bytes that nobody asked for."""

    bits: bytes


class Done(Struct, frozen=True):
    """An answer to GS r."""


class Noise(Struct, frozen=True):
    """Bytes that no printer sends: whatever came with them cannot be trusted."""


Answer = RealTime | Auto | Done | Noise


class Answers:
    """Bytes as they come, cut anywhere, to answers."""

    def __init__(self) -> None:
        self._auto = b""

    def feed(self, data: bytes) -> list[Answer]:
        if any(_is_noise(byte) for byte in data):
            self._auto = b""
            return [Noise()]
        answers: list[Answer] = []
        for byte in data:
            if byte in XON_XOFF:
                continue
            if byte & 0x93 == 0x12:
                self._auto = b""
                answers.append(RealTime(byte))
            elif byte & 0x93 == 0x10:
                self._auto = bytes((byte,))
            elif not self._auto:
                answers.append(Done())
            else:
                self._auto += bytes((byte,))
                if len(self._auto) == 4:
                    answers.append(Auto(self._auto))
                    self._auto = b""
        return answers


def _is_noise(byte: int) -> bool:
    return not (byte & 0x90 == 0 or byte & 0x93 in (0x12, 0x10) or byte in XON_XOFF)


class Status(Struct, frozen=True):
    """What stops the printer, and how much paper is left. Absent bits mean all is well."""

    offline: bool = False
    cover_open: bool = False
    near_end: bool = False
    out: bool = False
    error: str = ""
    fatal: bool = False

    @property
    def why(self) -> str:
        """Why nothing can be printed: paper_out, cover_open, offline; empty if it can."""
        if self.cover_open:
            return "cover_open"
        if self.out:
            return "paper_out"
        return "offline" if self.offline or self.error else ""

    @property
    def paper(self) -> str:
        return "out" if self.out else "low" if self.near_end else "ok"


def from_auto(bits: bytes) -> Status:
    """Status of the four bytes after GS a."""
    first, second, third, _ = bits
    return Status(
        offline=bool(first & 0x08),
        cover_open=bool(first & 0x20),
        near_end=bool(third & 0x03),
        out=bool(third & 0x0C),
        error=_error(second),
        fatal=bool(second & 0x20),
    )


def from_real_time(answers: dict[int, int], *, near_end_inverted: bool = False) -> Status:
    """Status of the answers to DLE EOT 1 to 4 (those that are there).

    `near_end_inverted`: some clones set the near-end bits of answer 4 while there is plenty.
    """
    printer, cause, error, roll = (answers.get(n, 0x12) for n in (1, 2, 3, 4))
    near_end = bool(roll & 0x0C)
    if near_end_inverted and 4 in answers:
        near_end = not near_end
    return Status(
        offline=bool(printer & 0x08),
        cover_open=bool(cause & 0x04),
        near_end=near_end,
        out=bool(roll & 0x60) or bool(cause & 0x20),
        error=_error(error & ~0x12) or ("error" if cause & 0x40 else ""),
        fatal=bool(error & 0x20),
    )


def _error(bits: int) -> str:
    """The bits of DLE EOT 3, which are those of the second automatic byte too."""
    names = {0x20: "unrecoverable", 0x08: "cutter", 0x40: "head_hot", 0x04: "recoverable"}
    return next((name for bit, name in names.items() if bits & bit), "")
