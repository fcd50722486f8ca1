"""A card terminal that speaks ZVT over TCP or a serial line, keeps a book of its own, and misbehaves on command."""

from functools import partial

from msgspec.structs import replace

from drivers.simulated.world import Card, World
from drivers.simulated.zvt_dialogues import NOT_POSSIBLE, Cut, Dialogue, ForCard, Say, Wait, ZvtDialogues
from drivers.terminals.zvt.fields import ZvtError
from drivers.terminals.zvt.frames import ACK, NAK, Apdus, SerialFrames, serial_read, serial_written
from drivers.terminals.zvt.layout import Message, body, framed
from drivers.terminals.zvt.messages import (
    BUSY,
    Authorisation,
    Break,
    Diagnosis,
    EndOfDay,
    Initialisation,
    LogOff,
    Negative,
    Positive,
    Refund,
    Registration,
    RepeatReceipt,
    Reset,
    Reversal,
    StatusEnquiry,
    decode,
    encode,
)

PRINTS_BY_TEXT = 0x80
REPEATS = 2


class ZvtTerminal(ZvtDialogues):
    """The terminal. On a `serial` line a step is a frame, before its CRC is looked at; T2 is `ack_seconds`."""

    def __init__(self, world: World | None = None, number: int = 0, *, serial: bool = False) -> None:
        self.ack_seconds = 5.0
        self._apdus = Apdus()
        self._serial = SerialFrames() if serial else None
        self._said, self._unheard, self._left_to_say = b"", 0, 0
        self._dialogue: Dialogue | None = None
        self._awaits_card = False
        self._turn = 0
        self._numbered, self._number = False, 0
        self._heard_number: int | None = None
        super().__init__(world, number)

    # ---- frames

    def connected(self) -> None:
        self._apdus = Apdus()
        self._serial = SerialFrames() if self._serial else None
        self._numbered, self._said = False, b""

    def received(self, data: bytes) -> None:
        if self._serial:
            self._frames(self._serial, data)
            return
        try:
            for frame in self._apdus.feed(data):
                self.hear(frame[:2].hex(" "), frame)
        except ZvtError:
            self._hang_up()

    def _frames(self, serial: SerialFrames, data: bytes) -> None:
        """ACK and NAK of what was said, and frames, which are acknowledged when they are heeded."""
        for found in serial.feed(data):
            if found == NAK:
                self._say_again()
            elif found == ACK:
                self._unheard += 1
            else:
                self._unheard += 1
                self.hear(found[2:4].hex(" "), found)

    def heed(self, frame: bytes) -> None:
        try:
            if self._serial:
                try:
                    frame = serial_read(frame)
                except ZvtError:
                    self._say(NAK)
                    return
                self._say(ACK)
            self._do(decode(frame, self.charset))
        except ZvtError:
            self._hang_up()

    def wire(self, frame: bytes) -> bytes:
        if not self._serial:
            return frame
        self._said = serial_written(frame)
        self._unheard += 1
        self._left_to_say = REPEATS
        self._expect_ack()
        return self._said

    def garbled(self, data: bytes) -> bytes:
        at = len(data) // 2 if self._serial else 0
        return data[:at] + bytes([data[at] ^ 0x40]) + data[at + 1 :]

    def _expect_ack(self) -> None:
        self.later(self.ack_seconds, partial(self._unless_heard, self._unheard))

    def _unless_heard(self, number: int) -> None:
        if number == self._unheard:
            self._say_again()

    def _say_again(self) -> None:
        if self._left_to_say and self._said:
            self._left_to_say -= 1
            self._say(self._said)
            self._expect_ack()

    # ---- messages

    def shown(self, card: Card | None) -> None:
        if card and self._awaits_card:
            self._go_on(card)

    def _do(self, message: Message) -> None:
        self._heard_number = message.msg_seq_id
        if isinstance(message, Positive | Negative):
            late = self._numbered and message.msg_seq_id not in (None, self._number)
            if self._dialogue and not self._awaits_card and not late:
                self._go_on(message)
        elif isinstance(message, Break):
            if not self.ignores_break:
                self._tell(Positive())
                if self._awaits_card:
                    self._go_on(None)
        elif self._dialogue:
            self._tell(Negative(reason=BUSY))
        else:
            self._begin(message)

    def _begin(self, message: Message) -> None:
        dialogue: Dialogue | None = None
        match message:
            case Registration():
                self.prints_by_text = bool(message.config & PRINTS_BY_TEXT)
                self._numbered = self.echoes and message.msg_seq_id is not None
                dialogue = self.registered(message)
            case StatusEnquiry():
                dialogue = self.enquired()
            case Diagnosis() | Initialisation():
                self.registration_status = 0
                dialogue = self.diagnosed()
            case Authorisation():
                dialogue = self.pay(message)
            case Reversal():
                dialogue = self.reverse(message)
            case Refund():
                dialogue = self.refund(message)
            case RepeatReceipt():
                dialogue = self.repeat(message)
            case EndOfDay():
                dialogue = self.end_day()
            case Reset():
                self._tell(Positive())
                self.reboot()
                return
            case LogOff():
                self._tell(Positive())
                return
            case _:
                self._tell(Negative(reason=NOT_POSSIBLE))
                return
        self._tell(Positive())
        self._dialogue = dialogue
        self._go_on(None, begin=True)

    def _go_on(self, answer: Message | Card | None, begin: bool = False) -> None:
        """Hand the till's answer to the running dialogue and do what it wants next."""
        if not self._dialogue:
            return
        self._turn += 1
        turn, self._awaits_card = self._turn, False
        try:
            wish = next(self._dialogue) if begin else self._dialogue.send(answer)
        except StopIteration:
            self._dialogue = None
            return
        except Cut:
            self._dialogue = None
            self._hang_up()
            return
        match wish:
            case Say(message, within, extra):
                self._alarm(turn, within)
                self._tell(message, extra)
            case ForCard(within):
                self._awaits_card = True
                self._alarm(turn, within)
                if card := self.world.scene.card:
                    self.later(0.0, partial(self._if, turn, card))
            case Wait(seconds):
                self._alarm(turn, seconds)

    def _alarm(self, turn: int, seconds: float) -> None:
        self.later(seconds, partial(self._if, turn, None))

    def _if(self, turn: int, answer: Message | Card | None) -> None:
        if turn == self._turn:
            self._go_on(answer)

    def _tell(self, message: Message, extra: bytes = b"") -> None:
        if self._numbered:
            if isinstance(message, Positive | Negative):
                message = replace(message, msg_seq_id=self._heard_number)
            else:
                self._number += 1
                message = replace(message, msg_seq_id=self._number)
        code, data = body(encode(message, self.charset))
        self.say(code.hex(" "), framed(code, extra + data))

    def hung_up(self) -> None:
        dialogue, self._dialogue = self._dialogue, None
        self._turn += 1
        self._unheard += 1
        if dialogue:
            try:
                dialogue.throw(Cut)
            except (Cut, StopIteration):
                return
