"""Virtual time: threads that run one at a time and hand a baton over where they wait; the same seed, the same run."""

import heapq
import itertools
import select
import socket
import threading
from collections import deque
from collections.abc import Callable, Sequence
from functools import partial
from math import inf
from random import Random

from drivers.line import HOUR, Clock
from kiosk.loop.inbox import Inbox, Message, Taken

ROUNDS = 400_000


class Killed(BaseException):
    """The process that this thread belongs to is no more; passes every handler of errors."""


class Stuck(Exception):  # noqa: N818
    """Nothing will ever happen again, or too much does."""


class Task:
    """A thread that holds the baton or waits for `ready` or a time. `life` is the process whose thread it is."""

    def __init__(self, hub: "Hub", name: str, what: Callable[[], None] | None, life: "Life | None") -> None:
        self.hub, self.name, self.what, self.life = hub, name, what, life
        self.ready: Callable[[], object] = lambda: True
        self.until = 0.0
        self.over = False
        self.baton = threading.Lock()
        self.baton.acquire()

    @property
    def killed(self) -> bool:
        return self.life is not None and self.life.dead

    def start(self) -> None:
        threading.Thread(target=self._live, name=self.name, daemon=True).start()

    def _live(self) -> None:
        assert self.what is not None
        self.baton.acquire()
        try:
            if not self.killed:
                self.what()
        except Killed:
            pass
        except BaseException as wrong:  # told to whoever directs the run
            self.hub.wrong.append(wrong)
        self.over = True
        self.hub.ended(self)


class Life:
    """One life of a process: dead, it neither says nor hears anything, and its threads end where they wait."""

    def __init__(self) -> None:
        self.dead = False


class Hub:
    """Time, an agenda, and tasks of which one runs. Everything random comes from `random`."""

    def __init__(self, seed: object) -> None:
        self.random = Random(str(seed))
        self.now = 0.0
        self.pumps: list[Callable[[], None]] = []
        self.wrong: list[BaseException] = []
        self.rounds = 0
        self._agenda: list[tuple[float, int, Callable[[], None]]] = []
        self._order = itertools.count()
        self._director = Task(self, "director", None, None)
        self._tasks = [self._director]
        self._current = self._director

    # ---- what may be done from any task

    def later(self, seconds: float, what: Callable[[], None]) -> None:
        heapq.heappush(self._agenda, (self.now + max(0.0, seconds), next(self._order), what))

    def spawn(self, name: str, what: Callable[[], None], life: Life) -> Task:
        task = Task(self, name, what, life)
        self._tasks.append(task)
        task.start()
        return task

    def wait(self, ready: Callable[[], object], until: float) -> bool:
        """Let others run until `ready`, or that time; whether it is ready. Raises Killed."""
        me = self._current
        if me.killed:
            raise Killed
        me.ready, me.until = ready, until
        other = self._next()
        if other is not me:
            self._current = other
            other.baton.release()
            me.baton.acquire()
        if me.killed:
            raise Killed
        if me is self._director and self.wrong:
            raise self.wrong[0]
        return bool(ready())

    def sleep(self, seconds: float) -> None:
        self.wait(lambda: False, self.now + seconds)

    def bury(self, life: Life) -> None:
        """Let every thread of a dead process come to its end."""
        self.wait(lambda: all(task.life is not life for task in self._tasks), inf)

    @property
    def alive(self) -> bool:
        """Whether the running task's process still lives."""
        return not self._current.killed

    # ---- the baton

    def ended(self, task: Task) -> None:
        self._tasks.remove(task)
        self._current = self._next()
        self._current.baton.release()

    def _next(self) -> Task:
        while True:
            self.rounds += 1
            if self.rounds > ROUNDS:
                self.wrong.append(Stuck("too many rounds"))
                return self._director
            for pump in self.pumps:
                pump()
            while self._agenda and self._agenda[0][0] <= self.now:
                what = heapq.heappop(self._agenda)[2]
                self._do(what)
            now = self.now
            able = [task for task in self._tasks if task.killed or task.until <= now or task.ready()]
            if self.wrong:
                return self._director
            if able:
                return able[0] if len(able) == 1 else self.random.choice(able)
            then = min(task.until for task in self._tasks)
            if self._agenda:
                then = min(then, self._agenda[0][0])
            if then == inf:
                self.wrong.append(Stuck("nothing will happen any more"))
                return self._director
            self.now = then

    def _do(self, what: Callable[[], None]) -> None:
        try:
            what()
        except Exception as wrong:  # a peer's error is no error of the task that happened to wait
            self.wrong.append(wrong)


class HubClock(Clock):
    """The drivers' clock: real file descriptors, virtual time, and connections into the virtual net."""

    def __init__(self, hub: Hub, connect: Callable[[tuple[str, int], float], socket.socket]) -> None:
        self._hub, self._connect = hub, connect

    def now(self) -> float:
        return self._hub.now

    def wait(self, files: Sequence[int], timeout: float, *, writing: bool = False) -> list[int]:
        if not self._hub.alive:
            raise Killed
        look = partial(_ready, files, select.POLLOUT if writing else select.POLLIN)
        if (found := look()) or timeout <= 0:
            return found
        self._hub.wait(look, self._hub.now + min(timeout, HOUR))
        return look()

    def connect(self, address: tuple[str, int], timeout: float) -> socket.socket:
        return self._connect(address, timeout)


def _ready(files: Sequence[int], how: int) -> list[int]:
    poll = select.poll()
    for file in files:
        poll.register(file, how)
    return [file for file, _ in poll.poll(0)]


class HubInbox(Inbox):
    """The loop's inbox in virtual time; a dead process's messages are nobody's."""

    def __init__(self, hub: Hub, life: Life, told: Callable[[Message], None]) -> None:
        self._hub, self._life, self._told = hub, life, told
        self._messages: deque[Taken] = deque()
        self.poked = False

    def put(self, message: Message) -> None:
        if self._life.dead:
            return
        self._messages.append(Taken(message, 0))
        self._told(message)

    @property
    def empty(self) -> bool:
        return not self._messages

    def take(self, timeout: float) -> Taken | None:
        if not self._messages:
            self._hub.wait(lambda: self._messages or self.poked, self._hub.now + max(0.0, timeout))
        self.poked = False
        return self._messages.popleft() if self._messages else None
