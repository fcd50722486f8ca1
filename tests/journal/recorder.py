"""A real loop with a real glass and journal whose clock is told, and what was on the glass after each fact."""

from pathlib import Path

from msgspec.structs import replace

from kiosk.barcode import Product
from kiosk.checkout.effects import Authorise, Deed, Question
from kiosk.checkout.events import (
    AddWeighed,
    Event,
    FinishPressed,
    MemberFound,
    PayPressed,
    ReadyToSend,
    ReceiptChosen,
    RemovePressed,
    ResultReceived,
    Scanned,
    Started,
    TerminalAnswered,
    WeightSettled,
)
from kiosk.checkout.money import Mark, Outcome, PaymentResult
from kiosk.checkout.passed import DeviceSeen, LinkSeen, LookChosen, Opened, ScaleRead, TerminalSays
from kiosk.checkout.session import LiveWeight, Panel, Reading
from kiosk.journal import Journal
from kiosk.loop.face import Glass
from kiosk.loop.inbox import Inbox
from kiosk.loop.loop import Loop
from kiosk.units import Grams, LineNo
from kiosk.version import VERSION
from screens.screen import Screen
from screens.theme import Panel as Panes
from tests.screens.sessions import DEVICES, LOAF, MILK, POLICY, TOMATOES, Shop

PANES = Panes((540, 960), (194, 344))
HERE = replace(POLICY, version=VERSION)


class Recorded:
    """A real loop with a real glass and journal, whose clock is told; keeps what was on the glass after each fact."""

    def __init__(self, folder: Path, version: str = VERSION) -> None:
        self.journal = Journal(folder / "journal.db")
        self.screen = Screen(PANES, reduced=True)
        self.time = 1_796_000_000_000
        self.glass = Glass(self.screen, "EUR", 2, lambda: self.time)
        self.world = Shop()
        self.deeds: list[Deed] = []
        self.inbox = Inbox()
        self.version = version
        self.seen: dict[int, bytes] = {}
        self.begin()

    def begin(self) -> None:
        """Start, or start again after the power went."""
        self.loop = Loop(
            inbox=self.inbox, journal=self.journal, face=self.glass, policy=replace(HERE, version=self.version),
            answer=self.answer, act=self.deeds.append, heed=lambda message: None, wall=lambda: self.time,
            steady=lambda: self.time,
        )  # fmt: skip
        self.loop.begin()
        self.hear(*(DeviceSeen(device) for device in DEVICES), LinkSeen(True, 0))

    def answer(self, question: Question) -> Event:
        return self.world.answer(question)  # type: ignore[return-value]

    def hear(self, *events: Event) -> None:
        for event in events:
            self.time += 700
            self.inbox.put(event)
            before = self.journal.span()[1]
            self.loop.once(0.0)
            if (seq := self.journal.span()[1]) > before:
                self.screen.settle()
                self.seen[seq] = self.screen.rgb()

    def pay(self) -> None:
        self.hear(PayPressed())
        ask = [deed for deed in self.deeds if isinstance(deed, Authorise)][-1]
        result = PaymentResult(Outcome.APPROVED, ask.amount, "EUR", "29001006", last4="4417")
        self.hear(
            TerminalSays("present_card"),
            ReadyToSend(ask.attempt, Mark("29001006")),
            TerminalSays("enter_pin"),
        )
        self.hear(ResultReceived(ask.attempt, result), TerminalAnswered(ask.attempt, result))

    def sale(self) -> None:
        """A member's basket with large text for a while, a weighing, a removal, a payment, a receipt."""
        self.hear(
            Started(),
            MemberFound("t0ken"),
            Scanned(Product(MILK.gtin)),
            WeightSettled(Grams(0), Grams(1030)),
        )
        self.hear(
            LookChosen("large"),
            Scanned(Product(LOAF.gtin)),
            WeightSettled(Grams(1030), Grams(1530)),
            LookChosen("large"),
        )
        self.hear(Opened(Panel("weigh", item=TOMATOES)), ScaleRead("produce", LiveWeight(Reading.ZERO)))
        self.hear(
            ScaleRead("produce", LiveWeight(Reading.WEIGHT, Grams(655))),
            AddWeighed(TOMATOES, Grams(645), Grams(10)),
        )
        self.hear(RemovePressed(LineNo(3)))
        self.pay()
        self.hear(ReceiptChosen("phone"), WeightSettled(Grams(1530), Grams(0)), FinishPressed())
