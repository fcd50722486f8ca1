"""I1 to I10, checked against the terminal's own ledger: while it runs, and when everything has come to rest."""

from collections import Counter
from collections.abc import Iterable, Mapping

import msgspec
from msgspec import Struct

from drivers.simulated.terminal import TerminalPeer
from drivers.simulated.terminal_book import Book, Entry, State
from kiosk.checkout.effects import Authorise, Deed, EndOfDay, Print, Report, Reverse
from kiosk.checkout.events import Happened, OutcomeDecided, PrintFailed, ReceiptChosen, TerminalAnswered
from kiosk.checkout.money import IN_DOUBT, Attempt, CaseWhy, Outcome, Stage, TenderKind
from kiosk.checkout.records import ClosedSale, Reversal
from kiosk.checkout.session import Paying, Session
from kiosk.journal import Commit, Journal
from kiosk.units import AttemptId
from tests.prove.hub import Life
from tests.prove.ledger import refunded, refunds
from tests.prove.process import Process, Shelf
from tests.prove.watch import attempt_of

AT_CARD_TERMINAL = {TenderKind.CARD, TenderKind.MEAL_VOUCHER}


class Episode(Struct):
    """One attempt that was UNKNOWN, and how that ended: "terminal", "person", or not yet.

    `missed`: a look-up found nothing, which is believed only when no request can be under way any more.
    """

    attempt: AttemptId
    since: float
    until: float = 0.0
    by: str = ""
    missed: bool = False


class Auditor:
    """Watches money: `said` is the list of violations, each beginning with its invariant."""

    def __init__(self) -> None:
        self.said: list[str] = []
        self.attempts: dict[AttemptId, Attempt] = {}
        self.reversals: set[AttemptId] = set()
        self.episodes: dict[AttemptId, Episode] = {}
        self.prints: set[str] = set()
        self.failed_prints: set[str] = set()
        self.jobs: dict[str, str] = {}
        self.days = 0
        self.now = lambda: 0.0
        self._open: dict[AttemptId, Attempt] = {}
        self._begun: tuple[Happened, ...] = ()
        """Facts that were on their way to the disk: those of a life that ended there may have come, too."""
        self._refused: tuple[Happened, ...] = ()
        """Facts that the disk would not take: written and not synced, they may be there after a power cut."""
        self._life: Life | None = None

    def say(self, invariant: str, what: str) -> None:
        if (line := f"{invariant}: {what}") not in self.said:
            self.said.append(line)

    # ---- while it runs

    def heard(self, process: Process, what: str, thing: object) -> None:
        match what, thing:
            case "commit", Commit():
                self._begun += thing.facts
            case "failed", Commit():
                self._begun, self._refused = (), self._refused + self._begun
            case "committed", Commit():
                if process.life is not self._life:
                    self._life, self._begun = process.life, self._refused + self._begun
                self._committed(process, thing)
                self._begun = self._refused = ()
            case "done", Authorise() | Reverse():
                self._started(process, thing)
            case "done", EndOfDay():
                self.days += 1
            case "deed", Print() | Report():
                self._released(process, thing)

    def _now_open(self, session: Session) -> dict[AttemptId, Attempt]:
        found = {each.id: each for each in session.kept.giving_back}
        if (attempt := attempt_of(session)) is not None:
            found[attempt.id] = attempt
        return found

    def _committed(self, process: Process, commit: Commit) -> None:
        session = process.loop.session
        opened = self._now_open(session)
        ended = {each.id: each.outcome for each in session.kept.concluded}
        for id, attempt in opened.items():
            self.attempts[id] = attempt
            if attempt.of is not None:
                self.reversals.add(id)
            if attempt.stage in IN_DOUBT and id not in self.episodes:
                self.episodes[id] = Episode(id, self.now())
        for id, before in self._open.items():
            if id not in opened:
                self._ended(id, before, ended.get(id))
        self._open = opened
        for fact in self._begun:
            if isinstance(fact, ReceiptChosen) and fact.kind == "print":
                self.prints.add(getattr(getattr(session.kept.phase, "closed", None), "id", ""))
            if isinstance(fact, PrintFailed):
                self.failed_prints.add(self.jobs.get(fact.job, fact.job))

    def _ended(self, id: AttemptId, before: Attempt, outcome: Outcome | None) -> None:
        """Every end of an attempt has a word of the terminal or a named person behind it (I5)."""
        decided = any(isinstance(fact, OutcomeDecided) and fact.attempt == id for fact in self._begun)
        told = [
            fact.result for fact in self._begun if isinstance(fact, TerminalAnswered) and fact.attempt == id
        ]
        if (episode := self.episodes.get(id)) is not None and not episode.by:
            episode.until, episode.by = self.now(), "person" if decided else "terminal"
            episode.missed = before.missed
        if before.stage is Stage.INTENT or decided:
            return
        word = told[-1] if told else None
        if word is None:
            self.say("I5", f"{id} ended as {outcome} and nobody had said so")
        elif word.outcome is not outcome and not (
            word.reason == "not_found" and before.missed and before.outlived
        ):
            self.say("I5", f"{id} ended as {outcome}, the terminal had said {word.outcome} {word.reason}")

    def _started(self, process: Process, deed: Authorise | Reverse) -> None:
        for id, other in self._now_open(process.loop.session).items():
            if id != deed.attempt and other.stage is not Stage.INTENT:
                self.say("I6", f"{deed.attempt} began while {id} was {other.stage}")

    def _released(self, process: Process, deed: Deed) -> None:
        if isinstance(deed, Print):
            self.jobs[deed.job] = deed.document.id
        sale = deed.document if isinstance(deed, Print) else getattr(deed, "record", None)
        if isinstance(sale, ClosedSale) and not sale.training:
            if sum(tender.amount for tender in sale.tenders) != sale.priced.total:
                self.say("I3", f"sale {sale.number} was released, paid {[t.amount for t in sale.tenders]}")
            if isinstance(process.loop.session.kept.phase, Paying):
                self.say("I3", f"sale {sale.number} was released before it was paid")

    # ---- when it rests

    def rest(
        self, journal: Journal, session: Session, books: Iterable[tuple[str, Book]], shelf: Shelf
    ) -> None:
        """Everything has ended: compare the books."""
        sales = list(journal.sales())
        tenders = {
            tender.attempt: (sale, tender)
            for sale in sales
            for tender in sale.tenders
            if tender.attempt is not None
        }
        entries = [(where, entry) for where, book in books for entry in book.entries]
        self._charges(sales, tenders, entries, session, refunded(journal))
        self._given_back(journal, session, entries)
        self._numbers(journal, sales, shelf)

    def _charges(self, sales, tenders, entries, session, back) -> None:  # type: ignore[no-untyped-def]
        waits = {case.id for case in session.kept.cases} | set(self._now_open(session))
        waits |= {each.of for each in session.kept.giving_back}
        waits |= {self.attempts[id].of for id in waits if id in self.attempts}
        charged: Counter[AttemptId | None] = Counter()
        by_sale: Counter[str] = Counter()
        for where, entry in standing(entries, self.attempts):
            id = owner(entry)
            if id not in waits:  # what a colleague still has to give back
                by_sale[str(id).rpartition("-")[0]] += entry.amount
            charged[id] += 1
            found = tenders.get(id)
            if found is None and id not in waits:
                self.say("I2", f"{entry.amount} of {id} charged at {where} is in no sale and no case")
            if found is not None and back[id] >= entry.amount and id not in waits:
                self.say("I4", f"{id} was refunded, and is still charged at {where}")
            if found is not None and found[1].amount != entry.amount:
                self.say("I7", f"{id}: sold as {found[1].amount}, charged {entry.amount}")
            if found is not None and (at := getattr(found[1].result, "terminal_id", "")) not in ("", where):
                self.say("I7", f"{id}: charged at {where}, sold as paid at {at}")
        for id, count in charged.items():
            if count > 1:
                self.say("I1", f"{id} was charged {count} times")
        for sale in sales:
            if by_sale[sale.id] > sale.priced.total:
                self.say(
                    "I1", f"{by_sale[sale.id]} was taken for basket {sale.id}, which cost {sale.priced.total}"
                )
            for tender in sale.tenders:
                gone = sale.training or charged[tender.attempt] or back[tender.attempt] >= tender.amount
                if tender.kind in AT_CARD_TERMINAL and not gone:
                    self.say("I3", f"goods for {tender.amount} of {tender.attempt}, and no charge")

    def _given_back(self, journal: Journal, session: Session, entries) -> None:  # type: ignore[no-untyped-def]
        rows = journal._db.execute("SELECT body FROM ledger WHERE kind = 'reversal'").fetchall()
        done = {
            record.id: record for (body,) in rows for record in [msgspec.json.decode(body, type=Reversal)]
        }
        cases = {case.id for case in session.kept.cases}
        waiting = {each.id for each in session.kept.giving_back}
        for id in self.reversals:
            if id not in done and id not in cases | waiting:
                self.say("I4", f"reversal {id} was owed and is forgotten")
        for id, record in done.items():
            for where, entry in standing(entries, self.attempts):
                if owner(entry) == record.of:
                    self.say("I4", f"{record.of} was given back in our ledger ({id}), not at {where}")

    def _numbers(self, journal: Journal, sales: list[ClosedSale], shelf: Shelf) -> None:
        ids = Counter(sale.id for sale in sales)
        for id, count in ids.items():
            if count > 1:
                self.say("I10", f"sale {id} is {count} times in the ledger")
        numbers = sorted([sale.number for sale in sales] + [each.number for each in refunds(journal)])
        if numbers != list(range(1, len(numbers) + 1)):
            self.say("I10", f"numbers {numbers}")
        if journal.broken_chain() is not None:
            self.say("I10", f"the ledger's chain breaks at {journal.broken_chain()}")
        if missing := set(ids) - shelf.sales:
            self.say("I10", f"the store server has not got {sorted(missing)}")
        if shelf.conflicts:
            self.say("I10", f"the store server was told two things of {shelf.conflicts}")
        rows = {(key, number) for key, number, _ in shelf.came}
        for key, count in Counter(key for key, _ in rows).items():
            if count > 1:
                self.say("I10", f"{key} went to the store server from {count} rows")

    def totals(self, session: Session) -> None:
        """Where nobody had to decide anything, the terminal's day comes to what was booked here (I5)."""
        for case in session.kept.cases:
            if case.why is CaseWhy.TOTALS_DIFFER:
                self.say("I5", f"the terminal's day differs by {case.amount}, and nobody decided anything")

    def papers(self, papers: list[Print], session: Session) -> None:
        """I8: whoever wanted a receipt has it, was told why not, or it waits; no two of them are originals."""
        printed = Counter(paper.document.id for paper in papers)
        originals = Counter(paper.document.id for paper in papers if not paper.copy)
        waiting = {job.of for job in session.kept.jobs}
        for sale in self.prints - {""} - self.failed_prints - waiting:
            if not printed[sale]:
                self.say("I8", f"no receipt of {sale}, and no word of it")
        for sale, count in originals.items():
            if count > 1:
                self.say("I8", f"{count} originals of {sale}")


def is_charge(entry: Entry) -> bool:
    """Whether a card stands charged by that line of the book."""
    return entry.state is State.STORED and entry.reverses is None and not entry.refund and entry.amount > 0


Line = tuple[str, Entry]
"""A line of a terminal's book, and which terminal's."""


def standing(lines: Iterable[Line], attempts: Mapping[AttemptId, Attempt]) -> list[Line]:
    """The charges that stand: neither reversed nor paid out again to a card."""
    lines = list(lines)
    paid_out: Counter[AttemptId | None] = Counter()
    for _, entry in lines:
        if entry.state is State.STORED and (entry.refund or entry.amount < 0):
            id = owner(entry)
            paid_out[attempts[id].of if id in attempts else id] += abs(entry.amount)
    left = []
    for where, entry in lines:
        if is_charge(entry) and paid_out[owner(entry)] < entry.amount:
            left.append((where, entry))
        elif is_charge(entry):
            paid_out[owner(entry)] -= entry.amount
    return left


def owner(entry: Entry) -> AttemptId | None:
    """The attempt that a line of the terminal's book is of, as the run stamped it."""
    return getattr(entry, "attempt", None)


def stamped(terminal: TerminalPeer, attempt: "Holder") -> None:
    """Have each new line of the book bear the attempt that was at the terminal then."""
    book = terminal.book
    open_ = book.open

    def opened(*args, **more):  # type: ignore[no-untyped-def]
        entry = open_(*args, **more)
        entry.attempt = attempt.id  # type: ignore[attr-defined]
        return entry

    book.open = opened  # type: ignore[method-assign]


class Holder:
    """The attempt whose request went to the terminal last."""

    id: AttemptId | None = None
    amount = 100
