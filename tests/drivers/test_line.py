"""Lines: what is received is delivered, what is lost is LineLost, what is taped is redacted."""

import json
import os
import pty
import socket
import termios
from pathlib import Path

import pytest

from drivers.line import FileLine, Line, LineLost, Tape, TtyLine, masked, open_line
from tests.drivers.rig import FlyClock

PATIENCE = 20.0


def pair(tape: Tape | None = None, clock: FlyClock | None = None) -> tuple[FileLine, socket.socket]:
    ours, theirs = socket.socketpair()
    return FileLine(ours.detach(), "pair", tape=tape, clock=clock or FlyClock()), theirs


def whole(line: Line, size: int) -> bytes:
    data = b""
    while len(data) < size:
        data += line.read(PATIENCE)
    return data


@pytest.mark.parametrize(
    "port",
    ["socket://nohost", "socket://127.0.0.1:x", "socket://:1", "/dev/no/such/device", "tape://no/such/tape"],
)
@pytest.mark.parametrize("baud", [None, 9600])
def test_what_cannot_be_opened_is_lost(port, baud):
    with pytest.raises(LineLost):
        open_line(port, baud=baud)


def test_a_closed_line_delivers_what_it_had_and_then_is_lost():
    line, theirs = pair()
    theirs.sendall(b"last words")
    theirs.close()
    assert line.read(0) == b"last words"
    for _ in range(2):
        with pytest.raises(LineLost, match="closed by the other end"):
            line.read(0)
    line.close()


def test_writing_to_a_closed_line_first_gives_what_came_before():
    line, theirs = pair()
    theirs.sendall(b"result")
    theirs.close()
    line.write(b"ack")
    assert line.read(0) == b"result"
    with pytest.raises(LineLost):
        line.write(b"ack")
    line.close()
    line.close()


def test_a_line_that_takes_no_bytes_is_lost_and_does_not_wait_for_ever():
    line, theirs = pair()
    with pytest.raises(LineLost, match="takes no bytes"):
        line.write(b"x" * 10_000_000)
    line.close()
    theirs.close()


def test_drain_throws_away_what_was_received():
    line, theirs = pair()
    theirs.sendall(b"stale")
    line.drain()
    assert line.read(0) == b""
    line.close()
    theirs.close()


def test_a_socket_has_no_modem_lines():
    line, theirs = pair()
    with pytest.raises(LineLost, match="modem"):
        line.modem(dtr=False)
    line.close()
    theirs.close()


def test_a_pipe_is_read_raw(tmp_path: Path):
    fifo = tmp_path / "node"
    os.mkfifo(fifo)
    line = open_line(str(fifo))
    with fifo.open("wb") as writer:
        writer.write(b"records")
    assert line.read(PATIENCE) == b"records"
    line.close()


@pytest.fixture
def terminal():
    ours, theirs = pty.openpty()
    yield ours, os.ttyname(theirs)
    os.close(theirs)
    os.close(ours)


def test_a_serial_line_both_ways(terminal):
    ours, name = terminal
    line = open_line(name, baud=9600)
    assert line.read(0) == line.read(0.001) == b""
    line.drain()
    line.write(b"W")
    assert os.read(ours, 10) == b"W"
    os.write(ours, b"\x0201.250\r")
    assert whole(line, 8) == b"\x0201.250\r"
    line.close()


def test_a_serial_line_that_is_pulled_out_is_lost():
    ours, theirs = pty.openpty()
    line = open_line(os.ttyname(theirs), baud=9600)
    os.close(theirs)
    os.close(ours)
    with pytest.raises(LineLost):
        line.read(PATIENCE)
    with pytest.raises(LineLost):
        line.write(b"W")
    line.close()


def test_a_serial_line_is_opened_once(terminal):
    line = open_line(terminal[1], baud=9600)
    with pytest.raises(LineLost):
        open_line(terminal[1], baud=9600)
    line.close()


def test_parity_is_checked_where_there_is_any(terminal):
    line = open_line(terminal[1], baud=9600, bytesize=7, parity="E")
    assert isinstance(line, TtyLine)
    modes = termios.tcgetattr(line.fileno())
    assert modes[0] & termios.INPCK and not modes[0] & (termios.IGNPAR | termios.PARMRK)
    line.close()


# ---- tapes


def rows(path: Path) -> list[tuple[int, str, bytes]]:
    entries = [json.loads(row) for row in path.read_text().splitlines()]
    return [(entry["t_ms"], entry["dir"], bytes.fromhex(entry["hex"])) for entry in entries]


def test_a_tape_is_written_run_by_run_and_redacted(tmp_path: Path):
    clock = FlyClock()
    path = tmp_path / "tape"
    line, theirs = pair(Tape(path, lambda run: run.replace(b"4111", b"****"), clock), clock)
    line.write(b"W")
    clock.time += 0.02
    for part in (b"4", b"11", b"1\r"):
        theirs.sendall(part)
        assert line.read(0) == part
    clock.time += 1
    line.write(b"W")
    line.close()
    theirs.close()
    assert rows(path) == [(0, "out", b"W"), (20, "in", b"****\r"), (1020, "out", b"W")]


def test_without_a_redaction_only_lengths_are_taped(tmp_path: Path):
    listener = socket.create_server(("127.0.0.1", 0))
    path = tmp_path / "tape"
    line = open_line(f"socket://127.0.0.1:{listener.getsockname()[1]}", record=path)
    line.write(b"secret")
    line.close()
    listener.close()
    assert [row[2] for row in rows(path)] == [masked(b"secret")] == [b"******"]


def test_a_tape_that_cannot_be_written_costs_no_device(tmp_path: Path):
    line, theirs = pair(Tape(Path("/dev/full"), masked, FlyClock()))
    line.write(b"W")
    theirs.sendall(b"answer")
    assert line.read(0) == b"answer"
    line.close()
    theirs.close()
    with pytest.raises(LineLost):
        open_line("socket://127.0.0.1:1", record=tmp_path / "no" / "folder")


def replayed(tmp_path: Path, *entries: tuple[str, bytes]) -> Line:
    path = tmp_path / "tape"
    path.write_text(
        "".join(json.dumps({"t_ms": 0, "dir": d, "hex": data.hex()}) + "\n" for d, data in entries)
    )
    return open_line(f"tape://{path}")


def test_a_tape_answers_as_it_was_answered(tmp_path: Path):
    line = replayed(tmp_path, ("out", b"W"), ("in", b"\x0200.005\r"), ("out", b"W"), ("in", b"\x02?A\r"))
    assert line.read(0) == b""
    line.write(b"W")
    assert line.read(0) == b"\x0200.005\r"
    assert line.read(0) == b""
    line.write(b"W")
    assert line.read(0) == b"\x02?A\r"
    with pytest.raises(LineLost):
        line.read(0)
    with pytest.raises(LineLost, match="at its end"):
        line.write(b"W")
    line.close()


def test_a_long_tape_is_played_whole(tmp_path: Path):
    data = bytes(range(256)) * 8192
    line = replayed(tmp_path, ("in", data))
    assert whole(line, len(data)) == data
    line.close()


@pytest.mark.parametrize("text", ["{", "[]", '{"dir": "in"}', '{"dir": "in", "hex": "zz"}'])
def test_what_is_no_tape_is_said_so(tmp_path: Path, text: str):
    path = tmp_path / "tape"
    path.write_text(text)
    with pytest.raises(LineLost, match="not a tape"):
        open_line(f"tape://{path}")


def test_what_was_not_delivered_over_tcp_is_given_up_and_never_arrives_late():
    with socket.create_server(("127.0.0.1", 0)) as server:
        line = open_line(f"socket://127.0.0.1:{server.getsockname()[1]}")
        with socket.socket(fileno=os.dup(line.fileno())) as same:
            assert same.getsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT) == 3000
        line.close()
