"""What makes a sentence audible: espeak-ng, or another program that the configuration names, one call a sentence."""

import shlex
import struct
import subprocess
from typing import Annotated, Protocol

from msgspec import Meta, Struct

ESPEAK = "espeak-ng --stdin --stdout -v {voice} -s {speed}"
VOICES = {
    "en": "en-gb", "fr": "fr-fr", "de": "de", "es": "es", "it": "it", "nl": "nl", "pl": "pl", "pt": "pt", "ar": "ar",
    "he": "he", "hi": "hi", "zh": "cmn", "ja": "ja", "ru": "ru", "uk": "uk", "tr": "tr",
}  # fmt: skip
"""espeak-ng's voice of each language (`espeak-ng --voices`)."""
PACES = (90, 110, 130, 150, 175, 200, 230, 270, 320, 380)  # words a minute
PATIENCE = 10.0  # seconds
SPEAKER_LEVELS = 35, 3  # dBA at level 0, and for each level more: 65 at level 10


class EngineLost(Exception):  # noqa: N818
    """The engine is not there, or made no sound; says what to install or look at."""


class Engine(Protocol):
    def render(self, text: str, language: str, pace: int) -> bytes:
        """A WAV file of the text; `pace` is a level from 1 to 10. Raises EngineLost."""


class Config(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The voice of audio mode. `command` reads a sentence and writes a WAV file; {voice}, {language} and {speed} (words
    a minute) are put in. `voices` names the voice of a language where it is another than espeak-ng's. `speaker_dba` is
    what the loudspeaker was measured to give at full scale, where a shopper's head is."""

    command: Annotated[str, Meta(min_length=1)] = ESPEAK
    voices: dict[str, str] = {}
    speaker_dba: Annotated[float, Meta(ge=40, le=120)] = 80.0

    def __post_init__(self) -> None:
        """ValueError for a command that cannot be put together."""
        try:
            parts = shlex.split(self.command.format(voice="", language="", speed=0))
        except (KeyError, IndexError) as wrong:
            raise ValueError(
                f"`command` may have {{voice}}, {{language}} and {{speed}}, not {wrong}"
            ) from wrong
        if not parts:
            raise ValueError("`command` is empty")


class Command:
    """An engine that is a program, started for each sentence."""

    def __init__(self, config: Config) -> None:
        self._config = config

    def render(self, text: str, language: str, pace: int) -> bytes:
        voices = VOICES | self._config.voices
        speed = PACES[pace - 1]
        voice = voices.get(language, voices.get(language.partition("-")[0], language))
        command = [
            part.format(voice=voice, language=language, speed=speed)
            for part in shlex.split(self._config.command)
        ]
        try:
            run = subprocess.run(command, input=text.encode(), capture_output=True, timeout=PATIENCE)
        except FileNotFoundError as error:
            raise EngineLost(f"{command[0]} is not installed") from error
        except (OSError, subprocess.TimeoutExpired) as error:
            raise EngineLost(f"{command[0]}: {error}") from error
        if run.returncode or not run.stdout.startswith(b"RIFF"):
            said = run.stderr.decode("utf-8", "replace").strip().splitlines()
            raise EngineLost(f"{command[0]} makes no sound: {said[-1] if said else run.returncode}")
        return sized(run.stdout)


def sized(wav: bytes) -> bytes:
    """A WAV file that says how long it is: a program that writes into a pipe cannot know it in time."""
    at = wav.find(b"data")
    if at < 0:
        raise EngineLost("a WAV file without data")
    length = struct.pack("<I", len(wav) - at - 8)
    return wav[:4] + struct.pack("<I", len(wav) - 8) + wav[8 : at + 4] + length + wav[at + 8 :]


def gain(level: int, headset: bool, speaker_dba: float) -> float:
    """How much of full scale a level is: at the loudspeaker 3 dB a level up to 65 dBA, in a headset up to all."""
    if headset:
        return float(min(1.0, 10 ** ((level - 10) * 3 / 20)))
    least, step = SPEAKER_LEVELS
    return float(min(1.0, 10 ** ((least + step * level - speaker_dba) / 20)))
