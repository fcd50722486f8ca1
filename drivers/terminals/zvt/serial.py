"""ZVT on a serial line (PA00P016): each APDU in a frame with a CRC, which the other end acknowledges."""

from drivers.line import Clock, Line, LineLost
from drivers.terminals.zvt.fields import ZvtError
from drivers.terminals.zvt.frames import ACK, NAK, SerialFrames, serial_read, serial_written

REPEATS = 2
MOST_DAMAGED = 6  # in a row, before the line is given up


class SerialLine:
    """A line that takes and gives bare APDUs, as TCP does, over one that carries frames.

    `t1` is how long a frame may pause between two bytes, `t2` how long its acknowledgement may take, in seconds. A
    frame whose acknowledgement got lost comes twice: the same one again is dropped as long as nothing was said to
    it. What is out of turn later is found where APDUs are read.
    """

    def __init__(self, line: Line, clock: Clock, t1: float = 0.2, t2: float = 5.0) -> None:
        self._line, self._clock, self._t1, self._t2 = line, clock, t1, t2
        self._frames = SerialFrames()
        self._apdus = b""
        self._answers = b""
        self._last = b""
        self._damaged = 0

    def fileno(self) -> int:
        return self._line.fileno()

    def read(self, timeout: float) -> bytes:
        if not self._apdus:
            self._take(self._line.read(timeout))
            self._finish()
        apdus, self._apdus = self._apdus, b""
        return apdus

    def write(self, data: bytes) -> None:
        """Send one APDU until it is acknowledged; LineLost after two repeats."""
        self._last = b""
        for _ in range(1 + REPEATS):
            self._answers = b""
            self._line.write(serial_written(data))
            until = self._clock.now() + self._t2
            while not self._answers and (left := until - self._clock.now()) > 0:
                self._take(self._line.read(left))
                self._finish()
            if self._answers[:1] == ACK:
                return
        raise LineLost("no acknowledgement")

    def drain(self) -> None:
        self._line.drain()
        self._frames, self._apdus = SerialFrames(), b""

    def modem(self, *, dtr: bool | None = None, rts: bool | None = None) -> None:
        self._line.modem(dtr=dtr, rts=rts)

    def close(self) -> None:
        self._line.close()

    def _take(self, data: bytes) -> None:
        for found in self._frames.feed(data):
            if found in (ACK, NAK):
                self._answers += found
                continue
            try:
                apdu = serial_read(found)
            except ZvtError:
                self._refuse()
                continue
            self._damaged = 0
            self._line.write(ACK)
            if found != self._last:
                self._apdus += apdu
            self._last = found

    def _refuse(self) -> None:
        """Ask for a damaged frame again; LineLost where nothing but damaged ones comes."""
        self._damaged += 1
        if self._damaged > MOST_DAMAGED:
            raise LineLost("nothing but damaged frames")
        self._line.write(NAK)

    def _finish(self) -> None:
        """Wait for the rest of a frame that has begun; it is refused where a pause in it is too long."""
        while self._frames.begun:
            data = self._line.read(self._t1)
            if not data:
                self._frames = SerialFrames()
                self._refuse()
                return
            self._take(data)
