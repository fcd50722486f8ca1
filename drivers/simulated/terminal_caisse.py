"""A card terminal that speaks Caisse-AP over IP, keeps a book of its own, and misbehaves on command."""

import base64
from functools import partial
from typing import NamedTuple

from drivers.simulated.terminal import TerminalPeer
from drivers.simulated.terminal_book import Entry, State
from drivers.simulated.world import Card, World
from drivers.terminals.caisse import tags
from drivers.terminals.caisse.messages import Message, Stream, decode, is_request
from drivers.terminals.caisse.tags import CaisseError, written

SAYS_NO = {"declines": "04", "wrong_pin": "04"}
NOBODY, BAD_FORMAT, NO_SUCH, UNHEARD, SPENT = "08", "09", "10", "12", "07"
AUTHORISED = "01"
OWN_PRIVATE_DATA = "1010000000"
SECRET_NUMBER, EXPIRY = "AA", "AB"
EXPIRY_DATE = "2708"


class Running(NamedTuple):
    """A payment that waits for its card, and how often the connection had changed when it came."""

    request: Message
    visit: int


class CaisseTerminal(TerminalPeer):
    """The terminal: one request a connection, and its answer when all is over.

    A till that is gone changes nothing: the payment goes on, and is kept as the book's rule says. `echoes`: private
    data come back, else it puts its own there. `answers_anybody`: the result of a payment goes to whoever is
    connected when it ends, as in the field where the next shopper's amount was ignored. `silent_when_busy`: it then
    does not answer at all. `says_taken`: it first says "taken into account". `hides_amount`: a payment that comes to
    nothing does not name its amount. `knows_status`: it knows action T. `tells_in_clear` is a card number that is
    not masked, `serial` what it calls itself, `hangs_up` that it closes after an answer. `quiet` is how long nothing
    may follow a request, in seconds.
    """

    def __init__(self, world: World | None = None, number: int = 0) -> None:
        self.echoes = True
        self.answers_anybody = self.silent_when_busy = self.says_taken = self.hides_amount = False
        self.knows_status = False
        self.hangs_up = True
        self.tells_in_clear = self.serial = ""
        self.pays_in: str | None = None
        self.quiet = 0.01
        self._stream = Stream()
        self._bytes = b""
        self._pieces = 0
        self._heeded = False
        self._running: Running | None = None
        self._references: dict[int, str] = {}
        self._turn = 0
        self._heeding = -1
        super().__init__(world, number)

    # ---- what is heard, cut anywhere, and what is said

    def connected(self) -> None:
        self._stream, self._bytes, self._heeded = Stream(), b"", False

    def received(self, data: bytes) -> None:
        self._pieces += 1
        self._bytes += data
        try:
            self._stream.feed(data)
        except CaisseError:
            self._hang_up()
            return
        message = self._stream.final
        if message and is_request(message) and not self._heeded:
            self.later(self.quiet, partial(self._whole, self._pieces, message.get("CD")))

    def _whole(self, pieces: int, action: str) -> None:
        """Nothing more has come for a while: that was the request, and the only one of this connection."""
        if pieces == self._pieces and not self._heeded:
            self._heeded = True
            self.hear(f"CD={action}", self._bytes)

    def heed(self, frame: bytes) -> None:
        """One request a connection: what comes after it is not read."""
        if self._heeding == self._visit:
            return
        self._heeding = self._visit
        try:
            request = decode(frame)
        except CaisseError:
            self._hang_up()
            return
        action = request.get("CD")
        if self._running or self.busy():
            if not self.silent_when_busy:
                self._not_done(request, "00")
        elif action == tags.DEBIT:
            self._begin(request)
        else:
            self._done_at_once(request, action)

    def _answer(self, request: Message, **more: str) -> None:
        """All that was asked comes back, with what came of it."""
        told = dict(request.tags) | ({"AQ": self.serial} if self.serial else {}) | more
        if request.get("CD") in tags.MONEY and not self.echoes:
            told["CF"] = OWN_PRIVATE_DATA
        self.say(f"CD={request.get('CD')}", written({tag: value for tag, value in told.items() if value}))
        if self.hangs_up:
            self.later(self.faults.delay, partial(self._hang_up_on, self._visit))

    def _hang_up_on(self, visit: int) -> None:
        if visit == self._visit:
            self._hang_up()

    def _not_done(self, request: Message, why: str) -> None:
        hidden = {"CB": ""} if self.hides_amount and request.get("CB") else {}
        self._answer(request, AE=tags.NOT_PERFORMED, AF=why, **hidden)

    # ---- a payment

    def _begin(self, request: Message) -> None:
        if self.says_taken:
            told = dict(request.tags) | {"AE": tags.TAKEN_INTO_ACCOUNT}
            self.say("CD=0 taken", written(told))
        self._running = Running(request, self._visit)
        self._turn += 1
        self.later(self.card_seconds, partial(self._nobody, self._turn))
        if card := self.world.scene.card:
            self.later(0.0, partial(self._card, self._turn, card))

    def shown(self, card: Card | None) -> None:
        if card:
            self._card(self._turn, card)

    def _nobody(self, turn: int) -> None:
        if running := self._taken_up(turn):
            self._came_to_nothing(running, NOBODY)

    def _card(self, turn: int, card: Card) -> None:
        if not (running := self._taken_up(turn)):
            return
        if card.bank in SAYS_NO:
            self._came_to_nothing(running, SAYS_NO[card.bank])
            return
        request, old = running.request, self.busy_with is not None
        entry = self.book.open(self.takes(request.amount or 0), int(self.pays_in or request.get("CE")), card)
        self._references[entry.trace] = "the shopper before" if old else request.get("CF")
        entry.state = State.STORED
        if may_say := self._may_say(running):
            self._approve(request, entry)
        if not may_say or not self._connection:
            self.book.undecided(entry)

    def _taken_up(self, turn: int) -> Running | None:
        """The payment of that turn, which ends here; None if it has ended before."""
        if turn != self._turn:
            return None
        running, self._running = self._running, None
        return running

    def _may_say(self, running: Running) -> bool:
        """Whether the till that asked is still there, or it does not matter who is."""
        return running.visit == self._visit or self.answers_anybody

    def _came_to_nothing(self, running: Running, why: str) -> None:
        if self._may_say(running):
            self._not_done(running.request, why)

    def _approve(self, request: Message, entry: Entry) -> None:
        number = self.tells_in_clear or f"679876######{entry.card.last4}"
        self._answer(
            request, AE=tags.PERFORMED, CB=f"{entry.amount:02}", CE=f"{entry.currency:03}",
            CF=self._references[entry.trace], AC=f"{entry.trace:06}", CC="00B" if entry.card.contactless else "001",
            CI="2" if entry.card.contactless else "1", AI="A0000000421010", CG="424242",
            **{SECRET_NUMBER: number, EXPIRY: EXPIRY_DATE, "ZT": self._ticket(request, entry)},
        )  # fmt: skip

    def _ticket(self, request: Message, entry: Entry) -> str:
        if request.get("CK")[:1] != "1":
            return ""
        lines = (
            "CARTE BANCAIRE", entry.card.name, f"679876######{entry.card.last4}", f"NUM AUTO : {entry.trace:06}",
            f"MONTANT : {entry.amount // 100},{entry.amount % 100:02} EUR", "TICKET CLIENT", "A CONSERVER",
        )  # fmt: skip
        text = base64.b64encode("\n".join(lines).encode("latin-1")).decode("ascii")
        return written({"CK": "100", "AK": text}).decode("ascii")

    # ---- everything else

    def _done_at_once(self, request: Message, action: str) -> None:
        match action:
            case tags.IDENTIFICATION | tags.TELECOLLECTION:
                self._answer(request, AE=tags.PERFORMED)
            case tags.CANCEL:
                self._cancel(request)
            case tags.CREDIT:
                self._pay_out(request)
            case tags.DUPLICATE:
                self._last_ticket(request)
            case tags.STATUS if self.knows_status:
                self._tell(request)
            case _:
                self._not_done(request, UNHEARD)

    def _cancel(self, request: Message) -> None:
        """The latest payment of that amount is taken back; the protocol names no other way to say which."""
        stored = [
            e for e in self.book.entries if e.state is State.STORED and e.reverses is None and not e.refund
        ]
        entry = next((e for e in reversed(stored) if e.amount == request.amount), None)
        if entry is None:
            self._not_done(request, NO_SUCH)
            return
        reversal = self.book.reverse(entry)
        self._references[reversal.trace] = request.get("CF")
        self._answer(request, AE=tags.PERFORMED, AC=f"{reversal.trace:06}")

    def _pay_out(self, request: Message) -> None:
        card = self.world.scene.card or Card()
        entry = self.book.pay_out(request.amount or 0, int(request.get("CE")), card)
        self.book.store(entry)
        self._references[entry.trace] = request.get("CF")
        self._answer(request, AE=tags.PERFORMED, AC=f"{entry.trace:06}")

    def _last_ticket(self, request: Message) -> None:
        entry = self.book.last
        if entry is None:
            self._not_done(request, NO_SUCH)
            return
        failed = entry.state is State.FAILED
        told = self._entry(entry) | {
            "AF": SPENT if failed else AUTHORISED,
            "ZT": self._ticket(request, entry),
        }
        self._answer(request, AE=tags.PERFORMED, **told)

    def _tell(self, request: Message) -> None:
        """What became of the transaction of that reference; "not performed" where nothing is known of it."""
        name = request.get("CH") or request.get("CF")
        entry = next((e for e in self.book.entries if self._references.get(e.trace) == name), None)
        if entry is None:
            self._not_done(request, "00")
        elif entry.state is State.STORED:
            self._answer(request, AE=tags.PERFORMED, AF=AUTHORISED, **self._entry(entry))
        else:
            self._not_done(request, SPENT)

    def _entry(self, entry: Entry) -> dict[str, str]:
        return {
            "CB": f"{entry.amount:02}",
            "CE": f"{entry.currency:03}",
            "CF": self._references.get(entry.trace, ""),
            "AC": f"{entry.trace:06}",
            "AP": f"{entry.when + self.clock_skew:%y%m%d%H%M%S}",
        }

    def reboot(self) -> None:
        self._running = None
        super().reboot()
