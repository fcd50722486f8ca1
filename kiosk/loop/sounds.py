"""Short signals and the voice, on one mixer. A signal is made from the look's frequencies and durations; a scan beeps
whatever else is going on."""

import array
import io
import logging
import math
import threading
from functools import cache

import pygame

from drivers.voices import EngineLost
from screens.theme import sounds

log = logging.getLogger(__name__)

RATE = 22_050
LOUDNESS = 0.3
OPENING = threading.Lock()
CHANNEL = 0  # the voice's; signals take the others
EDGE = 0.004  # seconds in which a tone swells and fades, so that it does not click


class Sounds:
    """Plays a signal by its name; a machine without a sound card stays silent, and says so once."""

    def __init__(self) -> None:
        self._silent = False

    def play(self, name: str) -> None:
        if self._silent:
            return
        try:
            mixer()
            pygame.mixer.Sound(buffer=samples(sounds()[name])).play()
        except (pygame.error, KeyError) as wrong:
            self._silent = True
            log.warning("no sound: %s", wrong)


def mixer() -> None:
    """SDL's mixer, opened once by whichever thread is first. Raises pygame.error."""
    with OPENING:
        if not pygame.mixer.get_init():
            pygame.mixer.init(RATE, -16, 1, 512)


@cache
def samples(tones: tuple[tuple[int, int], ...]) -> bytes:
    """16-bit samples of tones of so many hertz and milliseconds, one after the other."""
    out = array.array("h")
    for hertz, milliseconds in tones:
        count = RATE * milliseconds // 1000
        for at in range(count):
            swell = min(1.0, at / (RATE * EDGE), (count - at) / (RATE * EDGE))
            out.append(int(32767 * LOUDNESS * swell * math.sin(2 * math.pi * hertz * at / RATE)))
    return out.tobytes()


class Mixer:
    """A sink on a channel of SDL's mixer that signals never take."""

    def open(self) -> None:
        try:
            mixer()
        except pygame.error as wrong:
            raise EngineLost(f"no sound card: {wrong}") from wrong
        pygame.mixer.set_reserved(CHANNEL + 1)

    def play(self, wav: bytes, gain: float) -> None:
        if pygame.mixer.get_init():
            channel = pygame.mixer.Channel(CHANNEL)
            channel.play(pygame.mixer.Sound(io.BytesIO(wav)))
            channel.set_volume(gain)

    def stop(self) -> None:
        if pygame.mixer.get_init():
            pygame.mixer.Channel(CHANNEL).stop()

    def busy(self) -> bool:
        return bool(pygame.mixer.get_init()) and pygame.mixer.Channel(CHANNEL).get_busy()
