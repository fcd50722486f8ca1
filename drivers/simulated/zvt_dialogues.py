"""What a simulated ZVT terminal does about each command: dialogues that say something and want the till's answer."""

from collections.abc import Generator
from typing import NamedTuple

from msgspec.structs import replace

from drivers.simulated.terminal import TerminalPeer
from drivers.simulated.terminal_book import TIMED_OUT, Entry, Rule, State
from drivers.simulated.terminal_words import day_receipt, in_clear, receipt_of, status_of, totals_of
from drivers.simulated.world import Card, World
from drivers.terminals.zvt.layout import Message
from drivers.terminals.zvt.messages import (
    BUSY,
    NOT_YET,
    Abort,
    Authorisation,
    Completion,
    IntermediateStatus,
    Negative,
    Positive,
    PrintBlock,
    Refund,
    Registration,
    RepeatReceipt,
    Reversal,
    SetClock,
    StatusInformation,
)

NOT_POSSIBLE = 0x83
ALREADY_REVERSED = 0xB4
REVERSAL_IMPOSSIBLE = 0xB5
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


class ZvtDialogues(TerminalPeer):
    """Everything but the conversation itself. Set its attributes at any time.

    `stubborn` takes the payment to its end though the till is gone. `omits` are fields that its results never say
    ("amount", "currency", "terminal_id"), `tells_in_clear` is a card number that is not masked. `declines_reversal` is
    the bank's code to a reversal, `registration_status` what it wants after a registration. `echoes` says whether it
    knows message sequence ids, `tells_clock` whether it sets the till's clock.
    """

    def __init__(self, world: World | None = None, number: int = 0) -> None:
        self.charset = "cp437"
        self.stubborn = False
        self.omits: tuple[str, ...] = ()
        self.repeats = True
        self.ignores_break = False
        self.heeds_refusal = True
        self.pays_in: int | None = None
        self.declines_reversal: int | None = None
        self.tells_in_clear = ""
        self.status = self.registration_status = 0
        self.echoes = self.tells_clock = False
        self.repeat_seconds, self.answer_seconds = 2.0, 5.0
        self.prints_by_text = False
        super().__init__(world, number)

    def say_all(self, *messages: Message) -> Dialogue:
        for message in messages:
            if (yield Say(message, self.answer_seconds)) is None:
                raise Cut

    # ---- how it is

    def registered(self, order: Registration) -> Dialogue:
        if self.tells_clock:
            yield from self.say_all(SetClock(date=f"{self.now():%y%m%d}", time=f"{self.now():%H%M%S}"))
        yield from self.say_all(
            Completion(
                registration_status=self.registration_status,
                terminal_id=self.terminal_id,
                currency=self.currency,
                msg_seq_id=order.msg_seq_id if self.echoes else None,
            )
        )

    def enquired(self) -> Dialogue:
        status = BUSY if self.busy() else self.status
        yield from self.say_all(Completion(sw_version="3.01.07", status=status))

    def diagnosed(self) -> Dialogue:
        yield from self.say_all(IntermediateStatus(status=0x0E), Completion())

    # ---- what is paid

    def pay(self, order: Authorisation) -> Dialogue:
        entry: Entry | None = None
        self._mirror(order.mirrored_receipt_no)
        try:
            card = yield from self._card()
            if card is None:
                return
            amount = self.takes(order.amount or 0)
            entry = self.book.open(amount, self.pays_in or order.currency or self.currency, card)
            if not (yield from self._issue(order, entry)):
                self.book.reverse(entry)
                yield from self.say_all(Abort(result_code=TIMED_OUT))
                return
            yield from self._concluded(entry)
        except Cut:
            held = self.world.scene.card
            if self.stubborn and entry is None and held and held.bank not in SAYS_NO:
                entry = self.book.open(order.amount or 0, order.currency or self.currency, held)
            self._left(entry)
            raise

    def reverse(self, order: Reversal) -> Dialogue:
        entry = self.book.find(int(order.receipt_no or 0))
        if entry and entry.state is State.REVERSED:
            yield from self.say_all(Abort(result_code=ALREADY_REVERSED))
        elif not entry or entry.state is not State.STORED or order.amount not in (None, entry.amount):
            yield from self.say_all(Abort(result_code=REVERSAL_IMPOSSIBLE))
        elif self.declines_reversal is not None:
            yield from self._failed(self.declines_reversal, entry.card)
        else:
            yield from self._give_back(self.book.begin_reversal(entry))

    def refund(self, order: Refund) -> Dialogue:
        card = yield from self._card()
        if card is not None:
            amount, currency = self.takes(order.amount or 0), order.currency or self.currency
            yield from self._give_back(self.book.pay_out(amount, currency, card))

    def _give_back(self, entry: Entry) -> Dialogue:
        try:
            status, extra = self._status_of(entry)
            match (yield Say(status, self.answer_seconds, extra)):
                case Positive() | Negative(reason=0):
                    yield from self._concluded(entry)
                case Negative():
                    entry.state, entry.result = State.FAILED, TIMED_OUT
                    yield from self.say_all(Abort(result_code=TIMED_OUT))
                case _:
                    raise Cut
        except Cut:
            self._left(entry)
            raise

    def _card(self) -> Generator[Say | ForCard | Wait, Message | Card | None, Card | None]:
        """The card that is held out and that its bank has nothing against; else the command has been ended."""
        yield from self.say_all(IntermediateStatus(status=0x0A, minutes=3))
        card = yield ForCard(self.card_seconds)
        if not isinstance(card, Card):
            yield from self._failed(TIMED_OUT)
            return None
        if card.bank == "wrong_pin":
            yield from self.say_all(IntermediateStatus(status=0x15))
        yield from self.say_all(IntermediateStatus(status=0x04))
        if card.bank in SAYS_NO:
            yield from self._failed(SAYS_NO[card.bank], card)
            return None
        return card

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

    def _concluded(self, entry: Entry) -> Dialogue:
        """The till has taken the result; it is stored once the receipts are acknowledged, too."""
        if self.prints_by_text:
            yield from self.say_all(*(self._receipt(entry, kind) for kind in (1, 2)))
        self.book.store(entry)
        yield from self.say_all(Completion())

    def _left(self, entry: Entry | None) -> None:
        if entry and entry.state is State.PENDING:
            self.book.undecided(entry)

    def _failed(self, code: int, card: Card | None = None) -> Dialogue:
        status = StatusInformation(
            result_code=code, terminal_id=self.terminal_id, card_name=card.name if card else None
        )
        yield from self.say_all(status, Abort(result_code=code))

    def _mirror(self, number: int | None) -> None:
        """Chapter 4 of the manual: what the till does not know of is taken back before the next payment."""
        last = self.book.last
        if number is None or last is None or last.state is not State.STORED or last.reverses is not None:
            return
        if number == (last.receipt - 1 or 9999):
            self.book.reverse(last)

    # ---- what is told again

    def repeat(self, order: RepeatReceipt) -> Dialogue:
        entry = self.book.last
        if entry is None:
            yield from self.say_all(Abort(result_code=NOT_POSSIBLE))
            return
        if (order.service_byte or 0) & 0x01 and self.repeats:
            status, extra = self._status_of(entry)
            if (yield Say(status, self.answer_seconds, extra)) is None:
                raise Cut
        if self.prints_by_text and not (order.service_byte or 0) & 0x02:
            yield from self.say_all(self._receipt(entry, 2))
        yield from self.say_all(Completion())

    def end_day(self) -> Dialogue:
        entries = self.book.today
        status = totals_of(entries, self.book.receipt, self.currency)
        try:
            yield from self.say_all(status)
            if self.prints_by_text:
                yield from self.say_all(day_receipt(entries, self.terminal_id))
        except Cut:
            if self.book.rule is Rule.KEEPS:
                self.book.close_day()
            raise
        self.book.close_day()
        self.status = 0
        yield from self.say_all(Completion())

    def _status_of(self, entry: Entry) -> tuple[StatusInformation, bytes]:
        """The 04 0F of an entry, and what is told besides."""
        status = replace(status_of(entry, self.clock_skew), terminal_id=self.terminal_id)
        status = replace(status, **dict.fromkeys(self.omits))
        if not self.tells_in_clear:
            return status, b""
        return replace(status, last4=None), in_clear(self.tells_in_clear)

    def _receipt(self, entry: Entry, kind: int) -> PrintBlock:
        return receipt_of(entry, kind, self.terminal_id, self.tells_in_clear)
