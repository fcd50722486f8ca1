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
from kiosk.loop.keypad import Keypad
from kiosk.loop.sounds import Sounds
from kiosk.loop.talk import Talk
from kiosk.text import Words
from kiosk.units import Millis
from screens.screen import Digit, Pressed, Screen, Why
from screens.view import view
from screens.widgets import Page

T = TypeVar("T")

TYPED = {
    pygame.K_LEFT: "left", pygame.K_RIGHT: "right", pygame.K_UP: "up", pygame.K_DOWN: "down",
    pygame.K_RETURN: "ok", pygame.K_KP_ENTER: "ok", pygame.K_ESCAPE: "back", pygame.K_BACKSPACE: "erase",
    pygame.K_F1: "help", pygame.K_F2: "audio", pygame.K_F3: "curtain", pygame.K_ASTERISK: "repeat",
    pygame.K_PLUS: "louder", pygame.K_MINUS: "quieter", pygame.K_PAGEUP: "faster", pygame.K_PAGEDOWN: "slower",
    **{getattr(pygame, f"K_{digit}"): str(digit) for digit in range(10)},
    **{getattr(pygame, f"K_KP{digit}"): str(digit) for digit in range(10)},
}  # fmt: skip
"""The keypad's keys on a keyboard."""


class Glass:
    """A screen that shows sessions; `wall` gives the time of day in UTC milliseconds."""

    def __init__(
        self,
        screen: Screen,
        currency: str,
        exponent: int,
        wall: Callable[[], int],
        sounds: Sounds | None = None,
        talk: Talk | None = None,
        typing: bool = False,
    ) -> None:
        """`talk` speaks in audio mode; with `typing` a keyboard at this machine is the keypad (on a desktop)."""
        self.screen = screen
        self.talk = talk
        self.keypad = Keypad(screen, talk.say if talk else nothing, lambda: self.beep("key"))
        self._typing = typing
        self._session: Session | None = None
        self.page: Page | None = None
        self.closed = False
        self.frames = 0
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
        self._session, self.page = session, view(session, self.words, Millis(self._wall()))
        self.screen.show(self.page, now)
        self.keypad.shown(self.page, self.words(self.page.language), session.passing.speaking)

    def draw(self, now: int) -> bool:
        return self.screen.draw(now)

    def flip(self) -> None:
        """On the glass, and said: neither before its turn is durable."""
        self.frames += self.screen.flip()
        if self.talk is not None and self._session is not None and self.page is not None:
            self.talk.shown(self._session, self.page, self.words(self.page.language))

    def present(self) -> None:
        """Once more what is there: a glass that nothing changes on still takes a frame."""
        self.screen.present()
        self.frames += 1

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
            if self._typing and happened.type == pygame.KEYDOWN and happened.key in TYPED:
                events += self.pressed(TYPED[happened.key])
            for kind, x, y in touches(happened, self.screen.panel.px):
                self._stirred = True
                if kind == "down" and self.talk is not None:
                    self.talk.hush()
                events += self._sent(self.screen.touch(kind, x, y, now), kind == "up")
        while not self._fingers.empty():
            events += self._fingers.get()()
        return events

    def pressed(self, key: str) -> list[Event]:
        """A key of the keypad: whatever is being said is over, and then it does what it means here."""
        session, page = self._session, self.page
        if session is None or page is None:
            return []
        if self.talk is not None:
            if key == "repeat" or (key == "0" and not page.letters):
                self.talk.again()
                return []
            self.talk.hush()
        return self.keypad.pressed(key, session, page, self.words(page.language))

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


def nothing(text: str) -> None:
    """Nobody listens."""


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
