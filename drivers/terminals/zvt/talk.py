"""The till's side of a conversation in ZVT: one command at a time, and every wait has a deadline."""

import logging
from collections import deque
from collections.abc import Callable
from contextlib import suppress

from msgspec.structs import replace

from drivers.line import Line, LineLost
from drivers.terminals.zvt.fields import ZvtError
from drivers.terminals.zvt.frames import Apdus
from drivers.terminals.zvt.layout import Message
from drivers.terminals.zvt.messages import (
    NOT_YET,
    Abort,
    Break,
    Completion,
    IntermediateStatus,
    Negative,
    Other,
    Positive,
    StatusInformation,
    decode,
    encode,
)
from drivers.terminals.zvt.redact import redact
from drivers.worker import Orders
from kiosk.checkout.effects import Deed

log = logging.getLogger(__name__)

HARMLESS = {b"\x04\xff", b"\x06\xd1", b"\x06\xd3"}
"""What says nothing about money, and so need not be understood."""

QUIET = 0.2  # seconds in which nothing may follow a refusal
LAST_NUMBER = 0xFFFFFF

Ended = Completion | Abort | Negative
Answer = Callable[[Message], Message]


def received(_: Message) -> Message:
    """The answer to what needs none of its own."""
    return Positive()


class Talk:
    """One connection. Orders that come amid a command wait in `later`, unless `meanwhile` takes them.

    T3 is the time from a command to its first answer, T4 from one message to the next, in seconds. Whoever
    breaks them, or says what is no ZVT, has lost the line: nothing that comes later on it could be trusted.

    `numbered` says that the terminal has echoed our message sequence id (1F73). Then every command carries the next
    one and every answer that of what it answers, so that what comes twice is known as that. Nothing is made of gaps:
    terminals count their own messages differently.
    """

    def __init__(self, line: Line, orders: Orders, charset: str, t3: float, t4: float) -> None:
        self.later: deque[Deed] = deque()
        self.meanwhile: Callable[[Deed], bool] = lambda deed: False
        self._line, self._orders = line, orders
        self._charset, self._t3, self._t4 = charset, t3, t4
        self.breaks = 0
        self.numbered = False
        self._number = 0
        self._awaited: int | None = None
        self._answered: tuple[int | None, Message] = (None, Positive())
        self._apdus = Apdus()
        self._frames: deque[bytes] = deque()

    @property
    def now(self) -> float:
        return self._orders.clock.now()

    def next_order(self, timeout: float) -> Deed | None:
        """What to do next; None after so many seconds, or as soon as the terminal speaks unasked."""
        if self._frames:
            return None
        return self.later.popleft() if self.later else self._orders.wait(self._line, timeout)

    def forget(self, deed: Deed) -> None:
        """Drop that order if it has come already: it cannot be the answer to what is asked next."""
        while (early := self._orders.wait(None, 0.0)) is not None:
            self.later.append(early)
        self.later = deque(other for other in self.later if other != deed)

    def wait_for(self, timeout: float, *wanted: Deed) -> Deed | None:
        """The first of those orders to come within so many seconds; the others wait, and the terminal too."""
        until = self.now + timeout
        while True:
            for deed in self.later:
                if deed in wanted:
                    self.later.remove(deed)
                    return deed
            if (left := until - self.now) <= 0:
                return None
            if (deed_now := self._orders.wait(None, left)) is not None:
                self.later.append(deed_now)

    def say(self, message: Message) -> None:
        frame = encode(message, self._charset)
        log.debug("till: %s", redact(frame).hex(" "))
        self._line.write(frame)

    def hear(self, until: float) -> Message | None:
        """The terminal's next message, or None at that time. Raises LineLost for what is no ZVT."""
        try:
            while not self._frames:
                if data := self._line.read(0):
                    self._frames.extend(self._apdus.feed(data))
                    continue
                if (left := until - self.now) <= 0:
                    return None
                deed = self._orders.wait(self._line, left)
                if deed is not None and not self.meanwhile(deed):
                    self.later.append(deed)
            return self._decoded(self._frames.popleft())
        except ZvtError as error:
            raise LineLost(f"what came is no ZVT: {error}") from error

    def _decoded(self, frame: bytes) -> Message:
        log.debug("terminal: %s", redact(frame).hex(" "))
        try:
            return decode(frame, self._charset)
        except ZvtError:
            if frame[:2] in HARMLESS:
                return Other(command=frame[:2])
            raise

    def perform(self, command: Message, answer: Answer = received) -> Ended:
        """Have a command done, answering all that is said meanwhile; how it ended. Raises LineLost.

        Messages carry no number, so one too many would be taken for the answer to the next command, and an old
        result for a new one. Therefore whatever is out of turn loses the line.
        """
        self._command(command)
        until = self.now + self._t3
        while not isinstance(message := self._hear_or_lose(until, command), Positive):
            match message:
                case Negative():
                    if self.hear(self.now + QUIET) is not None:
                        raise LineLost(f"went on after refusing {type(command).__name__}")
                    return message
                case StatusInformation() | Completion() | Abort():
                    raise LineLost(
                        f"{type(message).__name__} before {type(command).__name__} was acknowledged"
                    )
                case _:
                    self.answer(message, Positive())
        until = self.now + self._t4
        while not isinstance(message := self._hear_or_lose(until, command), Completion | Abort):
            if isinstance(message, Positive | Negative):
                if not self.breaks:
                    raise LineLost(f"{type(message).__name__} out of turn")
                self.breaks -= 1
                continue
            self.answer(message, answer(message))
            until = self.now + self._patience(message)
        with suppress(LineLost):
            self.answer(message, Positive())
        self.breaks = 0
        return message

    def interrupt(self) -> None:
        """Wish the running command to end; the terminal may answer that, or not."""
        self.breaks += 1
        self.say(Break())

    def break_off(self) -> None:
        """Have the terminal end whatever it is still at, though nothing was begun on this connection."""
        self._command(Break())
        answered, until = False, self.now + self._t3
        while (message := self.hear(until)) is not None:
            match message:
                case Positive() | Negative():
                    answered, until = True, self.now + QUIET
                case StatusInformation():
                    raise LineLost("the result of something that was not begun here")
                case _:
                    self.answer(message, Positive())
        if not answered:
            raise LineLost("silent after Break")

    def answer(self, message: Message, word: Message) -> None:
        """Say the answer to what the terminal said."""
        self._answered = (message.msg_seq_id, word)
        self.say(replace(word, msg_seq_id=message.msg_seq_id) if self.numbered else word)

    def _command(self, command: Message) -> None:
        if self.numbered:
            self._number = self._awaited = self._number % LAST_NUMBER + 1
            command = replace(command, msg_seq_id=self._number)
        self.say(command)

    def _hear_or_lose(self, until: float, command: Message) -> Message:
        while self._is_repeat(message := self.hear(until)):
            pass
        if message is None:
            raise LineLost(f"silent after {type(command).__name__}")
        return message

    def _is_repeat(self, message: Message | None) -> bool:
        """Whether this came before, by its number; a message is then answered as it was, an answer passed over."""
        if not self.numbered or message is None or message.msg_seq_id is None:
            return False
        if isinstance(message, Positive | Negative):
            if message.msg_seq_id != self._awaited:
                return not self.breaks
            self._awaited = None
            return False
        number, word = self._answered
        if message.msg_seq_id != number or (isinstance(word, Negative) and word.reason == NOT_YET):
            return False
        self.say(replace(word, msg_seq_id=number))
        return True

    def _patience(self, message: Message) -> float:
        if isinstance(message, IntermediateStatus) and message.minutes:
            return 60.0 * message.minutes
        return self._t4
