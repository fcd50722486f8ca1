"""The loop's door: who may come in, what is believed, and that it never blocks."""

import socket
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from kiosk.link.door import WAITING, Door
from kiosk.link.frames import framed, orders
from kiosk.wire import Deliver, Delivered, LinkEvent, LinkJoined, LinkParted


class Listener:
    def __init__(self, path: Path) -> None:
        self._news = threading.Condition()
        self.events: list[LinkEvent] = []
        self.door = Door(path, self._heard)

    def _heard(self, event: LinkEvent) -> None:
        with self._news:
            self.events.append(event)
            self._news.notify_all()

    def until(self, *wanted: LinkEvent) -> None:
        with self._news:
            assert self._news.wait_for(lambda: self.events == list(wanted), 20), self.events


@pytest.fixture
def loop(tmp_path: Path) -> Iterator[Listener]:
    listener = Listener(tmp_path / "door")
    yield listener
    listener.door.close()
    assert not (tmp_path / "door").exists()


@pytest.fixture
def link(tmp_path: Path, loop: Listener) -> Iterator[socket.socket]:
    with connected(tmp_path) as there:
        loop.until(LinkJoined())
        yield there


def connected(folder: Path) -> socket.socket:
    there = socket.socket(socket.AF_UNIX)
    there.settimeout(20)
    there.connect(str(folder / "door"))
    return there


def order(number: int, size: int = 10) -> Deliver:
    return Deliver(number, f"s{number}", "sale", b"x" * size)


def test_without_a_link_an_order_is_not_taken(loop: Listener) -> None:
    assert not loop.door.send(order(1))


def test_orders_and_events_pass(loop: Listener, link: socket.socket) -> None:
    assert loop.door.send(order(1))
    assert orders().feed(link.recv(4096)) == [order(1)]
    link.sendall(framed(Delivered(1)) + framed(Delivered(2)))
    loop.until(LinkJoined(), Delivered(1), Delivered(2))


def test_a_link_that_goes_is_missed(loop: Listener, link: socket.socket) -> None:
    link.sendall(framed(Delivered(1)))
    link.close()
    loop.until(LinkJoined(), Delivered(1), LinkParted())
    assert not loop.door.send(order(1))


def test_a_later_link_takes_the_place_of_the_first(
    loop: Listener, link: socket.socket, tmp_path: Path
) -> None:
    with connected(tmp_path) as second:
        loop.until(LinkJoined(), LinkParted(), LinkJoined())
        assert link.recv(1) == b""
        assert loop.door.send(order(2))
        assert orders().feed(second.recv(4096)) == [order(2)]


@pytest.mark.parametrize("data", [b"\xff\xff\xff\xff", framed(order(1)), b"\x00\x00\x00\x03abc"])
def test_whoever_speaks_another_language_is_shown_out(
    loop: Listener, link: socket.socket, data: bytes, tmp_path: Path
) -> None:
    link.sendall(data)
    loop.until(LinkJoined(), LinkParted())
    with connected(tmp_path):
        loop.until(LinkJoined(), LinkParted(), LinkJoined())


def test_a_link_that_does_not_read_never_blocks_the_loop(loop: Listener, link: socket.socket) -> None:
    taken = 0
    while loop.door.send(order(taken, size=5000)):
        taken += 1
    assert WAITING <= taken
    frames, found = orders(), []
    while len(found) < taken:
        found += frames.feed(link.recv(1 << 20))
    assert found == [order(n, size=5000) for n in range(taken)]


def test_only_owner_and_group_may_knock(loop: Listener, tmp_path: Path) -> None:
    assert (tmp_path / "door").stat().st_mode & 0o777 == 0o660
