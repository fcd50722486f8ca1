"""The shopper and the colleague: what they do, seeing what the lane shows them and what the terminal says it has."""

from collections.abc import Mapping

from drivers.simulated.terminal_book import State
from drivers.simulated.world import Card
from kiosk.barcode import Product
from kiosk.checkout.events import (
    BackPressed,
    DayClosed,
    Event,
    FinishPressed,
    OutcomeDecided,
    PayPressed,
    PinAccepted,
    ReceiptChosen,
    ReceiptNamed,
    RefundAllChosen,
    RefundBegun,
    RefundConfirmed,
    RefundEnded,
    SaleCancelled,
    Scanned,
    TenderChosen,
)
from kiosk.checkout.money import Attempt, Outcome, Stage, TenderKind
from kiosk.checkout.session import Finishing, Idle, OutOfService, Paying, Refunding, Shopping
from kiosk.receipt import number_of
from kiosk.units import AttemptId
from tests.prove.books import owner, standing
from tests.prove.hub import Stuck
from tests.prove.process import Process
from tests.prove.shop import BASKETS, LUNCHES
from tests.prove.trouble import Trouble

PATIENCE = 60.0
"""Virtual seconds longer than a request lives, until a colleague decides what the lane has not found out by itself."""


class People:
    """`flow` of the plan says what the shopper has in mind."""

    def __init__(self, trouble: Trouble, attempts: Mapping[AttemptId, Attempt]) -> None:
        self.attempts = attempts
        self.trouble, self.plan, self.hub = trouble, trouble.plan, trouble.hub
        self.splits = self.plan.flow.startswith("split")
        self.tries = 0
        self.went_back = self.left = False
        self.decisions: list[AttemptId] = []
        self.duties = {"refund": ["refund"], "day": ["day"]}.get(self.plan.flow, [])
        trouble.card = self.card
        self.hold_card()

    # ---- the card in the hand

    def card(self) -> Card:
        no = {"declined": 1, "declined twice": 2, "walks away": 9}.get(self.plan.flow, 0)
        if self.plan.flow == "split back" and not self.went_back and self.tries:
            no = 99
        return Card(last4="4417", bank="declines" if self.tries < no else "approves")

    def hold_card(self) -> None:
        self.trouble.world.change(card=None)
        self.trouble.world.change(card=self.card())

    # ---- the basket

    def begin(self, process: Process, basket: int) -> bool:
        """Scan the things of a basket; whether that was taken."""
        self.tries, self.went_back, self.left = 0, False, False
        self.hold_card()
        baskets = LUNCHES if self.splits else BASKETS
        for thing in baskets[(basket + self.plan.rule) % len(baskets)]:
            assert thing.gtin is not None
            process.put(Scanned(Product(thing.gtin)))
        self.hub.wait(
            lambda: process.life.dead or isinstance(process.session.kept.phase, Shopping), self.hub.now + 5
        )
        return isinstance(process.session.kept.phase, Shopping)

    def act(self, process: Process) -> None:
        """What somebody does who sees this page."""
        kept = process.session.kept
        match kept.phase:
            case Idle() if self.duties:
                self._duty(process, self.duties.pop())
            case Shopping() if self.left:
                self._colleague(process, SaleCancelled())
            case Shopping() if self._fine():
                process.press(PayPressed())
            case Paying(attempt=None):
                self._choose(process, kept.phase)
            case Paying(attempt=Attempt() as attempt):
                self._wait(process, attempt)
            case Finishing(receipt=""):
                process.press(ReceiptChosen(self.hub.random.choice(("print", "none"))))
            case Finishing(receipt="print", printed=""):
                pass
            case Finishing():
                process.press(FinishPressed())
            case Refunding():
                self._refund(process, kept.phase)
            case OutOfService():
                raise Stuck("out of service")
        if kept.giving_back and kept.giving_back[0].stage is Stage.WITH_STAFF and self._patient():
            self._decide(process, kept.giving_back[0])

    def _choose(self, process: Process, phase: Paying) -> None:
        """Nothing is under way: another try, another tender, or away."""
        if phase.declined:
            self.tries += 1
        self.hold_card()
        if self.plan.flow == "walks away" and self.tries > 1:
            self.left = True
            process.press(BackPressed())
            return
        if not self._fine():
            return
        if not self.splits:
            process.press(PayPressed())
            return
        taken = {tender.kind for tender in phase.sale.tenders}
        if TenderKind.MEAL_VOUCHER not in taken and not self.tries and not self.went_back:
            self.trouble.terminal.authorises = 300 if self.plan.rule == 1 else None
            process.press(TenderChosen("meal_voucher"))
        elif self.plan.flow == "split back" and self.tries > 1 and not self.went_back:
            self.went_back = True
            self.left = self.plan.rule == 2
            process.press(BackPressed())
        else:
            self.tries = max(self.tries, 1)
            self.hold_card()
            self.trouble.terminal.authorises = None
            process.press(TenderChosen("card"))

    def _wait(self, process: Process, attempt: Attempt) -> None:
        if self.plan.flow == "back" and not self.went_back and self.hub.random.random() < 0.4:
            self.went_back = True
            process.press(BackPressed())
        if self.plan.flow == "too little":
            self.trouble.terminal.authorises = None if self.tries else 50
        if attempt.stage is Stage.WITH_STAFF and self._patient():
            self._decide(process, attempt)

    # ---- the colleague

    def _duty(self, process: Process, duty: str) -> None:
        self._colleague(process, RefundBegun() if duty == "refund" else DayClosed())

    def _refund(self, process: Process, phase: Refunding) -> None:
        sale = next(iter(process.journal.sales()), None)
        if phase.done is not None or sale is None:
            process.press(RefundEnded())
        elif phase.sale is None:
            process.press(ReceiptNamed(number_of(sale)))
        elif not phase.chosen:
            process.press(RefundAllChosen())
        else:
            process.press(RefundConfirmed("unwanted"))

    def _fine(self) -> bool:
        return self.hub.now >= max(self.trouble.net.back, self.trouble.disk_until)

    def _patient(self) -> bool:
        """Everything has been there again for long, and the terminal has nothing under way."""
        entries = [entry for terminal in self.trouble.terminals for entry in terminal.book.entries]
        pending = any(entry.state is State.PENDING for entry in entries)
        life = self.trouble.family.policy("").request_life / 1000
        return self.hub.now > self.trouble.back + life + PATIENCE and not pending

    def _decide(self, process: Process, attempt: Attempt) -> None:
        """A colleague reads the terminal, and says what stands there; a wrong amount she gives back there herself."""
        id = attempt.of or attempt.id
        lines = [(each.terminal_id, entry) for each in self.trouble.terminals for entry in each.book.entries]
        mine = [entry for _, entry in standing(lines, self.attempts) if owner(entry) == id]
        if attempt.of is None and mine and mine[0].amount != attempt.amount:
            for terminal in self.trouble.terminals:
                if mine[0] in terminal.book.entries:
                    terminal.book.reverse(mine[0])
            mine = []
        yes = bool(mine) if attempt.of is None else not mine
        self.decisions.append(attempt.id)
        self._colleague(process, OutcomeDecided(attempt.id, Outcome.APPROVED if yes else Outcome.NOT_CHARGED))

    def _colleague(self, process: Process, does: Event) -> None:
        process.put(PinAccepted("17", "Sam"))
        process.put(does)
