"""Bytes out and in: the only opener of client lines (serial, TCP, input nodes, tapes)."""

import json
import os
import select
import socket
import termios
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Annotated, Literal, Protocol

from msgspec import Meta, Struct

CONNECT_SECONDS = 2.0
WRITE_SECONDS = 2.0
UNDELIVERED_MILLIS = 3000
READ_BYTES = 4096
TAPE_BYTES = 65536
HOUR = 3600.0


class LineLost(Exception):  # noqa: N818
    """The line cannot be opened, is closed, or is unplugged. The only error that a line raises."""


class Absent(LineLost):
    """There is no such device on this machine, and trying again will not bring it."""


class Clock:
    """Monotonic seconds, and the only place where a driver waits. Tests replace it to let time fly."""

    def now(self) -> float:
        return time.monotonic()

    def wait(self, files: Sequence[int], timeout: float, *, writing: bool = False) -> list[int]:
        """Those of `files` that can be read (or written) without blocking; [] after `timeout` seconds, or an hour."""
        poll = select.poll()
        for file in files:
            poll.register(file, select.POLLOUT if writing else select.POLLIN)
        return [file for file, _ in poll.poll(min(max(0.0, timeout), HOUR) * 1000)]

    def connect(self, address: tuple[str, int], timeout: float) -> socket.socket:
        """A TCP connection, waiting `timeout` seconds for it. Raises OSError."""
        connection = socket.create_connection(address, timeout)
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        # what the other end has not confirmed by then never arrives, not even after this process has ended
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, UNDELIVERED_MILLIS)
        return connection


CLOCK = Clock()


class Line(Protocol):
    """What a driver has of its device."""

    def read(self, timeout: float) -> bytes:
        """Whatever is there, waiting `timeout` seconds for the first byte; b"" if none came."""

    def write(self, data: bytes) -> None:
        """All of `data`; blocks for WRITE_SECONDS at most."""

    def drain(self) -> None:
        """Throw away what has been received and not read, so that a late answer is not taken for the next."""

    def modem(self, *, dtr: bool | None = None, rts: bool | None = None) -> None:
        """Set modem lines; LineLost where the line has none."""

    def fileno(self) -> int: ...

    def close(self) -> None: ...


def masked(run: bytes) -> bytes:
    """The redaction of a device whose codec has none: only the length is left."""
    return b"*" * len(run)


class Tape:
    """A recording as JSON lines {"t_ms": since opening, "dir": "out" or "in", "hex": bytes}.

    Bytes of one direction are gathered until the other one speaks or the line is quiet, and pass the codec's
    `redact(run) -> bytes` before they are written. A run may be cut anywhere, so `redact` must mask whatever
    it does not know as a whole and harmless frame.
    """

    def __init__(self, path: Path, redact: Callable[[bytes], bytes], clock: Clock) -> None:
        self._file = path.open("a", encoding="ascii")
        self._redact = redact
        self._clock = clock
        self._opened = self._since = clock.now()
        self._direction = ""
        self._run = bytearray()

    def note(self, direction: str, data: bytes) -> None:
        if direction != self._direction or len(self._run) > TAPE_BYTES:
            self.flush()
            self._since = self._clock.now()
        self._direction = direction
        self._run += data

    def flush(self) -> None:
        if self._run:
            entry = {
                "t_ms": int((self._since - self._opened) * 1000),
                "dir": self._direction,
                "hex": self._redact(bytes(self._run)).hex(),
            }
            self._run.clear()
            with suppress(OSError):  # a full disk costs the tape, not the device
                self._file.write(json.dumps(entry) + "\n")
                self._file.flush()
        self._direction = ""

    def close(self) -> None:
        self.flush()
        with suppress(OSError):
            self._file.close()


class FileLine:
    """A line over one non-blocking file descriptor: a tty, a socket, an input node, a pipe."""

    def __init__(
        self,
        file: int,
        name: str,
        *,
        close: Callable[[], None] | None = None,
        tape: Tape | None = None,
        clock: Clock = CLOCK,
    ) -> None:
        os.set_blocking(file, False)
        self.name = name
        self._file = file
        self._close: Callable[[], None] | None = close or (lambda: os.close(file))
        self._tape = tape
        self._clock = clock
        self._left = b""

    def fileno(self) -> int:
        return self._file

    def read(self, timeout: float) -> bytes:
        data = self._now()
        if data is None and self._clock.wait([self._file], timeout):
            data = self._now()
        if data is None:
            if self._tape:
                self._tape.flush()
            return b""
        if self._tape:
            self._tape.note("in", data)
        return data

    def _now(self) -> bytes | None:
        if self._left:
            data, self._left = self._left, b""
            return data
        try:
            data = os.read(self._file, READ_BYTES)
        except BlockingIOError:
            return None
        except OSError as error:
            raise LineLost(f"{self.name}: {error.strerror}") from error
        if not data:
            raise LineLost(f"{self.name}: closed by the other end")
        return data

    def write(self, data: bytes) -> None:
        if self._tape:
            self._tape.note("out", data)
        until = self._clock.now() + WRITE_SECONDS
        rest = memoryview(data)
        while rest:
            try:
                rest = rest[os.write(self._file, rest) :]
            except BlockingIOError:
                left = until - self._clock.now()
                if left <= 0 or not self._clock.wait([self._file], left, writing=True):
                    raise LineLost(f"{self.name}: takes no bytes") from None
            except OSError as error:
                self._left = self._now() or b""  # what came before the loss is still delivered
                if not self._left:
                    raise LineLost(f"{self.name}: {error.strerror}") from error
                return

    def drain(self) -> None:
        while (data := self._now()) is not None:
            if self._tape:
                self._tape.note("in", data)

    def modem(self, *, dtr: bool | None = None, rts: bool | None = None) -> None:
        raise LineLost(f"{self.name}: no modem lines")

    def close(self) -> None:
        if self._close:
            with suppress(OSError):
                self._close()
            self._close = None
            if self._tape:
                self._tape.close()


def joined(name: str, tape: Tape | None = None, clock: Clock = CLOCK) -> tuple[FileLine, FileLine]:
    """Two ends of one line in this process: the driver's, which the tape records, and that of whoever carries on."""
    ours, theirs = socket.socketpair()
    return FileLine(ours.detach(), name, tape=tape, clock=clock), FileLine(theirs.detach(), name)


class TtyLine(FileLine):
    """A serial device opened by pyserial, which sets it up and does nothing else."""

    def __init__(
        self,
        port: str,
        baud: int,
        bytesize: int,
        parity: str,
        stopbits: float,
        tape: Tape | None,
        clock: Clock,
    ) -> None:
        import serial

        try:
            self._tty = serial.Serial(port, baud, bytesize, parity, stopbits, timeout=0, exclusive=True)
        except (OSError, ValueError) as error:
            raise LineLost(f"{port}: {error}") from error
        super().__init__(self._tty.fileno(), port, close=self._tty.close, tape=tape, clock=clock)
        self._set_up(parity != "N")

    def _set_up(self, parity: bool) -> None:
        """Two things that pyserial leaves: silence must not read as the end of file (VMIN), and a byte of wrong
        parity must not count (INPCK: it is read as NUL)."""
        try:
            modes = termios.tcgetattr(self._file)
            modes[6][termios.VMIN] = 1
            if parity:
                modes[0] = (modes[0] | termios.INPCK) & ~(termios.IGNPAR | termios.PARMRK)
            termios.tcsetattr(self._file, termios.TCSANOW, modes)
        except termios.error as error:
            raise LineLost(f"{self.name}: {error}") from error

    def modem(self, *, dtr: bool | None = None, rts: bool | None = None) -> None:
        try:
            if dtr is not None:
                self._tty.dtr = dtr
            if rts is not None:
                self._tty.rts = rts
        except OSError as error:
            raise LineLost(f"{self.name}: {error}") from error


class TapeLine(FileLine):
    """Replays a tape: what was received there comes again as soon as what was sent before it is sent again.

    Only how many bytes are sent is looked at, not which; a driver's test compares them itself. At the end the
    line is lost.
    """

    def __init__(self, path: Path, clock: Clock = CLOCK) -> None:
        try:
            entries = [json.loads(row) for row in path.read_text("ascii").splitlines()]
            self._entries = [(entry["dir"], bytes.fromhex(entry["hex"])) for entry in entries]
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise LineLost(f"{path}: not a tape: {error}") from error
        ours, self._theirs = socket.socketpair()
        self._theirs.setblocking(False)
        self._due = b""
        self._awaited = 0
        super().__init__(ours.detach(), f"tape {path.name}", clock=clock)
        self._play()

    def _play(self) -> None:
        while self._entries and self._awaited <= 0:
            direction, data = self._entries.pop(0)
            if direction == "out":
                self._awaited += len(data)
            else:
                self._due += data
        with suppress(BlockingIOError):
            while self._due:
                self._due = self._due[self._theirs.send(self._due) :]
        if self._over():
            self._theirs.shutdown(socket.SHUT_WR)

    def _over(self) -> bool:
        return not self._entries and not self._due and self._awaited <= 0

    def _now(self) -> bytes | None:
        data = super()._now()
        if self._due:
            self._play()
        return data

    def write(self, data: bytes) -> None:
        if self._over():
            raise LineLost(f"{self.name}: at its end")
        self._awaited -= len(data)
        self._play()

    def modem(self, *, dtr: bool | None = None, rts: bool | None = None) -> None:
        """Tapes do not have them."""

    def close(self) -> None:
        super().close()
        self._theirs.close()


def open_line(
    port: str,
    *,
    baud: int | None = None,
    bytesize: int = 8,
    parity: str = "N",
    stopbits: float = 1,
    writes: bool = False,
    record: Path | None = None,
    redact: Callable[[bytes], bytes] = masked,
    clock: Clock = CLOCK,
) -> Line:
    """The line behind `port`: a device path, `socket://host:port`, `unix://path` or `tape://file`. Raises LineLost.

    A path is a serial device if `baud` is given, and else opened raw: to read (an input node, a pipe), with
    `writes` also to write (/dev/usb/lp0). `parity` is N, E or O. `record` names a tape to append to, written
    through `redact`.
    """
    if port.startswith("tape://"):
        return TapeLine(Path(port.removeprefix("tape://")), clock)
    try:
        tape = Tape(record, redact, clock) if record else None
    except OSError as error:
        raise LineLost(f"{record}: {error.strerror}") from error
    try:
        if port.startswith("socket://"):
            return _connect(port, tape, clock)
        if port.startswith("unix://"):
            return _joined(port, tape, clock)
        if baud is not None:
            return TtyLine(port, baud, bytesize, parity, stopbits, tape, clock)
        access = os.O_RDWR if writes else os.O_RDONLY
        file = os.open(port, access | os.O_NONBLOCK | os.O_NOCTTY | os.O_CLOEXEC)
        return FileLine(file, port, tape=tape, clock=clock)
    except (OSError, LineLost) as error:
        if tape:
            tape.close()
        if isinstance(error, LineLost):
            raise
        raise LineLost(f"{port}: {error.strerror or error}") from error


class SerialConfig(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Where a device on a serial line is, and how the line is set; a driver's Config has its own defaults.

    `port`: /dev/serial/by-id/…, socket://host:port or tape://file. `baud` is bit/s. `record` names a tape.
    """

    port: Annotated[str, Meta(min_length=1)]
    baud: Annotated[int, Meta(ge=300, le=921600)] = 9600
    bytesize: Literal[7, 8] = 8
    parity: Literal["N", "E", "O"] = "N"
    stopbits: Literal[1, 2] = 1
    record: str = ""

    def open(self, redact: Callable[[bytes], bytes], clock: Clock = CLOCK) -> Line:
        return open_line(
            self.port,
            baud=self.baud,
            bytesize=self.bytesize,
            parity=self.parity,
            stopbits=self.stopbits,
            record=Path(self.record) if self.record else None,
            redact=redact,
            clock=clock,
        )


def _connect(port: str, tape: Tape | None, clock: Clock) -> FileLine:
    host, _, number = port.removeprefix("socket://").rpartition(":")
    if not host or not number.isdecimal():
        raise LineLost(f"{port}: not socket://host:port")
    connection = clock.connect((host.strip("[]"), int(number)), CONNECT_SECONDS)
    return FileLine(connection.detach(), port, tape=tape, clock=clock)


def _joined(port: str, tape: Tape | None, clock: Clock) -> FileLine:
    connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    connection.settimeout(CONNECT_SECONDS)
    try:
        connection.connect(port.removeprefix("unix://"))
    except OSError:
        connection.close()
        raise
    return FileLine(connection.detach(), port, tape=tape, clock=clock)
