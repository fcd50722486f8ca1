"""One request, one connection: a terminal is called, heard to its end, and hung up on."""

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from drivers.line import Line, LineLost
from drivers.terminals.caisse.messages import Message, Stream, is_answer
from drivers.terminals.caisse.redact import legible
from drivers.terminals.caisse.tags import LINE_END, CaisseError, written
from drivers.terminals.desk import Desk

log = logging.getLogger(__name__)


class Dial:
    """What the worker opens and closes: not a line, but the means to open one."""

    def __init__(self, connect: Callable[[], Line]) -> None:
        self._connect = connect

    @contextmanager
    def call(self) -> Iterator[Line]:
        """A connection of its own. Raises LineLost if there is none; nothing was sent then."""
        line = self._connect()
        try:
            yield line
        finally:
            line.close()

    def close(self) -> None:
        """Nothing is open between two calls."""


class Talk:
    """How requests are put and answers heard, whichever they are."""

    def __init__(self, dial: Dial, desk: Desk, quiet: float, newline: bool) -> None:
        self.call = dial.call
        self._dial, self._desk = dial, desk
        self._quiet, self._newline = quiet, newline

    def ask(self, request: Message, within: float) -> Message | None:
        """A call for one question. Raises LineLost only if nothing was sent."""
        with self._dial.call() as line:
            return self.put(line, request, within)

    def put(self, line: Line, request: Message, within: float) -> Message | None:
        """Put a request and hear it out: the answer, None if there is no whole one within so many seconds."""
        data = written(request.tags)
        log.debug("till: %s", legible(data))
        stream, until = Stream(), self._desk.now + within
        try:
            line.write(data + (LINE_END if self._newline else b""))
            self._hear(line, stream, until)
        except (LineLost, CaisseError) as end:
            log.debug("terminal: %s", end)
            if isinstance(end, CaisseError):
                return None
        answer = stream.final
        if answer is None or stream.contradicts or not is_answer(answer):
            return None
        return answer

    def _hear(self, line: Line, stream: Stream, until: float) -> None:
        """Read until a whole answer is followed by nothing for a while, the time is up, or the line is lost."""
        end = until
        while (left := end - self._desk.now) > 0:
            if data := line.read(0):
                log.debug("terminal: %s", legible(data))
                stream.feed(data)
                whole = stream.final is not None and is_answer(stream.final)
                end = min(until, self._desk.now + self._quiet) if whole else until
            else:
                self._desk.watch(line, left)
