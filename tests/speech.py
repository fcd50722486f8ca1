"""A voice that can be read: an engine whose sound carries its text, and a loudspeaker that writes down what is played.

They are the other end of the voice's wire, as a simulated scale is of a scale's: nothing of the kiosk is replaced.
"""

import io
import threading
import wave
from collections.abc import Callable
from typing import NamedTuple

from drivers.voices import EngineLost

RATE = 8_000
MS_A_LETTER = 60


class Played(NamedTuple):
    """At `at` seconds the loudspeaker began `text`, or fell silent ("")."""

    at: float
    text: str
    gain: float = 0.0


class Engine:
    """Renders a text as samples that are its letters, as long as somebody needs to say them."""

    def __init__(self) -> None:
        self.rendered: list[tuple[str, str, int]] = []
        self.lost = ""

    def render(self, text: str, language: str, pace: int) -> bytes:
        if self.lost:
            raise EngineLost(self.lost)
        self.rendered.append((text, language, pace))
        sound = io.BytesIO()
        letters = text.encode()
        with wave.open(sound, "wb") as out:
            out.setnchannels(1)
            out.setsampwidth(1)
            out.setframerate(RATE)
            out.writeframes(letters + bytes(max(0, len(text) * MS_A_LETTER * RATE // 1000 - len(letters))))
        return sound.getvalue()


class Loudspeaker:
    """Writes down what is played; each sound takes as long as it is, by the clock it is given, or no time at all."""

    def __init__(self, steady: Callable[[], float] | None = None) -> None:
        self.trace: list[Played] = []
        self.changed = threading.Condition()
        self._steady = steady
        self._until = 0.0

    def open(self) -> None: ...

    def play(self, wav: bytes, gain: float) -> None:
        with wave.open(io.BytesIO(wav)) as sound:
            letters, long = sound.readframes(sound.getnframes()), sound.getnframes() / sound.getframerate()
        text = letters.rstrip(b"\0").decode()
        if self._steady is not None:
            self._until = self._steady() + long
        self._note(Played(self._now(), text, gain))

    def stop(self) -> None:
        if self.busy():
            self._until = self._now()
            self._note(Played(self._now(), ""))

    def busy(self) -> bool:
        return self._now() < self._until

    def _now(self) -> float:
        return self._steady() if self._steady is not None else 0.0

    def _note(self, played: Played) -> None:
        with self.changed:
            self.trace.append(played)
            self.changed.notify_all()

    @property
    def said(self) -> list[str]:
        """Everything that was begun, in order."""
        return [played.text for played in self.trace if played.text]
