"""The frames between loop and link: one union in each direction."""

import msgspec

from kiosk.frames import LIMIT, FrameError, Frames, framed
from kiosk.wire import LinkEvent, LinkOrder

__all__ = ["LIMIT", "FrameError", "Frames", "events", "framed", "orders"]


def events() -> Frames[LinkEvent]:
    return Frames(msgspec.msgpack.Decoder(LinkEvent))


def orders() -> Frames[LinkOrder]:
    return Frames(msgspec.msgpack.Decoder(LinkOrder))
