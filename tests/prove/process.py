"""One life of the kiosk in virtual time: the real loop, hands, journal and terminal driver, on a recorded disk."""

from collections.abc import Callable
from concurrent.futures import Future
from math import inf
from pathlib import Path
from typing import Any, Protocol

from drivers.worker import Worker
from kiosk import wire
from kiosk.catalogue import Catalogue
from kiosk.checkout.effects import Deed, EndOfDay, Print
from kiosk.checkout.events import Event, Printed, PrintFailed
from kiosk.checkout.session import Policy, Session
from kiosk.journal import Commit, Journal
from kiosk.loop.hands import Hands
from kiosk.loop.inbox import Message
from kiosk.loop.loop import Loop, Timing
from kiosk.loop.telemetry import Telemetry
from kiosk.units import Millis
from tests.prove.disk import Disk
from tests.prove.hub import Hub, HubClock, HubInbox, Killed, Life
from tests.prove.wire import Net

BASE = 1_790_000_000_000
"""UTC milliseconds at which every run begins."""


class Seen(Protocol):
    """Whoever watches the run, and may end the process at any of these moments."""

    def commit(self, process: "Process", commit: Commit) -> None: ...
    def committed(self, process: "Process", commit: Commit) -> None: ...
    def failed(self, process: "Process", commit: Commit) -> None: ...
    def deed(self, process: "Process", deed: Deed) -> None: ...
    def done(self, process: "Process", deed: Deed) -> None: ...
    def told(self, process: "Process", message: Message) -> None: ...
    def turned(self, process: "Process", session: Session) -> None: ...


class WatchedJournal(Journal):
    """The journal, telling before and after each commit. `pace` is how long the disk takes, in virtual seconds."""

    process: "Process"

    def commit(self, commit: Commit) -> "Future[None]":
        process = self.process
        process.seen.commit(process, commit)
        process.check()
        if pace := process.pace():
            process.hub.sleep(pace)
        future = super().commit(commit)
        good = future.exception() is None
        process.check()
        if good:
            process.seen.committed(process, commit)
            process.check()
        else:
            process.seen.failed(process, commit)
        return future


class Blind:
    """A screen that nobody looks at, and somebody presses."""

    def __init__(self) -> None:
        self.pressed: list[Event] = []

    def show(self, session: Session, now: int) -> None: ...

    def draw(self, now: int) -> bool:
        return False

    def flip(self) -> None: ...

    def stirred(self) -> bool:
        return False

    def touched(self, now: int) -> list[Event]:
        pressed, self.pressed = self.pressed, []
        return pressed

    def close(self) -> None: ...


class Paper:
    """A printer that prints in a while, or not; `papers` outlives the kiosk's process."""

    def __init__(self, hub: Hub, papers: list[Print], put: Callable[[Event], None], fails: float) -> None:
        self.hub, self.papers, self.put, self.fails = hub, papers, put, fails

    def start(self) -> None: ...

    def order(self, deed: Deed) -> None:
        if isinstance(deed, Print):
            good = self.hub.random.random() >= self.fails
            self.hub.later(0.5, lambda: self._print(deed, good))

    def _print(self, deed: Print, good: bool) -> None:
        if good:
            self.papers.append(deed)
        self.put(Printed(deed.job) if good else PrintFailed(deed.job, "paper_out"))

    def stop(self, deadline: float) -> bool:
        return True


class Shelf:
    """The store server behind the link: what it has, by kind and key. It may be away, or its answer be lost."""

    def __init__(self, hub: Hub) -> None:
        self.hub = hub
        self.has: dict[tuple[str, str], bytes] = {}
        self.came: list[tuple[tuple[str, str], int, bytes]] = []
        self.conflicts: list[tuple[str, str]] = []
        self.away_until = 0.0

    def take(self, order: wire.Deliver) -> None:
        key = (order.kind, order.key)
        self.came.append((key, order.id, order.body))
        if self.has.setdefault(key, order.body) != order.body:
            self.conflicts.append(key)

    @property
    def sales(self) -> set[str]:
        return {key for kind, key in self.has if kind == "sale"}


class Door:
    """The loop's side of the link, with one server behind it."""

    def __init__(self, hub: Hub, shelf: Shelf, put: Callable[[Message], None], life: Life) -> None:
        self.hub, self.shelf, self.put, self.life = hub, shelf, put, life
        hub.later(0.1, lambda: put(wire.LinkJoined()))

    def send(self, order: wire.LinkOrder) -> bool:
        if isinstance(order, wire.Deliver):
            self._bring(order)
        if isinstance(order, wire.AskSale):  # one lane alone: its own ledger has to do
            number = order.number
            self.hub.later(0.05, lambda: self.put(wire.SaleUnknown(number, "unknown")))
        return True

    def _bring(self, order: wire.Deliver) -> None:
        if self.life.dead:
            return
        if self.hub.now < self.shelf.away_until:
            self.hub.later(self.shelf.away_until - self.hub.now + 0.2, lambda: self._bring(order))
            return
        self.hub.later(0.03, lambda: self._taken(order))

    def _taken(self, order: wire.Deliver) -> None:
        self.shelf.take(order)
        if self.hub.random.random() < 0.1:  # the answer is lost: the link brings it again
            self.hub.later(1.0, lambda: self._bring(order))
        else:
            self.hub.later(0.03, lambda: self.put(wire.Delivered(order.id)))

    def close(self) -> None: ...


class Process:
    """`press` touches the screen, `put` is what other devices and colleagues say."""

    def __init__(
        self,
        hub: Hub,
        net: Net,
        disk: Disk,
        *,
        policy: Callable[[str], Policy],
        terminal: Callable[[Callable[[Event], None], HubClock], Worker[Any]],
        catalogue: Path,
        papers: list[Print],
        shelf: Shelf,
        seen: Seen,
        zone: Any,
        skew: float = 0.0,
        paper_fails: float = 0.0,
    ) -> None:
        self.hub, self.net, self.disk, self.seen = hub, net, disk, seen
        self.life = net.life = Life()
        self.power = False
        self.pace: Callable[[], float] = lambda: 0.0
        self.face = Blind()
        self.inbox = HubInbox(hub, self.life, lambda message: seen.told(self, message))
        self.began = False
        self.journal = WatchedJournal(
            Path(disk.folder) / "journal.db", device_key=catalogue.with_name("device.key")
        )
        self.journal.process = self
        self.terminal = terminal(self.inbox.put, HubClock(hub, net.connect))
        self.hands = self._hands(zone, papers, shelf, paper_fails)
        self._catalogue = catalogue
        self.loop = self._loop(policy(self.journal.id), skew)
        hub.spawn("kiosk", self._live, self.life)

    def _hands(self, zone: Any, papers: list[Print], shelf: Shelf, paper_fails: float) -> Hands:
        hands = Hands(
            inbox=self.inbox,
            journal=self.journal,
            catalogue=None,  # type: ignore[arg-type]
            timezone=zone,
            pins=None,  # type: ignore[arg-type]
            typed=lambda field: "",
            beep=lambda sound: None,
            telemetry=Telemetry("proof"),
        )
        paper = Paper(self.hub, papers, self.inbox.put, paper_fails)
        hands.workers.update(terminal=self.terminal, printer=paper)
        hands.door = Door(self.hub, shelf, self.inbox.put, self.life)
        return hands

    def _loop(self, policy: Policy, skew: float) -> Loop:
        return Loop(
            inbox=self.inbox,
            journal=self.journal,
            face=self.face,
            policy=policy,
            answer=self.hands.answer,
            act=self._act,
            heed=self.hands.heed,
            watch=self._turned,
            wall=lambda: Millis(BASE + int((self.hub.now + skew) * 1000)),
            steady=lambda: int(self.hub.now * 1000 + 0.001),
        )

    # ---- from outside

    @property
    def session(self) -> Session:
        return self.loop.session

    def press(self, event: Event) -> None:
        self.face.pressed.append(event)
        self.inbox.poked = True

    def put(self, event: Event) -> None:
        self.inbox.put(event)

    def end(self, power: bool) -> None:
        """kill -9, or the plug pulled: from now on nothing of it has any effect. Raises nothing."""
        if not self.life.dead:
            self.power = power
            self.net.killed(tells=not power)
            self.disk.freeze(self.hub.random, power)
            self.life.dead = True

    def check(self) -> None:
        if self.life.dead:
            raise Killed

    def bury(self) -> None:
        """Wait for its threads, and let go of its files."""
        self.hub.bury(self.life)
        self.journal._writer.shutdown(wait=True)
        self.journal._db.close()

    # ---- its threads

    def _live(self) -> None:
        self.hands.catalogue = Catalogue.open(self._catalogue)
        self.journal.source = self.hands.catalogue.source
        try:
            self._turns()
        finally:
            self.hands.catalogue.close()

    def _turns(self) -> None:
        self.hub.spawn("terminal", self.terminal.live, self.life)
        self.loop.begin()
        self.began = True
        while True:
            due = self.loop.timers.next()
            now = self.hub.now
            self.loop._pumped = -1_000
            self.loop.once(inf if due is None else max(0.0, due / 1000 - now))

    def _act(self, deed: Deed) -> None:
        self.seen.deed(self, deed)
        self.check()
        if isinstance(deed, EndOfDay):
            self.terminal.order(deed)
        else:
            self.hands.act(deed)
        self.seen.done(self, deed)
        self.check()

    def _turned(self, timing: Timing, session: Session) -> None:
        self.seen.turned(self, session)
