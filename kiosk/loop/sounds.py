"""Short signals, made from the look's frequencies and durations; a scan beeps whatever else is going on."""

import array
import logging
import math
from functools import cache

import pygame

from screens.theme import sounds

log = logging.getLogger(__name__)

RATE = 22_050
LOUDNESS = 0.3
EDGE = 0.004  # seconds in which a tone swells and fades, so that it does not click


class Sounds:
    """Plays a signal by its name; a machine without a sound card stays silent, and says so once."""

    def __init__(self) -> None:
        self._silent = False

    def play(self, name: str) -> None:
        if self._silent:
            return
        try:
            if not pygame.mixer.get_init():
                pygame.mixer.init(RATE, -16, 1, 512)
            pygame.mixer.Sound(buffer=samples(sounds()[name])).play()
        except (pygame.error, KeyError) as wrong:
            self._silent = True
            log.warning("no sound: %s", wrong)


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
