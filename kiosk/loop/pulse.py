"""Proof of life: now and then a frame on the glass and a word of the journal's writer, even when nobody is here."""

from collections.abc import Callable
from concurrent.futures import Future
from typing import Protocol

from kiosk.journal import Journal

EVERY = 3_000  # ms without a frame, or without a word, until one is asked for
LATE = 10_000  # ms after which it is missed: the watchdog is not fed any more


class Presents(Protocol):
    """A screen that counts the frames it took, and takes one more when asked."""

    frames: int

    def present(self) -> None: ...


class Pulse:
    """`steady` is a clock that nobody sets, in milliseconds; `beat` is called after each round of the loop."""

    def __init__(self, journal: Journal, glass: Presents, steady: Callable[[], int]) -> None:
        self._journal, self._glass, self._steady = journal, glass, steady
        self._frames, self._frame, self._word = glass.frames, steady(), steady()
        self._asked: Future[None] | None = None

    def beat(self) -> bool:
        """Ask for what is due, waiting for neither; whether both came lately."""
        now = self._steady()
        if now - self._frame >= EVERY:
            self._glass.present()
        if self._glass.frames != self._frames:
            self._frames, self._frame = self._glass.frames, now
        if self._asked is not None and self._asked.done():
            answered, self._asked = self._asked.exception() is None, None
            self._word = now if answered else self._word
        elif self._asked is None and now - self._word >= EVERY:
            self._asked = self._journal.pulse()
        return self.frame_ms <= LATE and self.journal_ms <= LATE

    @property
    def frame_ms(self) -> int:
        """How long ago the glass took a frame."""
        return self._steady() - self._frame

    @property
    def journal_ms(self) -> int:
        """How long ago the journal's writer answered."""
        return self._steady() - self._word
