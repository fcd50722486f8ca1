"""Messages on a unix socket between two processes of the kiosk: four bytes of length (big endian), then msgpack."""

import struct
from typing import Any, Generic, TypeVar

import msgspec

LIMIT = 8_000_000  # bytes; a sale of a hundred lines has some sixty thousand
_HEAD = struct.Struct(">I")

T = TypeVar("T")


class FrameError(Exception):
    """The other end does not speak this language; the connection is of no more use."""


def framed(message: Any) -> bytes:
    """The message as it goes over the socket."""
    body = msgspec.msgpack.encode(message)
    if len(body) > LIMIT:
        raise FrameError(f"a message of {len(body)} bytes is too long")
    return _HEAD.pack(len(body)) + body


class Frames(Generic[T]):
    """Bytes as they come, split or glued, to whole messages of one union."""

    def __init__(self, decoder: msgspec.msgpack.Decoder[T]) -> None:
        self._decoder = decoder
        self._buffer = bytearray()

    def feed(self, data: bytes) -> list[T]:
        """The messages that are complete now. FrameError on a length or a message that cannot be."""
        self._buffer += data
        messages: list[T] = []
        at = 0
        while len(self._buffer) - at >= _HEAD.size:
            (size,) = _HEAD.unpack_from(self._buffer, at)
            if size > LIMIT:
                raise FrameError(f"a frame of {size} bytes")
            if len(self._buffer) - at < _HEAD.size + size:
                break
            begin = at + _HEAD.size
            try:
                messages.append(self._decoder.decode(self._buffer[begin : begin + size]))
            except (msgspec.MsgspecError, UnicodeDecodeError) as error:
                raise FrameError(f"not a message of ours: {error}") from error
            at = begin + size
        del self._buffer[:at]
        return messages
