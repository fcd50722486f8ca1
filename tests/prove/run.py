"""One run: a shopper or two, everything that its plan has in store for them, and then the books."""

import gc
import itertools
import shutil
import tempfile
import traceback
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from msgspec import Struct, field
from msgspec.structs import replace

from kiosk.checkout.money import TenderKind
from kiosk.checkout.session import Idle, Policy
from kiosk.journal import JournalError
from tests.prove.books import Auditor, Episode
from tests.prove.disk import Disk, forget, watch
from tests.prove.families import FAMILIES
from tests.prove.hub import Hub, Stuck
from tests.prove.people import People
from tests.prove.plan import Plan
from tests.prove.process import BASE, Process, Shelf
from tests.prove.shop import shop
from tests.prove.trouble import Trouble
from tests.prove.watch import Watch, attempt_of
from tests.prove.wire import Net, VirtualPeer

LOOK = 0.5  # virtual seconds between two looks of people at the lane
SLOW = 6.0  # until they press again what has not had an effect
LONG = 7_200.0  # in which every run comes to rest
QUIET = 400.0  # longer than any request, answer or timer of a terminal lives
RUNS = itertools.count(1)
ZONE = ZoneInfo("Europe/Paris")
SKEWS = {"right": 0.0, "-1 day": -86_400.0, "+2 h": 7_200.0}


class Outcomes(Struct):
    """What came of one run; `reached` is what of its plan came to pass.

    How long it took until what was unknown was known: `seconds_to_resolve` where the terminal knew of it,
    `seconds_to_believe` where it knew of nothing, which may be a request still under way.
    """

    plan: Plan
    violations: list[str] = field(default_factory=list)
    episodes: list[Episode] = field(default_factory=list)
    seconds_to_resolve: list[float] = field(default_factory=list)
    seconds_to_believe: list[float] = field(default_factory=list)
    reached: list[str] = field(default_factory=list)
    seconds: float = 0.0
    sales: int = 0
    lives: int = 0
    moments: dict[str, int] = field(default_factory=dict)


class Run:
    """Starts the kiosk as often as it ends, and lets people at it until everything rests."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.family = FAMILIES[plan.family]
        self.config = self.family.config
        self.hub = Hub(plan.seed)
        self.net = VirtualPeer.net = Net(self.hub, self.family.serial)
        self.watch, self.auditor = Watch(), Auditor()
        self.auditor.now = lambda: self.hub.now
        self.process: Process | None = None
        self.trouble = Trouble(plan, self.family, self.hub, self.net, self.watch, lambda: self.process)
        self.people = People(self.trouble, self.auditor.attempts)
        self.watch.listeners += [self.auditor.heard, self._sent]
        self.shelf = Shelf(self.hub)
        self.shelf.away_until = plan.server_away
        self.folder = Path(tempfile.mkdtemp(prefix="run-", dir=shop()))
        self.disk: Disk | None = None
        self.lives = 0
        self.skew = 0.0
        self.papers: list = []  # type: ignore[type-arg]

    def _sent(self, process: Process, what: str, thing: object) -> None:
        if what == "deed" and type(thing).__name__ in {"Authorise", "Reverse"}:
            self.trouble.holder.id = thing.attempt  # type: ignore[attr-defined]
            self.trouble.holder.amount = thing.amount  # type: ignore[attr-defined]

    # ---- the lives of the kiosk

    def _next_disk(self) -> Disk:
        """What the process before has left, or the first one's empty journal."""
        self.lives += 1
        folder = self.folder / str(self.lives)
        folder.mkdir()
        if self.disk is None:
            shutil.copy(shop() / "journal.db", folder / "journal.db")
            self.disk = watch(folder)
        else:
            old, self.disk = self.disk, self.disk.thaw(folder)
            forget(old)
            self.skew += SKEWS[self.plan.clock]
        self.disk.fault, self.disk.seen = self.trouble.fault, self.trouble.wrote
        return self.disk

    def _start(self) -> None:
        disk = self._next_disk()
        skew = self.skew

        def today() -> datetime:
            return datetime.fromtimestamp(BASE / 1000 + self.hub.now + skew, UTC)

        try:
            self.process = Process(
                self.hub,
                self.net,
                disk,
                policy=self._policy,
                terminal=lambda emit, clock: self.family.worker(
                    self.family.config, emit, clock, today, self.hub.random
                ),
                catalogue=shop() / "catalogue.db",
                papers=self.papers,
                shelf=self.shelf,
                seen=self.watch,
                zone=ZONE,
                skew=self.skew,
                paper_fails=self.plan.paper,
            )
        except JournalError:
            if self.hub.now >= self.trouble.disk_until:
                raise
            disk.frozen = None
            disk.freeze(self.hub.random, False)
            self.trouble.away_until = self.trouble.disk_until
            return
        self.process.pace = lambda: self.plan.pace
        self.watch.forget()

    def _policy(self, journal: str) -> Policy:
        policy = self.family.policy(journal)
        if self.people.splits:
            policy = replace(policy, tenders=(TenderKind.MEAL_VOUCHER, TenderKind.CARD))
        return policy

    def play(self) -> Outcomes:
        """From the first basket until nothing has happened for long; then the books are compared."""
        try:
            self._live()
            self._compare()
        except Stuck as wrong:
            self.auditor.say("rest", str(wrong))
        except Exception as wrong:  # of the kiosk's threads and the terminal's as well
            where = traceback.extract_tb(wrong.__traceback__)[-1]
            self.auditor.say(
                "crash", f"{type(wrong).__name__}: {wrong} ({Path(where.filename).name}:{where.lineno})"
            )
        finally:
            self._clean()
        return self._outcomes()

    def _clean(self) -> None:
        self.hub.wrong.clear()
        self.hub.rounds = 0
        if self.process is not None:
            self.process.end(False)
            self.process.bury()
        self.net.close()
        if self.disk is not None:
            forget(self.disk)
        shutil.rmtree(self.folder)
        if next(RUNS) % 20 == 0:
            gc.collect()  # event files of workers that nobody has any more

    def _live(self) -> None:
        basket, idle, seen = 0, 0.0, None
        while idle < QUIET:
            if self.hub.now > LONG:
                raise Stuck(f"no rest: {self._where()}")
            process = self._living()
            self.trouble.look()
            if process is None:
                idle = 0.0
                self.hub.sleep(LOOK)
                continue
            new, seen = process.session.kept is not seen, process.session.kept
            done = basket >= self.plan.baskets and not self.people.duties
            if self._rests(process) and done:
                idle = 0.0 if new else idle + 20.0
                self.hub.sleep(20.0)
                continue
            if not new and (idle < SLOW or not process.inbox.empty):
                idle += LOOK
                self.hub.sleep(LOOK)
                continue
            idle = 0.0
            if basket < self.plan.baskets and self._rests(process):
                basket += self.people.begin(process, basket)
            else:
                self.people.act(process)
            self.hub.sleep(LOOK)

    def _living(self) -> Process | None:
        """The kiosk, once it has begun; started anew where it has ended."""
        if self.process is not None and self.process.life.dead:
            self.process.bury()
            self.process = None
        if self.process is None:
            if self.hub.now < self.trouble.away_until:
                self.hub.sleep(self.trouble.away_until - self.hub.now)
            self._start()
        return self.process if self.process is not None and self.process.began else None

    def _rests(self, process: Process) -> bool:
        kept = process.session.kept
        return (
            isinstance(kept.phase, Idle)
            and not kept.giving_back
            and not kept.totals
            and not process.loop._untold
            and process.journal.depth() == 0
            and self.hub.now > self.net.back
        )

    def _where(self) -> str:
        if self.process is None:
            return "dead"
        kept = self.process.session.kept
        attempt = attempt_of(self.process.session)
        return f"{type(kept.phase).__name__} {attempt} giving back {kept.giving_back}"

    # ---- the end

    def _compare(self) -> None:
        process = self.process
        assert process is not None
        books = [
            (getattr(terminal, "poi_id", terminal.terminal_id), terminal.book)
            for terminal in self.trouble.terminals
        ]
        self.auditor.rest(process.journal, process.session, books, self.shelf)
        self.auditor.papers(self.papers, process.session)
        once = len(self.trouble.terminals) == 1 and self.auditor.days == 1
        if (
            once and not self.people.decisions
        ):  # a second end of day counts from the first, whose answer was lost
            self.auditor.totals(process.session)

    def _outcomes(self) -> Outcomes:
        episodes = [*self.auditor.episodes.values()]
        return Outcomes(
            self.plan,
            self.auditor.said,
            episodes,
            [self._took(each) for each in episodes if each.by == "terminal" and not each.missed],
            [self._took(each) for each in episodes if each.by == "terminal" and each.missed],
            self.trouble.reached,
            self.hub.now,
            len(self.shelf.sales),
            self.lives,
            dict(Counter(self.watch.moments)),
        )

    def _took(self, episode: Episode) -> float:
        """Seconds from when everything was there again, or from the doubt, until it was known."""
        return episode.until - max(min(self.trouble.back, episode.until), episode.since)


def play(plan: Plan) -> Outcomes:
    return Run(plan).play()
