"""A card terminal that speaks Concert E+ on a serial line, keeps a book of its own, and misbehaves on command."""

from collections.abc import Callable
from enum import Enum
from functools import partial

from msgspec.structs import replace

from drivers.simulated.terminal import TerminalPeer
from drivers.simulated.terminal_book import Entry, State
from drivers.simulated.world import Card, World
from drivers.terminals.concert import layout
from drivers.terminals.concert.layout import (
    ACK,
    ASK,
    ENQ,
    EOT,
    ETX,
    LONG,
    NAK,
    SIGNS,
    STX,
    Answer,
    Ask,
    ConcertError,
    decode,
    encode,
    lrc,
    size,
)

SAYS_NO = {"declines", "wrong_pin"}
TRIES = 3


class Doing(Enum):
    """Where the terminal is in a session, or between two."""

    NOTHING = "nobody asked"
    LISTENING = "the till has the line"
    ASKED = "a request was taken, and the till has not left yet"
    PAYING = "waits for a card"
    KNOCKING = "has a result, and asks for the line"
    TELLING = "told its result, and waits for the till to have taken it"


class ConcertTerminal(TerminalPeer):
    """The terminal. A till that is gone changes nothing: the payment goes on, and the result is told whoever is there.

    `echoes`: private data come back, else they are blank. `tells_in_clear` is a card number, told in a long answer
    though a short one was asked for. `byte_seconds` is how long it waits for any byte; a result that nobody takes
    after three tries is kept as the book's rule says. `mode` and `pays_in` are told instead of what was asked for.
    """

    def __init__(self, world: World | None = None, number: int = 0) -> None:
        self.echoes = True
        self.tells_in_clear = ""
        self.mode: str | None = None
        self.pays_in: int | None = None
        self.byte_seconds = 3.0
        self._bytes = b""
        self._doing = Doing.NOTHING
        self._ask: Ask | None = None
        self._result: Answer | None = None
        self._entry: Entry | None = None
        self._tries = self._turn = 0
        super().__init__(world, number)

    # ---- bytes

    def connected(self) -> None:
        self._bytes = b""

    def received(self, data: bytes) -> None:
        self._bytes += data
        while self._bytes:
            length = size(ASK) if self._bytes[:1] == STX else 1
            if len(self._bytes) < length:
                self._alarm(partial(self._cut_short, self._bytes))
                return
            frame, self._bytes = self._bytes[:length], self._bytes[length:]
            self.hear(SIGNS.get(frame, "request" if length > 1 else "noise"), frame)

    def _cut_short(self, begun: bytes) -> None:
        if self._bytes == begun:
            self._bytes = b""
            self._tell(NAK)

    def garbled(self, data: bytes) -> bytes:
        middle = len(data) // 2
        return data[:middle] + bytes([data[middle] ^ 0x40]) + data[middle + 1 :]

    def _tell(self, frame: bytes) -> None:
        self.say(SIGNS.get(frame, "result"), frame)

    def _alarm(self, do: Callable[[], None], seconds: float | None = None) -> None:
        """Do something unless the session has gone on by then."""
        turn = self._turn
        self.later(
            self.byte_seconds if seconds is None else seconds, lambda: do() if turn == self._turn else None
        )

    def _go(self, doing: Doing) -> None:
        self._doing = doing
        self._turn += 1

    # ---- what the till says

    def heed(self, frame: bytes) -> None:
        match self._doing:
            case Doing.NOTHING if frame == ENQ and not self.busy():
                self._go(Doing.LISTENING)
                self._tell(ACK)
                self._alarm(partial(self._go, Doing.NOTHING))
            case Doing.LISTENING if frame == EOT:
                self._go(Doing.NOTHING)
            case Doing.LISTENING if frame == ENQ:
                self._tell(ACK)
            case Doing.LISTENING if len(frame) > 1:
                self._take(frame)
            case Doing.ASKED if frame == EOT:
                self._begin()
            case Doing.KNOCKING if frame == ACK:
                self._go(Doing.TELLING)
                self._tries = 0
                self._tell_result()
            case Doing.TELLING if frame == NAK and self._tries < TRIES:
                self._tell_result()
            case Doing.TELLING if frame == ACK:
                self._tell(EOT)
                self._over()

    def _take(self, frame: bytes) -> None:
        try:
            ask = decode(frame)
        except ConcertError:
            self._tell(NAK)
            return
        if isinstance(ask, Ask):
            self._ask = ask
            self._go(Doing.ASKED)
            self._tell(ACK)
            self._alarm(self._begin)

    # ---- money

    def _begin(self) -> None:
        assert self._ask
        self._go(Doing.PAYING)
        if self._ask.type != layout.DEBIT:
            self._give_back(self._ask)
            return
        self._alarm(self._refuse, self.card_seconds)
        if card := self.world.scene.card:
            self.later(0.0, partial(self.shown, card))

    def shown(self, card: Card | None) -> None:
        if card and self._ask and self._doing is Doing.PAYING:
            self._pay(self._ask, card)

    def _pay(self, ask: Ask, card: Card) -> None:
        if card.bank in SAYS_NO:
            self._refuse()
            return
        old = self.busy_with is not None
        entry = self.book.open(self.takes(ask.amount), self.pays_in or ask.currency, card)
        entry.state, self._entry = State.STORED, entry
        answer = self._answer(ask, layout.ACCEPTED)
        private = "THE OLDONE" if old else answer.private
        self._knock(replace(answer, amount=entry.amount, currency=entry.currency, private=private))

    def _give_back(self, ask: Ask) -> None:
        if ask.type == layout.CREDIT:
            paid_out = self.book.pay_out(ask.amount, ask.currency, self.world.scene.card or Card())
            self.book.store(paid_out)
        else:
            stored = [
                e
                for e in self.book.entries
                if e.state is State.STORED and e.reverses is None and not e.refund
            ]
            paid = next((e for e in reversed(stored) if e.amount == ask.amount), None)
            if paid is None:
                self._refuse()
                return
            self.book.reverse(paid)
        self._knock(self._answer(ask, layout.ACCEPTED))

    def _refuse(self) -> None:
        assert self._ask
        self._knock(self._answer(self._ask, layout.REFUSED))

    def _answer(self, ask: Ask, status: str) -> Answer:
        return Answer(
            pos=ask.pos,
            status=status,
            amount=ask.amount,
            mode=self.mode or ask.mode,
            currency=ask.currency,
            private=ask.private if self.echoes else "",
        )

    # ---- its result

    def _knock(self, result: Answer | None = None) -> None:
        """Ask for the line, three times; then the result was told to nobody."""
        if result is not None:
            self._result, self._tries = result, 0
        if self._tries == TRIES:
            self._untold()
            return
        self._tries += 1
        self._go(Doing.KNOCKING)
        self._tell(ENQ)
        self._alarm(self._knock)

    def _tell_result(self) -> None:
        assert self._result
        self._tries += 1
        self._turn += 1
        frame = encode(self._result)
        self._tell(long_answer(frame, self.tells_in_clear) if self.tells_in_clear else frame)
        self._alarm(self._untold)

    def _untold(self) -> None:
        if self._entry:
            self.book.undecided(self._entry)
        self._over()

    def _over(self) -> None:
        self._ask = self._result = self._entry = None
        self._go(Doing.NOTHING)

    def reboot(self) -> None:
        self._untold()
        super().reboot()


def long_answer(short: bytes, number: str) -> bytes:
    """The long form of a short answer: a report that begins with the card number stands amid it."""
    at = 1 + sum(field.length for field in LONG[:4])
    body = short[1:at] + f"{number:55}".encode("ascii") + short[at:-2] + ETX
    return STX + body + bytes([lrc(body)])
