"""The voice: utterances in, sound out, on a thread of its own. The loop only puts and hushes, and never waits.

    voice.say(said, Manner("de"), keep)   from the loop: what to say next, and which of the older is still true
    voice.hush()                          silence now, whatever is being said

An `Engine` makes sound of a text, a `Sink` plays it; another one of either can be plugged in. What may be heard next is
rendered ahead while the shopper listens, so that a key speaks as soon as it is in focus.
"""

import logging
import threading
from collections import OrderedDict, deque
from collections.abc import Callable, Iterable, Set
from typing import Protocol

from msgspec import Struct

from drivers.voices import Engine, EngineLost
from kiosk.checkout.events import Event
from kiosk.checkout.passed import DeviceSeen, Spoken
from kiosk.checkout.session import Device, Health
from kiosk.text import Words
from kiosk.text.aloud import Aloud
from screens.speech import Utterance

log = logging.getLogger(__name__)

NAME = "voice"
KEPT_BYTES = 24_000_000
POLL = 0.02  # seconds between looks at a sound that plays
RETRY = 30.0  # seconds after which an engine that is away is tried once more


class Sink(Protocol):
    """Where sound goes. `open` may take its time; the others return at once."""

    def open(self) -> None:
        """Raises EngineLost where there is no way to make a sound."""

    def play(self, wav: bytes, gain: float) -> None: ...

    def stop(self) -> None: ...

    def busy(self) -> bool: ...


class Manner(Struct, frozen=True):
    """In which language, how fast (a level) and how loud (1 is all that the sound card gives)."""

    language: str
    pace: int = 5
    gain: float = 1.0


class Voice:
    """`emit` takes what is being said, and how the engine is. `steady` gives monotonic seconds."""

    def __init__(
        self,
        engine: Engine,
        sink: Sink,
        words: Callable[[str], Words],
        emit: Callable[[Event], None],
        steady: Callable[[], float],
    ) -> None:
        self._engine, self._sink, self._emit, self._steady = engine, sink, emit, steady
        self._aloud: Callable[[str], Aloud] = lambda language: Aloud(words(language))
        self._changed = threading.Condition()
        self._waiting: deque[tuple[float, str]] = deque()
        self._said: tuple[str, ...] = ()
        self._now = ""
        self._manner = Manner("en")
        self._hushed = 0
        self._ahead: deque[str] = deque()
        self._kept: OrderedDict[tuple[str, str, int], bytes] = OrderedDict()
        self._health: Device | None = None
        self._lost_until = 0.0
        self._stopping = False
        self._thread = threading.Thread(target=self._live, name=NAME, daemon=True)

    # ---- the loop's side

    def start(self) -> None:
        self._thread.start()

    def say(self, said: Iterable[Utterance], manner: Manner, keep: Set[str] = frozenset()) -> None:
        """Say this after what waits and is among `keep`; of the rest nothing is true any more. What has begun and only
        went by is said to its end, but not when there is something new."""
        now = self._steady()
        with self._changed:
            self._manner = manner
            left = [(due, text) for due, text in self._waiting if text in keep]
            known = {self._now, *(text for _, text in left)}
            new = [(now + one.after / 1000, one.text) for one in said if one.text not in known]
            if new and self._now and self._now not in keep:
                self._silence()
            self._waiting = deque(sorted([*left, *new], key=lambda each: each[0] > now))
            if new:
                self._said = tuple(text for due, text in new if due <= now) or self._said
            self._changed.notify()

    def hush(self) -> None:
        """Silence, now; what waited is not said any more."""
        with self._changed:
            self._waiting.clear()
            self._silence()

    def again(self) -> None:
        """Say once more what was said last."""
        self.say([Utterance(text) for text in self._said], self._manner)

    def ahead(self, texts: Iterable[str], manner: Manner) -> None:
        """Render this when there is nothing else to do."""
        with self._changed:
            self._manner = manner
            self._ahead = deque(texts)
            self._changed.notify()

    @property
    def quiet(self) -> bool:
        """Nothing is being said, and nothing is due."""
        with self._changed:
            return not self._now and not any(due <= self._steady() for due, _ in self._waiting)

    def close(self) -> None:
        with self._changed:
            self._stopping = True
            self._waiting.clear()
            self._silence()
            self._changed.notify()
        if self._thread.ident is not None:
            self._thread.join(1.0)

    def _silence(self) -> None:
        self._hushed += 1
        self._now = ""
        self._sink.stop()

    # ---- the thread's side

    def _live(self) -> None:
        self.look()
        while not self._stopping:
            pause = self.step()
            with self._changed:
                if pause and not self._stopping:
                    self._changed.wait(pause if pause > 0 else None)

    def look(self) -> None:
        """Whether there is a sound card, and the engine makes a sound at all."""
        try:
            self._sink.open()
        except EngineLost as lost:
            self._tell(Device(NAME, Health.FAULT, str(lost)))
            return
        self._render("1", self._manner)

    def step(self) -> float:
        """One thing to do; seconds until there is another, 0 for at once, -1 for when something is put."""
        with self._changed:
            if self._now and self._sink.busy():
                return POLL
            self._now = ""
            due = self._waiting[0][0] - self._steady() if self._waiting else None
            if due is None or due > 0:
                text = self._ahead.popleft() if self._ahead else ""
            else:
                text = self._now = self._waiting.popleft()[1]
            manner, hushed, speaks = self._manner, self._hushed, bool(self._now)
        if not text:
            return due if due is not None else -1
        wav = self._render(text, manner)
        if not speaks:
            return 0
        with self._changed:
            if hushed != self._hushed:
                return 0
            if wav:
                self._sink.play(wav, manner.gain)
        self._emit(Spoken(text))
        return 0

    def _render(self, text: str, manner: Manner) -> bytes:
        """The sound of a text, once; b"" while there is no engine."""
        key = (text, manner.language, manner.pace)
        if key in self._kept:
            self._kept.move_to_end(key)
            return self._kept[key]
        if self._steady() < self._lost_until:
            return b""
        try:
            wav = self._engine.render(self._aloud(manner.language)(text), manner.language, manner.pace)
        except EngineLost as lost:
            self._lost_until = self._steady() + RETRY
            self._tell(Device(NAME, Health.ABSENT, str(lost)))
            return b""
        self._tell(Device(NAME, Health.READY))
        self._kept[key] = wav
        while sum(map(len, self._kept.values())) > KEPT_BYTES:
            self._kept.popitem(last=False)
        return wav

    def _tell(self, device: Device) -> None:
        if device != self._health:
            self._health = device
            if device.health is not Health.READY:
                log.warning("no voice: %s", device.detail)
            self._emit(DeviceSeen(device))
