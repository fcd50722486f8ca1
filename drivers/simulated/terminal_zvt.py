"""A card terminal that speaks ZVT over TCP, keeps a book of its own, and misbehaves on command."""

from collections.abc import Generator
from functools import partial
from typing import NamedTuple

from msgspec.structs import replace

from drivers.simulated.terminal import TerminalPeer
from drivers.simulated.terminal_book import TIMED_OUT, Entry, State
from drivers.simulated.terminal_words import in_clear, receipt_of, status_of
from drivers.simulated.world import Card, World
from drivers.terminals.zvt.fields import ZvtError
from drivers.terminals.zvt.frames import ACK, NAK, Apdus, SerialFrames, serial_read, serial_written
from drivers.terminals.zvt.layout import Message, body, framed
from drivers.terminals.zvt.messages import (
    BUSY,
    NOT_YET,
    Abort,
    Authorisation,
    Break,
    Completion,
    IntermediateStatus,
    LogOff,
    Negative,
    Positive,
    PrintBlock,
    Registration,
    RepeatReceipt,
    Reversal,
    StatusEnquiry,
    StatusInformation,
    decode,
    encode,
)

NOT_POSSIBLE = 0x83
ALREADY_REVERSED = 0xB4
REVERSAL_IMPOSSIBLE = 0xB5
PRINTS_BY_TEXT = 0x80
SAYS_NO = {"declines": 0x05, "wrong_pin": 0x37}
"""Result codes of the bank: 1 to 99 are its own response codes, 55 a wrong PIN."""


class Say(NamedTuple):
    """A dialogue says something and wants the till's answer, None after so many seconds."""

    message: Message
    within: float
    extra: bytes = b""


class ForCard(NamedTuple):
    """A dialogue waits for a card; None if there is none in time, or the till breaks it off."""

    within: float


class Wait(NamedTuple):
    seconds: float


class Cut(Exception):  # noqa: N818
    """The till is gone, or answers no more."""


Dialogue = Generator[Say | ForCard | Wait, Message | Card | None, None]


class ZvtTerminal(TerminalPeer):
    """The terminal, over TCP or a serial line.

    `stubborn` takes the payment to its end though the till is gone. `tells_in_clear` is a card number that is
    not masked.
    """

    def __init__(self, world: World | None = None, number: int = 0, *, serial: bool = False) -> None:
        self.charset = "cp437"
        self.stubborn = False
        self.tells_amount = True
        self.repeats = True
        self.ignores_break = False
        self.heeds_refusal = True
        self.pays_in: int | None = None
        self.tells_in_clear = ""
        self.status = 0
        self.repeat_seconds, self.answer_seconds = 2.0, 5.0
        self._apdus = Apdus()
        self._serial = SerialFrames() if serial else None
        self._said = b""
        self._dialogue: Dialogue | None = None
        self._awaits_card = False
        self._turn = 0
        self._prints_by_text = False
        super().__init__(world, number)

    # ---- what is said, and what is heard

    def connected(self) -> None:
        self._apdus = Apdus()
        self._serial = SerialFrames() if self._serial else None

    def received(self, data: bytes) -> None:
        try:
            for frame in self._apdus.feed(self._unframed(data) if self._serial else data):
                self.hear(frame[:2].hex(" "), frame)
        except ZvtError:
            self._hang_up()

    def _unframed(self, data: bytes) -> bytes:
        """The APDUs of a serial stream; each frame is acknowledged, and the last of ours repeated on NAK."""
        assert self._serial
        apdus = b""
        for found in self._serial.feed(data):
            if found == NAK:
                self._say(self._said)
            elif found != ACK:
                try:
                    apdus += serial_read(found)
                except ZvtError:
                    self._say(NAK)
                else:
                    self._say(ACK)
        return apdus

    def wire(self, frame: bytes) -> bytes:
        self._said = serial_written(frame) if self._serial else frame
        return self._said

    def shown(self, card: Card | None) -> None:
        if card and self._awaits_card:
            self._go_on(card)

    def heed(self, frame: bytes) -> None:
        try:
            message = decode(frame, self.charset)
        except ZvtError:
            self._hang_up()
            return
        if isinstance(message, Positive | Negative):
            if self._dialogue and not self._awaits_card:
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
        match message:
            case Registration():
                self._prints_by_text = bool(message.config & PRINTS_BY_TEXT)
                dialogue = self._registered()
            case StatusEnquiry():
                dialogue = self._enquired()
            case Authorisation():
                dialogue = self._pay(message)
            case RepeatReceipt():
                dialogue = self._repeat(message)
            case Reversal():
                dialogue = self._reverse(message)
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
        code, data = body(encode(message, self.charset))
        frame = framed(code, extra + data)
        self.say(code.hex(" "), frame)

    def hung_up(self) -> None:
        dialogue, self._dialogue = self._dialogue, None
        self._turn += 1
        if dialogue:
            try:
                dialogue.throw(Cut)
            except (Cut, StopIteration):
                return

    # ---- the dialogues

    def _say_all(self, *messages: Message) -> Dialogue:
        for message in messages:
            if (yield Say(message, self.answer_seconds)) is None:
                raise Cut

    def _registered(self) -> Dialogue:
        done = Completion(registration_status=0, terminal_id=self.terminal_id, currency=self.currency)
        yield from self._say_all(done)

    def _enquired(self) -> Dialogue:
        status = BUSY if self.busy() else self.status
        yield from self._say_all(Completion(sw_version="3.01.07", status=status))

    def _pay(self, order: Authorisation) -> Dialogue:
        entry: Entry | None = None
        try:
            yield from self._say_all(IntermediateStatus(status=0x0A, minutes=3))
            card = yield ForCard(self.card_seconds)
            if not isinstance(card, Card):
                yield from self._failed(TIMED_OUT)
                return
            if card.bank == "wrong_pin":
                yield from self._say_all(IntermediateStatus(status=0x15))
            yield from self._say_all(IntermediateStatus(status=0x04))
            if card.bank in SAYS_NO:
                yield from self._failed(SAYS_NO[card.bank], card)
                return
            entry = self.book.open(
                self.takes(order.amount or 0), self.pays_in or order.currency or self.currency, card
            )
            if not (yield from self._issue(order, entry)):
                self.book.reverse(entry)
                yield from self._say_all(Abort(result_code=TIMED_OUT))
                return
            if self._prints_by_text:
                yield from self._say_all(*(self._receipt(entry, kind) for kind in (1, 2)))
            entry.state = State.STORED
            yield from self._say_all(Completion())
        except Cut:
            held = self.world.scene.card
            if self.stubborn and entry is None and held and held.bank not in SAYS_NO:
                entry = self.book.open(order.amount or 0, order.currency or self.currency, held)
            if entry and entry.state is State.PENDING:
                self.book.undecided(entry)
            raise

    def _issue(
        self, order: Authorisation, entry: Entry
    ) -> Generator[Say | Wait, Message | Card | None, bool]:
        """The issue-of-goods handshake: whether the till takes the result."""
        repeats = order.max_status_infos
        while True:
            status, extra = self._status_of(entry)
            answer = yield Say(status, float(order.timeout or 30), extra)
            match answer:
                case Positive() | Negative(reason=0):
                    return True
                case Negative(reason=0x9D) if answer.amount is not None:
                    entry.amount = answer.amount
                    return True
                case Negative(reason=reason) if reason == NOT_YET and repeats != 0:
                    repeats = None if repeats is None else repeats - 1
                    yield Wait(self.repeat_seconds)
                case Negative():
                    return not self.heeds_refusal
                case _:
                    raise Cut

    def _failed(self, code: int, card: Card | None = None) -> Dialogue:
        status = StatusInformation(
            result_code=code, terminal_id=self.terminal_id, card_name=card.name if card else None
        )
        yield from self._say_all(status, Abort(result_code=code))

    def _repeat(self, order: RepeatReceipt) -> Dialogue:
        entry = self.book.last
        if entry is None:
            yield from self._say_all(Abort(result_code=NOT_POSSIBLE))
            return
        if (order.service_byte or 0) & 0x01 and self.repeats:
            yield from self._say_status(entry)
        if self._prints_by_text and not (order.service_byte or 0) & 0x02:
            yield from self._say_all(self._receipt(entry, 2))
        yield from self._say_all(Completion())

    def _reverse(self, order: Reversal) -> Dialogue:
        entry = self.book.find(int(order.receipt_no or 0))
        if entry and entry.state is State.REVERSED:
            yield from self._say_all(Abort(result_code=ALREADY_REVERSED))
        elif not entry or entry.state is not State.STORED or order.amount not in (None, entry.amount):
            yield from self._say_all(Abort(result_code=REVERSAL_IMPOSSIBLE))
        else:
            yield from self._say_status(self.book.reverse(entry))
            yield from self._say_all(Completion())

    def _say_status(self, entry: Entry) -> Dialogue:
        status, extra = self._status_of(entry)
        if (yield Say(status, self.answer_seconds, extra)) is None:
            raise Cut

    def _status_of(self, entry: Entry) -> tuple[StatusInformation, bytes]:
        """The 04 0F of an entry, and what is told besides."""
        status = replace(status_of(entry, self.clock_skew), terminal_id=self.terminal_id)
        if not self.tells_amount:
            status = replace(status, amount=None)
        if not self.tells_in_clear:
            return status, b""
        return replace(status, last4=None), in_clear(self.tells_in_clear)

    def _receipt(self, entry: Entry, kind: int) -> PrintBlock:
        return receipt_of(entry, kind, self.terminal_id, self.tells_in_clear)
