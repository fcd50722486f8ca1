"""The same terminal on a serial line: frames, acknowledgements and repeats below, the same payments above."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drivers.line import Clock, LineLost
from drivers.simulated.terminal import Fault
from drivers.terminals.zvt.frames import ACK, NAK, SerialFrames, serial_written
from drivers.terminals.zvt.serial import SerialLine
from kiosk.checkout.money import Outcome

AUTH = bytes.fromhex("06010a04000000011010490978")
STREAM = [ACK, serial_written(bytes.fromhex("800000")), NAK, serial_written(AUTH)]


@pytest.fixture
def till(rig_of, serial_terminal):
    return rig_of(serial_terminal, framing="serial")


def test_a_payment(till, serial_terminal):
    assert till.pay().outcome is Outcome.APPROVED
    assert serial_terminal.book.charged == till.amount


@pytest.mark.parametrize("sizes", [(1,), (2, 3), (9,)])
def test_frames_in_pieces(rig_of, serial_terminal, sizes):
    serial_terminal.faults.split = sizes
    assert rig_of(serial_terminal, framing="serial").pay().outcome is Outcome.APPROVED


@pytest.mark.parametrize("fault", ["corrupt", "garbage", "duplicate", "drop"])
@pytest.mark.parametrize("how_many", [1, 2, 9])
def test_noise_on_the_line_never_makes_an_outcome_wrong(rig_of, serial_terminal, fault, how_many):
    serial_terminal.answer_seconds = 0.3
    till, paid = rig_of(serial_terminal, framing="serial", t1=5.0, t2=5.0, t3=40.0, t4=40.0, issue=1), 0
    for _ in range(3):
        getattr(serial_terminal.faults, fault)(how_many)
        result = till.settle()
        assert result.outcome is not Outcome.UNKNOWN
        approved = till.amount if result.outcome is Outcome.APPROVED else 0
        assert serial_terminal.book.charged == paid + approved
        paid = serial_terminal.book.charged


class Scripted:
    """A line whose other end says these things in turn, whatever it hears."""

    def __init__(self, *says):
        self.says, self.heard = list(says), []

    def read(self, timeout):
        return self.says.pop(0) if self.says else b""

    def write(self, data):
        self.heard.append(data)


def test_a_damaged_frame_is_asked_for_again():
    damaged = STREAM[3][:-1] + b"\x00"
    line = Scripted(damaged, STREAM[3])
    serial = SerialLine(line, Hurry())
    assert serial.read(0) == b"" and line.heard == [NAK]
    assert serial.read(0) == AUTH and line.heard == [NAK, ACK]


def test_a_frame_is_said_again_until_it_is_acknowledged_or_twice_more():
    line = Scripted(NAK, ACK)
    SerialLine(line, Hurry()).write(AUTH)
    assert line.heard == [STREAM[3]] * 2
    line = Scripted(NAK, NAK, NAK, ACK)
    with pytest.raises(LineLost):
        SerialLine(line, Hurry()).write(AUTH)
    assert line.heard == [STREAM[3]] * 3


def test_silence_after_a_frame_ends():
    line = Scripted()
    with pytest.raises(LineLost):
        SerialLine(line, Hurry()).write(AUTH)
    assert line.heard == [STREAM[3]] * 3


def test_what_comes_with_the_acknowledgement_is_kept():
    line = Scripted(ACK + STREAM[1])
    serial = SerialLine(line, Hurry())
    serial.write(AUTH)
    assert serial.read(0) == bytes.fromhex("800000")


class Hurry(Clock):
    """A second passes whenever somebody looks."""

    def __init__(self):
        self.time = 0.0

    def now(self):
        self.time += 1.0
        return self.time


@pytest.mark.parametrize("step", range(18, 32))
@pytest.mark.parametrize("fault", [Fault.CUT_BEFORE, Fault.CUT_AFTER])
def test_a_cable_pulled_anywhere(rig_of, serial_terminal, step, fault):
    serial_terminal.script = {step: fault}
    till = rig_of(serial_terminal, framing="serial")
    result = till.settle()
    assert result.outcome is not Outcome.UNKNOWN
    assert serial_terminal.book.charged == (till.amount if result.outcome is Outcome.APPROVED else 0)


def test_a_stream_cut_anywhere_is_the_same_frames():
    stream = b"".join(STREAM)
    for cut in range(len(stream)):
        frames = SerialFrames()
        assert [*frames.feed(stream[:cut]), *frames.feed(stream[cut:])] == STREAM


def test_a_frame_begun_anew_takes_the_place_of_the_first():
    frames = SerialFrames()
    assert list(frames.feed(STREAM[3][:9] + STREAM[3])) == [STREAM[3]]


@given(st.binary(max_size=60))
def test_noise_never_raises(noise):
    list(SerialFrames().feed(noise))
