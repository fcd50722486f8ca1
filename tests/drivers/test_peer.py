"""A line, a worker and a peer together, over the loopback."""

import queue

import pytest

from drivers.line import Line, LineLost, open_line
from drivers.simulated.peer import GARBAGE, Peer
from drivers.worker import Emit, Orders, Worker
from kiosk.checkout.effects import Beep, Deed
from kiosk.checkout.events import Event
from kiosk.checkout.passed import DeviceSeen, Faded
from kiosk.checkout.session import Device, Health

PATIENCE = 20.0


class Echo(Peer):
    """Says every byte back."""

    def received(self, data: bytes) -> None:
        self.send(data)


def gathered(line: Line, size: int) -> bytes:
    data = b""
    while len(data) < size:
        more = line.read(PATIENCE)
        assert more, f"only {data!r}"
        data += more
    return data


@pytest.fixture
def peer():
    with Echo() as echo:
        yield echo


@pytest.fixture
def line(peer):
    line = open_line(peer.port)
    yield line
    line.close()


def test_bytes_go_out_and_in(line, peer):
    line.write(b"hello")
    assert gathered(line, 5) == b"hello"


def test_a_split_answer_is_whole_again(line, peer):
    peer.faults.split = (1, 2)
    line.write(b"hello")
    assert gathered(line, 5) == b"hello"


def test_frames_are_corrupted_doubled_and_preceded_by_noise_once(line, peer):
    peer.faults.corrupt()
    line.write(b"AAA")
    assert gathered(line, 3) == b"AIA"
    peer.faults.duplicate()
    line.write(b"AB")
    assert gathered(line, 4) == b"ABAB"
    peer.faults.garbage()
    line.write(b"AB")
    assert gathered(line, 7) == GARBAGE + b"AB"
    line.write(b"AB")
    assert gathered(line, 2) == b"AB"


def test_a_dropped_answer_never_comes(line, peer):
    line.write(b"first")
    assert gathered(line, 5) == b"first"
    peer.faults.drop()
    peer.send(b"lost")
    peer.send(b"kept")
    assert gathered(line, 4) == b"kept"


def test_a_read_without_bytes_is_empty(line):
    assert line.read(0) == b""


def test_all_bytes_are_delivered_before_the_loss(line, peer):
    peer.later(0, lambda: (peer._say(b"last words"), peer.unplug()))
    assert gathered(line, 10) == b"last words"
    with pytest.raises(LineLost):
        line.read(PATIENCE)


def test_an_unplugged_peer_refuses_and_comes_back_under_its_port(peer):
    peer.unplug()
    with pytest.raises(LineLost):
        open_line(peer.port)
    peer.replug()
    line = open_line(peer.port)
    line.write(b"again")
    assert gathered(line, 5) == b"again"
    line.close()


class Repeater:
    """A driver that says every run of bytes as Faded, and writes the name of every Beep."""

    def run(self, line: Line, orders: Orders, emit: Emit) -> None:
        while True:
            deed = orders.wait(line, PATIENCE)
            if isinstance(deed, Beep):
                if deed.sound == "crash":
                    raise RuntimeError("told to")
                line.write(deed.sound.encode())
            elif data := line.read(0):
                emit(DeviceSeen(Device("echo", Health.READY)))
                emit(Faded(data.decode()))

    def refuse(self, deed: Deed) -> tuple[Event, ...]:
        return (Faded("refused"),)


def test_a_worker_lives_through_unplug_replug_and_a_crash(peer):
    events: queue.Queue[Event] = queue.Queue()
    worker = Worker("echo", lambda: open_line(peer.port), Repeater(), events.put)
    worker.start()

    def health() -> Health:
        event = events.get(timeout=PATIENCE)
        assert isinstance(event, DeviceSeen)
        return event.device.health

    worker.order(Beep("one"))
    assert health() is Health.READY
    assert events.get(timeout=PATIENCE) == Faded("one")

    peer.unplug()
    assert health() is Health.OFFLINE
    worker.order(Beep("two"))
    while (seen := events.get(timeout=PATIENCE)) != Faded("refused"):
        assert isinstance(seen, DeviceSeen)

    peer.replug()
    while True:
        worker.order(Beep("three"))
        seen = events.get(timeout=PATIENCE)
        if isinstance(seen, DeviceSeen) and seen.device.health is Health.READY:
            break
    while events.get(timeout=PATIENCE) != Faded("three"):
        pass
    assert worker.stop(PATIENCE)


def test_a_crash_is_reported_and_the_driver_restarted(peer, caplog):
    events: queue.Queue[Event] = queue.Queue()
    worker = Worker("echo", lambda: open_line(peer.port), Repeater(), events.put)
    worker.start()
    worker.order(Beep("crash"))
    assert events.get(timeout=PATIENCE) == DeviceSeen(
        Device("echo", Health.FAULT, "RuntimeError, see the log")
    )
    assert worker.stop(PATIENCE)
    assert "told to" in caplog.text
