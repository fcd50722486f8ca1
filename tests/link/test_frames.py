"""Messages between loop and link: split, glued, cut, too long, or not ours."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.link.frames import LIMIT, FrameError, events, framed, orders
from kiosk.units import Millis
from kiosk.wire import (
    CatalogueChanged,
    Deliver,
    Delivered,
    FindMember,
    Heartbeat,
    LaneWanted,
    LinkEvent,
    LinkJoined,
    LinkOrder,
    LinkParted,
    MemberFound,
    MemberUnknown,
    NotTaken,
    OwnAddress,
    ServerSeen,
    Status,
)

EVENTS: list[LinkEvent] = [
    LinkJoined(), LinkParted(), ServerSeen(True, "ok"), Delivered(7), NotTaken(8, "no"), MemberFound(1, "tok"),
    MemberUnknown(2, False), CatalogueChanged(3), LaneWanted(False, "cleaning"), OwnAddress("10.0.0.7"),
]  # fmt: skip
ORDERS: list[LinkOrder] = [
    Deliver(1, "s1", "sale", b"{}"),
    FindMember(2, b"2950000000006"),
    Status(Heartbeat(at=Millis(1), version="1", state="idle", since=Millis(1))),
]


@given(st.lists(st.integers(1, 40)))
def test_messages_come_whole_however_the_bytes_are_cut(cuts: list[int]) -> None:
    stream = b"".join(framed(event) for event in EVENTS)
    frames, found = events(), []
    for cut in cuts:
        found += frames.feed(stream[:cut])
        stream = stream[cut:]
    found += frames.feed(stream)
    assert found == EVENTS


def test_orders_go_the_same_way() -> None:
    assert orders().feed(b"".join(framed(order) for order in ORDERS)) == ORDERS


@pytest.mark.parametrize(
    "data",
    [
        (LIMIT + 1).to_bytes(4, "big"),
        b"\xff\xff\xff\xff",
        b"\x00\x00\x00\x01\xc1",
        b"\x00\x00\x00\x00",
        b"\x00\x00\x00\x05hello",
        framed(Deliver(1, "s1", "sale", b"{}")),
        b"\x00\x00\x00\x1d\x81\xa4type\xb0TerminalAnswered\x00\x00\x00\x00\x00\x00",
    ],
)
def test_what_is_no_event_of_the_link_is_an_error(data: bytes) -> None:
    with pytest.raises(FrameError):
        events().feed(data)


def test_a_message_that_is_too_long_is_not_sent() -> None:
    with pytest.raises(FrameError):
        framed(Deliver(1, "s1", "sale", b"x" * (LIMIT + 1)))
