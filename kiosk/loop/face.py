"""The session on the glass: view, layout and paint behind the few words that the loop needs."""

import queue
from collections.abc import Callable
from concurrent.futures import Future
from pathlib import Path
from typing import TypeVar

import pygame

from kiosk.checkout.events import Event
from kiosk.checkout.passed import Touched, WhyNot
from kiosk.checkout.session import Session
from kiosk.loop.sounds import Sounds
from kiosk.text import Words
from kiosk.units import Millis
from screens.screen import Digit, Pressed, Screen, Why
from screens.view import view
from screens.widgets import Page

T = TypeVar("T")


class Glass:
    """A screen that shows sessions; `wall` gives the time of day in UTC milliseconds."""

    def __init__(
        self,
        screen: Screen,
        currency: str,
        exponent: int,
        wall: Callable[[], int],
        sounds: Sounds | None = None,
    ) -> None:
        self.screen = screen
        self.page: Page | None = None
        self.closed = False
        self._stirred = False
        self._sounds = sounds
        self._wall = wall
        self._words: dict[str, Words] = {}
        self._money = (currency, exponent)
        self._fingers: queue.SimpleQueue[Callable[[], list[Event]]] = queue.SimpleQueue()

    def words(self, language: str) -> Words:
        if language not in self._words:
            self._words[language] = Words(language, *self._money)
        return self._words[language]

    def show(self, session: Session, now: int) -> None:
        self.page = view(session, self.words, Millis(self._wall()))
        self.screen.show(self.page, now)

    def draw(self, now: int) -> bool:
        return self.screen.draw(now)

    def flip(self) -> None:
        self.screen.flip()

    def close(self) -> None:
        pygame.display.quit()

    def beep(self, sound: str) -> None:
        """One of the shop's short signals; silence where there is no sound card."""
        if self._sounds is not None:
            self._sounds.play(sound)

    # ---- what is touched

    def touched(self, now: int) -> list[Event]:
        events: list[Event] = []
        for happened in pygame.event.get():
            self.closed = self.closed or happened.type == pygame.QUIT
            for kind, x, y in touches(happened, self.screen.panel.px):
                self._stirred = True
                events += self._sent(self.screen.touch(kind, x, y, now), kind == "up")
        while not self._fingers.empty():
            events += self._fingers.get()()
        return events

    def stirred(self) -> bool:
        """Whether a finger has come, moved or gone since this was last asked."""
        stirred, self._stirred = self._stirred, False
        return stirred

    def _sent(self, answer: Pressed, over: bool = True) -> list[Event]:
        """What a touch means to the checkout, when the finger has left the glass: digits of a secret stay on the
        screen, and what means nothing else still means that somebody is here."""
        if isinstance(answer, Why) and answer.text:
            return [WhyNot(answer.text)]
        if answer is None or isinstance(answer, Digit | Why):
            return [Touched()] if over else []
        return [answer]

    # ---- for whoever stands beside the kiosk: the demo's script and the tests

    def on_loop(self, work: Callable[[], T]) -> "Future[T]":
        """Do something on the loop's thread at its next look at the touch screen."""
        done: Future[T] = Future()

        def run() -> list[Event]:
            try:
                done.set_result(work())
            except Exception as wrong:
                done.set_exception(wrong)
            return []

        self._fingers.put(run)
        return done

    def press(self, key: str) -> "Future[None]":
        """A finger on the middle of the key of that text or id, and up again."""
        done: Future[None] = Future()

        def run() -> list[Event]:
            try:
                events = self._sent(self.screen.press(key))
            except Exception as wrong:
                done.set_exception(wrong)
                return []
            done.set_result(None)
            return events

        self._fingers.put(run)
        return done

    def picture(self, path: Path) -> "Future[None]":
        return self.on_loop(lambda: self._picture(path))

    def _picture(self, path: Path) -> None:
        self.screen.settle()
        self.screen.png(path)


def touches(event: pygame.event.Event, size: tuple[int, int]) -> list[tuple[str, int, int]]:
    """SDL's events as down, move and up in pixels; of a tap that comes as finger and mouse only one counts."""
    match event.type:
        case pygame.FINGERDOWN | pygame.FINGERMOTION | pygame.FINGERUP:
            kinds = {pygame.FINGERDOWN: "down", pygame.FINGERMOTION: "move", pygame.FINGERUP: "up"}
            return [(kinds[event.type], int(event.x * size[0]), int(event.y * size[1]))]
        case pygame.MOUSEBUTTONDOWN | pygame.MOUSEBUTTONUP if not event.touch and event.button == 1:
            return [("down" if event.type == pygame.MOUSEBUTTONDOWN else "up", *event.pos)]
        case pygame.MOUSEMOTION if not event.touch and event.buttons[0]:
            return [("move", *event.pos)]
    return []
