"""ZVT on a serial line (PA00P016): each APDU in a frame with a CRC, which the other end acknowledges."""

from drivers.line import Clock, Line, LineLost
from drivers.terminals.zvt.fields import ZvtError
from drivers.terminals.zvt.frames import ACK, NAK, SerialFrames, serial_read, serial_written

T2 = 5.0  # seconds to the acknowledgement of a frame
REPEATS = 2


class SerialLine:
    """A line that takes and gives bare APDUs, as TCP does, over one that carries frames.

    A frame whose acknowledgement got lost comes twice; what is out of turn then is found where APDUs are read.
    """

    def __init__(self, line: Line, clock: Clock) -> None:
        self._line, self._clock = line, clock
        self._frames = SerialFrames()
        self._apdus = b""
        self._answers = b""

    def fileno(self) -> int:
        return self._line.fileno()

    def read(self, timeout: float) -> bytes:
        if not self._apdus:
            self._take(self._line.read(timeout))
        apdus, self._apdus = self._apdus, b""
        return apdus

    def write(self, data: bytes) -> None:
        """Send one APDU until it is acknowledged; LineLost after two repeats."""
        for _ in range(1 + REPEATS):
            self._answers = b""
            self._line.write(serial_written(data))
            until = self._clock.now() + T2
            while not self._answers and (left := until - self._clock.now()) > 0:
                self._take(self._line.read(left))
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
                self._apdus += serial_read(found)
            except ZvtError:
                self._line.write(NAK)
            else:
                self._line.write(ACK)
