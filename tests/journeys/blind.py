"""A shopper who sees nothing: she has a keypad under her fingers, headphones on, and decides by what she hears."""

import re
from pathlib import Path

from drivers.simulated.keypad import Keypad
from kiosk.commands.run import Kiosk
from kiosk.commands.script import PATIENCE
from kiosk.config import Config
from tests.journeys.rig import Journey
from tests.speech import Engine, Loudspeaker

MOST_KEYS = 40
"""More than any page has: who has pressed so often has been round it."""


class Deaf(AssertionError):  # noqa: N818
    """What she waits for is not said."""


class Blind(Journey):
    """`heard` are the utterances from the loudspeaker's trace, up to where she has listened."""

    def __init__(self, folder: Path, language: str = "en", **more: str) -> None:
        self.engine, self.speaker, self.keypad = Engine(), Loudspeaker(), Keypad()
        self._at = 0
        tables = f'\n[keypad]\nport = "{self.keypad.port}"\ndebounce = 0\n\n[voice]\n'
        shop = f'languages = ["en", "{language}"]' if language != "en" else 'languages = ["en", "fr"]'
        super().__init__(folder, link=tables, shop=shop, **more)
        self.devices_ready(*self.lane.peers, "keypad", "voice")

    def built(self, config: Config) -> Kiosk:
        return Kiosk(config, self.engine, self.speaker)

    def stop(self) -> None:
        super().stop()
        self.keypad.close()

    def hears(self, wanted: str) -> str:
        """Listen until something is said that has these words (a regular expression); the whole utterance."""
        with self.speaker.changed:

            def found() -> str | None:
                said = self.speaker.said
                for at in range(self._at, len(said)):
                    if re.search(wanted, said[at], re.IGNORECASE):
                        self._at = at + 1
                        return said[at]
                return None

            said = self.speaker.changed.wait_for(found, PATIENCE)
            if not said:
                raise Deaf(f"{wanted!r} was not said; since then: {self.speaker.said[self._at :]}")
            return str(said)

    def tap(self, key: str) -> str:
        """Press a key, and hear the first thing that is said after it."""
        self._at = len(self.speaker.said)
        self.keypad.press(key)
        return self.hears(".")

    def go_to(self, wanted: str, key: str = "right") -> str:
        """Listen to the end, then press an arrow until she hears what she looks for."""
        self.quiet()
        heard = []
        for _ in range(MOST_KEYS):
            heard.append(self.tap(key))
            if re.search(wanted, heard[-1], re.IGNORECASE):
                return heard[-1]
        raise Deaf(f"{wanted!r} is on none of {heard}")

    def choose(self, wanted: str, then: str, key: str = "right") -> str:
        """Go there, press OK, and hear what follows."""
        self.go_to(wanted, key)
        self._at = len(self.speaker.said)
        self.keypad.press("ok")
        return self.hears(then)

    def quiet(self) -> None:
        """Wait until nothing more is being said."""
        voice = self.kiosk.voice
        assert voice is not None
        self.until_true(lambda: voice.quiet, "silence")
