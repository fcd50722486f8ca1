"""Where one APDU ends and the next begins: bare on TCP, framed on a serial line (PA00P016)."""

from collections.abc import Iterator

from drivers.terminals.zvt.fields import ZvtError
from drivers.terminals.zvt.layout import size

ACK, NAK = b"\x06", b"\x15"
DLE = 0x10
START, END = b"\x10\x02", b"\x10\x03"


class Apdus:
    """Cuts what TCP delivers, in whatever pieces, into APDUs."""

    def __init__(self) -> None:
        self._rest = b""

    def feed(self, data: bytes) -> Iterator[bytes]:
        """Every APDU that is whole now. ZvtError where one begins that is none: all after it is lost."""
        self._rest += data
        while (end := size(self._rest)) is not None and end <= len(self._rest):
            frame, self._rest = self._rest[:end], self._rest[end:]
            yield frame


def crc(data: bytes) -> int:
    """CRC-16, reflected polynomial 8408, start 0."""
    value = 0
    for byte in data:
        value ^= byte
        for _ in range(8):
            value = value >> 1 ^ (0x8408 if value & 1 else 0)
    return value


def serial_written(apdu: bytes) -> bytes:
    """The frame of an APDU: every 10 in it doubled, then the CRC over APDU and 03, low byte first."""
    doubled = apdu.replace(bytes([DLE]), bytes([DLE, DLE]))
    return START + doubled + END + crc(apdu + END[1:]).to_bytes(2, "little")


def serial_read(frame: bytes) -> bytes:
    """The APDU of one whole frame. ZvtError if it is not exactly one, or its CRC is wrong."""
    if frame[:2] != START:
        raise ZvtError("no DLE STX")
    apdu, at = bytearray(), 2
    while frame[at : at + 2] != END:
        if at + 2 > len(frame) or (frame[at] == DLE and frame[at + 1] != DLE):
            raise ZvtError("a single DLE, or no DLE ETX")
        apdu.append(frame[at])
        at += 2 if frame[at] == DLE else 1
    if frame[at + 2 :] != crc(bytes(apdu) + END[1:]).to_bytes(2, "little"):
        raise ZvtError("wrong CRC")
    return bytes(apdu)


class SerialFrames:
    """Cuts a serial stream into ACKs, NAKs and whole frames; noise between them is dropped.

    A frame that begins anew in the middle of another one takes its place.
    """

    def __init__(self) -> None:
        self._rest = b""

    def feed(self, data: bytes) -> Iterator[bytes]:
        """Every ACK, NAK and frame that is whole now; a frame's CRC is not looked at."""
        self._rest += data
        while self._rest:
            if self._rest[:1] in (ACK, NAK):
                yield self._cut(1)
            elif not START.startswith(self._rest[:2]):
                self._cut(1)
            elif (end := self._end()) is not None:
                yield self._cut(end)
            else:
                return

    @property
    def begun(self) -> bool:
        """Whether a frame, or what may become one, is still without its end."""
        return bool(self._rest)

    def _cut(self, size: int) -> bytes:
        found, self._rest = self._rest[:size], self._rest[size:]
        return found

    def _end(self) -> int | None:
        at = 2
        while at + 1 < len(self._rest):
            pair = self._rest[at : at + 2]
            if pair == START:
                self._cut(at)
                at = 2
            elif pair == END:
                return at + 4 if at + 4 <= len(self._rest) else None
            else:
                at += 2 if pair[0] == DLE else 1
        return None
