"""The lane's journal: real turns of the real loop, and what has to be there of them after the power has gone."""

import hashlib
import os
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import msgspec

from kiosk.barcode import Product
from kiosk.checkout.effects import Authorise, Deed, Print
from kiosk.checkout.events import (
    AddWeighed,
    Event,
    FinishPressed,
    PayPressed,
    Printed,
    ReadyToSend,
    ReceiptChosen,
    ResultReceived,
    Scanned,
    Started,
    TerminalAnswered,
    WeightSettled,
)
from kiosk.checkout.money import Mark, Outcome, PaymentResult
from kiosk.checkout.passed import DeviceSeen, LinkSeen, Opened, ScaleRead
from kiosk.checkout.records import DayEnded
from kiosk.checkout.session import Kept, LiveWeight, Panel, Reading
from kiosk.journal import Commit, Journal, replayed
from kiosk.journal.verify import verified
from kiosk.loop.inbox import Inbox
from kiosk.loop.loop import Loop
from kiosk.units import Grams, Millis
from tests.cuts.voice import Said, Voice, heard
from tests.prove.process import Blind
from tests.screens.sessions import BANANAS, DEVICES, LOAF, MILK, POLICY, Shop

NAME = "journal.db"
BEGAN = 1_796_000_000_000
SALES = 8
"""In each life of the process."""
PIECES = ((MILK, 1030), (LOAF, 500))
"""What is bought, with its weight in grams."""


def digest(kept: Kept) -> str:
    return hashlib.sha256(msgspec.json.encode(kept)).hexdigest()[:16]


class Saying(Journal):
    """The journal, saying where its two books stand after each commit, and which lines the server has."""

    loop: Loop
    say: Voice

    def _write(self, commit: Commit, delivered: list[int]) -> None:
        super()._write(commit, delivered)
        self._stands(digest(self.loop.session.kept))

    def _noted(self, *arguments: Any) -> None:
        super()._noted(*arguments)
        self._stands("")

    def _stands(self, kept: str) -> None:
        self.say(turn=self._seq, line=self._durable, kept=kept)

    def delivered(self, number: int) -> None:
        self.say(server=number)
        super().delivered(number)


class Till:
    """A lane in which sales happen, one after another; its clock is told."""

    def __init__(self, folder: Path, *pragmas: str) -> None:
        self.journal = Saying(folder / NAME)
        for pragma in pragmas:
            self.journal._db.execute(f"PRAGMA {pragma}")
        self.journal.source = "cuts"
        self.journal.say = Voice(folder)
        self.time = max(BEGAN, self.journal.newest())
        self.shop, self.deeds, self.inbox = Shop(), list[Deed](), Inbox()
        self.loop = self.journal.loop = Loop(
            inbox=self.inbox, journal=self.journal, face=Blind(), policy=POLICY, answer=self.shop.answer,
            act=self.deeds.append, heed=lambda message: None, wall=lambda: self.time, steady=lambda: self.time,
        )  # fmt: skip
        self.loop.begin()
        self.hear(*(DeviceSeen(device) for device in DEVICES), LinkSeen(True, 0))

    def hear(self, *events: Event) -> None:
        for event in events:
            self.time += 700
            self.inbox.put(event)
            self.loop.once(0.0)

    def sale(self, pieces: int, weighed: bool = False) -> None:
        """Scanned, put into the bag, paid by card, a receipt on paper."""
        self.hear(Started())
        bag = 0
        for item, grams in (PIECES * pieces)[:pieces]:
            self.hear(Scanned(Product(item.gtin)), WeightSettled(Grams(bag), Grams(bag + grams)))  # type: ignore[arg-type]
            bag += grams
        if weighed:
            bananas = Grams(1185)
            self.hear(Opened(Panel("weigh", item=BANANAS)))
            self.hear(ScaleRead("produce", LiveWeight(Reading.ZERO)))
            self.hear(ScaleRead("produce", LiveWeight(Reading.WEIGHT, bananas)))
            self.hear(AddWeighed(BANANAS, bananas, Grams(0)), WeightSettled(Grams(bag), Grams(bag + bananas)))
            bag += bananas
        self.hear(PayPressed())
        ask = [deed for deed in self.deeds if isinstance(deed, Authorise)][-1]
        paid = PaymentResult(Outcome.APPROVED, ask.amount, "EUR", "29001006", last4="4417")
        self.hear(ReadyToSend(ask.attempt, Mark("29001006")), ResultReceived(ask.attempt, paid))
        self.hear(TerminalAnswered(ask.attempt, paid), ReceiptChosen("print"))
        for deed in [deed for deed in self.deeds if isinstance(deed, Print)]:
            self.hear(Printed(deed.job))
        self.hear(WeightSettled(Grams(bag), Grams(0)), FinishPressed())
        self.deeds.clear()

    def link(self, most: int) -> None:
        """The server takes so many lines."""
        for entry in self.journal.waiting(limit=most):
            self.journal.delivered(entry.number)


def live(folder: Path, end: str, *pragmas: str) -> None:
    """One life: some sales, deliveries, anchors, the end of the day; `end`: closed or killed."""
    till = Till(folder, *pragmas)
    for number in range(SALES):
        till.sale(1 + number % 4, weighed=number % 3 == 0)
        till.link(number % 3)
        if number % 4 == 3:
            till.journal.anchor(Millis(till.time), due=False)
    till.journal.note(Millis(till.time), DayEnded("2026-11-30", Millis(till.time))).result()
    if end == "killed":
        os._exit(0)
    till.journal.close()


class Check:
    """What is expected of every state, from the files as the recording left them when nothing went wrong."""

    def __init__(self, files: Path) -> None:
        self.kept = {line["turn"]: line["kept"] for line in heard(files) if line.get("kept")}
        with closing(sqlite3.connect(files / NAME)) as db:
            self.turns, self.lines = rows(db)

    def __call__(self, folder: Path, said: Said) -> str:
        """Empty if all is well; "lost…" if something acknowledged is not there, else what is broken."""
        with closing(Journal(folder / NAME)) as journal:
            return self._stands(journal, folder / NAME, said) or goes_on(journal, self.kept)

    def _stands(self, journal: Journal, path: Path, said: Said) -> str:
        with closing(sqlite3.connect(path)) as db:
            turns, lines = rows(db)
            waits = {number for (number,) in db.execute("SELECT number FROM outbox")}
        last = next((each for each in reversed(said) if "turn" in each), {"turn": 0, "line": 0})
        if len(turns) < last["turn"] or len(lines) < last["line"]:
            return f"lost: {len(turns)} turns of {last['turn']}, {len(lines)} lines of {last['line']}"
        if turns != self.turns[: len(turns)] or lines != self.lines[: len(lines)]:
            return "what is there is not what was written"
        server = {each["server"] for each in said if "server" in each}
        if missing := {number for number, *_ in lines} - waits - server:
            return f"lost: lines {sorted(missing)} are neither at the server nor on their way"
        return broken(path)


def broken(path: Path) -> str:
    """What the kiosk's own verifying finds wrong, or SQLite's."""
    with closing(sqlite3.connect(path)) as db:
        if (damage := db.execute("PRAGMA integrity_check(1)").fetchone()[0]) != "ok":
            return f"damaged: {damage}"
    wrong = [finding.what for finding in verified(path, every=True).findings if finding.fault]
    return f"not verified: {wrong[0]}" if wrong else ""


def goes_on(journal: Journal, kept: dict[int, str]) -> str:
    """The lane is where it was, and its next turn is taken."""
    session, last = replayed(journal), journal.span()[1]
    if last and digest(session.kept) != kept[last]:
        return f"turn {last} leads to another session"
    journal.commit(Commit(Millis(BEGAN), ())).result()
    return ""


def rows(db: sqlite3.Connection) -> tuple[list[Any], list[Any]]:
    turns = db.execute("SELECT * FROM turns ORDER BY seq").fetchall()
    return turns, db.execute("SELECT * FROM ledger ORDER BY number").fetchall()
