"""What a terminal is asked that moves no money: its last receipt, as data or as text, and the end of its day."""

from drivers.terminals.zvt.layout import Message
from drivers.terminals.zvt.messages import (
    Completion,
    EndOfDay,
    Positive,
    PrintBlock,
    PrintLine,
    RepeatReceipt,
    StatusInformation,
)
from drivers.terminals.zvt.slip import Slip
from drivers.terminals.zvt.talk import Ended, Talk

SILENT_REPEAT = 0x03
Heard = tuple[StatusInformation | None, Ended]


def last_receipt(talk: Talk, password: str) -> Heard:
    """The last receipt's status, and how the question ended. Raises LineLost."""
    return _status_of(talk, RepeatReceipt(password=password, service_byte=SILENT_REPEAT))


def end_of_day(talk: Talk, password: str) -> Heard:
    """The day's totals, and how its end ended; the receipt that comes with it is in the terminal's own book."""
    return _status_of(talk, EndOfDay(password=password))


def last_slip(talk: Talk, password: str) -> tuple[str, ...]:
    """The last receipt as text, once more."""
    slip = Slip()

    def keep(message: Message) -> Message:
        if isinstance(message, PrintLine | PrintBlock):
            slip.add(message)
        return Positive()

    talk.perform(RepeatReceipt(password=password), keep)
    return slip.lines


def _status_of(talk: Talk, command: Message) -> Heard:
    heard: list[StatusInformation] = []

    def keep(message: Message) -> Message:
        if isinstance(message, StatusInformation):
            heard.append(message)
        return Positive()

    ended = talk.perform(command, keep)
    return (heard[-1] if heard and isinstance(ended, Completion) else None), ended
