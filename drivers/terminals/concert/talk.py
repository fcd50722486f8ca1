"""The till's side of a Concert line: half duplex, one byte asks, one byte answers, and every wait has a deadline."""

import logging
from enum import Enum

from drivers.line import Line
from drivers.terminals.concert.layout import (
    ACK,
    ENQ,
    EOT,
    NAK,
    STX,
    Answer,
    Ask,
    ConcertError,
    decode,
    encode,
    legible,
    whole,
)
from drivers.terminals.desk import Desk

log = logging.getLogger(__name__)

TRIES = 3


class Put(Enum):
    """What became of a request. UNSURE: the terminal may have it; it is never sent again then."""

    TAKEN = "acknowledged"
    REFUSED = "not understood, however often"
    UNSURE = "neither"


class Talk:
    """One line. `byte` is how long the other end may take for any byte, in seconds. Raises LineLost."""

    def __init__(self, line: Line, desk: Desk, byte: float) -> None:
        self._line, self._desk, self._byte = line, desk, byte
        self._buffer = b""
        self.unasked: list[Answer] = []

    def knock(self) -> bool:
        """Ask for the line: whether it is ours now. A terminal with a result of its own to tell is heard first."""
        self._say(ENQ)
        until = self._desk.now + self._byte
        while (byte := self._next(until)) is not None:
            if byte == ACK:
                return True
            if byte == NAK:
                return False
            if byte == ENQ:
                self._take_unasked()
                self._say(ENQ)
                until = self._desk.now + self._byte
        return False

    def leave(self) -> None:
        """End a session of ours."""
        self._say(EOT)

    def put(self, ask: Ask) -> Put:
        """Send a request on a line that is ours; again only if the terminal says that it did not understand it."""
        put = Put.UNSURE
        for _ in range(TRIES):
            self._say(encode(ask))
            put = self._acknowledged()
            if put is not Put.REFUSED:
                break
        self.leave()
        return put

    def _acknowledged(self) -> Put:
        until = self._desk.now + self._byte
        while (byte := self._next(until)) is not None:
            if byte in (ACK, NAK):
                return Put.TAKEN if byte == ACK else Put.REFUSED
        return Put.UNSURE

    def hear(self, until: float) -> Answer | None:
        """The terminal's result, not yet acknowledged; None if none comes by then, or none that can be read."""
        while (byte := self._next(until)) is not None:
            if byte == ENQ:
                self._say(ACK)
                return self._answer()
        return None

    def acknowledge(self, answer: Answer) -> bool:
        """Say that a result was taken; whether the terminal has heard that, and said nothing else meanwhile."""
        self._say(ACK)
        until = self._desk.now + self._byte
        while (byte := self._next(until)) is not None:
            if byte == EOT:
                return True
            if byte == STX:
                self._buffer = STX + self._buffer
                if self._answer() != answer:
                    return False
                self._say(ACK)
        return False

    def listen(self) -> bool:
        """Nothing was asked: take a result that comes all the same. Whether anything came."""
        came = False
        while (byte := self._next(self._desk.now)) is not None:
            came = True
            if byte == ENQ:
                self._take_unasked()
        return came

    def _take_unasked(self) -> None:
        self._say(ACK)
        if (answer := self._answer()) is not None and self.acknowledge(answer):
            self.unasked.append(answer)

    def _answer(self) -> Answer | None:
        """A frame, asked for again while it is damaged; None if it stays so, or does not come."""
        for _ in range(TRIES):
            frame = self._frame()
            if not frame:
                return None
            try:
                message = decode(frame)
            except ConcertError:
                self._buffer = b""
                self._say(NAK)
                continue
            return message if isinstance(message, Answer) else None
        return None

    def _frame(self) -> bytes:
        """As many bytes as a frame has, or what came until nothing more did; empty if nothing did."""
        until = self._desk.now + self._byte
        while (byte := self._next(until)) not in (STX, None):
            pass
        frame = byte or b""
        while byte is not None and len(frame) != whole(frame):
            byte = self._next(self._desk.now + self._byte)
            frame += byte or b""
        if frame:
            log.debug("terminal: %s", legible(frame))
        return frame

    def _next(self, until: float) -> bytes | None:
        """One byte, None if there is none by then."""
        while not self._buffer:
            self._buffer = self._line.read(0)
            if not self._buffer:
                if (left := until - self._desk.now) <= 0:
                    return None
                self._desk.watch(self._line, left)
        byte, self._buffer = self._buffer[:1], self._buffer[1:]
        return byte

    def _say(self, data: bytes) -> None:
        log.debug("till: %s", legible(data))
        self._line.write(data)
