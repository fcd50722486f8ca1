"""The till's side of the exchanges with a terminal: several may be open, each answer is told by its number."""

import logging
from collections import deque
from collections.abc import Callable
from enum import Enum

from drivers.line import Line, LineLost
from drivers.terminals.desk import Desk
from drivers.terminals.nexo.frames import Frame, Frames, How, framed
from drivers.terminals.nexo.messages import Answer, MessageHeader, NexoError, Request, decode, encode
from drivers.terminals.nexo.redact import redacted
from kiosk.checkout.effects import Deed

log = logging.getLogger(__name__)


class Silence(Enum):
    """Why there is no answer. Only with UNSENT is it certain that the terminal has not got the request."""

    UNSENT = "it could not be sent"
    LOST = "its answer was lost"
    LATE = "its answer is late"
    ALIEN = "its answer is not one"
    REJECTED = "it was rejected"


class Talk:
    """One line. Orders that come amid an exchange wait at the desk, unless `meanwhile` takes them.

    `stray` is told of frames that answer no exchange waited for. Whoever says what is no frame has lost the line.
    """

    def __init__(self, line: Line, desk: Desk) -> None:
        self.meanwhile: Callable[[Deed], bool] = lambda deed: False
        self.stray: Callable[[Frame], None] = lambda frame: None
        self._line, self._desk = line, desk
        self._number = 0
        self._frames = Frames()
        self._heard: deque[Frame] = deque()

    def next_order(self, timeout: float) -> Deed | None:
        """What to do next; None after so many seconds, or when a stray frame has been dealt with."""
        if not self._heard:
            deed = self._desk.next_order(timeout, self._line)
            if deed is not None:
                return deed
            self._read()
        while self._heard:
            self.stray(self._heard.popleft())
        return None

    def begin(self, request: Request) -> int:
        """Send a request as a new exchange, and do not wait for its answer; the exchange's number."""
        body = encode(request)
        log.debug("till: %s", redacted(body).decode())
        self._number += 1
        self._line.write(framed(Frame(self._number, How.BODY, body)))
        return self._number

    def end(self, number: int, header: MessageHeader, patience: float) -> Answer | Silence:
        """The answer to that exchange within so many seconds. Raises LineLost."""
        until = self._desk.now + patience
        while True:
            while self._heard:
                frame = self._heard.popleft()
                if frame.number == number:
                    return answered(frame, header)
                self.stray(frame)
            if (left := until - self._desk.now) <= 0:
                return Silence.LATE
            kept = len(self._desk.later)
            self._desk.watch(self._line, left)
            if len(self._desk.later) > kept and self.meanwhile(self._desk.later[-1]):
                self._desk.later.pop()
            self._read()

    def _read(self) -> None:
        try:
            self._heard.extend(self._frames.feed(self._line.read(0)))
        except NexoError as error:
            raise LineLost(f"what came is no frame: {error}") from error


def answered(frame: Frame, header: MessageHeader) -> Answer | Silence:
    """What a frame says to the request with that header."""
    match frame.how:
        case How.UNSENT:
            log.info("not sent: %s", frame.body.decode("utf-8", "replace"))
            return Silence.UNSENT
        case How.LOST:
            log.info("no answer: %s", frame.body.decode("utf-8", "replace"))
            return Silence.LOST
    log.debug("terminal: %s", redacted(frame.body).decode())
    try:
        message = decode(frame.body)
    except NexoError as error:
        log.warning("%s", error)
        return Silence.ALIEN
    if isinstance(message, Request):
        event = message.event_notification
        log.warning(
            "instead of an answer: %s", f"{event.event_to_notify} {event.event_details}" if event else "?"
        )
        return Silence.REJECTED
    told, asked = message.message_header, header
    same = (told.message_category, told.service_id, told.sale_id, told.poiid) == (
        asked.message_category,
        asked.service_id,
        asked.sale_id,
        asked.poiid,
    )
    return message if same else Silence.ALIEN
