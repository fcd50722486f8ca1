"""A kiosk without devices on a clock that is told: a real loop, screen and voice, and an ear at the loudspeaker."""

from pathlib import Path

from kiosk.checkout.effects import Deed, Question
from kiosk.checkout.events import Event
from kiosk.checkout.passed import HeadsetSeen, KeypadPressed
from kiosk.checkout.session import Session
from kiosk.journal import Journal
from kiosk.loop.face import Glass
from kiosk.loop.inbox import Inbox
from kiosk.loop.loop import Loop
from kiosk.loop.talk import Talk
from kiosk.loop.voice import Voice
from kiosk.text import Words
from screens.reading import sill
from screens.screen import Screen
from screens.theme import Panel
from screens.widgets import Page
from tests.screens.sessions import POLICY, Shop
from tests.speech import Engine, Loudspeaker

PANEL = Panel((1366, 768), (344, 194))
LOUD_DBA = 80.0


class Ear:
    """`shop` answers the catalogue's questions; time goes on when it is told, a millisecond at a time at least."""

    def __init__(self, folder: Path) -> None:
        self.millis = 1_000
        self.shop = Shop(POLICY)
        self.deeds: list[Deed] = []
        self.inbox = Inbox()
        self.engine, self.speaker = Engine(), Loudspeaker(lambda: self.millis / 1000)
        self.voice = Voice(self.engine, self.speaker, Words, self.inbox.put, lambda: self.millis / 1000)
        self.screen = Screen(PANEL)
        self.glass = Glass(self.screen, "EUR", 2, self.wall, None, Talk(self.voice, LOUD_DBA))
        self.beeps: list[str] = []
        self.glass.beep = self.beeps.append  # type: ignore[method-assign]
        self.folder = folder
        self.begin()

    def begin(self) -> None:
        """The process starts, on the files that it had before."""
        self.journal = Journal(self.folder / "journal.db")
        self.loop = Loop(
            inbox=self.inbox, journal=self.journal, face=self.glass, policy=POLICY, answer=self.answer,
            act=self.deeds.append, heed=lambda message: None, wall=self.wall, steady=lambda: self.millis,
        )  # fmt: skip
        self.loop.begin()

    def crash(self) -> None:
        self.journal.close()
        self.begin()

    def wall(self) -> int:
        return 1_790_000_000_000 + self.millis

    def answer(self, question: Question) -> Event:
        return self.shop.answer(question)  # type: ignore[return-value]

    def hear(self, *events: Event) -> None:
        for event in events:
            self.inbox.put(event)
            self.passes(0)

    def press(self, *keys: str) -> None:
        self.hear(*map(KeypadPressed, keys))

    def plug(self, plugged: bool = True) -> None:
        self.hear(HeadsetSeen(plugged))

    def passes(self, millis: int) -> None:
        """Loop and voice live for so long."""
        until = self.millis + millis
        while True:
            for _ in range(6):
                self.loop.once(0.0)
            while (pause := self.voice.step()) == 0:
                self.loop.once(0.0)
            if self.millis >= until:
                return
            self.millis = min(until, self.millis + (max(1, int(pause * 1000)) if pause > 0 else 10))

    def listens(self) -> list[str]:
        """Everything that is said from now until it is quiet."""
        at = len(self.speaker.said)
        for _ in range(400):
            self.passes(50)
            if self.voice.quiet:
                break
        return self.speaker.said[at:]

    @property
    def session(self) -> Session:
        return self.loop.session

    @property
    def page(self) -> Page:
        assert self.glass.page is not None
        return self.glass.page

    def keys(self) -> list[str]:
        """The ids of the keys that may be gone to."""
        words = Words(self.page.language)
        return [each.id for each in sill(words, self.page) if each.key and each.key.kind != "wait"]

    def close(self) -> None:
        self.voice.close()
        self.journal.close()
