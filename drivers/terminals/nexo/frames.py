"""Exchanges on a line: each request is one exchange with a number of its own, and so is its answer.

This wire has no framing: a request is the body of an HTTPS POST, its answer that of the response, and several run
side by side. Between the driver and whoever carries them a frame is the body's length (4 bytes), the number of the
exchange (4 bytes), how it stands (1 byte; all big endian), and the body.
"""

import struct
from enum import IntEnum
from typing import NamedTuple

from drivers.terminals.nexo.messages import NexoError

LONGEST = 1_000_000  # bytes; an answer with two receipts has some ten thousand
HEAD = struct.Struct(">IIB")


class How(IntEnum):
    """BODY: the body is all there. LOST: no answer came, the request may have arrived. UNSENT: no byte of it left."""

    BODY = 0
    LOST = 1
    UNSENT = 2


class Frame(NamedTuple):
    """`why` an exchange was lost is text in the place of the body."""

    number: int
    how: How
    body: bytes = b""


def framed(frame: Frame) -> bytes:
    return HEAD.pack(len(frame.body), frame.number, frame.how) + frame.body


class Frames:
    """Bytes as they come, split or glued, to whole frames."""

    def __init__(self) -> None:
        self._buffer = bytearray()

    def feed(self, data: bytes) -> list[Frame]:
        """The frames that are complete now. NexoError for what cannot be a frame."""
        self._buffer += data
        frames: list[Frame] = []
        while len(self._buffer) >= HEAD.size:
            size, number, how = HEAD.unpack_from(self._buffer)
            if size > LONGEST or how > max(How):
                raise NexoError(f"no frame: {size} bytes, {how}")
            if len(self._buffer) < HEAD.size + size:
                break
            body = bytes(self._buffer[HEAD.size : HEAD.size + size])
            del self._buffer[: HEAD.size + size]
            frames.append(Frame(number, How(how), body))
        return frames
