"""One run: a shopper or two, everything that its plan has in store for them, and then the books."""

import gc
import itertools
import shutil
import tempfile
from collections import Counter
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from zoneinfo import ZoneInfo

from msgspec import Struct, field

from drivers.simulated.terminal import TerminalPeer
from drivers.simulated.terminal_book import State
from drivers.simulated.world import Card, World
from kiosk.barcode import Product
from kiosk.checkout.effects import Print
from kiosk.checkout.events import (
    BackPressed,
    CaseCleared,
    FinishPressed,
    OutcomeDecided,
    PayPressed,
    PinAccepted,
    ReceiptChosen,
    SaleCancelled,
    Scanned,
)
from kiosk.checkout.money import Attempt, Outcome, Stage
from kiosk.checkout.session import Finishing, Idle, OutOfService, Paying, Shopping
from kiosk.journal import Journal, JournalError
from kiosk.units import AttemptId
from tests.journeys.rig import STAMPS, stock
from tests.lane import EGGS, MILK, TIN, YOGHURT
from tests.prove.books import Auditor, Episode, Holder, owner, stamped
from tests.prove.disk import FSYNC_ERROR, FULL, OK, WRITE_ERROR, Disk, forget, watch
from tests.prove.families import FAMILIES, NUMBER, RULES, wrapped
from tests.prove.hub import Hub, Stuck
from tests.prove.plan import Kill, Plan
from tests.prove.process import Process, Shelf
from tests.prove.watch import Watch, attempt_of
from tests.prove.wire import Net, VirtualPeer

BASKETS = ((STAMPS,), (MILK, TIN), (YOGHURT, STAMPS), (EGGS,))
LOOK = 0.5  # virtual seconds between two looks of the director
LONG = 7_200.0  # virtual seconds in which every run comes to rest
QUIET = 400.0  # longer than any request, answer or timer of a terminal lives
PATIENCE = 60.0  # until a colleague comes
DISK_SECONDS = 20.0
CODES = {"full": FULL, "read-only": WRITE_ERROR, "fsync fails": FSYNC_ERROR}
RUNS = itertools.count(1)
ZONE = ZoneInfo("Europe/Paris")
HERE = Path("/dev/shm")  # where syncs cost nothing; any folder will do


class Outcomes(Struct):
    """What came of one run. `reached` counts the moments at which something was planned and happened."""

    plan: Plan
    violations: list[str] = field(default_factory=list)
    episodes: list[Episode] = field(default_factory=list)
    seconds_to_resolve: list[float] = field(default_factory=list)
    reached: list[str] = field(default_factory=list)
    seconds: float = 0.0
    sales: int = 0
    lives: int = 0
    moments: Counter[str] = field(default_factory=Counter)


@cache
def shop() -> Path:
    """The catalogue and an empty journal, made once."""
    folder = Path(tempfile.mkdtemp(prefix="prove-", dir=HERE if HERE.is_dir() else None))
    stock(folder / "catalogue.db")
    journal = Journal(folder / "journal.db")
    journal._db.execute("UPDATE meta SET value = 'proof0000001' WHERE key = 'journal'")
    journal.close()
    return folder


class Run:
    """Directs one run: starts the kiosk as often as it ends, shops, and sends a colleague where one is needed."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.family = FAMILIES[plan.family]
        self.hub = Hub(plan.seed)
        self.net = VirtualPeer.net = Net(self.hub)
        self.world = World()
        self.watch, self.auditor, self.holder = Watch(), Auditor(), Holder()
        self.auditor.now = lambda: self.hub.now
        self.watch.listeners += [self.auditor.heard, self._sent]
        self.watch.at = self._at
        self.net.noted = self._wired
        self.net.cut_send = self._first_bytes
        self.shelf = Shelf(self.hub)
        self.papers: list[Print] = []
        self.outcomes = Outcomes(plan)
        self.folder = Path(tempfile.mkdtemp(prefix="run-", dir=shop()))
        self.process: Process | None = None
        self.disk: Disk | None = None
        self.lives = 0
        self.kills = list(plan.kills)
        self.passed: Counter[str] = Counter()
        self.inside = 0
        self.away_until = 0.0
        self.disk_until = 0.0
        self.skew = 0.0
        self.fine_since = 0.0
        self.link_due, self.terminal_due, self.disk_due = True, True, True
        self.terminals: list[TerminalPeer] = []
        self.terminal = self._new_terminal()
        self.tries = 0
        self.pressed_back = False
        self.cancelled: set[str] = set()
        self._prepare()

    # ---- the terminal

    def _new_terminal(self) -> TerminalPeer:
        peer = self.family.peer(self.world)
        peer.book.clock = lambda: datetime(2026, 9, 21, 12) + timedelta(seconds=self.hub.now)
        peer.book.rule = RULES[self.plan.rule]
        stamped(peer, self.holder)
        self.terminals.append(peer)
        return peer

    def _prepare(self) -> None:
        plan = self.plan
        if plan.terminal == "receipt wraps":
            wrapped(self.terminal.book)
        self.terminal.script.update(dict(plan.script))
        if plan.terminal == "misspeaks":
            self.outcomes.reached.append("terminal")
        self.world.change(card=self._card())
        self.shelf.away_until = plan.server_away

    def _card(self) -> Card:
        no = {"declined": 1, "declined twice": 2, "walks away": 9}.get(self.plan.flow, 0)
        return Card(last4="4417", bank="declines" if self.tries < no else "approves")

    # ---- what is planned, at its moment

    def _sent(self, process: Process, what: str, thing: object) -> None:
        if what == "deed" and type(thing).__name__ in {"Authorise", "Reverse"}:
            self.holder.id = thing.attempt  # type: ignore[attr-defined]

    def _wired(self, way: str, data: bytes) -> None:
        self.watch.wired(way, data)

    def _first_bytes(self, data: bytes) -> bytes:
        if self.watch.sending_first() and self._due("K2"):
            data = data[: self.hub.random.randrange(len(data))]
            self._kill(self.kills[0])
        return data

    def _at(self, moment: str) -> None:
        plan = self.plan
        if self.process is None or self.process.life.dead:
            return
        if self.link_due and moment == plan.when[0] and plan.link != "none":
            self.link_due = False
            self._link()
        if self.terminal_due and moment == plan.when[1] and plan.terminal != "stays up":
            self.terminal_due = False
            self._terminal_turns()
        if self.disk_due and moment == plan.when[2] and plan.disk in CODES:
            self.disk_due = False
            self.outcomes.reached.append("disk")
            self.disk_until = self.hub.now + self.hub.random.choice((0.5, DISK_SECONDS))
        if self._due(moment):
            kill = self.kills[0]
            if kill.inside and moment in {"K0", "K6", "K11", "K15", "K18"}:
                self.inside = kill.inside
            else:
                self._kill(kill)

    def _due(self, moment: str) -> bool:
        if not self.kills or self.kills[0].at != moment or self.process is None or self.process.life.dead:
            return False
        self.passed[moment] += 1
        return self.passed[moment] > self.kills[0].skip and not self.inside

    def _kill(self, kill: Kill) -> None:
        process = self.process
        if process is None or process.life.dead:
            return
        self.kills.pop(0)
        self.passed.clear()
        self.inside = 0
        self.outcomes.reached.append(kill.at)
        process.disk.tears = self.plan.disk == "torn page"
        if process.disk.tears and kill.power:
            self.outcomes.reached.append("disk")
        self.away_until = self.hub.now + kill.away
        process.end(kill.power)
        if self.plan.link == "back after restart" and self.link_due:
            self.link_due = False
            self.outcomes.reached.append("link")
            self.net.down_until = self.away_until + 15
            self.net.loses()

    def _wrote(self, what: str) -> None:
        if self.inside:
            self.inside -= 1
            if not self.inside and self.kills:
                self._kill(self.kills[0])

    def _fault(self, what: str) -> int:
        if self.hub.now >= self.disk_until:
            return OK
        code = CODES[self.plan.disk]
        return OK if code == FSYNC_ERROR and what != "sync" else code

    def _link(self) -> None:
        hub, net = self.hub, self.net
        self.outcomes.reached.append("link")
        match self.plan.link:
            case "reset":
                hub.later(0, net.reset)
            case "drop 1 s":
                net.held_until = hub.now + 1
            case "drop 10 s":
                net.held_until = hub.now + 10
            case "drop > T4":
                net.held_until = hub.now + 200
            case "half open":
                net.loses()
                hub.later(0.01, self.terminal.reboot)
            case "replugged":
                hub.later(0, net.reset)
                net.down_until = hub.now + hub.random.choice((0.5, 20.0))
            case "back after restart":
                net.down_until = hub.now + 30
                hub.later(0, net.reset)

    def _terminal_turns(self) -> None:
        hub, terminal = self.hub, self.terminal
        self.outcomes.reached.append("terminal")
        match self.plan.terminal:
            case "reboots, keeps":
                terminal.book.rule = RULES[0]
                hub.later(hub.random.choice((0, 0.1)), terminal.reboot)
            case "reboots, reverses":
                terminal.book.rule = RULES[1 + self.plan.rule % 3]
                hub.later(hub.random.choice((0, 0.1)), terminal.reboot)
            case "busy":
                terminal.busy_answers = 8
            case "card left in":
                self._card_inside(terminal)
            case "declines after":
                self.world.change(card=Card(bank="declines"))
                hub.later(60, lambda: self.world.change(card=self._card()))
            case "day ended":
                hub.later(0, self._day_ended)
            case "swapped":
                hub.later(0, self._swap)

    def _card_inside(self, terminal: TerminalPeer) -> None:
        if hasattr(terminal, "status"):
            terminal.status = 0xDC
            self.hub.later(8, lambda: setattr(terminal, "status", 0))
        else:
            terminal.busy_answers = 5

    def _day_ended(self) -> None:
        """The terminal closed its day by itself: its last receipt is another kind of line."""
        self.terminal.reboot()
        self.terminal.book.receipt += 0

    def _swap(self) -> None:
        """Another terminal stands there, with another id and another book."""
        old = self.terminal
        old.reboot()
        self.net.peers.pop(NUMBER)
        old.close()
        self.terminal = self._new_terminal()
        self.terminal.terminal_id = "29001099"
        self.terminal.book.receipt = 12

    # ---- the lives of the kiosk

    def _start(self) -> None:
        assert self.process is None
        self.lives += 1
        folder = self.folder / str(self.lives)
        folder.mkdir()
        if self.disk is None:
            shutil.copy(shop() / "journal.db", folder / "journal.db")
            self.disk = watch(folder)
        else:
            old, self.disk = self.disk, self.disk.thaw(folder)
            forget(old)
        self.disk.fault, self.disk.seen = self._fault, self._wrote
        if self.lives > 1:
            self.skew += {"right": 0.0, "-1 day": -86_400.0, "+2 h": 7_200.0}[self.plan.clock]
        config = self.family.config()
        try:
            self.process = Process(
                self.hub,
                self.net,
                self.disk,
                policy=config.policy,
                terminal=lambda emit, clock: self.family.worker("terminal", config.terminal, emit, clock),
                catalogue=shop() / "catalogue.db",
                papers=self.papers,
                shelf=self.shelf,
                seen=self.watch,
                zone=ZONE,
                skew=self.skew,
                paper_fails=self.plan.paper,
            )
        except JournalError as wrong:
            if self.hub.now >= self.disk_until:
                raise
            self.disk.frozen = None
            self.disk.freeze(self.hub.random, False)
            self.away_until = max(self.disk_until, self.hub.now + 1)
            self.outcomes.reached.append(f"waits for the disk: {wrong}"[:40])
            return
        self.process.pace = lambda: self.plan.pace
        self.watch._forget()
        self.outcomes.lives += 1

    def play(self) -> Outcomes:
        """From the first basket until nothing has happened for long; then the books are compared."""
        try:
            self._live()
            self._compare()
        except (Stuck, JournalError, AssertionError) as wrong:
            self.auditor.say("rest", f"{type(wrong).__name__}: {wrong}")
        finally:
            self._clean()
        outcomes = self.outcomes
        outcomes.violations = self.auditor.said
        outcomes.episodes = [*self.auditor.episodes.values()]
        outcomes.moments = self.watch.moments
        outcomes.seconds = self.hub.now
        return outcomes

    def _clean(self) -> None:
        if self.process is not None:
            if not self.process.life.dead:
                self.process.end(False)
            self.hub.wrong.clear()
            self.hub.rounds = 0
            self.process.bury()
        self.net.close()
        if self.disk is not None:
            forget(self.disk)
        shutil.rmtree(self.folder)
        if next(RUNS) % 20 == 0:
            gc.collect()  # event files of workers that nobody has any more

    def _live(self) -> None:
        basket, quiet, seen = 0, 0.0, None
        while quiet < QUIET:
            if self.hub.now > LONG:
                raise Stuck(f"no rest: {self._where()}")
            if self.process is not None and self.process.life.dead:
                self.process.bury()
                self.process = None
            if self.process is None:
                if self.hub.now < self.away_until:
                    self.hub.sleep(self.away_until - self.hub.now)
                self._start()
                quiet = 0.0
            process = self.process
            if process is None or not process.began:
                self.hub.sleep(LOOK)
                continue
            phase = process.session.kept.phase
            rests = self._rests(process) and basket >= self.plan.baskets
            if rests and seen is process.session.kept:
                quiet += 20.0
                self.hub.sleep(20.0)
                continue
            if seen is process.session.kept and (quiet < 6 or not process.inbox.empty):
                quiet += LOOK
                self.hub.sleep(LOOK)
                continue
            quiet, seen = 0.0, process.session.kept
            if isinstance(phase, Idle) and basket < self.plan.baskets and self._rests(process):
                if self._begin(process, basket):
                    basket += 1
            else:
                self._act(process)
            self.hub.sleep(LOOK)

    def _rests(self, process: Process) -> bool:
        kept = process.session.kept
        return (
            isinstance(kept.phase, Idle)
            and not kept.giving_back
            and not process.loop._untold
            and process.journal.depth() == 0
            and self.hub.now > self.net.back
        )

    def _where(self) -> str:
        session = self.process.session if self.process else None
        attempt = attempt_of(session) if session else None
        phase = type(session.kept.phase).__name__ if session else ""
        return f"{phase} {attempt} giving back {session.kept.giving_back if session else ()}"

    # ---- people

    def _begin(self, process: Process, basket: int) -> bool:
        """Scan the things of a basket; whether that was taken."""
        self.tries, self.pressed_back = 0, False
        self.world.change(card=None)
        self.world.change(card=self._card())
        for item in BASKETS[(basket + self.plan.rule) % len(BASKETS)]:
            assert item.gtin is not None
            process.put(Scanned(Product(item.gtin)))
        self.hub.wait(lambda: process.life.dead or self._shopping(process), self.hub.now + 5)
        return self._shopping(process)

    def _shopping(self, process: Process) -> bool:
        return isinstance(process.session.kept.phase, Shopping)

    def _act(self, process: Process) -> None:
        """What a shopper or a colleague does who sees this page."""
        kept = process.session.kept
        match kept.phase:
            case Shopping(sale=sale) if self.pressed_back and self.plan.flow == "walks away":
                self._colleague(process, SaleCancelled())
            case Shopping() if self._fine():
                process.press(PayPressed())
            case Paying(attempt=None):
                self._refused(process)
            case Paying(attempt=Attempt() as attempt):
                self._paying(process, attempt)
            case Finishing(receipt=""):
                kind = self.hub.random.choice(("print", "none"))
                process.press(ReceiptChosen(kind))
            case Finishing(receipt="print", printed=""):
                pass
            case Finishing():
                process.press(FinishPressed())
            case OutOfService():
                raise Stuck("out of service")
        if kept.giving_back and kept.giving_back[0].stage is Stage.WITH_STAFF and self._patient():
            self._decide(process, kept.giving_back[0])

    def _refused(self, process: Process) -> None:
        self.tries += 1
        self.world.change(card=None)
        self.world.change(card=self._card())
        if self.plan.flow == "walks away" and self.tries > 1:
            self.pressed_back = True
            process.press(BackPressed())
        elif self._fine():
            process.press(PayPressed())

    def _paying(self, process: Process, attempt: Attempt) -> None:
        if self.plan.flow == "back" and not self.pressed_back and self.hub.random.random() < 0.4:
            self.pressed_back = True
            process.press(BackPressed())
        if attempt.stage is Stage.WITH_STAFF and self._patient():
            self._decide(process, attempt)

    def _fine(self) -> bool:
        return self.hub.now >= max(self.net.back, self.disk_until)

    def _patient(self) -> bool:
        """Everything has been there again for long, and the terminal has nothing under way."""
        since = max(self.net.back, self.disk_until, self.away_until)
        pending = any(e.state is State.PENDING for t in self.terminals for e in t.book.entries)
        return self.hub.now > since + PATIENCE and not pending

    def _decide(self, process: Process, attempt: Attempt) -> None:
        """A colleague reads the terminal, and says what stands there."""
        id = attempt.of or attempt.id
        charged = any(
            owner(entry) == id and entry.state is State.STORED and entry.reverses is None
            for terminal in self.terminals
            for entry in terminal.book.entries
        )
        yes = charged if attempt.of is None else not charged
        self._colleague(process, OutcomeDecided(attempt.id, Outcome.APPROVED if yes else Outcome.NOT_CHARGED))

    def _colleague(self, process: Process, *does: object) -> None:
        process.put(PinAccepted("17", "Sam"))
        for each in does:
            process.put(each)  # type: ignore[arg-type]

    # ---- the end

    def _compare(self) -> None:
        process = self.process
        assert process is not None
        books = [(terminal.terminal_id, terminal.book) for terminal in self.terminals]
        self.auditor.rest(process.journal, process.session, books, self.shelf)
        self.auditor.papers(self.papers)
        self.outcomes.sales = sum(1 for _ in process.journal.sales())
        back = max(self.net.back, self.disk_until)
        for episode in self.auditor.episodes.values():
            if episode.by == "terminal":
                since = max(min(back, episode.until), min(self.away_until, episode.until), episode.since)
                self.outcomes.seconds_to_resolve.append(episode.until - since)


def play(plan: Plan) -> Outcomes:
    return Run(plan).play()


__all__ = ["AttemptId", "Callable", "CaseCleared", "Outcomes", "Run", "play"]
