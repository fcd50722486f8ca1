"""Turns: one event to its end, one commit, then one frame and the deeds; neither ever before the commit.

While more events wait, each turn still commits at once and its deeds leave, and one frame shows them all.
"""

import logging
import time
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future
from typing import NamedTuple, Protocol

from kiosk.checkout.effects import (
    Abort,
    Acknowledge,
    AskTerminal,
    Authorise,
    Deed,
    Effect,
    Fade,
    Learnt,
    Question,
    Remind,
    Report,
    Reverse,
)
from kiosk.checkout.events import (
    BagScaleSeen,
    Event,
    Fact,
    Happened,
    MemberFound,
    PinAccepted,
    Restarted,
    Scanned,
)
from kiosk.checkout.hints import meant
from kiosk.checkout.passed import DeviceSeen, Faded, Hint, KeypadPressed
from kiosk.checkout.session import Device, Health, Idle, Policy, Session
from kiosk.checkout.step import step
from kiosk.journal import Commit, Journal, JournalError, replayed
from kiosk.journal.glass import Glimpses
from kiosk.loop.inbox import Inbox, Message, Taken, Woken
from kiosk.loop.timers import Timers
from kiosk.units import Millis

log = logging.getLogger(__name__)

SLOW_TURN = 100_000_000  # ns
STILL = 0.05  # seconds between looks at the touch screen while nothing moves
FRAME = 0.016
GRACE = 5  # ms in which a terminal may answer before a frame is drawn
MINUTE = 60_000
LATE = 100  # ms without a new frame, at most, while turns follow each other
MOST_TURNS = 500
"""After so many at rest the journal is marked again: money that waits to go back is asked about for days."""
AT_ONCE = (Authorise, Acknowledge, Abort, AskTerminal, Reverse)
"""Deeds that a terminal waits for: they leave as soon as the turn is durable, and are not kept waiting by a frame."""
DISK = Fade("storage", 1_000)
BY_PEOPLE = (Scanned, MemberFound, PinAccepted)
"""What somebody does again if nothing has come of it; a press on the screen is of that kind, too."""


class Face(Protocol):
    """The screen as the loop needs it: show what is, draw it, put it on the glass, and say what was touched."""

    def show(self, session: Session, now: int) -> None: ...

    def draw(self, now: int) -> bool:
        """Draw what has changed; True while something still moves."""

    def flip(self) -> None: ...

    def touched(self, now: int) -> list[Event]: ...

    def stirred(self) -> bool:
        """Whether a finger has moved something that no turn draws: a key sinks under it, and comes up again."""

    def pressed(self, key: str) -> list[Event]:
        """What a key of the keypad means on this page."""

    def close(self) -> None: ...


class Timing(NamedTuple):
    """One turn: its event, and nanoseconds from the inbox to decided, durable and on the glass."""

    event: str
    waited: int
    decided: int
    durable: int
    shown: int


class Loop:
    """`answers` a question with an event, `act`s on deeds, `heed`s what is no event of the checkout."""

    def __init__(
        self,
        *,
        inbox: Inbox,
        journal: Journal,
        face: Face,
        policy: Policy,
        answer: Callable[[Question], Event],
        act: Callable[[Deed], None],
        heed: Callable[[Message], Event | None],
        beat: Callable[[], None] = lambda: None,
        watch: Callable[[Timing, Session], None] = lambda timing, session: None,
        wall: Callable[[], int] = lambda: time.time_ns() // 1_000_000,
        steady: Callable[[], int] = lambda: time.monotonic_ns() // 1_000_000,
    ) -> None:
        self.inbox, self.journal, self.face = inbox, journal, face
        self.policy, self.answer, self.act, self.heed = policy, answer, act, heed
        self.beat, self.watch = beat, watch
        self.wall, self.steady = wall, steady
        self.timers = Timers()
        self.timings: deque[Timing] = deque(maxlen=1_000)
        self.session = Session()
        self.version_before = ""
        self.stopping = False
        self._moving = False
        self._pumped = 0
        self._full = False
        self._untold: list[Taken] = []
        self._unseen: list[tuple[Timing, int, Session]] = []
        self._drawn = self._shown_minute = 0
        self._held = 0
        self._turns = 0
        self._glimpses = Glimpses()

    # ---- the life of the loop

    def begin(self) -> None:
        """Replay the journal, show the page where the lane was, then ask again for all that is awaited."""
        self.session = replayed(self.journal)
        self.version_before = self.session.kept.policy.version
        self.turn(Taken(Restarted(self.policy), time.monotonic_ns()))

    def run(self) -> None:
        while not self.stopping:
            self.once(self._pause())

    def once(self, timeout: float) -> None:
        """At most one wait, then whatever is due."""
        taken = self.inbox.take(timeout)
        woken = taken is not None and isinstance(taken.message, Woken)
        if taken is not None and not woken:
            self.take(taken)
        now = self.steady()
        while (due := self.timers.take(now)) is not None:
            if due == Faded(DISK.key):
                self._try_the_disk()
            else:
                self.turn(Taken(due, time.monotonic_ns()))
        if (self._unseen and not self._behind()) or (not self._unseen and self._minute != self._shown_minute):
            self._show()
            self.face.flip()
            self._seen()
        if woken or self._moving or now - self._pumped >= STILL * 1000:
            self._pumped = now
            for event in self.face.touched(now):
                self.turn(Taken(meant(self.session, event), time.monotonic_ns()), pressed=True)
            self._moving = self.face.stirred() or self._moving
        if self._moving and not self._behind():
            self._moving = self.face.draw(self.steady())
            self.face.flip()
        self.beat()

    def _pause(self) -> float:
        until = self._pumped + (FRAME if self._moving else STILL) * 1000
        due = self.timers.next()
        if due is not None:
            until = min(until, due)
        if self._unseen:
            until = min(until, self._held)
        return max(0.0, (until - self.steady()) / 1000)

    def take(self, taken: Taken) -> None:
        message = taken.message
        if isinstance(message, KeypadPressed):
            self._moving = True  # the focus has to be drawn
            for pressed in self.face.pressed(message.key):
                self.turn(Taken(meant(self.session, pressed), taken.at), pressed=True)
            return
        event = message if isinstance(message, Fact | Hint) else self.heed(message)
        if event is None:
            return
        self.turn(Taken(meant(self.session, event), taken.at))
        if isinstance(event, DeviceSeen) and event.device.name == "bag":
            present = event.device.health is Health.READY
            if present is not self.session.kept.bag_watch:
                self.turn(Taken(BagScaleSeen(present), time.monotonic_ns()))

    # ---- one turn

    def turn(self, taken: Taken, pressed: bool = False) -> None:
        if self._untold and isinstance(taken.message, Fact):
            self._keep(taken, pressed)
            return
        started = time.monotonic_ns()
        before = self.session
        facts, deeds = self._play(taken.message)  # type: ignore[arg-type]
        if self.session is before and not facts and not deeds:
            return
        decided = time.monotonic_ns()
        if not facts:
            self._glimpses.passed(before.passing, self.session.passing, self._now)
        writing = self._write(before, facts, deeds)
        behind, money = self._behind(), any(isinstance(deed, AT_ONCE) for deed in deeds)
        if not behind and not money:
            self._show()
        if writing is not None and not self._durable(writing, before, taken, pressed):
            return
        if writing is not None:
            self._glimpses.clear()
        durable = time.monotonic_ns()
        if money:
            self._held = self.steady() + GRACE
            behind = True
        if not behind:
            self.face.flip()
        self._release_all(deeds)
        waited, name = started - taken.at, type(taken.message).__name__
        timing = Timing(name, waited, decided - taken.at, durable - taken.at, 0)
        self._unseen.append((timing, taken.at, self.session))
        if not behind:
            self._seen()

    def _behind(self) -> bool:
        """More has come already, or comes at once: its frame will show this turn, too. LATE is the longest wait."""
        now = self.steady()
        return (not self.inbox.empty or now < self._held) and now - self._drawn < LATE

    def _show(self) -> None:
        """Lay out and draw the session; nothing is on the glass before the flip."""
        self._drawn, self._shown_minute = self.steady(), self._minute
        self.face.show(self.session, self._drawn)
        self._moving = self.face.draw(self._drawn)

    @property
    def _minute(self) -> int:
        """A page may say the time of day: each minute has a frame, though nothing happens."""
        return self.wall() // MINUTE

    def _seen(self) -> None:
        """The turns up to now are on the glass."""
        shown = time.monotonic_ns()
        unseen, self._unseen = self._unseen, []
        for timing, at, session in unseen:
            self._note(timing._replace(shown=shown - at), session)

    def _play(self, event: Event) -> tuple[tuple[Happened, ...], list[Deed]]:
        """Step, and step again for each question answered here and now."""
        now = Millis(self.wall())
        waiting: list[Event] = [event]
        facts: list[Happened] = []
        deeds: list[Deed] = []
        while waiting:
            event = waiting.pop(0)
            old = self.session.kept
            self.session, effects = step(self.session, event, now)
            if isinstance(event, Fact):
                facts.append(event)
            elif self.session.kept is not old:
                raise AssertionError(f"{type(event).__name__} passes, and changed what is kept")
            for effect in effects:
                self._sort(effect, waiting, deeds)
        self._now = now
        return tuple(facts), deeds

    def _sort(self, effect: Effect, waiting: list[Event], deeds: list[Deed]) -> None:
        if isinstance(effect, Question):
            waiting.append(self.answer(effect))
        else:
            deeds.append(effect)

    def _write(
        self, before: Session, facts: tuple[Happened, ...], deeds: list[Deed]
    ) -> "Future[None] | None":
        if not facts:
            return None
        records = tuple(deed.record for deed in deeds if isinstance(deed, Report))
        learnt = tuple(one for deed in deeds if isinstance(deed, Learnt) for one in deed.sums)
        kept = self.session.kept
        self._turns += 1
        came, idle = not isinstance(before.kept.phase, Idle), isinstance(kept.phase, Idle)
        rests = idle and (came or self._turns >= MOST_TURNS)
        if rests:
            self._turns = 0
        mark, seen = kept if rests else None, self._glimpses.taken()
        begins = not (came or idle)
        return self.journal.commit(Commit(self._now, facts, records, mark, learnt, seen, begins))

    def _durable(self, writing: "Future[None]", before: Session, taken: Taken, pressed: bool) -> bool:
        """Wait for the disk. What it would not take has not happened yet: no flip, no deed."""
        try:
            writing.result()
        except JournalError as wrong:
            log.error("%s; %s was not accepted", wrong, type(taken.message).__name__)
            self.session = before
            self._keep(taken, pressed)
            self._storage(Health.FAULT, str(wrong))
            self.face.show(before, self.steady())
            return False
        return True

    def _keep(self, taken: Taken, pressed: bool) -> None:
        """What people did they do again; what the world did it says only once, and so it is told later.

        Until then nothing else happens, or the end of a payment would come before its result.
        """
        if not pressed and not isinstance(taken.message, BY_PEOPLE):
            self._untold.append(taken)

    def _storage(self, health: Health, detail: str = "") -> None:
        if health is Health.FAULT and not self._full:
            self.timers.set(DISK, self.steady())
        self._full = health is Health.FAULT
        self.inbox.put(DeviceSeen(Device("storage", health, detail)))

    def _try_the_disk(self) -> None:
        """Does it take an empty turn? Then everything that happened meanwhile is told, in its order."""
        self._full = False
        try:
            idle = isinstance(self.session.kept.phase, Idle)
            self.journal.commit(Commit(Millis(self.wall()), (), begins=idle)).result()
        except JournalError as wrong:
            self._storage(Health.FAULT, str(wrong))
            return
        self._storage(Health.READY)
        untold, self._untold = self._untold, []
        for taken in untold:
            self.turn(taken)

    def _release_all(self, deeds: list[Deed]) -> None:
        for deed in deeds:
            self._release(deed)

    def _release(self, deed: Deed) -> None:
        if isinstance(deed, Remind | Fade):
            self.timers.set(deed, self.steady())
            return
        try:
            self.act(deed)
        except Exception:
            log.exception("%s was not done", type(deed).__name__)

    def _note(self, timing: Timing, session: Session) -> None:
        self.timings.append(timing)
        self.watch(timing, session)
        if timing.shown - timing.waited > SLOW_TURN:
            log.warning("slow turn: %s took %d ms", timing.event, timing.shown // 1_000_000)
